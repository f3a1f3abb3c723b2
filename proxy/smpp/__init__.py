"""The wire: bytes in, values out.

Knows nothing of consent, sockets or clocks. Two failures only: ``FrameError`` (framing is
lost, close the connection) and ``PduError`` (this PDU can't be read, apply the declared policy).
"""
