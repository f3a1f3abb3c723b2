"""How is the simulator driven from outside? By an HTTP API, and by hand on a web page with phones that uses this API.

Read in this order:

* ``control``: the routes, and the server;
* ``texting``: what a phone sends, as PDUs;
* ``views``: how things are shown as JSON;
* ``page``: the files of the web page.
"""
