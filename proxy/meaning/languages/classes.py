"""Word classes: for each language the words for ceasing, refusing, contacting, messages, lists and removing.

``proxy.meaning.grammar`` says which classes together are a request. All words are in plain form (small letters, no
accents, apostrophes closed up), chat spelling among them; ``*`` at the end stands for any ending. A word may be in
several classes. A form that a sender of messages is not addressed with (I write, he wrote) belongs in none.
"""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Classes:
    """The words of one language, by what they do in a request to stop; each field holds words with spaces between."""

    name: str
    family: str
    """The table of phrases that goes with it, in ``proxy.meaning.languages``."""
    cease: str = ""
    """To end what one does: with a word for contacting or messages it is a request."""
    refuse: str = ""
    """Negations."""
    refuse_verb: str = ""
    """Negations only if a verb follows (French "plus", which else means more)."""
    none: str = ""
    """Not any, before a noun (no more texts)."""
    want: str = ""
    """To want, need or be interested, said of oneself."""
    contact: str = ""
    """To contact, in forms that ask the sender (text, manden, schreibt)."""
    contacting: str = ""
    """To contact, in forms that do not say who does it (texting, mandar, schreiben)."""
    not_contact: str = ""
    """Refusing and contacting in one word (Turkish "göndermeyin")."""
    receive: str = ""
    message: str = ""
    place: str = ""
    """Lists, and whatever else the sender can remove somebody from."""
    number: str = ""
    """Numbers, telephones, names: what the sender has of somebody."""
    remove: str = ""
    """To remove, in forms that ask the sender, or say that one wishes it."""
    remove_me: str = ""
    """To remove, with me in the same word (Spanish "bórrenme")."""
    unlist: str = ""
    """To take oneself off, in verbs that mean nothing else: with me, my number, messages or a plea it is a request."""
    cancel: str = ""
    """To cancel or to switch off: with messages it is a request, with a place it is not."""
    me: str = ""
    """Me, us."""
    own: str = ""
    """My, our, this."""
    more: str = ""
    """More, again, any more: what a refusal of all that is to come has with it."""
    please: str = ""
    """Asking politely: such a question is a request ("könnt ihr mich löschen?")."""
    again: str = ""
    """Once more, back: with a wish and messages or a list it asks to be let back in."""
    back: str = ""
    """To put or let back in, and to begin again."""
    guard: str = ""
    """What shows that something else is meant; the request is then unclear."""
    me_first: str = ""
    """I, he, they: right before a refusal it tells of somebody, and asks nothing."""
    hint: str = ""
    """What may mean that it should end, only enough to make a message unclear."""
    about: str = ""
    """What messages come to, or come from: with a hint, or a word that ceases, it makes a message unclear."""
    is_free: bool = False
    """Whether the verb may stand behind what it is about."""
    elided: str = ""
    """What an apostrophe joins before a vowel (d'envoyer, l'elenco)."""


ROLES = tuple(field.name for field in fields(Classes) if field.name not in ("name", "family", "is_free", "elided"))

# fmt: off
CLASSES = (
    Classes(
        "en",
        "en",
        cease="stop stopp stahp staph stawp quit cease halt discontinue desist sotp stpo",
        refuse="dont don donot dnt dun never stop dint",
        none="no zero nomore enough",
        want="want wanna need wish care like interested interest desire wannna wan wnt",
        contact="text txt msg message contact sms send spam bother harass notify pester ping blast sned snd"
                " massage tex textt",
        contacting="texting txting textin txtin messaging msging sending sendin contacting spamming bothering"
                   " harassing bugging pestering notifying pinging hounding messagin texing texin",
        receive="receive recieve receiving recieving recive",
        message="texts txts messages msgs message msg sms smses notifications notification alerts reminders"
                " updates promos promo promotions offers ads adverts advert advertisements marketing spam"
                " newsletter newsletters coupons blasts solicitations mesages messges massages notifs textz"
                " messeges mssgs txt text",
        place="list lists database system records mailing distribution directory contacts file files lsit",
        number="line number numbr numba cell details info",
        remove="remove rmv delete erase take tske tale scrub strike wipe unlist",
        cancel="cancel disable deactivate unsubscribe unsub unsuscribe",
        me="me us him her",
        own="my our this them these those it",
        more="more mas anymore again anymor agian agn ever further anymire nomore agen",
        please="please pls plz plse can could would will kindly",
        guard="hesitate forget worry until unless while cant cannot couldnt wont didnt driving drive if"
              " appointment appt order think know remember why how when meeting email about till only weekends"
              " undo fails failed just but keep maybe mail mailing driver late early often call during work"
              " before after yet",
        me_first="i he she they we im you it ill id dad mom",
        hint="off out not nothing without enough outta ditch drop leave spare finish done end unhook forget lose hush"
             " alone cease away mute block peace break fed sick tired",
        about="phone inbox digits mobile texter sender telephone",
    ),
    Classes(
        "es",
        "es",
        cease="basta paren pare parad parar parenle parale parenla cesen cese detengan detenga dejense"
              " cortenla cortala cortenle stop terminen terminad dejaran dejaras dejara deja dejen deje dejad"
              " dejar dejes",
        refuse="no nunca jamas ni nada tampoco noo",
        want="quiero kiero qiero deseo necesito interesa interesan quisiera queremos ocupo gusta interesado"
             " interesada autorizo autorice autorizado solicite pedi",
        contact="mande manden mandes mandeis mandeme mandenme envie envien envies envieis envienme envieme"
                " escriba escriban escribas escribais escrivan contacte contacten contactes moleste molesten"
                " molestes textee texteen molesteis manda mandan envian mandandome escribirme molestarme",
        contacting="mandar mandarme mandarnos mandando mandandome enviar enviarme enviarnos enviando escribir"
                   " escribirme escribiendo escribiendome molestar molestarme molestando textear contactar"
                   " contactarme contactarnos fastidiar chingar joder spamear mandarle enviandome",
        receive="recibir recibirlos recibirlas recibo reciba resibir",
        message="mensaje mensajes msj msjs msgs msg mensajitos sms textos texto notificaciones notificacion promo"
                " promos promociones promocion publicidad anuncios alertas ofertas oferta spam propaganda"
                " recordatorios avisos boletin text texts message messages mensages mensaj mensajito propagandas"
                " correos publicidades whatsapp",
        place="lista listas listado base contactos difusion registro registros sistema suscripcion agenda",
        number="numero num telefono tel celular cel movil datos contacto nombre numerito",
        remove="borren borre borra borrad borrar eliminen elimine elimina eliminad eliminar quiten quite quita"
               " quitad quitar saquen saque saca sacad sacar remuevan remueva retiren retire retirad remover"
               " retirar olviden bajen",
        remove_me="quitenme quiteme quitame quitarme quitadme borrenme borreme borrame borradme borrarme"
                  " saquenme saqueme sacame sacarme sacadme eliminenme elimineme eliminame eliminarme"
                  " remuevanme remuevame desuscribanme desuscribame desuscribeme desapuntame desapuntenme dadme"
                  " bajenme bajame",
        cancel="cancelar cancelen cancele cancela cancelad anular anulen anule anulad desactivar desactiven"
               " desactive desactivenlos desactiva suspendan suspender detener quitar quiten eliminar",
        unlist="desuscrib* desinscrib* desapunt* unsubscribe",
        me="me mi nos",
        own="mis este esta nuestro",
        more="mas nuevo ya vuelvan vuelva vuelvas volver nunca otra",
        please="favor porfa porfavor podrian podria pueden puede puedes podeis podrias xfa xfavor plis",
        again="nuevo vez nuevamente volver vuelvan vuelva",
        back="reactivar reactiven reactivame activar activarme activen activenme suscribirme suscribanme"
             " suscribame agreguenme anadanme apuntame apuntenme ponganme poner alta reanudar",
        guard="llamen llame llames pero cita pedido orden puedo pude pudo podia olvides olviden dude dudes"
              " duden porque cuando como correo rojo todavia aun cuenta llave",
        me_first="yo el ella ellos",
    ),
    Classes(
        "fr",
        "fr",
        cease="desiste desistons arret* cess* stop basta suffit assez fini finissez arete areter",
        refuse="ne pas jamais aucun aucune pus plu ni sans rien n non nul",
        refuse_verb="plus",
        want="veux veut veu jveux jveu souhaite desire voudrais aimerais besoin interesse interessee"
             " interesses envie voulons souhaitons autorise jvx vx tiens",
        contact="envoyez envoyer envoie envoies envoi ecrivez ecris contactez textez texte derangez spammez"
                " relancez sollicitez embetez harcelez importunez",
        contacting="contacte contactee contactes envoyer ecrire contacter texter deranger spammer relancer"
                   " solliciter harceler envois envoi",
        receive="recevoir recoive recevrai recevoire ressevoir etre",
        message="sms texto textos message messages msg msgs mess pub pubs publicite publicites promo promos"
                " promotions offre offres notif notifs notifications rappels rappel newsletter newsletters"
                " alerte alertes sollicitations spam spams envois infos mails pubz",
        place="liste listes fichier fichiers base bdd contacts diffusion repertoire abonnement",
        number="numero num tel telephone portable coordonnees contact cell donnees",
        remove="retirez retirer retire enlevez enlever enleve supprimez supprimer supprime effacez effacer"
               " efface radiez rayez otez oter sortez desinscrivez desabonnez desinscrire desabonner",
        remove_me="desabonne desinscris desinscrit",
        cancel="annuler annulez resilier resiliez desactivez desactiver stopper stoppez couper coupez bloquez"
               " resilie arreter arretez",
        unlist="desabonne* desinscri* desabonnez unsubscribe",
        me="me moi nous ma",
        own="mon mes ce cette notre",
        more="plus pus plu encore jamais desormais dorenavant davantage",
        please="svp stp merci pouvez pourriez prie priere veuillez peux possible pouvais",
        again="nouveau recommencer recommencez remettre remettez ravoir reprendre reprenez rebonjour",
        back="remettez remettre reinscrire reinscrivez reabonner reabonnez reactivez reactiver reinscris"
             " ravoir",
        guard="appelez appeler appelle mais peux pourquoi rdv commande hesitez hesite comment oublie oubliez"
              " oublier quand sauf colis rendez",
        me_first="il elle on ils je jai j",
        elided="d n m j l s qu t c",
    ),
    Classes(
        "de",
        "de",
        cease="widerspreche widersprechen widerspruch stopp stop stoppt stoppen aufhoren aufhort hort hor"
              " schluss genug aufgehort unterlasst unterlassen unterlassung lasst lass absehen reicht"
              " einstellen ende beenden beendet verzichten",
        refuse="nicht num kein keine keinen keinerlei keiner nix nichts nie niemals nimmer ned net nid nod nit"
               " nich nuet koa kei",
        want="will mochte mocht moecht moechte brauch brauche brauchen brauchts interesse wunsche wunsch"
             " wuensche interessiert wollen moechten mochten wui",
        contact="schreibt schreib schickt schick schickts schicken sendet sende senden kontaktiert"
                " kontaktieren belastigt nervt zusenden anschreiben meldet schribet schriibet textet",
        contacting="schreiben schicken senden zusenden zuschicken kontaktieren belastigen belaestigen"
                   " anschreiben nerven zusendung zutexten schriibe schribe",
        receive="bekommen kriegen erhalten kriagn empfangen haben",
        message="kontaktaufnahme sms nachricht nachrichten werbung spam newsletter erinnerung erinnerungen angebote"
                " angebot meldungen mitteilungen benachrichtigungen infos mails msg msgs message messages nachrichtn"
                " werbesms werbe wiederwerbung post texte whatsapps zeug gutscheine",
        place="liste verteiler datenbank kontakte kartei listn system verzeichnis mailingliste adressbuch",
        number="nummer nummern handynummer daten telefonnummer rufnummer",
        remove="losch* loesch* entfern* nehmt nehm streicht streichen austragen tragt trag raus rausnehmen nah"
               " nimm sperrt abmelden entfernen",
        cancel="abbestell* kundig* kuendig* abstell* abschalten deaktivier* storniere abmelden stellt bestelle"
               " abbestellen einstellen abdrehen",
        unlist="abmelden abbestellen austragen deabonnieren",
        me="mich mir uns mi",
        own="mein meine diese dieser meiner unsere",
        more="mehr weitere weiteren weiter meh kunftig wieder nochmal ma mea",
        please="bitte konnt konnten konnen konntest kann konntet bidde bitt koennt koennten ersuche",
        again="wieder erneut nochmal zuruck doch",
        back="anmelden eintragen aufnehmen reaktivier* angemeldet",
        guard="anrufen anruf ruft sondern aber termin bestellung ob wenn falls warum wieso wann paket kannst"
              " vergiss vergessen heute morgen email wo welche",
        me_first="er sie ich es",
        is_free=True,
    ),
    Classes(
        "it",
        "it",
        cease="basta smett* piant* finit* finiscila finiscano stop cessate cessare fermate fermatevi"
              " interrompete",
        refuse="non nn no mai niente nessun nessuna ne",
        want="voglio vojo vogliamo desidero vorrei interess* bisogno serve servono gradisco intendo autorizzo",
        contact="mandate mandatemi manda mandarmi mandatemeli scrivete scrivetemi scrivere scrivermi inviate"
                " inviatemi invia inviarmi contattate contattatemi contattarmi disturbate disturbatemi rompete"
                " rompetemi rompere mandi mandarmeli mandarli mandarlo mandateli inviateli",
        contacting="mandare mandarmi scrivere scrivermi inviare inviarmi contattare contattarmi disturbare"
                   " invio rompere messaggiare",
        receive="ricevere ricevo riceverli riceverne",
        message="messaggi messaggio message messages msg sms messaggini messaggino pubblicita promo promozioni"
                " promozione offerte offerta notifiche notifica avvisi avviso promemoria newsletter spam"
                " comunicazioni comunicazione propaganda mess",
        place="lista liste elenco elenchi rubrica database contatti archivio archivi mailing",
        number="numero num telefono cell cellulare dati nominativo nome",
        remove="rimozione cancellazione eliminazione"
               " togliete togliere togli cancellate cancellare cancella rimuovete rimuovere rimuovi eliminate"
               " eliminare elimina levate depennate",
        remove_me="toglietemi toglimi togliermi cancellatemi cancellami cancellarmi rimuovetemi rimuovermi"
                  " eliminatemi levatemi disiscrivetemi disiscrivermi disiscrivimi toglieteci",
        cancel="disattiva disattivate disattivare disdire disdico annullare annullate annulla cancellare"
               " cancellate sospendete sospendere bloccate",
        unlist="disiscriv* disiscriz* unsubscribe",
        me="mi me mia ci",
        own="mio miei questo questa",
        more="piu piuu altri altre ancora mai",
        please="favore piacere perfavore grazie potete potreste puo puoi prego xfavore possibile cortesemente"
               " x",
        again="ricominciare ricomincio nuovo rimett* riattiv* riavere",
        back="rimettetemi rimettimi rimettete riattivate riattivare riattiva riscrivetemi iscrivetemi"
             " reinserite",
        guard="chiamate chiamare chiamatemi ma posso possiamo riesco appuntamento ordine perche quando come"
              " dimentic* esit* potuto prenotazione",
        me_first="io lui lei",
        elided="l d all dall dell m v",
    ),
    Classes(
        "pt",
        "pt",
        cease="basta chega parem pare parar cessem cesse stop deixem deixe",
        refuse="nao n nn naum nunca jamais nada nenhum nenhuma",
        want="quero kero queremos desejo preciso interess* gostaria autorizo autorizei solicitei pretendo"
             " querendo",
        contact="mande mandem manda mandar mandarem envie enviem enviar enviarem escreva escrevam contate"
                " contatem contacte contactem perturbe perturbem incomodem incomode chateiem encham enche",
        contacting="mandar mandando mandarem enviar enviando escrever contatar contactar perturbar incomodar"
                   " encher envio enviarem mandarme",
        receive="receber recebo receba recebimento recebendo",
        message="recebimento mensagem mensagens message messages msg msgs sms promo promos promocao promocoes"
                " propaganda propagandas publicidade oferta ofertas aviso avisos lembrete lembretes notificacao"
                " notificacoes spam torpedo torpedos anuncios zap comunicados newsletter msgm",
        place="lista listas cadastro contatos base dados sistema inscricao whats",
        number="numero num nr telefone telemovel celular cel contato contacto nome",
        remove="tire tirem tira tirar remova removam remove remover retire retirem retirar exclua excluam"
               " excluir apague apaguem apagar delete deletem deletar descadastre descadastrem descadastrar"
               " elimine eliminem apaga",
        remove_me="descadastrar descadastra tirame",
        cancel="cancelar cancele cancelem cancela bloquear bloqueie bloqueiem bloqueia desativar desative"
               " desativem desactivem anular anule suspender suspendam",
        unlist="descadastr* desinscrev* unsubscribe",
        me="me mim nos",
        own="meu minha este esse meus essa",
        more="mais novo nunca outra denovo",
        please="favor pf pfv pfvr porfavor podem pode poderiam poderia gentileza obrigado obrigada",
        again="novo denovo voltar voltem volta voltarem",
        back="reativar reative reativem cadastrar cadastra cadastrem recadastrar voltem voltar",
        guard="liguem ligue liga mas posso consigo pude consegui consulta pedido como quando porque esquece"
              " esquecam esquecer",
        me_first="eu ele ela eles",
    ),
    Classes(
        "nl",
        "nl",
        cease="rot stop stoppen stopt kap kappen ophouden hou houd basta genoeg kappe",
        refuse="geen niet nooit nie niks niets nix nimmer",
        want="wil wens hoef interesse behoefte zin geinteresseerd wensen hoeft willen wilt",
        contact="stuur sturen stuurt sms appen mail schrijf benader benaderen contacteer lastigvallen zend",
        contacting="sturen stuuren smsen appen versturen benaderen contacteren lastigvallen spammen zenden"
                   " toesturen",
        receive="ontvangen krijgen hebben horen ontvang",
        message="sms smsjes berichten berichtjes bericht berichtje reclame aanbiedingen spam meldingen"
                " nieuwsbrief herinneringen reclames notificaties mails smskes berichtn msg promo",
        place="lijst bestand database contacten mailinglijst systeem",
        number="nummer telefoonnummer gsm nr gegevens gsmnummer",
        remove="verwijder verwijderen verwijdert haal halen schrap schrappen wis wissen gooi uitschrijven"
               " schrijf verwijderd eruit uitgeschreven",
        cancel="afmelden uitschrijven opzeggen annuleren uitzetten stopzetten afzeggen blokkeer meld",
        unlist="uitschrijven afmelden unsubscribe",
        me="me mij ons",
        own="mijn mn deze onze",
        more="meer verder nog weer mer",
        please="wilt aub alstublieft graag kunt kunnen kun mag ajb alsjeblieft svp gelieve zou bedankt",
        again="weer opnieuw terug",
        back="aanmelden inschrijven heraanmelden",
        guard="bellen bel maar afspraak bestelling kan waarom wanneer vergeet hoe als pakket pakje",
        me_first="ik hij zij je",
        is_free=True,
    ),
    Classes(
        "pl",
        "pl",
        cease="przestan* dosc koniec skoncz* stop starczy dajcie zaprzestan* basta konczcie",
        refuse="nie ni nigdy zadnych zadnego bez juz",
        want="chce chcemy potrzebuje zycze interesuje zgadzam wyrazam prosilem prosilam sobie chcialbym",
        contact="piszcie pisz wysylajcie wysylac wysylaj przysylajcie przysylaj slijcie slij kontaktujcie"
                " dzwoncie nekajcie spamujcie meczcie pisac",
        contacting="pisac wysylac przysylac slac kontaktowac spamowac nekac wysylanie wysylania wysylaniem",
        receive="dostawac otrzymywac dostac otrzymywania dostawania",
        message="sms smsy smsow smsami esemesy wiadomosci wiadomosc wiad reklamy reklam reklama reklame reklamami"
                " reklamach spam spamu spamem oferty ofert powiadomien powiadomienia przypomnien newslettera smsa"
                " promocji promocjach newsletter subskrypcje",
        place="lista listy liste bazy baza kontaktow",
        number="numer numeru nr danych telefon telefonu",
        remove="usun usuncie usunac usuniecie wypisz wypiszcie wypisac skreslcie wykresl wykreslcie skasujcie"
               " wyrejestruj* wykasujcie wypisuje",
        cancel="anuluj anulujcie odwolaj wylacz wylaczcie wylaczyc zrezygnowac rezygnuje zablokuj* odwoluje",
        unlist="wypisz wypiszcie wypisac wyrejestr* odsubskryb*",
        me="mnie mi nas",
        own="moj moje ten mojego tego moja",
        more="wiecej juz nigdy kolejnych",
        please="moge prosze mozecie mozna uprzejmie poprosze pls dzieki prosil",
        again="znowu ponownie znow spowrotem powrotem jednak",
        back="wlaczcie wlaczyc wlacz zapiszcie dopiszcie przywroccie",
        guard="wizyte wizyta zamowienie dlaczego kiedy jak zapomnijcie zapomnij wiem paczka paczki",
        me_first="ja on ona",
    ),
    Classes(
        "tr",
        "tr",
        cease="yeter birakin birak durdurun durdur kesin stop son vazgecin",
        refuse="istemiyorum istemem istemiyoruz hayir asla yok olmasin",
        want="istemiyorum istemem istemiyoruz",
        contacting="gondermeyi gondermek yazmayi atmayi mesajlari mesajlar",
        not_contact="gondermeyin gondermeyiniz gonderme yollamayin yollama atmayin atma yazmayin yazma"
                    " mesajlamayin aramayin gonderilmesin gelmesin gonderilmemesini rahatsiz gondermesin"
                    " atmasin",
        receive="almak gelsin almayi gelmesini gormek",
        message="uyeli* aboneli* mesaj mesaji mesajlar mesajlari mesajlarini mesajlarinizi mesajinizi"
                " sms smsler smsleri reklam reklami kampanya kampanyalari bildirim bildirimleri bilgilendirme"
                " spam msj mesajlarinizdan",
        place="liste listeden listenizden rehberden sistemden uyelikten listenizdn kayitlardan",
        number="numara numarayi numarami numaram numarama telefon",
        remove="silin siler silermisiniz silermisin cikarin cikar cikarir cikartin cikartir silebilir sil"
               " silinsin kaldirin kaldir cik cikmak",
        cancel="cik cikmak ciktim iptal kapatin kapatabilirsiniz kapat durdurun kesin engelleyin",
        me="bana beni ben",
        own="benim buraya bu",
        more="artik daha bidaha bir bi sakin",
        please="lutfen misiniz musunuz rica ltfn lutfn",
        again="tekrar yine yeniden",
        back="gonderin baslatin ekleyin acin acabilir",
        guard="randevu siparis neden niye nasil sakin kargo unutma",
        is_free=True,
    ),
    Classes(
        "nordic",
        "sv",
        cease="sluta slutt slutte slutter lad stoppe stopper slut lade slippe hold stop stopp stoppa stans nok nog"
              " racker holder",
        refuse="inte ikke inga ingen ej aldrig aldri icke ikkje int",
        want="vill vil onskar onsker trenger behover interesserad interessert interesseret orkar gidder gider gad vilha"
             " onske",
        contact="skicka send sende skriv kontakta kontakt kontakte smsa texta ring plaga plag",
        contacting="skicka sende smsa texta skriva skrive kontakta kontakte smse plage sender skickar mase",
        receive="ha have fa motta modtage ta fra hore hora",
        message="sms smsen meddelanden meddelande meddelelser meldinger melding meldingar beskeder besked"
                " reklam reklame spam erbjudanden tilbud paminnelser utskick nyhetsbrev notiser smser smsene"
                " pamindelser varsler prenumeration* abonnement*",
        place="lista listan listen listene register databas liste registret",
        number="nummer numret nummeret mobilnummer nr nummret",
        remove="slettes slettet fjernes strykes"
               " ta tag fjern fjerne fjerna stryke stryk radera slett slet avregistrera avmeld afmeld plocka"
               " avanmal slette",
        cancel="avsluta avbestill avbryt stang afbestil avprenumerera opsig",
        unlist="avregistrer* avmeld* afmeld* frameld* avprenumerer* avanmal* avabonner*",
        me="mig meg mej oss os",
        own="mitt min mit dette denna den dere",
        more="mer mera fler flere mere igen igjen langer lengre langre laengere",
        please="snalla tack takk tak vennligst venligst kan vanligen please",
        again="igen igjen tillbaka tilbake tilbage",
        back="starta registrera meld",
        guard="varfor hvorfor tid bestallning nar hvis om glom glem time pakke pakken",
        me_first="jag jeg han hon hun",
        is_free=True,
    ),
    Classes(
        "id",
        "rest",
        cease="berhenti stop setop hentikan stopin stp udah cukup",
        refuse="jangan jgn jngn gak ga gk nggak ngga tidak tdk enggak ndak ogah jgan kagak",
        want="mau mw minat butuh ingin pengen perlu tertarik",
        contact="kirim kirimin kirimi kirimkan sms hubungi ganggu chat spam wa kirim2 ngirim ngirimin",
        contacting="mengirim kirim ngirim mengirimi menghubungi mengganggu hubungi ganggu kirimin sms spam",
        receive="terima nerima menerima dapat dapet dikirimi trima",
        message="sms pesan promo promosi iklan notif notifnya notifikasi spam wa info penawaran tawaran smsnya",
        place="daftar list kontak database",
        number="nomor nomer no nmr hp data",
        remove="hapus hapusin hapuskan keluarin keluarkan cabut dihapus coret apus",
        cancel="batal batalkan matiin matikan nonaktifkan batalin",
        unlist="unsub unsubscribe unreg",
        me="saya aku gw gue sy ak saye",
        own="ini",
        more="lagi lg lagii pernah",
        please="tolong mohon tlg min pls dong ya",
        again="lagi lg kembali",
        back="aktifin aktifkan daftarkan daftarin",
        guard="bisa lupa kenapa kapan gimana pesanan",
        is_free=True,
    ),
    Classes(
        "ro",
        "rest",
        cease="opriti opreste incetati terminati gata stop ajunge lasati",
        refuse="nu niciodata fara nici nuu",
        want="vreau doresc interes* am mai nevoie vrem",
        contact="trimiteti trimite trimitetimi scrieti scrie contactati deranjati sunati mesajati",
        contacting="trimite trimiteti trimis scris contacta deranja trimiterea",
        receive="primesc primi primim primeasca",
        message="mesaj mesaje mesajele sms smsuri reclame reclama oferte spam notificari promotii mesajul"
                " publicitate newsletter",
        place="lista listei baza contacte evidenta",
        number="numar numarul nr numaru telefon date",
        remove="scoasa scos sters stearsa stergeti sterge scoateti scoate eliminati dezabonati dezabonez"
               " dezabonare scoatemi",
        cancel="anulati anulez dezactivati opriti renunt",
        unlist="dezabon*",
        me="fiu ma mi imi mie",
        own="meu mea nostru acest",
        more="mai niciodata alte",
        please="rog va multumesc puteti ms",
        again="iar inapoi din",
        back="reactivati reabonati",
        guard="pot programare comanda cand cum",
    ),
    Classes(
        "cs",
        "rest",
        cease="prestante prestan dost stop nechte ukoncete skoncete",
        refuse="ne nikdy zadne zadny nechci neposilejte nepiste neposielajte nechcem nezajima nemam nepreji"
               " nepreju",
        want="nechci nechcem nezajima zajem nemam neprejeme nepreji nepreju chci",
        contacting="posilat psat otravovat posielat pisat obtezovat posilani zasilani",
        not_contact="nepiste neposilejte neposielajte neposilat nepsat nekontaktujte neotravujte neobtezujte"
                    " nevolejte",
        receive="dostavat dostavam prijimat",
        message="sms zpravy zprav spravy zprava smsky smsek reklamy reklamu reklam spam nabidky ponuky"
                " upozorneni newsletter promo",
        place="seznamu databaze evidence databazi zoznamu",
        number="cislo telefon kontaktu cisla",
        remove="vymazani smazani odstraneni vyrazeni"
               " smazte vymazte odhlaste odstrante vyradte vyskrtnete odhlasit vymazat smazat odeberte",
        cancel="zruste odhlasit zrusit vypnete ukoncete vypnout",
        unlist="odhlas* odhlast*",
        me="me mi mne ma",
        own="moje muj meho mojeho toto",
        more="uz vic vice dalsi nikdy viac",
        please="prosim muzete dekuji diky mohli",
        again="znovu zase zpet",
        back="zapnete prihlaste obnovte",
        guard="muzu objednavka kdy jak proc termin nemohu nemuzu",
        is_free=True,
    ),
    Classes(
        "hu",
        "rest",
        cease="eleg hagyjatok hagyjak stop fejezzek hagyd",
        refuse="ne nem soha tobbet",
        want="akarok kerek kell erdekel szeretnek",
        contact="kuldjenek kuldj kuldjetek irjanak irjatok irj zaklassanak zavarjanak kuldozgessenek",
        contacting="kuldeni irni kuldozgetni kuldeset",
        receive="kapni",
        message="sms smst uzenet uzenetet uzeneteket reklam reklamot spam hirlevel ajanlatot uzenetek",
        place="lista listarol adatbazis",
        number="szam szamomat szamot",
        remove="toroljenek toroljek toroljetek vegyenek iratkoztassanak leiratkozom leiratkozas vegyetek"
               " torolni",
        cancel="lemondom leiratkozom mondom",
        unlist="leiratkoz* iratkoztassanak",
        me="nekem engem",
        own="a szamom",
        more="tobb tobbet soha",
        please="kerem legyszi koszonom kerek koszi kosz",
        guard="tudok rendeles idopont hogyan mikor",
        is_free=True,
    ),
    Classes(
        "fi",
        "sv",
        cease="lopettakaa lopeta riittaa stop",
        refuse="ala alkaa en ei enaa",
        want="halua tarvitse kiinnosta",
        contact="laheta lahettako lahettakaa viestittele hairitse hairitko",
        contacting="lahettamasta lahettaminen hairitsemasta",
        receive="saada vastaanottaa",
        message="viesteja viesti viestit tekstareita mainoksia mainos sms tekstiviesteja mainosviesteja",
        place="listalta lista rekisterista",
        number="numeroni numero",
        remove="poistakaa poista peruuttakaa",
        me="minulle minut mulle mut",
        own="numeroni",
        more="enaa lisaa",
        please="kiitos voisitteko pyydan",
        guard="voi tilaus aika milloin miten",
        is_free=True,
    ),
    Classes(
        "ru",
        "ru",
        cease="отвали отвалите отвяжитесь отцепитесь задолбали прекратить прекращайте остановить отстаньте хватит"
              " прекратите прекрати перестаньте перестань стоп довольно кончаите завязываите достаточно",
        refuse="не нет никаких никогда ненадо без",
        want="хочу надо нужно нужна нужны интересует интересно желаю хотим согласен согласна",
        contact="пишите шлите присылаите отправляите посылаите беспокоите звоните пиши шли присылаи рассылаите"
                " спамьте присылать слать",
        contacting="писать слать присылать отправлять посылать спамить беспокоить рассылать",
        receive="получать видеть",
        message="смс сообщени* смск* рассыл* спам* реклам* уведомлени* напоминани* акции акциями",
        place="списка базы список база рассылки контактов",
        number="номер телефон данные",
        remove="отпишите отписать удалите удалить уберите убрать исключите вычеркните исключить вычеркнуть"
               " сотрите удали отпиши",
        cancel="отключите отключить отмените отменить остановите заблокируите выключите отпишите",
        unlist="отпиш* отписат*",
        me="меня мне нам",
        own="мои этот",
        more="больше никогда еще",
        please="пожалуиста прошу можно плиз можете пж",
        again="снова опять обратно заново",
        back="включите подпишите верните возобновите",
        guard="могу заказ когда как почему запись забудьте",
        me_first="я он она",
    ),
    Classes(
        "uk",
        "uk",
        cease="досить припиніть перестаньте годі стоп відстаньте відчепіться дістали",
        refuse="не ні ніколи",
        want="хочу треба потрібно цікавить",
        contact="пишіть надсилаите шліть турбуите присилаите надсилати",
        contacting="писати надсилати слати турбувати присилати спамити",
        receive="отримувати",
        message="смс повідомлен* розсил* реклам* спам*",
        place="списку бази розсилки",
        number="номер",
        remove="відпишіть видаліть приберіть видалити",
        cancel="вимкніть скасуите відключіть",
        unlist="відпиш* відписат*",
        me="мене мені",
        own="міи",
        more="більше ніколи",
        please="прошу будь",
        guard="можу замовлення коли як",
    ),
    Classes(
        "tl",
        "tl",
        cease="tigil itigil tigilan hinto tama ihinto pakitigil stop",
        refuse="huwag wag wg hindi di ayoko ayaw",
        want="ayoko ayaw gusto kailangan interesado",
        contact="text itext magtext message imessage magmessage send magsend padalhan padala guluhin kulitin"
                " contact magpadala txt msg",
        contacting="pagtext pagtetext kakatext kakatxt pagsend pangungulit pagmessage text send padala",
        receive="makatanggap makareceive tumanggap matanggap makakuha",
        message="text texts message messages mensahe sms promo txt ads msg msgs spam",
        place="listahan list cp",
        number="number numero no pangalan",
        remove="alis tanggalin alisin burahin idelete pakitanggal pakialis tanggal delete remove paalis"
               " patanggal",
        cancel="cancel unsubscribe itigil pakicancel",
        unlist="unsubscribe",
        me="ako kong akong",
        own="ko akin sakin aking nako",
        more="na ulit uli pa nanaman",
        please="po paki please pls pakiusap nga",
        again="ulit uli muli",
        back="ibalik balik",
        guard="pwede puwede bakit kailan paano order",
        is_free=True,
    ),
    Classes(
        "vi",
        "vi",
        cease="dung ngung thoi stop",
        refuse="dung",
        none="khong ko k hong kg hok",
        want="muon can thich nhu",
        contact="nhan gui goi lien lam phien spam nt",
        contacting="nhan gui goi spam",
        receive="nhan",
        message="tin sms quang cao tn khuyen mai qc",
        place="danh sach",
        number="so sdt",
        remove="xoa bo go loai",
        cancel="huy",
        me="toi em minh tui",
        more="nua lai them",
        please="lam xin vui",
        guard="lich don",
        is_free=True,
    ),
    Classes(
        "hi",
        "rest",
        cease="band roko rokiye bandh stop bas",
        refuse="mat nahi nahin nai nhi na",
        want="chahiye chaiye interested",
        contact="bhejo bhejna bhejiye karo karna bhejte",
        contacting="bhejna karna bhejte",
        receive="chahiye milna",
        message="message messages msg msgs sms text offer offers call spam",
        place="list system database",
        number="number no num nmbr",
        remove="hatao hata nikalo hatado delete remove hataiye",
        cancel="band unsubscribe",
        unlist="unsubscribe",
        me="mujhe muje hume",
        own="mera mere",
        more="dobara phir aur ab kabhi",
        please="please pls kripya plz ji",
        again="phir dobara wapas",
        back="start shuru chalu",
        guard="kab kaise kyu order kal",
        is_free=True,
    ),
    Classes(
        "ru-latin",
        "ru",
        cease="hvatit xvatit prekratite prekrati perestante perestan otstante dostali",
        refuse="ne nikogda",
        want="hochu xochu nado nuzhno nuzhna nuzhny interesuet",
        contact="pishite pishi shlite shli prisylaite prisylayte prisilaite prisilayte otpravlyaite posylaite"
                " bespokoite zvonite",
        contacting="pisat slat prisylat otpravlyat posylat spamit bespokoit",
        receive="poluchat",
        message="sms smski soobsh* soobsch* rassylk* spam reklam*",
        number="nomer",
        remove="otpishite udalite uberite",
        me="menya mne",
        own="moi moy",
        more="bolshe bolee nikogda uzhe",
        please="pozhaluista pozhaluysta pojaluista proshu",
        guard="mogu zakaz kogda kak",
    ),
    Classes(
        "ar",
        "ar",
        cease="توقف توقفوا اوقف اوقفوا وقف وقفوا كفوا كفى خلاص كفاية بطلوا",
        refuse="لا بدون مو ما مش لن ولا",
        want="اريد ابغى ابي عايز عاوز بدي اود ارغب نريد",
        contact="ترسل ترسلوا ترسلولي ترسلون تراسلوني تراسلني تبعث تبعثوا تبعتوا تبعتولي تزعجوني تزعجني",
        contacting="ارسال بعث مراسلتي ازعاج ازعاجي",
        receive="استلام تلقي استقبال استلم اتلقى",
        message="رسائل رسائلكم الرسائل رسالة رساله مسجات اعلانات الاعلانات اعلاناتكم عروض عروضكم العروض دعاية سبام"
                " اشعارات الاشعارات",
        place="القائمة القائمه قائمة قائمتكم قائمتك النظام",
        number="رقمي رقم الرقم اسمي بياناتي",
        remove="احذف احذفوا احذفوني امسح امسحوا امسحوني شيل شيلوا شيلوني ازالة ازيلوا حذف",
        cancel="الغاء الغوا الغي",
        me="لي",
        own="رقمي هذا",
        more="مرة اخرى بعد ثانية ثاني المزيد ابدا تاني",
        please="رجاء فضلك سمحت ارجو ارجوكم ممكن",
        guard="موعد موعدي طلب طلبي متى كيف لماذا هل حجز",
    ),
    Classes(
        "el",
        "rest",
        cease="σταματήστε σταμάτα σταματάτε φτάνει αρκετά",
        refuse="μη μην δε δεν όχι",
        want="θέλω ενδιαφέρομαι",
        contact="ξαναστείλετε ξαναστείλεις ξαναστέλνετε ξαναγράψετε στέλνετε στείλετε στέλνεις ενοχλείτε γράφετε",
        receive="λαμβάνω παίρνω",
        message="μηνύματα μήνυμα sms διαφημίσεις διαφημιστικά προσφορές",
        place="λίστα λίστας",
        number="αριθμό νούμερο τηλέφωνο",
        remove="διαγράψτε σβήστε βγάλτε αφαιρέστε",
        cancel="ακυρώστε απενεργοποιήστε",
        me="με μου",
        own="μου",
        more="άλλα άλλο πια ξανά πλέον",
        please="παρακαλώ",
        guard="ραντεβού παραγγελία πότε πώς γιατί",
    ),
    Classes(
        "el-latin",
        "rest",
        cease="stamatiste stamata stamatate ftanei",
        refuse="min mhn mi den oxi ohi",
        want="thelo 8elo thelw",
        contact="ksanastelnete ksanasteilete xanasteilete xanastelnete stelnete steilete stelneis stelnetai enoxleite",
        message="minimata mhnymata mynimata mhnumata minima diafimiseis",
        place="lista listas",
        number="arithmo noumero tilefono",
        remove="diagrapste sviste vgalte svhste",
        me="mou me",
        own="mou",
        more="alla allo pia ksana xana pleon",
        please="parakalo",
    ),
    Classes(
        "he",
        "rest",
        cease="תפסיקו תפסיק הפסיקו די מספיק להפסיק",
        refuse="לא אל בלי",
        want="רוצה מעוניין מעוניינת צריך",
        contact="תשלחו תשלח תשלחי תטרידו",
        contacting="לשלוח שליחת להטריד",
        receive="לקבל",
        message="הודעות הודעה ההודעות סמס פרסומות פרסום ספאם דיוור",
        place="רשימה הרשימה מהרשימה מרשימת התפוצה",
        number="מספר המספר",
        remove="הסירו תסירו הסר תסיר תמחקו מחקו להסיר תורידו הורידו",
        me="לי אותי",
        own="שלי",
        more="יותר עוד",
        please="בבקשה אפשר",
        guard="תור הזמנה מתי איך למה",
    ),
)
# fmt: on
