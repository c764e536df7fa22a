//! From an assessment to a tier: the rule table of product.md, Triage. Every decision names the rule that fired.

use crate::assessment::{Assessment, Language};
use crate::words::{PlatformPolarity, Risk, Sentiment, Severity, Tier, UnknownWord, vocabulary};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

vocabulary! {
    /// The rule that gave the base tier (product.md, Triage 1–6).
    Rule {
        /// 1: a keyword alert marked urgent.
        KeywordUrgent = "keyword_urgent",
        /// 1: health, injury, privacy or abuse, severe.
        SafetySevere = "safety_severe",
        /// 2: legal or media, severe; no reply without approval.
        LegalSevere = "legal_severe",
        /// 3: fraud with a filed complaint, money taken or a health effect.
        FraudHarm = "fraud_harm",
        /// 3: fraud suspected, nothing more.
        FraudSuspicion = "fraud_suspicion",
        /// 4: any other severe complaint.
        Severe = "severe",
        /// 5: extortion; the supervisor is told.
        Extortion = "extortion",
        /// 5: moderate.
        Moderate = "moderate",
        /// 6: minor or none.
        Minor = "minor",
        /// 10: one star with praise.
        StarsOnly = "stars_only",
        /// Opened by a person.
        ByHand = "by_hand",
    }
}

vocabulary! {
    /// A step up from the base tier (product.md, Triage 7–9).
    Step {
        /// 7: spreads fast.
        Spread = "spread",
        /// 8: a VIP customer.
        Vip = "vip",
        /// 8: the same customer's second negative review in 30 days.
        Again = "again",
        /// 9: uncertain, so the higher of the two likely tiers.
        Uncertain = "uncertain",
    }
}

/// What is known beside the text.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signals {
    /// Stars, 1 to 5.
    pub stars: Option<f32>,
    /// The platform's verdict.
    pub polarity: Option<PlatformPolarity>,
    /// A keyword alert asks for a ticket.
    pub keyword: bool,
    /// A keyword alert marked urgent fired.
    pub keyword_urgent: bool,
    /// Likes, replies or shares over the channel's threshold.
    pub spread: bool,
    /// A VIP customer.
    pub vip: bool,
    /// The same customer wrote a negative review in the last 30 days.
    pub again: bool,
    /// The setting 中差评.
    pub open_neutral: bool,
}

/// Below this confidence a person is asked to confirm. At 85 % coverage the rest is 97 % right
/// (classifier.md), which is where this cut lies.
pub const CONFIRM_BELOW: f32 = 0.6;

/// A second severity counts as likely from this probability on.
const LIKELY: f32 = 0.3;

/// What triage decided and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// A ticket opens.
    pub opens: bool,
    /// Its tier.
    pub tier: Tier,
    /// The rule of the base tier.
    pub rule: Rule,
    /// Steps up.
    pub steps: Vec<Step>,
    /// The manager is told at once.
    pub tell_manager: bool,
    /// The supervisor is told.
    pub tell_supervisor: bool,
    /// No reply leaves without approval.
    pub reply_needs_approval: bool,
    /// 请人工确认.
    pub needs_confirmation: bool,
    /// The keyword alert that was set off, as its author wrote it. Set by whoever listened for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyword: Option<String>,
}

/// Applies the table to one review. `text` is only looked at for the words of rule 3.
pub fn decide(assessment: &Assessment, text: &str, signals: &Signals) -> Decision {
    let readable = assessment.has_text && assessment.language != Language::Other;
    let low_stars = match (signals.stars, signals.polarity) {
        (Some(stars), _) => stars <= 2.0,
        (None, Some(polarity)) => polarity == PlatformPolarity::Bad,
        (None, None) => false,
    };
    let one_star = match (signals.stars, signals.polarity) {
        (Some(stars), _) => stars <= 1.0,
        (None, polarity) => polarity == Some(PlatformPolarity::Bad),
    };
    let neutral = match (signals.stars, signals.polarity) {
        (Some(stars), _) => stars > 2.0 && stars <= 3.0,
        (None, polarity) => polarity == Some(PlatformPolarity::Neutral),
    };
    let by_text = readable
        && (assessment.sentiment == Sentiment::Neg
            || (assessment.sentiment == Sentiment::Mixed && assessment.severity >= Severity::Moderate)
            || !assessment.risks.is_empty());
    let praised_at_one_star = readable && !by_text && one_star;
    let opens = by_text
        || signals.keyword
        || signals.keyword_urgent
        || (!readable && low_stars)
        || praised_at_one_star
        || (signals.open_neutral && neutral);

    let (rule, mut tier) = if praised_at_one_star && !signals.keyword_urgent {
        (Rule::StarsOnly, Tier::General)
    } else {
        base(assessment, assessment.severity, text, signals)
    };
    let mut steps = Vec::new();
    let unsure = assessment.confidence < CONFIRM_BELOW || !readable && assessment.has_text;
    if unsure && readable && rule != Rule::StarsOnly {
        let likely = Severity::ALL
            .iter()
            .filter(|s| assessment.severity_probabilities[s.index()] >= LIKELY)
            .map(|s| base(assessment, *s, text, signals).1)
            .max();
        if likely > Some(tier) {
            tier = likely.unwrap_or(tier);
            steps.push(Step::Uncertain);
        }
    }
    for (applies, step) in [
        (signals.spread, Step::Spread),
        (signals.vip, Step::Vip),
        (signals.again, Step::Again),
    ] {
        // One step up each, at most to urgent; two reasons of rule 8 are still two steps.
        if applies && tier < Tier::Urgent {
            tier = if tier == Tier::General {
                Tier::Important
            } else {
                Tier::Urgent
            };
            steps.push(step);
        }
    }
    Decision {
        opens,
        tier,
        rule,
        steps,
        tell_manager: matches!(
            rule,
            Rule::KeywordUrgent
                | Rule::SafetySevere
                | Rule::LegalSevere
                | Rule::FraudHarm
                | Rule::FraudSuspicion
        ),
        tell_supervisor: rule == Rule::Extortion,
        reply_needs_approval: rule == Rule::LegalSevere,
        needs_confirmation: unsure || assessment.stars_disagree,
        keyword: None,
    }
}

/// Rules 1 to 6, the first that applies.
fn base(assessment: &Assessment, severity: Severity, text: &str, signals: &Signals) -> (Rule, Tier) {
    let has = |risk: Risk| assessment.risks.iter().any(|score| score.risk == risk);
    let severe = severity == Severity::Severe;
    if signals.keyword_urgent {
        (Rule::KeywordUrgent, Tier::Urgent)
    } else if severe
        && [Risk::Health, Risk::Injury, Risk::Privacy, Risk::Abuse]
            .into_iter()
            .any(has)
    {
        (Rule::SafetySevere, Tier::Urgent)
    } else if severe && (has(Risk::Legal) || has(Risk::Media)) {
        (Rule::LegalSevere, Tier::Urgent)
    } else if has(Risk::Fraud) {
        if has(Risk::Health) || has(Risk::Legal) || money_taken(text) {
            (Rule::FraudHarm, Tier::Urgent)
        } else {
            (Rule::FraudSuspicion, Tier::Important)
        }
    } else if severe {
        (Rule::Severe, Tier::Urgent)
    } else if has(Risk::Extortion) {
        (Rule::Extortion, Tier::Important)
    } else if severity == Severity::Moderate {
        (Rule::Moderate, Tier::Important)
    } else {
        (Rule::Minor, Tier::General)
    }
}

/// Words that say money is gone, as opposed to a suspicion (rule 3).
fn money_taken(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "多扣",
        "重复扣",
        "扣了两次",
        "扣了我",
        "被扣",
        "盗刷",
        "乱扣",
        "乱收",
        "多收了",
        "收了两次",
        "不退钱",
        "不退款",
        "不给退",
        "拒绝退款",
        "钱不退",
        "钱没退",
        "骗了我",
        "骗走",
        "骗钱",
        "转账",
        "打了款",
        "付了钱",
        "交了钱",
        "押金不退",
        "定金不退",
    ];
    WORDS.iter().any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::{RiskScore, Voice};

    fn read(sentiment: Sentiment, severity: Severity, risks: &[Risk]) -> Assessment {
        let mut severity_probabilities = [0.0; 4];
        severity_probabilities[severity.index()] = 0.9;
        Assessment {
            sentiment,
            negative_probability: 0.9,
            causes: Vec::new(),
            cause_probabilities: [0.0; 12],
            severity,
            severity_probabilities,
            risks: risks
                .iter()
                .map(|risk| RiskScore {
                    risk: *risk,
                    probability: 0.9,
                    by: Voice::Model,
                })
                .collect(),
            risk_probabilities: [0.0; 8],
            genuine: true,
            stars_disagree: false,
            confidence: 0.9,
            language: Language::Chinese,
            has_text: true,
            evidence: Vec::new(),
        }
    }

    fn tier(assessment: &Assessment, text: &str) -> (Rule, Tier) {
        let decision = decide(assessment, text, &Signals::default());
        (decision.rule, decision.tier)
    }

    #[test]
    fn rules_one_to_six_give_the_base_tier() {
        use {Risk::*, Sentiment::Neg, Severity::*};
        for risk in [Health, Injury, Privacy, Abuse] {
            assert_eq!(
                tier(&read(Neg, Severe, &[risk]), ""),
                (Rule::SafetySevere, Tier::Urgent),
                "rule 1: {risk}"
            );
            assert_eq!(
                tier(&read(Neg, Moderate, &[risk]), "").1,
                Tier::Important,
                "rule 5: {risk}"
            );
        }
        for risk in [Legal, Media] {
            let decision = decide(&read(Neg, Severe, &[risk]), "", &Signals::default());
            assert_eq!(
                (decision.rule, decision.tier, decision.reply_needs_approval),
                (Rule::LegalSevere, Tier::Urgent, true),
                "rule 2"
            );
        }
        assert_eq!(
            tier(&read(Neg, Severe, &[Fraud]), "感觉是假货"),
            (Rule::FraudSuspicion, Tier::Important),
            "rule 3: suspicion alone"
        );
        assert_eq!(
            tier(&read(Neg, Severe, &[Fraud]), "重复扣款也不退款"),
            (Rule::FraudHarm, Tier::Urgent),
            "rule 3: money taken"
        );
        assert_eq!(
            tier(&read(Neg, Moderate, &[Fraud, Legal]), ""),
            (Rule::FraudHarm, Tier::Urgent),
            "rule 3: complaint filed"
        );
        assert_eq!(
            tier(&read(Neg, Severe, &[]), ""),
            (Rule::Severe, Tier::Urgent),
            "rule 4"
        );
        assert_eq!(
            tier(&read(Neg, Minor, &[Extortion]), ""),
            (Rule::Extortion, Tier::Important),
            "rule 5"
        );
        assert_eq!(
            tier(&read(Neg, Moderate, &[]), ""),
            (Rule::Moderate, Tier::Important),
            "rule 5"
        );
        assert_eq!(
            tier(&read(Neg, Minor, &[]), ""),
            (Rule::Minor, Tier::General),
            "rule 6"
        );
    }

    #[test]
    fn a_ticket_opens_only_for_what_rule_zero_names() {
        use {Sentiment::*, Severity::*};
        let opens = |a: &Assessment, s: Signals| decide(a, "", &s).opens;
        let none = Signals::default();
        assert!(opens(&read(Neg, Minor, &[]), none));
        assert!(opens(&read(Mixed, Moderate, &[]), none));
        assert!(!opens(&read(Mixed, Minor, &[]), none));
        assert!(!opens(&read(Pos, Minor, &[]), none));
        assert!(
            opens(&read(Pos, Severity::None, &[Risk::Health]), none),
            "any risk"
        );
        assert!(
            opens(
                &read(Pos, Severity::None, &[]),
                Signals {
                    keyword: true,
                    ..none
                }
            ),
            "keyword alert"
        );
        let neutral = Signals {
            stars: Some(3.0),
            ..none
        };
        assert!(!opens(&read(Pos, Severity::None, &[]), neutral));
        assert!(
            opens(
                &read(Pos, Severity::None, &[]),
                Signals {
                    open_neutral: true,
                    ..neutral
                }
            ),
            "setting 中差评"
        );
        let silent = Assessment {
            has_text: false,
            language: Language::None,
            ..read(Pos, Severity::None, &[])
        };
        assert!(
            opens(
                &silent,
                Signals {
                    stars: Some(2.0),
                    ..none
                }
            ),
            "no text, two stars"
        );
        assert!(!opens(
            &silent,
            Signals {
                stars: Some(2.5),
                ..none
            }
        ));
        assert!(
            opens(
                &silent,
                Signals {
                    polarity: Some(PlatformPolarity::Bad),
                    ..none
                }
            ),
            "bad counts as one star"
        );
        assert!(!opens(&silent, none), "nothing said at all");
    }

    #[test]
    fn one_star_with_praise_opens_as_general() {
        let decision = decide(
            &read(Sentiment::Pos, Severity::None, &[]),
            "",
            &Signals {
                stars: Some(1.0),
                ..Signals::default()
            },
        );
        assert_eq!(
            (decision.opens, decision.rule, decision.tier),
            (true, Rule::StarsOnly, Tier::General)
        );
    }

    #[test]
    fn each_reason_adds_one_step_and_urgent_is_the_top() {
        let again = Signals {
            again: true,
            ..Signals::default()
        };
        assert_eq!(
            decide(&read(Sentiment::Neg, Severity::Minor, &[]), "", &again).tier,
            Tier::Important
        );
        assert_eq!(
            decide(&read(Sentiment::Neg, Severity::Moderate, &[]), "", &again).tier,
            Tier::Urgent
        );
        let all = Signals {
            again: true,
            vip: true,
            spread: true,
            ..Signals::default()
        };
        let decision = decide(&read(Sentiment::Neg, Severity::Moderate, &[]), "", &all);
        assert_eq!(
            (decision.tier, decision.steps.len()),
            (Tier::Urgent, 1),
            "no step beyond urgent"
        );
    }

    #[test]
    fn an_uncertain_reading_takes_the_higher_likely_tier_and_asks() {
        let mut unsure = read(Sentiment::Neg, Severity::Minor, &[]);
        unsure.confidence = 0.5;
        unsure.severity_probabilities = [0.0, 0.5, 0.4, 0.1];
        let decision = decide(&unsure, "", &Signals::default());
        assert_eq!(
            (decision.tier, decision.needs_confirmation),
            (Tier::Important, true)
        );
        assert_eq!(decision.steps, [Step::Uncertain]);
    }
}
