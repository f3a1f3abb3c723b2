"""Dutch."""

from proxy.meaning.languages.table import Language

# fmt: off
TABLE = Language(
    name="nl",
    stop_words=(
        "afmelden", "uitschrijven", "afmelding", "stoppen", "opzeggen", "meld af", "schrijf uit",
        "verwijder mij", "verwijderen", "beëindigen", "ophouden", "stop ermee", "hou op", "houd op", "kappen",
        "einde",
    ),
    resume_words=(
        "aanmelden", "hervatten", "opnieuw aanmelden", "doorgaan", "beginnen",
    ),
    help_words=(
        "hulp",
    ),
    courtesy=(
        "aub", "alstublieft", "alsjeblieft", "bedankt", "dank", "graag", "nu", "direct", "hallo", "hoi", "svp",
        "je", "wel", "ajb", "ja", "meteen",
    ),
    classes={
        "SMS": "berichten|bericht|berichtjes|sms|smsen|sms en|smsjes|smsje|appjes|tekstberichten"
        "|meldingen|reclame|spam|aanbiedingen|notificaties|texts|appen",
        "STUREN": "sturen|sms en|smsen|berichten|contacteren|texten|appen|mailen|schrijven|bellen"
        "|lastigvallen|benaderen|lastig te vallen|spammen|contact opnemen|lastig vallen",
        "MIJ": "mij|me|ons|mijn nummer|dit nummer|mijn naam|mijn gegevens|mijn telefoonnummer|m n"
        " nummer|mn nummer",
    },
    stop=(
        "niet [meer] (het|mijn|zijn|haar) nummer ... (haal|verwijder|verwijderen|weg)",
        "hoef (dit|dat|ze|het|deze) niet meer",
        "(stop|hou|houd|stoppen|kap|ophouden) [aub|nu|eens|alsjeblieft] [op|er] [mee|met|om] [met|het|die"
        "|mij|me|deze] [die|deze|mij|me|het] (STUREN|SMS|het sturen)",
        "(stop|hou|kap) ermee",
        "(geen|nooit) [meer|verdere|van die] SMS",
        "(haal|verwijder|schrap|gooi|wis|delete|schrijf|streep) (MIJ) [aub|alsjeblieft] [van|uit|af|op]"
        " [de|jullie|uw|deze|je|die|het] [lijst|bestand|systeem|database|mailinglijst|verzendlijst"
        "|adreslijst]",
        "(haal|verwijder|schrap|wis) [aub] (MIJ)",
        "stuur (mij|me|ons) [aub|alsjeblieft] (geen|niets|niet|nooit)",
        "niet meer [te|willen|aan mij] (STUREN|ontvangen|krijgen)",
        "(wil|wens|wilt|hoef) [ik|u|je] [niet|geen|niks] [meer|langer] [SMS|van jullie|van u] [meer] (SMS"
        "|ontvangen|krijgen|meer)",
        "(ik) (wil|wens|hoef) [niet|geen] [meer|langer] (SMS)",
        "(laat|laten) [me|mij|ons] [toch|aub|nu] met rust",
        "(meld|schrijf) (me|mij|mijn nummer) [aub] (af|uit)",
        "(verkeerd|fout) nummer ~ (stop|verwijder|niet|haal|geen)",
        "(niet|nooit) [meer] (sms en|smsen|sturen|appen|contacteren)",
        "(trek|herroep|intrek) [ik|mijn|hierbij] [mijn] toestemming",
    ),
    resume=(
        "(wil|graag) [ik|weer|opnieuw] (weer|opnieuw) SMS [ontvangen|krijgen]",
        "(meld|schrijf) (me|mij) (weer|opnieuw) (aan|in)",
        "(stuur|begin) [me|mij|met] weer [SMS|sturen]",
    ),
    help=(
        "^ [hallo] (ik heb|we hebben|wij hebben) [aub] hulp nodig [aub] $",
        "^ [hallo] (kunt u|kan u|kun je|kan je|kan iemand) (mij|me) [aub|alsjeblieft] helpen [aub|alsjeblieft] $",
        "^ [hallo] (wat is dit|waar gaat dit over) [voor bericht|voor nummer] $",
    ),
    doubt=(
        "(heb|hebben|had) ... geen ... (gekregen|ontvangen|gehad)",
        "(kreeg|kregen|ontving) ... geen",
        "hoe (kan|kom|meld|stop|zeg|moet) [ik|je] [van|me|deze|dit|mij|hiermee|afmelden|stoppen]",
        "niet stoppen",
    ),
    harmless=(
        "(kan niet|kon niet) (stop|stoppen)",
    ),
    scenery=(
        "(einde|eind) (van|vd|week|maand|dag)",
        "afspraak (afzeggen|annuleren|verzetten)",
        "(bestelling|afspraak|reservering) (annuleren|verwijderen)",
    ),
    guard=(
        "stoppen", "ophouden", "afmelden", "uitschrijven", "opzeggen", "verwijder", "verwijderen",
        "verkeerd nummer", "geen interesse", "niet geinteresseerd", "met rust", "lastig", "klacht", "genoeg",
        "einde", "haal MIJ", "lijst",
        "(hou|houd) [er|nu] [mee] op",
        "nee (bedankt|dank je|dank u)",
        "(geen|niet|nooit) ... (meer|SMS|STUREN)",
    ),
)
# fmt: on
