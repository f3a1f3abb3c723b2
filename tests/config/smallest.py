"""The smallest configuration."""

from __future__ import annotations

SMALLEST = """
[[route]]
name = "carrier-a"
listen = "127.0.0.1:2775"
carrier = ["127.0.0.1:2776"]

[store]
path = "var/consent"

[admin]
listen = "127.0.0.1:9275"
"""
