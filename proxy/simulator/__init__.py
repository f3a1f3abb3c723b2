"""What can SMPP clients, and this proxy, be tested against? A simulated SMSC, with all that tests need around it.

Read in this order:

* ``smsc``: the SMSC itself, under trio;
* ``config/scenarios`` has what it can be told to do wrong, in files;
* ``running``: the SMSC in a thread, for callers without an event loop;
* ``mms``: an MMSC and a platform of MMS (MM7);
* ``handsets``: the phones on its web page, and the HTTP API that controls it;
* ``exam``: what a client does when its SMSC misbehaves;
* ``load``: a client that sends much and measures the answers;
* ``run``: the command ``consent-proxy simulate``;
* ``process``: the proxy as a process, to be tested;
* ``plugin``: fixtures for pytest;
* ``story`` and ``demo``: the STOP story, played by the SMSC, the proxy and a client.
"""
