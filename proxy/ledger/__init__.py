"""Where is it kept? The state of every pair and the journal of every change, in LMDB; nothing else knows LMDB.

Read in this order:

* ``ledger``: the layout, and what is asked of it; it is a ``journal``, which is a ``store``;
* ``records``: what the octets of a pair's record say;
* ``reader``: lookups at one moment; ``writer``: changes committed in groups; ``commits``: waiting for them;
* ``parts`` and ``turned_back``, both ``aging`` records: unfinished replies, and messages that will be offered again;
* ``files``, ``environment``, ``watch`` and ``copies``: files that a power cut leaves whole;
* ``lists``, ``retention``, ``verify``: import and export; pruning; whether it agrees with itself;
* ``groups_before``: what an earlier version kept otherwise.
"""
