"""Running it: how does a configuration become processes that listen, count and answer?

Read in this order:

* ``assembly``: what the settings mean: policies, paths, the ledger; ``credentials``: files from the service manager;
* ``processes/``: the supervisor, and the workers that it starts, feeds and replaces;
* ``door/``: listening sockets, and who is let in;
* ``admin/``: the admin HTTP and the status page;
* ``telemetry/``: metrics and the log.
"""
