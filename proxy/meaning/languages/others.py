"""Languages of which only plain words and the commonest requests are known.

``unspaced`` phrases are found anywhere, for scripts that put no space between words.
"""

from proxy.meaning.languages.table import Language

# fmt: off
CHINESE = Language(
    name="zh",
    stop_words=(
        "td", "退订", "退訂",
    ),
    resume_words=(
        "恢复", "订阅", "恢復", "訂閱",
    ),
    help_words=(
        "帮助", "幫助",
    ),
    courtesy=(
        "谢谢", "請", "请",
    ),
    guard=(
        "停止", "取消", "够了", "夠了", "烦",
    ),
    unspaced=(
        "退订", "退訂", "取消订阅", "取消訂閱", "停止发送", "停止發送", "拒收", "不要再发", "不要再發", "别再发", "別再發", "别再给我发", "別再給我發",
        "请勿再发", "請勿再發", "不要发短信", "不要給我發", "不要给我发", "不要再给我", "不要再給我", "别给我发", "別給我發", "别发了", "別發了", "不要发信息",
        "不想再收到", "不想收到", "停止短信", "不要再传", "不要再傳", "別再傳", "别再传", "删除我的号码", "刪除我的號碼", "把我从名单", "我的号码从", "我的號碼從",
        "号码删", "號碼刪", "从名单上删", "從名單上刪", "把我從名單", "不要再联系", "不要再聯繫", "别再联系", "別再聯絡", "不要再聯絡", "请停止", "請停止",
        "别骚扰", "別騷擾", "不要骚扰", "不要騷擾", "勿扰", "不要烦我", "别烦我", "不要煩我", "取消短信", "取消簡訊",
    ),
)

JAPANESE = Language(
    name="ja",
    stop_words=(
        "停止", "解除", "退会", "ストップ", "やめて", "中止", "解約",
    ),
    resume_words=(
        "再開", "登録",
    ),
    help_words=(
        "ヘルプ",
    ),
    unspaced=(
        "配信停止", "配信を停止", "配信解除", "登録解除", "購読解除", "送らないで", "送信しないで", "送ってこないで", "送るのをやめ", "やめてください", "止めてください",
        "停止してください", "メッセージを止め", "メールを止め", "連絡しないで", "もういらない", "退会します", "退会したい", "受信拒否", "解除してください", "削除してください",
        "配信をやめ", "配信不要", "送信をやめ", "メッセージ不要",
    ),
)

KOREAN = Language(
    name="ko",
    stop_words=(
        "수신거부", "그만", "중지", "해지", "정지", "중단", "취소", "거부",
    ),
    resume_words=(
        "시작", "재개",
    ),
    help_words=(
        "도움말",
    ),
    unspaced=(
        "수신거부", "수신 거부", "그만하세요", "그만 하세요", "그만해", "보내지 마", "보내지마", "그만 보내", "그만보내", "문자 그만", "문자그만", "구독 취소",
        "구독취소", "받고 싶지 않",
        "받고싶지않", "연락하지 마", "연락하지마", "메시지 중단", "차단해", "번호 삭제", "삭제해 주",
    ),
)

ARABIC = Language(
    name="ar",
    stop_words=(
        "توقف", "أوقف", "إيقاف", "إلغاء", "الغاء", "قف", "كفى", "إلغاء الاشتراك", "الغاء الاشتراك", "ايقاف",
        "وقف", "أوقفوا",
    ),
    resume_words=(
        "ابدأ", "اشتراك", "استئناف",
    ),
    help_words=(
        "مساعدة",
    ),
    courtesy=(
        "من", "فضلك", "رجاء", "شكرا", "لو", "سمحت",
    ),
    stop=(
        "(الغاء|إلغاء|الغوا|ألغوا|الغي) (الاشتراك|اشتراكي|اشتراك)",
        "(لا|بدون) (ترسل|ترسلوا|ترسلو|تراسلني|تراسلوني|تبعث|تبعثوا|تتصل|تتصلوا|تزعجني|تزعجوني|أريد|اريد) [لي"
        "|المزيد|رسائل|رسائلكم|استلام|تلقي|أي|اي]",
        "(توقف|توقفوا|كفوا|كفى|أوقفوا|اوقفوا|أوقف|اوقف|وقفوا) [عن] (الرسائل|ارسال|إرسال|مراسلتي|رسائل"
        "|رسائلكم|هذه|إزعاجي)",
        "(احذف|احذفوا|امسح|امسحوا|أزل|ازل|شيلوا|حذف|إزالة|ازالة) (رقمي|اسمي|هذا|رقم|الرقم)",
    ),
    guard=(
        "توقف", "إلغاء", "الغاء", "إيقاف", "رسائل", "ازعاج", "إزعاج",
    ),
)

RUSSIAN = Language(
    name="ru",
    stop_words=(
        "стоп", "отписаться", "отписка", "отмена", "отпишите", "отписываюсь", "хватит", "прекратите",
        "отключить", "отпишите меня", "удалите меня", "отказ", "прекратить",
    ),
    resume_words=(
        "старт", "начать", "возобновить", "продолжить",
    ),
    help_words=(
        "помощь",
    ),
    courtesy=(
        "пожалуйста", "спасибо", "плиз", "уже", "немедленно",
    ),
    classes={
        "ПИСАТЬ": "писать|слать|присылать|отправлять|посылать|спамить|беспокоить|звонить|рассылать|пишите"
        "|шлите|присылайте|отправляйте|посылайте|беспокойте|звоните|пиши|шли|присылай",
        "СМС": "смс|сообщения|сообщений|сообщениями|смски|рассылку|рассылки|рассылка|спам|рекламу"
        "|реклама|уведомления",
    },
    stop=(
        "(отстаньте|отстань|отвалите|отвяжитесь|отцепитесь) [уже] от (меня|нас)",
        "(надоели|достали|задолбали|заколебали) [вы|уже] [со|с] [своими|вашими|своей|вашей] (смс|сообщениями"
        "|рекламой|рассылками|спамом|рассылкой)",
        "(не|больше не|хватит|прекратите|перестаньте|прекрати|перестань|прошу не) [мне|больше|надо|нужно"
        "|меня] [мне|больше] (ПИСАТЬ|СМС)",
        "(отпишите|отписать|удалите|уберите|исключите|вычеркните|удалить) [меня|мой|этот|пожалуйста] [номер"
        "|телефон|из] (меня|номер|телефон|списка|рассылки|базы|из)",
        "(отпишите|удалите|уберите|исключите) (меня|мой номер)",
        "(не хочу) [больше] (получать|ваши|СМС)",
        "(остановите|прекратите|отмените|отключите) [эту|эти|ваши|мне|все] СМС",
        "оставьте меня в покое",
        "(не тот|ошиблись) номером ~ (не|удалите|прекратите)",
    ),
    guard=(
        "стоп", "хватит", "отписаться", "отпишите", "удалите", "прекратите", "перестаньте", "отмена", "спам",
        "ошиблись", "достали", "жалоба",
        "не [мне] ... (ПИСАТЬ|СМС)",
    ),
)

UKRAINIAN = Language(
    name="uk",
    stop_words=(
        "відписатися", "відписатись", "припиніть", "досить", "скасувати", "відпишіть мене",
    ),
    resume_words=(
        "почати", "відновити",
    ),
    courtesy=(
        "будь", "ласка", "дякую",
    ),
    stop=(
        "(не|більше не|припиніть|перестаньте|досить) [мені|більше] [мені|більше] (писати|пишіть|надсилати"
        "|надсилайте|слати|шліть|турбувати|турбуйте|присилати|присилайте)",
        "(відпишіть|видаліть|приберіть) [мене|мій|цей] (мене|номер|зі|із|з)",
        "не хочу [більше] (отримувати|ваші)",
    ),
    guard=(
        "припиніть", "відписатися", "видаліть", "досить",
    ),
)

VIETNAMESE = Language(
    name="vi",
    stop_words=(
        "huy", "dừng", "ngừng", "hủy đăng ký", "tu choi", "hủy", "ngưng", "huỷ",
    ),
    courtesy=(
        "làm", "ơn", "xin", "vui", "lòng", "cảm", "đi",
    ),
    stop=(
        "(đừng|không|dừng|ngừng|ngưng|thôi) [có|được|bao giờ|làm ơn] (nhắn|gửi|gởi|nhắn tin|gửi tin|liên lạc"
        "|liên hệ|làm phiền|spam) [tin|cho|nữa|tôi|mình|em]",
        "(xóa|xoá|bỏ|gỡ|loại) [tên] [số|tôi|số điện thoại] (của tôi|tôi|số tôi|tên tôi|khỏi) [ra|khỏi"
        "|danh]",
        "(hủy|huỷ) (đăng ký|đăng kí|theo dõi|tin nhắn|nhận tin)",
        "không muốn nhận [tin|thêm]",
        "(từ chối) nhận [tin]",
    ),
    guard=(
        "đừng", "hủy", "ngừng nhắn", "làm phiền", "nhầm số",
    ),
)

TAGALOG = Language(
    name="tl",
    stop_words=(
        "tigil", "itigil", "hinto", "tama na", "ihinto", "tigilan",
    ),
    courtesy=(
        "po", "paki", "lang", "naman", "salamat", "na", "pls", "nga",
    ),
    doubt=(
        "(hindi|di|wala) ... (natanggap|nakatanggap|dumating|nareceive)",
    ),
    stop=(
        "(tantanan|lubayan) [na] (niyo|nyo|ninyo|mo) [na] (ako|kami)",
        "tigilan [na] (nyo|niyo|mo|ninyo) [na] (ako|kami|ko)",
        "(huwag|wag) ... (text|i text|itext|magtext|mag text|message|send|contact|padalhan|tawagan)",
        "(tigilan|itigil|tigil|ihinto|tama|paki tigil|pakitigil|stop) [na|nyo|niyo|mo|ninyo|nga|po|na po]"
        " [na|nyo|niyo|mo|ninyo|po|ang|sa|yung] [na|ang|po|sa|yung] [kaka|pag|ang|ka] (text|pagtext|pag text"
        "|kakatext|kaka text|message|messages|pagmessage|mensahe|pag send|pagsend|texts|pangungulit"
        "|pagtetext|send)",
        "(huwag|wag) [na|kayo|nyo|niyo|mo|ka|po|ninyo|na po|akong] [na|kayo|nyo|niyo|mo|ka|po|kayong|akong"
        "|ako|ng] [po|na|kayong|ako|akong] (text|magtext|mag text|itext|i text|magmessage|mag message"
        "|imessage|magsend|mag send|padalhan|tawagan|magpadala|guluhin|kulitin|contact|icontact)",
        "(tanggalin|alisin|burahin|i delete|idelete|paki tanggal|pakitanggal|delete|remove) [nyo|niyo|mo|po"
        "|na|ninyo] [nyo|niyo|po|na|ang|yung|ng] [ang|yung|po|ng] (number ko|numero ko|ako|aking|no ko|name"
        " ko|pangalan ko)",
        "(ayaw|ayoko) [ko] [na] [po] [makatanggap|ng|makareceive|mag receive] [na|ng] (ng|text|texts"
        "|makatanggap|messages|message|mensahe)",
    ),
    guard=(
        "tigilan", "itigil", "huwag", "wag", "tanggalin", "ayoko", "maling numero", "wrong number po",
    ),
)

TURKISH = Language(
    name="tr",
    stop_words=(
        "dur", "iptal", "ret", "çık", "durdur", "son", "abonelikten çık", "iptal et", "yeter",
    ),
    courtesy=(
        "lütfen", "teşekkürler", "artık", "hemen",
    ),
    stop=(
        "(beni|bizi) rahat (birakin|birak)",
        "(biktim|biktik|usandim) [artik] (mesaj|sms|reklam|mesajlarinizdan|mesajlarindan|reklamlardan|smslerden)",
        "rahatsiz etmeyin",
        "(birakin|birak) [artik] (pesimi|yakami|beni)",
        "(artik istemiyorum|istemiyorum artik|istemiyorum lutfen)",
        "[bana|artık|lütfen] (mesaj|sms|mesajlar) [bana|artık] (atmayın|göndermeyin|atma|gönderme|yollamayın"
        "|istemiyorum|yazmayın)",
        "(listeden|listenizden|rehberden) [beni] (çıkarın|silin|çıkar|sil|çıkartın)",
        "(numaramı|beni) [listeden|listenizden|sistemden] (silin|çıkarın|sil|çıkartın)",
        "(bana) [artık] (yazmayın|yazma)",
        "aboneliği (iptal|sonlandır)",
    ),
    guard=(
        "iptal", "istemiyorum", "göndermeyin", "atmayın", "rahatsız", "yanlış numara",
    ),
)

NORDIC = Language(
    name="sv",
    stop_words=(
        "avsluta", "avregistrera", "avmeld", "afmeld", "stopp sms", "sluta", "slutt", "lopeta", "peru",
        "avbryt", "avbestill", "avprenumerera", "peruuta", "stop sms",
    ),
    courtesy=(
        "tack", "takk", "tak", "snälla", "vänligen", "kiitos", "vennligst", "venligst",
    ),
    stop=(
        "lägg av (med|$)", "sluta (tjata|messa|chatta|spamma)",
        "(la|lad|låt) (meg|mig|oss|os) (være|vara|vera) [i fred]",
        "(sluta|slutt|slut|stop|stopp|stoppa) [med|att|å|at] [att|å|at|med] [sms|sende|skicka|sende meg]"
        " (sms|smsa|skicka|sende|sms a|texta|kontakta|kontakte|kontakte meg|skriva|meldinger|meddelanden"
        "|beskeder|mig|meg)",
        "(inga|ingen|ikke) (fler|flere|mer|mere) (sms|meddelanden|meldinger|beskeder|tack|takk|tak)",
        "(ta|fjern|radera|slett|slet|stryk) [bort] (mig|meg|mitt nummer|nummeret mitt|mit nummer|nummer)",
        "(skicka|send|kontakta|kontakt|smsa) [mig|meg|ikke|inte] (inte|ikke|inga|ingen|aldri|aldrig) [fler"
        "|flere|mer|mere|sms|mig|meg]",
        "(meld) (mig|meg) (av|af|ut)",
        "(vill|vil|onskar) (inte|ikke) (ha|motta|modtage|få|längre)",
        "(älkää|älä|lopettakaa) [enää] (lähettäkö|lähetä|viestit|lähettämästä|tekstata)",
        "(poistakaa|poista) (numeroni|minut)",
    ),
    guard=(
        "sluta", "slutt", "avregistrera", "avmeld", "fel nummer", "feil nummer", "forkert nummer",
    ),
)

REST = Language(
    name="rest",
    stop_words=(
        "στοπ", "σταμάτα", "σταματήστε", "διαγραφή", "odhlásit", "přestaňte", "konec", "leiratkozás", "leiratkozom", "állj",
        "dezabonare", "opriți", "anulare", "berhenti", "berhenti langganan", "batal", "stop langganan",
        "sispann", "kanpe", "prestani", "odjava", "спри", "הסר", "עצור", "להסיר", "הסרה", "די",
        "तुरंत बंद करो", "बंद", "बंद करो", "रोको", "रोकें", "बन्द करो", "বন্ধ", "বন্ধ করুন", "ਬੰਦ", "નહીં",
        "நிறுத்து", "ఆపు", "หยุด", "ยกเลิก", "لغو", "بند", "acha", "sitisha",
    ),
    courtesy=(
        "παρακαλώ", "prosím", "mulțumesc", "köszönöm", "tolong", "mohon", "terima", "kasih", "בבקשה", "תודה",
        "कृपया", "धन्यवाद", "tanpri", "mèsi", "ji", "जी",
    ),
    doubt=(
        "nu am (primit|mai primit)",
    ),
    stop=(
        "nechte (mě|mne|nás) (být|na pokoji)", "lăsați (mă|ma) în pace", "lasati ma in pace", "hagyjatok (békén|beken)",
        "(άσε|αφήστε) με (ήσυχο|ήσυχη)", "(תעזבו|עזבו) (אותי|אותנו)", "די כבר",
        "(μη|μην|σταματήστε|σταμάτα) [μου] [να|ξανα] [μου] (στέλνετε|στείλετε|στέλνεις|ενοχλείτε|μηνύματα"
        "|γράφετε)",
        "(διαγράψτε|διαγράψτε με|σβήστε) [το|τον] [αριθμό] (μου|με|μου από)",
        "(nepište|neposílejte|nechci|neposielajte|nepiste) [mi|už|dostávat|zprávy]",
        "(smažte|vymažte|odhlaste) (mě|ma|moje|mé)",
        "ne (küldjenek|küldj|írjanak|küldjön) [többet|több|nekem]",
        "(töröljenek|töröljék|iratkoztassanak) [a|le]",
        "nu (mai|îmi) [îmi|mai] [vreau] (trimiteți|trimite|scrieți|primesc|contactați|trimiteti|scrieti"
        "|primi)",
        "(ștergeți|scoateți|stergeti|scoateti) (numărul|numarul|mă|ma)",
        "(jangan|tolong jangan|mohon jangan) [lagi|pernah] (kirim|mengirim|hubungi|sms|whatsapp|ganggu"
        "|kirimi|menghubungi)",
        "(berhenti|stop) (kirim|mengirim|sms|menghubungi|mengganggu|kirimi)",
        "(hapus) (nomor|nomer|saya|no)",
        "(pa) (voye|ekri|rele|kontakte) [m|mwen] [ankò|mesaj]",
        "(sispann) (voye|ekri|mesaj)",
        "(תפסיקו|תפסיק|הפסיקו|להפסיק|אל) [לשלוח|תשלחו|תשלח|את|לי] [לי|הודעות] (לשלוח|תשלחו|תשלח|הודעות|לי"
        "|ההודעות|להטריד)",
        "(הסירו|תסירו|הסר|תמחקו|מחקו|להסיר) (אותי|את|המספר|מרשימת)",
        "(मुझे|मैसेज|संदेश|sms) ... (मत|बंद|ना|नहीं) [भेजो|भेजें|करो|भेजिए|करें|चाहिए]",
        "(message|msg|sms|messages|text) (mat|band) (bhejo|bhejna|karo|bhejiye|kare)",
        "(message|msg|sms|messages|text) (bhejna|bhejo) (band|mat)",
        "mat (bhejo|bhejna|karo|bhejiye|kare)",
        "(नंबर|मेरा नंबर) ... (हटाओ|हटाएं|हटा|डिलीट)",
    ),
    guard=(
        "σταματήστε", "διαγραφή", "prestani", "jangan", "berhenti", "הסר", "תפסיקו", "बंद", "मत",
    ),
    unspaced=(
        "หยุดส่ง", "เลิกส่ง", "ไม่ต้องส่ง", "อย่าส่ง", "ยกเลิกการรับ", "ไม่อยากรับ", "ยกเลิกรับ", "ហៅឈប់",
        "ကျေးဇူးပြု၍ မပို့",
    ),
)
# fmt: on

TABLES = (CHINESE, JAPANESE, KOREAN, ARABIC, RUSSIAN, UKRAINIAN, VIETNAMESE, TAGALOG, TURKISH, NORDIC, REST)
