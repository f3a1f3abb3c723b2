"""Who came, and how do we go on? Sockets, TLS, the PROXY protocol, and the connections to carriers.

Read in this order:

* ``endpoints``: ``host:port``; ``sockets``: what TCP is told, when a connection is gone, closing; ``timeouts``: waits;
* ``path``: the settings by which a route's connections come in and go on;
* ``arrivals``: what is read before a session; with ``tls``, ``proxy_protocol`` and ``transparent``;
* ``carriers`` and ``connecting``: which carrier a session goes to, and the connection to it;
* ``reception``: receiving a client, whatever it speaks; ``happenings``: what is told of it; ``bind_rates``: how
  often it may try;
* ``captures`` and ``pcapng``: what is copied for whoever has to see it;
* ``tally`` and ``statistics``: what is counted of a route and of a conversation; with ``durations`` and ``rates``;
* ``blind``: relaying what can't be read; ``http``: an ASGI application on a socket.
"""
