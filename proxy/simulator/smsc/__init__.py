"""A simulated SMSC: it serves ESMEs as the specification says, remembers all, and does what it is told to.

Read in this order:

* ``smsc``: listening, delivering, what came; ``connection``: one ESME's connection;
* ``operations``: what it does with each request; ``accounts``: who may bind; ``messages``: states and receipts;
* ``faults``: what real SMSCs do to their clients now and then, done on purpose.
"""
