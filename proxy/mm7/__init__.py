"""The MMS wire: MM7 of 3GPP TS 23.140, which is SOAP 1.1 with attachments in HTTP. Pure: octets in, meaning out.

Read in this order:

* ``http``: one message cut out of a stream, and kept in the octets that it came in;
* ``multipart``: the parts of its body; ``charsets``: in what they are written;
* ``envelope``: what an envelope says, with ``addresses``; ``repairs``: of one that is not quite well-formed;
* ``message``: every envelope of a message, strictly where it is to be checked; ``text``: what else it says;
* ``answers``: the answers that we write; ``blank``: messages as they may be shown to people.
"""
