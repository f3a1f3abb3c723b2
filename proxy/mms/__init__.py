"""Moving MMS: how does an MM7 message come from one side to the other?

Read in this order:

* ``dialect``: what a route decides by; ``actions``: what an exchange may ask for;
* ``exchange``: what is decided about each request and its answer, without I/O; with ``submits``: may this be sent,
  ``deliveries``: what did a consumer write, ``credentials``: whom the MMSC has taken already, and ``standing``: what
  all of them know;
* ``conversation``: two connections and an exchange, request by request; with ``asking``, ``onward``,
  ``inlet`` and ``budget``: each side, and what is held;
* ``route``: taking a client, and looking after the conversations; ``means``: what the routes of a worker share;
  ``watching``: who is told;
* ``tally``, ``report`` and ``taps``: what is counted, told and shown.

One connection to the MMSC is made for each of the platform, and used in step, request by request: whatever holds for
a connection (a login, an order, a close) holds on both. A message is held whole, judged, and passed as it came.
"""
