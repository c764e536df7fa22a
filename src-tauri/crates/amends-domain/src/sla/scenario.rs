//! `amends-cli deadlines`: one scenario in JSON, every clock of it in JSON (issue 4).
//!
//! The form is for people and tests: durations such as `"2h"` or `"1h30m"`, RFC 3339 instants, ids left out where
//! there is only one thing they could mean. What is not understood is refused with the place it stands at.
//!
//! - `calendar`: `"24x7"`, or `{zone, weekly: {mon: ["09:00-18:00"], …} | "24x7", overrides: {date: [windows]},
//!   holidays: [dates]}`. Without `holidays`, a calendar in Asia/Shanghai has the shipped ones (R25).
//! - `policy`: `{urgent|important|general: {first_response, next_response, solution, closure, approval}, pauses:
//!   {metric: [states]}, pause_cap, grace, warn, start, contact_hours, respect_holidays}`; left out, the default
//!   promise. The last three may also stand beside it.
//! - `events`: `{at, type, …}` in any order, types and fields as in [`super::event::EventKind`], with these in
//!   their own form: `received` takes `posted_at`, `posted_precision`, `live`, `open_days` and `reply: true | {at}`;
//!   `policy` and `calendar` hold the new version itself, a tier left out stays; `merged_from` holds the merged
//!   ticket's `events`; a bare `closed` means the invitation is settled, unless invitation events tell otherwise
//!   or it says `"invitation": null`; `undone` without `of` means the event before it; `recorded_at` marks a time
//!   stated afterwards.
//! - `now`, and `alerts: true` for the alert instants.
//!
//! The answer holds `clocks`, and where there are any `segments` (time charged to approvers and departments) and
//! `notes` (`history`, `detection_lag`, `new_ticket`).

use super::alerts::{instants, recipients};
use super::calendar::{
    Calendar, CalendarError, CalendarSpec, CalendarVersion, Calendars, DAY_MS, HORIZON_MS, Week, Window,
    instant, zone,
};
use super::engine::{Clock, carried, clocks, reopens_same_ticket};
use super::event::{
    ApprovalId, ContactId, ContactOutcome, ContactWay, DismissReason, Event, EventKind, IncomingReply,
    Invitation, LimitKind, ManualDueAnswer, MessageIntent, Metric, PublishRoute, ReopenCause, ReplyBy,
    Subject, TextHash, TicketStatus,
};
use super::holidays::HolidayBook;
use super::policy::{Pauses, Policies, Policy, PolicyVersion, StartAt, Targets};
use super::why::{intervals, segments};
use super::workflow;
use crate::id::ReviewId;
use crate::review::Precision;
use crate::words::Tier;
use chrono::{DateTime, NaiveDate, SecondsFormat};
use chrono_tz::Tz;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

/// Why a scenario was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    /// Not JSON.
    #[error("not JSON: {0}")]
    Json(String),
    /// Something that must be there is not.
    #[error("{0} is missing")]
    Missing(String),
    /// Something is there but cannot be read.
    #[error("{at}: {what}")]
    Invalid {
        /// Where it stands.
        at: String,
        /// What is wrong.
        what: String,
    },
    /// The calendar cannot be.
    #[error("calendar: {0}")]
    Calendar(#[from] CalendarError),
    /// A clock would never be due.
    #[error("the calendar never gives {0} enough working time")]
    Never(Metric),
}

/// Answers one scenario.
///
/// # Errors
/// [`ScenarioError`] says what is wrong and where.
pub fn answer(json: &str) -> Result<String, ScenarioError> {
    let input: Value = serde_json::from_str(json).map_err(|error| ScenarioError::Json(error.to_string()))?;
    Ok(answer_value(&input)?.to_string())
}

/// Answers one scenario a line; a line that is refused becomes `{"error":"…"}`. Empty lines are passed.
pub fn answer_lines(jsonl: &str) -> String {
    let mut out = String::new();
    for line in jsonl.lines().filter(|line| !line.trim().is_empty()) {
        match answer(line) {
            Ok(answer) => out.push_str(&answer),
            Err(error) => out.push_str(&json!({ "error": error.to_string() }).to_string()),
        }
        out.push('\n');
    }
    out
}

fn answer_value(input: &Value) -> Result<Value, ScenarioError> {
    let top = Fields::new(input, String::new())?;
    let now_ms = top
        .time("now")?
        .ok_or_else(|| ScenarioError::Missing("now".into()))?;
    let Some(Value::Array(list)) = top.map.get("events") else {
        return Err(ScenarioError::Missing("events".into()));
    };
    let spec = spec_of(top.map.get("calendar"), "calendar")?;
    let zone = spec.zone;
    let mut policy = match top.map.get("policy") {
        None | Some(Value::Null) => Policy::default(),
        Some(value) => {
            let bare = Policy {
                urgent: Targets::default(),
                important: Targets::default(),
                general: Targets::default(),
                ..Policy::default()
            };
            policy_of(Fields::new(value, "policy".into())?, bare)?
        }
    };
    options(&top, &mut policy)?;

    let mut world = World {
        start: policy.start,
        policies: Policies::new(policy.clone()),
        policy,
        calendars: Calendars::new(Calendar::new(CalendarVersion(1), spec)),
        calendar: CalendarVersion(1),
        notes: Vec::new(),
    };
    let log = world.log(list, "events")?;
    let Some(first_ms) = log.iter().map(|event| event.at_ms).min() else {
        return Ok(json!({ "clocks": [], "notes": world.notes }));
    };
    world.calendars.get(CalendarVersion(1)).check(first_ms)?;
    let found = clocks(&log, &world.policies, &world.calendars, now_ms);
    if let Some(never) = found.iter().find(|clock| clock.due_ms >= HORIZON_MS) {
        return Err(ScenarioError::Never(never.metric));
    }
    let alerts = top.flag("alerts")?.unwrap_or(false);
    let out: Vec<Value> = found
        .iter()
        .map(|clock| world.clock(clock, zone, alerts))
        .collect();
    let mut result = json!({ "clocks": out });
    let held = segments(&log, world.calendars.get(world.calendar), now_ms);
    if !held.is_empty() {
        let held = held.iter().map(|segment| {
            json!({
                "kind": segment.kind,
                "owner": segment.owner,
                "from": show(segment.from_ms, zone),
                "to": segment.until_ms.map(|ms| show(ms, zone)),
                "working_secs": segment.working_secs,
            })
        });
        result["segments"] = held.collect();
    }
    if !world.notes.is_empty() {
        result["notes"] = Value::Array(world.notes);
    }
    Ok(result)
}

/// The versions a scenario defines on its way.
struct World {
    start: StartAt,
    policy: Policy,
    policies: Policies,
    calendars: Calendars,
    calendar: CalendarVersion,
    notes: Vec<Value>,
}

/// Ids handed out where a scenario leaves them out.
#[derive(Default)]
struct Ids {
    reviews: usize,
    messages: usize,
    replies: Vec<String>,
    approvals: Vec<String>,
    decided: usize,
}

impl World {
    fn log(&mut self, list: &[Value], path: &str) -> Result<Vec<Event>, ScenarioError> {
        let settled = |value: &Value| {
            value
                .get("type")
                .and_then(Value::as_str)
                .is_some_and(|kind| kind.starts_with("invitation_"))
        };
        // A bare `closed` means the invitation is settled too, unless the scenario tells that story itself.
        let invitation = (!list.iter().any(settled)).then_some(Invitation::Sent);
        let mut ids = Ids::default();
        let mut log: Vec<Event> = Vec::with_capacity(list.len());
        let mut closed_ms = None;
        for (index, value) in list.iter().enumerate() {
            let fields = Fields::new(value, format!("{path}[{index}]"))?;
            let at_ms = fields.need_time("at")?;
            let recorded_ms = fields.time("recorded_at")?.unwrap_or(at_ms);
            let id = fields
                .text("id")?
                .map_or_else(|| format!("e{}", index + 1), str::to_owned);
            let previous = log.last().map(|event| event.id.0.clone());
            let Some(kind) = self.kind(&fields, at_ms, invitation, &mut ids, previous)? else {
                continue;
            };
            match &kind {
                EventKind::Closed { .. } => closed_ms = Some(at_ms),
                EventKind::Reopened { .. }
                    if closed_ms.is_some_and(|ms| !reopens_same_ticket(ms, at_ms, &self.policy)) =>
                {
                    self.notes
                        .push(json!({ "type": "new_ticket", "at": fields.text("at")? }));
                }
                _ => {}
            }
            log.push(Event {
                id: id.into(),
                at_ms,
                recorded_ms,
                actor: None,
                kind,
            });
        }
        if !log.is_empty()
            && !log
                .iter()
                .any(|event| matches!(event.kind, EventKind::Received { .. }))
        {
            return Err(ScenarioError::Missing(format!("{path}: a `received` event")));
        }
        Ok(log)
    }

    /// One event; none for a kind that is known to touch no clock.
    fn kind(
        &mut self,
        fields: &Fields,
        at_ms: i64,
        invitation: Option<Invitation>,
        ids: &mut Ids,
        previous: Option<String>,
    ) -> Result<Option<EventKind>, ScenarioError> {
        let name = fields.text("type")?.ok_or_else(|| fields.missing("type"))?;
        let review = fields.text("review")?.map(ReviewId::from);
        let reason = fields.text("reason")?.map(str::to_owned);
        let closed = |fields: &Fields| -> Result<EventKind, ScenarioError> {
            let invitation = match fields.map.get("invitation") {
                None => invitation,
                Some(Value::Null) => None,
                Some(_) => fields.word::<Invitation>("invitation")?,
            };
            Ok(EventKind::Closed {
                invitation,
                reason: reason.clone(),
            })
        };
        Ok(Some(match name {
            "received" => return self.received(fields, at_ms, ids),
            "status" => {
                let status: TicketStatus = fields.need_word("status")?;
                match status {
                    TicketStatus::Closed => closed(fields)?,
                    _ => EventKind::Status {
                        status,
                        reason,
                        until_ms: fields.time("until")?,
                        confirmed: true,
                    },
                }
            }
            "customer_message" => {
                ids.messages += 1;
                EventKind::CustomerMessage {
                    message: fields
                        .id("message", || format!("message-{}", ids.messages))?
                        .into(),
                    intent: fields.word("intent")?.unwrap_or(MessageIntent::Complaint),
                    way: ContactWay::PrivateMessage,
                    text: None,
                }
            }
            "no_reply_needed" => EventKind::NoReplyNeeded {
                reason: reason.unwrap_or_default(),
            },
            "tier" => EventKind::Tier {
                tier: fields.need_word("tier")?,
                reason,
                rule: None,
                manual_due: fields.word("manual_due")?.unwrap_or(ManualDueAnswer::NotAsked),
            },
            "reply_submitted" => {
                let reply = fields.id("reply", || format!("reply-{}", ids.replies.len() + 1))?;
                EventKind::ReplySubmitted {
                    reply: reply.into(),
                    review,
                    text: None,
                    template: None,
                }
            }
            "reply_published" => {
                let reply = fields.id("reply", || format!("reply-{}", ids.replies.len() + 1))?;
                ids.replies.push(reply.clone());
                let automatic = fields.flag("automatic")?.unwrap_or(false);
                EventKind::ReplyPublished {
                    reply: reply.into(),
                    review,
                    by: match automatic {
                        true => ReplyBy::Automatic,
                        false => fields.word("by")?.unwrap_or(ReplyBy::Human),
                    },
                    route: PublishRoute::Channel,
                    text: None,
                    template: None,
                }
            }
            "reply_rejected" => {
                let last = || ids.replies.last().cloned().unwrap_or_else(|| "reply-1".into());
                EventKind::ReplyRejected {
                    reply: fields.id("reply", last)?.into(),
                    reason,
                }
            }
            "contact_logged" => {
                let text = match fields.map.get("text") {
                    Some(Value::Bool(text)) => *text,
                    Some(Value::String(text)) => !text.trim().is_empty(),
                    _ => false,
                };
                EventKind::ContactLogged {
                    contact: ContactId::from(fields.id("contact", || "contact".into())?),
                    way: ContactWay::Phone,
                    // People write outcomes in their own words; only the ones below change anything.
                    outcome: fields
                        .text("outcome")?
                        .and_then(|word| word.parse().ok())
                        .unwrap_or(ContactOutcome::Reached),
                    text: text.then(|| TextHash::from("given")),
                    follow_up: fields.flag("follow_up")?.unwrap_or(false),
                }
            }
            "approval_requested" => {
                let approval = fields.id("approval", || format!("approval-{}", ids.approvals.len() + 1))?;
                ids.approvals.push(approval.clone());
                EventKind::ApprovalRequested {
                    approval: approval.into(),
                    of: super::event::ApprovalOf::Reply,
                    approver: fields.text("approver")?.map(Into::into),
                    reply: None,
                    remedy: None,
                }
            }
            "approval_decided" => {
                let next = || {
                    ids.approvals
                        .get(ids.decided)
                        .cloned()
                        .unwrap_or_else(|| "approval-1".into())
                };
                let approval = fields.id("approval", next)?;
                ids.decided += 1;
                let approved = fields.flag("approved")?.unwrap_or(true);
                EventKind::ApprovalDecided {
                    approval: ApprovalId(approval),
                    approved,
                    reason,
                    alone: false,
                }
            }
            "solution_offered" => EventKind::SolutionOffered {
                text: None,
                remedies: Vec::new(),
            },
            "resolved" => EventKind::Resolved { outcome: None },
            "invitation_sent" => EventKind::InvitationSent { text: None },
            "invitation_impossible" => EventKind::InvitationImpossible { reason },
            "invitation_withheld" => EventKind::InvitationWithheld {
                reason: reason.unwrap_or_default(),
            },
            "closed" => closed(fields)?,
            "reopened" => EventKind::Reopened {
                cause: fields.word("cause")?.unwrap_or(ReopenCause::Append),
                review,
                message: fields.text("message")?.map(Into::into),
                tier: fields.word("tier")?,
            },
            "done" => EventKind::Done {},
            "dismissed" => EventKind::Dismissed {
                reason: reason
                    .and_then(|word| word.parse().ok())
                    .unwrap_or(DismissReason::Other),
                text: None,
            },
            "manual_due" => EventKind::ManualDue {
                metric: fields.need_word("metric")?,
                subject: None,
                due_ms: fields.need_time("due")?,
                reason: reason.unwrap_or_default(),
            },
            "channel_limit" => EventKind::ChannelLimit {
                limit: fields.word("limit")?.unwrap_or(LimitKind::ReplyWindow),
                due_ms: fields.need_time("due")?,
                review,
            },
            "policy" => {
                let version = PolicyVersion(self.policy.version.0 + 1);
                let changed = fields.nested("policy")?.unwrap_or_else(|| fields.clone());
                self.policy = Policy {
                    version,
                    ..policy_of(changed, self.policy.clone())?
                };
                self.policies.insert(self.policy.clone());
                EventKind::Policy { version }
            }
            "calendar" => {
                let version = CalendarVersion(self.calendar.0 + 1);
                let place = format!("{}.calendar", fields.path);
                let spec = match fields.map.get("calendar") {
                    Some(value) => spec_of(Some(value), &place)?,
                    None => spec_of(Some(&Value::Object(fields.map.clone())), &fields.path)?,
                };
                let changed = Calendar::new(version, spec);
                changed.check(at_ms)?;
                self.calendar = version;
                self.calendars.insert(changed);
                EventKind::Calendar { version }
            }
            "review_changed" => EventKind::ReviewChanged {
                review: review.unwrap_or_else(|| ReviewId::from("review-1")),
                stars: fields
                    .map
                    .get("stars")
                    .and_then(Value::as_f64)
                    .map(|stars| stars as f32),
                version: None,
                text: None,
            },
            "review_deleted" => EventKind::ReviewDeleted {
                review: review.unwrap_or_else(|| ReviewId::from("review-1")),
                by_author: fields.flag("by_author")?.unwrap_or(true),
            },
            "merged_into" => EventKind::MergedInto {
                ticket: fields.id("ticket", || "survivor".into())?.into(),
            },
            "merged_from" => {
                let Some(Value::Array(list)) = fields.map.get("events") else {
                    return Err(fields.missing("events"));
                };
                let mut source = World {
                    start: self.start,
                    policy: self.policy.clone(),
                    policies: self.policies.clone(),
                    calendars: Calendars::new(Calendar::new(
                        self.calendar,
                        self.calendars.get(self.calendar).spec().clone(),
                    )),
                    calendar: self.calendar,
                    notes: Vec::new(),
                };
                let log = source.log(list, &format!("{}.events", fields.path))?;
                let tier = workflow::fold(&log).map_or(Tier::General, |state| state.tier);
                let clocks = carried(&log, &source.policies, &source.calendars, at_ms);
                EventKind::MergedFrom {
                    ticket: fields.id("ticket", || "source".into())?.into(),
                    tier,
                    clocks,
                }
            }
            "wait_started" => EventKind::WaitStarted {
                wait: fields.id("wait", || "wait-1".into())?.into(),
                department: fields.text("department")?.unwrap_or_default().to_owned(),
                owner: fields.text("owner")?.map(Into::into),
            },
            "wait_ended" => EventKind::WaitEnded {
                wait: fields.id("wait", || "wait-1".into())?.into(),
            },
            "pause_cap" => EventKind::PauseCap {},
            "breach_annulled" => EventKind::BreachAnnulled {
                metric: fields.need_word("metric")?,
                cycle: fields
                    .map
                    .get("cycle")
                    .and_then(Value::as_u64)
                    .map_or(1, |cycle| cycle as u32),
                subject: None,
                reason: reason.unwrap_or_default(),
            },
            "undone" => {
                let of = fields
                    .text("of")?
                    .map(str::to_owned)
                    .or(previous)
                    .ok_or_else(|| fields.missing("of"))?;
                EventKind::Undone { of: of.into() }
            }
            "auto_acknowledged"
            | "reply_withdrawn"
            | "reply_failed"
            | "note_added"
            | "assigned"
            | "unassigned"
            | "acknowledged"
            | "snoozed"
            | "snooze_ended"
            | "assessed"
            | "step_checked"
            | "satisfaction_rated"
            | "remedy_offered"
            | "remedy_granted"
            | "remedy_dropped"
            | "evidence_added"
            | "evidence_removed"
            | "causes_corrected"
            | "severity_corrected"
            | "sentiment_corrected"
            | "risks_corrected"
            | "genuine_corrected"
            | "assessment_confirmed"
            | "dispute_opened"
            | "dispute_decided"
            | "linked"
            | "incident_linked"
            | "incident_unlinked"
            | "improvement_linked"
            | "quality_scored"
            | "text_erased" => return Ok(None),
            other => return Err(fields.invalid("type", format!("unknown event `{other}`"))),
        }))
    }

    fn received(
        &mut self,
        fields: &Fields,
        at_ms: i64,
        ids: &mut Ids,
    ) -> Result<Option<EventKind>, ScenarioError> {
        ids.reviews += 1;
        let posted_ms = fields.time("posted_at")?;
        let posted_precision = match fields.text("posted_precision")? {
            None | Some("ms" | "sec" | "min") => Precision::Ms,
            Some("day") => Precision::Day,
            Some("month") => Precision::Month,
            Some(other) => {
                return Err(fields.invalid("posted_precision", format!("unknown precision `{other}`")));
            }
        };
        let live = fields.flag("live")?.unwrap_or(true);
        let open_days = fields
            .map
            .get("open_days")
            .and_then(Value::as_u64)
            .map(|days| days as u32);
        if let Some(posted_ms) = posted_ms {
            let latest_ms = match posted_precision {
                Precision::Day => posted_ms + DAY_MS - 1,
                _ => posted_ms,
            };
            if workflow::is_history(Some(latest_ms), at_ms, live, open_days) {
                self.notes
                    .push(json!({ "type": "history", "at": fields.text("at")? }));
                return Ok(None);
            }
            if let Some(lag_ms) = workflow::detection_lag(Some(latest_ms), at_ms) {
                let alert = workflow::lag_alerts(lag_ms, live);
                self.notes
                    .push(json!({ "type": "detection_lag", "secs": lag_ms / 1000, "alert": alert }));
            }
        }
        let reply = match fields.map.get("reply") {
            None | Some(Value::Null | Value::Bool(false)) => None,
            Some(Value::Bool(true)) => Some(IncomingReply { at_ms: None }),
            Some(_) => {
                let reply = fields.nested("reply")?.ok_or_else(|| fields.missing("reply"))?;
                Some(IncomingReply {
                    at_ms: reply.time("at")?,
                })
            }
        };
        Ok(Some(EventKind::Received {
            review: fields.id("review", || format!("review-{}", ids.reviews))?.into(),
            tier: fields.need_word("tier")?,
            posted_ms,
            posted_precision,
            start: fields.word("start")?.unwrap_or(self.start),
            live,
            policy: self.policy.version,
            calendar: self.calendar,
            reply,
            stars: None,
            source: None,
            batch: None,
            rule: None,
        }))
    }

    fn clock(&self, clock: &Clock, zone: Tz, alerts: bool) -> Value {
        let calendar = self.calendars.get(clock.calendar);
        let at = |ms: i64| show(ms, zone);
        let why: Vec<Value> = intervals(clock, calendar)
            .into_iter()
            .map(|interval| {
                json!({
                    "from": at(interval.from_ms),
                    "to": at(interval.until_ms),
                    "counted": interval.counted,
                    "reason": interval.reason,
                })
            })
            .collect();
        let mut out = json!({
            "metric": clock.metric,
            "cycle": clock.cycle,
            "subject": match &clock.subject {
                Subject::Ticket => Value::Null,
                subject => json!(subject.id()),
            },
            "revision": clock.revision,
            "tier": clock.tier,
            "start": at(clock.start_ms),
            "target_secs": clock.target_secs,
            "due": at(clock.due_ms),
            "original_due": at(clock.original_due_ms),
            "retro_due": clock.retro_due_ms.map(at),
            "state": clock.state,
            "reason": clock.reason,
            "fulfilled_at": clock.fulfilled_ms.map(at),
            "stopped_at": clock.stopped_ms.map(at),
            "remaining_working_secs": clock.remaining_working_secs,
            "late_by_ms": clock.late_by_ms,
            "paused_secs": clock.paused_secs,
            "flags": clock.flags,
            "why": why,
        });
        if let Some(opens_ms) = clock.opens_ms {
            out["opens_at"] = json!(at(opens_ms));
        }
        if alerts {
            let policy = self.policies.get(clock.policy);
            let list = instants(clock, policy, calendar).into_iter().flat_map(|alert| {
                recipients(clock.metric, alert.level).iter().map(move |recipient| {
                    json!({ "level": alert.level, "at": show(alert.at_ms, zone), "recipient": recipient })
                })
            });
            out["alerts"] = list.collect();
        }
        out
    }
}

fn show(ms: i64, zone: Tz) -> String {
    instant(ms)
        .with_timezone(&zone)
        .to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// One JSON object with the place it stands at.
#[derive(Clone)]
struct Fields<'a> {
    map: &'a Map<String, Value>,
    path: String,
}

impl<'a> Fields<'a> {
    fn new(value: &'a Value, path: String) -> Result<Self, ScenarioError> {
        match value {
            Value::Object(map) => Ok(Self { map, path }),
            _ => Err(ScenarioError::Invalid {
                at: if path.is_empty() {
                    "the scenario".into()
                } else {
                    path
                },
                what: "is not an object".into(),
            }),
        }
    }

    fn place(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    fn missing(&self, key: &str) -> ScenarioError {
        ScenarioError::Missing(self.place(key))
    }

    fn invalid(&self, key: &str, what: String) -> ScenarioError {
        ScenarioError::Invalid {
            at: self.place(key),
            what,
        }
    }

    fn nested(&self, key: &str) -> Result<Option<Fields<'a>>, ScenarioError> {
        match self.map.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => Fields::new(value, self.place(key)).map(Some),
        }
    }

    fn text(&self, key: &str) -> Result<Option<&'a str>, ScenarioError> {
        match self.map.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.invalid(key, format!("{other} is not a text"))),
        }
    }

    fn id(&self, key: &str, default: impl FnOnce() -> String) -> Result<String, ScenarioError> {
        Ok(self.text(key)?.map_or_else(default, str::to_owned))
    }

    fn flag(&self, key: &str) -> Result<Option<bool>, ScenarioError> {
        match self.map.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(self.invalid(key, format!("{other} is not true or false"))),
        }
    }

    fn time(&self, key: &str) -> Result<Option<i64>, ScenarioError> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        let ms = DateTime::parse_from_rfc3339(text)
            .map_err(|_| {
                self.invalid(
                    key,
                    format!("`{text}` is not an instant such as 2026-11-20T23:30:00+08:00"),
                )
            })?
            .timestamp_millis();
        if (0..HORIZON_MS).contains(&ms) {
            Ok(Some(ms))
        } else {
            Err(self.invalid(key, format!("`{text}` is not between 1970 and 2200")))
        }
    }

    fn need_time(&self, key: &str) -> Result<i64, ScenarioError> {
        self.time(key)?.ok_or_else(|| self.missing(key))
    }

    fn word<T: FromStr>(&self, key: &str) -> Result<Option<T>, ScenarioError> {
        let Some(text) = self.text(key)? else {
            return Ok(None);
        };
        text.parse()
            .map(Some)
            .map_err(|_| self.invalid(key, format!("unknown word `{text}`")))
    }

    fn need_word<T: FromStr>(&self, key: &str) -> Result<T, ScenarioError> {
        self.word(key)?.ok_or_else(|| self.missing(key))
    }

    /// Seconds, from `"2h"`, `"1h30m"`, `"45s"` or a number of seconds. There is no day unit (R1).
    fn duration(&self, key: &str) -> Result<Option<u32>, ScenarioError> {
        let secs = match self.map.get(key) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Number(number)) => number.as_u64().and_then(|secs| u32::try_from(secs).ok()),
            Some(Value::String(text)) => parse_duration(text),
            Some(_) => None,
        };
        match secs {
            Some(secs) if secs > 0 => Ok(Some(secs)),
            _ => Err(self.invalid(
                key,
                format!("{} is not a duration such as 2h, 1h30m or 45s", self.map[key]),
            )),
        }
    }
}

fn parse_duration(text: &str) -> Option<u32> {
    let mut rest: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut total: u32 = 0;
    for (unit, secs) in [('h', 3600), ('m', 60), ('s', 1)] {
        let Some((count, tail)) = rest.split_once(unit) else {
            continue;
        };
        total = total.checked_add(count.parse::<u32>().ok()?.checked_mul(secs)?)?;
        rest = tail.to_owned();
    }
    (rest.is_empty() && !text.trim().is_empty()).then_some(total)
}

fn spec_of(value: Option<&Value>, place: &str) -> Result<CalendarSpec, ScenarioError> {
    let shanghai = Tz::Asia__Shanghai;
    let invalid = |at: String, what: String| ScenarioError::Invalid { at, what };
    let always = |text: &str| matches!(text, "24x7" | "24×7" | "24X7");
    let fields = match value {
        None | Some(Value::Null) => return Ok(with_holidays(CalendarSpec::always(shanghai))),
        Some(Value::String(text)) if always(text) => {
            return Ok(with_holidays(CalendarSpec::always(shanghai)));
        }
        Some(Value::String(text)) => {
            return Err(invalid(
                place.to_owned(),
                format!("`{text}` is not a calendar; only \"24x7\" has a name"),
            ));
        }
        Some(value) => Fields::new(value, place.to_owned())?,
    };
    let zone = fields.text("zone")?.map_or(Ok(shanghai), zone)?;
    let mut spec = CalendarSpec {
        weekly: Week::default(),
        ..CalendarSpec::always(zone)
    };
    match fields.map.get("weekly") {
        None | Some(Value::Null) => {}
        Some(Value::String(text)) if always(text) => spec.weekly = Week::daily(&[Window::DAY]),
        Some(_) => {
            let Some(weekly) = fields.nested("weekly")? else {
                return Err(fields.missing("weekly"));
            };
            for (day, value) in weekly.map {
                let windows = windows_of(value, || weekly.place(day))?;
                let week = &mut spec.weekly;
                *match day.as_str() {
                    "mon" => &mut week.mon,
                    "tue" => &mut week.tue,
                    "wed" => &mut week.wed,
                    "thu" => &mut week.thu,
                    "fri" => &mut week.fri,
                    "sat" => &mut week.sat,
                    "sun" => &mut week.sun,
                    other => {
                        return Err(
                            weekly.invalid(other, "is not one of mon, tue, wed, thu, fri, sat, sun".into())
                        );
                    }
                } = windows;
            }
        }
    }
    if let Some(overrides) = fields.nested("overrides")? {
        let mut dates = BTreeMap::new();
        for (date, value) in overrides.map {
            let windows = windows_of(value, || overrides.place(date))?;
            let day: NaiveDate = date
                .parse()
                .map_err(|_| overrides.invalid(date, "is not a date such as 2026-10-01".into()))?;
            dates.insert(day, windows);
        }
        spec.overrides = dates;
    }
    match fields.map.get("holidays") {
        None | Some(Value::Null) => Ok(with_holidays(spec)),
        Some(list) => {
            let dates: BTreeSet<NaiveDate> = serde_json::from_value(list.clone())
                .map_err(|_| fields.invalid("holidays", "is not a list of dates".into()))?;
            Ok(CalendarSpec {
                holidays: dates,
                ..spec
            })
        }
    }
}

/// A Chinese calendar that says nothing of holidays has the shipped ones.
fn with_holidays(mut spec: CalendarSpec) -> CalendarSpec {
    static CHINA: std::sync::LazyLock<BTreeSet<NaiveDate>> =
        std::sync::LazyLock::new(|| HolidayBook::shipped().holidays(2025..=2027));
    if spec.zone == Tz::Asia__Shanghai {
        spec.holidays.clone_from(&CHINA);
    }
    spec
}

fn windows_of(value: &Value, place: impl Fn() -> String) -> Result<Vec<Window>, ScenarioError> {
    let invalid = |what: String| ScenarioError::Invalid { at: place(), what };
    let Value::Array(list) = value else {
        return Err(invalid("is not a list of windows".into()));
    };
    list.iter()
        .map(|window| match window {
            Value::String(text) => text.parse::<Window>().map_err(|error| invalid(error.to_string())),
            other => Err(invalid(format!("{other} is not a window"))),
        })
        .collect()
}

/// The policy that a JSON object makes of `base`: tiers it names are replaced, the rest stays.
fn policy_of(fields: Fields, base: Policy) -> Result<Policy, ScenarioError> {
    let mut policy = base;
    for tier in Tier::ALL {
        let Some(targets) = fields.nested(tier.as_str())? else {
            continue;
        };
        for key in targets.map.keys() {
            if Metric::from_str(key).is_err() {
                return Err(targets.invalid(key, "is not a metric".into()));
            }
        }
        let read = Targets {
            first_response: targets.duration("first_response")?,
            next_response: targets.duration("next_response")?,
            solution: targets.duration("solution")?,
            closure: targets.duration("closure")?,
            approval: targets.duration("approval")?,
        };
        match tier {
            Tier::Urgent => policy.urgent = read,
            Tier::Important => policy.important = read,
            Tier::General => policy.general = read,
        }
    }
    if let Some(pauses) = fields.nested("pauses")? {
        let value = Value::Object(pauses.map.clone());
        let read: BTreeMap<Metric, Vec<TicketStatus>> =
            serde_json::from_value(value).map_err(|error| fields.invalid("pauses", error.to_string()))?;
        policy.pauses = Pauses(read);
    }
    for (key, part) in [("warn", 0), ("grace", 1)] {
        let Some(nested) = fields.nested(key)? else {
            continue;
        };
        let value = Value::Object(nested.map.clone());
        let refused = |error: serde_json::Error| fields.invalid(key, error.to_string());
        match part {
            0 => policy.warn = serde_json::from_value(value).map_err(refused)?,
            _ => policy.grace = serde_json::from_value(value).map_err(refused)?,
        }
    }
    if let Some(cap) = fields.duration("pause_cap")? {
        policy.pause_cap_secs = cap;
    }
    options(&fields, &mut policy)?;
    Ok(policy)
}

/// Options that may stand in the policy or beside it.
fn options(fields: &Fields, policy: &mut Policy) -> Result<(), ScenarioError> {
    if let Some(start) = fields.word::<StartAt>("start")? {
        policy.start = start;
    }
    // One window, alone or as the only one of a list.
    let hours = match fields.map.get("contact_hours") {
        Some(Value::Array(list)) if list.len() == 1 => list.first().and_then(Value::as_str),
        _ => fields.text("contact_hours")?,
    };
    if let Some(text) = hours {
        let refused = |error: CalendarError| fields.invalid("contact_hours", error.to_string());
        policy.follow_up.contact_hours = text.parse().map_err(refused)?;
    }
    if let Some(respect) = fields.flag("respect_holidays")? {
        policy.follow_up.respect_holidays = respect;
    }
    Ok(())
}
