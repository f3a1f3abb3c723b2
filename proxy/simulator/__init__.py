"""An SMSC to test SMPP clients, and this proxy, against."""
