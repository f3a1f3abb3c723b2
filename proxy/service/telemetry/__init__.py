"""What is counted and logged, and how it is shown.

Read in this order:

* ``metrics``: the one table of metrics. A new metric goes there;
* ``counters``: the counts of workers and their sums; ``labels``: those that are there, at 0, from the start;
* ``log`` and ``logstream``: the log, and where its lines go; ``logkey``: the secret behind hashed numbers.
"""
