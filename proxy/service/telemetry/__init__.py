"""What is counted and logged, and how it is shown.

Read in this order:

* ``metrics``: the one table of metrics, with their labels and help;
* ``counters``: the counts of workers and their sums; ``labels``: those that are there, at 0, from the start;
* ``log``, ``logstream`` and ``rates``: the log, where its lines go, and how many there may be; ``logkey``: the secret
  behind hashed numbers.

A new counter of the relay has four places: it is counted in ``proxy.relay.session.tally``, sent in ``counters``
(``_counters``), listed in ``metrics``, and, so that it is there at 0 from the start, in ``labels``.
"""
