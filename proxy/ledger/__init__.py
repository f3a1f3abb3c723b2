"""Where is it kept? The state of every pair and the journal of every change, in LMDB, which nothing else imports.

Read in this order:

* ``ledger``: what is asked of it; ``tables/``: what stands in it;
* ``store``: one process's hold on the files: all reading and writing goes through it; ``disk/``: the files;
* ``reader``: lookups at one moment; ``writer``: changes committed in groups; ``commits``: waiting for them;
* ``clocks``: what time it is;
* ``upkeep/``: import and export, pruning, self-check.
"""
