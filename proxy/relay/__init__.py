"""Moving SMPP: how do octets come from one side of a conversation to the other?

Read in this order:

* ``session/``: what is decided about PDUs, without I/O;
* ``turns``: all sockets that are ready are served in one task; it knows nothing of SMPP;
* ``conversation``: two sockets and a session; ``outlet``: what is owed to one of its sides;
* ``means``: what the routes of a worker share: turns, the consent to decide by, who makes wishes durable;
* ``route``: taking a client, and connecting it on; ``looking_after``: sessions that wait too long;
* ``status``, ``log`` and ``taps``: what is told and shown of it.

Nothing here knows where consent is kept: it is handed a moment of it, and somebody who makes changes durable.
"""
