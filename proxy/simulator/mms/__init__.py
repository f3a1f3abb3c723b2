"""What can MM7 platforms and MMSCs, and this proxy, be tested against? A simulated MMSC, and a simulated platform.

Read in this order:

* ``writing``: MM7 messages as they write them; ``http``: HTTP on trio, one request after another;
* ``messages``: a message as both know it; ``faults``: what goes wrong, by rule;
* ``mmsc``: the carrier's side: takes SubmitReq, and delivers what handsets send, with receipts;
* ``vasp``: the platform's side: sends, and hears;
* ``party``: what both have in common;
* ``both``: both together; ``control``: their part of the control API.
"""
