"""Spanish."""

from proxy.meaning.languages.table import Language

# fmt: off
TABLE = Language(
    name="es",
    stop_words=(
        "para ya", "ya para", "ya basta", "basta ya", "ya paren", "paren ya", "ya estuvo",
        "quiero salir", "darme de baja por favor",
        "detener", "detenganse", "detengan", "detente", "deténgase", "darme de baja", "dar de baja",
        "dame de baja", "darse de baja", "de baja", "desuscribir", "desuscribirme", "desuscribirse",
        "anular suscripción", "cancelar suscripción", "cancela", "parenle", "ya párenle", "paren", "no más",
        "basta ya", "alto ya", "remover", "eliminar", "bórrame", "bórrenme", "quitarme",
    ),
    resume_words=(
        "alta", "reanudar", "comenzar", "empezar", "suscribir", "suscribirme", "continuar", "iniciar",
        "activar",
    ),
    courtesy=(
        "por", "favor", "gracias", "porfa", "porfavor", "ya", "xfa", "xfavor", "hola", "ok", "si", "muchas",
        "señor", "de", "una", "vez",
    ),
    spelling={
        "kiero": "quiero", "qiero": "quiero", "q": "que", "k": "que", "x": "por", "xfa": "porfa",
        "mensages": "mensajes", "mensaje": "mensajes", "mandenme": "manden", "molestandome": "molestando",
        "escrivan": "escriban", "escrivir": "escribir",
    },
    classes={
        "MSJS": "mensajes|mensaje|msjs|msj|msgs|mensajitos|sms|textos|texto|txts|notificaciones"
        "|promociones|publicidad|anuncios|alertas|ofertas|spam|propaganda|recordatorios",
        "MANDAR": "mandar|mandarme|mandarnos|mandando|mandandome|enviar|enviarme|enviarnos|enviando"
        "|enviandome|escribir|escribirme|escribiendo|escribiendome|molestar|molestarme"
        "|molestando|textear|textearme|texteando|contactar|contactarme|contactando|fastidiar"
        "|chingar|chingando|joder|jodiendo|fregar|acosar|acosarme|llamar|llamarme",
        "MANDE": "mande|manden|mandes|manda|mandeis|envie|envien|envies|envieis|escriba|escriban|escribas"
        "|escribais|contacte|contacten|contactes|moleste|molesten|molestes|textee|texteen"
        "|textees|llamen|llame|envieme|envienme|mandeme"
        "|mandenme",
        "QUITE": "quitenme|quiteme|quitame|quitarme|borrenme|borreme|borrame|saquenme|saqueme|sacame"
        "|sacarme|eliminenme|elimineme|eliminame|remuevanme|remuevame|remueveme|retirenme"
        "|retireme|desuscribanme|desuscribame|desuscribeme|tachenme",
    },
    automatic=(
        "(estoy) conduciendo (y|ahora|con)",
        "respuesta automatica",
        "mensaje automatico",
    ),
    stop=(
        "(olvidense|olvidese|olvidate|olviden|olvidad|olvida) [de] mi (numero|telefono|celular|nombre|contacto)",
        "fuera de mi (celular|telefono|movil|cel)",
        "(no me interesa|no gracias) ... no (insistan|insista|molesten|insistas)",
        "(date|dame|denme|darme|darse|darnos|dan|solicito|pido|tramiten) [de|la|mi] baja",
        "(no|tampoco) (me interesa|estoy interesado|estoy interesada) [gracias|ya] (paren|pare|basta|dejen|borren"
        "|eliminen)",
        "(quiero|quisiera|deseo|necesito|favor de) cancelar ... (MSJS|suscripcion|envio)",
        "(deja|deje|dejen|dejad|dejar|paren|pare|parar|basta|cese|cesen|parenle|terminen) [ya|por favor"
        "|porfavor] [de|con] [ya|estar] MANDAR",
        "para [ya|por favor|porfavor] (de|con) [ya|estar] MANDAR",
        "(parenle|paren|parale|pare|basta|alto) [ya] con [los|sus|tus|tantos|estos] MSJS",
        "(borrenlo|eliminenlo|quitenlo|borrelo|borralo|eliminelo)",
        "(basta|suficiente|alto) [ya] [de|con|a] [los|sus|tus|tantos|estos|mas] MSJS",
        "no [quiero|deseo|me interesa] [me] [mas|quiero|deseo|interesa|necesito|quisiera] [mas] [recibir|sus"
        "|los|estos|tus|de|que me manden] [mas] [sus|los|estos|tus] MSJS",
        "no (quiero|deseo|quisiera) [ya|mas] (recibir|seguir recibiendo)",
        "no (quiero|deseo|quisiera) [ya|mas] que [me|nos] (MANDE|MANDAR)",
        "no (quiero|deseo|quisiera) [ya|mas] saber [nada|mas] [nada|mas] de (ustedes|usted|uds|ud|ti|vosotros)",
        "no [me|nos|le|vuelvan a|vuelva a|vuelvas a|sigan|siga|sigas] [me|nos] [vuelvan a|vuelva a|vuelvas a]"
        " (MANDE|MANDAR) [me|por favor|porfa|xfa] (mas|nada|MSJS|$|por favor|porfa|porfavor|xfavor|ya|eso|esto|estos)",
        "(ya|por favor|porfavor) no [me|nos] (MANDE|MANDAR)",
        "QUITE [ya|por favor|me] [de] [baja|su|la|esta|sus|tu|esa] (lista|listas|baja|base|sistema|registros"
        "|mensajes|contactos)",
        "(den|dad|dan|dadme|ponganme) de baja",
        "(dar|darme|denme|deme|dame|dar me|doy|quiero) [de] baja",
        "(borren|borre|borra|borrar|eliminen|elimine|elimina|eliminar|quiten|quite|quita|quitar|saquen|saque"
        "|saca|remuevan|remueva|retiren|olviden) [ya|por favor] [a] (mi|este|mis) (numero|telefono|celular"
        "|cel|nombre|datos|contacto)",
        "(QUITE) [ya|por favor|porfavor|gracias] $",
        "(dejenme|dejeme|dejame|dejarme|dejenos|dejennos) [ya] (en paz|tranquilo|tranquila|de mandar|de"
        " enviar|de escribir|de molestar)",
        "(cancelen|cancele|cancela|cancelar|anulen|anular|suspendan|suspender|detengan|detener|paren|parar)"
        " [todos] [los|mis|sus|estos|la|mi] [envio de] (MSJS|suscripcion)",
        "(revoco|retiro) [mi] (consentimiento|permiso|autorizacion)",
        "(numero equivocado|equivocado) ~ (no|MANDE|paren|deje|dejen|borren|quiten)",
    ),
    resume=(
        "(suscribanme|suscribame|suscribeme|inscribanme|agreguenme|reactiven|reactivar|activen|activenme"
        "|reanuden|apuntenme) [me|los|mis|a|MSJS] (otra vez|de nuevo|nuevamente|MSJS)",
        "(quiero|quisiera|deseo|me gustaria) [volver a|seguir] (recibir|recibiendo) [los|sus|mas] [MSJS]"
        " (otra vez|de nuevo|nuevamente|MSJS)",
        "(vuelvan a|pueden|puede|puedes) (mandarme|enviarme|escribirme) [MSJS] [otra vez|de nuevo|nuevamente]",
    ),
    help=(
        "^ [por favor|hola] (necesito|necesitamos|quiero|requiero) [de|su|mas] ayuda [por favor] $",
        "^ [por favor] (ayudame|ayudenme|ayudeme|me pueden ayudar|me puede ayudar|me puedes ayudar|pueden ayudarme)"
        " [por favor] $",
        "^ [hola] (que es esto|de que se trata|que es este numero|que es este mensaje) [esto] $",
    ),
    doubt=(
        "no (recibi|recibimos|he recibido|hemos recibido|me llego|me ha llegado)",
        "(deje|dejen|deja) (su|el|tu|un) (mensaje|mensajes)",
        "como [hago|puedo|me|le hago] [para] [dejar|cancelar|salir|quitar|darme|no recibir|salirme]",
    ),
    harmless=(
        "molestar a",
        "no [me|nos] (den|dan|dad) de baja",
        "(no|nunca) (dejen|deje|dejes|paren|pare|pares) de",
    ),
    scenery=(
        "(calle|monte|rio|cerro|piso|mas|tan|muy|lo|el|mi|un|hombre|nivel|volumen) alto",
        "(parar|pare|para) (el|la|un|una|en|mi|que|mi|las|los|manana|hoy|nosotros|dos|tres|cuatro)",
        "parada",
        "paradas",
        "(cancelar|cancelen|cancele) [mi|la|el|una] (cita|reserva|reservacion|orden|pedido|vuelo|clase|mesa"
        "|viaje)",
        "(dar|dado|dan|di|licencia|esta) de alta",
        "baja (california|temperatura|presion|de precio)",
    ),
    guard=(
        "basta", "parar", "pare", "paren", "alto", "baja", "cancelar", "cancelen", "cancele", "detener",
        "dejen", "dejenme", "dejeme", "dejame", "borrar", "borren", "eliminar", "quitar", "quiten", "QUITE",
        "desuscribir", "suscribir", "suscrito", "suscripcion", "numero equivocado", "equivocado",
        "equivocaron", "se equivoco", "acoso", "molestan", "molesta", "molestando", "demanda", "denunciar",
        "abogado", "ya no", "no mas", "no quiero",
        "no [me] interesa",
        "no [mas] gracias",
        "(no|nunca|ya no) [me|les] ... (MANDE|MANDAR|MSJS|recibir)",
        "(mucho|demasiados|tantos) MSJS",
    ),
)
# fmt: on
