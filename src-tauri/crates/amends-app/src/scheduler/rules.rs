//! How alerts are heard, as stored: the workspace's rules and each person's choices.

use crate::{
    Result,
    dto::{AlertLevel, LadderStep, LevelChoice, PersonAlerts, QuietWindow, SoundName},
    views,
};
use amends_domain::{
    Tier,
    sla::{
        Metric,
        alerts::{Level, QuietHours, Recipient, recipients},
        calendar::Window,
    },
};
use amends_store::{Store, Tx};
use serde::{Deserialize, Serialize};

/// Setting: the workspace's rules.
const RULES: &str = "alert_rules";

fn person_key(person: &str) -> String {
    format!("alerts:{person}")
}

/// The workspace's rules of alerts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct AlertRules {
    pub ladder: Vec<LadderStep>,
    /// Seconds; 0 never.
    pub repeat_urgent_secs: u32,
    /// Seconds; 0 never.
    pub take_back_secs: u32,
}

impl Default for AlertRules {
    fn default() -> Self {
        Self {
            ladder: AlertLevel::ALL.into_iter().map(default_step).collect(),
            repeat_urgent_secs: 300,
            take_back_secs: 1800,
        }
    }
}

/// The ladder of sla.md R20; a new urgent ticket is for whoever may take it.
fn default_step(level: AlertLevel) -> LadderStep {
    LadderStep {
        level,
        recipients: match engine_level(level) {
            Some(engine) => recipients(Metric::Solution, engine).to_vec(),
            None => vec![Recipient::Assignee],
        },
    }
}

/// The engine's level; none for a new urgent ticket.
pub(crate) fn engine_level(level: AlertLevel) -> Option<Level> {
    match level {
        AlertLevel::NewUrgent => None,
        AlertLevel::L1 => Some(Level::L1),
        AlertLevel::L2 => Some(Level::L2),
        AlertLevel::Due => Some(Level::Due),
        AlertLevel::Overdue => Some(Level::Overdue),
    }
}

/// The window's level.
pub(crate) fn window_level(level: Level) -> AlertLevel {
    match level {
        Level::L1 => AlertLevel::L1,
        Level::L2 => AlertLevel::L2,
        Level::Due => AlertLevel::Due,
        Level::Overdue => AlertLevel::Overdue,
    }
}

impl AlertRules {
    pub async fn load(store: &Store) -> Result<Self> {
        match store.setting(RULES).await? {
            Some(text) => Ok(serde_json::from_str(&text)?),
            None => Ok(Self::default()),
        }
    }

    pub async fn save(&self, tx: &mut Tx) -> Result<()> {
        Ok(tx.set_setting(RULES, &serde_json::to_string(self)?).await?)
    }

    /// Whom a level of a metric is for; an approval's warnings go to whoever is to decide (R26).
    pub fn recipients(&self, metric: Option<Metric>, level: AlertLevel) -> Vec<Recipient> {
        if let (Some(Metric::Approval), Some(level)) = (metric, engine_level(level)) {
            return recipients(Metric::Approval, level).to_vec();
        }
        let step = self.ladder.iter().find(|step| step.level == level);
        step.filter(|step| !step.recipients.is_empty())
            .map_or_else(|| default_step(level).recipients, |step| step.recipients.clone())
    }
}

/// One person's choices as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct PersonRules(pub PersonAlerts);

impl Default for PersonRules {
    fn default() -> Self {
        let sound = |level| match level {
            AlertLevel::NewUrgent => (SoundName::Urgent, 80),
            AlertLevel::L1 => (SoundName::Soft, 50),
            AlertLevel::L2 => (SoundName::Clear, 60),
            AlertLevel::Due | AlertLevel::Overdue => (SoundName::Urgent, 70),
        };
        Self(PersonAlerts {
            levels: AlertLevel::ALL
                .into_iter()
                .map(|level| {
                    let (sound, volume) = sound(level);
                    LevelChoice {
                        level,
                        native: true,
                        sound,
                        volume,
                    }
                })
                .collect(),
            quiet: None,
            meeting_until: None,
            tiers: Tier::ALL.to_vec(),
        })
    }
}

impl PersonRules {
    /// How a level makes itself heard.
    pub fn choice(&self, level: AlertLevel) -> LevelChoice {
        let found = self.0.levels.iter().find(|choice| choice.level == level);
        found.cloned().unwrap_or(LevelChoice {
            level,
            native: true,
            sound: SoundName::Soft,
            volume: 50,
        })
    }

    /// The end of a meeting that goes on at `now_ms`.
    pub fn meeting_until(&self, now_ms: i64) -> Option<i64> {
        let until = views::parse_instant(self.0.meeting_until.as_deref()?).ok()?;
        (until > now_ms).then_some(until)
    }

    /// Until when an alert of this tier waits: quiet hours and meetings hold all but 紧急 (R21).
    pub fn held_until(&self, tier: Tier, zone: chrono_tz::Tz, now_ms: i64) -> Option<i64> {
        if tier == Tier::Urgent {
            return None;
        }
        let quiet = self
            .0
            .quiet
            .as_ref()
            .and_then(|window| held_by(window, tier, zone, now_ms));
        quiet.into_iter().chain(self.meeting_until(now_ms)).max()
    }
}

/// The end of quiet hours that hold an alert of this tier at `now_ms`.
pub(crate) fn held_by(window: &QuietWindow, tier: Tier, zone: chrono_tz::Tz, now_ms: i64) -> Option<i64> {
    let window = quiet_window(window)?;
    QuietHours { window, zone }.hold_until(tier, now_ms)
}

/// Quiet hours as a window; none for words that are no hours.
pub(crate) fn quiet_window(window: &QuietWindow) -> Option<Window> {
    format!("{}-{}", window.from, window.to).parse().ok()
}

/// A person's choices; the defaults where nothing was chosen.
pub(crate) async fn person_rules(store: &Store, person: &str) -> Result<PersonRules> {
    match store.setting(&person_key(person)).await? {
        Some(text) => Ok(serde_json::from_str(&text)?),
        None => Ok(PersonRules::default()),
    }
}

/// Keeps a person's choices.
pub(crate) async fn save_person_rules(tx: &mut Tx, person: &str, rules: &PersonRules) -> Result<()> {
    Ok(tx
        .set_setting(&person_key(person), &serde_json::to_string(rules)?)
        .await?)
}
