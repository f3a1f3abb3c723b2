"""Everyday words of one language that a keyword of another, or a slip of the finger, could be taken for.

All languages are always on, so a word is read without knowing whose it is. Found by reading the 25,000 most frequent
words of 25 languages (tests/meaning/test_everyday.py does so again): none of them may read as STOP, but for the stop
words of that very language.
"""

# fmt: off
NO_SLIPS = frozenset((
    "aalto", "apprete", "arbete", "arete", "ariete", "arrere", "avrete", "canell", "carcel", "cikk", "duur",
    "eend", "kancelar", "kancellar", "paare", "paaren", "pancel", "parre", "rarete", "reet", "rekove", "renove",
    "renovee", "rett", "romove", "sonn", "soon",
))
"""Ordinary words, in plain form, that are a letter away from a keyword: never its misspelling."""

UNCLEAR_ALONE = frozenset((
    "acha", "arreta", "arretee", "arretera", "arretes", "arrets", "cik", "dame", "darme", "deme", "denme",
    "discontinued", "dung", "dur", "ferma", "huy", "kappen", "optou", "peru", "removeu", "ret", "scoop", "scop",
    "snoop", "snop", "snopp", "son", "stip", "stoc", "stod", "stoep", "stof", "stoff", "stog", "stoi", "stok",
    "stokk", "stol", "stoll", "stom", "stoom", "stoor", "stopa", "stope", "stopu", "stopy", "stor", "stos",
    "stoss", "stov", "stoy", "stp", "stup",
))
"""Everyday words that ask to stop in another language, or are one slip from "stop": as a whole message they might be
about stopping, and are UNCLEAR, whatever courtesy is around them. With courtesy of the language that they ask to stop
in, and as keywords in the settings, they are STOP. In a sentence they count as before."""

UNCLEAR_SLIPS = frozenset((
    "ende", "ends", "ene", "ens", "env", "fend", "ned", "qui", "quilt", "rend", "send", "suit", "uit",
))
"""Everyday words that are one slip from "quit" or "end": as a whole message they are UNCLEAR."""

NO_SLIPS_OF_OBJECTS = frozenset((
    "agawin", "agzin", "ake", "alert", "alerta", "alertas", "alerte", "alertes", "ant", "atop", "avain", "bever",
    "cancelo", "cont",
    "contracting", "csend", "deceive", "deceiving", "delege", "deleted", "deletes", "delte", "deplete", "dint",
    "dobt", "don", "dong", "dot", "eend", "elete", "end", "ending", "enver", "ever", "fake", "font", "furn", "gain",
    "hake", "hever", "humber", "lease", "messaged", "messager", "neber", "neder", "neer", "nefer", "neger", "nerver",
    "neve", "neved", "nevere", "nevet", "notification", "numbed", "numer", "ont", "pease", "pleas", "pleased",
    "pleaser", "pleases", "qui", "quilt", "quot", "rake", "received", "receiver", "receives", "rekove", "reminder",
    "removed", "remover", "removes", "renove", "ront", "sant", "sed", "sen", "sende", "sendin", "sendong",
    "sends", "sendung", "sene",
    "senf", "sens", "sensing", "shop", "shopping", "slamming", "sned", "sont", "sop", "stip", "sto", "stol", "stoop",
    "stooping", "stopp", "stp", "strop", "suit", "tae", "taek", "taie", "tak", "taker", "takes", "takie", "takke",
    "takle", "tale", "tame", "taske", "testing", "tests", "text", "texte", "textes", "top", "topping", "trun", "tuen",
    "tun", "tur", "turen", "turm", "uit", "urn", "vont", "wagt", "wan", "wang", "wasnt", "wat", "wending", "wont",
    "zend", "zending",
))
"""Words of everyday use that are a slip of the finger away from a word of a request (testing, tests, furn)."""

NOT_ALIKE = frozenset((
    "advertisement", "ake", "alert", "alerta", "alerte", "alien", "aline", "allen", "ame", "anna", "ant", "atop",
    "bater", "batter", "bet", "beter", "better", "biter", "bitter", "bordering", "bot", "botar", "boter", "bothers",
    "brother", "butter", "byter", "cancels", "case", "ceased", "ceases", "cese", "cesse", "communication",
    "conceal", "conducted", "conducting", "connected", "connecting", "cont", "contactar", "contacte", "contacten",
    "contacter", "contacto", "contactos", "contacts", "contained", "containing", "contested", "contesting",
    "contract", "contracted", "contracten", "contracting", "contracts", "contrasted", "contrasting", "convicted",
    "crease", "cuit", "cuite", "dante", "databas", "databases", "deceive", "deceiving", "delat", "delit", "dent",
    "dente", "depleted", "deport", "dever", "dient", "dilute", "diluted", "doente", "don", "dong", "dot", "drom",
    "drong", "ease", "eed", "eend", "eer", "eff", "end", "ending", "ent", "erom", "eve", "ext", "fake", "fet",
    "fever", "font", "form", "frame", "fro", "froh", "fron", "gain", "game", "geh", "geht", "ger", "gert", "gest",
    "gett", "got", "grup", "gst", "hagan", "haken", "heed", "het", "hoffe", "hone", "hore", "hot", "hour", "ist",
    "jour", "kist", "kopt", "kut", "lasst", "last", "laste", "lave", "lease", "least", "leaves", "leest", "lest",
    "leste", "leve", "liat", "liest", "liet", "lieve", "lijst", "lis", "liste", "listy", "lit", "lits", "llave",
    "lleve", "lode", "loe", "lone", "loose", "los", "loser", "loses", "loss", "losse", "lost", "loste", "lowe",
    "lust", "mag", "maire", "mame", "mare", "marre", "meg", "mensagens", "mere", "miare", "mire", "mode", "moe",
    "moge", "moore", "mord", "morde", "morre", "morse", "morte", "mot", "mote", "msb", "muere", "muore", "nae",
    "nahe", "nam", "named", "names", "ned", "nee", "needs", "neef", "neer", "nerd", "net", "neve", "nivaer", "nog",
    "noot", "nor", "nothin", "notificacion", "notification", "noting", "numbers", "numer", "of", "ofc", "oft",
    "oht", "okt", "ont", "oof", "ore", "orf", "ose", "other", "ouf", "our", "pam", "phoned", "phones", "place",
    "pleased", "pleases", "pone", "pose", "pot", "promocion", "promoting", "promotion", "promotional", "promozione",
    "proportions", "put", "quete", "qui", "quiet", "quilt", "quite", "quitte", "quote", "rake", "raken", "received",
    "receiver", "receivers", "receives", "receptive", "relieving", "remainder", "reminder", "remover", "removes",
    "repot", "ret", "rever", "riceve", "rom", "salone", "sam", "sand", "sande", "sanna", "sant", "scende",
    "sebanding", "sed", "seeding", "sen", "sends", "sendung", "sens", "sensing", "sever", "shop", "shopping",
    "sind", "slam", "slamming", "solicitation", "sonde", "sont", "sound", "sounding", "spa", "span", "spending",
    "stap", "stepping", "sto", "stol", "stomping", "stopp", "stp", "stripping", "subscribed", "subscriber",
    "subscriptions", "suit", "sund", "sunde", "syncing", "synd", "tae", "taker", "takes", "takie", "takkan",
    "takken", "tale", "talen", "tame", "tasse", "tat", "tease", "tecken", "tekan", "teken", "tese", "test",
    "tested", "testing", "tests", "tex", "texte", "texter", "textes", "thaise", "thee", "theses", "those", "token",
    "top", "topping", "tour", "tycke", "uff", "uit", "vease", "veer", "ver", "vet", "vont", "wan", "wang", "wann",
    "wasnt", "wat", "weint", "went", "wint", "wohnt", "wong", "wont", "woont", "wrog", "yet", "you", "youd",
    "youre",
))
"""Words of everyday use that sound like a word of a request (least, those, brother), or nearly are one."""

DENIES = frozenset((
    "dont", "doesnt", "didnt", "isnt", "never", "not", "no", "nope", "wont", "cant", "if", "unless", "nunca", "jamas",
    "jamais", "pas", "nicht",
    "nie", "kein", "keine", "niet", "nooit", "geen", "non", "mai", "nao",
))  # fmt: skip
"""Words beside which nobody is let in again by a request that stands in a sentence."""
