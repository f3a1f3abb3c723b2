"""Who may be texted? Knows no wire format, socket, disk or clock.

Read in this order:

* ``numbers``: one person, one spelling; pairs; with ``plans``, what the world's numbering plans say;
* ``written``: numbers as people and lists write them; ``scope``: sets and groups of business numbers;
* ``rules``: what a reply changes;
* ``policy``: may this be sent, what does this message change;
* ``wishes``: what may be asked to be written, as plain data, and ``Commits``: who makes it durable;
* ``lookups``: asking what consent says at one moment; ``by_hand``: what an operator changes;
* ``entries``: a journal entry, and how it is chained to the one before; ``refusals``: counts by pair;
* ``unanswered``: messages that nobody has taken yet, and that come again.

Another engine that shares consent over machines implements ``wishes.Commits``, and is handed to the workers in
``proxy.service.processes.worker`` and to the supervisor in place of ``proxy.ledger.commits.LedgerCommits``. The
``Shared`` wishes cross it, which are plain data, and the entries that they made come back. Reads stay local and
synchronous: each machine needs a ledger of its own (``lookups.Consent``) that is never older than a STOP that was
passed to a platform. What replies in parts mean is decided by ``wishes.Decide``, where the route's settings are.
"""
