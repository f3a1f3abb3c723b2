"""Where is it kept? The state of every pair and the journal of every change, in LMDB, which nothing else imports.

Read in this order:

* ``databases``: the layout; ``ledger``: what is asked of it;
* ``store``: one process's hold on the files; all reading and writing goes through it;
* ``journal`` and ``pairs``, with ``records``: the entries, and the state of each pair;
* ``reader``: lookups at one moment; ``writer``: changes committed in groups; ``commits``: waiting for them;
* ``parts`` and ``turned_back``, both ``aging`` records: unfinished replies, and messages that will be offered again;
* ``refusal_totals``, ``clocks``: sums of refusals; what time it is;
* ``files``, ``environment``, ``watch`` and ``copies``: files that a power cut leaves whole;
* ``lists``, ``bulk``, ``retention``, ``verify``: import and export; pruning; whether it agrees with itself;
* ``groups_before``: what an earlier version kept otherwise.
"""
