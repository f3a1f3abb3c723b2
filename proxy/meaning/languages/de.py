"""German. Umlauts are without dots after normalisation; ``ae``, ``oe`` and ``ue`` are listed where usual."""

from proxy.meaning.languages.table import Language

# fmt: off
TABLE = Language(
    name="de",
    stop_words=(
        "abmelden", "abbestellen", "aufhören", "aufhoeren", "abmeldung", "austragen", "löschen", "kündigen",
        "widerruf", "stoppen", "ende", "schluss", "bitte abmelden", "stop sms", "hör auf", "hören sie auf",
        "keine sms mehr", "nicht mehr", "abbestellung",
    ),
    resume_words=(
        "anmelden", "wieder anmelden", "fortsetzen", "weiter", "beginnen",
    ),
    help_words=(
        "hilfe",
    ),
    courtesy=(
        "bitte", "danke", "hallo", "sofort", "endlich", "jetzt", "doch", "mal", "vielen", "dank", "guten",
        "tag", "ja", "mfg",
    ),
    classes={
        "SMS": "sms|nachrichten|nachricht|texte|werbung|mitteilungen|benachrichtigungen|newsletter|spam"
        "|infos|angebote|anrufe|whatsapps|mails",
        "SCHREIBEN": "schreiben|schreibt|schreib|texten|kontaktieren|anschreiben|senden|schicken|belastigen"
        "|belaestigen|nerven|zusenden|simsen|zuschicken|anrufen|spammen|storen",
        "LOSCHEN": "loschen|loeschen|losche|loesche|loscht|loescht|entfernen|entferne|entfernt|streichen"
        "|streiche|streicht|nehmen|nehmt|nimm|nehme|austragen|tragen|tragt|trag|vergessen",
        "MICH": "mich|uns|meine nummer|diese nummer|meine daten|meinen namen|meinen kontakt|meine"
        " handynummer|meine telefonnummer|meine mobilnummer|die nummer",
    },
    automatic=(
        "(ich|fahre) [fahre] gerade auto",
        "(automatische|abwesenheits) (antwort|nachricht|notiz)",
        "abwesenheitsnotiz",
    ),
    stop=(
        "(gebt|gib|geben) [sie|mir|uns|endlich|doch] [endlich] ruhe",
        "^ [bitte] (lasst|lass|lassen) [sie|es] das [bitte|sein|endlich|bleiben] $",
        "(nummer|handynummer|daten) [bitte|sofort] (loschen|entfernen|streichen|raus)",
        "aus (der|dem|eurer|ihrer|deiner) (liste|verteiler|datenbank|kartei) (streichen|loschen|nehmen|entfernen|raus)",
        "keine lust [mehr] auf (eure|ihre|diese|deine) SMS",
        "schreibt (jemand|wem) (anderem|anders)",
        "(werbung|nachrichten|sms) (unerwunscht|nicht erwunscht|verboten|unerwuenscht)",
        "keine weiteren (kontaktaufnahmen|kontakte|kontaktaufnahme)",
        "(verschont|verschonen) [sie] (mich|uns)",
        "^ [bitte] ich (will|mochte|moechte|brauche) das (nicht|alles nicht) [mehr] $",
        "(nie|niemals) wieder (schreiben|schreibt|schreib|melden|kontaktieren|anschreiben|texten)",
        "kein interesse [mehr|danke] [bitte] (loschen|loeschen|abmelden|austragen|streichen|aufhoren)",
        "(nummer|handynummer|namen) ... (verteiler|liste|datenbank|system) ... (nehmen|loschen|streichen|entfernen"
        "|raus)",
        "(horen|hor|hort|hoeren|hoer|hoert) [sie|bitte|endlich|doch|mal] [bitte|endlich] auf [mir|mich|uns"
        "|damit|mit|bitte] [zu|staendig|diese|diesen|den]",
        "(aufhoren|aufhoeren) [mir|mich|uns|mit|bitte] [zu|diesen|den|SMS] [SCHREIBEN|SMS]",
        "(schreiben|schreibt|schreib|senden|sendet|schicken|schickt|schick|schicke|kontaktieren|kontaktiert"
        "|belastigen|texten|textet|rufen|storen) [sie|ihr] [mir|mich|uns|bitte] [bitte] [nicht|nie|keine"
        "|nichts|kein] [mehr|wieder] [SMS] (mehr|wieder|SMS|nicht|keine|nichts|an|nie)",
        "(keine|kein|nie|keinerlei) [weiteren|weitere|mehr|solche|solchen|werbe] SMS [mehr|bitte|erhalten"
        "|bekommen]",
        "nicht mehr (SCHREIBEN|erhalten|bekommen|kontaktiert|angeschrieben|melden)",
        "(mochte|moechte|will|wunsche|wuensche|wollen|brauche|wollte) [ich|bitte|von ihnen] [keine|nicht"
        "|nichts|kein] [mehr|weiteren|weitere|von] [SMS|ihnen|euch] [mehr|erhalten] (SMS|mehr|kontaktiert"
        "|erhalten|bekommen|haben|horen)",
        "(LOSCHEN) [sie|ihr] [bitte|sofort] [MICH] [bitte|sofort] (MICH|aus|von|raus)",
        "(LOSCHEN) [sie] [bitte|sofort] (MICH)",
        "(MICH) [bitte|sofort] [aus|von] [dem|der|ihrer|eurer|ihrem|eurem|diesem] [verteiler|liste|datenbank"
        "|system|kartei] (LOSCHEN|entfernen|streichen|abmelden|nehmen)",
        "(melden|meldet|meld|melde|trage|tragen) [sie] (mich) [bitte|sofort] [hier|hiermit] [wieder] (ab|aus)",
        "mich [bitte|hiermit] (abmelden|austragen|abmelde)",
        "(meldet|meldt|melden sie|melde|meld) (mich|uns) [bitte|sofort|endlich] [von|SMS] [von|SMS|euch] ab",
        "(lassen|lasst|lass|lasse) [sie] (mich|uns) [bitte|endlich] in (ruhe|frieden)",
        "(stoppen|stoppt|stopp|stop|beenden|unterlassen|einstellen) [sie|bitte|mit] [bitte|sofort] [die"
        "|diese|alle|den|dem|ihre|eure|mit] [den|diesen|alle] SMS",
        "(falsche nummer|falsch verbunden) ~ (bitte|nicht|loschen|horen|stopp|keine|aufhoren)",
        "(widerrufe|ziehe) [ich|hiermit|meine] [hiermit|meine] (einwilligung|zustimmung|einverstandnis"
        "|erlaubnis)",
        "unterlassen sie",
        "(SMS) (abbestellen|abmelden|stoppen|einstellen)",
    ),
    resume=(
        "(wieder|erneut) [SMS] (anmelden|erhalten|bekommen|schreiben|senden|schicken|aufnehmen|empfangen)",
        "(schreiben|senden|schicken|melden) [sie] (mir|mich) [bitte] wieder",
        "(meldet|melden sie|melde) (mich|uns) [bitte] wieder [bitte|fur] [die|eure|ihre|SMS] [SMS] an",
        "(meldet|melden sie) (mich|uns) [bitte] wieder an",
    ),
    help=(
        "^ [hallo] [ich|wir] (brauche|brauchen|benotige|benotigen) [bitte|ihre] hilfe [bitte] $",
        "^ [hallo] (konnen sie|kannst du|konnt ihr|kann jemand) mir [bitte] helfen [bitte] $",
        "^ [hallo] (was ist das|worum geht es|um was geht es) [hier|bitte] $",
    ),
    doubt=(
        "(habe|hab|haben|hatte) ... (kein|keine|keinen) ... (bekommen|erhalten|gekriegt|empfangen)",
        "wie (kann|kannich|komme|melde|bestelle|stoppe|beende) [ich|man] [mich|das|die|diese|von|SMS]",
        "(nicht|nie) (aufhoren|abmelden|stoppen)",
    ),
    scenery=(
        "(ende|anfang) (der|des|januar|februar|marz|april|mai|juni|juli|august|september|oktober|november"
        "|dezember|monat|woche)",
        "(wochen|am|zu|feier) ende",
        "(termin|bestellung|tisch|reservierung) [bitte] (stornieren|absagen|loschen|canceln|cancel)",
        "horen [wir|sie] (uns|von)",
        "(hor|hort|horen|hat|es|regen) auf (zu regnen|das|dein|deine)",
        "gehort",
    ),
    guard=(
        "aufhoren", "aufhoeren", "abmelden", "abbestellen", "loschen", "loeschen", "entfernen", "kundigen",
        "kuendigen", "widerrufen", "widerrufe", "stoppen", "stoppt", "falsche nummer", "kein interesse",
        "nicht interessiert", "nein danke", "in ruhe", "belastigung", "belaestigung", "anwalt", "anzeige",
        "schluss", "ende", "nervt", "reicht", "genug", "dsgvo", "verteiler",
        "(horen|hor|hort|hoeren|hoer) [sie|bitte|endlich] auf",
        "LOSCHEN [sie] [bitte] MICH",
        "(nicht|nie|keine|kein|nichts) [mir] ... (mehr|SMS|SCHREIBEN)",
    ),
)
# fmt: on
