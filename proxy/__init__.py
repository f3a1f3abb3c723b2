"""A transparent SMPP proxy that enforces consent.

The data path, and the only one::

    ESME ─bytes─► turns ─► session.receive(ESME, data) ─► frames ─► pair ─► ledger lookup ┐
                                                                                          │
          Send to SMSC the frames that may pass, Send to ESME the refusals of the rest ◄──┘

    ESME ◄─bytes─ pump ◄─ session.receive(SMSC, data) ◄─ frames ◄─ meaning ◄─ text
                   │
                   └─ Record what a consumer changed, on disk; only then Send to ESME

One read is one batch: its frames are decided together against one moment of the ledger, what
passes leaves in one send of the original octets, its changes share one commit. ``relay.turns``
reads, has decided and sends for all sessions in one task, as long as nothing has to be waited
for; ``relay.pump``, a task for each direction of a session, does what has. In ``session`` the
``glance`` lets ordinary submits to open pairs pass together; the rest is judged one by one.

The house, and its import law (arrows only downward)::

    cli ─► service ─► config ─► relay ─► { smpp, consent }          simulator ─► smpp

``smpp`` (the wire) and ``consent`` (the subject) don't know each other. ``smpp``,
``consent.numbers``, ``consent.replies``, ``consent.rules`` and, of ``relay``, ``session`` with what
it is made of are pure: no trio, sockets, LMDB, logging, clocks or threads. tests/test_import_law.py
keeps all this.
"""
