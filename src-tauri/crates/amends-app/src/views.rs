//! From rows to what the window shows. The rules about colour and state live here, never in the window.

use crate::{
    App, AppError, Result,
    dto::{
        Action, ActivityView, AssessmentView, CauseView, ClockState, ClockView, InboxRow, Locale, MarkView,
        PersonView, ReviewVersionView, ReviewView, RiskView, RowClock, SlaState, TicketView, TierView,
        UndoView, WhyView,
    },
    journal, project,
    rules::Rules,
};
use amends_domain::{
    About, Assessment, Channel, Department, Evidence, PersonId, Role, Tier, Voice,
    sla::{self, Clock, event::TicketStatus, why},
    text::to_utf16,
    ticket::{self, TicketState, UNDO_MS},
    triage,
};
use amends_store::{ActivityRow, FEW, Found, PersonRow, ReviewRow, Store, TicketRow};
use chrono::{DateTime, Datelike, SecondsFormat, TimeZone, Utc};
use serde::{Serialize, de::DeserializeOwned};
use std::collections::{HashMap, HashSet};

/// An instant as RFC 3339 text in UTC.
pub(crate) fn instant(ms: i64) -> String {
    Utc.timestamp_millis_opt(ms)
        .single()
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// An instant from RFC 3339 text, UTC ms.
pub(crate) fn parse_instant(text: &str) -> Result<i64> {
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.timestamp_millis())
        .map_err(|_| AppError::invalid("认不出这个时间。"))
}

/// The sort key and id that a page's cursor stands for; none at the beginning of a list.
pub(crate) fn cursor(text: Option<&str>) -> Result<Option<(i64, String)>> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let parts = text
        .split_once('|')
        .and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    parts
        .map(Some)
        .ok_or_else(|| AppError::invalid("列表已变化，请刷新。"))
}

/// A stored word of a serde enum.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<String> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(word) => Ok(word),
        _ => Err(AppError::internal("a word that is no text")),
    }
}

/// The value of a stored word.
pub(crate) fn unword<T: DeserializeOwned>(word: &str) -> Result<T> {
    Ok(serde_json::from_value(serde_json::Value::String(
        word.to_owned(),
    ))?)
}

fn local(ms: i64, zone: &str) -> chrono::NaiveDateTime {
    let zone: chrono_tz::Tz = zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    Utc.timestamp_millis_opt(ms)
        .single()
        .unwrap_or_default()
        .with_timezone(&zone)
        .naive_local()
}

/// `2611` of a ticket number, by the workspace's wall clock.
pub(crate) fn ticket_month(ms: i64, zone: &str) -> String {
    let at = local(ms, zone);
    format!("{:02}{:02}", at.year() % 100, at.month())
}

/// A time for people: `12:56` today, `明天 09:00`, `11 月 24 日 09:00` else.
pub(crate) fn clock_time(ms: i64, now_ms: i64, zone: &str, locale: Locale) -> String {
    let (at, now) = (local(ms, zone), local(now_ms, zone));
    let time = at.format("%H:%M");
    let days = at.date().signed_duration_since(now.date()).num_days();
    match (locale, days) {
        (_, 0) => time.to_string(),
        (Locale::En, 1) => format!("tomorrow {time}"),
        (Locale::En, _) => at.format("%b %-d %H:%M").to_string(),
        (_, 1) => format!("明天 {time}"),
        _ => format!("{} 月 {} 日 {time}", at.month(), at.day()),
    }
}

/// `2026-11-22 12:56:00` on the wall clock of a zone.
pub(crate) fn wall_clock(ms: i64, zone: &str) -> String {
    local(ms, zone).format("%Y-%m-%d %H:%M:%S").to_string()
}

/// A cell that no spreadsheet takes for a formula (sources.md E67).
pub(crate) fn harmless_cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

pub(crate) fn count(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(if value < 0 { 0 } else { u32::MAX })
}

pub(crate) fn person(row: &PersonRow) -> PersonView {
    PersonView {
        id: row.id.clone(),
        name: row.name.clone(),
        role: row.role.parse().unwrap_or(Role::Agent),
        department: department(row),
        active: row.active,
    }
}

/// Where somebody works: as was said of them, else by their role.
pub(crate) fn department(row: &PersonRow) -> Department {
    let said = row.department.as_deref().and_then(|word| word.parse().ok());
    said.unwrap_or_else(|| Department::of_role(row.role.parse().unwrap_or(Role::Agent)))
}

fn marks(text: &str, spans: &[Evidence]) -> Vec<MarkView> {
    to_utf16(text, spans).into_iter().map(mark).collect()
}

fn mark(span: Evidence) -> MarkView {
    MarkView {
        start: span.start,
        end: span.end,
        about: span.about.to_string(),
    }
}

/// The instants at which a clock turns amber and red by itself (ui.md, Behaviour). Red: less than a quarter left of
/// an urgent clock; amber: less than half left of an urgent clock, less than a quarter of another.
fn colour_instants(tier: Tier, from_ms: i64, due_ms: i64) -> (i64, i64) {
    let span = (due_ms - from_ms).max(0);
    match tier {
        Tier::Urgent => (due_ms - span / 2, due_ms - span / 4),
        _ => (due_ms - span / 4, due_ms),
    }
}

fn sla_state(
    state: ClockState,
    unmet: bool,
    amber_ms: i64,
    red_ms: i64,
    due_ms: i64,
    now_ms: i64,
) -> SlaState {
    match state {
        ClockState::Met | ClockState::Cancelled => SlaState::Done,
        ClockState::Paused => SlaState::Paused,
        _ if !unmet => SlaState::Done,
        _ if now_ms > due_ms => SlaState::Overdue,
        _ if now_ms >= red_ms => SlaState::Critical,
        _ if now_ms >= amber_ms => SlaState::Warning,
        _ => SlaState::Calm,
    }
}

pub(crate) fn clock_state(state: sla::ClockState) -> ClockState {
    match state {
        sla::ClockState::Running => ClockState::Running,
        sla::ClockState::Paused => ClockState::Paused,
        sla::ClockState::Met => ClockState::Met,
        sla::ClockState::Breached => ClockState::Breached,
        sla::ClockState::Cancelled => ClockState::Cancelled,
    }
}

pub(crate) fn clock_view(clock: &Clock, rules: &Rules, now_ms: i64) -> ClockView {
    let calendar = rules.calendars.get(clock.calendar);
    let state = clock_state(clock.state);
    let unmet = clock.fulfilled_ms.is_none() && clock.stopped_ms.is_none();
    let (amber, red) = colour_instants(clock.tier, clock.base_ms, clock.due_ms);
    let running = state == ClockState::Running;
    ClockView {
        metric: clock.metric.to_string(),
        cycle: clock.cycle,
        subject: clock.subject.id().to_owned(),
        start_at: instant(clock.start_ms),
        due_at: instant(clock.due_ms),
        state,
        sla_state: sla_state(state, unmet, amber, red, clock.due_ms, now_ms),
        amber_at: running.then(|| instant(amber)),
        red_at: running.then(|| instant(red)),
        fulfilled_at: clock.fulfilled_ms.map(instant),
        target_secs: clock.target_secs,
        remaining_secs: count(clock.remaining_working_secs),
        why: why::intervals(clock, calendar)
            .into_iter()
            .map(|interval| WhyView {
                from: instant(interval.from_ms),
                to: instant(interval.until_ms),
                counted: interval.counted,
                reason: interval.reason.to_string(),
            })
            .collect(),
        why_text: why::explain(clock, calendar, now_ms),
    }
}

/// A row of the inbox.
pub(crate) fn inbox_row(
    ticket: &TicketRow,
    review: &ReviewRow,
    has_draft: bool,
    people: &HashMap<String, PersonView>,
    now_ms: i64,
) -> Result<InboxRow> {
    let tier: Tier = ticket.tier.parse().unwrap_or(Tier::General);
    let clock = match (&ticket.next_metric, ticket.next_due_at, ticket.next_start_at) {
        (Some(metric), Some(due_ms), Some(start_ms)) if ticket.open => {
            let state = match ticket.paused {
                true => ClockState::Paused,
                false if now_ms > due_ms => ClockState::Breached,
                false => ClockState::Running,
            };
            let (amber, red) = colour_instants(tier, start_ms, due_ms);
            Some(RowClock {
                metric: metric.clone(),
                due_at: instant(due_ms),
                state,
                sla_state: sla_state(state, true, amber, red, due_ms, now_ms),
                amber_at: (!ticket.paused).then(|| instant(amber)),
                red_at: (!ticket.paused).then(|| instant(red)),
                remaining_secs: count((due_ms - now_ms) / 1000),
            })
        }
        _ => None,
    };
    let spans: Vec<Evidence> = serde_json::from_str(&ticket.marks)?;
    Ok(InboxRow {
        id: ticket.id.clone(),
        number: ticket.number.clone(),
        version: count(ticket.version),
        tier,
        status: status(ticket),
        clock,
        channel: channel(&ticket.channel),
        shop: some_text(&ticket.shop),
        stars: review.stars.map(|stars| stars as f32),
        polarity: review.polarity.as_deref().and_then(|word| word.parse().ok()),
        excerpt: ticket.excerpt.clone(),
        marks: spans.into_iter().map(mark).collect(),
        product: review.product.clone(),
        author: review.author.clone(),
        causes: words_of(&ticket.causes),
        risks: words_of(&ticket.risks),
        owner: ticket.owner_id.as_ref().and_then(|id| people.get(id)).cloned(),
        needs_confirmation: ticket.needs_confirmation,
        has_draft,
    })
}

pub(crate) fn words_of<T: std::str::FromStr>(list: &str) -> Vec<T> {
    list.split(',').filter_map(|word| word.parse().ok()).collect()
}

pub(crate) fn status(ticket: &TicketRow) -> TicketStatus {
    ticket.status.parse().unwrap_or(TicketStatus::Received)
}

pub(crate) fn channel(word: &str) -> Channel {
    word.parse().unwrap_or(Channel::Other)
}

fn some_text(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Everybody by id.
pub(crate) async fn people(store: &Store) -> Result<HashMap<String, PersonView>> {
    Ok(store
        .people()
        .await?
        .iter()
        .map(|row| (row.id.clone(), person(row)))
        .collect())
}

/// A review with its evidence marked, its versions and follow-ups.
pub(crate) async fn review(store: &Store, row: &ReviewRow, with_history: bool) -> Result<ReviewView> {
    let assessment: Assessment = serde_json::from_str(&row.assessment)?;
    let version = |at: i64, stars: Option<f64>, body: &str| ReviewVersionView {
        at: instant(at),
        stars: stars.map(|s| s as f32),
        body: body.to_owned(),
    };
    let (versions, appends) = if with_history {
        let versions = store.review_versions(&row.id).await?;
        let appends = store.appends(&row.id).await?;
        (
            versions
                .iter()
                .map(|v| version(v.replaced_at, v.stars, &v.body))
                .collect(),
            appends
                .iter()
                .map(|a| version(a.posted_at.unwrap_or(a.received_at), a.stars, &a.body))
                .collect(),
        )
    } else {
        (Vec::new(), Vec::new())
    };
    Ok(ReviewView {
        id: row.id.clone(),
        ticket_id: row.ticket_id.clone(),
        channel: channel(&row.channel),
        shop: some_text(&row.shop),
        stars: row.stars.map(|stars| stars as f32),
        rating_raw: row.rating_raw.clone(),
        polarity: row.polarity.as_deref().and_then(|word| word.parse().ok()),
        title: row.title.clone(),
        body: if row.has_text {
            row.body.clone()
        } else {
            String::new()
        },
        marks: if row.has_text {
            marks(&row.body, &assessment.evidence)
        } else {
            Vec::new()
        },
        has_text: row.has_text,
        author: row.author.clone(),
        order_id: row.order_id.clone(),
        product: row.product.clone(),
        variant: row.variant.clone(),
        posted_at: row.posted_at.map(instant),
        posted_precision: row.posted_precision.as_deref().and_then(|word| unword(word).ok()),
        received_at: instant(row.received_at),
        url: row.url.clone(),
        merchant_reply: row.reply_body.clone(),
        sentiment: row.sentiment.parse().unwrap_or(amends_domain::Sentiment::Neg),
        versions,
        appends,
    })
}

fn words_about(body: &str, assessment: &Assessment, about: About) -> Vec<String> {
    let chars: Vec<char> = body.chars().collect();
    let mut seen = HashSet::new();
    assessment
        .evidence
        .iter()
        .filter(|span| span.about == about)
        .filter_map(|span| chars.get(span.start as usize..(span.end as usize).min(chars.len())))
        .map(|span| span.iter().collect::<String>())
        .filter(|words| seen.insert(words.clone()))
        .collect()
}

fn assessment_view(assessment: &Assessment, state: &TicketState, body: &str) -> AssessmentView {
    let reading = project::reading(assessment, state);
    // What a person said is certain; what only a rule or the model said keeps its probability.
    let judged = |by_person: bool, score: Option<(f32, Voice)>| match score {
        _ if by_person => (1.0, Voice::Person),
        Some(score) => score,
        None => (0.0, Voice::Model),
    };
    let causes = reading
        .causes
        .iter()
        .map(|cause| {
            let score = assessment.causes.iter().find(|score| score.cause == *cause);
            let score = score.map(|score| (score.probability, score.by));
            let (probability, by) = judged(state.corrections.causes.is_some(), score);
            CauseView {
                cause: *cause,
                probability,
                by,
                words: words_about(body, assessment, About::Cause(*cause)),
            }
        })
        .collect();
    let risks = reading
        .risks
        .iter()
        .map(|risk| {
            let score = assessment.risks.iter().find(|score| score.risk == *risk);
            let score = score.map(|score| (score.probability, score.by));
            let (probability, by) = judged(state.corrections.risks.is_some(), score);
            RiskView {
                risk: *risk,
                probability,
                by,
                words: words_about(body, assessment, About::Risk(*risk)),
            }
        })
        .collect();
    AssessmentView {
        sentiment: reading.sentiment,
        negative_probability: assessment.negative_probability,
        causes,
        severity: reading.severity,
        risks,
        genuine: assessment.genuine,
        stars_disagree: assessment.stars_disagree,
        confidence: assessment.confidence,
        needs_confirmation: reading.needs_confirmation,
        language: assessment.language,
    }
}

/// What a person may do now. The window offers exactly these.
fn actions(state: &TicketState, role: Option<Role>) -> Vec<Action> {
    if role == Some(Role::Quality) {
        return vec![Action::Note];
    }
    let mut actions = vec![Action::Note];
    if state.status.is_open() {
        actions.extend([
            Action::Reply,
            Action::Assign,
            Action::Tier,
            Action::Correct,
            Action::Dismiss,
            Action::OfferSolution,
        ]);
        if !state.next_statuses().is_empty() {
            actions.push(Action::Status);
        }
        if state.status != TicketStatus::Resolved {
            actions.push(Action::Resolve);
        }
        if state.answered {
            actions.push(Action::Close);
        }
    } else if matches!(state.status, TicketStatus::Closed | TicketStatus::Dismissed) {
        actions.push(Action::Reopen);
    }
    actions
}

/// Values of an event for the window's sentence: flat fields only, ids of people as names.
fn activity_data(row: &ActivityRow, people: &HashMap<String, PersonView>) -> Vec<(String, String)> {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(&row.body) else {
        return Vec::new();
    };
    let show = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => people
            .get(text)
            .map_or_else(|| Some(text.clone()), |person| Some(person.name.clone())),
        serde_json::Value::Number(number) => Some(number.to_string()),
        serde_json::Value::Bool(flag) => Some(flag.to_string()),
        serde_json::Value::Array(items) => Some(
            items
                .iter()
                .filter_map(serde_json::Value::as_str)
                .collect::<Vec<_>>()
                .join(","),
        )
        .filter(|list| !list.is_empty()),
        _ => None,
    };
    fields
        .iter()
        .filter(|(name, _)| *name != "type")
        .filter_map(|(name, value)| Some((name.clone(), show(value)?)))
        .collect()
}

/// Everything about one ticket.
pub(crate) async fn ticket(app: &App, id: &str) -> Result<TicketView> {
    let (store, now_ms, rules, desk) = (app.store(), app.now(), app.rules(), app.desk());
    let row = store.ticket(id).await?;
    let review_row = store.review(&row.review_id).await?;
    let assessment: Assessment = serde_json::from_str(&review_row.assessment)?;
    let log = store.activities(id).await?;
    let events = journal::events(&log)?;
    let state =
        ticket::fold(&events).ok_or_else(|| AppError::internal("a ticket without a received event"))?;
    let people = people(&store).await?;
    let mut clocks = project::clocks(&events, &rules, now_ms);
    clocks.sort_by_key(|clock| (std::cmp::Reverse(clock.cycle), clock.metric));

    let text_ids: Vec<String> = log.iter().filter_map(|entry| entry.text_id.clone()).collect();
    let texts: HashMap<String, String> = store
        .texts(&text_ids)
        .await?
        .into_iter()
        .filter_map(|text| Some((text.id, text.body?)))
        .collect();
    let effective: HashSet<&str> = sla::event::effective(&events)
        .into_iter()
        .map(|event| event.id.as_str())
        .collect();
    let activities = log
        .iter()
        .map(|entry| ActivityView {
            id: entry.id.clone(),
            at: instant(entry.at),
            actor: entry
                .actor_id
                .as_ref()
                .and_then(|id| people.get(id))
                .map(|person| person.name.clone()),
            kind: entry.kind.clone(),
            data: activity_data(entry, &people),
            text: entry.text_id.as_ref().and_then(|id| texts.get(id)).cloned(),
            undone: entry.kind != "undone" && !effective.contains(entry.id.as_str()),
        })
        .collect();
    let undo = desk.actor.as_ref().and_then(|actor| {
        let id = ticket::undoable(&events, &PersonId(actor.id.clone()), now_ms)?;
        let entry = log.iter().find(|entry| entry.id == id.0)?;
        Some(UndoView {
            activity_id: entry.id.clone(),
            kind: entry.kind.clone(),
            until: instant(entry.recorded_at + UNDO_MS),
        })
    });
    let draft = match &desk.actor {
        Some(actor) => store.draft(id, &actor.id).await?,
        None => None,
    };
    let (customer_reviews, customer_negative) = match &review_row.customer {
        Some(customer) => store.customer_counts(customer).await?,
        None => (1, i64::from(review_row.sentiment == "neg")),
    };
    let decision: triage::Decision = serde_json::from_str(&row.tier_why)?;
    Ok(TicketView {
        id: row.id.clone(),
        number: row.number.clone(),
        version: count(row.version),
        status: state.status,
        tier: TierView {
            tier: state.tier,
            rule: decision.rule.to_string(),
            steps: decision.steps.iter().map(ToString::to_string).collect(),
            keyword: decision.keyword,
            by_person: state
                .tier_by
                .as_ref()
                .and_then(|id| people.get(&id.0))
                .map(|person| person.name.clone()),
            tell_manager: decision.tell_manager,
            reply_needs_approval: decision.reply_needs_approval,
        },
        assessment: assessment_view(&assessment, &state, &review_row.body),
        review: review(&store, &review_row, true).await?,
        clocks: clocks
            .iter()
            .map(|clock| clock_view(clock, &rules, now_ms))
            .collect(),
        activities,
        draft: draft.as_ref().map(|draft| draft.body.clone()).unwrap_or_default(),
        draft_at: draft.map(|draft| instant(draft.saved_at)),
        owner: row.owner_id.as_ref().and_then(|id| people.get(id)).cloned(),
        actions: actions(
            &state,
            desk.actor.as_ref().and_then(|actor| actor.role.parse().ok()),
        ),
        undo,
        customer_reviews: count(customer_reviews),
        customer_negative: count(customer_negative),
        sample: row.sample,
        next_statuses: state.next_statuses().to_vec(),
        next_step: state.next_step().to_owned(),
    })
}

/// A count as the window shows it, and whether there are more: a search counts no further than [`FEW`].
pub(crate) fn counted(total: i64, found: Option<&Found>) -> (u32, bool) {
    let short = found.is_some_and(|found| found.numbers.len() > FEW) && total > FEW as i64;
    let total = if short { FEW as i64 } else { total };
    (u32::try_from(total).unwrap_or(u32::MAX), short)
}
