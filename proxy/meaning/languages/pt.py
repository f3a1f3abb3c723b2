"""Portuguese."""

from proxy.meaning.languages.table import Language

# fmt: off
TABLE = Language(
    name="pt",
    stop_words=(
        "quero sair", "quero me descadastrar", "para por favor", "parem com isso",
        "parem", "descadastrar", "descadastre", "descadastro", "me descadastre", "remover", "cancela",
        "cancele", "chega", "desinscrever", "sair da lista", "encerrar", "excluir", "não mais", "pare já",
        "para já", "cancelar inscrição", "não quero mais",
    ),
    resume_words=(
        "voltar", "começar", "retomar", "recomeçar", "inscrever", "continuar", "reativar",
    ),
    help_words=(
        "ajuda",
    ),
    courtesy=(
        "por", "favor", "obrigado", "obrigada", "pfv", "pf", "porfavor", "ja", "agora", "oi", "ola", "valeu",
        "gentileza", "sim", "brigado", "pfvr", "logo",
    ),
    classes={
        "MSGS": "mensagens|mensagem|msgs|msg|mensagem|sms|textos|torpedos|notificacoes|promocoes"
        "|propaganda|propagandas|avisos|spam|ofertas|anuncios",
        "MANDAR": "mandar|mandarem|enviar|enviarem|escrever|incomodar|perturbar|encher|importunar|contatar"
        "|contactar|chatear|ligar|spammar|mandando|enviando",
        "MANDE": "mande|mandem|manda|envie|enviem|envia|escreva|escrevam|contate|contatem|contacte"
        "|contactem|perturbe|perturbem|incomode|incomodem|ligue|liguem|mandes|envies|escrevas",
        "TIRE": "tire|tira|tirem|tirar|remova|remove|removam|remover|retire|retira|retirem|exclua|exclui"
        "|excluam|excluir|apague|apaga|apaguem|apagar|delete|deleta|deletem|descadastre"
        "|descadastra|descadastrem|risque|esqueca|esquecam",
        "LISTA": "lista|listas|cadastro|sistema|base|banco|contatos|grupo|mailing",
    },
    stop=(
        "nao e mais ... (removam|remova|remove|tirem|retirem|apaguem|parem)",
        "(nao tenho interesse|nao quero|nao me interessa) [mais|obrigado|obrigada] (parem|pare|para|chega)",
        "(quero|gostaria de|preciso|favor|desejo) cancelar ... (MSGS|recebimento|inscricao|envio|cadastro)",
        "(pare|parem|para|parar|deixe|deixem|deixa|chega|cesse|cessem) [ja|por favor|logo] (de|com|d) [me"
        "|nos|ficar|vir] [me|nos] (MANDAR|MSGS|essas|tanta)",
        "(pare|parem|para) com [as|os|essas|esses|suas] MSGS",
        "nao [me|nos|quero que] [me] (MANDE|MANDAR) [me]",
        "nao (quero|desejo|gostaria|queremos|quero que) [mais] [receber|de receber|suas|essas] [mais] [suas"
        "|essas|as] MSGS",
        "nao (quero|desejo) (mais|receber)",
        "(chega|basta) [de] [tantas|suas|essas] MSGS",
        "(sem|nada de|nenhuma) [mais] MSGS",
        "(TIRE) [me|o|a|por favor] [o|por favor] [meu|minha|esse|este|meus|essa] (numero|nome|contato"
        "|telefone|celular|dados|whatsapp)",
        "(TIRE) me [de|da|dessa|desta|por favor]",
        "me (TIRE) [por favor] [da|dessa|desta|do|de|desse|deste|sua] [sua|vossa|LISTA]",
        "me (TIRE) [por favor|pf|obrigado] $",
        "(me) (descadastra|descadastre|descadastrem|desinscreva)",
        "me (deixe|deixa|deixem) em paz",
        "(deixe|deixa|deixem) me em paz",
        "(cancelar|cancele|cancela|cancelem) [a|as|o|os|minha|essas] (inscricao|assinatura de MSGS|MSGS"
        "|cadastro|envio)",
        "numero errado ~ (pare|nao|remova|tire|tira|retire|exclua|apague)",
        "(revogo|retiro) [o|meu|o meu] (consentimento|permissao|autorizacao)",
        "sair (da|dessa|desta) LISTA",
    ),
    resume=(
        "(quero|gostaria de|desejo|queria|pode|podem) [voltar a|continuar|voltar a me] (receber|recebendo"
        "|mandar|enviar) [as|suas] [MSGS] (de novo|novamente|outra vez|MSGS)",
        "(me) (inscreva|inscrevam|cadastre|adicione|cadastrem) (de novo|novamente|outra vez)",
        "(volte|voltem) a (me) (MANDAR)",
    ),
    help=(
        "^ [ola|oi] (preciso|precisamos) de [sua|uma] ajuda [por favor] $",
        "^ (me ajuda|me ajude|me ajudem|pode me ajudar|podem me ajudar) [por favor] $",
        "^ [ola|oi] (o que|que) e (isso|isto|esse numero|essa mensagem) $",
    ),
    doubt=(
        "nao [me] (recebi|recebemos|chegou)",
        "como [eu|faco|posso|que eu] [faco] [para|pra] (parar|sair|cancelar|nao receber|me)",
    ),
    harmless=(
        "nao (pare|parem|para|pares|deixe|deixem) de",
    ),
    scenery=(
        "(cancelar|cancele|cancela) [o|a|meu|minha] (consulta|pedido|reserva|voo|horario|mesa|aula)",
        "(sair|saindo) (de casa|do|agora|mais cedo|cedo|as|com|para|pra|hoje)",
        "(vou|posso|vai|para) sair",
        "(parar|pare|para) (o|a|em|no|na|aqui|ali|um|uma|que|mim|amanha|hoje|ele|ela)",
    ),
    guard=(
        "pare", "parem", "parar", "sair", "cancelar", "cancele", "remover", "TIRE", "descadastrar", "chega",
        "basta", "numero errado", "pessoa errada", "engano", "em paz", "incomodando", "perturbando",
        "processar", "denunciar", "nao quero",
        "nao (tenho interesse|me interessa|obrigado|obrigada)",
        "(nao|nunca) [me] ... (MANDE|MANDAR|MSGS|receber)",
    ),
)
# fmt: on
