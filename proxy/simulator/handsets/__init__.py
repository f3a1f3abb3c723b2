"""The simulator's page of handsets, and the HTTP API behind it."""
