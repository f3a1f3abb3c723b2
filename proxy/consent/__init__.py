"""The subject: who may be texted. Knows nothing of SMPP or sockets."""
