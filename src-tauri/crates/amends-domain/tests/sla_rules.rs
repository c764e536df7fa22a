//! Rules of `sla.md` that the sixty scenarios do not reach, each test named after what it promises.
#![allow(clippy::unwrap_used)]

mod sla_support;

use amends_domain::Tier;
use amends_domain::sla::alerts::{Duty, Level, QuietHours, Recipient, Sound, fold, is_silenced, route};
use amends_domain::sla::event::{ContactOutcome, EventKind, MessageIntent};
use amends_domain::sla::scenario::{answer, answer_lines};
use amends_domain::sla::{Metric, calendar, why, workflow};
use chrono::DateTime;
use serde_json::{Value, json};
use sla_support::*;

fn ms(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(&at(text))
        .unwrap()
        .timestamp_millis()
}

fn urgent() -> Case {
    case("24x7").received("11-20 10:00", "urgent")
}

#[test]
fn only_a_human_answer_or_a_direct_contact_with_text_is_a_first_response() {
    let nothing = urgent()
        .event("11-20 10:01", "auto_acknowledged")
        .event_with("11-20 10:02", "reply_published", json!({ "automatic": true }))
        .event("11-20 10:03", "note_added")
        .event("11-20 10:04", "reply_submitted")
        .event("11-20 10:05", "approval_requested")
        .status("11-20 10:06", "communicating")
        .event_with("11-20 10:07", "contact_logged", json!({ "outcome": "reached" }))
        .event_with(
            "11-20 10:08",
            "contact_logged",
            json!({ "outcome": "no_answer", "text": "打过去没人接" }),
        )
        .status("11-20 10:09", "resolved");
    assert_eq!(nothing.answer().state(FR), "running");
    let called = nothing.event_with(
        "11-20 10:10",
        "contact_logged",
        json!({ "outcome": "reached", "text": "已致电" }),
    );
    assert_eq!(called.answer().state(FR), "met");
}

#[test]
fn a_solution_is_met_by_the_offer_else_by_resolving_else_by_closing() {
    for kind in ["solution_offered", "resolved", "closed"] {
        let done = urgent()
            .event("11-20 11:00", kind)
            .event("11-20 12:00", "closed")
            .answer();
        assert_eq!(done.clock(S)["fulfilled_at"], json!(at("11-20 11:00")), "{kind}");
    }
}

#[test]
fn closing_counts_only_with_the_invitation_settled() {
    let closed = urgent().event("11-20 10:30", "reply_published").event_with(
        "11-20 11:00",
        "closed",
        json!({ "invitation": null }),
    );
    assert_eq!(closed.now("11-20 12:00").state(C), "running");
    for kind in ["invitation_sent", "invitation_impossible", "invitation_withheld"] {
        let settled = closed.clone().event("11-20 13:00", kind).answer();
        assert_eq!(settled.clock(C)["fulfilled_at"], json!(at("11-20 13:00")));
        let before = urgent()
            .event("11-20 10:30", kind)
            .event("11-20 11:00", "closed")
            .answer();
        assert_eq!(before.clock(C)["fulfilled_at"], json!(at("11-20 11:00")));
    }
}

#[test]
fn closing_with_the_first_response_unmet_cancels_it_but_keeps_a_breach() {
    let early = urgent().event("11-20 11:00", "closed").now("11-21 00:00");
    assert_eq!(
        (early.state(FR), &early.clock(FR)["reason"]),
        ("cancelled", &json!("closed"))
    );
    let late = urgent().event("11-20 13:00", "closed").now("11-25 00:00");
    assert_eq!(
        (late.state(FR), &late.clock(FR)["late_by_ms"]),
        ("breached", &json!(3_600_000))
    );
}

#[test]
fn dismissing_cancels_what_is_neither_met_nor_breached() {
    let answer = urgent().event("11-20 13:00", "dismissed").now("11-25 00:00");
    assert_eq!(
        (answer.state(FR), answer.state(S), answer.state(C)),
        ("breached", "cancelled", "cancelled")
    );
    assert_eq!(answer.clock(S)["reason"], json!("dismissed"));
    assert!(!answer.has(FU));
}

#[test]
fn a_follow_up_is_met_by_a_logged_outcome_and_an_unsatisfied_one_reopens() {
    let closed = urgent()
        .event("11-20 10:30", "reply_published")
        .event("11-20 15:00", "closed");
    assert_eq!(closed.now("11-24 10:00").state(FU), "running");
    let called = closed.event_with(
        "11-24 10:00",
        "contact_logged",
        json!({ "outcome": "unsatisfied" }),
    );
    assert_eq!(called.answer().state(FU), "met");
    assert!(workflow::follow_up_reopens(ContactOutcome::Unsatisfied));
    assert!(!workflow::follow_up_reopens(ContactOutcome::NoAnswer));
    let again = called
        .event_with("11-24 10:00", "reopened", json!({ "cause": "follow_up" }))
        .answer();
    assert_eq!(
        (again.state(FU), &again.clock_in(FR, 2)["due"]),
        ("met", &json!(at("11-24 12:00")))
    );
    let silent = closed_unanswered().now("11-28 00:00");
    assert_eq!(silent.state(FU), "breached");
}

fn closed_unanswered() -> Case {
    urgent()
        .event("11-20 10:30", "reply_published")
        .event("11-20 15:00", "closed")
}

#[test]
fn thanks_never_reopens() {
    use MessageIntent::{Complaint, Other, Question, Thanks};
    assert_eq!(
        [Complaint, Question, Thanks, Other].map(workflow::message_reopens),
        [true, true, false, false]
    );
    let thanked =
        closed_unanswered().event_with("11-21 10:00", "customer_message", json!({ "intent": "thanks" }));
    assert!(!thanked.answer().has(NR));
}

#[test]
fn a_pause_ends_at_its_set_date() {
    let until = json!({ "status": "waiting_customer", "until": at("11-20 18:00") });
    let paused = case("24x7")
        .received("11-20 10:00", "important")
        .event_with("11-20 12:00", "status", until);
    assert_eq!(paused.now("11-20 17:59").state(S), "paused");
    let after = paused.now("11-20 18:00");
    assert_eq!(
        (after.state(S), after.due(S)),
        ("running", at("11-22 16:00").as_str())
    );
}

#[test]
fn the_cap_counts_all_pauses_of_a_cycle_together() {
    let twice = case("24x7")
        .with("policy", json!({ "important": { "solution": "200h" } }))
        .received("11-01 00:00", "important")
        .status("11-01 00:00", "waiting_customer")
        .status("11-03 00:00", "communicating")
        .status("11-04 00:00", "disputed");
    assert_eq!(twice.now("11-04 23:59").state(S), "paused");
    let after = twice.now("11-05 00:00");
    assert_eq!(
        (after.state(S), &after.clock(S)["paused_secs"]),
        ("running", &json!(72 * 3600))
    );
}

#[test]
fn pausing_right_after_an_unanswered_message_is_flagged() {
    let flags = |message: &str| {
        let paused = urgent()
            .event("11-20 10:30", "reply_published")
            .event(message, "customer_message")
            .status("11-20 12:00", "waiting_customer");
        paused.answer().clock(S)["flags"].clone()
    };
    assert_eq!(flags("11-20 11:50"), json!(["paused_after_message"]));
    assert_eq!(flags("11-20 11:49:59"), json!([]));
}

#[test]
fn internal_waits_never_pause_and_are_charged_to_their_owner() {
    let asked = urgent()
        .event_with(
            "11-20 10:10",
            "wait_started",
            json!({ "department": "仓库", "owner": "wang" }),
        )
        .event("11-20 10:40", "wait_ended")
        .answer();
    assert_eq!(
        asked.dues(),
        [at("11-20 12:00"), at("11-21 10:00"), at("11-23 10:00")]
    );
    let segment = &asked.value["segments"][0];
    assert_eq!(
        (&segment["owner"], &segment["working_secs"]),
        (&json!("wang"), &json!(1800))
    );
}

#[test]
fn an_annulled_breach_is_cancelled_with_its_lateness_kept() {
    let annul = json!({ "metric": FR, "reason": "平台故障" });
    let answer = urgent()
        .event("11-20 12:30", "reply_published")
        .event_with("11-20 13:00", "breach_annulled", annul.clone())
        .answer();
    assert_eq!(
        (answer.state(FR), &answer.clock(FR)["reason"]),
        ("cancelled", &json!("annulled"))
    );
    assert_eq!(answer.clock(FR)["late_by_ms"], json!(30 * 60_000));
    let met =
        urgent()
            .event("11-20 11:00", "reply_published")
            .event_with("11-20 13:00", "breach_annulled", annul);
    assert_eq!(met.answer().state(FR), "met", "there is nothing to annul");
}

#[test]
fn no_reply_needed_stops_the_next_response_and_a_later_message_starts_another() {
    let asked = urgent()
        .event("11-20 10:30", "reply_published")
        .event("11-20 11:00", "customer_message");
    let stopped = asked.clone().event("11-20 11:10", "no_reply_needed");
    assert_eq!(stopped.answer().clock(NR)["reason"], json!("no_reply_needed"));
    let again = stopped.event("11-20 12:00", "customer_message").answer();
    let dues: Vec<_> = again
        .clocks()
        .iter()
        .filter(|c| c["metric"] == NR)
        .map(|c| c["due"].clone())
        .collect();
    assert_eq!(dues, [json!(at("11-20 13:00")), json!(at("11-20 14:00"))]);
    let answered = asked.event("11-20 11:20", "reply_published").answer();
    assert_eq!(answered.state(NR), "met");
}

#[test]
fn there_is_no_next_response_before_the_first() {
    let written = urgent().event("11-20 10:30", "customer_message");
    assert!(!written.answer().has(NR));
    let answered = written.event("11-20 11:00", "reply_published").now("11-20 11:30");
    assert_eq!(answered.state(FR), "met");
    assert!(!answered.has(NR), "the answer covers what was written before it");
}

#[test]
fn a_refused_answer_takes_the_next_response_with_it() {
    let answer = urgent()
        .event("11-20 10:30", "reply_published")
        .event("11-20 11:00", "customer_message")
        .event("11-20 11:10", "reply_rejected")
        .answer();
    assert_eq!(
        (answer.state(FR), answer.due(FR)),
        ("running", at("11-20 12:00").as_str())
    );
    assert_eq!(
        (answer.state(NR), &answer.clock(NR)["reason"]),
        ("cancelled", &json!("void"))
    );
}

#[test]
fn a_refused_answer_does_not_matter_where_another_stands() {
    let answer = urgent()
        .event_with("11-20 11:00", "reply_published", json!({ "reply": "a" }))
        .event_with("11-20 11:30", "reply_published", json!({ "reply": "b" }))
        .event_with("11-20 14:00", "reply_rejected", json!({ "reply": "a" }))
        .answer();
    assert_eq!(
        (answer.state(FR), &answer.clock(FR)["fulfilled_at"]),
        ("met", &json!(at("11-20 11:30")))
    );
}

#[test]
fn what_was_undone_never_counted() {
    let undone = urgent()
        .event_with("11-20 11:00", "reply_published", json!({ "id": "slip" }))
        .event_with("11-20 11:00:05", "undone", json!({ "of": "slip" }));
    assert_eq!(undone.answer().state(FR), "running");
    let redone = undone
        .event_with("11-20 11:00:07", "undone", json!({ "of": "e3" }))
        .answer();
    assert_eq!(
        (redone.state(FR), &redone.clock(FR)["fulfilled_at"]),
        ("met", &json!(at("11-20 11:00")))
    );
}

#[test]
fn an_answer_that_came_with_the_review_counts_at_its_own_time() {
    let with = |reply: Value| {
        let fields = json!({ "tier": "urgent", "reply": reply });
        case("24x7")
            .event_with("11-20 10:00", "received", fields)
            .answer()
    };
    let timed = with(json!({ "at": at("11-20 09:00") }));
    assert_eq!(
        (timed.state(FR), &timed.clock(FR)["fulfilled_at"]),
        ("met", &json!(at("11-20 09:00")))
    );
    let untimed = with(json!(true));
    assert_eq!(
        (untimed.state(FR), &untimed.clock(FR)["fulfilled_at"]),
        ("met", &json!(null))
    );
    assert_eq!(untimed.clock(FR)["flags"], json!(["untimed"]));
}

#[test]
fn a_time_stated_afterwards_counts_and_is_marked() {
    let stated = json!({ "recorded_at": at("11-20 14:00") });
    let answer = urgent()
        .event_with("11-20 11:50", "reply_published", stated)
        .now("11-20 14:00");
    assert_eq!(
        (answer.state(FR), &answer.clock(FR)["flags"]),
        ("met", &json!(["backdated"]))
    );
}

#[test]
fn the_outbox_leaves_time_before_the_due_time() {
    assert_eq!(workflow::outbox_delay(0, None), 120_000);
    assert_eq!(workflow::outbox_delay(0, Some(600_000)), 120_000);
    assert_eq!(workflow::outbox_delay(0, Some(60_000)), 45_000);
    assert_eq!(workflow::outbox_delay(0, Some(10_000)), 0);
    assert_eq!(workflow::outbox_delay(0, Some(-5)), 0);
}

#[test]
fn a_platform_limit_is_never_paused_and_is_met_by_a_public_answer_only() {
    let limited = case("24x7")
        .received("11-20 10:00", "general")
        .event_with(
            "11-20 10:00",
            "channel_limit",
            json!({ "due": at("11-20 20:00") }),
        )
        .status("11-20 11:00", "disputed");
    assert_eq!(
        limited.now("11-20 20:00:00.001").state("channel_limit"),
        "breached"
    );
    let called = limited.clone().event_with(
        "11-20 12:00",
        "contact_logged",
        json!({ "outcome": "reached", "text": "x" }),
    );
    assert_eq!(
        (called.answer().state(FR), called.answer().state("channel_limit")),
        ("met", "running")
    );
    let answered = limited.event("11-20 12:00", "reply_published").answer();
    assert_eq!(
        (
            answer_state(&answered, FR),
            answer_state(&answered, "channel_limit")
        ),
        ("met", "met")
    );
}

fn answer_state<'a>(answer: &'a Answer, metric: &str) -> &'a str {
    answer.state(metric)
}

#[test]
fn a_date_set_by_hand_stays_until_someone_says_otherwise() {
    let manual = json!({ "metric": S, "due": at("11-22 12:00"), "reason": "客户约定" });
    let set =
        case("24x7")
            .received("11-20 10:00", "important")
            .event_with("11-20 11:00", "manual_due", manual);
    assert_eq!(set.answer().due(S), at("11-22 12:00"));
    let raised = set.clone().tier("11-20 12:00", "urgent").answer();
    assert_eq!(
        (raised.due(S), &raised.clock(S)["flags"]),
        (at("11-22 12:00").as_str(), &json!(["manual_due_kept"]))
    );
    let kept = set.clone().event_with(
        "11-20 12:00",
        "tier",
        json!({ "tier": "urgent", "manual_due": "keep" }),
    );
    assert_eq!(kept.answer().clock(S)["flags"], json!([]));
    let given_up = set.event_with(
        "11-20 12:00",
        "tier",
        json!({ "tier": "urgent", "manual_due": "recompute" }),
    );
    assert_eq!(given_up.answer().due(S), at("11-21 10:00"));
}

#[test]
fn a_review_deleted_before_our_answer_is_neither_met_nor_missed() {
    let deleted = urgent().event("11-20 11:00", "review_deleted").now("11-21 00:00");
    assert_eq!(
        (deleted.state(FR), &deleted.clock(FR)["reason"]),
        ("cancelled", &json!("review_deleted"))
    );
    let late = urgent().event("11-20 12:30", "review_deleted").now("11-21 00:00");
    assert_eq!(late.state(FR), "breached");
    let lower = urgent()
        .event_with("11-20 11:00", "review_changed", json!({ "stars": 3 }))
        .answer();
    assert_eq!(lower.state(FR), "running");
}

#[test]
fn two_reviews_of_one_ticket_have_a_first_response_each() {
    let both = urgent()
        .event_with(
            "11-20 11:00",
            "received",
            json!({ "tier": "urgent", "review": "second" }),
        )
        .event_with("11-20 11:30", "reply_published", json!({ "review": "review-1" }))
        .answer();
    let first: Vec<_> = both
        .clocks()
        .iter()
        .filter(|clock| clock["metric"] == FR)
        .collect();
    assert_eq!(
        (&first[0]["state"], &first[1]["state"]),
        (&json!("met"), &json!("running"))
    );
    assert_eq!(first[1]["due"], json!(at("11-20 13:00")));
    assert_eq!(
        both.due(S),
        at("11-21 10:00"),
        "one solution, from the first review on"
    );
}

#[test]
fn what_stops_is_judged_before_what_moves_the_target_at_the_same_instant() {
    let answer = case("24x7")
        .received("11-20 10:00", "general")
        .tier("11-20 15:00", "urgent")
        .event("11-20 15:00", "reply_published")
        .answer();
    assert_eq!(
        (answer.state(FR), &answer.clock(FR)["target_secs"]),
        ("met", &json!(86_400))
    );
}

#[test]
fn events_after_now_have_not_happened() {
    let answered = urgent().event("11-20 11:00", "reply_published");
    assert_eq!(answered.now("11-20 10:59").state(FR), "running");
    assert!(answered.now("11-20 09:59").clocks().is_empty());
}

#[test]
fn a_paused_clock_rings_nothing_it_has_not_reached() {
    let paused = case("24x7")
        .received("11-20 10:00", "important")
        .status("11-21 23:00", "waiting_customer");
    let answer = paused.now("11-22 12:00");
    assert_eq!(answer.alert(S, "l1"), Some(at("11-21 22:00").as_str()));
    assert_eq!((answer.alert(S, "l2"), answer.alert(S, "due")), (None, None));
    let resumed = paused.status("11-22 12:00", "communicating").answer();
    assert_eq!(resumed.alert(S, "l2"), Some(at("11-22 18:12").as_str()));
}

#[test]
fn quiet_hours_hold_all_but_urgent_until_they_end() {
    let quiet = QuietHours {
        window: "22:00-08:00".parse().unwrap(),
        zone: calendar::zone("Asia/Shanghai").unwrap(),
    };
    let held = |tier, text: &str| quiet.hold_until(tier, ms(text));
    assert_eq!(held(Tier::General, "11-20 23:00"), Some(ms("11-21 08:00")));
    assert_eq!(held(Tier::Important, "11-21 07:59"), Some(ms("11-21 08:00")));
    assert_eq!(held(Tier::General, "11-21 08:00"), None);
    assert_eq!(held(Tier::General, "11-20 21:59"), None);
    assert_eq!(held(Tier::Urgent, "11-20 23:00"), None);
}

#[test]
fn with_nobody_on_shift_the_on_call_rings_then_the_lead() {
    let duty = |assignee, anyone, on_call| Duty {
        assignee,
        anyone,
        on_call,
    };
    assert_eq!(
        route(Metric::FirstResponse, Level::L1, duty(true, true, false)),
        [Recipient::Assignee]
    );
    assert_eq!(
        route(Metric::FirstResponse, Level::L1, duty(false, false, true)),
        [Recipient::OnCall]
    );
    assert_eq!(
        route(Metric::FirstResponse, Level::L1, duty(false, false, false)),
        [Recipient::Supervisor]
    );
    assert_eq!(
        route(Metric::FirstResponse, Level::L2, duty(true, true, true)),
        [Recipient::Assignee, Recipient::OnCall]
    );
    assert_eq!(
        route(Metric::FirstResponse, Level::L2, duty(false, false, true)),
        [Recipient::OnCall]
    );
    assert_eq!(
        route(Metric::FirstResponse, Level::Overdue, duty(false, false, false)),
        [Recipient::Manager]
    );
}

#[test]
fn an_acknowledgement_silences_until_the_next_level() {
    assert!(is_silenced(Level::L1, Some(Level::L1)));
    assert!(!is_silenced(Level::L2, Some(Level::L1)));
    assert!(!is_silenced(Level::L1, None));
}

#[test]
fn three_alerts_in_ten_seconds_become_one_summary() {
    let sounds = fold([(0, 'a'), (4_000, 'b'), (9_999, 'c'), (10_000, 'd'), (30_000, 'e')]);
    assert_eq!(
        sounds,
        [
            Sound::Summary(vec!['a', 'b', 'c']),
            Sound::One('d'),
            Sound::One('e')
        ]
    );
}

#[test]
fn the_reasons_cover_the_time_from_start_to_due_and_add_up() {
    let answer = case(biz())
        .promise(S, "16h")
        .received("11-19 09:00", "urgent")
        .status("11-20 15:00", "waiting_customer")
        .status("11-23 10:30", "communicating")
        .answer();
    let why = answer.clock(S)["why"].as_array().unwrap();
    let time = |value: &Value| {
        DateTime::parse_from_rfc3339(value.as_str().unwrap())
            .unwrap()
            .timestamp()
    };
    assert_eq!(why[0]["from"], json!(at("11-19 09:00")));
    assert_eq!(why.last().unwrap()["to"], json!(at("11-23 16:00")));
    assert!(why.windows(2).all(|pair| pair[0]["to"] == pair[1]["from"]));
    let counted: i64 = why
        .iter()
        .filter(|i| i["counted"] == true)
        .map(|i| time(&i["to"]) - time(&i["from"]))
        .sum();
    assert_eq!(counted, 16 * 3600);
    assert!(
        why.iter()
            .any(|interval| interval["reason"] == "waiting_customer")
    );
    assert!(why.iter().any(|interval| interval["reason"] == "off_hours"));
}

#[test]
fn a_holiday_and_a_weekend_are_called_so() {
    let reasons = |start: &str| {
        let answer = case(biz()).promise(FR, "2h").received(start, "urgent").answer();
        let why = answer.clock(FR)["why"].as_array().unwrap().clone();
        why.iter()
            .map(|interval| interval["reason"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(reasons("09-30 17:00"), ["working", "holiday", "working"]);
    assert_eq!(reasons("11-20 17:00"), ["working", "day_off", "working"]);
    assert_eq!(reasons("11-23 11:30"), ["working", "off_hours", "working"]);
}

/// A log under the default promise, with the calendars it refers to.
fn log(kinds: &[(&str, Value)]) -> (Vec<amends_domain::sla::Event>, amends_domain::sla::Calendars) {
    use amends_domain::sla::*;
    let zone = calendar::zone("Asia/Shanghai").unwrap();
    let events = kinds.iter().enumerate().map(|(index, (when, kind))| Event {
        id: format!("e{index}").into(),
        at_ms: ms(when),
        recorded_ms: ms(when),
        actor: None,
        kind: serde_json::from_value(kind.clone()).unwrap(),
    });
    (
        events.collect(),
        Calendars::new(Calendar::new(CalendarVersion(1), CalendarSpec::always(zone))),
    )
}

fn received(tier: &str) -> Value {
    json!({ "type": "received", "review": "r", "tier": tier, "policy": 1, "calendar": 1 })
}

#[test]
fn the_explanation_is_readable_chinese() {
    let (log, calendars) = log(&[
        ("11-20 10:00", received("general")),
        ("11-20 13:00", json!({ "type": "tier", "tier": "urgent" })),
    ]);
    let policies = amends_domain::sla::Policies::default();
    let now = ms("11-20 13:00");
    let clocks = amends_domain::sla::clocks(&log, &policies, &calendars, now);
    let text = why::explain(&clocks[0], calendars.latest(), now);
    assert_eq!(
        text,
        "首次答复（紧急）：从 11月20日 周五 10:00 起算，时限 2 小时。\n\
         11月20日 周五 10:00 至 11月20日 周五 12:00：计入 2 小时。\n\
         11月20日 周五 12:00 至 11月20日 周五 13:30：宽限 1 小时 30 分。\n\
         按现时限本应在 11月20日 周五 12:00 到期；变更时给了宽限。\n\
         最初承诺：11月21日 周六 10:00。\n\
         到期：11月20日 周五 13:30。\n\
         依据：时效承诺第 1 版，工作日历第 1 版。"
    );
}

#[test]
fn what_another_tier_would_mean_is_shown_without_writing_it() {
    let (log, calendars) = log(&[("11-20 10:00", received("general"))]);
    let policies = amends_domain::sla::Policies::default();
    let now = ms("11-20 11:00");
    let urgent = why::what_if_tier(&log, &policies, &calendars, now, Tier::Urgent);
    assert_eq!(urgent[0].due_ms, ms("11-20 12:00"));
    assert_eq!(
        amends_domain::sla::clocks(&log, &policies, &calendars, now)[0].due_ms,
        ms("11-21 10:00")
    );
}

#[test]
fn closing_as_unanswered_is_advised_when_it_is_due_before_the_pause_can_end() {
    use amends_domain::sla::{Policy, clocks};
    let waiting = json!({ "type": "status", "status": "waiting_customer" });
    let policies = amends_domain::sla::Policies::default();
    let advice = |when: &str| {
        let (log, calendars) = log(&[("11-20 10:00", received("important")), (when, waiting.clone())]);
        workflow::close_unanswered_by(
            &clocks(&log, &policies, &calendars, ms("11-21 10:00")),
            &Policy::default(),
        )
    };
    assert_eq!(advice("11-20 12:00"), Some(ms("11-23 10:00")));
    assert_eq!(advice("11-21 11:00"), None, "not waiting yet");
}

#[test]
fn applying_a_version_is_previewed() {
    use amends_domain::sla::{Policies, Policy, PolicyVersion};
    let (log, calendars) = log(&[("11-20 10:00", received("urgent"))]);
    let mut policies = Policies::default();
    let mut shorter = Policy {
        version: PolicyVersion(2),
        ..Policy::default()
    };
    shorter.urgent.first_response = Some(3600);
    policies.insert(shorter);
    let change = EventKind::Policy {
        version: PolicyVersion(2),
    };
    let preview = why::preview(&log, &policies, &calendars, ms("11-20 11:30"), change);
    assert_eq!((preview.moved, preview.late), (1, 1));
}

#[test]
fn impossible_calendars_and_unreadable_scenarios_are_refused_with_the_place() {
    let refused = |input: Value| answer(&input.to_string()).unwrap_err().to_string();
    let event = json!([{ "at": at("11-20 10:00"), "type": "received", "tier": "urgent" }]);
    let now = at("11-20 11:00");
    let with = |calendar: Value| json!({ "calendar": calendar, "events": event, "now": now });
    assert_eq!(
        refused(with(json!({ "zone": "Asia/Shanghai", "weekly": {} }))),
        "calendar: the calendar has no working time in the 366 days from 2026-11-20"
    );
    assert!(
        refused(with(json!({ "zone": "Asia/Peking", "weekly": {} })))
            .contains("`Asia/Peking` is not an IANA")
    );
    for window in [
        "9-18",
        "09:00-09:00",
        "25:00-26:00",
        "24:00-08:00",
        "09:60-10:00",
        "09:00–18:00",
    ] {
        let message = refused(with(json!({ "weekly": { "mon": [window] } })));
        assert!(message.starts_with("calendar.weekly.mon:"), "{message}");
    }
    let once = json!({ "weekly": {}, "overrides": { "2026-12-01": ["09:00-10:00"] } });
    assert_eq!(
        refused(with(once)),
        "the calendar never gives first_response enough working time"
    );
    assert!(refused(with(json!("9to5"))).contains("only \"24x7\" has a name"));
    let bad = json!({ "events": [{ "at": "yesterday", "type": "received" }], "now": now });
    assert!(refused(bad).starts_with("events[0].at: `yesterday`"));
    let days = json!({ "policy": { "urgent": { "closure": "3d" } }, "events": event, "now": now });
    assert!(refused(days).starts_with("policy.urgent.closure: \"3d\" is not a duration"));
    assert!(refused(json!({ "events": [{ "at": now, "type": "closed" }], "now": now })).contains("received"));
    assert!(answer("{").unwrap_err().to_string().starts_with("not JSON"));
}

#[test]
fn a_refused_line_does_not_stop_the_others() {
    let good = urgent().with("now", at("11-20 11:00")).json().to_string();
    let out = answer_lines(&format!("{good}\nnonsense\n\n{good}\n"));
    let lines: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[1]["error"].is_string());
    assert_eq!(lines[0], lines[2]);
}

#[test]
fn a_scenario_spelled_out_in_full_is_answered_clock_by_clock() {
    let week = r#"{"mon":["00:00-24:00"],"tue":["00:00-24:00"],"wed":["00:00-24:00"],"thu":["00:00-24:00"],
        "fri":["00:00-24:00"],"sat":["00:00-24:00"],"sun":["00:00-24:00"]}"#;
    let scenario = format!(
        r#"{{"calendar":{{"zone":"Asia/Shanghai","weekly":{week},
            "overrides":{{"2026-10-01":[],"2026-10-10":["09:00-12:00","13:30-18:00"]}}}},
        "policy":{{"urgent":{{"first_response":"2h","solution":"24h","closure":"72h"}},
            "important":{{"first_response":"12h","solution":"48h","closure":"72h"}},
            "general":{{"first_response":"24h","closure":"72h"}}}},
        "events":[{{"at":"2026-11-20T23:30:00+08:00","type":"received","tier":"urgent"}},
            {{"at":"2026-11-21T00:30:00+08:00","type":"status","status":"waiting_customer"}},
            {{"at":"2026-11-21T01:00:00+08:00","type":"customer_message"}},
            {{"at":"2026-11-21T01:10:00+08:00","type":"reply_published"}},
            {{"at":"2026-11-21T01:20:00+08:00","type":"tier","tier":"general"}},
            {{"at":"2026-11-21T02:00:00+08:00","type":"solution_offered"}},
            {{"at":"2026-11-21T03:00:00+08:00","type":"closed"}},
            {{"at":"2026-11-22T03:00:00+08:00","type":"reopened"}}],
        "now":"2026-11-22T04:00:00+08:00"}}"#
    );
    let found: Value = serde_json::from_str(&answer(&scenario).unwrap()).unwrap();
    let brief: Vec<_> = found["clocks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|clock| {
            let text = |key: &str| clock[key].as_str().unwrap().to_owned();
            (
                text("metric"),
                clock["cycle"].as_u64().unwrap(),
                text("due"),
                text("state"),
            )
        })
        .collect();
    let row = |metric: &str, cycle: u64, due: &str, state: &str| {
        (metric.to_owned(), cycle, at(due), state.to_owned())
    };
    assert_eq!(
        brief,
        [
            row(FR, 1, "11-21 01:30", "met"),
            row(C, 1, "11-23 23:30", "met"),
            row(FU, 1, "11-28 21:00", "cancelled"),
            row(FR, 2, "11-23 03:00", "running"),
            row(C, 2, "11-25 03:00", "running"),
        ]
    );
}

#[test]
fn an_approvals_warnings_go_to_whoever_is_to_decide() {
    let asked = urgent().event("11-20 11:00", "approval_requested").answer();
    let alerts = asked.clock("approval")["alerts"].as_array().unwrap();
    let who: Vec<_> = alerts
        .iter()
        .map(|alert| alert["recipient"].as_str().unwrap())
        .collect();
    assert_eq!(who, ["approver", "approver", "supervisor", "manager"]);
}
