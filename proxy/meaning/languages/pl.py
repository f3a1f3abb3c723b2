"""Polish. ``ł`` is ``l`` after normalisation."""

from proxy.meaning.languages.table import Language

# fmt: off
TABLE = Language(
    name="pl",
    stop_words=(
        "usunac", "usuniecie", "wypisac", "zapomnijcie",
        "rezygnuję", "rezygnacja", "wypisz", "wypisz mnie", "wypiszcie mnie", "usuń", "usuń mnie", "przestań",
        "przestańcie", "proszę przestać", "koniec", "anuluj", "wycofuję zgodę", "zatrzymaj", "stój", "dość",
        "wyrejestruj", "wypisuję się", "zrezygnuj", "nie pisz", "nie piszcie",
    ),
    resume_words=(
        "wznów", "zapisz", "zapisz mnie", "zacznij", "kontynuuj",
    ),
    help_words=(
        "pomoc",
    ),
    courtesy=(
        "prosze", "dziekuje", "dzieki", "natychmiast", "teraz", "dzien", "dobry", "juz", "witam", "bardzo",
        "tak", "czesc", "uprzejmie",
    ),
    classes={
        "SMS": "sms|smsy|smsow|smsami|sms y|sms ow|esemesy|esemesow|wiadomosci|wiadomosc|reklam|reklamy"
        "|powiadomien|powiadomienia|spamu|spam|ofert|tekstow",
        "PISAC": "pisac|wysylac|kontaktowac|nekac|spamowac|przysylac|smsowac|niepokoic|przesylac"
        "|slac|meczyc|zawracac|kontaktu",
        "PISZ": "pisz|piszcie|pisac|wysylaj|wysylajcie|wysylac|kontaktujcie|kontaktuj|dzwon|dzwoncie"
        "|nekajcie|przysylaj|przysylajcie|przysylac|kontaktowac|smsujcie|przesylajcie"
        "|przesylac|niepokoic",
        "USUN": "usun|usuncie|usunac|wykresl|wykreslcie|wykreslic|skresl|skreslcie|wypisz|wypiszcie"
        "|wypisac|skasuj|skasujcie|skasowac|wyrzuccie|zapomnijcie|usuniecie|wyrejestrujcie",
    },
    stop=(
        "nie [moj|jego|jej] [juz] [moj] numer ... (usuncie|usun|usunac)",
        "(odczepcie|odczep|odwalcie|odwal|odpieprzcie|odpieprz) sie",
        "dajcie (mi|nam) [swiety] spokoj",
        "nie [prosze|chce zebyscie|chce byscie|wolno] [do mnie|mi|wiecej|juz] [do mnie|mi|wiecej|juz] (PISZ)"
        "",
        "(prosze) [juz|wiecej] [mi|do mnie] nie (PISZ)",
        "(przestan|przestancie|przestac|skoncz|skonczcie|prosze przestac|zaprzestac|zaprzestancie) [juz|mi"
        "|do mnie|mnie|prosze] [juz|mi|do mnie|mnie] (PISAC)",
        "(koniec|dosc|stop|zadnych|bez|starczy) [z|tych|tymi|juz|wiecej|waszych|ze] [tych|tymi|wiecej] SMS",
        "nie (chce|zycze sobie|chcemy|zycze) [juz|wiecej|sobie] [juz|wiecej|sobie] [otrzymywac|dostawac"
        "|odbierac|waszych|zadnych|tych|od was] [wiecej|waszych|zadnych] (otrzymywac|dostawac|SMS|wiadomosci"
        "|kontaktu)",
        "(USUN) [prosze] [mnie|moj|ten|moje|mojego|mego] [numer|dane|kontakt|telefon|nr|numeru] [z|ze]"
        " [tej|waszej] (listy|bazy|systemu|subskrypcji|numer|dane|kontakt)",
        "(prosze) [o] [mnie] (USUN) [mnie|moj|mojego|numeru|ten]",
        "(USUN) (mnie|moj|ten numer|moje|mojego)",
        "(dajcie|daj|dac) [mi|nam] [juz|swiety|w koncu] [swiety] spokoj",
        "(zostawcie|zostaw) mnie (w spokoju)",
        "(rezygnuje|wypisuje) [z|sie|ze]",
        "(wycofuje|cofam|odwoluje) [moja|swoja] (zgode|zgody)",
        "(zly|bledny|niewlasciwy) numer ~ (nie|prosze|usun|usuncie|przestancie)",
        "(pomylka) ~ (nie|usun|usuncie|przestancie)",
        "nie (otrzymywac|dostawac) [wiecej|juz] SMS",
    ),
    resume=(
        "(chce|prosze|chcialbym|chcialabym) [znowu|ponownie|o] (znowu|ponownie|dalej) [otrzymywac|dostawac"
        "|zapisac|wysylac] [SMS]",
        "(zapisz|zapiszcie|dodaj|dodajcie) mnie (ponownie|znowu|z powrotem)",
        "(mozecie|mozesz|prosze) (znowu|ponownie) (PISAC)",
    ),
    help=(
        "^ [prosze] (potrzebuje|potrzebujemy|prosze o) (pomoc|pomocy) [prosze] $",
        "^ (mozecie|mozesz|moze pan|moze pani) mi pomoc [prosze] $",
        "^ co to (jest|za numer|za wiadomosc) $",
    ),
    doubt=(
        "jak (sie|moge|mam|zrezygnowac|wypisac|wylaczyc|usunac) [sie|z|te|tego|wypisac|zrezygnowac]",
        "nie (przestawajcie|przestawaj|rezygnuje|usuwajcie)",
    ),
    harmless=(
        "nie moge przestac",
    ),
    scenery=(
        "(odwolac|odwoluje|anulowac|anuluj|anuluje) [prosze|moja|moje|te] (wizyte|zamowienie|rezerwacje"
        "|spotkanie|termin|lot)",
        "(koniec|konca|koncu) (tygodnia|miesiaca|dnia|roku|pracy|koncow)",
        "w koncu",
    ),
    guard=(
        "przestan", "przestancie", "przestac", "USUN", "rezygnuje", "rezygnacja", "wypisuje", "koniec", "dosc",
        "pomylka", "spokoj", "spokoju", "nekanie", "policja", "rodo", "anuluj",
        "(zly|bledny) numer",
        "nie (dziekuje|jestem zainteresowany|jestem zainteresowana|interesuje)",
        "(nie|nigdy) ... (PISZ|PISAC|SMS|otrzymywac|dostawac|wiecej)",
    ),
)
# fmt: on
