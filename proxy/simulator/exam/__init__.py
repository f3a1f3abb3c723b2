"""Does a client cope with what real SMSCs do? The exam puts it through twenty behaviours and watches what it does.

Read in this order:

* ``exam``: the behaviours, one after the other;
* ``client``: what an exam does to a client, and sees of it;
* ``report``: the results for people and for CI.
"""
