"""Moving bytes: decisions without I/O in ``session``, sockets in ``turns`` and ``pump``, connections in ``route``."""
