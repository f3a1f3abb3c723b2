"""How fast are messages answered? A client sends as fast, or as steadily, as it is told to, and measures every answer.

Read in this order:

* ``load``: what is sent, and what is measured;
* ``report``: the result for people, or as JSON.
"""
