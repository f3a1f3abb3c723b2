"""What stands in the ledger's databases, one file for each kind of record.

Read in this order:

* ``databases``: the layout of keys and values;
* ``records`` and ``pairs``: the state of each pair; ``journal``: the entries, and their removal behind a checkpoint;
* ``parts`` and ``turned_back``, both ``aging`` records: unfinished replies, and messages that will be offered again;
* ``refusal_totals``: how often each pair was refused.
"""
