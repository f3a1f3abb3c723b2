"""Who may be texted? Knows no protocol, socket, disk or clock.

Read in this order:

* ``numbers``: one person, one spelling; pairs; with ``plans``, what the world's numbering plans say;
* ``written``: numbers as people and lists write them; ``scope``: sets and groups of business numbers;
* ``rules``: what a reply changes;
* ``policy``: may this be sent, what does this message change. What a route's settings decide goes there;
* ``wishes``: what may be asked to be written, as plain data, and ``Commits``: who makes it durable;
* ``lookups``: asking what consent says at one moment; ``by_hand``: what an operator changes;
* ``entries``: a journal entry, and how it is chained to the one before; ``refusals``: counts by pair.
"""
