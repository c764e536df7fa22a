//! The sixty worked scenarios of `sla.md`, each by its number. They go in as the JSON of `amends-cli deadlines`,
//! so the whole path from text to text is held to them.
#![allow(clippy::unwrap_used)]

mod sla_support;

use amends_domain::sla::alerts::{AlertInstant, Level, Pass, pass};
use amends_domain::sla::engine::{Clock, ClockState};
use amends_domain::sla::workflow;
use chrono::DateTime;
use serde_json::json;
use sla_support::*;

fn ms(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(&at(text))
        .unwrap()
        .timestamp_millis()
}

#[test]
fn s01_midnight() {
    let answer = case("24x7").received("11-20 23:30", "urgent").answer();
    assert_eq!(
        answer.dues(),
        [at("11-21 01:30"), at("11-21 23:30"), at("11-23 23:30")]
    );
}

#[test]
fn s02_important() {
    let answer = case("24x7").received("11-20 08:15", "important").answer();
    assert_eq!(
        answer.dues(),
        [at("11-20 20:15"), at("11-22 08:15"), at("11-23 08:15")]
    );
}

#[test]
fn s03_year_end_and_no_separate_solution_for_general() {
    let answer = case("24x7").received("12-31 10:00", "general").answer();
    assert_eq!(answer.due(FR), at("2027-01-01 10:00"));
    assert_eq!(answer.due(C), at("2027-01-03 10:00"));
    assert!(!answer.has(S));
}

#[test]
fn s04_met_at_the_due_instant_breached_one_millisecond_later() {
    let review = case("24x7").received("11-20 23:30", "urgent");
    let met = review.clone().event("11-21 01:30", "reply_published").answer();
    assert_eq!(
        (met.state(FR), &met.clock(FR)["late_by_ms"]),
        ("met", &json!(null))
    );
    let late = review
        .clone()
        .event("11-21 01:30:00.001", "reply_published")
        .answer();
    assert_eq!(
        (late.state(FR), &late.clock(FR)["late_by_ms"]),
        ("breached", &json!(1))
    );
    let due_now = review.now("11-21 01:30");
    assert_eq!(
        (due_now.state(FR), &due_now.clock(FR)["remaining_working_secs"]),
        ("running", &json!(0))
    );
    assert_eq!(review.now("11-21 01:30:00.001").state(FR), "breached");
}

#[test]
fn s05_no_hole_at_midnight() {
    assert_eq!(
        case("24x7").received("11-20 23:59:30", "urgent").answer().due(FR),
        at("11-21 01:59:30")
    );
}

/// First response of 2 h, or another target, from a start in a calendar.
fn due_in(calendar: serde_json::Value, target: &str, start: &str) -> String {
    case(calendar)
        .promise(FR, target)
        .received(start, "urgent")
        .answer()
        .due(FR)
        .to_owned()
}

#[test]
fn s06_weekend() {
    assert_eq!(due_in(biz(), "2h", "11-20 17:00"), at("11-23 10:00"));
}

#[test]
fn s07_start_outside_hours() {
    assert_eq!(due_in(biz(), "2h", "11-21 14:00"), at("11-23 11:00"));
}

#[test]
fn s08_lunch() {
    assert_eq!(due_in(biz(), "2h", "11-23 11:30"), at("11-23 15:00"));
}

#[test]
fn s09_start_inside_lunch() {
    assert_eq!(due_in(biz(), "2h", "11-23 12:30"), at("11-23 15:30"));
}

#[test]
fn s10_work_that_ends_at_the_close_is_due_at_the_close() {
    assert_eq!(due_in(biz(), "2h", "11-23 16:00"), at("11-23 18:00"));
}

#[test]
fn s11_the_close_is_exclusive() {
    assert_eq!(due_in(biz(), "2h", "11-23 18:00"), at("11-24 11:00"));
}

#[test]
fn s12_national_day() {
    assert_eq!(due_in(biz(), "2h", "09-30 17:00"), at("10-08 10:00"));
}

#[test]
fn s13_make_up_saturday() {
    assert_eq!(due_in(biz(), "12h", "10-09 17:00"), at("10-12 14:00"));
}

#[test]
fn s14_make_up_sunday() {
    assert_eq!(due_in(biz(), "2h", "09-19 20:00"), at("09-20 11:00"));
}

#[test]
fn s15_spring_festival() {
    assert_eq!(due_in(biz(), "24h", "02-13 17:30"), at("02-26 10:00"));
}

#[test]
fn s16_overnight_window() {
    assert_eq!(due_in(night(), "2h", "11-24 03:00"), at("11-24 21:00"));
}

#[test]
fn s17_a_window_belongs_to_the_day_it_starts_on() {
    assert_eq!(due_in(night(), "6h", "09-30 23:00"), at("10-08 21:00"));
}

#[test]
fn s18_pauses_are_per_metric() {
    let answer = case("24x7")
        .received("11-20 10:00", "important")
        .status("11-20 16:00", "waiting_customer")
        .status("11-21 01:00", "communicating")
        .answer();
    assert_eq!(
        answer.dues(),
        [at("11-20 22:00"), at("11-22 19:00"), at("11-23 10:00")]
    );
    assert_eq!(answer.clock(S)["paused_secs"], json!(9 * 3600));
    assert_eq!(answer.clock(FR)["paused_secs"], json!(0));
}

#[test]
fn s19_paused_time_counts_in_working_seconds() {
    let answer = case(biz())
        .promise(S, "16h")
        .received("11-19 09:00", "urgent")
        .status("11-20 15:00", "waiting_customer")
        .status("11-23 10:30", "communicating")
        .answer();
    assert_eq!(answer.due(S), at("11-23 16:00"));
    assert_eq!(answer.clock(S)["paused_secs"], json!(4 * 3600 + 1800));
}

/// Scenario 20 up to its second resume.
fn two_pauses() -> Case {
    case(biz())
        .promise(S, "8h")
        .received("11-23 09:00", "urgent")
        .status("11-23 10:00", "waiting_customer")
        .status("11-23 11:00", "communicating")
        .status("11-23 16:00", "waiting_customer")
        .status("11-24 09:30", "communicating")
}

#[test]
fn s20_two_pauses() {
    let answer = two_pauses().answer();
    assert_eq!(answer.due(S), at("11-24 14:30"));
    // R9's other formula: what was left, counted from the resume on.
    let left = answer.clock(S)["remaining_working_secs"].as_u64().unwrap();
    assert_eq!(
        due_in(biz(), &format!("{left}s"), "11-24 09:30"),
        at("11-24 14:30")
    );
}

#[test]
fn s21_touching_pauses_count_once() {
    let answer = case(biz())
        .promise(S, "8h")
        .received("11-23 09:00", "urgent")
        .status("11-23 10:00", "waiting_customer")
        .status("11-23 10:30", "disputed")
        .status("11-23 11:00", "communicating")
        .status("11-23 16:00", "waiting_customer")
        .status("11-24 09:30", "communicating")
        .answer();
    assert_eq!(answer.due(S), at("11-24 14:30"));
    assert_eq!(
        answer.clock(S)["paused_secs"],
        two_pauses().answer().clock(S)["paused_secs"]
    );
}

#[test]
fn s22_while_paused_nothing_turns_late() {
    let paused = case("24x7")
        .received("11-20 10:00", "important")
        .status("11-22 09:00", "waiting_customer");
    for now in ["11-22 09:00", "11-22 11:00", "11-22 14:59:59"] {
        let answer = paused.now(now);
        assert_eq!(answer.state(S), "paused");
        assert_eq!(answer.clock(S)["remaining_working_secs"], json!(3600));
    }
    assert_eq!(
        paused.status("11-22 15:00", "communicating").answer().due(S),
        at("11-22 16:00")
    );
}

#[test]
fn s23_a_pause_does_not_hide_a_breach() {
    let paused = case("24x7")
        .received("11-20 10:00", "urgent")
        .status("11-21 12:00", "waiting_customer");
    let answer = paused.now("11-21 13:00");
    assert_eq!(
        (answer.state(S), answer.due(S)),
        ("breached", at("11-21 10:00").as_str())
    );
    assert_eq!(answer.clock(S)["late_by_ms"], json!(3 * 3_600_000));
    let solved = paused.event("11-21 15:00", "solution_offered").now("11-22 10:00");
    assert_eq!(solved.clock(S)["late_by_ms"], json!(5 * 3_600_000));
}

#[test]
fn s24_closing_from_pause_keeps_the_pause() {
    let answer = case("24x7")
        .received("11-20 10:00", "important")
        .status("11-20 16:00", "waiting_customer")
        .event("11-20 20:00", "closed")
        .answer();
    assert_eq!(
        (answer.state(S), answer.due(S)),
        ("met", at("11-22 14:00").as_str())
    );
    assert_eq!(answer.clock(S)["paused_secs"], json!(4 * 3600));
}

#[test]
fn s25_a_message_ends_the_pause_when_it_was_written_not_when_it_is_read() {
    let answer = case("24x7")
        .received("11-20 10:00", "important")
        .status("11-20 12:00", "waiting_customer")
        .event("11-20 15:07", "customer_message")
        .status("11-20 17:00", "communicating")
        .answer();
    assert_eq!(answer.due(S), at("11-22 13:07"));
}

#[test]
fn s26_a_pause_ends_at_its_cap() {
    let endless = case("24x7")
        .received("11-20 10:00", "important")
        .status("11-20 12:00", "waiting_customer");
    let before = endless.now("11-23 11:59");
    assert_eq!(before.state(S), "paused");
    assert_eq!(before.due(C), at("11-23 10:00"));
    let after = endless.now("11-23 12:01");
    assert_eq!(
        (after.state(S), after.due(S)),
        ("running", at("11-25 10:00").as_str())
    );
    assert_eq!(after.clock(S)["flags"], json!(["pause_capped"]));
    // The entry that tells people of the cap changes nothing.
    let told = endless.event("11-23 12:00", "pause_cap").now("11-23 12:01");
    assert_eq!(told.due(S), at("11-25 10:00"));
}

#[test]
fn s27_pauses_count_to_the_second() {
    let answer = case("24x7")
        .with(
            "policy",
            json!({ "urgent": { "first_response": "2h" }, "pauses": { FR: ["waiting_customer"] } }),
        )
        .received("11-20 10:00", "urgent")
        .status("11-20 10:10:20", "waiting_customer")
        .status("11-20 10:11:05", "communicating")
        .answer();
    assert_eq!(answer.due(FR), at("11-20 12:00:45"));
}

#[test]
fn s28_a_raise_counts_from_the_original_start() {
    let answer = case("24x7")
        .received("11-20 10:00", "general")
        .tier("11-20 11:00", "urgent")
        .answer();
    assert_eq!(
        answer.dues(),
        [at("11-20 12:00"), at("11-21 10:00"), at("11-23 10:00")]
    );
}

#[test]
fn s29_a_late_raise_has_grace_and_a_flag() {
    let answer = case("24x7")
        .received("11-20 10:00", "general")
        .tier("11-20 13:00", "urgent")
        .answer();
    let clock = answer.clock(FR);
    assert_eq!(
        (answer.due(FR), answer.state(FR)),
        (at("11-20 13:30").as_str(), "running")
    );
    assert_eq!(clock["retro_due"], json!(at("11-20 12:00")));
    assert_eq!(clock["original_due"], json!(at("11-21 10:00")));
    assert_eq!(clock["flags"], json!(["late_escalation", "grace"]));
    // Warnings are taken over what is left (R13): no storm at the change itself.
    assert_eq!(answer.alert(FR, "l1"), Some(at("11-20 13:22:30").as_str()));
    assert_eq!(answer.alert(FR, "l2"), Some(at("11-20 13:27").as_str()));
}

#[test]
fn s30_a_downgrade_lengthens_and_drops_what_has_no_target() {
    let answer = case("24x7")
        .received("11-20 10:00", "urgent")
        .tier("11-20 11:00", "general")
        .answer();
    assert_eq!(answer.due(FR), at("11-21 10:00"));
    assert!(!answer.has(S));
    assert_eq!(answer.due(C), at("11-23 10:00"));
}

#[test]
fn s31_a_downgrade_does_not_wash_a_breach_away() {
    let answer = case("24x7")
        .received("11-20 10:00", "urgent")
        .tier("11-20 13:00", "general")
        .answer();
    assert_eq!(
        (answer.state(FR), answer.due(FR)),
        ("breached", at("11-20 12:00").as_str())
    );
}

#[test]
fn s32_a_raise_does_not_judge_the_past_again() {
    let answer = case("24x7")
        .received("11-20 10:00", "general")
        .event("11-20 11:00", "reply_published")
        .tier("11-20 13:00", "urgent")
        .answer();
    assert_eq!(
        (answer.state(FR), &answer.clock(FR)["target_secs"]),
        ("met", &json!(86_400))
    );
    assert_eq!(answer.due(S), at("11-21 10:00"));
}

#[test]
fn s33_a_raise_keeps_the_pauses() {
    let answer = case("24x7")
        .received("11-20 10:00", "important")
        .status("11-20 12:00", "waiting_customer")
        .status("11-20 20:00", "communicating")
        .tier("11-20 21:00", "urgent")
        .answer();
    assert_eq!(answer.due(S), at("11-21 18:00"));
}

#[test]
fn s34_grace_is_capped_at_an_hour() {
    let answer = case("24x7")
        .received("11-20 10:00", "general")
        .event("11-20 10:30", "reply_published")
        .tier("11-21 11:00", "urgent")
        .answer();
    assert_eq!(
        (answer.state(S), answer.due(S)),
        ("running", at("11-21 12:00").as_str())
    );
}

#[test]
fn s35_an_edited_policy_reaches_open_tickets_only_when_applied() {
    let edited =
        json!({ "policy": { "urgent": { "first_response": "1h", "solution": "24h", "closure": "72h" } } });
    for (start, kept, applied) in [("11:00", "13:00", "12:00"), ("10:00", "12:00", "11:45")] {
        let review = case("24x7").received(&format!("11-20 {start}"), "urgent");
        assert_eq!(review.now("11-20 11:30").due(FR), at(&format!("11-20 {kept}")));
        let after = review
            .event_with("11-20 11:30", "policy", edited.clone())
            .answer();
        assert_eq!(after.due(FR), at(&format!("11-20 {applied}")));
        assert_eq!(after.due(S), at(&format!("11-21 {start}")));
    }
}

#[test]
fn s36_closed_cycles_are_never_judged_again() {
    let closed = case("24x7")
        .received("11-20 10:00", "urgent")
        .event("11-20 11:30", "reply_published")
        .event("11-21 09:00", "closed");
    let halved =
        json!({ "policy": { "urgent": { "first_response": "1h", "solution": "12h", "closure": "36h" } } });
    let later = closed
        .clone()
        .event_with("2027-11-20 10:00", "policy", halved)
        .tier("2027-11-20 10:01", "general");
    for metric in [FR, S, C] {
        let (before, after) = (closed.answer(), later.answer());
        for field in ["state", "due", "target_secs", "revision", "fulfilled_at", "why"] {
            assert_eq!(
                before.clock(metric)[field],
                after.clock(metric)[field],
                "{metric} {field}"
            );
        }
        assert_eq!(after.state(metric), "met");
    }
}

#[test]
fn s37_an_applied_calendar_moves_open_tickets() {
    let ticket = case(biz()).promise(S, "8h").received("11-23 14:00", "urgent");
    assert_eq!(ticket.answer().due(S), at("11-24 14:30"));
    let mut closed = biz();
    closed["overrides"]["2026-11-24"] = json!([]);
    let after = ticket
        .event_with("11-23 16:00", "calendar", json!({ "calendar": closed }))
        .answer();
    assert_eq!(after.due(S), at("11-25 14:30"));
    assert_eq!(after.clock(S)["revision"], json!(2));
}

/// Scenario 38 before the 追评.
fn closed_ticket() -> Case {
    case("24x7")
        .received("11-20 10:00", "urgent")
        .event("11-20 11:00", "reply_published")
        .event("11-22 09:00", "closed")
}

#[test]
fn s38_an_append_opens_a_second_cycle_with_full_targets() {
    let before = closed_ticket().answer();
    let answer = closed_ticket().event("11-23 20:00", "reopened").answer();
    assert_eq!(answer.clock_in(FR, 2)["due"], json!(at("11-23 22:00")));
    assert_eq!(answer.clock_in(S, 2)["due"], json!(at("11-24 20:00")));
    assert_eq!(answer.clock_in(C, 2)["due"], json!(at("11-26 20:00")));
    for metric in [FR, S, C] {
        assert_eq!(answer.clock(metric), before.clock(metric));
    }
}

#[test]
fn s39_seven_days_later_it_is_a_new_ticket() {
    let same = closed_ticket().event("11-29 09:00:00", "reopened").answer();
    assert_eq!(same.clock_in(FR, 2)["due"], json!(at("11-29 11:00")));
    let new = closed_ticket().event("11-29 09:00:01", "reopened").answer();
    assert!(new.clocks().iter().all(|clock| clock["cycle"] == 1));
    assert_eq!(new.value["notes"][0]["type"], json!("new_ticket"));
}

#[test]
fn s40_a_merge_keeps_the_strictest_of_each_member() {
    let b = case("24x7")
        .received("11-20 08:00", "general")
        .event("11-20 09:00", "reply_published");
    let merged = json!({ "events": b.json()["events"], "ticket": "B" });
    let a = case("24x7")
        .received("11-20 10:00", "urgent")
        .event_with("11-20 10:30", "merged_from", merged)
        .answer();
    assert_eq!(
        a.dues(),
        [at("11-20 12:00"), at("11-21 10:00"), at("11-23 08:00")]
    );
    assert_eq!(a.state(FR), "running");
    let stopped = b
        .event_with("11-20 10:30", "merged_into", json!({ "ticket": "A" }))
        .now("12-31 00:00");
    assert_eq!(stopped.state(FR), "met");
    assert_eq!(
        (stopped.state(C), &stopped.clock(C)["reason"]),
        ("cancelled", &json!("merged"))
    );

    // The other way round: the survivor is the lenient one.
    let a = case("24x7").received("11-20 10:00", "urgent");
    let merged = json!({ "events": a.json()["events"], "ticket": "A" });
    let b = case("24x7")
        .received("11-20 08:00", "general")
        .event("11-20 09:00", "reply_published")
        .event_with("11-20 10:30", "merged_from", merged)
        .answer();
    let first: Vec<_> = b.clocks().iter().filter(|clock| clock["metric"] == FR).collect();
    assert_eq!(
        (&first[0]["state"], &first[1]["state"]),
        (&json!("met"), &json!("running"))
    );
    assert_eq!(first[1]["due"], json!(at("11-20 12:00")));
    assert_eq!(
        (b.due(S), b.due(C)),
        (at("11-21 10:00").as_str(), at("11-23 08:00").as_str())
    );
}

#[test]
fn s41_of_two_merges_at_the_same_second_the_second_is_refused() {
    let state = |answered: bool| {
        let log = serde_json::json!({ "type": "received", "review": "r", "tier": "urgent", "policy": 1, "calendar": 1 });
        let mut log = vec![event("e1", "11-20 10:00", log)];
        if answered {
            log.push(event(
                "e2",
                "11-20 11:00",
                json!({ "type": "merged_into", "ticket": "B" }),
            ));
        }
        workflow::fold(&log).unwrap()
    };
    let (a, b) = (state(false), state(false));
    assert!(a.may_merge_into(&b));
    let a = state(true);
    assert!(!b.may_merge_into(&a), "B may not go into A, which went into B");
    assert!(!a.may_merge_into(&b), "and A is gone already");
}

fn event(id: &str, when: &str, kind: serde_json::Value) -> amends_domain::sla::Event {
    let kind = serde_json::from_value(kind).unwrap();
    amends_domain::sla::Event {
        id: id.into(),
        at_ms: ms(when),
        recorded_ms: ms(when),
        actor: None,
        kind,
    }
}

#[test]
fn s42_the_next_response_runs_from_the_oldest_unanswered_message() {
    let asked = case("24x7")
        .received("11-20 10:00", "urgent")
        .event("11-20 11:00", "reply_published")
        .event("11-20 15:00", "customer_message")
        .event("11-20 15:40", "customer_message");
    assert_eq!(
        (asked.answer().due(NR), asked.answer().state(NR)),
        (at("11-20 17:00").as_str(), "running")
    );
    let closed = asked.event("11-20 16:00", "closed").now("11-21 00:00");
    assert_eq!(
        (closed.state(NR), &closed.clock(NR)["reason"]),
        ("cancelled", &json!("closed"))
    );
}

#[test]
fn s43_the_ladder() {
    let answer = case("24x7").received("11-20 10:00", "urgent").answer();
    assert_eq!(answer.alert(FR, "l1"), Some(at("11-20 11:30").as_str()));
    assert_eq!(answer.alert(FR, "l2"), Some(at("11-20 11:48").as_str()));
    assert_eq!(answer.alert(FR, "due"), Some(at("11-20 12:00").as_str()));
    assert_eq!(answer.alert(FR, "overdue"), Some(at("11-20 12:30").as_str()));
    assert_eq!(answer.alert(S, "l1"), Some(at("11-21 04:00").as_str()));
    assert_eq!(answer.alert(S, "l2"), Some(at("11-21 07:36").as_str()));
    let who: Vec<_> = answer.clock(FR)["alerts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| &a["recipient"])
        .collect();
    assert_eq!(who, ["assignee", "assignee", "on_call", "supervisor", "manager"]);
}

#[test]
fn s44_warnings_fall_into_working_time() {
    let answer = case(biz())
        .promise(FR, "2h")
        .received("11-20 17:00", "urgent")
        .answer();
    assert_eq!(answer.alert(FR, "l1"), Some(at("11-23 09:30").as_str()));
    assert_eq!(answer.alert(FR, "l2"), Some(at("11-23 09:48").as_str()));
}

/// The first response of scenario 43 and its alert instants.
fn first_response(now: &str, answered: Option<&str>) -> (Clock, Vec<AlertInstant>) {
    use amends_domain::sla::*;
    let zone = calendar::zone("Asia/Shanghai").unwrap();
    let calendars = Calendars::new(Calendar::new(CalendarVersion(1), CalendarSpec::always(zone)));
    let policies = Policies::default();
    let received = json!({ "type": "received", "review": "r", "tier": "urgent", "policy": 1, "calendar": 1 });
    let mut log = vec![event("e1", "11-20 10:00", received)];
    if let Some(when) = answered {
        let reply = json!({ "type": "reply_published", "reply": "a", "by": "human", "route": "channel" });
        log.push(event("e2", when, reply));
    }
    let clock = clocks(&log, &policies, &calendars, ms(now)).remove(0);
    assert_eq!(clock.metric, Metric::FirstResponse);
    let instants = alerts::instants(&clock, policies.latest(), calendars.latest());
    (clock, instants)
}

#[test]
fn s45_after_sleep_only_the_highest_missed_level_rings() {
    let (clock, instants) = first_response("11-20 12:20", None);
    let Pass { ring, noted } = pass(&clock, &instants, &[], ms("11-20 12:20"));
    assert_eq!(
        ring,
        Some(AlertInstant {
            level: Level::Due,
            at_ms: ms("11-20 12:00")
        })
    );
    assert_eq!(
        noted.iter().map(|alert| alert.level).collect::<Vec<_>>(),
        [Level::L1, Level::L2]
    );
    assert_eq!(clock.state, ClockState::Breached);
}

#[test]
fn s46_a_breach_is_judged_by_when_the_answer_came() {
    let (clock, instants) = first_response("11-20 12:05", Some("11-20 12:03"));
    assert_eq!(
        (clock.state, clock.late_by_ms),
        (ClockState::Breached, Some(3 * 60_000))
    );
    let swept = pass(
        &clock,
        &instants,
        &[(1, Level::L1), (1, Level::L2)],
        ms("11-20 12:05"),
    );
    assert_eq!(swept.ring, None, "nobody is woken for what is answered");
    assert_eq!(
        swept.noted.iter().map(|alert| alert.level).collect::<Vec<_>>(),
        [Level::Due]
    );
}

#[test]
fn s47_a_level_rings_once_over_any_number_of_restarts() {
    let mut recorded = Vec::new();
    let mut rung = 0;
    for minute in 30..36 {
        let now = format!("11-20 11:{minute}");
        let (clock, instants) = first_response(&now, None);
        let done = pass(&clock, &instants, &recorded, ms(&now));
        rung += usize::from(done.ring.is_some());
        recorded.extend(
            done.ring
                .into_iter()
                .chain(done.noted)
                .map(|alert| (clock.revision, alert.level)),
        );
    }
    assert_eq!((rung, recorded), (1, vec![(1, Level::L1)]));
}

#[test]
fn s48_summer_time_begins() {
    let store = case(daily("America/New_York", "00:00-24:00")).promise(FR, "24h");
    let answer = store.offset("-05:00").received("03-07 12:00", "urgent").answer();
    assert_eq!(answer.due(FR), in_zone("03-08 13:00", "-04:00"));
}

#[test]
fn s49_summer_time_ends() {
    let store = case(daily("America/New_York", "00:00-24:00")).promise(FR, "24h");
    let answer = store.offset("-04:00").received("10-31 12:00", "urgent").answer();
    assert_eq!(answer.due(FR), in_zone("11-01 11:00", "-05:00"));
}

#[test]
fn s50_daily_hours_over_the_end_of_summer_time() {
    let store = case(daily("America/New_York", "09:00-17:00")).promise(FR, "4h");
    let answer = store.offset("-04:00").received("10-31 16:00", "urgent").answer();
    assert_eq!(answer.due(FR), in_zone("11-01 12:00", "-05:00"));
}

#[test]
fn s51_a_night_of_five_hours_and_one_of_seven() {
    let night = || case(daily("Europe/Berlin", "00:00-06:00"));
    let short = night()
        .promise(FR, "6h")
        .offset("+01:00")
        .received("03-29 00:00", "urgent")
        .answer();
    assert_eq!(short.due(FR), in_zone("03-30 01:00", "+02:00"));
    let long = night()
        .promise(FR, "7h")
        .offset("+02:00")
        .received("10-25 00:00", "urgent")
        .answer();
    assert_eq!(long.due(FR), in_zone("10-25 06:00", "+01:00"));
}

#[test]
fn s52_a_store_in_another_zone() {
    let store = case(daily("America/New_York", "00:00-24:00"))
        .offset("-05:00")
        .received("11-20 10:00", "urgent");
    let due = store.answer().due(FR).to_owned();
    assert_eq!(due, in_zone("11-20 12:00", "-05:00"));
    let (there, here) = (DateTime::parse_from_rfc3339(&due).unwrap(), at("11-21 01:00"));
    assert_eq!(there, DateTime::parse_from_rfc3339(&here).unwrap());
    assert_eq!(there.with_timezone(&chrono_tz::Asia::Shanghai).to_rfc3339(), here);
}

#[test]
fn s53_a_late_fetch_counts_from_either_time_and_reports_the_lag() {
    let fetched = |start: &str| {
        let fields = json!({ "tier": "urgent", "posted_at": at("11-20 08:00"), "start": start });
        case("24x7")
            .event_with("11-20 11:00", "received", fields)
            .answer()
    };
    assert_eq!(fetched("received").due(FR), at("11-20 13:00"));
    let posted = fetched("posted");
    assert_eq!(posted.due(FR), at("11-20 11:30"));
    assert_eq!(posted.clock(FR)["retro_due"], json!(at("11-20 10:00")));
    assert_eq!(
        posted.value["notes"],
        json!([{ "type": "detection_lag", "secs": 10_800, "alert": true }])
    );
}

#[test]
fn s54_old_reviews_from_a_file_are_history() {
    let old = |live: bool, open_days: Option<u32>| {
        let fields = json!({
            "tier": "urgent", "posted_at": at("10-21 10:00"), "live": live, "open_days": open_days
        });
        case("24x7")
            .event_with("11-20 10:00", "received", fields)
            .answer()
    };
    assert!(old(false, None).clocks().is_empty());
    assert_eq!(old(false, None).value["notes"][0]["type"], json!("history"));
    assert_eq!(old(false, Some(31)).clocks().len(), 3);
    assert_eq!(
        old(true, None).clocks().len(),
        3,
        "a live source always gets clocks"
    );
    // The cut itself, and a review of which only the day is known.
    let cut = ms("11-17 10:00");
    assert!(!workflow::is_history(Some(cut), ms("11-20 10:00"), false, None));
    assert!(workflow::is_history(
        Some(cut - 1),
        ms("11-20 10:00"),
        false,
        None
    ));
}

#[test]
fn s55_the_approver_is_charged_for_the_wait() {
    let answer = case("24x7")
        .received("11-20 10:00", "urgent")
        .event_with("11-20 11:20", "approval_requested", json!({ "approver": "lead" }))
        .event("11-20 12:10", "approval_decided")
        .event("11-20 12:10", "reply_published")
        .answer();
    assert_eq!(answer.state(FR), "breached");
    assert_eq!(answer.clock(FR)["late_by_ms"], json!(10 * 60_000));
    assert_eq!(answer.value["segments"][0]["working_secs"], json!(50 * 60));
    assert_eq!(answer.value["segments"][0]["owner"], json!("lead"));
    let approval = answer.clock("approval");
    assert_eq!(
        (&approval["due"], &approval["state"]),
        (&json!(at("11-20 11:50")), &json!("breached"))
    );
}

#[test]
fn s56_a_refused_answer_is_owed_again_with_grace() {
    let answer = case("24x7")
        .received("11-20 10:00", "urgent")
        .event("11-20 11:30", "reply_published")
        .event("11-20 14:00", "reply_rejected")
        .answer();
    let clock = answer.clock(FR);
    assert_eq!(
        (answer.state(FR), answer.due(FR)),
        ("running", at("11-20 14:30").as_str())
    );
    assert_eq!(clock["original_due"], json!(at("11-20 12:00")));
    assert_eq!(
        (&clock["fulfilled_at"], &clock["revision"]),
        (&json!(null), &json!(2))
    );
}

#[test]
fn s57_the_platform_limit_is_taken_in() {
    let answer = case("24x7")
        .event_with(
            "11-24 08:00",
            "received",
            json!({ "tier": "general", "posted_at": at("10-25 10:00") }),
        )
        .event_with(
            "11-24 08:00",
            "channel_limit",
            json!({ "due": at("11-24 10:00") }),
        )
        .answer();
    assert_eq!(answer.due(FR), at("11-24 10:00"));
    assert_eq!(answer.due("channel_limit"), at("11-24 10:00"));
    assert_eq!(answer.clock(FR)["original_due"], json!(at("11-25 08:00")));
}

#[test]
fn s58_the_follow_up_window() {
    let answer = case("24x7")
        .with("contact_hours", "09:00-21:00")
        .received("11-20 10:00", "urgent")
        .event("11-20 10:30", "reply_published")
        .event("11-20 15:00", "closed")
        .answer();
    assert_eq!(answer.clock(FU)["opens_at"], json!(at("11-23 09:00")));
    assert_eq!(answer.due(FU), at("11-27 21:00"));
}

#[test]
fn s59_the_follow_up_moves_off_holidays() {
    let closed = |respect: bool| {
        case("24x7")
            .with("respect_holidays", respect)
            .received("02-10 10:00", "urgent")
            .event("02-10 10:30", "reply_published")
            .event("02-12 15:00", "closed")
            .answer()
    };
    let plain = closed(false);
    assert_eq!(plain.clock(FU)["opens_at"], json!(at("02-15 09:00")));
    assert_eq!(plain.due(FU), at("02-19 21:00"));
    let moved = closed(true);
    assert_eq!(moved.clock(FU)["opens_at"], json!(at("02-24 09:00")));
    assert_eq!(moved.due(FU), at("02-24 21:00"));
}

#[test]
fn s60_a_raised_review_counts_only_within_90_days_after_our_answer() {
    let answered = Some(ms("11-01 10:00"));
    assert!(workflow::converts(answered, ms("11-20 10:00"), 4.0));
    assert!(!workflow::converts(
        answered,
        ms("11-01 10:00") + 95 * 86_400_000,
        4.0
    ));
    assert!(!workflow::converts(None, ms("11-20 10:00"), 4.0));
    // Before any answer the first response is neither met nor missed (R24).
    let raised = case("24x7")
        .received("11-20 10:00", "urgent")
        .event_with("11-20 11:00", "review_changed", json!({ "stars": 4 }))
        .now("11-21 00:00");
    assert_eq!(
        (raised.state(FR), &raised.clock(FR)["reason"]),
        ("cancelled", &json!("review_raised"))
    );
}
