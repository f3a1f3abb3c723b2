"""A program, no tests: ``scripts/lab`` builds a small network of namespaces, to try what crosses one by hand.

``tests/e2e/test_lab.py`` runs the same network.
"""
