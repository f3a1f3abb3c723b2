"""What stands on the wire? SMPP: octets in, values out.

Knows nothing of consent, sockets or clocks. Two failures only: ``FrameError`` (framing is
lost, close the connection) and ``PduError`` (this PDU can't be read, apply the declared policy).

Read in this order:

* ``frames``: a stream cut into PDUs; ``pdu``: header, names, statuses, addresses, and the answers that we write;
* ``message``: what a deliver_sm or submit_sm says. What of a new PDU decides over consent is read beside it;
* ``text`` and ``gsm``: the text of a message, by data_coding and alphabet; ``multi``: submit_multi;
* ``fields``, ``write``, ``encode``: whole PDUs from and to values, for the simulator and for tests.
"""
