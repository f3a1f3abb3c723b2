"""How does an SMSC behave? As SMPP 3.4 says; it remembers everything, and it does what a scenario tells it to do wrong.

Read in this order:

* ``smsc``: listens, delivers, and remembers what came;
* ``connection``: the connection of one ESME;
* ``operations``: the answer to each request;
* ``messages``: messages with their states, times and receipts;
* ``accounts``: who may bind;
* ``faults``: what real SMSCs do to their clients now and then, done on purpose;
* ``scenario``: a file with accounts, outcomes of messages, and faults;
* ``printing``: a PDU as a line of text.
"""
