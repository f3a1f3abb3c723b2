"""What is decided about the PDUs of one session: bytes in, actions out. Pure: no socket, clock or disk.

Read in this order:

* ``actions``: what a session may ask for; ``sides``: its two ends;
* ``lifecycle``: how a session is bound, drained and ended, as tables;
* ``session``: the one place where bytes come in; ``standing``: what both directions know;
* ``from_esme``: what the platform sends; ``glance``: the ordinary submits that pass together; ``submits``: the others;
* ``from_smsc``: what the carrier sends; ``deliveries``: hearing what consumers write;
* ``dialect``: what a route decides by on the wire: its statuses, alphabet, and how addresses are read;
* ``binds``: binds without an answer; ``tally``: what is counted.
"""
