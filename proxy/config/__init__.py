"""What may stand in the file, and what does it say? TOML in, typed tables or a list of faults out.

Read in this order:

* ``schema``: the tables and their keys; a new key goes there;
* ``kinds``: what values must look like; ``crosschecks``: what they must be to each other;
* ``faults``: what is said of those that aren't; ``load``: reading the file.
"""
