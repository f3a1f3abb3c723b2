"""Where clients come in.

``listeners`` opens the sockets, ``admission`` says who may connect, ``gate`` hands connections to workers.
"""
