"""French. Elided words are closed up: ``m'écrire`` is ``mecrire``."""

from proxy.meaning.languages.table import Language

# fmt: off
TABLE = Language(
    name="fr",
    stop_words=(
        "je me desabonne", "je me désinscris", "desabonnez moi", "me desabonner",
        "arrêtez", "arrêt sms", "désabonner", "désabonnement", "désabonnez", "désinscription", "désinscrire",
        "désinscrivez-moi", "désabonnez-moi", "annuler", "stop sms", "stop pub", "stoppez", "stopper",
        "résilier", "retirez-moi", "arrêtez ça", "cessez",
    ),
    resume_words=(
        "reprendre", "commencer", "réabonner", "oui reprendre", "continuer", "abonner", "réactiver",
    ),
    help_words=(
        "aidez moi",
    ),
    courtesy=(
        "svp", "stp", "sil", "vous", "plait", "te", "merci", "bonjour", "salut", "maintenant", "tout", "de",
        "suite", "mr", "madame", "oui", "ok",
    ),
    spelling={
        "jveux": "veux", "jen": "en", "jveu": "veux", "pu": "plus", "arretter": "arreter",
    },
    classes={
        "TEXTOS": "textos|texto|sms|messages|message|msgs|msg|mms|notifications|alertes|pubs|pub"
        "|publicites|publicite|offres|promos|promotions|spam|spams|rappels|envois|sollicitations",
        "ECRIRE": "mecrire|menvoyer|ecrire|envoyer|texter|contacter|mecrire|harceler|spammer|deranger"
        "|importuner|embeter|ennuyer|recontacter|joindre|solliciter|emmerder|appeler|mappeler"
        "|mimportuner|mennuyer|membeter|nous envoyer|messager|relancer",
        "ECRIVEZ": "ecrivez|ecris|envoyez|envoie|envoies|contactez|contacte|textez|texte|derangez|harcelez"
        "|recontactez|mecrivez|menvoyez|mecris|menvoie|sollicitez|importunez|appelez|spammez",
        "RETIREZ": "retirez|retire|retirer|enlevez|enleve|enlever|supprimez|supprime|supprimer|rayez|raye"
        "|rayer|otez|effacez|efface|effacer|sortez|virez|oubliez|desinscrivez|desabonnez|radiez"
        "|eliminez|perdez",
        "LISTE": "liste|listes|base|fichier|fichiers|repertoire|diffusion|envoi|contacts|donnees",
    },
    automatic=(
        "je conduis [actuellement]",
        "(reponse|message) automatique",
    ),
    stop=(
        "^ plus rien (svp|merci|stp|de votre part)",
        "(foutez|fichez|barrez) [le] camp",
        "(plus|pas) mon numero ... (retirez|enlevez|supprimez|effacez|arretez)",
        "(interesse|interessee|bon|suffit|merci|svp|numero|stop) (arretez|arrete) [svp|merci|maintenant] $",
        "(souhaite|veux|voudrais|aimerais|prefere|prefererais|desire) ne (plus|pas|jamais) (etre|recevoir|avoir)",
        "inutile de (menvoyer|mecrire|me contacter|me texter|me relancer|mappeler)",
        "(textez|ecrivez|envoyez|contactez|ecris|envoie) [moi|nous] (pus|pu|plus) [jamais|rien]",
        "(veux|veut|veu|jveux|jveu|jvx) (plus|plu|pus|pu) (recevoir|de|avoir|ressevoir|recevoire|etre)",
        "(arretez|arrete|arreter|arretes|arret|cessez|cesse|cesser|stop|finissez|stoppez) [svp|merci"
        "|immediatement|tout de suite|maintenant] [de|d] [me|m|nous|leur] ECRIRE",
        "(arretez|arrete|arreter|cessez|stop|stoppez|fini|assez|marre) [avec|a|aux|de|d|des] [vos|les|ces"
        "|tes|tous|toutes|ce|cette|la] [les|ces|vos] TEXTOS",
        "ne (m|me|nous|mes) [ECRIVEZ|ECRIRE] (plus|pas|jamais)",
        "ne (m|me|nous) (ECRIVEZ|ECRIRE) (plus|pas)",
        "ne (ECRIVEZ) (plus|pas)",
        "ne plus [jamais] (me|m|nous|recevoir|ECRIRE)",
        "ne plus (ECRIRE)",
        "(ne|n) (veux|souhaite|desire|veut|voulons|veux|veux vraiment) (plus|pas) [recevoir|de|etre|avoir"
        "|que] [vos|des|ces|de|vous|contacte] [TEXTOS]",
        "(veux|souhaite|desire) (plus|pas) [recevoir|de|etre|avoir] [vos|des|ces|de] TEXTOS",
        "plus (de|aucun|jamais de|jamais) [vos] TEXTOS",
        "(RETIREZ) (moi|mon numero|ce numero|mon nom|mon contact|mes coordonnees|mon num|nous)",
        "(me|m) (RETIREZ) [de] [vos|votre|la|cette|ta|vos] LISTE",
        "(desabonnez|desinscrivez|desabonner|desinscrire) (moi|me|nous|mon)",
        "(me|m|veux) (desabonner|desinscrire|etre retire|etre desabonne|desinscrit)",
        "(lachez|lache) moi",
        "(laissez|laisse|foutez|fichez|fiche|fous|foutre) [moi|nous|les] [moi] (tranquille|la paix|en paix)",
        "(mauvais|faux) numero ~ (arretez|arrete|ne|cessez|retirez|supprimez|stop|enlevez)",
        "(je) (revoque|retire) [mon] (consentement|accord)",
        "stop (aux|les|vos|ces|tes|au) [TEXTOS|NUMBER]",
        "pas de (TEXTOS)",
        "(sortez|enlevez|retirez|otez|rayez) moi de",
    ),
    resume=(
        "(veux|souhaite|aimerais|voudrais) [bien] [de nouveau] (recevoir|recommencer) ... (a nouveau|de"
        " nouveau|encore)",
        "(reabonnez|reinscrivez|reactivez|rabonnez|inscrivez|abonnez) (moi|mon|les) [a nouveau|de nouveau"
        "|TEXTOS]",
        "(recommencez|recommencer|reprenez|reprendre) [a|les|vos|de] (ECRIRE|TEXTOS|menvoyer)",
        "(pouvez|peux) [vous] [de nouveau] (ECRIRE) (a nouveau|de nouveau|encore)",
    ),
    help=(
        "^ [bonjour] [jai] besoin (daide|dune aide|de votre aide) [svp|stp|sil vous plait] $",
        "^ (aidez moi|aide moi|pouvez vous maider|tu peux maider) [svp|stp|sil vous plait] $",
        "^ [bonjour] (cest quoi|quest ce que cest) [ca|ce message|ce numero] $",
    ),
    doubt=(
        "comment [puis je|faire|je peux|on fait|je fais] [pour] (arreter|me|se|desabonner|stopper|ne plus"
        "|annuler)",
    ),
    harmless=(
        "(jarrete|arrete|narrete|arretez|arreter) (pas|jamais|de rire|de pleurer|de fumer|la|le|au|sur|a la"
        "|moi)",
        "(sans|peux pas) arret",
        "sans arreter",
    ),
    scenery=(
        "arret (de bus|de travail|maladie|du bus|de metro|de tram|cardiaque|est|suivant)",
        "(larret|quel arret|un arret|prochain arret|cet arret|en arret) [de|maladie]",
        "(annuler|annulez|annule) [mon|ma|le|la|notre|nos|cette|une] (rendez vous|rdv|commande|reservation"
        "|rdvs|vol|cours|seance|table)",
        "(en|a la|fin de|la) fin",
    ),
    guard=(
        "arret", "arrete", "arretez", "arreter", "arretes", "cessez", "stoppez", "desabonner", "desabonnez",
        "desinscrire", "desinscrivez", "annuler", "resilier", "RETIREZ", "pas interessee", "non merci",
        "assez", "suffit", "marre", "harcelement", "spam", "tranquille", "lachez", "plainte", "jen peux plus",
        "erreur de numero",
        "(mauvais|faux) numero",
        "(pas|plus) interesse",
        "ne [me|m|nous] ... (plus|jamais)",
        "(plus|jamais) [de] TEXTOS",
        "ne veux (plus|pas)",
    ),
)
# fmt: on
