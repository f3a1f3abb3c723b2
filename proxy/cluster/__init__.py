"""Do all machines agree? One consent over several machines (nodes), through a store that is shared and proven.

Every node decides submits by its own ledger. What changes consent is committed to the shared store first, comes back to
every node by its feed, and is passed on to the platform only when every node has it or has stopped serving (the fence).
Read in this order:

* ``engine``: the port, what is asked of the shared store; ``etcd``, ``etcd_wire`` and ``gateway``: its adapter;
* ``values``: what the shared store keeps; ``judging``: what a wish makes of that; ``undoing`` it; ``parcels``;
* ``peers``: what is known of all nodes, until when this one may serve, and when a change has passed the fence;
* ``serving``: that moment in memory that all processes of a node look at, and consent that goes by it;
* ``following``: the feed, into this machine's ledger;
* ``committing``: wishes made durable for all nodes, ``waiting`` for that; ``transacting``: one commit;
* ``joining`` and ``node``: a machine's time in a cluster; ``state``: what its parts share; ``tidying``;
* ``silence``: nodes that give no sign of life, whose seats are taken from them;
* ``seeding`` and ``comparing``: a ledger brought in, and one compared; ``commanding``: what commands do.
"""
