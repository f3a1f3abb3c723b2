"""English."""

from proxy.meaning.languages.table import Language

# fmt: off
TABLE = Language(
    name="en",
    stop_words=(
        "stahp", "s2e", "s2end", "stop2end", "stop2quit", "stop2stop", "stop2cancel", "discontinue", "stop means stop",
        "stop it all",
        "stop now", "stop texts", "stop messages", "stop msgs", "stop text", "stop sms", "stop alerts",
        "unsubscribe all", "unsubscribed", "opt me out", "opting out", "opted out", "cancel all",
        "cancel subscription", "cancel my subscription", "end texts", "end messages", "end subscription",
        "quit it now", "quit it", "quit it please", "remove me", "remove number", "remove my number", "delete me",
        "delete number",
        "take me off", "do not text", "do not contact", "dnc", "do not disturb me", "stop to end",
        "stop to opt out", "stop to stop", "reply stop", "text stop", "stop to unsubscribe", "stop 2 end",
        "txt stop", "rply stop", "txtstop", "textstop", "replystop", "send stop", "text quit", "text end", "txt end",
        "reply end", "reply quit", "reply stop to opt out", "reply stop to optout", "reply stop 2 optout",
        "reply stop 2 opt out", "text stop to opt out", "txt stop to opt out", "reply stop to end", "text stop to end",
        "txt stop to end", "txt stop 2 end", "text stop 2 end", "reply stop 2 end", "reply stop to quit",
        "text stop to quit", "txt stop to quit", "txt stop 2 quit", "reply stop to unsubscribe",
        "text stop to unsubscribe", "reply stop to cancel", "text stop to cancel", "text end to stop",
        "text end 2 stop", "txt end to stop", "txt end 2 stop", "reply end to stop", "text quit to end",
        "text quit 2 end", "reply quit to end", "opting out", "opting out now", "off list",
        "hell no stop", "heck no stop", "fuck no stop", "god no stop",
        "stop to quit", "stop to cancel", "stop stop", "no more texts", "no more messages", "unenroll",
        "stop two end", "stop 2 quit", "end all", "quit all",
        "fuck off", "f off", "eff off", "piss off", "sod off", "bugger off", "buzz off", "naff off", "jog on",
        "clear off", "shove off", "back off", "bog off", "kick rocks", "go away", "go away and stop", "get lost",
        "put a sock in it", "zip it", "pipe down", "sling your hook", "on yer bike",
        "get stuffed", "get bent", "do one", "on your bike", "knock it off", "cut it out", "pack it in",
        "give it a rest",
        "give over", "leave off", "let me be", "leave me be", "leave us be", "leave us alone", "lose my number",
        "lose this number", "forget my number", "lose these digits", "get out of my phone", "get off my phone",
        "hop off my phone", "make it stop", "make it end", "spare me", "count me out", "cross me off", "i want out",
        "want out", "let me out", "block me", "mute me", "drop me", "end2end", "2end", "2stop", "2quit", "2 end",
        "2 stop",
        "to end", "to quit", "end it", "end this", "quit this", "quit these", "no more of this", "nothing further",
        "unregister", "deregister", "stop the texts", "stop the messages", "leave me alone", "stop spam",
        "stop spamming",
    ),
    resume_words=(
        "start again", "restart", "unpause", "resubscribe", "re subscribe", "opt me in", "opt back in",
        "opting in", "start texts", "start messages", "start texting", "sign me up", "sign me back up",
        "subscribe me", "text me again", "un stop",
    ),
    help_words=(
        "help me", "helpme", "need help", "i need help",
    ),
    courtesy=(
        "please", "pls", "plz", "plse", "plese", "pleese", "pleaze", "pliz", "plaese", "pease", "pleas",
        "pleae", "thanks", "thank", "thx", "tks", "ty", "you", "u",
        "ok", "okay", "k", "just", "kindly", "now", "already", "immediately", "asap", "right", "away", "hi",
        "hello", "hey", "sir", "maam", "madam", "guys", "folks", "team", "yall", "dear", "so", "much", "and",
        "n", "thankyou", "thnx", "thanku", "comma", "mark", "point", "dot", "fullstop",
        "bye", "x", "xx", "xxx", "ta", "cheers", "period", "exclamation", "sorry", "bruh", "bro", "dude", "lah",
        "man", "mate",
        "ffs", "jesus", "ugh", "lads", "pal", "freaking", "fucking", "fuckin", "damn", "fuck", "f", "ing",
    ),
    spelling={
        "pliz": "please", "pleese": "please", "plese": "please", "pleaze": "please", "subscribtion": "subscription",
        "nothin": "nothing", "nuthin": "nothing", "theese": "these",
        "sned": "send", "enymore": "anymore", "thees": "these", "nae": "no", "mair": "more",
        "offf": "off", "offff": "off",
        "takemeoff": "take me off", "optmeout": "opt me out", "removeme": "remove me",
        "leavemealone": "leave me alone",
                "pls": "please", "mo": "more", "nomore": "no more", "rmv": "remove", "remv": "remove",
        "unsubsribe": "unsubscribe", "plz": "please", "plse": "please", "pleas": "please", "pleae": "please",
        "plez": "please", "plss": "please", "u": "you", "yall": "you", "yous": "you",
        "ur": "your", "youre": "you are", "r": "are", "w": "with", "wth": "with", "wanna": "want to",
        "gonna": "going to", "gotta": "have to", "lemme": "let me", "dnt": "dont", "donot": "do not",
        "txt": "text", "txts": "texts", "txtng": "texting", "txting": "texting",
        "txtn": "texting", "textn": "texting", "txn": "texting",
        "comma": ".", "exclamation": ".", "really": "", "rly": "", "honestly": "", "literally": "",
        "seriously": "", "even": "", "txtin": "texting",
        "textin": "texting", "texing": "texting", "texitng": "texting", "texxting": "texting",
        "textng": "texting", "texs": "texts", "textes": "texts", "tex": "text", "msg": "message",
        "msgs": "messages", "mssg": "message", "mssgs": "messages", "messeges": "messages",
        "mesages": "messages", "massages": "messages", "messege": "message", "msging": "messaging",
        "msgin": "messaging", "mssging": "messaging", "messagin": "messaging", "messging": "messaging",
        "sendin": "sending", "sendng": "sending", "stahp": "stop", "staph": "stop", "stp": "stop",
        "stopp": "stop", "stawp": "stop", "qiut": "quit", "quitt": "quit", "numbr": "number",
        "nbr": "number", "no#": "number", "recieve": "receive", "recieving": "receiving", "anymor": "anymore",
        "lst": "list", "harrassing": "harassing", "harrass": "harass", "harrassment": "harassment",
        "unsuscribe": "unsubscribe", "unscribe": "unsubscribe", "unsribe": "unsubscribe",
        "unsubcribe": "unsubscribe", "unsubscibe": "unsubscribe",
        "unsubscrib": "unsubscribe", "desubscribe": "unsubscribe", "tht": "that", "ths": "this",
        "thx": "thanks", "cuz": "because", "cos": "because", "bc": "because", "kontakt": "contact",
        "fone": "phone", "aint": "isnt", "ppl": "people", "pple": "people", "removd": "removed",
        "agian": "again", "agn": "again", "nvr": "never", "mor": "more", "offa": "off of", "tf": "the fuck",
        "stoping": "stopping", "spaming": "spamming", "mesaging": "messaging",
    },
    classes={
        "TEXTS": "texts|text|txts|txt|texs|messages|message|messeges|mesages|mssgs|msgs|msg|sms|smses"
        "|notifications|notification|alerts|reminders|updates|promos|promotions|promo|offers|ads"
        "|advertisements|adverts|advertising|marketing|solicitations|spam|blasts|communications|communication|contact"
        "|correspondence|newsletters|texting|messaging",
        "TEXTING": "texting|txting|txtng|textin|texing|texitng|texxting|messaging|messagin|msging|msgin"
        "|mssging|smsing|contacting|spamming|bothering|harassing|harrassing|pestering|soliciting"
        "|annoying|hounding|notifying",
        "SEND": "text|txt|message|msg|contact|sms|spam|bother|harass|notify|solicit|pester",
        "STUFF": "stuff|crap|shit|junk|spam|garbage|bs|bullshit|nonsense|trash|things|coupons|deals"
        "|specials|newsletters|surveys|links|anything|everything|more",
        "FILL": "f|ing|fuckin|fucking|freaking|frigging|effing|damn|goddamn|dang|bloody|please|pls|plz"
        "|just|all|any|with|the|these|those|this|your|ur|my|our|me|us|so|many|of|that|other"
        "|further|future|more|unwanted|stupid|daily|weekly|random|constant|automated|marketing"
        "|reminder|promotional|promo|text|sms|phone|mobile|political|campaign|donation|whole"
        "|receiving|getting|such|annoying|continuous|additional|unsolicited",
        "ME": "me|us|this number|my number|my phone|this phone|here|my cell|this cell|my wife|my"
        " husband|my mom|this #",
        "MY_NUMBER": "me|us|her|him|them|his number|her number|their number|our number|me and my wife|me and"
        " my husband|my number|this number|the number|number|my phone|my phone number|this phone"
        " number|my cell|my cell number|my name|my info|my information|my contact|my contacts|my"
        " contact info|my digits|my mobile|it",
        "LIST": "list|lists|database|system|records|file|files|contacts|rolodex|directory|distribution"
        "|queue|texts|messages|alerts|notifications|sms|mailing|here|phone|distro|program|service",
        "AGAIN": "again|anymore|any more|ever again|no more|further|ever",
    },
    automatic=(
        "do not disturb while driving",
        "(im|i am) driving (right now|with do not)",
        "(im|i am) not receiving notifications",
        "(auto|automatic|automated) (reply|response|message)",
        "(autoreply|autoresponse)",
        "automatically (sent|generated)",
        "sent automatically",
        "(driving|do not disturb) (mode|focus)",
        "(out of|away from) [the|my] office (until|from|on|through|and|with|till|this|for|today|at|returning)",
        "(currently|am|im) [currently] (out of|away from) [the|my] office",
        "this is an automated",
        "reacted [NUMBER|with] to your",
    ),
    stop=(
        "(dont|do not|no longer) want (these|this|them|those|any of these|any of this) [please|anymore|any"
        " more|thanks] $",
        "(want|wanna) off [of] [this|your|the] $",
        "(take|get|pull) (her|his|their|our|my|the|this) (number|phone|name|cell) off [please|thanks|now] $",
        "(cut|kick|drop|boot) (me|us) off [of|from|your|the|this|these|all] [FILL] [FILL] (TEXTS|list|$)",
        "forget (you|that you) [ever] (had|have|got) (this|my) (number|#)",
        "no more [of] [FILL] [FILL] (texts|messages|sms|alerts|promos|reminders|notifications|offers|ads"
        "|updates|spam|coupons) [please|thanks|ok|now|ever] $",
        "no more [of] (these|this|those|them) [please|thanks|texts|ok|now] $",
        "(so|please|money) no more [please|thanks] $",
        "(rather|soon|prefer to|sooner) not (get|receive|have|see|be getting) [any|these|those|them|this"
        "|more] [more] [of] (these|them|this|those|any|TEXTS|anymore)",
        "(cancel|end|terminate) [my|the|this|our] (subscription|enrollment|registration|sign up|signup"
        "|membership) (to|for|in) [FILL] [FILL] (TEXTS|these|this)",
        "cease [and] desist",
        "(cease|desist|refrain) [from] [FILL] (TEXTING|all texts|all contact|all messages)",
        "(consent|permission) (withdrawn|revoked|denied|removed|rescinded|not given)",
        "(discontinue|terminate|deactivate|suspend) ... TEXTS",
        "(do not|dont|no longer) have (my|our) (consent|permission|authorization)",
        "dnc (this|my|me|us)",
        "(add|put|place) (me|us|this number|my number|it) (to|on|in) [FILL] [internal] (do not|dnc|no call"
        "|no text|no contact|opt out)",
        "(do not|dont|never) (text|message|contact) $",
        "do not text do not",
        "(do not|dont|never) (contact|text|message) (her|him|them|my client|anyone) [again|anymore|at|ever"
        "|on] [this|her|his] [number|again|anymore] $",
        "(number|cell|phone) ~ (erase|delete|remove|lose|forget|drop) it [please|now] $",
        "(dont|do not|never) (use|call|contact|text) (it|this number|my number|this|that number) (again"
        "|anymore|any more|$)",
        "leave (me|us) [the] [hell|fuck|heck|f] alone",
        "(no longer|not|never) interested in (receiving|getting|your) [FILL] [FILL] (these|this|them|those"
        "|TEXTS|anything)",
        "(stop|quit) sending (her|him|them|my wife|my husband|my mom|my dad|my son|my daughter|people|me|us)"
        " [FILL] [FILL] (TEXTS|these|this|things|stuff)",
        "(stop|quit) sending ... (texts|messages|reminders|alerts|notifications|sms|updates|promos|offers"
        "|coupons|deals|spam|ads)",
        "(asked|requested|told you|want|demanded) [to|for|you to] [be|have] (removed|unsubscribed|taken off"
        "|opted out|remove me|stop) ~ (still|again|already|yet|keep)",
        "(any|all|every) (further|more|other|future|additional|new) (TEXTS|contact) ... (reported|report"
        "|lawyer|attorney|harassment|legal|fcc|court|sue|police|be reported|charged)",
        "(further|more|another|next) (TEXTS) (will|would|gets|goes) ... (reported|report|lawyer|attorney"
        "|harassment|legal|fcc|court|sue|police|forwarded|treated)",
        "object to [FILL] [direct] (marketing|processing|messages|texts)",
        "stop (processing|using|sharing|selling) (my|this|our) [phone|cell] (number|data|info|information"
        "|details)",
        "(turn|shut|switch) (these|this|it|them|those|that) off",
        "(make|have) (this|it|these|them) (stop|go away)",
        "(take|get|leave) (us|me) (off|out) [please|thanks|now|of it|of this] $",
        "(stop|quit|cease|halt|end|discontinue|knock off|stp|sotp|stopp|stopped) [FILL] [FILL] TEXTING",
        "(stop|quit|cease) [FILL] [FILL] sending [me|us|out] [FILL] [FILL] [FILL] (TEXTS|STUFF)",
        "(stop|quit|cease) [FILL] [FILL] (sending|sendin) (me|us|these|this|those|that|anything|ME)",
        "(stop|quit|cease) [FILL] (sending|sendin) $",
        "(stop|quit) blowing up my (phone|cell)",
        "(stop|quit) (hitting|blowing) me up",
        "(stop|quit) with [FILL] [FILL] TEXTS",
        "(stop|end|cancel|discontinue|cease|turn off|shut off|disable|deactivate|terminate|halt|suspend"
        "|kill) [FILL] [FILL] [FILL] TEXTS",
        "(turn|shut|switch) [FILL] [FILL] [FILL] TEXTS off",
        "(stop|quit) [me|us] [from] (receiving|getting|recieving) [FILL] [FILL] (TEXTS|these|this|those|them)",
        "(no longer|not|dont|do not|never|didnt|wont|rather not|prefer not) [to] (wish|want|care|like"
        "|interested|agree|asked|ask) [to|in|for] [be] (receive|receiving|recieve|recieving|get|getting)"
        " [FILL] [FILL] [FILL] TEXTS",
        "(no longer|dont|do not) (want|wish|care) [to] [be] (receive|texted|contacted|messaged|getting texts)",
        "(dont|do not|no longer) want [FILL] [FILL] [FILL] TEXTS",
        "(dont|do not|no longer) (want|need|like) (u|you|yall|ya) [guys|people] [to] (SEND|sending|TEXTING)",
        "want (no more|no further|zero) [FILL] TEXTS",
        "(want|need|wish for|want to get) no [FILL] (texts|messages|sms|alerts|notifications|msgs|reminders|promos)",
        "want (you|u|yall|this|these|it|them) to stop",
        "would like (this|these|it|them|you|yall|u) to stop",
        "(make|have) (it|this|these|them) stop",
        "(unsubscribe|unsub|un subscribe) (me|us|this|my|please|now|thanks|thank you|immediately|asap|the"
        " number|number|here|$)",
        "(please|^|just|to|now|and|or|me|you) (unsubscribe|unsub) $",
        "(unsubscribe|unsub) [me|us] from [FILL] [FILL] (texts|text|sms|messages|alerts|notifications|list"
        "|lists|this|these|all|everything|here|you|your)",
        "(want|like|wish|need|please|pls|plz|must|going|choose|request|requesting|hereby) [to] (be) [an]"
        " (unsubscribed|opted out|removed|taken off)",
        "(opt|opting|opted) [me|us|this number|my number] out [please|pls|now|thanks|thank] $",
        "(opt|opting) [me|us|this number|my number] out [of] [FILL] [FILL] TEXTS",
        "(opt|take) (me|us) out $",
        "(take|get|remove|delete|scratch|strike|cross|drop|pull|wipe|keep|leave|erase|knock|clear) MY_NUMBER"
        " [the] [hell|fuck] (off|from|out of) [of] ... LIST",
        "(scrub|unenroll|unregister|unlist|disenroll|uninstall|exclude) MY_NUMBER [from|off"
        "|out]",
        "(take|get|remove|delete|pull) (her|him|them|me|us|my number|this number) (off|from|out of) [of]"
        " (your|the|this|all) [FILL] (texts|list|text list|donor)",
        "(take|get|scratch|strike|cross|drop) (me|us|my number|this number|my name) off [please|pls|now|of"
        "|thanks|this] $",
        "(take|get|remove) (off|from) [of|from] [FILL] [FILL] list",
        "(want|wanna|like|need|get me|take us|ask) [to] [be|get|come] [taken|removed] off [of] [FILL] [FILL]"
        " [FILL] list",
        "(off|from) [of] (your|ur|this|the|that|whatever) [FILL] [FILL] (texting|text|sms|calling|call"
        "|marketing|contact) list",
        "remove (me|us) [from] [your|the|this|all|ur|please|pls|now|immediately|thanks|thank|asap|here|right"
        "|at] $",
        "remove [FILL] (my number|this number|my phone number|this phone number|my cell|my name|my info|my"
        " contact)",
        "(delete|lose|erase|forget|remove) (my|this|the|our) [phone|cell|mobile] (number|num|digits|info"
        "|contact|#)",
        "(delete|remove) me from",
        "wrong (number|person|#) ~ (remove|stop|delete|unsubscribe)",
        "(remove|stop|delete) ... wrong (number|person)",
        "(take|remove) my (name|number|digits|cell|mobile|contact|contacts|phone number) off",
        "(dont|do not|donot|never|dnt|no|stop) [ever|you|u|please|pls|FILL] SEND (me|us|this number|my"
        " number|this phone|here|my phone|my cell|this cell|ever|again|anymore)",
        "(dont|do not|donot|never|dnt) [ever|you|u|please|pls] send [me|us] [FILL] [FILL] [FILL] (TEXTS"
        "|STUFF) [AGAIN]",
        "(mind|please|pls|plz|appreciate|consider) [if] [you] [were|would] (not) (TEXTING|SEND"
        "|sending) [me|us]",
        "not (text|txt|message|msg|contact) (me|us|this number|my number) [AGAIN]",
        "(no more|no further|enough|any more|done with|over|tired of|sick of|fed up with|hate|not want)"
        " [with|of] [FILL] [FILL] (texts|txts|messages|messeges|msgs|sms|texting|messaging|text messages"
        "|text msgs|spam texts)",
        "no more (text|txt|msg|message) $",
        "no (texts|messages|texting|msgs|sms) (please|pls|plz|anymore|any more)",
        "^ [please|pls] no (texts|messages|texting|msgs|sms|text messages) $",
        "(dont|do not|no longer) (want|need|like|care for|wish to get|want to get|want to receive|want to"
        " see) (your|these|those|this) [FILL] [FILL] (TEXTS|STUFF|coupons|deals|newsletters)",
        "(this|these|yall) [all] (need|needs|has|have|got|gotta) to stop [now|already|please] $",
        "(asked|told|begged|warned) [FILL|you] [FILL|NUMBER] [times] to stop [now|already|please] $",
        "(dont|do not) (want|need) any more of (them|these|this|those) [please|thanks] $",
        "(dont|do not|no longer) (want|need|like|care for|wish to get|want to get|want to receive|want to"
        " see) any [FILL|more] [FILL] (TEXTS|coupons|deals|newsletters)",
        "no longer (want|wish|need|care) [to] (get|receive|be|have) [any] (these|this|them|TEXTS|anything)",
        "(no need|dont need|not necessary|no reason|you dont need|you can stop|please refrain|refrain) [for"
        " you] (to|from|from the) [keep] (SEND|TEXTING|sending) [me|us] [AGAIN]",
        "(can i|may i|could i|can we|could we|would like to|want to|need to|please|like to) [please] be"
        " (removed|taken off|unsubscribed|deleted|opted out)",
        "(please|but|just|so|phone|now|kindly|thanks|thank you|interested|need you to|would"
        " you|can you|could you) stop [now|already|thanks|thank you|it|this|them|these|asap|immediately"
        "|today|god bless|for good|doing this|all of it] $",
        "(stop|end) (them|these|those|all of them|all of these|this) [please|now|thanks|immediately|asap] $",
        "(stop|quit) (asking|begging|hounding|bugging|beggin|pestering|harassing) (me|us|people) (for|to)",
        "stop [FILL] [FILL] (by text|via text|by sms|with your texts|with the texts|with these texts)",
        "how many times (do|must|does|have|will) (i|we) [have to|need to|got to|to|FILL] (say|text|tell|ask"
        "|reply|type|send|said|told|asked) ... (stop|unsubscribe|no)",
        "(one more|another|next|any more|any other|1 more) (text|message|TEXTS|time) ... (lawsuit|lawyer|attorney"
        "|report|reporting|reported|sue|suing|fcc|police|court|complaint|legal action|block|charges)",
        "(report|reporting|reported|sue|suing|fcc|lawyer|attorney|police) ... (if i|if you|if it|one more"
        "|another|next) ... (text|message|TEXTS|again)",
        "(opted out|unsubscribed|texted stop|replied stop|said stop|sent stop|asked you to stop|told you to"
        " stop|text stop|typed stop) ~ (already|still|yesterday|last week|last month|times|twice|weeks ago"
        "|days ago|months ago)",
        "(already|still) ... (opted out|unsubscribed|texted stop|replied stop|said stop|sent stop|told you"
        " to stop|asked to be removed|asked to stop)",
        "(isnt|is not|not|wrong|passed|died|deceased|number for) ~ (please|just|so|kindly|.) (remove|delete"
        "|take) (it|this|him|her|them|me|number)",
        "(this|my|your|that) (number|phone|cell) ... (remove|delete) (it|this|me)",
        "(remove|delete) (it|this) [please|now|immediately|thanks] $",
        "(want|get me|let me|take me) out of (this|the|your) [FILL] [FILL] (thread|list|group|texts|chat"
        "|text thread|program)",
        "lose (my|this) (number|num|#)",
        "(please|pls|just|^|and|plz) leave (me|us) alone",
        "cease and desist",
        "cease [all|any|further|and] [FILL] (communication|communications|contact|texting|messages|messaging)",
        "(revoke|revoking|withdraw|withdrawing|rescind|rescinding|retract|revoked|withdrawn) [FILL|any]"
        " [FILL|prior|previous] (consent|permission|authorization)",
        "(do not|dont|did not|didnt|never|no longer) (consent|gave consent|give consent|give permission|gave"
        " permission|agree) [to] [FILL|receive|receiving] [FILL] (TEXTS|TEXTING|these|this)",
        "(do not|dont|no longer) consent",
        "(consent|permission) (is|has been) (revoked|withdrawn|rescinded)",
        "if (you|u|yall|i) (SEND|get|receive) [me|us] [FILL|another] [text|TEXTS] (again|one more time|once"
        " more|anymore)",
                "(said|told|asked|texted|replied|sent|typed|wrote|text|tell|telling|asking) [you|u|yall|them] [to"
        "|for|FILL|over and over] (stop|unsubscribe|cancel|quit) [FILL|NUMBER|several|multiple|a few|two"
        "|three|four|five|twice] (times|twice|already|still|again|please|texting|and|before|yesterday|last|$)",
        "(asked|told|asking|telling|begging) (you|u|yall) [guys|people|many times|already] to (stop|quit"
        "|unsubscribe)",
        "(^|please|pls|just|ok|omg|ugh) (stop|unsubscribe|quit) this (isnt|is|aint|number|phone|was|person)",
        "^ [yes|yeah|hi|hello|ok] i (want|wanna|wish|would like|like) to (stop|quit|end|cancel) [please|now|thanks] $",
        "(replying|texting|sending|typing|saying|responding) [with] stop (as|like|per|because|since) [you|u|it]"
        " (instructed|directed|told|told me|requested|asked|said|says|your)",
        "(i mean|i meant|meant|meant to say|meant to type|that was supposed to be|supposed to say) stop [it|texting|me"
        "|please|now|damn|ugh|autocorrect] $",
        "stop [i] (mean|meant) [dang|damn|ugh|stupid|autocorrect|please] [autocorrect] $",
        "stop [ugh|damn|dang|stupid|fucking|freaking|f|ing|sorry] (autocorrect|auto correct|spellcheck)",
        "(asked|told|begged|warned) (you|u|yall|you guys|you people|them) ... to (stop|quit) [now|already|please"
        "|texting|it|this] $",
        "(text|message|contact|sms|spam|txt) (me|us) (again|one more time|once more) and [then] (i|ill|im|we|well"
        "|you|youll) [will|am|going to|are|be|being|ll] [be|getting|reporting] (report|reporting|reported|sue|suing"
        "|sued|block|blocking|blocked|call|calling|hear from|contact|file|filing|fined|take|taking|see you)",
        "stop or (i|ill|im|i will|we|well|my) [will|am|going to|be] (vote|voting|unfollow|block|switch|leave|cancel"
        "|go|shop|take|tell|complain|file)",
        "(stop|quit) (testing|taxing|texiting|texying|taking|teasing|testings) (me|us) [please|now|again] $",
        "(no|not) (want|wan|wish) (this|these|your|ur|more|any|the|no|dis|receive|get) [FILL] TEXTS",
        "(no|not) (want|wan|wish) (texts|messages|sms|msgs) [please|again|more|anymore|thank] $",
        "no want message (again|more|please)",
        "(im|i am|am) not (want|wanting|wish|like) [FILL] [FILL] TEXTS",
        "(abeg|oya|biko|no) (no|dey|stop) [dey] (send|text|message|disturb|am|worry) [me] [FILL|am|again|message|text]",
        "(comot|commot) [me|my] (number|me|from|am)",
        "(enough) (with|of) [all] (these|this|them|your) [FILL] [TEXTS|please|now|already] $",
        "(take|taken|get|remove|removed|took) [me|us|my number|my name|this number] of (your|ur|yor|yer|this|you"
        "|youre|you are|that) ... (list|lists|database|texts|messages)",
        "(doesnt|does not|didnt) (want|wish|need) [to|get|receive] [FILL] [FILL] [FILL] TEXTS",
        "(dont|do not|never|please not|stop) be (TEXTING|sending)",
        "(please|pls|plz|kindly) not send [me|us] [FILL] [FILL] [TEXTS]",
        "(dont|do not|never) send (me|us) (anymore|any more|no more|again|nothing|anything)",
        "(dont|do not|never) send (anymore|any more|no more|again) [please|ok|thanks] $",
        "(dont|do not|never|stop) SEND (this|dis|dese|my|me on this) (number|numba|nmbr|phone|no|line|cell)",
        "(spare|save) (me|us) [from] [FILL] [FILL] TEXTS",
        "spare (me|us) [from] (further|your)",
        "(kindly|please|pls|just) (forget|pretend) (i|we|about) (exist|existed|dont exist|me|us) [please] $",
        "please spare me $",
        "(forget|pretend) (i|we) [ever] (exist|existed|dont exist|am dead)",
        "(make|let) (me|us|my number) (disappear|vanish|go) [from] [your|the|ur] LIST",
        "count (me|us) out [of] [all] [your|ur|the|these|this] [FILL] (TEXTS|LIST|from here|please|now|thanks|$)",
        "(cross|strike|scratch|wipe|cut|chop|bin|chuck|scrub|take|drop|boot|kick|pull|yank|knock|rub) (me|us|my"
        " number|my name|this number|this phone) (off|from|out|out of|outta) [of] [your|the|ur|this] [FILL] (LIST"
        "|rolls|rounds|books|roster|computer|phonebook|rolodex|bloody list|would you|please|pls|now|thanks|$)",
        "(get|keep|take|leave) (my|this|our) (number|name|phone|digits|cell) (out|off|outta|out of|from) [of] [your"
        "|ur|the|this] [FILL] (computer|system|phone|list|database|rolls|records|rounds|books|mouth|machine|texts)",
        "(bin|ditch|dump|trash|burn|shred|lose|loose|forget|erase|purge|junk|chuck|toss|scrap|destroy|yeet|nuke|zap"
        "|kill|eliminate|axe|86|obliterate|unsave) (my|this|our|these|those) [phone|cell|mobile|damn|fucking]"
        " (number|numbers|digits|numba|num|contact|details|data)",
        "(hop|get|stay|keep|climb|step) (off|outta|out of|away from) my (phone|line|cell|mobile|inbox|case|back|texts)"
        " [please|now|fr] $",
        "(lose|loose) (the number|my digits|me) [please|now] $",
        "(be|am|im) (through|done|finished) [with you|with yall|with this|with these|here] . (dont|do not|never|no"
        " more) (write|text|message|contact|SEND)",
        "(dont|do not|never) (write|message|text|contact) [to] (me|us) (again|anymore|any more|ever|no more)",
        "(dont|do not|never) (write|message|text|contact) [to] [me|us|here] [again|any more|anymore|ever] [please|ever"
        "|again] $",
        "(appreciate|prefer|rather|love|like|grateful for) [it|to|if] not (receiving|getting|receive|get|hearing) (any"
        "|another|further|from|your|these) [FILL|more] (TEXTS|you|u|yall)",
        "(im|i am|we are|were) unsubscribing",
        "unsubscribe (my|both|all|this|these|our) [my|of|the] [FILL] (number|numbers|phone|phones|cell|cells|line"
        "|lines)",
        "(un enroll|unenroll|disenroll|withdraw|detach) (me|us|my number|this number) [please|pls] (from|of|$)",
        "(want|like|need|love|wish) to get (off|out of|off of) [your|ur|the|this] [FILL] (LIST|list|lists)",
        "(dont|do not) want (anymore|any more|no more|more) of (these|this|those|them|it|that|your)",
        "(would|could|will|can) (you|u|yall) [folks|guys|FILL] (please|kindly) stop (texting|now|it now|$|.)",
        "(put|add) (me|us|my number|this number|this line|this phone|my phone) (on|to|in) [your|the|ur] (do not|dont"
        "|no) (contact|call|text|disturb)",
        "(get rid of|dispose of|lose) my (number|contact info|contact details)",
        "no more (messages|texts|msgs) (to|on) (this|my) (phone|number|line|cell)",
        "leave (this|my) (number|phone|line) out",
        "^ [get] off (your|the|ur|this|all) [FILL] (list|lists) (now|please|pls|today|$)",
        "^ (end|quit) it now",
        "^ stop or (be|get|youre|you are|ill|i will|im|we|you) [will|get|going to] (blocked|block|reported|report|sued"
        "|sue|reporting|blocking)",
        "^ stop (you|u|i|we|yall) [guys|people|all|have|already] already",
        "^ (opting|opt) out (now|today|please) ",
        "^ dnc [list]",
        "^ (stop|quit|end) to (end|stop|quit) (this|these|it)",
        "cancel (the|my|this|our|your) (subscription|subscriptions) [please|pls|now|today|thanks] $",
        "cancel (the|my|this|our|your) (subscription|subscriptions) (of|to|for) (this|these|your|ur|the) (TEXTS|LIST)",
        "(stop|quit|cease|no more) (writing|writting|writin) [to] (me|us|here|this number)",
        "(want|like|need|wish|wants) [to] stop (receive|recieve|receiving|recieving) [FILL|your|the|these|this|any]"
        " (TEXTS|it|them|this|these|$)",
        "(make sure|be sure|ensure|see to it) [that] (i|we) (dont|do not|never|wont|no longer) [ever] (get|receive"
        "|hear) [another|any|anymore|one|from] (TEXTS|you|u|yall)",
        "(make sure|be sure|ensure|see to it) [that] (i|we) (dont|do not|never|wont|no longer) [ever] (get|receive)"
        " (another|any more|any) [one] of (these|those|them|your)",
        "(on|an|in|und|and|ub) subscribe (me|us|my number|this number) (from|of|off)",
        "(do not|dont|no longer) (give|grant) (you|u|yall) [my|any|FILL] (permission|consent) to (text|message|contact"
        "|SEND)",
        "(remove|delete|erase) my (phone|cell|mobile|digits|line) (from|please|pls|now|thanks|$)",
        "(take|remove|delete|get) (out|off) [of|from] [your|the|ur|this] (list|lists|database)",
        "(want|like|need|wish|ask|asking|asked) [2|to] be (removed|remove|removd|deleted|erased"
        "|taken off|unsubscribed)",
        "(want|like|need|wish|ask|asking|asked) [2|to] get (removed|taken off|unsubscribed)",
        "(not|never) (another|one more|a single) (word|text|message|peep|txt|sms) [on|to|from|out] [this|me|my|you|of]",
        "(dont|do not|never|stop) [be] (sending|send) (me|us) (another|anything|nothing) (else|more|again|please|$)",
        "(dont|do not|never|stop) [be] (sending|send) (another|anything|nothing) (else|more|again|please) $",
        "(dont|do not|never|stop) send another $",
        "(never|not|rather not|prefer not) [to|want to] hear from (you|u|yall|your) [lot|people|guys|again|company]"
        " [again|anymore|please] $",
        "(i|we) revoke [FILL|whatever|everything|the] [FILL|permission|consent|box] ... (message|text|contact|TEXTS"
        "|consent)",
        "(never signed up|didnt sign up|never asked) [for] [this|these|it] [and] [i|so|please] (want|get|let|take)"
        " [me] (out|off)",
        "(block|mute|ban) (me|yourselves|yourself|this number) [for good|please|pls|now|forever] [please|pls] $",
        "^ [please|pls|and|just] (no|nothing) further (communication|communications|contact|messages|texts"
        "|correspondence) [please|thanks] $",
        "(want|expect) nothing (further|more|else) from (you|u|your|yall)",
        "(stop|quit) (cluttering|clogging|filling|bombing|bombarding|flooding|blasting|lighting|buzzing|pinging|dinging"
        "|blowing) [up] (my|our|the|up)",
        "(put|mark|register|list) (me|us) [down] as [a] [hard] (no|dnc|do not contact|do not text|unsubscribed|opted"
        " out)",
        "(dont|do not|never) (hit|hitting|blow|ring|buzz|ping) [up] (this|my|our|me) [up] [line|number|phone|cell"
        "|again]",
        "no more (messages|texts|text|msgs) [on|to] (this|my) (phone|number|line|cell)",
        "(stop|quit) [this|these|it|all|FILL] (madness|nonsense|harassment|spam|bs|crap|shit|bullshit|rubbish"
        "|garbage|junk|foolishness|nuisance|intrusion|bombardment)",
        "(stop it|quit it|knock it off|cut it out|pack it in) with (the|your|all|these|ur|this)",
        "(dont|do not|never) (call|phone|ring) (or|and|nor) (text|message|msg|txt)",
        "(stop|quit) (calling|phoning) (and|or|n) TEXTING",
        "(yall|you|u|ya|you guys|you people|they) (need|have|gotta|got|better|must|should) [to] (stop|quit) [now"
        "|already|please|it|this] $",
        "(no longer|not) interested (remove|stop|unsubscribe|delete)",
        "how many times ... (say|type|text|tell you|send) stop",
        "(want|wanna|like|need) to be (remove|unsubscribe|delete|opt out|take off)",
        "(kindly|please|pls) (desist|cease)",
        "^ [please|pls|just] no (text|message|msg|sms) (please|pls) $",
        "^ (please|pls) no (text|message|msg|sms) $",
        "(leave|exit|quit) [this|the] (group|chat|thread|list|conversation) [please] $",
        "(want|wanna|let me|like) out of (this|it|these|here) [please|now] $",
        "(appreciate|love|like|glad|grateful|happy) [it] [if] (you|u|youd|yall) [would|could|just|d] stop [now"
        "|please|it] $",
        "resignation from (your|the|this) LIST",
        "(im|i am|am|hereby) (unsubscribing|opting out) [now|please|thanks] $",
        "(dont|do not|never) (bother|bother with|waste your time|waste time|even try) (TEXTING|sending)",
        "(stop|quit) wasting (my|our|your) [time|breath|texts]",
        "leave (my|this|our) (phone|number|cell|line|inbox|mobile) alone",
        "(dont|do not|never) (put|add|keep|sign) (me|us) [up] (on|to|for) [any|your|a|these] [FILL] LIST",
        "^ no [thank you|thanks] to [FILL] [FILL] (texts|messages|sms|promos|msgs|alerts|ads)",
        "silence (these|the|your|all|this) [FILL] TEXTS",
        "^ (nah|nope|ew|yo|fam|hell no|no way|hell nah|nooo|noo) stop [please|bro|now] $",
        "stop (who|whos) (is|tf is|the hell is|this|are you|r u|are u) [this|dis|it]",
        "^ (stop|quit) (at once|for good|for ever|right away|straight away|this instant|this minute) [please] $",
        "(please|kindly|pls) (discontinue|desist|cease|refrain|terminate) [please|now|at once|immediately|forthwith] $",
        "^ (discontinue|desist|cease|refrain) (please|now|at once|immediately|forthwith) $",
        "(discontinue|cease) ... (to|on) (this|my) (phone|number|line|cell|mobile)",
        "(want|wish|like|request|demand|need|ask) [that] [all] (these|them|this|it|those|your|the) [FILL] [TEXTS]"
        " [to be|be|to] (discontinued|discontinue|withdrawn|stopped|ended|ceased|halted|terminated)",
        "no stop (thanks|thank you|please|pls|ty)",
        "(ensure|make sure|see that|have|want|like) ~ (removed|deleted|erased|taken off|struck|scrubbed|withdrawn)"
        " [off|from] ... (list|lists|database|system|records|files|mailing|marketing)",
        "(please|pls) no (send|sends|sending|texting|txt) (anymore|any more|again|more|to me|me|please)",
        "^ stop it (already|now|please|pls|im|i|my|at once|immediately|right now)",
        "(please|pls) no (texts|messages|txts|msgs|sms) $",
        "(so|and|but|then) no (texts|messages|txts|msgs|sms) (please|pls|thanks|thank you|ta|cheers) $",
        "(number|#|phone|who gave you) ~ take it (off|down|out) [please|pls|now|thanks] $",
        "finish (with|all|sending) [FILL] TEXTS",
        "how about (you|u|yall) (stop|quit|leave me alone) [now|please|texting|it] $",
        "(take|get|leave|cut|keep) (me|us|my number) off [of] (the|this|your|these) [FILL] [FILL] (thing|things|text"
        "|texting|deal|train|blast|text blast|text thing|loop|circuit|feed|line)",
        "(number|phone|line|mobile|cell) (opts|opted|opting|wants|wishes) [to] (out|opt out|be removed|off)",
        "(negative|no) (on|to) [any|the|your] [further|more|other] TEXTS",
        "stop ~ how many times",
        "stop (all of it|all of this|all of these|all of them|the lot|the whole lot)",
        "(the|magic|safe) (word is|words are) stop",
        "^ stop my (husband|wife|mom|mother|dad|father|kids|son|daughter|mum) (died|passed|is|left|has|doesnt|isnt"
        "|already|was)",
        "(never|dont|do not) (wanna|want to|wish to|care to|need to) [ever] (hear from|get|receive) (this number|you"
        "|your|this|anything|another) ... (again|anymore|any more|ever)",
        "(never|dont|do not) (wanna|want to|wish to|care to|need to) [ever] see (this number|your|another) ..."
        " (again|anymore|any more|ever)",
        "(unhook|unsign|un sign|disconnect|detach|release|excuse|exempt|omit|untether|unplug|dismiss|exclude|unlink"
        "|unattach) (me|us|my number|this number|my phone) from",
        "(quit|quitting|leaving) (your|this) [FILL] LIST",
        "keep (your|these|the|ur) [FILL] TEXTS (off|away|to yourself|to yourselves|out)",
        "(let|leave) (my|this|our) phone (rest|be|sleep|in peace)",
        "(text|message|contact) (me|us) never",
        "(me|i) no want [FILL] (message|text|sms|msg|messages|texts)",
        "never (to|again to) (hear|receive|get|be contacted|be texted) [anything] [from|by] (you|this|your|ur|them"
        "|texts)",
        "^ off my (phone|line|cell|mobile|case|back) [please|now|already] $",
        "(done|through|finished) (getting|receiving|with getting) (these|this|your|the|all)",
        "let (me|us) (off|out) [of] (this|your|the|these) ... (texts|list|thing|messages|thread|group)",
        "(im|i am|am|we are|were|i) opting out",
        "no further (communication|communications|contact|messages|texts|correspondence) (by|via|from|through) (text"
        "|you|sms|phone|this|message|your)",
        "(would|want|wish|like|id|need|please have) [to have] (it|this|that|my number|this number|my name|me) [to"
        " be] [to be] (removed|deleted|erased|taken off|taken down|wiped|scrubbed)",
        "(chill|ease up|lay off|cool it|easy|relax) (with|on) (the|these|your|ur|all) [FILL] TEXTS",
        "(im|i am|am|we are|were) (good|straight|fine|ok|okay|set) (on|without|off) (these|the|your|ur|them) [FILL]"
        " TEXTS",
        "(begging|telling|warning|asking|ordering) (you|u|yall) [please|now|to] stop (texting|it|now|please|$)",
        "(no need for|dont need|do not need|have no need for) [any|your|these|the|no] [more] [FILL] (texts|messages"
        "|sms|msgs|reminders|alerts|promos|ads)",
        "(you|u|yall) can (stop|quit) [now|please|already|it|this|sending|texting] $",
        "no (text|message|msg|sms|messages|texts) (please|pls|plz) $",
        "(stop|quit) (for|to|of|with) (SEND|send|sending|TEXTING) [me|us|message|messages|the]",
        "(prefer|rather have|rather get) no [FILL] TEXTS",
        "(prefer|rather|like|want|wish|choose|prefers) not to be (texted|contacted|messaged|on|sent|bothered)",
        "TEXTS [are|is] (not|never) (welcome|wanted|appreciated|allowed|accepted|permitted)",
        "(request|requesting|requested|demand|demanding) [my|immediate|a] (removal|unsubscription|unsubscribe|deletion)"
        " (from|please|asap|now|immediately|multiple|NUMBER|twice|$)",
        "^ [this is] [a|my|an] (removal|unsubscribe|unsubscription|opt out|deletion) request",
        "^ [please] (cancel|end|terminate) [my|the|this] (subscription|subscriptions) [please|now|thanks] $",
        "(leave|keep) (me|us) out of (it|this|these|that|your)",
        "(drop|scrap|can) my number",
        "(this|it|these|they|texts|messages|texting|harassment) (must|has to|have to|needs to|need to|gotta|has got"
        " to) stop [now|please|immediately|today] $",
        "stop (or else|before i|b4 i|otherwise i|otherwise ill|or youll|or you will)",
        "(for the|for|one) (last|first|second|third|fourth|fifth|umpteenth|millionth|hundredth|nth|tenth|final"
        "|NUMBER) [and final] time [i said|please|just|i repeat] stop",
        "(what|which) part of (stop|unsubscribe|no) (do|dont|did|didnt|is|are|am|was|$)",
        "no means no stop",
        "asking [you] [politely|nicely|again|once more|kindly] to be (removed|taken off|unsubscribed|deleted)",
        "(want|need|would like|id like) [for] (this|it|these|them) to (stop|end|cease) [now|please] $",
        "(time|high time) (for you|you guys|yall|you) to stop",
        "stop the (madness|insanity|nonsense|harassment|spam|spamming|noise|bombardment|abuse)",
        "(me|us|my number|my name|this number|my phone|my digits) [free] (off|from|out of|outta) [of] (your|ur|this)"
        " [FILL] [FILL] (list|lists|database|mailing list|text list|system|contacts|rolodex|servers|server|records)",
        "(ditch|nix|kill|scrap|axe|zap|bin|lay off|pack in|jog on with|give it a rest with|knock off|cut out) (the"
        "|your|these|all|ur|those) [FILL] TEXTS",
        "(none|no more|not one|zero) of (your|ur|these|those) [FILL] (TEXTS|please|thanks|$)",
        "^ [please] (zero|no more|not another|not one more|not a single|nope to|no to) [FILL] TEXTS [please|ever"
        "|again|more] $",
        "want (none of|no part of|no more of) (this|it|these|your|them|those)",
        "leave (me|us|my family) in peace",
        "give (my|our) [poor] phone a (break|rest)",
        "(so good|so kind|kind enough|good enough) [as] to (cease|stop|desist|refrain|leave me|remove me|take me)",
        "(obliged|grateful|appreciate|thankful|glad|pleased|happy) [it] if (you|u) (ceased|stopped|quit|refrained"
        "|desisted)",
        "right to (be forgotten|erasure|object)",
        "(delete|erase|destroy) [all] [of] [my|the] (data|details|information) (you|that you) (hold|have|keep|store)",
        "removal from (your|this) [FILL] [FILL] LIST",
        "object to (the|your) (use|processing) of my [personal] data",
        "^ (outta|out of) my (phone|inbox) [please|now] $",
        "(cut|quit|cool it with|call it a day with|leave off|leave off with|ease off) (the|these|your|ur|all) [FILL]"
        " TEXTS",
        "(leave off|lay off|ease off) TEXTING",
        "knock (the|these|your|ur) [FILL] TEXTS on the head",
        "^ [please|ok|yall|now|just] (quit|cut) (that|this|these|doing this|doing that|it) [out|now|already|please"
        "|yall] $",
        "(let|leave) (me|us) (alone|be) [please|now|thanks] $",
        "tell (your|ur|the|ya) (boss|bot|computer|people|team|system|robot|machine|manager|software|friends) to"
        " (stop|quit)",
        "mind (removing|deleting|dropping|taking) (me|us|my number|this number|my name)",
        "(dont|do not|never) (you|u|ya|yall) [ever|dare] [ever|dare] SEND (me|us|this number|here)",
        "(you|u) (better|best|should) (not SEND me|stop TEXTING|quit TEXTING)",
        "(i|we) (demand|insist|order|command|beg|ask|require|implore|urge) [that] (you|u|yall) [to|please] (stop"
        "|quit|cease)",
        "stop full stop",
        "s t o p", "q u i t",
        "(tried|trying|attempted) to (unsubscribe|opt out|stop|cancel) ... (times|twice|already|still|weeks|months"
        "|nothing)",
        "(unsubscribed|opted out) [of|from] [these|this] (twice|already|NUMBER times|three times|four times|before"
        "|multiple times|several times)",
        "(dont|do not|never|not) (reply|respond|write) or (text|message|contact|msg|txt)",
        "(dont|do not|never) (text|message) back $",
        "go (bother|pester|annoy|bug|harass|text|message|spam|bore) (someone|somebody|anyone|anybody|other|others)",
        "(dont|do not|never) use (it|this|this number|my number|this phone) for [your|ur|any] [FILL] (TEXTS|marketing)",
        "(do not|dont|never) (contact|text|message) (her|him|them|my client|anyone|us|me) (at|on) (this|that) [FILL]"
        " (number|phone|line|cell)",
        "keep (TEXTING|sending) [me|us] and ... (court|claims|lawyer|attorney|police|report|reporting|sue|suing|fcc"
        "|block)",
        "(can|could|would) (you|u|yall) [please] not send [me|us] [any|anymore|more|these|this|those]",
        "(no need|dont need) [to] send [me|us] (already|anymore|any more|lah|again)",
        "(take|remove|delete) my no . (off|from|out)",
        "(dont|do not|never|didnt) send (him|her|them|us|me) (anything|nothing|any more|any)",
        "mute (yourselves|yourself)",
        "(i|we) [hereby] revoke ~ (message|text|contact|TEXTS|consent|permission)",
        "^ stop [au|to|at|al|an|a|no|number] NUMBER $",
        "(text|reply|say|saying|type|typing) stop (means|is not|isnt|does not|doesnt|didnt) [work]",
        "go (away|to hell) (and|now) stop",
        "discontinue [FILL] [FILL] (TEXTS|service|services|this|these)",
        "(opt) (me|us|my number|this number) out",
        "^ no more please $",
        "be (taken|removed) (of|off|from) [your|ur|the|this] [FILL] (list|lists|database|system)",
        "unsign me",
        "(would you mind|please|appreciate|could you|you mind) taking (me|us) off",
        "(dont|do not) disturb (me|us) (with|again|anymore|by)",
        "(piss|sod|bugger|fuck|jog|clear) off with (your|these|the|ur)",
        "(make|have) (these|the|this|your|ur) [FILL] TEXTS (stop|end)",
        "TEXTS (need|needs|have|has|got|must) to stop",
        "(like|want|wish|need|going) to opt out of (these|this|your|all|TEXTS)",
        "(stop|quit) with [FILL] [FILL] STUFF",
        "(please|can you|could you|would you) stop (these|them) (they|it|i|my|we|please|now|$)",
        "let this be the last (text|message|one)",
        "^ (off|out of) (the|your|ur|this) list [please|pls|now|thanks] $",
        "(can|could) you [please|pls] stop (these|them|this) (please|pls|now|thanks|ta)",
        "(dont|do not|never) want (these|this|them|those|any of these) (sent|coming|on|going) [to] (me|my|us|here)",
        "(dont|do not|never) SEND (it|them) (again|anymore|any more|ever)",
        "no more of (these|this|those|them) (please|pls|thanks|now)",
        "leave (me|us) be [please|pls|thanks] $",
        "(please|pls|can you|could you) take (me|us|my number) off (altogether|completely|everything"
        "|asap|immediately|or)",
        "asked ... to be (taken off|removed|unsubscribed|deleted|opted out)",
        "(can|could) (this number|my number|she|he|it|i) [please] be (taken off|removed|unsubscribed|deleted)",
        "(no need|dont need) [to] SEND me (already|anymore|any more|lah|again)",
        "(dont|do not|never|stop) (hit|hitting|blow|blowing|blowin) my (phone|line|cell) up",
        "(take|get|cut|leave) (me|us) out of your",
        "(like|want|need|wish) (these|this|your|the|all) [FILL] TEXTS to (end|stop|cease)",
        "(take|rip|get|pull|knock|strike|tak|scratch|cross) ... (off|aff|from) (your|ur|yer|yor"
        "|youre) [FILL] (list|lists"
        "|data base|database)",
        "(take|rip|get|pull|knock|strike|scratch|cross) (me|us|my number|my name|this number) (off"
        "|from) the [FILL] list",
        "(remove|delete|erase) (my|this|our) (no|cell|mobile) (from|off|number|please|pls|$)",
        "(rather|prefer) not (receive|get|have) ... TEXTS",
        "(rather|prefer) not (hear from|be contacted|be texted)",
        "no (more|mair) [FILL] [FILL] (reminders|texts|messages|alerts|notifications|adverts|promos"
        "|msgs|offers|updates)"
        " (please|pls|thanks|ta|cheers|thank|hen|$)",
        "(email|mail|letter|post|now on) (please|pls|only) no (texts|messages)",
        "send (nothing|no) (further|more|else)",
        "please (finish|end) $",
        "stop for the (NUMBER|last|second|third|fourth|fifth|final|love)",
        "(the|for the) love of [god|christ|jesus|all] [that is holy] stop [please|it|texting] $",
        "stop or (i|ill|im|i will|well|we) [will|am|be|going to] (report|call|sue|contact|block|reporting|calling"
        "|suing|file|filing|take|blocking)",
        "^ [please|just|and] (stop|quit) (begging|asking|bugging|pestering|spamming|harassing) [please|me|us] $",
        "^ (f|eff|fuck) (off|you) and stop",
        "(no|off) and stop $",
        "(get|let) (me|us|my number) [the] [fuck|hell] (out|off) [of] [ur|your|you|ya|the|this"
        "|these] (database|list|lists|thing"
        "|texts|system|thread|group|chat)",
        "(want|like|wanna be|wanna get|get me) out of [all] (these|this|your|the) [FILL] TEXTS",
        "(i|ill|we|i hereby|i do) [wish to|want to|would like to] opt out",
        "(wish|want|would like|like|need|choose|request) to (optout|opt out|unsubscribe|be removed|be unsubscribed"
        "|be opted out|be taken off) (please|pls|thanks|from|now|thank|$)",
        "^ (opted out|unsubscribed) (me|please|pls|from)",
        "being removed from [FILL] [FILL] (TEXTS|list)",
        "(come|get|be|go) off (your|ur|this|the) [FILL] list",
        "scratch [FILL] [FILL] ... (off|from) (your|ur|the|this) [FILL] list",
        "(dont|do not|never) (want|wanna|wish|need) [to|2|too] (be|b|stay) on [your|ur|this|the|any"
        "|you] [FILL] (list|TEXTS)",
        "(dont|do not|never|no longer) (want|wanna|wish|need) [to] (get|getting|receive|have|be"
        " getting) (these|this|them"
        "|those|anything) (anymore|any more|any longer|no more|$)",
        "(would like|prefer|rather|want|wish) [to] not [to] (receive|get|have|be sent|be getting)"
        " [FILL] [FILL] [FILL] TEXTS",
        "(can you|could you|please|pls) not (SEND|be sending) [me|us] (any|anymore|more|these|TEXTS)",
        "(dont|do not|never) (SEND|sent) (me|us) [any|anything|nothing|these|this|those|them|FILL] [more]"
        " (anymore|any more|again|no more|ever|further)",
        "no longer wish to hear from",
        "(i|we) no longer (wish|want|need|care) [to] (hear|receive|get|have|be)",
        "no more [of] (these|this|those|them) (thank you|i|im|$)",
        "leave (me|us) [the|tf] [hell|fuck|heck|f|fk] alone",
        "(please|pls|can you|could you|just|and|^|im) [please|pls] (take|get|cut|tske|tale) (me|us"
        "|my number|this number)"
        " off [of] (this|it|these|that|your|ur|the list|everything)",
        "^ [please|pls|just] (take|get) (me|us) off and",
        "(get|take) (me|us) off [of] (these|your|ur)",
        "(get|take) (me|us) off [of] (this|it) (list|thing|please|pls|now|thread|$)",
        "(remove|delete|erase) (his|her|their|the|moms|dads|mums) (number|name|details|contact|cell|phone)",
        "(please|pls|can you|could you) [please] (remove|take off|delete) [me|us] $",
        "(dont|do not|never|no need to|no call to|theres no call to|no reason to) keep (TEXTING|sending)",
        "never TEXTING me again",
        "(please|pls|rather|prefer|can you|could you|kindly) not (SEND|be texted) [me|us] [FILL] [FILL] [TEXTS]"
        " (again|anymore|any more|further|TEXTS)",
        "(dont|do not|didnt|never) (SEND|sent) (him|her|them|us) (anything|any more|anymore|TEXTS)",
        "(dont|do not) (hit|hmu|blow|hitting) [me] up [no more|anymore|again|my]",
        "(quit|stop) (blowin|blowing|hitting|hittin|bugging|bothering|botherin|harassing|asking) [up] [me|us|my|this"
        "|people]",
        "(pack|knock|cut|give) (it|this) (in|off|out) (with|of) [FILL] [FILL] TEXTS",
        "(loose|lose|forget|delete|erase) (my|this) (number|numba|num|#|contact)",
        "(enough|done) with [all] [FILL] [FILL] TEXTS",
        "(dont|do not|never) (want|wanna|wish) to (hear from|be contacted|be texted|be messaged|be bothered)",
        "(never|dont|do not) (want|wanna|wish|hope) [to] [ever] hear from (you|u|yall)",
        "(no wish|no desire) to (be contacted|be texted|receive|get|hear from)",
        "(you do not|you dont|u dont|no) have (permission|my permission|consent|my consent) to (text|contact|message"
        "|send)",
        "(dont|do not|no longer) (want|wanna|need|wish) to be [on|in|part of|a part of] [on|in|of]"
        " [this|your|ur|the|any]"
        " [FILL] (list|lists|group|texts|thread|chat)",
        "(block|ban) (me|my number|us) [from|on] [FILL|your|ur] [FILL] (list|side|system|end)",
        "(turn|switch|shut) off [FILL] [FILL] [FILL] TEXTS",
        "(take|put) (me|us|this number|my number) on [FILL] (do not|dnc|no)",
        "(do not|dont) (call|contact) list (remove|please|and|so|stop)",
        "(block|blocking) (you|u|yall|this number) (so|stop|if you text)",
        "(enough|done) (is enough|already) (stop|with the)",
        "(get|take) me out of [this|your|the] [FILL] (list|thread|chat|texts|group|system|database)",
        "end (this|these|the|my|all) [FILL] (TEXTS|text thread|conversation|subscription|service)",
        "(not|wrong) (david|the right person|who you think) stop",
        "cancel (my|the|this|these|all|your) [FILL] (texts|text|sms|messages|alerts|notifications|enrollment"
        " in texts)",
        "(no|not) interested [please|pls|so|and] (stop|remove|unsubscribe|take|dont|delete|cancel)",
        "^ stop (please|pls|plz|now|immediately|thanks|thank you|ty|thx|tks|cheers) [FILL|i|we]",
    ),
    resume=(
        "(bring|give) [me|us] back [the|my|your] [FILL] TEXTS",
        "bring [the|my|your] [FILL] TEXTS back",
        "opt in again", "opt (me|us) in again", "hook (me|us) back up",
        "let (the|your|those) TEXTS (flow|come) [again]",
        "(start|begin|resume|restart) [FILL|to] (TEXTING|text|messages|texts|alerts|texts again)",
        "(start|begin|resume|restart) [to] (sending|getting|receiving|send) [me|us] [FILL] [FILL] (TEXTS|again|them"
        "|these|those)",
        "(start|begin|resume|restart) [FILL] [FILL] TEXTS",
        "start again [please|pls|thanks] $",
        "(can|may|could|should|please|pls|ok to|okay to|free to|go ahead and|want you to|you) (text|message"
        "|msg|contact) me again",
        "(turn|switch|put) [FILL] [FILL] [FILL] (TEXTS|them|it) back on",
        "(turn|switch|put) back on [FILL] [FILL] TEXTS",
        "(want|like|love|wish|ready|able) to (receive|get|start getting|start receiving|keep getting|keep"
        " receiving|continue receiving|continue getting|begin receiving) [FILL|your] [FILL] [FILL] TEXTS",
        "(want|like) [FILL] [FILL] TEXTS (again|back)",
        "(sign|add|opt|enroll|subscribe) (me|us|my number|this number) back (up|on|in)",
        "(sign|add|opt|enroll|subscribe) (me|us|my number|this number) (up|on|in|to) [FILL|to|for|on] [FILL|your|the]"
        " [FILL] (list|TEXTS)",
        "put (me|us|my number|this number) back [please|pls|again] $",
        "put (me|us|my number|this number) back (on|in|onto) [FILL|your|the|ur|that] [FILL] (list|TEXTS|it)",
        "put (me|us|my number|this number) on [FILL|your|the] [FILL] (text list|texting list|mailing list|sms list)",
        "(want|wanna|like to be|want to be|can i be|could i be|can i get) [put] back (on|in) [FILL|your|the] [FILL]"
        " (list|TEXTS)",
        "put my number back on",
        "put me back on (please|pls|thanks|$)",
        "(start|begin|resume|restart) [to] (sending|getting|receiving|send) [me|us] [the|your|my] STUFF [again]",
        "^ [yes|please|ok|no|sure] keep (them|these|the texts|the messages|the alerts) coming",
        "(send|sending) me the [FILL] [FILL] TEXTS (once more|again)",
        "(send|sending|text|texting) me [FILL] [FILL] [FILL] TEXTS again",
        "(have|get|see) [FILL] [FILL] (TEXTS|them) back",
        "(sign|add|opt|enroll) (me|us) (back|up again|bk)",
        "(resubscribe|re subscribe|resub|reenroll|re enroll|unstop)",
        "(reactivate|unblock) (me|us|this number|my number|your number|you)",
        "(reactivate|unblock) [FILL|my|your|the] [FILL] TEXTS",
        "subscribe (me|us|please|my number)",
        "opt (me|us) [back] in",
        "(opt|opting) back in",
        "changed my mind (text|message|start|sign|send|please|resume|you can|keep|turn)",
        "(by mistake|by accident|accidentally|accident|mistake|didnt mean to|did not mean to) ~ (start"
        "|resume|keep|turn|sign|add|undo|resubscribe)",
        "(text|message|msg) me again [please|pls|thanks|anytime] $",
        "^ [please|yes|ok|sure] (keep|continue) (sending|texting|messaging) [me|us|FILL] [FILL] [TEXTS]"
        " [please|thanks] $",
    ),
    help=(
        "(help|assistance|info|information|support) (with|about|on|regarding) (these|this|your|the|my)"
        " [FILL] (TEXTS|subscription|number|program|service)",
        "^ (can|could|may) (i|you|u|someone) [please|pls] [get|have|give|send] [me|some|me some] help"
        " [please|pls] $",
        "^ (i|we) need [some] (help|assistance) [please|pls] $",
        "^ [please|pls] help [me|us] [please|pls|out] $",
        "^ [please] (can|could) (you|someone|somebody|anyone) [please] help [me|us] [please|out] $",
        "^ [hi|hello|hey|sorry|ok] (what is|whats) (this|this about|this for|this number|this message|this text)"
        " [please] $",
    ),
    doubt=(
        "(stop|quit|dont) TEXTING [me|us] about ... (just|but|only) (send|keep|text)",
        "(should|shall|must|would|could) (i|we) [just] (send|text|reply|type|say|write) (stop|end|quit|unsubscribe)",
        "what [do|must|should] (i|we) [have to|need to|must|should|do|gotta] (type|text|send|say|do|reply|press)",
        "if (i|we) (unsubscribe|opt out|stop|cancel|quit|text stop|send stop|reply stop|say stop)",
        "if (they|it|this|these|those) (do|does|is|are|cost|costs|will|keep)",
        "^ if ... (you can|then) (take|remove|stop|delete|unsubscribe|cancel)",
        "^ if (the|a|an|prices|price|my) ... (goes|go|is|are|comes|changes|does|happens|gets|dont|doesnt)",
        "(stop|quit|dont|do not|not|never) [FILL|you|u] (TEXTING|SEND|sending) [FILL] [FILL] (at|before"
        "|after|by|past) NUMBER",
        "(call|email|phone) me [please|and|but] (dont|do not|not) (text|message)",
        "(how|where|who) (do|can|would|could|to|did|should) [i|we|you|u|one] [FILL] (stop|unsubscribe|opt"
        "|get off|cancel|start|quit|turn|get|remove|end|make)",
        "how to (stop|unsubscribe|opt out|cancel|get off)",
        "^ [so|ok|wait|hi|hey|um] (do|should|can|could|would|must|shall|may) (i|we) [just|have to|need to"
        "|FILL] (text|reply|say|send|type|write|respond|answer) [with|FILL] (stop|unsubscribe|cancel|end"
        "|quit)",
        "(is|isnt) there [a|any] [way|option] [way|to] [to|i can|for me to] (stop|turn|make|end|remove|block"
        "|opt out|unsubscribe|get off|cancel)",
        "(thought|think|thinking|thinking of|thinking about|was|were|got|been) [i|we|about|of] [i|already"
        "|was|had] (unsubscribed|opted out|opting out|unsubscribing|cancelling|stopping)",
        "(my wife|my husband|she|he|they|someone) (unsubscribed|opted out|cancelled|stopped)",
        "^ stop (lol|haha|lmao|hahaha|omg|ur|ur)",
        "(what|whats|wht) (does|do|is|happens|about|if|will|would) ... (stop|unsubscribe|opt out|mean|happen)",
        "who (sent|texted|said|wrote|typed) stop",
        "(did not|didnt|never|havent|dont think i) [i|even|ever] (text|texted|say|said|send|sent|reply"
        "|replied|ask|asked|type|write) [to|for|FILL] (stop|unsubscribe|cancel|opt)",
        "(stop|unsubscribe|cancel|quit) ~ (actually|nvm|nevermind|never mind|just kidding|jk|jking|maybe"
        "|kidding|wait|ignore that|i mean start|i mean yes|i mean keep|i mean no|i mean dont|oops)",
        "^ (did|have) (you|u|they|yall) (lose|lost|forget|forgot|delete|deleted|remove|removed|erase|erased)",
        "(took|left|dropped|kicked|removed|taken|leaving) (me|us) (off|from|out of) (your|the|this|ur)",
        "^ [exactly|and|so] (where|which|when) ~ (off|out) ?",
        "alone for (a|one|two|five|ten|the) [few] (minute|moment|while|bit|second|minutes|night|day|rest)",
        "out of here", "never (told|asked) [you|anyone|anybody|them]",
        "to stop (following|looking|doing|seeing|worrying|working|playing|smoking|drinking|eating|talking|crying"
        "|shouting)",
        "(can|could|will|going to|gonna|well|ill|must|might|cant) stop (them|this|these|that|those) [now|please] $",
        "(told|asked) (them|him|her) to (stop|quit)",
        "keep (this|it) up and",
        "(reserve the right|reserve my right) to",
        "(opted out|unsubscribed|texted stop|said stop) ~ back (in|on)",
        "maybe (its|it is|we|they) [FILL|time] [should|could|to] (stop|unsubscribe|cancel|quit)",
        "^ if i (dont|do not|cant) ... then (stop|remove|take|unsubscribe|delete)",
        "(take|drop|remove|get|pull|cross) (me|us|him|her|my name|my son|my daughter) off ... (and|then) [just|please]"
        " (put|give|move|switch|add|sign|book) (me|us|him|her|my|it)",
        "^ [so|and|ok] (is|does|which|whats) [it] (stop|quit|end|unsubscribe)",
        "^ no more (texts|messages) ?",
        "^ if i (text|reply|send|say|type) stop (will|do|can|would|does|am)",
        "(stop|unsubscribe) (or|vs|and then|then) (start|not|continue|help|resume)",
        "(start|continue|resume) or (stop|unsubscribe)",
        "(might|thinking|not sure|unsure|considering|wondering) [about|if|i|should|FILL|to] [FILL|should] (stop"
        "|unsubscribe|cancel|opt|stopping|quit)",
        "(maybe|perhaps) (i|we|ill|should|just|its|they) [FILL|should] (stop|unsubscribe|cancel|opt|stopping|quit)",
        "^ (maybe|perhaps) (stop|unsubscribe|cancel|quit)",
        "(no|dont) stop $",
        "(stop|quit|dont|do not|not|never|please|pls) [FILL|you|u] (TEXTING|SEND|sending) [FILL] [FILL]"
        " [FILL] (so|too|very) (late|early|often|much|many|frequently|loud)",
        "(stop|quit|dont|do not|not|never) [FILL|you|u] (TEXTING|SEND|sending) [FILL] [FILL] [FILL] (late"
        "|early|at night|at work|on weekends|on the weekend|on weekdays|on sundays|on sunday|on saturdays|on"
        " saturday|on holidays|every day|everyday|every hour|daily|after|before|during|between|until|till"
        "|til|while|when|in the middle|in the morning|in the evening|at this hour|this early|this late|today"
        "|tonight|tomorrow|right now|twice|two times|at midnight|overnight|mornings|evenings|at dinner|in"
        " all caps|in spanish|in english|from this number|from two|from multiple)",
        "(stop|quit|dont|do not) [FILL] (TEXTING|SEND|sending) [FILL] (call|email|just call|call me|use"
        " email)",
        "(stop|quit|unsubscribe|remove|opt|take|cancel) [FILL|sending] [me|us|FILL] [out|from|off|with|FILL] [of|the"
        "|your|FILL] [the|your|FILL] (email|emails|e mail|e mails|newsletter|newsletters|calls|calling me|calling us"
        "|calling my|calling text|phone calls|mailings|catalogs|catalog|paper|flyers|mailer|mailers|voicemails)",
        "(dont|do not) (text|message|msg) [me|us] [just] (call|email)",
        "(texts|texting|text) (are|is) (fine|ok|okay|good|great)",
        "^ will (i|we|it|they|he|she|this|these|that|the|your) ... (stop|unsubscribe|quit|cancel|remove)",
        "^ (did|does|do|has|have|had|was|were|is|are|why|when) (i|we|you|u|yall|it|they|he|she|this"
        "|these|that|the|your) [guys|people|folks] ... (stop|stopped|unsubscribe|unsubscribed|quit|cancel"
        "|cancelled|canceled|removed|remove|opt|opted)",
        "(why|how come) (did|have|dont|do|are|r|has|havent|is) (you|u|yall|i|they|it)",
        "no more (texts|messages) (i liked|i like|i loved|i miss|i enjoyed|why|what happened|how come|did)",
        "(stop|end) [the|all] (texts|messages) (from|about) (other|everyone|others|someone)",
        "^ [why|because|but|so] (you|u|they|he|she|we) (dont|never|do not|didnt|stopped) (text|message"
        "|contact|texting|messaging|contacting) me [AGAIN]",
        "(why|because) (dont|didnt) (you|u) (text|message|contact)",
        "(keep|leave) (me|us) (on|in) [FILL|your] [FILL] list",
        "stop (him|her|my kid|my son|my daughter) [from]",
        "(reply|text|txt) stop to (opt out|end|unsubscribe|quit|cancel|stop)",
    ),
    harmless=(
        "(ill|i will|gonna|going to|im going to|we will|well) start (texting|messaging|sending)",
        "(shopping|to do|todo|grocery|wish|guest|waiting|wait) list",
        "stop (me|us) from",
        "(texting|text) (and|while|n) (driving|drive)",
        "remove (me|us) from (the|that|tonights|this) (waitlist|wait list|waiting list|schedule|roster|guest"
        " list|meeting|calendar|standby|guestlist|line|team|raffle)",
        "remove [me] [from] ... but keep",
        "(reply|text|send|txt|respond|msg|type) [with] stop (to|2|for) [be] (opt out|end|unsubscribe|quit"
        "|cancel|stop|opt|removed|opt out of)",
        "(stop) (to|2) (opt out|end|unsubscribe|quit|cancel|stop)",
        "(dont|do not|didnt|never|please dont) (ever|you|you dare|you ever|you guys|even|all) stop",
        "(cant|couldnt|can not|cannot|could not|wont|doesnt|didnt|dont|never|not|wouldnt|without|unable to)"
        " (stop|stopping|quit)",
        "(dont|do not|didnt|never|not) (unsubscribe|remove|cancel|delete|unsub|opt|end|take) [me|us|my|it"
        "|out|that|the]",
        "(dont|do not|didnt) (want|need|mean|like|wish|plan) to be (removed|taken off|unsubscribed|opted out"
        "|deleted|dropped)",
        "(dont|do not|didnt) (want|need|mean|like|wish|plan) to (stop|unsubscribe|opt out|cancel|quit|end|be"
        " removed)",
        "no need to (cancel|stop|remove|quit|unsubscribe)",
        "(wont|never|didnt|doesnt|not|dont|wouldnt|cant|couldnt) leave (me|us) alone",
        "not interested in (the|that|a|an|those|any of those|blue|red|that one|this one|it in)",
    ),
    compound=(
        "by the way",
        "(bus|truck|train|pit|rest|door|traffic|full|short|one|whistle|next|last|first|second|two|tram"
        "|subway|gas|quick|back|glottal|ferry|shuttle|hard|dead|trolley|metro|main|final|4 way|four way|tail"
        "|wheel) (stop|stops)",
        "(stop|stops|stopped|stopping) (by|sign|signs|light|lights|watch|gap|motion|loss|and shop|n shop)",
        "f stop [of|at|is] NUMBER",
        "(nonstop|stopwatch|stoplight|stopsign|doorstop|stopover|stoppage|stopper|backstop|pitstop|shortstop"
        "|unstoppable)",
    ),
    scenery=(
        "non stop",
        "(stop|stops|stopped|stopping) (in|over|off|at|shop|along|through|near|on the way)",
        "(stop|stops|stopped|stopping) (smoking|drinking|eating|crying|laughing|worrying|raining|snowing|bleeding"
        "|working|talking|playing|for|here|there|leak|leaking|payment|payments|delivery|deliveries|being|thinking"
        "|the water|the car|the bleeding|the bus|the train|the rain|the noise|the leak|the ibuprofen|the meds)",
        "stopping and starting",
        "opt out of the (damage|insurance|waiver|warranty|class|program|test|test|trial|study|protection"
        "|plan|coverage|survey|lunch|meal|tour|meeting|draft)",
        "(opt|opted|opting) (for|to)",
        "(cancel|cancelled|canceled|cancelling|canceling|cancels) [my|our|the|that|this|his|her|your|all|an"
        "|a|for] [NUMBER|monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|todays|tomorrows"
        "|next|dinner|lunch|hair|dental|doctor|dr|hotel|flight|table|old|second|first|pepperoni|large|small]"
        " (appointment|appt|apt|appts|appointments|order|orders|reservation|reservations|booking|meeting"
        "|class|flight|trip|lesson|visit|ride|pickup|delivery|service call|membership|game|practice|party"
        "|dinner|lunch|session|shift|room|tickets|ticket|cleaning|pizza|one|check|payment|card|tour|rental"
        "|insurance|policy|interview|slot|time|haircut|massage|exam|surgery|gym|plan|plans|date|call|the)",
        "(cancel|cancelled|canceled) [my|the|our|for|on] (NUMBER|monday|tuesday|wednesday|thursday|friday"
        "|saturday|sunday|today|tomorrow|tonight|tmrw|tmw)",
        "(have|had|need|has|want|trying) to cancel",
        "cancel (and reschedule|or reschedule|because|due|since|if)",
        "(quit|quits|quitting) (my|his|her|the|on|smoking|drinking|working|school|our|their|playing|last)",
        "(car|truck|phone|battery|engine|washer|dryer|ac|i|he|she|they|we|heater|fridge|who) (quit|quits)",
        "(end|ends|ended|ending) (of|up|in|on|at|with|result|date|time|zone|table)",
        "(the end|in the end|at the end|by the end|back end|front end|dead end|rear end|high end|low end"
        "|year end|month end|open end|other end|book end|end to end)",
        "(remove|removed|removing|remover|removal) (before|the|a|an|all the|old|item|items|one|two|snow"
        "|stain|makeup|tree|from my order|from the order|from order|from cart|from my cart|these stains)",
        "take off (the|work|early|a|my shoes|your shoes|monday|friday|tomorrow|for)",
        "(revoke|revoked) (his|her|their|the|its|access|license)",
        "no more (than|text books|textbooks|books|room|seats|milk|tickets|onions|left|snow|rain|excuses"
        "|worries|problems)",
        "text (books|book)",
        "wrong number on",
        "(palo|rialto|contr|rio) alto",
        "alto (sax|saxophone|clef|voice|section|part|singer|choir)",
        "baja (california|blast|fresh|sur|norte|fish|tacos)",
        "(the) (help|info) (desk|line|page)",
        "start (without|the|with|at|date|time|by)",
        "reported (to|for|it|the|a|that)",
        "stop sending (the|a|my|people|paper|your|ups|fedex|mail|checks|drivers|trucks|bills)"
        " [driver|drivers|guy|truck|bill|bills|kids|son|daughter|check|statements|statement]",
        "enough (for|of the|room|time|money|food|people|to|seats|space|about)",
    ),
    guard=(
        "stop", "stops", "stopped", "stopping", "stopp", "stoop it", "unsub", "unsubscribe", "unsubscribed",
        "unsubscribing", "unstop", "quit", "quitting", "cancel", "cancels", "cancelled", "canceled",
        "cancelling", "canceling", "cancellation", "cease", "desist", "halt", "discontinue", "discontinued",
        "terminate", "revoke", "revoked", "revoking", "withdraw consent", "remove", "removed", "removing",
        "removal", "delete", "deleted", "erase", "optout", "mailing list", "enough", "not interested",
        "no interest", "uninterested", "no thanks", "no thx", "spam", "spammer", "spammers", "spamming",
        "spammed", "scam", "scammer", "scammers", "phishing", "harass", "harassing", "harassment",
        "harrassment", "harassed", "bothering", "bother", "annoying", "annoyed", "unwanted", "unsolicited",
        "fcc", "ftc", "tcpa", "lawyer", "attorney", "lawsuit", "sue", "illegal", "complaint", "report",
        "reported", "reporting", "reports", "block", "blocked", "blocking", "do not call", "dnc", "consent",
        "permission", "im done", "i am done", "go away", "get lost", "buzz off", "piss off", "fuck off",
        "f off", "fuck you", "fu", "shut up", "give it a rest", "knock it off", "cut it out", "fed up",
        "nothing to do with (you|these|yall)", "(shouldnt|should not|not supposed to) be (getting|receiving|on|in)",
        "(my|his|her|our) (daughters|sons|kids|moms|dads|wifes|husbands|childs|mothers|fathers|work|business|company"
        "|personal) (phone|cell|number|line|mobile)",
        "(kids|childs|minors|work|business) (phone|number|line)",
        "landline", "not me", "(by|with) that name", "(meant|intended) for (somebody|someone|another)",
        "(correct|update|fix) your (records|list|lists|system|database)",
        "not (his|her|their|the right|the correct) (number|phone|cell)", "(dont|do not) reply to (this|me)",
        "instead of (texting|texts|text)", "^ (can|could) (you|u) not $",
        "(please|pls) (dont|do not) $", "wrong (house|address|family|lady|man|woman|dude)",
        "(changed|got|have) [my|a|his|her] [new] number",
        "clear off", "sod off", "bugger off", "jog on", "get stuffed",
        "go to hell", "disable", "do one", "stahp",
        "deceased", "passed away", "unlist", "unenroll", "unregister", "deregister", "deactivate", "mute",
        "silence", "optin",
        "(from|off|on) [FILL] [FILL] (list|lists)",
        "(opt|opted|opting) [me|us] out",
        "(take|took|taken|taking|get|got|getting|come|been) [me|us|FILL] [FILL] off",
        "off [of] [FILL] [FILL] list",
        "(dont|do not|donot|dnt|never|not|no longer|wont|nobody|shouldnt|cant) [ever|you|FILL|want] [to]"
        " [you] (SEND|TEXTING|send|sending|TEXTS|receive|receiving|hear from)",
        "(no more|no further|any more|anymore)",
        "no thank (you|u)",
        "nah (stop|im good)",
        "wrong (number|person|#|num|guy|phone)",
        "(leave|let) (me|us) [alone|be]",
        "lose [my|this] (number|num)",
        "(keep|kept|keeps) (texting|messaging|sending|getting|bothering|contacting|bugging)",
        "(why|how|who) ... (get|got|have|gave|texting|messaging|contacting|keep) [FILL] [my|this|me|me your]",
        "(never|didnt|did not|dont remember|dont recall) [ever] (sign|signed|signing|subscribe|subscribed"
        "|ask|asked|gave|give|request|requested|agree|agreed|opt|opted|authorize|authorized|consent) [up|for"
        "|to|in]",
        "done with (this|you|these|it)",
        "screw (you|off)",
        "(sick|tired) of",
        "hate (these|this|you)",
        "too many (texts|messages|texts from|msgs)",
        "(why|how) am i [still|even] (getting|receiving|on)",
        "who (sent|texted|said|wrote) stop",
        "(new|not my|not the right|different|old) (number|phone|person|owner)",
        "(this|that|it) (isnt|is not|aint) (me|him|her|my)",
        "no longer [at|with|own|owns|the|a|live|lives|work|works|customer|interested]",
        "i (moved|dont live|have moved)",
        "(dont|do not) know (you|who you are|this|any|a|who this is)",
        "(turn|shut|switch) [FILL] [FILL] off",
        "(pause|hold|hold off|snooze|fewer|less|slow down|cut back|too many|too much|too often|so many|way"
        " too)",
        "over (this|it|these)",
        "(text|texting|message|messaging) [me] (less|too|so|a lot|alot)",
        "(my|get my|got my|see my|receive my) stop",
        "out of (my|this) phone",
        "(text|txt|reply|send|say|type) stop",
    ),
)
# fmt: on
