"""What does a reply mean? Text in; STOP, RESUME, HELP, AUTOMATIC, UNCLEAR or OTHER out. Pure.

Read in this order:

* ``replies``: a text in, a meaning and the words of the rule that gave it away out;
* ``plain``: the normalisation that all comparisons rest on;
* ``phrases``: the notation of phrases, and the search for many of them at once;
* ``typos``: slips of the finger;
* ``languages``: one table of words for each language. A new stop word goes there.
"""
