"""Words that together may be about stopping, in any language: one that refuses or ends, one for messages or lists.

The phrases of the languages say STOP. This is for what no phrase has: such a pair in one sentence is UNCLEAR, which
changes nothing while a pair is open, and lets nobody be texted again who has said STOP. So it may be generous.
"""

# fmt: off
REFUSES = frozenset((
    # English
    "no", "not", "nothing", "finish", "never", "without", "cease", "off", "dint", "remove", "delete",
    # Spanish, Portuguese, Italian
    "nunca", "jamas", "basta", "borrad", "borradme", "borrenme", "borrar", "sacar", "sacarme", "saquen",
    "quitar", "desactivar", "desactiven", "desactivenlos", "cortenla", "cansado", "nao", "nn", "n", "anular",
    "bloqueia", "bloquear", "retirar", "retirem", "cancelar", "chega", "disattiva", "disattivare", "non", "piu",
    "togliere", "toglietemi",
    # French
    "pas", "pus", "plus", "jamais", "aucun", "desiste", "arreter", "inutile", "retirer", "retirez",
    "desabonne",
    # German and its dialects
    "nicht", "ned", "net", "nimmer", "nix", "kein", "keine", "kan", "abstellen", "kundige", "kundigen",
    "aufhoren", "loschen", "austragen", "genug", "schluss", "nod", "nut",
    # Dutch, Scandinavian languages, Finnish
    "geen", "niet", "nooit", "stoppen", "kappen", "rot", "inte", "inga", "aldrig", "ikke", "ingen", "slutt",
    "sluta", "ei",
    # Polish, Czech, Slovak, Croatian
    "nie", "odwolaj", "odczepcie", "przestancie", "dosc", "nechci", "ne", "nemojte", "dost",
    # Turkish
    "istemiyorum", "gondermeyin", "gonderilmemesini", "cikar", "cikarin", "cikarir", "birakin", "kapatin",
    "kapatabilirsiniz", "cik", "yeter", "silin",
    # Romanian, Hungarian
    "nu", "mai", "dezabonati", "dezabonare", "nem", "ne", "eleg", "toroljetek",
    # Indonesian, Malay, Filipino, Vietnamese
    "jgn", "jangan", "ga", "gak", "nggak", "tidak", "tdk", "wag", "huwag", "ayaw", "dung", "khong", "ngung",
    # Hindi and Urdu in Latin letters
    "nahi", "nahin", "mat", "band",
))
"""Refusing, negating, ending or removing."""

MESSAGES = frozenset((
    "sms", "spam", "newsletter", "whatsapp", "mensajes", "mensajitos", "msj", "msjs",
    "mensagem", "mensagens", "message", "messages", "mesaj", "mesaje", "mesajlar", "mesajlarini", "messaggi",
    "messaggio", "nachricht", "nachrichten", "berichten", "berichtje", "berichtjes", "wiadomosci", "wiadomosc",
    "zpravy", "uzenet", "pesan", "tin", "promo", "promos", "promocao", "promocoes", "promocion", "promociones",
    "ofertas", "oferta", "offres", "pub", "pubs", "publicidad", "publicidade", "propaganda", "pubblicita",
    "werbung", "reclame", "reklama", "reklamy", "reklam", "iklan", "avisos", "aviso", "erinnerungen", "rappels",
    "envois", "aanbiedingen", "meldungen", "kampanya", "comunicados", "subskrypcje", "subscripcion",
    "suscripcion", "inscricao", "abo", "lista", "liste", "lijst", "listy", "listeden", "difusion", "bestand",
    "verteiler", "numero", "numeri", "nummer", "numer", "telefone", "cadastro", "uyelikten", "textez",
    "ecrire", "ecrivez", "scrivetemi", "scrivere", "schreiben", "schriibe", "schreibt", "schicken",
    "schickts", "schickt", "mandem", "mandar", "manden", "mandes", "mandando", "enviar", "envien", "envoyer",
    "envoyez", "versturen", "stuur", "sturen", "pisac", "piszcie", "wysylajcie", "yazmayin", "yollamayin",
    "kirim", "kirimin", "contacted", "contactar", "contacter", "contattare", "bhejo", "bhejna",
    "karna", "kriegen", "recibir", "receber", "recevoir", "dostawac", "skicka", "send", "sende", "text", "texts",
    "notifs", "notifications",
))
"""Messages, sending them, and the lists and numbers that they go to."""

DENIES = frozenset((
    "dont", "never", "not", "no", "nope", "wont", "cant", "if", "unless", "nunca", "jamas", "jamais", "pas", "nicht",
    "nie", "kein", "keine", "niet", "nooit", "geen", "non", "mai", "nao",
))  # fmt: skip
"""Words beside which nobody is let in again by a request that stands in a sentence."""
