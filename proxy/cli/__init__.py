"""The commands of ``consent-proxy``: ``app`` is the whole, the other files are its parts.

``consent`` has the commands ``consent`` and ``journal``, ``simulator`` those of the simulator.
"""
