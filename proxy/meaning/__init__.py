"""What does a reply mean? Text in; STOP, RESUME, HELP, AUTOMATIC, UNCLEAR or OTHER out. Pure.

Read in this order:

* ``meanings``: what a reply can mean, and which meaning counts where it can be read in several ways;
* ``replies``: takes a text; returns its meaning, and the words of the rule by which it was found;
* ``requests``: what is asked inside a message, in plain language;
* ``keywords``: a message that is a keyword as a whole; ``clauses``: a keyword that is one of its clauses;
* ``grammar``: classes of words that together are a request, in any order; ``halves`` tells quickly whether there may
  be any, ``wordclasses`` looks words up, and ``languages.classes`` has them;
* ``spelling``: how people type the words of a request; ``lexicon``: all that is known about a word, in one look;
* ``signals``: keywords joined ("Stop2End"), disguised ("$top") or shouted in a sentence;
* ``alike``: words of a request as they sound, or as fingers slip, where the others make it one;
* ``plain``: the normalisation that all comparisons rest on; ``typos``: slips of the finger;
* ``phrases``: the notation of phrases, and the search for many of them at once;
* ``languages``: one table of words and phrases for each language, all always on; ``everyday`` has words that
  count in every language. A new stop word goes into its language's ``stop_words``, a phrase into ``stop``.
  ``STOP_WORDS`` in ``replies`` is only what ``[consent] stop_words`` holds when nothing is written there: an operator's
  own list takes its place.

``README.md`` beside this file says the same for compliance, with every list; ``python -m tests.meaning.page`` writes
the lists anew.
"""
