"""The processes of one machine: a supervisor, and the workers that it starts, feeds and replaces.

Read in this order:

* ``messages`` and ``channel``: what they say to each other, and over what;
* ``supervisor``: signals, listening sockets, the admin HTTP, and the pool;
* ``pool``, ``worker_process``: the worker processes of one generation, and one of them as the supervisor sees it;
* ``reload``: how all workers come to go by other settings, or none;
* ``worker``, ``outbox``: a worker, and what it has still to tell;
* ``housekeeping``, ``systemd``: what is done now and then; the service manager.
"""
