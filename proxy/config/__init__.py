"""What may stand in the file, and what does it say? TOML in, typed tables or a list of faults out.

Read in this order:

* ``schema``: the tables and their keys; a new key goes there;
* ``kinds``: what values must look like; ``crosschecks``: rules between several keys;
* ``faults``: what is said of wrong values; ``load``: reading the file.
"""
