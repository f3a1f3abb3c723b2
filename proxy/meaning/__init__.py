"""What does a reply mean? Text in; STOP, RESUME, HELP, AUTOMATIC, UNCLEAR or OTHER out. Pure.

Read in this order:

* ``meanings``: what a reply can mean, and which meaning counts where it can be read in several ways;
* ``replies``: a text in, a meaning and the words of the rule that gave it away out;
* ``plain``: the normalisation that all comparisons rest on; ``typos``: slips of the finger;
* ``phrases``: the notation of phrases, and the search for many of them at once;
* ``languages``: one table of words for each language. A new stop word goes there; a single keyword that counts in
  every language goes into ``STOP_WORDS`` in ``replies``.
"""
