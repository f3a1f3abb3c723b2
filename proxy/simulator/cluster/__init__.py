"""What does a cluster do when machines fail? Real etcd members and gateways on this machine, made to fail.

* ``members``: etcd's members as processes; ``forwarder``: a way to one of them that can be cut;
* ``demo``: the story, told step by step.
"""
