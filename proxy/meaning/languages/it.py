"""Italian."""

from proxy.meaning.languages.table import Language

# fmt: off
TABLE = Language(
    name="it",
    stop_words=(
        "disattiva", "disiscrivimi", "cancellami", "disiscrivetemi",
        "fermati", "fermatevi", "ferma", "smettila", "smettetela", "cancellami", "cancellatemi", "disiscrivi",
        "disiscrivimi", "disiscrizione", "annulla iscrizione", "cancella", "disdici", "disdire", "rimuovi",
        "rimuovimi", "basta messaggi", "basta sms", "interrompi", "annulla", "cancellazione", "annullare", "cancellare",
    ),
    resume_words=(
        "riprendi", "inizia", "ricomincia", "continua", "iscrivimi", "riattiva",
    ),
    help_words=(
        "aiuto",
    ),
    courtesy=(
        "per", "favore", "grazie", "prego", "subito", "ora", "adesso", "ciao", "buongiorno", "cortesia", "si",
        "mille", "salve",
    ),
    classes={
        "SMS": "messaggi|messaggio|sms|messaggini|notifiche|pubblicita|promozioni|offerte|spam|avvisi"
        "|msg|comunicazioni",
        "SCRIVERE": "scrivermi|scriverci|scrivere|mandarmi|mandare|inviarmi|inviare|messaggiarmi|messaggiare"
        "|contattarmi|contattare|disturbarmi|disturbare|importunarmi|tormentarmi|assillarmi"
        "|chiamarmi|infastidirmi|rompere|stressarmi|mandarci|inviarci|telefonarmi",
        "SCRIVETE": "scrivete|scriva|scrivi|scrivetemi|mandate|mandi|manda|mandatemi|mandatemene|inviate"
        "|invii|invia|inviatemi|contattate|contatti|contattatemi|disturbate|disturbatemi"
        "|chiamate|chiamatemi|messaggiate",
        "TOGLIERE": "toglietemi|toglimi|togliermi|cancellatemi|cancellami|cancellarmi|rimuovetemi|rimuovimi"
        "|rimuovermi|eliminatemi|eliminami|eliminarmi|levatemi|levami|disiscrivetemi"
        "|disiscrivimi|depennatemi",
        "CANCELLI": "cancellate|cancella|cancelli|cancellare|rimuovete|rimuovi|rimuovere|eliminate|elimina"
        "|eliminare|togliete|togli|togliere|dimenticate|levate",
    },
    stop=(
        "(voglio|vorrei|desidero|chiedo) [di] essere (cancellato|cancellata|rimosso|rimossa|tolto|tolta|eliminato"
        "|eliminata)",
        "non ne posso piu (di|dei|con|delle) [questi|vostri|vostre|queste] (sms|messaggi|messaggini|pubblicita"
        "|offerte)",
        "(smettetela|smettila|smetta|smettete|smetti|smetterla|finitela|finiscila|piantatela|piantala|basta"
        "|finite) [subito|per favore] [di|con|coi|a] [i|questi|tutti questi|vostri|i vostri|continuare a]"
        " (SCRIVERE|SMS|questi)",
        "(basta|stop|niente|nessun|mai) [con|ai|coi|piu|agli|altri] [i|questi|questi|vostri|altri] [piu"
        "|altri] SMS",
        "non (SCRIVERE|SCRIVETE|mi SCRIVETE|mi SCRIVERE|mi|ci|voglio|desidero|vogliamo|inviatemi) [SCRIVETE"
        "|SCRIVERE|piu|ricevere] [piu|ricevere|altri|i vostri|vostri|niente] (piu|ricevere|SMS|nulla|niente)",
        "non (SCRIVETE|mi SCRIVETE) $",
        "non (voglio|desidero|intendo) [piu] (ricevere|essere|SMS)",
        "non mi (SCRIVETE)",
        "TOGLIERE [subito|per favore|immediatamente] [da|dalla|dai|dal|dalle] [vostra|lista|elenco|vostri"
        "|questa|database|contatti]",
        "(CANCELLI) [subito|per favore] (il mio|questo|i miei|il) (numero|contatto|nome|dati|cellulare|telefono)",
        "(lasciatemi|lasciami|lasciateci) (in pace|stare|perdere)",
        "(annullate|annullare|annulla|disdire|disdico|cancellare|cancella) [la|mia|l] [mia] (iscrizione"
        "|liscrizione|sottoscrizione)",
        "numero sbagliato ~ (non|basta|smettete|smettetela|cancellate|togliete|rimuovete)",
        "(revoco|ritiro) [il|mio|il mio] (consenso|autorizzazione)",
    ),
    resume=(
        "(voglio|vorrei|desidero) [di nuovo|tornare a] ricevere ... (di nuovo|ancora|nuovamente|SMS)",
        "(iscrivetemi|riscrivetemi|reiscrivetemi|riattivate|iscrivimi) [di nuovo|nuovamente|i|SMS]",
        "(potete|puoi) (scrivermi|mandarmi) [di nuovo|ancora|nuovamente]",
    ),
    help=(
        "^ [ciao|salve] [ho|abbiamo] bisogno di (aiuto|assistenza) [per favore|grazie] $",
        "^ (aiutatemi|mi aiuti|mi aiutate|mi potete aiutare|mi puo aiutare|potete aiutarmi|puo aiutarmi)"
        " [per favore] $",
        "^ [ciao|salve] (cose questo|che cose questo|di cosa si tratta) [messaggio|numero] $",
    ),
    doubt=(
        "non (ho|abbiamo) [mai|ancora|piu] (ricevuto|avuto)",
        "non [mi] e [mai|ancora] arrivato",
        "come (faccio|posso|si fa) [a|per] (smettere|non|cancellarmi|disiscrivermi|fermare|togliermi"
        "|annullare)",
        "non (smettete|smettere|smettetela|fermatevi) [di|mai]",
    ),
    scenery=(
        "(annullare|annulla|cancellare|cancella|disdire) [il|la|mio|mia|l] [mio|mia] (appuntamento|ordine"
        "|prenotazione|volo|visita|tavolo|lezione|lappuntamento|lordine)",
        "(fine|alla fine) [del|della|settimana|mese]",
        "alla fine",
        "(ferma|fermata) (del|bus|qui|al|in|autobus)",
        "fermata",
    ),
    guard=(
        "basta", "smettetela", "smettila", "smetta", "smettere", "smettete", "ferma", "cancellare", "TOGLIERE",
        "disiscrivere", "numero sbagliato", "no grazie", "in pace", "stalking", "molestie", "avvocato",
        "denuncia", "privacy", "stufo", "stufa", "rotto",
        "non (interessa|mi interessa|sono interessato|sono interessata)",
        "(non|mai|niente) ... (piu|SMS|SCRIVETE|SCRIVERE)",
    ),
)
# fmt: on
