"""The admin HTTP: what it is asked, and what it answers.

Read in this order:

* ``server``: all of it put together; ``guard``: what every request passes first; ``tokens``: who may;
* ``overview``: metrics, health and status; ``page/``: the status page;
* ``api``, ``lookup``, ``checks``: consent, for those who have a token; ``bodies``: what requests may bring.
"""
