//! What people do with a ticket. Every verb: load, let the domain decide with `now`, one transaction, one view.

use crate::{
    App, AppError, ErrorCode, Result,
    dto::{
        AssignInput, CloseInput, CorrectInput, DismissInput, DraftInput, ReplyInput, StatusInput, Tag,
        TextInput, TicketRef, TicketView, UndoInput,
    },
    intake,
    journal::{self, Head, Line},
    look, project, shifts, views, workspace,
};
use amends_classify::{Correction, Personal};
use amends_domain::{
    ActivityId, Assessment, NoteId, PersonId, ReplyId, ReviewId, Role, Sentiment,
    sla::event::{DismissReason, EventKind, Invitation, PublishRoute, ReopenCause, ReplyBy, TicketStatus},
    ticket::{self, TicketState},
    triage,
};
use amends_store::{DraftRow, ReviewRow, StoreError, TicketRow, Tx};

/// Longest text that a person may write in one go.
const MAX_TEXT: usize = 5_000;

/// Something that happened to a ticket, about to be written.
pub(crate) struct Happening {
    pub kind: EventKind,
    /// When it happened; none is now.
    pub at_ms: Option<i64>,
    /// Words that belong to it.
    pub text: Option<String>,
}

impl Happening {
    pub fn now(kind: EventKind) -> Self {
        Self {
            kind,
            at_ms: None,
            text: None,
        }
    }

    fn with_text(kind: EventKind, text: &str) -> Self {
        Self {
            kind,
            at_ms: None,
            text: Some(text.to_owned()),
        }
    }
}

/// Appends to a ticket's log inside a transaction and writes what the log now makes of the ticket.
pub(crate) async fn record(
    app: &App,
    tx: &mut Tx,
    id: &str,
    happened: Vec<Happening>,
    actor: Option<&str>,
    now_ms: i64,
) -> Result<()> {
    if happened.is_empty() {
        return Ok(());
    }
    let mut row = tx.ticket_any(id).await?;
    let seen_version = row.version;
    let mut log = tx.activities(id).await?;
    let mut head = Head {
        seq: row.head_seq,
        hash: row.head_hash.clone(),
    };
    let mut added = Vec::with_capacity(happened.len());
    for happening in happened {
        let words = happening.text.as_deref().map(|text| journal::words(text, now_ms));
        let activity = journal::chain(
            id,
            &mut head,
            Line {
                at_ms: happening.at_ms.unwrap_or(now_ms),
                recorded_ms: now_ms,
                actor,
                kind: happening.kind.name(),
                body: serde_json::to_string(&happening.kind)?,
                batch: None,
                text_id: words.as_ref().map(|words| words.id.as_str()),
                text_hash: words.as_ref().map(|words| words.hash.as_str()),
            },
        );
        if let Some(words) = &words {
            tx.add_text(words).await?;
        }
        added.push(activity);
    }
    tx.add_activities(&added).await?;
    log.extend(added);
    let review = tx.review(&row.review_id).await?;
    let assessment: Assessment = serde_json::from_str(&review.assessment)?;
    let events = journal::events(&log)?;
    let state =
        ticket::fold(&events).ok_or_else(|| AppError::internal("a ticket without a received event"))?;
    let rules = app.rules();
    let clocks = project::clocks(&events, &rules, now_ms);
    row.version += 1;
    row.head_seq = head.seq;
    row.head_hash = head.hash;
    // What was reached but not rung yet lies in the past: the scheduler looks at once, and finds what is new.
    row.look_at = look::next(&events, &clocks, &rules, &[], now_ms);
    project::apply(&mut row, &state, &project::reading(&assessment, &state), &clocks);
    tx.update_ticket(&row, seen_version).await?;
    let causes = if row.sentiment == Sentiment::Pos.as_str() {
        ""
    } else {
        &row.causes
    };
    tx.recount_review(row.review_number, &row.sentiment, causes, review.stars)
        .await?;
    tx.replace_clocks(id, &project::clock_rows(id, &clocks)).await?;
    if state.answered || !row.open {
        tx.skip_alerts(id, now_ms).await?;
    }
    Ok(())
}

/// A ticket as a verb finds it.
struct Found {
    state: TicketState,
    review: ReviewRow,
    row: TicketRow,
}

/// What a verb writes beside the log, in the same transaction.
enum Beside {
    /// The draft is done with.
    NoDraft,
    /// The personal model learned.
    Learned(Box<Personal>),
}

/// Runs one verb: `decide` looks at the ticket and says what happens.
async fn act(
    app: &App,
    ticket: &TicketRef,
    decide: impl FnOnce(&Found, i64) -> Result<Vec<Happening>>,
) -> Result<TicketView> {
    act_with(app, ticket, |found, now_ms| Ok((decide(found, now_ms)?, None))).await
}

async fn act_with(
    app: &App,
    ticket: &TicketRef,
    decide: impl FnOnce(&Found, i64) -> Result<(Vec<Happening>, Option<Beside>)>,
) -> Result<TicketView> {
    let actor = app.actor()?;
    let now_ms = app.now();
    let mut tx = app.store().begin().await?;
    let row = tx.ticket(&ticket.id).await?;
    if row.version != i64::from(ticket.version) {
        return Err(StoreError::Conflict.into());
    }
    let events = journal::events(&tx.activities(&ticket.id).await?)?;
    let state =
        ticket::fold(&events).ok_or_else(|| AppError::internal("a ticket without a received event"))?;
    let review = tx.review(&row.review_id).await?;
    let found = Found { state, review, row };
    let (happened, beside) = decide(&found, now_ms)?;
    // A quality reviewer reads and writes notes; the work is other people's.
    if actor.role == Role::Quality.as_str()
        && happened
            .iter()
            .any(|h| !matches!(h.kind, EventKind::NoteAdded { .. }))
    {
        return Err(AppError::new(
            ErrorCode::Forbidden,
            "质检可以查看和写备注，不能改动工单。请切换到处理人再操作。",
        ));
    }
    record(app, &mut tx, &ticket.id, happened, Some(&actor.id), now_ms).await?;
    match beside {
        Some(Beside::NoDraft) => {
            tx.save_draft(&DraftRow {
                ticket_id: ticket.id.clone(),
                person_id: actor.id,
                body: String::new(),
                saved_at: now_ms,
            })
            .await?;
        }
        Some(Beside::Learned(personal)) => workspace::save_personal_model(&mut tx, &personal).await?,
        None => {}
    }
    tx.log_change("inbox ticket alerts", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::Inbox, Tag::Ticket, Tag::Alerts]);
    view(app, &ticket.id).await
}

fn words<'a>(text: &'a str, what: &str) -> Result<&'a str> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AppError::invalid(format!("请先写下{what}。")));
    }
    if text.chars().count() > MAX_TEXT {
        return Err(AppError::invalid(format!(
            "{what}太长了，请控制在 {MAX_TEXT} 字以内。写好的内容还在。"
        )));
    }
    Ok(text)
}

fn must_be_open(found: &Found) -> Result<()> {
    if found.state.status.is_open() {
        Ok(())
    } else {
        Err(AppError::not_now(
            "这张工单已经结束。需要继续处理时，请先重新打开。",
        ))
    }
}

/// Everything about one ticket.
///
/// # Errors
/// `not_found`.
pub async fn view(app: &App, id: &str) -> Result<TicketView> {
    views::ticket(app, id).await
}

/// The public reply that the person has posted by hand: stops the first-response clock at that instant, or at the
/// earlier instant that the person states (R27). The draft is done with.
///
/// # Errors
/// `invalid` for empty words or a stated time in the future or before the review; `conflict`, `not_now`.
pub async fn reply(app: &App, input: &ReplyInput) -> Result<TicketView> {
    let body = words(&input.body, "回复内容")?.to_owned();
    let stated = input.at.as_deref().map(views::parse_instant).transpose()?;
    act_with(app, &input.ticket, |found, now_ms| {
        must_be_open(found)?;
        if let Some(at) = stated {
            if at > now_ms {
                return Err(AppError::invalid("答复时间不能晚于现在。"));
            }
            if found.review.posted_at.is_some_and(|posted| at < posted) {
                return Err(AppError::invalid("答复时间不能早于评价发布的时间。"));
            }
        }
        let happened = vec![Happening {
            at_ms: stated,
            text: Some(body.clone()),
            kind: EventKind::ReplyPublished {
                reply: ReplyId::new(now_ms),
                review: None,
                by: ReplyBy::Human,
                route: PublishRoute::ByHand,
                text: None,
                template: None,
            },
        }];
        Ok((happened, Some(Beside::NoDraft)))
    })
    .await
}

/// An internal note.
///
/// # Errors
/// `invalid` for empty words, `conflict`.
pub async fn note(app: &App, input: &TextInput) -> Result<TicketView> {
    let body = words(&input.body, "备注")?;
    act(app, &input.ticket, |_, now_ms| {
        Ok(vec![Happening::with_text(
            EventKind::NoteAdded {
                note: NoteId::new(now_ms),
                text: None,
                mentions: Vec::new(),
            },
            body,
        )])
    })
    .await
}

/// Corrects what the program concluded; the clocks follow a changed tier, and the classifier learns.
///
/// # Errors
/// `invalid` when nothing changes, `conflict`.
pub async fn correct(app: &App, input: &CorrectInput) -> Result<TicketView> {
    let store = app.store();
    let settings = workspace::settings(&store).await?;
    let mut personal = workspace::personal_model(app).await?;
    act_with(app, &input.ticket, |found, _| {
        let review = ReviewId(found.review.id.clone());
        let mut happened = Vec::new();
        if let Some(sentiment) = input.sentiment {
            happened.push(Happening::now(EventKind::SentimentCorrected {
                review: review.clone(),
                sentiment,
            }));
        }
        if let Some(severity) = input.severity {
            happened.push(Happening::now(EventKind::SeverityCorrected {
                review: review.clone(),
                severity,
            }));
        }
        if let Some(causes) = &input.causes {
            happened.push(Happening::now(EventKind::CausesCorrected {
                review: review.clone(),
                causes: causes.clone(),
            }));
        }
        if let Some(tier) = input.tier.filter(|tier| *tier != found.state.tier) {
            happened.push(Happening::now(EventKind::Tier {
                tier,
                reason: input.reason.clone().filter(|reason| !reason.trim().is_empty()),
                rule: None,
                manual_due: amends_domain::sla::event::ManualDueAnswer::NotAsked,
            }));
        }
        if happened.is_empty() {
            return Err(AppError::invalid("没有改动。请先选好要改正的内容。"));
        }
        let trade = settings.industry.to_string();
        personal.learn(app.classifier(), &lesson(input, &found.review, trade));
        Ok((happened, Some(Beside::Learned(Box::new(personal)))))
    })
    .await
}

/// The correction as an example of the personal model over the shipped one.
fn lesson(input: &CorrectInput, review: &ReviewRow, trade: String) -> Correction {
    Correction {
        id: Some(review.id.clone()),
        text: if review.has_text {
            review.body.clone()
        } else {
            String::new()
        },
        trade: Some(trade),
        sentiment: input.sentiment,
        causes: input.causes.clone(),
        severity: input.severity,
        tier: input.tier,
        risks: None,
        confirmed: false,
    }
}

/// No handling needed, with a reason.
///
/// # Errors
/// `invalid` where `other` comes without words, `not_now`, `conflict`.
pub async fn dismiss(app: &App, input: &DismissInput) -> Result<TicketView> {
    let text = input
        .note
        .as_deref()
        .map(str::trim)
        .filter(|note| !note.is_empty());
    if input.reason == DismissReason::Other && text.is_none() {
        return Err(AppError::invalid("请写一句为什么不用处理。"));
    }
    act(app, &input.ticket, |found, _| {
        must_be_open(found)?;
        let kind = EventKind::Dismissed {
            reason: input.reason,
            text: None,
        };
        Ok(vec![Happening {
            kind,
            at_ms: None,
            text: text.map(str::to_owned),
        }])
    })
    .await
}

/// Moves along the loop. Waiting for the customer pauses the solution clock and needs a reason (R11).
///
/// # Errors
/// `not_now` for a step that is not possible from here, `invalid` for a pause without reason, `conflict`.
pub async fn status(app: &App, input: &StatusInput) -> Result<TicketView> {
    let reason = input
        .reason
        .as_deref()
        .map(str::trim)
        .filter(|reason| !reason.is_empty());
    act(app, &input.ticket, |found, _| {
        if !found.state.next_statuses().contains(&input.status) {
            return Err(AppError::not_now("现在不能转到这一步。请刷新后再看。"));
        }
        if input.status == TicketStatus::WaitingCustomer && reason.is_none() {
            return Err(AppError::invalid("请写明在等客户什么，时限会暂停。"));
        }
        Ok(vec![Happening::now(EventKind::Status {
            status: input.status,
            reason: reason.map(str::to_owned),
            until_ms: None,
            confirmed: false,
        })])
    })
    .await
}

/// A solution was offered to the customer: stops the solution clock.
///
/// # Errors
/// `invalid` for empty words, `not_now`, `conflict`.
pub async fn offer_solution(app: &App, input: &TextInput) -> Result<TicketView> {
    let body = words(&input.body, "给顾客的方案")?;
    act(app, &input.ticket, |found, _| {
        must_be_open(found)?;
        Ok(vec![Happening::with_text(
            EventKind::SolutionOffered {
                text: None,
                remedies: Vec::new(),
            },
            body,
        )])
    })
    .await
}

/// The problem is solved.
///
/// # Errors
/// `not_now`, `conflict`.
pub async fn resolve(app: &App, input: &TextInput) -> Result<TicketView> {
    let text = input.body.trim();
    act(app, &input.ticket, |found, _| {
        must_be_open(found)?;
        if found.state.status == TicketStatus::Resolved {
            return Err(AppError::not_now("这张工单已经标为解决。"));
        }
        let kind = EventKind::Resolved { outcome: None };
        Ok(vec![Happening {
            kind,
            at_ms: None,
            text: (!text.is_empty()).then(|| text.to_owned()),
        }])
    })
    .await
}

/// Closes with what became of the invitation to update the review (R6b). Refused while the customer has no answer.
///
/// # Errors
/// `not_now` while unanswered, `invalid` where the invitation was withheld without a reason, `conflict`.
pub async fn close(app: &App, input: &CloseInput) -> Result<TicketView> {
    let reason = input
        .reason
        .as_deref()
        .map(str::trim)
        .filter(|reason| !reason.is_empty());
    if input.invitation == Invitation::Withheld && reason.is_none() {
        return Err(AppError::invalid("请写明为什么不邀请顾客改评。"));
    }
    act(app, &input.ticket, |found, _| {
        must_be_open(found)?;
        if !found.state.answered {
            return Err(AppError::not_now(
                "还没有答复顾客，不能关闭。请先答复；确实不用处理的，选“无需处理”。",
            ));
        }
        Ok(vec![Happening::now(EventKind::Closed {
            invitation: Some(input.invitation),
            reason: reason.map(str::to_owned),
        })])
    })
    .await
}

/// Starts a new cycle for a ticket that was closed, or brings back a dismissed one (R17).
///
/// # Errors
/// `not_now` for an open ticket or one closed more than seven days ago, `conflict`.
pub async fn reopen(app: &App, input: &TextInput) -> Result<TicketView> {
    let text = input.body.trim();
    let rules = app.rules();
    act(app, &input.ticket, |found, now_ms| {
        if found.state.status.is_open() {
            return Err(AppError::not_now("这张工单还在处理中，不用重新打开。"));
        }
        let days = rules.policies.get(found.state.policy).reopen_days;
        if found
            .state
            .closed_ms
            .is_some_and(|closed| now_ms - closed > i64::from(days) * 86_400_000)
        {
            return Err(AppError::not_now(format!(
                "关闭已超过 {days} 天，不能重新打开这一张。新的问题会另开一张工单。"
            )));
        }
        let kind = EventKind::Reopened {
            cause: ReopenCause::Person,
            review: None,
            message: None,
            tier: None,
        };
        Ok(vec![Happening {
            kind,
            at_ms: None,
            text: (!text.is_empty()).then(|| text.to_owned()),
        }])
    })
    .await
}

/// Hands the ticket to a person, or back to nobody.
///
/// # Errors
/// `not_found` for an unknown person, `conflict`.
pub async fn assign(app: &App, input: &AssignInput) -> Result<TicketView> {
    if let Some(person) = &input.person_id
        && !app
            .store()
            .people()
            .await?
            .iter()
            .any(|known| known.id == *person && known.active)
    {
        return Err(AppError::new(ErrorCode::NotFound, "找不到这位同事，请重新选择。"));
    }
    act(app, &input.ticket, |found, _| {
        must_be_open(found)?;
        if found.row.owner_id == input.person_id {
            return Err(AppError::not_now("负责人没有变化。"));
        }
        let kind = match &input.person_id {
            Some(person) => EventKind::Assigned {
                to: PersonId(person.clone()),
                rule: None,
                department: None,
            },
            None => EventKind::Unassigned { reason: None },
        };
        Ok(vec![Happening::now(kind)])
    })
    .await
}

/// Takes a ticket away from its assignee, back to everybody: the lead's to do, or the assignee's own.
///
/// # Errors
/// `forbidden` for an agent and somebody else's ticket, `not_now` for one without owner, `not_found`.
pub async fn take_back(app: &App, id: &str) -> Result<TicketView> {
    let actor = app.actor()?;
    let row = app.store().ticket(id).await?;
    if !shifts::leads(&actor) && row.owner_id.as_ref() != Some(&actor.id) {
        return Err(AppError::new(
            ErrorCode::Forbidden,
            "收回别人的工单要由主管、经理或管理员来做。",
        ));
    }
    let ticket = TicketRef {
        id: row.id,
        version: u32::try_from(row.version).unwrap_or(0),
    };
    act(app, &ticket, |found, _| {
        must_be_open(found)?;
        if found.row.owner_id.is_none() {
            return Err(AppError::not_now("这张工单还没有负责人。"));
        }
        Ok(vec![Happening::now(EventKind::Unassigned {
            reason: Some("taken_back".to_owned()),
        })])
    })
    .await
}

/// Takes back the person's own last change, within 8 seconds. What is undone never counted for any clock (R27).
///
/// # Errors
/// `not_now` when it is too late or something else happened since.
pub async fn undo(app: &App, input: &UndoInput) -> Result<TicketView> {
    let actor = app.actor()?;
    let now_ms = app.now();
    let mut tx = app.store().begin().await?;
    let log = tx.activities(&input.ticket_id).await?;
    let events = journal::events(&log)?;
    let possible = ticket::undoable(&events, &PersonId(actor.id.clone()), now_ms);
    if possible.map(ActivityId::as_str) != Some(input.activity_id.as_str()) {
        return Err(AppError::not_now(
            "已过撤销时间，或之后又有了新的操作，这一步不能撤销了。",
        ));
    }
    // A reply that is taken back becomes the draft again, so that nobody types it twice.
    let undone = log.iter().find(|row| row.id == input.activity_id);
    if let Some(row) = undone.filter(|row| row.kind == "reply_published")
        && let Some(text_id) = &row.text_id
        && let Some(text) = app.store().texts(std::slice::from_ref(text_id)).await?.pop()
    {
        let body = text.body.unwrap_or_default();
        tx.save_draft(&DraftRow {
            ticket_id: input.ticket_id.clone(),
            person_id: actor.id.clone(),
            body,
            saved_at: now_ms,
        })
        .await?;
    }
    let happened = vec![Happening::now(EventKind::Undone {
        of: ActivityId(input.activity_id.clone()),
    })];
    if undone.is_some_and(|row| row.kind.ends_with("_corrected") || row.kind == "tier") {
        let mut personal = workspace::personal_model(app).await?;
        personal.forget(&tx.ticket(&input.ticket_id).await?.review_id);
        workspace::save_personal_model(&mut tx, &personal).await?;
    }
    record(app, &mut tx, &input.ticket_id, happened, Some(&actor.id), now_ms).await?;
    tx.log_change("inbox ticket alerts", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::Inbox, Tag::Ticket, Tag::Alerts]);
    view(app, &input.ticket_id).await
}

/// Saves a draft at once.
///
/// # Errors
/// `no_actor`, `not_found`, `invalid` for more than 5,000 characters.
pub async fn save_draft(app: &App, input: &DraftInput) -> Result<()> {
    let actor = app.actor()?;
    if input.body.chars().count() > MAX_TEXT {
        return Err(AppError::invalid(format!(
            "草稿太长，没有保存。请控制在 {MAX_TEXT} 字以内。"
        )));
    }
    app.store().ticket(&input.ticket_id).await?;
    let mut tx = app.store().begin().await?;
    tx.save_draft(&DraftRow {
        ticket_id: input.ticket_id.clone(),
        person_id: actor.id,
        body: input.body.clone(),
        saved_at: app.now(),
    })
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Opens a ticket by hand for a review that has none (history, a positive one).
///
/// # Errors
/// `not_now` when it has one, `not_found`.
pub async fn open_by_hand(app: &App, review_id: &str) -> Result<TicketView> {
    let actor = app.actor()?;
    let now_ms = app.now();
    let store = app.store();
    let settings = workspace::settings(&store).await?;
    let review = store.review(review_id).await?;
    let batch = store.batch(&review.batch_id).await?.ok_or(StoreError::NotFound)?;
    if review.ticket_id.is_some() {
        return Err(AppError::not_now("这条评价已经有工单了。"));
    }
    let assessment: Assessment = serde_json::from_str(&review.assessment)?;
    let mut decision = triage::decide(
        &assessment,
        &review.body,
        &triage::Signals {
            stars: review.stars.map(|s| s as f32),
            ..Default::default()
        },
    );
    decision.opens = true;
    decision.rule = triage::Rule::ByHand;
    let mut tx = store.begin().await?;
    let month = views::ticket_month(now_ms, &settings.zone);
    let id = amends_domain::TicketId::new(now_ms).0;
    let mut opened = intake::Opening {
        batch: &batch,
        rules: &app.rules(),
        settings: &settings,
        actor: Some(&actor.id),
        now_ms,
    }
    .open(&id, &review, &assessment, &decision)?;
    let number = tx.take_numbers(&format!("ticket:{month}"), 1).await?;
    opened.ticket.number = format!("{month}-{number:04}");
    tx.add_tickets(std::slice::from_ref(&opened.ticket)).await?;
    tx.add_clocks(&opened.clocks).await?;
    tx.add_activities(std::slice::from_ref(&opened.activity)).await?;
    tx.link_ticket(review_id, &id).await?;
    tx.log_change("inbox reviews ticket", now_ms).await?;
    tx.commit().await?;
    app.changed(&[Tag::Inbox, Tag::Reviews, Tag::Ticket]);
    view(app, &id).await
}
