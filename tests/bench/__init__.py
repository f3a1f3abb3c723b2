"""A program, no tests: ``scripts/bench`` measures. It lives here because it needs the peers that tests need.

Timings are here and nowhere else: no test depends on how fast a machine is.
"""
