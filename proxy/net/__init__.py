"""Who came, and how do we go on? Sockets, TLS, the PROXY protocol, and the connections to carriers.

Read in this order:

* ``timeouts`` and ``sockets``: how long is waited for what; addresses, what TCP is told, closing;
* ``path``: the settings by which a route's connections come in and go on;
* ``arrivals``: what is read before a session; with ``tls``, ``proxy_protocol`` and ``transparent``;
* ``carriers`` and ``connecting``: which carrier a session goes to, and the connection to it;
* ``blind``: relaying what can't be read; ``http``: an ASGI application on a socket.
"""
