"""What stands on the wire? SMPP: octets in, values out.

Knows nothing of consent, sockets or clocks. What reads from the wire fails in two ways only: ``FrameError`` (framing is
lost, close the connection) and ``PduError`` (this PDU can't be read: the caller refuses it or passes it on).

Read in this order:

* ``frames``: a stream cut into PDUs; ``pdu``: header, names, statuses, addresses, and the answers that we write;
* ``message``: what a deliver_sm or submit_sm says. A new PDU on which consent depends gets its reader in a file of its
  own, as submit_multi has ``multi``;
* ``text`` and ``gsm``: the text of a message, by data_coding and alphabet; ``multi``: submit_multi;
* ``fields``, ``write``, ``encode``: whole PDUs from and to values, for the simulator and for tests.
"""
