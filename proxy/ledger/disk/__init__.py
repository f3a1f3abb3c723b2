"""The ledger's files: made, opened, watched and copied so that a power cut leaves them whole or not there.

Read in this order: ``files``, ``environment`` (creating and opening), ``watch`` (are they still ours), ``copies``.
"""
