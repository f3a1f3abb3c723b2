"""What is typed? The commands of ``consent-proxy``.

Read in this order:

* ``app``: the whole, with ``run``, ``check``, ``status`` and ``explain``;
* ``consent`` and ``journal``: the ledger, for operators and compliance; ``simulator``: ``simulate`` and ``load``;
* ``status``, ``explain``, ``scoring``, ``examples``: what these commands show;
* ``ledger``, ``tables``, ``lines``, ``failing``: opening the ledger, showing rows, saying what can't be done.
"""
