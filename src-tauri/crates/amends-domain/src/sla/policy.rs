//! What is promised: targets per tier, pauses, warnings, grace (sla.md, product.md "The default promise").

use super::event::{Metric, TicketStatus};
use crate::words::{Tier, UnknownWord, vocabulary};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::{fmt, str::FromStr};

/// Identity of one immutable version of the policy, unique in the workspace.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type,
)]
#[serde(transparent)]
pub struct PolicyVersion(pub u32);

vocabulary! {
    /// From which time the clocks start (R16).
    StartAt {
        /// When the review came in (default).
        Received = "received",
        /// When its author posted it.
        Posted = "posted",
    }
}

#[allow(clippy::derivable_impls)] // the vocabulary macro writes the enum, so `#[default]` cannot be placed in it
impl Default for StartAt {
    fn default() -> Self {
        Self::Received
    }
}

/// The targets of one tier, in seconds of working time. "1 h" is 3 600 s; there is no day unit (R1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(default, deny_unknown_fields)]
pub struct Targets {
    /// 首次响应
    pub first_response: Option<u32>,
    /// 后续响应; none means the same as the first response (R19).
    pub next_response: Option<u32>,
    /// 方案; none means it has no clock of its own.
    pub solution: Option<u32>,
    /// 关闭
    pub closure: Option<u32>,
    /// 审批; none means the policy's share of the first response (R26).
    pub approval: Option<u32>,
}

/// Which states pause which metric (R8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pauses(pub BTreeMap<Metric, Vec<TicketStatus>>);

impl Pauses {
    /// True if a metric rests in a state. Platform limits and follow-ups never do (R22).
    pub fn pauses(&self, metric: Metric, status: TicketStatus) -> bool {
        !matches!(metric, Metric::ChannelLimit | Metric::FollowUp | Metric::Approval)
            && self.0.get(&metric).is_some_and(|states| states.contains(&status))
    }
}

/// When warnings ring, in percent of the target (R20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(default, deny_unknown_fields)]
pub struct WarnLevels {
    /// To the assignee.
    pub first: u8,
    /// To the assignee and whoever is on call.
    pub second: u8,
    /// To the manager, counted on from the due time.
    pub overdue: u8,
}

impl Default for WarnLevels {
    fn default() -> Self {
        Self {
            first: 75,
            second: 90,
            overdue: 25,
        }
    }
}

/// The time left to people when a change shortens a due time (R13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(default, deny_unknown_fields)]
pub struct Grace {
    /// Share of the new target.
    pub percent: u8,
    /// At least, seconds.
    pub min_secs: u32,
    /// At most, seconds.
    pub max_secs: u32,
}

impl Default for Grace {
    fn default() -> Self {
        Self {
            percent: 25,
            min_secs: 15 * 60,
            max_secs: 60 * 60,
        }
    }
}

impl Grace {
    /// Working milliseconds of grace for a new target.
    pub fn of(self, target_ms: i64) -> i64 {
        let (min, max) = (i64::from(self.min_secs) * 1000, i64::from(self.max_secs) * 1000);
        (target_ms * i64::from(self.percent) / 100)
            .max(min)
            .min(max.max(min))
    }
}

/// The approver's share of the first-response target (R26).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(default, deny_unknown_fields)]
pub struct ApprovalShare {
    /// Share of the first-response target.
    pub percent: u8,
    /// At least, seconds.
    pub min_secs: u32,
}

impl Default for ApprovalShare {
    fn default() -> Self {
        Self {
            percent: 25,
            min_secs: 10 * 60,
        }
    }
}

/// When a closed ticket's customer is contacted (R25).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FollowUpWindow {
    /// Opens on the local date this many days after closing.
    pub first_day: u8,
    /// Is due on the local date this many days after closing.
    pub last_day: u8,
    /// Hours in which customers may be called.
    pub contact_hours: super::calendar::Window,
    /// Move both ends off holidays.
    pub respect_holidays: bool,
}

impl Default for FollowUpWindow {
    fn default() -> Self {
        Self {
            first_day: 3,
            last_day: 7,
            contact_hours: super::calendar::Window::CONTACT,
            respect_holidays: false,
        }
    }
}

/// One version of the promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Which version this is.
    pub version: PolicyVersion,
    /// Name for people.
    pub name: String,
    /// 紧急
    pub urgent: Targets,
    /// 重要
    pub important: Targets,
    /// 一般
    pub general: Targets,
    /// From which time the clocks of a newly received review start. The choice is written into each
    /// [`super::event::EventKind::Received`], which is what the engine reads.
    pub start: StartAt,
    /// What rests when.
    pub pauses: Pauses,
    /// Longest pause of a clock in total, real seconds (R11).
    pub pause_cap_secs: u32,
    /// When warnings ring.
    pub warn: WarnLevels,
    /// Time left to people when a change shortens a due time.
    pub grace: Grace,
    /// The approver's share.
    pub approval: ApprovalShare,
    /// The follow-up.
    pub follow_up: FollowUpWindow,
    /// For how many days a complaint reopens the same ticket (R17).
    pub reopen_days: u8,
}

const HOUR: u32 = 3600;

impl Default for Policy {
    /// The published standard this product exists to keep.
    fn default() -> Self {
        let targets = |first: u32, solution: Option<u32>| Targets {
            first_response: Some(first * HOUR),
            solution: solution.map(|hours| hours * HOUR),
            closure: Some(72 * HOUR),
            ..Targets::default()
        };
        Self {
            version: PolicyVersion(1),
            name: String::from("默认时效"),
            urgent: targets(2, Some(24)),
            important: targets(12, Some(48)),
            general: targets(24, None),
            start: StartAt::Received,
            pauses: Pauses(BTreeMap::from([(
                Metric::Solution,
                vec![TicketStatus::WaitingCustomer, TicketStatus::Disputed],
            )])),
            pause_cap_secs: 72 * HOUR,
            warn: WarnLevels::default(),
            grace: Grace::default(),
            approval: ApprovalShare::default(),
            follow_up: FollowUpWindow::default(),
            reopen_days: 7,
        }
    }
}

impl Policy {
    /// A tier's targets.
    pub const fn targets(&self, tier: Tier) -> &Targets {
        match tier {
            Tier::Urgent => &self.urgent,
            Tier::Important => &self.important,
            Tier::General => &self.general,
        }
    }

    /// A metric's target for a tier in seconds; none means it has no clock.
    pub fn target_secs(&self, tier: Tier, metric: Metric) -> Option<u32> {
        let targets = self.targets(tier);
        match metric {
            Metric::FirstResponse => targets.first_response,
            Metric::NextResponse => targets.next_response.or(targets.first_response),
            Metric::Solution => targets.solution,
            Metric::Closure => targets.closure,
            Metric::Approval => targets.approval.or_else(|| {
                let share = u64::from(targets.first_response?) * u64::from(self.approval.percent) / 100;
                Some(
                    u32::try_from(share)
                        .unwrap_or(u32::MAX)
                        .max(self.approval.min_secs),
                )
            }),
            Metric::FollowUp | Metric::ChannelLimit => None,
        }
    }
}

/// Why a policy was refused at save.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// A target of nothing, or of more than a year.
    #[error("the target of {1} for {0} is not between 1 second and 366 days")]
    Target(Tier, Metric),
    /// Warnings that do not rise towards the due time.
    #[error("warnings must rise: the first below the second, the second below 100 %")]
    Warn,
    /// Grace, approval share or follow-up days that contradict themselves.
    #[error("the least is more than the most")]
    Range,
}

impl Policy {
    /// Refuses a promise that nobody can keep or that contradicts itself.
    ///
    /// # Errors
    /// [`PolicyError`] names the first thing found.
    pub fn check(&self) -> Result<(), PolicyError> {
        for &tier in Tier::ALL {
            for &metric in Metric::ALL {
                let target = self.target_secs(tier, metric);
                if target.is_some_and(|secs| !(1..=366 * 24 * HOUR).contains(&secs)) {
                    return Err(PolicyError::Target(tier, metric));
                }
            }
        }
        if self.warn.first == 0 || self.warn.first >= self.warn.second || self.warn.second >= 100 {
            return Err(PolicyError::Warn);
        }
        let follow_up = &self.follow_up;
        if self.grace.min_secs > self.grace.max_secs || follow_up.first_day > follow_up.last_day {
            return Err(PolicyError::Range);
        }
        Ok(())
    }
}

/// The policy versions that a set of logs refers to.
#[derive(Debug, Clone)]
pub struct Policies {
    versions: BTreeMap<PolicyVersion, Policy>,
}

impl Policies {
    /// Starts with one version.
    pub fn new(policy: Policy) -> Self {
        Self {
            versions: BTreeMap::from([(policy.version, policy)]),
        }
    }

    /// Adds a version; one that exists already is never replaced (R15).
    pub fn insert(&mut self, policy: Policy) {
        self.versions.entry(policy.version).or_insert(policy);
    }

    /// The version, or the newest one known if the store lost it (it never deletes versions).
    pub fn get(&self, version: PolicyVersion) -> &Policy {
        self.versions.get(&version).unwrap_or_else(|| self.latest())
    }

    /// The newest version.
    pub fn latest(&self) -> &Policy {
        match self.versions.values().next_back() {
            Some(policy) => policy,
            None => unreachable!("a set of policies starts with one and only grows"),
        }
    }
}

impl Default for Policies {
    fn default() -> Self {
        Self::new(Policy::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_the_published_promise() {
        let policy = Policy::default();
        let hours = |tier, metric| policy.target_secs(tier, metric).map(|secs| secs / HOUR);
        let row = |tier| {
            [Metric::FirstResponse, Metric::Solution, Metric::Closure].map(|metric| hours(tier, metric))
        };
        assert_eq!(row(Tier::Urgent), [Some(2), Some(24), Some(72)]);
        assert_eq!(row(Tier::Important), [Some(12), Some(48), Some(72)]);
        assert_eq!(row(Tier::General), [Some(24), None, Some(72)]);
        assert_eq!(policy.check(), Ok(()));
    }

    #[test]
    fn an_approval_has_a_quarter_of_the_first_response_but_ten_minutes_at_least() {
        let mut policy = Policy::default();
        assert_eq!(policy.target_secs(Tier::Urgent, Metric::Approval), Some(30 * 60));
        policy.urgent.first_response = Some(20 * 60);
        assert_eq!(policy.target_secs(Tier::Urgent, Metric::Approval), Some(10 * 60));
    }

    #[test]
    fn a_policy_that_contradicts_itself_is_refused() {
        let refused = |change: fn(&mut Policy)| {
            let mut policy = Policy::default();
            change(&mut policy);
            policy.check().unwrap_err()
        };
        let zero = refused(|policy| policy.general.closure = Some(0));
        assert_eq!(zero, PolicyError::Target(Tier::General, Metric::Closure));
        assert_eq!(refused(|policy| policy.warn.first = 90), PolicyError::Warn);
        assert_eq!(refused(|policy| policy.grace.min_secs = 7200), PolicyError::Range);
        assert_eq!(
            refused(|policy| policy.follow_up.first_day = 8),
            PolicyError::Range
        );
    }

    #[test]
    fn a_stored_policy_reads_back_as_it_was() {
        let policy = Policy::default();
        let text = serde_json::to_string(&policy).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(&text).unwrap(), policy);
    }
}
