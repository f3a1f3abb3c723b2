"""Moving bytes: decisions without I/O in ``session``, sockets in ``pump`` and ``network``."""
