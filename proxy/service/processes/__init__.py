"""The processes of one machine: a supervisor, and the pool of workers that it starts, feeds and replaces.

Read in this order:

* ``messages`` and ``channel``: what supervisor and workers say to each other, and over what;
* ``supervisor``: signals, settings, and who is told what;
* ``pool``: all worker processes; ``generation``: those under one configuration; ``worker_process``: one of them;
* ``ear``: who is told what workers say; ``reload``: how all workers come to go by other settings, or none;
* ``admin_side``: the admin HTTP as settings come and go;
* ``worker``, ``prepared``, ``outbox``: a worker, settings that it is ready for, and what it has still to tell;
* ``housekeeping``, ``systemd``: what is done now and then; the service manager.
"""
