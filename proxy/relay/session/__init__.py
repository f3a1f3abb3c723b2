"""What is decided about the PDUs of one session: bytes in, actions out. Pure: no socket, clock or disk.

Read in this order:

* ``actions``: what a session may ask for; ``tally``: its two sides, and what is counted;
* ``session``: the one place where bytes come in;
* ``glance``: the ordinary submits that pass together; ``submits``: the others, one by one;
* ``deliveries``: hearing what consumers write;
* ``policy``: what a route decides by; ``binds``: how often a source may bind.
"""
