"""What is done to a ledger now and then, mostly by commands.

Read in this order: ``lists`` and ``bulk`` (import and export), ``retention`` (pruning the journal), ``verify`` (does it
agree with itself), ``groups_before`` (what an earlier version kept otherwise).
"""
