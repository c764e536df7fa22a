//! What a text is written in, what is no text at all, and the lexicon that answers for English.

use crate::normalise::Counts;
use amends_domain::{
    assessment::Language,
    words::{Cause, Risk},
};

/// What platforms write where the customer wrote nothing, folded.
const PLACEHOLDERS: &[&str] = &[
    "用户未填写评价",
    "用户没有填写评价",
    "用户没有填写",
    "用户未填写",
    "用户未及时",
    "没有填写评价",
    "未填写评价内容",
    "没有填写文字",
    "未填写文字",
    "没有写评价",
    "没有评价内容",
    "未写评价",
    "系统默认好评",
    "系统默认评价",
    "系统自动好评",
    "系统自动评价",
    "默认好评",
    "默认评价",
    "自动好评",
    "未及时做出评价",
    "未及时作出评价",
    "未作出评价",
    "未做出评价",
    "买家没有填写",
    "买家未填写",
    "暂无评价内容",
    "暂无文字评价",
    "暂无评论内容",
    "无评价内容",
    "无文字评价",
    "该条评价已删除",
    "该评价已删除",
    "评价已被删除",
    "内容已隐藏",
    "评价内容为空",
    "顾客未留下评价",
    "用户仅评分",
    "仅打分",
    "无内容",
];

/// Whether a folded text is what a platform writes where the customer wrote nothing.
pub(crate) fn is_placeholder(units: &[u16]) -> bool {
    // 评, 填, 分, 容 or 时: one of them is in every phrase above, and in few other short texts.
    if units.len() > 40
        || !units
            .iter()
            .any(|u| [0x8bc4, 0x586b, 0x5206, 0x5bb9, 0x65f6].contains(u))
    {
        return false;
    }
    let letters: String = String::from_utf16_lossy(units)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .filter(|c| !c.is_ascii())
        .collect();
    let is = |p: &&str| {
        letters == **p || (letters.contains(*p) && letters.chars().count() <= p.chars().count() + 10)
    };
    // A customer may well speak of 默认好评 in a sentence of their own; the platform's phrases name the customer.
    PLACEHOLDERS.iter().any(|p| {
        is(p)
            && (letters == **p
                || p.chars().count() >= 6
                || ["用户", "买家", "系统", "顾客"]
                    .iter()
                    .any(|w| letters.contains(w)))
    })
}

/// The language of a text by its letters.
pub(crate) fn of(text: &str, counts: Counts) -> Language {
    let letters = counts.han + counts.latin + counts.kana + counts.foreign;
    if letters == 0 {
        return Language::None;
    }
    if counts.kana * 5 > counts.han + counts.kana || counts.foreign * 2 > letters {
        return Language::Other;
    }
    // A Latin word is about four letters for every Chinese character it replaces.
    if counts.han > 0 && counts.han * 4 >= counts.latin {
        return Language::Chinese;
    }
    let (known, words) =
        english_words(text).fold((0, 0), |(k, n), w| (k + usize::from(is_english(&w)), n + 1));
    if words > 0 && known * 4 >= words {
        Language::English
    } else if counts.han >= 4 {
        Language::Chinese
    } else {
        Language::Other
    }
}

/// Lower-case words of a text.
pub(crate) fn english_words(text: &str) -> impl Iterator<Item = String> + '_ {
    // Accented letters belong to their word: było is not English by.
    text.split(|c: char| !c.is_alphabetic() && c != '\'' && c != '’')
        .filter(|w| !w.is_empty())
        .map(|w| w.replace('’', "'").to_ascii_lowercase())
}

/// Words that make a text English without saying anything of it.
const COMMON: &str = "the a an and or but is are was were be been it its it's this that these i i'm i've my me we our you your \
he she they them of to in on at for with from by as so very too not no never don't didn't wasn't isn't can't cannot won't \
couldn't doesn't have has had do did does will would could should just only more most all again here there when what which \
who how than then after before because if out up down over about into really quite much many some any one two first time \
day room food hotel staff service order product delivery phone app price quality place restaurant shop store breakfast back \
use used using get got go went came come ordered bought received arrived stay stayed work works working money item box \
picture pictures photo photos battery screen charger size color colour fabric wash week weeks days hour hours minutes month \
months year years kids class classes trainer teacher doctor nurse barber haircut cake noodles soup town everyone everything \
nobody anyone anything keep keeps everywhere total lasts last people person customer customers seller driver car bike book \
books story movie dog cat vet gym course lesson table meal dinner lunch drink drinks coffee tea water shower bed view location \
street near website online package packaging buy visit visited definitely highly absolutely totally such shipping took take \
takes fees fee mechanic worked make made makes said told say says think thought know need needs want wanted give gave look \
looks looked feel feels felt still even ever never every always wife husband son daughter family friend friends night morning";

const PRAISE: &str = "good great excellent amazing perfect love loved lovely nice best awesome fantastic wonderful delicious \
friendly clean comfortable happy satisfied recommend recommended beautiful fast helpful tasty fresh superb enjoyed enjoy \
pleased favorite favourite brilliant cozy spacious convenient ok okay fine thanks thank honest quick quickly worth gentle kind \
polite warm quiet smooth smoothly easy soft sturdy gorgeous cute pretty yummy crispy juicy generous professional patient \
attentive welcoming reasonable affordable stylish reliable prompt promptly efficient impressive impressed loves wow perfectly \
beautifully thoughtful peaceful charming accurate punctual responsive durable elegant flawless outstanding exceptional bargain \
glad thrilled pleasant safe pleasure trustworthy knowledgeable skilled refreshing relaxing";

const BLAME: &str = "bad terrible awful horrible worst poor disgusting dirty rude slow late cold broken disappointing \
disappointed disappointment waste useless garbage trash rubbish scam fake fraud cheat cheated wrong missing damaged defective \
unacceptable unprofessional nasty stale rotten filthy noisy smelly overpriced expensive refund complaint complain complained \
lousy sucks suck crap pathetic mess bland soggy raw undercooked cockroach cockroaches bedbugs mold mould sick vomiting \
diarrhea poisoning avoid ignored unhelpful hate hated horrendous crashes crash leaking leaked faulty failed fails fail \
unsafe burned burnt injured hair bug bugs insect stolen theft robbed threatened lawsuit lawyer sue police counterfeit \
complaints complaining problem problems issue issues crashing crashed forever thin shrank shrunk hidden faded torn ripped \
stained stain stains overcooked uncooked salty greasy oily bitter sour tasteless flavorless uncomfortable unfriendly impolite \
careless sloppy flimsy cracked crack scratched scratches scratch dented dead laggy lags freezes worse mediocre meh regret \
regretted ruined unusable stuck lost delayed delay delays painful hurt itchy rash moldy mouldy dusty loud freezing ugly boring \
joke ridiculous shameful dishonest liar liars lied misleading refused refuses rip-off ripoff overcharged disaster nightmare \
annoying annoyed frustrating frustrated angry terribly horribly badly poorly dangerous sticky stinks stank gross inedible";

/// Words that say nothing by themselves, and are a complaint where they are denied.
const EXPECTED: &str = "work works worked working answer answered answers respond responded reply replied help helped fit fits \
return returning coming arrive arrived care cared charge deliver delivered refund clean";

const DENIAL: &str = "not no never don't didn't wasn't isn't can't cannot won't doesn't couldn't hardly without nothing aren't weren't";

fn is_english(word: &str) -> bool {
    [COMMON, PRAISE, BLAME, DENIAL, EXPECTED]
        .iter()
        .any(|list| listed(list, word))
}

fn listed(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|w| w == word)
}

/// What English words point at.
const ENGLISH_CAUSES: &[(Cause, &str)] = &[
    (
        Cause::Hygiene,
        "dirty filthy hair cockroach cockroaches bedbugs bug bugs insect mold mould stale rotten smelly sick vomiting diarrhea poisoning",
    ),
    (
        Cause::Service,
        "rude unprofessional unhelpful ignored staff manager attitude waiter waitress",
    ),
    (
        Cause::Logistics,
        "late slow delivery shipping courier delayed delay waited waiting",
    ),
    (
        Cause::Packaging,
        "packaging crushed leaking leaked spilled package",
    ),
    (Cause::Fulfilment, "wrong missing incomplete forgot"),
    (Cause::Price, "overpriced expensive price overcharged"),
    (
        Cause::Mismatch,
        "fake counterfeit misleading description scam fraud",
    ),
    (Cause::Aftersales, "refund return exchange warranty repair"),
    (
        Cause::Facility,
        "noisy noise room bed shower wifi parking air-conditioning",
    ),
    (
        Cause::Quality,
        "broken defective faulty quality crashes crash cold bland soggy raw undercooked burnt damaged useless",
    ),
];

const ENGLISH_RISKS: &[(Risk, &str)] = &[
    (
        Risk::Health,
        "poisoning sick vomiting diarrhea hair cockroach cockroaches bedbugs insect mold mould rotten allergic rash hospital",
    ),
    (
        Risk::Injury,
        "injured burned shock fire exploded explosion bleeding unsafe",
    ),
    (Risk::Legal, "lawyer lawsuit sue police court"),
    (Risk::Fraud, "scam fake fraud counterfeit cheated"),
    (Risk::Privacy, "stolen theft robbed"),
    (Risk::Abuse, "threatened racist insulted assaulted harassed"),
];

/// What the English lexicon found: the balance of blame, causes and risks.
#[derive(Debug, Default)]
pub(crate) struct English {
    pub praise: usize,
    pub blame: usize,
    pub causes: Vec<Cause>,
    pub risks: Vec<Risk>,
}

/// Reads an English text word by word; a denial turns the next three words around.
pub(crate) fn read_english(text: &str) -> English {
    let mut found = English::default();
    let mut denied = 0_usize;
    for word in english_words(text) {
        let good = listed(PRAISE, &word);
        let bad = listed(BLAME, &word);
        if listed(DENIAL, &word) {
            denied = 4;
        } else if denied > 0 && listed(EXPECTED, &word) {
            found.blame += 1;
            denied = 0;
        } else if (good && denied == 0) || (bad && denied > 0) {
            found.praise += usize::from(good || bad);
        } else if good || bad {
            found.blame += 1;
        }
        if denied == 0 && bad {
            for (risk, words) in ENGLISH_RISKS {
                if listed(words, &word) && !found.risks.contains(risk) {
                    found.risks.push(*risk);
                }
            }
        }
        if denied == 0 {
            for (cause, words) in ENGLISH_CAUSES {
                if listed(words, &word) && !found.causes.contains(cause) {
                    found.causes.push(*cause);
                }
            }
        }
        denied = denied.saturating_sub(1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::Normal;

    fn language(text: &str) -> Language {
        let mut normal = Normal::default();
        normal.read(text);
        of(text, normal.counts)
    }

    #[test]
    fn each_language_is_told_apart() {
        assert_eq!(language("味道不错"), Language::Chinese);
        assert_eq!(language("iPhone 6s plus 很卡，WiFi 不行"), Language::Chinese);
        assert_eq!(
            language("The room was dirty and the staff were rude"),
            Language::English
        );
        assert_eq!(language("good"), Language::English);
        assert_eq!(language("とても美味しかったです"), Language::Other);
        assert_eq!(language("배송이 너무 느려요"), Language::Other);
        assert_eq!(language("La habitación estaba muy sucia"), Language::Other);
        assert_eq!(language("……！！"), Language::None);
    }

    #[test]
    fn placeholders_are_no_text() {
        let folded = |t: &str| crate::normalise::fold_word(t);
        assert!(is_placeholder(&folded("此用户未填写评价内容")));
        assert!(is_placeholder(&folded("此用戶沒有填寫評價。")));
        assert!(is_placeholder(&folded("评价方未及时做出评价,系统默认好评!")));
        assert!(!is_placeholder(&folded("懒得写，默认好评吧")));
        assert!(!is_placeholder(&folded("东西收到就坏了")));
    }
}
