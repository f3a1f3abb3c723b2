"""A transparent SMPP proxy that enforces consent.

The data path, and the only one::

    ESME ─bytes─► turns ─► session.receive(ESME, data) ─► frames ─► pair ─► consent lookup ┐
                                                                                           │
          Send to SMSC the frames that may pass, Send to ESME the refusals of the rest ◄───┘

    SMSC ─bytes─► turns ─► session.receive(SMSC, data) ─► frames ─► text ─► meaning ┐
                                                                                    │
          Record what a consumer changed, on disk; only then Send to ESME ◄─────────┘

One read is one batch: its frames are decided together against one moment of consent, what
passes leaves in one send of the original octets, its changes share one commit. ``relay.turns``
reads from both sides of all sessions, has them decided and sent in one task, as long as nothing has to
be waited for. Work that has to wait (a commit, a full socket, an end) is done by the session's own tasks in
``relay.conversation``. In a session the ``glance`` lets ordinary submits pass together, to pairs of which
nothing is recorded; the rest is judged one by one.

MMS goes another way over the same consent: ``mms.conversation`` holds one HTTP message whole, ``mms.exchange`` decides.

The house. Each room answers one question; its ``__init__`` says which, and where to begin reading::

    meaning    what does a reply mean?              net        who came, and how do we go on?
    consent    who may be texted?                   relay      moving SMPP; what it decides: relay/session
    ledger     where is it kept?                    config     what may stand in the file?
    smpp       what stands on the wire?             service    running it
    mm7        what stands on the wire of MMS?      mms        moving MMS
    cluster    do all machines agree?               simulator  an SMSC and an MMSC to test against
    cli        what is typed?

Its law (arrows only downward; tests/test_import_law.py keeps it)::

    cli ─► { service, simulator } and all below     service ─► { relay, mms, cluster, config, ledger } and below
    simulator ─► { smpp, mm7, net }                 cluster ─► { ledger, consent, meaning, net }
    relay ─► { net, smpp, consent, meaning }        config ─► { smpp, mm7, consent, meaning, net }
    mms ─► { net, mm7, consent, meaning }           smpp, mm7 and net know nobody
    ledger ─► consent ─► meaning

``relay`` and ``mms`` never see the ledger nor the cluster: they are handed a moment of consent to decide by, and
somebody who makes changes durable. ``meaning``, ``consent``, ``smpp``, ``mm7``, ``relay/session`` and what
``mms`` decides are pure: no trio, sockets, LMDB, logging, clocks or threads.
"""
