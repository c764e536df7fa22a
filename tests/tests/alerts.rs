//! Deadlines that ring, as people live them, each on SQLite and on PostgreSQL (sla.md R20, R21).

use amends_app::{
    App, Clock, ErrorCode, ManualClock, NobodyWatching, Notice, alert_rules, assign, bots, calendars, dto::*,
    holidays, promise, scheduler, shifts, tickets, today, workspace,
};
use amends_domain::{Department, Role, sla::event::TicketStatus};
use amends_tests::{
    desk::{self, Desk, HAIR, HOUR, MINUTE, NOW, SECOND, ticket_ref as at},
    robots::{Heard, Platform},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use std::{future::Future, sync::Arc};

/// What only these stories do at a desk.
#[allow(async_fn_in_trait, reason = "only called here")]
trait Ringing {
    async fn repeat(&self, secs: u32);
    fn rung(&self) -> usize;
    fn last(&self) -> Notice;
    async fn alerts(&self) -> Vec<AlertView>;
    /// Changes the rules of alerts as they stand.
    async fn set(&self, change: AlertRulesSave);
}

impl Ringing for Desk {
    async fn repeat(&self, secs: u32) {
        let input = AlertRulesSave {
            repeat_urgent_secs: Some(secs),
            ..Default::default()
        };
        self.set(input).await;
    }

    async fn set(&self, change: AlertRulesSave) {
        let made_from = alert_rules::get(&self.app).await.unwrap().revision;
        alert_rules::save(&self.app, &AlertRulesSave { made_from, ..change })
            .await
            .unwrap();
    }

    fn rung(&self) -> usize {
        self.bell.shown().len()
    }

    fn last(&self) -> Notice {
        self.bell.shown().pop().expect("something rang")
    }

    async fn alerts(&self) -> Vec<AlertView> {
        scheduler::alerts(&self.app).await.unwrap()
    }
}

async fn answer(desk: &Desk) {
    let ticket = desk.first().await;
    let input = ReplyInput {
        ticket: at(&ticket),
        body: "非常抱歉，马上为您处理。".into(),
        at: None,
    };
    tickets::reply(&desk.app, &input).await.unwrap();
}

const DULL: &str = "r2,2026-11-20 09:00:00,人民广场店,881000000002,双拼饭,赵先生,2,,,\n";
const DULL_TOO: &str = "r3,2026-11-20 09:10:00,人民广场店,881000000003,双拼饭,钱先生,2,,,\n";

/// Runs one story on each database; urgent alerts ring once unless the story says otherwise.
async fn on_both<F: Future<Output = ()>>(story: impl Fn(Desk) -> F) {
    desk::on_both(|desk| async {
        desk.repeat(0).await;
        story(desk).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s43_s47_every_level_rings_at_its_second_and_once_over_restarts_and_set_back_clocks() {
    on_both(|desk| async move {
        desk.import(&[HAIR]).await;
        desk.at(0).await;
        assert_eq!(
            (desk.rung(), desk.first().await.tier.tier.as_str()),
            (1, "urgent")
        );
        for (n, (minute, words)) in [
            (90, "快到时限"),
            (108, "马上到时限"),
            (120, "时限已到"),
            (150, "已超时"),
        ]
        .iter()
        .enumerate()
        {
            desk.at(minute * MINUTE - 1).await;
            assert_eq!(desk.rung(), n + 1, "nothing rings before minute {minute}");
            desk.at(minute * MINUTE).await;
            assert_eq!(desk.rung(), n + 2, "minute {minute}");
            assert!(desk.last().title.contains(words), "{:?}", desk.last());
            // s47: five restarts, and a clock that was set back, ring nothing again.
            for _ in 0..5 {
                let (again, bell) = desk.restarted().await;
                scheduler::tick(&again).await.unwrap();
                assert!(bell.shown().is_empty());
            }
            desk.at(0).await;
            desk.at(minute * MINUTE).await;
            assert_eq!(desk.rung(), n + 2);
        }
        let alerts = desk.alerts().await;
        assert_eq!(alerts[0].at, "2026-11-20T04:30:00.000Z");
        assert_eq!(
            alerts[0].recipient.as_deref(),
            Some("李娜"),
            "one person is assignee, lead and manager"
        );
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s45_after_sleep_only_the_highest_missed_level_rings_at_its_own_instant() {
    on_both(|desk| async move {
        desk.import(&[HAIR]).await;
        desk.at(0).await;
        desk.at(80 * MINUTE).await;
        desk.at(140 * MINUTE).await;
        assert_eq!(desk.rung(), 2, "one for the new ticket, one for the breach");
        let of =
            |alerts: &[AlertView], level| alerts.iter().find(|alert| alert.level == level).cloned().unwrap();
        let alerts = desk.alerts().await;
        let due = of(&alerts, AlertLevel::Due);
        assert_eq!(
            (due.at.as_str(), due.state),
            ("2026-11-20T04:00:00.000Z", AlertState::Rung)
        );
        for level in [AlertLevel::L1, AlertLevel::L2] {
            assert_eq!(of(&alerts, level).state, AlertState::Skipped);
        }
        // Days off: of each deadline one level more, not four.
        desk.clock.set(NOW + 100 * HOUR);
        let waits = async || today::get(&desk.app).await.unwrap().catching_up;
        assert_eq!(waits().await, 1, "the window says that it catches up");
        desk.at(100 * HOUR).await;
        assert_eq!(waits().await, 0);
        let rung = desk
            .alerts()
            .await
            .into_iter()
            .filter(|alert| alert.state != AlertState::Skipped);
        let mut told: Vec<_> = rung
            .map(|alert| (alert.metric.unwrap_or_default(), alert.level))
            .collect();
        told.sort();
        let expected = [
            (String::new(), AlertLevel::NewUrgent),
            ("closure".to_owned(), AlertLevel::Overdue),
            ("first_response".to_owned(), AlertLevel::Due),
            ("first_response".to_owned(), AlertLevel::Overdue),
            ("solution".to_owned(), AlertLevel::Overdue),
        ];
        assert_eq!(told, expected);
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s46_an_answer_between_two_looks_is_judged_by_its_own_time_and_nothing_rings_after_it() {
    on_both(|desk| async move {
        desk.import(&[HAIR]).await;
        desk.at(0).await;
        desk.clock.set(NOW + 123 * MINUTE);
        answer(&desk).await;
        desk.at(125 * MINUTE).await;
        assert_eq!(desk.rung(), 1, "what is answered does not ring");
        let ticket = desk.first().await;
        let clock = ticket
            .clocks
            .iter()
            .find(|clock| clock.metric == "first_response")
            .unwrap();
        assert_eq!(
            (clock.state, clock.fulfilled_at.as_deref()),
            (ClockState::Breached, Some("2026-11-20T04:03:00.000Z"))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_urgent_alert_repeats_until_it_is_seen_and_taking_note_silences_until_the_next_level() {
    on_both(|desk| async move {
        desk.repeat(300).await;
        desk.import(&[HAIR]).await;
        desk.at(0).await;
        desk.at(5 * MINUTE).await;
        assert_eq!(desk.rung(), 2, "again after five minutes");
        let new = desk.alerts().await[0].id.clone();
        scheduler::seen(&desk.app, &[new]).await.unwrap();
        desk.at(20 * MINUTE).await;
        assert_eq!(desk.rung(), 2, "seen");
        desk.at(90 * MINUTE).await;
        desk.at(95 * MINUTE).await;
        assert_eq!(desk.rung(), 4, "the first warning and its repetition");
        let l1 = desk
            .alerts()
            .await
            .into_iter()
            .find(|alert| alert.level == AlertLevel::L1)
            .unwrap();
        scheduler::acknowledge(&desk.app, &[l1.id]).await.unwrap();
        desk.at(107 * MINUTE).await;
        assert_eq!(desk.rung(), 4, "silent until the next level");
        desk.at(108 * MINUTE).await;
        assert_eq!(desk.rung(), 5);
        let ticket = desk.first().await;
        assert!(
            ticket
                .activities
                .iter()
                .any(|activity| activity.kind == "acknowledged")
        );
        let alerts = desk.alerts().await;
        let noted: Vec<_> = alerts
            .iter()
            .filter(|alert| alert.acknowledged)
            .map(|alert| alert.level)
            .collect();
        assert_eq!(noted, [AlertLevel::L1]);
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snoozed_alert_rings_again_and_its_clock_never_stands_still() {
    on_both(|desk| async move {
        desk.import(&[HAIR]).await;
        desk.at(0).await;
        let alert = desk.alerts().await.remove(0);
        scheduler::snooze(
            &desk.app,
            &AlertSnooze {
                id: alert.id.clone(),
                minutes: 10,
            },
        )
        .await
        .unwrap();
        assert_eq!(
            desk.alerts().await[0].snoozed_until.as_deref(),
            Some("2026-11-20T02:10:00.000Z")
        );
        desk.at(10 * MINUTE - 1).await;
        assert_eq!(desk.rung(), 1);
        desk.at(10 * MINUTE).await;
        assert_eq!(
            (desk.rung(), desk.last().alert_id.as_deref()),
            (2, Some(alert.id.as_str()))
        );
        let ticket = desk.first().await;
        assert!(
            ticket
                .clocks
                .iter()
                .all(|clock| clock.state == ClockState::Running)
        );
        let never = AlertSnooze {
            id: alert.id,
            minutes: 0,
        };
        assert_eq!(
            scheduler::snooze(&desk.app, &never).await.unwrap_err().code,
            ErrorCode::Invalid
        );
        // Answered meanwhile: the second snooze has nothing left to ring for.
        let id = desk.alerts().await[0].id.clone();
        scheduler::snooze(&desk.app, &AlertSnooze { id, minutes: 10 })
            .await
            .unwrap();
        answer(&desk).await;
        desk.at(30 * MINUTE).await;
        assert_eq!(desk.rung(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_hours_hold_the_general_ones_for_one_summary_and_let_the_urgent_one_through() {
    on_both(|desk| async move {
        let mut mine = alert_rules::get(&desk.app).await.unwrap().mine;
        mine.quiet = Some(QuietWindow {
            from: "22:00".into(),
            to: "08:00".into(),
        });
        desk.set(AlertRulesSave {
            mine: Some(mine),
            ..Default::default()
        })
        .await;
        desk.import(&[DULL, DULL_TOO]).await;
        // Three quarters of 24 hours: 04:00 at night.
        desk.at(18 * HOUR).await;
        assert_eq!(desk.rung(), 0);
        assert!(
            desk.alerts()
                .await
                .iter()
                .all(|alert| alert.state == AlertState::Held)
        );
        desk.clock.set(NOW + 18 * HOUR + MINUTE);
        desk.import(&[&HAIR.replace("2026-11-20 09:50:00", "2026-11-21 03:50:00")])
            .await;
        desk.at(18 * HOUR + MINUTE).await;
        assert_eq!(desk.rung(), 1, "urgent passes");
        desk.at(22 * HOUR - 1).await;
        let before = desk.rung();
        desk.at(22 * HOUR).await;
        assert_eq!(desk.rung(), before + 1, "one summary at eight");
        assert!(
            desk.last().title.contains('2') && desk.last().ticket_id.is_none(),
            "{:?}",
            desk.last()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_holds_what_can_wait_and_its_end_lets_it_ring() {
    on_both(|desk| async move {
        desk.import(&[DULL]).await;
        desk.clock.set(NOW + 17 * HOUR);
        alert_rules::meeting(&desk.app, Some(120)).await.unwrap();
        desk.at(18 * HOUR).await;
        assert_eq!(desk.rung(), 0);
        alert_rules::meeting(&desk.app, None).await.unwrap();
        desk.at(18 * HOUR + SECOND).await;
        assert_eq!(desk.rung(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_level_rings_at_the_desk_of_whom_it_is_for() {
    on_both(|desk| async move {
        let never = AlertRulesSave {
            take_back_secs: Some(0),
            ..Default::default()
        };
        desk.set(never).await;
        let (lead, leads_bell) = desk.beside("周敏", Role::Supervisor).await;
        let (boss, bosss_bell) = desk.beside("陈总", Role::Manager).await;
        desk.import(&[DULL]).await;
        for (hours, rings) in [(18, [1, 0, 0]), (24, [1, 1, 0]), (30, [1, 1, 1])] {
            desk.clock.set(NOW + hours * HOUR);
            for app in [&desk.app, &lead, &boss] {
                scheduler::tick(app).await.unwrap();
            }
            let rung = [desk.rung(), leads_bell.shown().len(), bosss_bell.shown().len()];
            assert_eq!(rung, rings, "after {hours} h");
        }
        assert_eq!(
            desk.first().await.owner.map(|owner| owner.name).as_deref(),
            Some("李娜"),
            "the agent got it"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_assignee_loses_the_ticket_to_the_others_on_shift() {
    on_both(|desk| async move {
        let (other, others_bell) = desk.beside("王强", Role::Agent).await;
        desk.import(&[DULL]).await;
        desk.at(0).await;
        let owner = desk.first().await.owner.expect("somebody got it");
        let input = AlertRulesSave {
            take_back_secs: Some(600),
            ..Default::default()
        };
        desk.set(input).await;
        desk.at(18 * HOUR).await;
        scheduler::tick(&other).await.unwrap();
        let mine = owner.name == "李娜";
        assert_eq!(
            (desk.rung(), others_bell.shown().len()),
            if mine { (1, 0) } else { (0, 1) }
        );
        desk.at(18 * HOUR + 600 * SECOND).await;
        scheduler::tick(&other).await.unwrap();
        assert_eq!(
            (desk.rung(), others_bell.shown().len()),
            (1, 1),
            "the other one hears it now"
        );
        let ticket = desk.first().await;
        assert!(ticket.owner.is_none());
        assert!(ticket.activities.iter().any(|activity| {
            activity.kind == "unassigned"
                && activity
                    .data
                    .contains(&("reason".to_owned(), "silent_assignee".to_owned()))
        }));
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_tickets_go_to_those_on_shift_by_load_and_in_a_shop_of_one_to_nobody() {
    on_both(|desk| async move {
        desk.import(&[DULL]).await;
        desk.at(0).await;
        assert!(desk.first().await.owner.is_none(), "one person needs no owner");
        let lina = workspace::get(&desk.app).await.unwrap().actor.unwrap().id;
        let wang = desk.sit("王强", Role::Agent).await;
        let shift = ShiftView {
            id: String::new(),
            name: "早班".into(),
            from: "08:00".into(),
            to: "16:00".into(),
            color: 1,
        };
        let roster = shifts::save(
            &desk.app,
            &ShiftSave {
                enabled: true,
                shifts: vec![shift],
                made_from: shifts::get(&desk.app, "2026-11-20").await.unwrap().revision,
            },
        )
        .await
        .unwrap();
        let slot = RosterSet {
            date: "2026-11-20".into(),
            shift_id: roster.shifts[0].id.clone(),
            person_ids: vec![wang.clone()],
            made_from: vec![],
        };
        let roster = shifts::set_slot(&desk.app, &slot).await.unwrap();
        assert_eq!(
            roster
                .now
                .on_shift
                .iter()
                .map(|p| p.name.as_str())
                .collect::<Vec<_>>(),
            ["王强"]
        );
        desk.import(&[DULL_TOO]).await;
        desk.at(MINUTE).await;
        let loads = today::get(&desk.app).await.unwrap().loads;
        let of = |id: &str| {
            loads
                .iter()
                .find(|load| load.person.as_ref().is_some_and(|p| p.id == id))
                .map_or(0, |l| l.open)
        };
        assert_eq!(
            (of(&wang), of(&lina)),
            (1, 0),
            "the one on shift gets what is new"
        );
        // Away: nobody is on shift, so a warning goes to the one on call at once (R21).
        let away = AbsenceAdd {
            person_id: wang,
            from: "2026-11-20".into(),
            to: "2026-11-22".into(),
            note: "病假".into(),
        };
        let roster = shifts::add_absence(&desk.app, &away).await.unwrap();
        assert!(roster.now.on_shift.is_empty());
        shifts::set_on_call(
            &desk.app,
            &OnCallSet {
                date: "2026-11-21".into(),
                person_id: Some(lina.clone()),
                made_from: None,
            },
        )
        .await
        .unwrap();
        desk.at(18 * HOUR + MINUTE).await;
        let (_, linas_bell) = {
            let (app, bell) = desk.beside("李娜", Role::Agent).await;
            scheduler::tick(&app).await.unwrap();
            (app, bell)
        };
        assert!(!linas_bell.shown().is_empty(), "the one on call hears it");
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_clock_never_rings_and_rings_again_once_its_pause_is_used_up() {
    on_both(|desk| async move {
        desk.import(&[HAIR]).await;
        desk.at(0).await;
        desk.clock.set(NOW + 20 * MINUTE);
        answer(&desk).await;
        let ticket = desk.first().await;
        let wait = StatusInput {
            ticket: at(&ticket),
            status: TicketStatus::WaitingCustomer,
            reason: Some("等顾客发照片".into()),
        };
        tickets::status(&desk.app, &wait).await.unwrap();
        let about_solution = |alerts: Vec<AlertView>| {
            alerts
                .into_iter()
                .filter(|alert| alert.metric.as_deref() == Some("solution"))
                .collect::<Vec<_>>()
        };
        desk.at(40 * HOUR).await;
        assert!(about_solution(desk.alerts().await).is_empty());
        // 72 hours from 10:20, then the 18 hours of the first warning less the 20 minutes before the pause.
        let warned = 20 * MINUTE + 72 * HOUR + 18 * HOUR - 20 * MINUTE;
        desk.at(warned - 1).await;
        assert!(about_solution(desk.alerts().await).is_empty());
        desk.at(warned).await;
        let told = about_solution(desk.alerts().await);
        assert_eq!(told.len(), 1);
        assert_eq!(
            (told[0].level, told[0].at.as_str()),
            (AlertLevel::L1, "2026-11-23T20:00:00.000Z")
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_without_a_window_decides_and_the_desk_still_rings() {
    on_both(|desk| async move {
        desk.import(&[HAIR]).await;
        let server = App::with_store(desk.store.clone(), desk.clock.clone(), Arc::new(NobodyWatching))
            .await
            .unwrap();
        desk.clock.set(NOW + 90 * MINUTE);
        scheduler::tick(&server).await.unwrap();
        assert_eq!(desk.rung(), 0);
        scheduler::tick(&desk.app).await.unwrap();
        assert_eq!(desk.rung(), 2, "new, and its first warning");
        scheduler::tick(&server).await.unwrap();
        scheduler::tick(&desk.app).await.unwrap();
        assert_eq!(desk.rung(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s35_a_new_promise_is_previewed_and_moves_open_tickets_only_when_asked() {
    on_both(|desk| async move {
        desk.import(&[HAIR]).await;
        desk.clock.set(NOW + HOUR);
        desk.import(&[&HAIR.replace("r1,", "r9,").replace("881000000001", "881000000009")])
            .await;
        desk.clock.set(NOW + 90 * MINUTE);
        let mut rules = promise::get(&desk.app).await.unwrap().rules;
        rules.urgent.first_response = Some(3600);
        let preview = promise::preview(&desk.app, &rules).await.unwrap();
        let dues: Vec<_> = preview
            .examples
            .iter()
            .map(|moved| (moved.to.clone().unwrap(), moved.late))
            .collect();
        let moved = [
            ("2026-11-20T03:45:00.000Z".to_owned(), true),
            ("2026-11-20T04:00:00.000Z".to_owned(), false),
        ];
        assert_eq!(
            (preview.open, preview.moved, preview.late, dues.as_slice()),
            (2, 2, 1, &moved[..])
        );

        let first = |ticket: &TicketView| {
            ticket
                .clocks
                .iter()
                .find(|c| c.metric == "first_response")
                .unwrap()
                .due_at
                .clone()
        };
        let keep = PromiseSave {
            rules: rules.clone(),
            apply_to_open: false,
            made_from: 1,
        };
        assert_eq!(promise::save(&desk.app, &keep).await.unwrap().version, 2);
        assert_eq!(first(&desk.first().await), "2026-11-20T04:00:00.000Z", "kept");
        let apply = PromiseSave {
            rules: rules.clone(),
            apply_to_open: true,
            made_from: 2,
        };
        let view = promise::save(&desk.app, &apply).await.unwrap();
        assert_eq!((view.version, view.saved_by.as_deref()), (3, Some("李娜")));
        assert_eq!(
            first(&desk.first().await),
            "2026-11-20T03:45:00.000Z",
            "a quarter hour of grace"
        );
        rules.warn_first = 95;
        let refused = promise::save(
            &desk.app,
            &PromiseSave {
                rules,
                apply_to_open: false,
                made_from: 3,
            },
        )
        .await
        .unwrap_err();
        assert_eq!(refused.code, ErrorCode::Invalid);
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_has_a_calendar_of_its_own_and_goes_back_to_the_default() {
    on_both(|desk| async move {
        let windows = vec![
            WindowOfDay {
                open: "09:00".into(),
                close: "12:00".into(),
            },
            WindowOfDay {
                open: "13:30".into(),
                close: "18:00".into(),
            },
        ];
        let mut weekly = vec![windows.clone(); 5];
        weekly.extend([vec![], vec![]]);
        let rules = CalendarRules {
            zone: "Asia/Shanghai".into(),
            always: false,
            holidays: true,
            weekly,
            overrides: vec![],
        };
        let input = CalendarSave {
            shop: Some("人民广场店".into()),
            rules: rules.clone(),
            apply_to_open: false,
            made_from: 1,
        };
        let preview = calendars::preview(&desk.app, &input).await.unwrap();
        assert!(
            preview
                .days
                .iter()
                .any(|day| day.date == "2026-11-21" && day.from == "全天" && day.to == "休息")
        );
        let saved = calendars::save(&desk.app, &input).await.unwrap();
        assert!(!saved.inherited && saved.rules == rules);
        assert!(calendars::get(&desk.app, Some("别的店")).await.unwrap().inherited);
        // Friday 17:00; two working hours end on Monday at 10:00 (scenario 6).
        desk.clock.set(NOW + 7 * HOUR);
        desk.import(&[HAIR]).await;
        let ticket = desk.first().await;
        let first = ticket
            .clocks
            .iter()
            .find(|clock| clock.metric == "first_response")
            .unwrap();
        assert_eq!(first.due_at, "2026-11-23T02:00:00.000Z");
        // Scenario 44: its warning comes on Monday morning, not in the night.
        desk.at(16 * HOUR).await;
        let before = desk.rung();
        desk.clock.set(NOW + 71 * HOUR + 30 * MINUTE);
        scheduler::tick(&desk.app).await.unwrap();
        assert!(desk.rung() > before);
        assert_eq!(desk.alerts().await[0].at, "2026-11-23T01:30:00.000Z");

        let year = YearQuery {
            shop: Some("人民广场店".into()),
            year: 2026,
            rules: None,
        };
        let view = calendars::year(&desk.app, &year).await.unwrap();
        let kind = |view: &YearView, date: &str| view.days.iter().find(|day| day.date == date).unwrap().kind;
        assert_eq!((view.days.len(), view.published), (365, true));
        assert_eq!(
            (
                kind(&view, "2026-10-01"),
                kind(&view, "2026-10-10"),
                kind(&view, "2026-11-21")
            ),
            (DayKind::Holiday, DayKind::Makeup, DayKind::Rest)
        );
        assert!(
            view.notice.unwrap().contains("2027"),
            "asked for since 1 November"
        );
        let next = calendars::year(&desk.app, &YearQuery { year: 2027, ..year })
            .await
            .unwrap();
        assert!(!next.published && next.notice.unwrap().contains("未公布"));
        let assumed: Vec<_> = next
            .days
            .iter()
            .filter(|day| day.assumed)
            .map(|day| day.date.as_str())
            .collect();
        assert_eq!(
            assumed,
            [
                "2027-01-01",
                "2027-05-01",
                "2027-05-02",
                "2027-10-01",
                "2027-10-02",
                "2027-10-03"
            ]
        );

        assert_eq!(calendars::list(&desk.app).await.unwrap().len(), 2);
        assert_eq!(calendars::forget(&desk.app, "人民广场店").await.unwrap().len(), 1);
        let never = CalendarRules {
            weekly: vec![vec![]; 7],
            ..rules
        };
        let refused = calendars::save(
            &desk.app,
            &CalendarSave {
                shop: None,
                rules: never,
                apply_to_open: false,
                made_from: 1,
            },
        )
        .await;
        assert_eq!(refused.unwrap_err().code, ErrorCode::Invalid, "nobody ever works");
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s37_a_day_closed_by_hand_moves_open_tickets_after_the_preview() {
    on_both(|desk| async move {
        let hours = vec![WindowOfDay {
            open: "09:00".into(),
            close: "18:00".into(),
        }];
        let rules = CalendarRules {
            zone: "Asia/Shanghai".into(),
            always: false,
            holidays: false,
            weekly: vec![hours; 7],
            overrides: vec![],
        };
        let save = |rules: &CalendarRules, apply_to_open| CalendarSave {
            shop: None,
            rules: rules.clone(),
            apply_to_open,
            made_from: if apply_to_open { 2 } else { 1 },
        };
        calendars::save(&desk.app, &save(&rules, false)).await.unwrap();
        desk.import(&[DULL]).await;
        let first = |ticket: &TicketView| {
            ticket
                .clocks
                .iter()
                .find(|c| c.metric == "first_response")
                .unwrap()
                .due_at
                .clone()
        };
        // 24 working hours from Friday 10:00: 8 today, 9 tomorrow, 7 on Sunday.
        assert_eq!(first(&desk.first().await), "2026-11-22T08:00:00.000Z");
        let mut closed = rules;
        closed.overrides.push(DayOverride {
            date: "2026-11-21".into(),
            closed: true,
            windows: vec![],
            note: "盘点".into(),
        });
        let preview = calendars::preview(&desk.app, &save(&closed, true)).await.unwrap();
        assert_eq!(preview.days.len(), 1);
        assert_eq!(
            (preview.days[0].from.as_str(), preview.days[0].to.as_str()),
            ("09:00–18:00", "休息")
        );
        assert_eq!(
            (preview.apply.open, preview.apply.moved, preview.apply.late),
            (1, 2, 0)
        );
        calendars::save(&desk.app, &save(&closed, true)).await.unwrap();
        assert_eq!(first(&desk.first().await), "2026-11-23T08:00:00.000Z");
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dates_come_in_from_a_calendar_file_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("放假.ics");
    let ics = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:春节（休）\nDTSTART;VALUE=DATE:20270205\nDTEND;VALUE=DATE:20270207\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:元宵节\nDTSTART;VALUE=DATE:20270220\nEND:VEVENT\nEND:VCALENDAR\n";
    std::fs::write(&file, ics).unwrap();
    let desk = desk::alone().await;
    let read = calendars::import(&desk.app, None, &file).await.unwrap();
    let dates: Vec<_> = read
        .added
        .iter()
        .map(|day| (day.date.as_str(), day.closed, day.note.as_str()))
        .collect();
    assert_eq!(
        dates,
        [("2027-02-05", true, "春节"), ("2027-02-06", true, "春节")]
    );
    assert_eq!(read.skipped, ["元宵节"]);
    assert!(
        calendars::get(&desk.app, None)
            .await
            .unwrap()
            .rules
            .overrides
            .is_empty()
    );
    let table = file.with_extension("csv");
    std::fs::write(&table, "日期,类型,名称\n2027-01-01,休,元旦\n").unwrap();
    assert_eq!(
        calendars::import(&desk.app, None, &table)
            .await
            .unwrap()
            .added
            .len(),
        1
    );
    std::fs::write(&table, "没有日期\n").unwrap();
    assert_eq!(
        calendars::import(&desk.app, None, &table).await.unwrap_err().code,
        ErrorCode::File
    );
}

fn bot(kind: BotKind, address: &str) -> BotSave {
    BotSave {
        id: None,
        kind,
        name: "值班群".into(),
        address: Some(address.into()),
        secret: None,
        levels: AlertLevel::ALL.to_vec(),
        quiet: None,
        enabled: true,
        keyword: None,
        made_from: None,
    }
}

const WECOM: &str = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=5e1cb5d1-secret-key";

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_speaks_of_an_alert_once_and_its_key_is_nowhere_in_the_database() {
    on_both(|desk| async move {
        let platform = Platform::start();
        desk.app.redirect_bots_for_test(&platform.base);
        let hostile = HAIR.replace(
            "牛肉面里",
            "@all <at user_id=all></at> [点](http://x.cn) 13800138000 牛肉面里",
        );
        let saved = bots::save(&desk.app, &bot(BotKind::Wecom, WECOM)).await.unwrap();
        assert_eq!(saved[0].address, "https://qyapi.weixin.qq.com/…-key");
        assert_eq!(platform.heard().len(), 0, "saving says nothing");
        desk.import(&[&hostile]).await;
        desk.at(0).await;
        bots::deliver(&desk.app).await.unwrap();
        bots::deliver(&desk.app).await.unwrap();
        let heard = platform.heard();
        assert_eq!(heard.len(), 1);
        assert!(
            heard[0].path.starts_with("/cgi-bin/webhook/send?key=5e1cb5d1"),
            "{}",
            heard[0].path
        );
        let text = heard[0].json()["text"]["content"].as_str().unwrap().to_owned();
        assert!(text.starts_with("紧急"), "{text}");
        for mark in ["@", "<", "[", "://", "13800138000"] {
            assert!(!text.contains(mark), "{mark} in {text}");
        }
        let view = &bots::list(&desk.app).await.unwrap()[0];
        assert!(view.last_ok_at.is_some() && view.waiting == 0 && view.last_error.is_none());
        let rows = format!("{:?}", desk.store.bots().await.unwrap());
        assert!(!rows.contains("secret-key"), "{rows}");
        assert!(bots::remove(&desk.app, &view.id).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_waiting_messages_become_a_digest_and_an_error_in_the_body_is_tried_again_until_a_day_has_passed()
 {
    on_both(|desk| async move {
        let platform = Platform::start();
        desk.app.redirect_bots_for_test(&platform.base);
        bots::save(&desk.app, &bot(BotKind::Wecom, WECOM)).await.unwrap();
        platform.answer(r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#);
        let rows: Vec<String> = (0..3)
            .map(|n| {
                HAIR.replace("r1,", &format!("x{n},"))
                    .replace("881000000001", &format!("88100000020{n}"))
            })
            .collect();
        desk.import(&rows.iter().map(String::as_str).collect::<Vec<_>>())
            .await;
        desk.at(0).await;
        bots::deliver(&desk.app).await.unwrap();
        let view = &bots::list(&desk.app).await.unwrap()[0];
        assert_eq!(
            (platform.heard().len(), view.waiting),
            (1, 3),
            "HTTP 200 with an error is no success"
        );
        assert!(view.last_error.is_some() && view.last_ok_at.is_none());
        desk.clock.set(NOW + 30 * SECOND);
        bots::deliver(&desk.app).await.unwrap();
        assert_eq!(platform.heard().len(), 1, "the platform asked for a minute");
        platform.answer(r#"{"errcode":0}"#);
        desk.clock.set(NOW + 70 * MINUTE);
        bots::deliver(&desk.app).await.unwrap();
        let said = platform.heard().pop().unwrap().json()["text"]["content"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            said.starts_with("3 条差评提醒") && said.contains("（1 小时前）"),
            "{said}"
        );
        assert_eq!(bots::list(&desk.app).await.unwrap()[0].waiting, 0);

        platform.answer("<html>busy</html>");
        desk.at(90 * MINUTE).await;
        for hour in 0..30 {
            desk.clock.set(NOW + 90 * MINUTE + hour * HOUR);
            bots::deliver(&desk.app).await.unwrap();
        }
        assert_eq!(
            bots::list(&desk.app).await.unwrap()[0].waiting,
            0,
            "given up after a day"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_signed_and_a_refused_address_says_what_to_do() {
    on_both(|desk| async move {
        let platform = Platform::start();
        desk.app.redirect_bots_for_test(&platform.base);
        let mut hook = bot(BotKind::Webhook, "https://example.com/hook");
        hook.secret = Some("whsec_dGVzdC1rZXktMDAwMS10ZXN0LWtleS0wMDAx".into());
        let id = bots::save(&desk.app, &hook).await.unwrap()[0].id.clone();
        let test = bots::test(&desk.app, &id).await.unwrap();
        assert!(test.ok, "{test:?}");
        let heard = platform.heard().pop().unwrap();
        for header in [
            "webhook-id:",
            "webhook-timestamp: 1795140000",
            "webhook-signature: v1,",
        ] {
            assert!(
                heard.head.to_lowercase().contains(header),
                "{header} in {}",
                heard.head
            );
        }
        assert_eq!(heard.json()["type"], "alert.test");
        let wecom = bots::save(&desk.app, &bot(BotKind::Wecom, WECOM))
            .await
            .unwrap()
            .pop()
            .unwrap();
        platform.answer(r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#);
        let test = bots::test(&desk.app, &wecom.id).await.unwrap();
        assert!(!test.ok && test.message.contains("重新"), "{test:?}");
        let foreign = bots::save(&desk.app, &bot(BotKind::Wecom, "https://evil.example/send?key=1")).await;
        assert_eq!(foreign.unwrap_err().code, ErrorCode::Invalid);
        desk.is_sound().await;
    })
    .await;
}

/// Base64 of HMAC-SHA256, computed here from the platforms' words, not by the program.
fn signature(key: &str, text: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// 钉钉 as it documents itself: an unsigned, wrongly signed, twice encoded or stale request is refused with HTTP 200.
fn dingtalk(secret: &'static str, now: Arc<ManualClock>) -> impl Fn(&Heard) -> String + Send {
    move |heard| {
        let refused = |why: &str| format!(r#"{{"errcode":310000,"errmsg":"{why}"}}"#);
        let field = |name: &str| {
            let mut fields = heard.path.split(['?', '&']);
            fields.find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
        };
        if !heard.path.starts_with("/robot/send?") || field("access_token") != Some("t0001") {
            return r#"{"errcode":300001,"errmsg":"token is not exist"}"#.to_owned();
        }
        let (Some(timestamp), Some(sign)) = (field("timestamp"), field("sign")) else {
            return refused("sign not match");
        };
        if (timestamp.parse::<i64>().unwrap_or(0) - now.now_ms()).abs() > HOUR {
            return refused("invalid timestamp");
        }
        let sign = sign.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
        if sign != signature(secret, &format!("{timestamp}\n{secret}")) {
            return refused("sign not match");
        }
        let body = heard.json();
        let whole = body["msgtype"] == "markdown"
            && body["markdown"]["title"]
                .as_str()
                .is_some_and(|title| !title.is_empty())
            && body["markdown"]["text"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
            && body["at"]["isAtAll"] == false
            && heard
                .head
                .to_lowercase()
                .contains("content-type: application/json; charset=utf-8");
        if whole {
            r#"{"errcode":0,"errmsg":"ok"}"#.to_owned()
        } else {
            r#"{"errcode":400102,"errmsg":"invalid parameter"}"#.to_owned()
        }
    }
}

fn three_urgent() -> Vec<String> {
    (0..3)
        .map(|n| {
            HAIR.replace("r1,", &format!("x{n},"))
                .replace("881000000001", &format!("88100000020{n}"))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn dingtalk_checks_the_signature_blocks_for_ten_minutes_and_then_gets_one_digest() {
    on_both(|desk| async move {
        let platform = Platform::start();
        desk.app.redirect_bots_for_test(&platform.base);
        platform.answer_by(dingtalk("SECtest0001", desk.clock.clone()));
        let mut group = bot(
            BotKind::Dingtalk,
            "https://oapi.dingtalk.com/robot/send?access_token=t0001",
        );
        group.secret = Some("SECtest0001".into());
        let saved = bots::save(&desk.app, &group).await.unwrap().remove(0);
        // The vector of the platform's documents, to the byte.
        desk.clock.set(1_700_000_000_000);
        let test = bots::test(&desk.app, &saved.id).await.unwrap();
        assert!(test.ok, "{test:?}");
        assert_eq!(
            platform.heard()[0].path,
            "/robot/send?access_token=t0001&timestamp=1700000000000\
             &sign=iK9eW9jtGBT4TttaiEbfCz5U5QFsyS%2FRb%2Fr8GW%2BV%2Fx4%3D"
        );
        desk.clock.set(NOW);

        // Too much at once: ten minutes of silence, then everything in one message.
        platform.answer(r#"{"errcode":130101,"errmsg":"send too fast, exceed 20 times per minute"}"#);
        let rows = three_urgent();
        desk.import(&rows.iter().map(String::as_str).collect::<Vec<_>>())
            .await;
        desk.at(0).await;
        bots::deliver(&desk.app).await.unwrap();
        platform.answer_by(dingtalk("SECtest0001", desk.clock.clone()));
        let said = platform.heard().len();
        let view = bots::list(&desk.app).await.unwrap().remove(0);
        assert_eq!(
            (view.waiting, view.last_error.unwrap().contains("10 分钟")),
            (3, true)
        );
        desk.clock.set(NOW + 9 * MINUTE + 59 * SECOND);
        bots::deliver(&desk.app).await.unwrap();
        assert_eq!(platform.heard().len(), said, "the block is waited for");
        desk.clock.set(NOW + 13 * MINUTE);
        bots::deliver(&desk.app).await.unwrap();
        let heard = platform.heard();
        assert_eq!(heard.len(), said + 1, "one message for the three");
        let text = heard[said].json()["markdown"]["text"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(
            text.starts_with("3 条差评提醒\n\n") && text.contains("（13 分钟前）"),
            "{text}"
        );
        let view = bots::list(&desk.app).await.unwrap().remove(0);
        assert!(view.waiting == 0 && view.last_error.is_none() && view.last_ok_at.is_some());

        // A secret that is not the group's: nothing to repeat, the person must change it.
        let wrong = BotSave {
            id: Some(view.id.clone()),
            address: None,
            secret: Some("SECother".into()),
            made_from: Some(view.revision),
            ..group
        };
        bots::save(&desk.app, &wrong).await.unwrap();
        let test = bots::test(&desk.app, &view.id).await.unwrap();
        assert!(!test.ok && test.message.contains("签名"), "{test:?}");
        platform.answer(r#"{"errcode":310000,"errmsg":"invalid timestamp"}"#);
        let test = bots::test(&desk.app, &view.id).await.unwrap();
        assert!(!test.ok && test.message.contains("校准时间"), "{test:?}");
    })
    .await;
}

/// 飞书 as it documents itself.
fn feishu(secret: &'static str) -> impl Fn(&Heard) -> String + Send {
    move |heard| {
        if heard.path != "/open-apis/bot/v2/hook/h0001" {
            return r#"{"code":19001,"msg":"param invalid: incoming webhook access token invalid"}"#
                .to_owned();
        }
        let body = heard.json();
        let seconds = body["timestamp"].as_str().unwrap_or_default();
        if body["sign"] != signature(&format!("{seconds}\n{secret}"), "") {
            return r#"{"code":19021,"msg":"sign match fail or timestamp is not within one hour"}"#
                .to_owned();
        }
        if body["msg_type"] != "text" || !body["content"]["text"].is_string() || heard.body.len() > 20 * 1024
        {
            return r#"{"code":9499,"msg":"Bad Request"}"#.to_owned();
        }
        r#"{"StatusCode":0,"StatusMessage":"success"}"#.to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn feishu_is_spared_at_the_half_hour_checks_the_signature_and_is_asked_again_when_busy() {
    on_both(|desk| async move {
        let platform = Platform::start();
        desk.app.redirect_bots_for_test(&platform.base);
        platform.answer_by(feishu("feishutest0001"));
        let mut group = bot(
            BotKind::Feishu,
            "https://open.feishu.cn/open-apis/bot/v2/hook/h0001",
        );
        group.secret = Some("feishutest0001".into());
        let saved = bots::save(&desk.app, &group).await.unwrap().remove(0);
        desk.clock.set(1_700_000_000_000);
        let test = bots::test(&desk.app, &saved.id).await.unwrap();
        assert!(test.ok, "{test:?}");
        let body = platform.heard()[0].json();
        assert_eq!(
            (&body["timestamp"], &body["sign"]),
            (
                &"1700000000".into(),
                &"iKJiRut8HVUE4d+FAXf/c0IqmM2O+0KRzkywSI4Rw2M=".into()
            )
        );
        desk.clock.set(NOW);

        let rows = three_urgent();
        desk.import(&rows.iter().map(String::as_str).collect::<Vec<_>>())
            .await;
        desk.at(0).await;
        bots::deliver(&desk.app).await.unwrap();
        assert_eq!(
            platform.heard().len(),
            1,
            "ten o'clock sharp is everybody's moment"
        );
        desk.clock.set(NOW + 6 * SECOND);
        platform.answer(r#"{"code":11232,"msg":"frequency limited"}"#);
        bots::deliver(&desk.app).await.unwrap();
        assert_eq!(platform.heard().len(), 2);
        assert_eq!(bots::list(&desk.app).await.unwrap()[0].waiting, 3);
        platform.answer_by(feishu("feishutest0001"));
        desk.clock.set(NOW + 60 * SECOND);
        bots::deliver(&desk.app).await.unwrap();
        assert_eq!(platform.heard().len(), 2, "a minute was asked for");
        desk.clock.set(NOW + 90 * SECOND);
        bots::deliver(&desk.app).await.unwrap();
        let heard = platform.heard();
        let text = heard[2].json()["content"]["text"].as_str().unwrap().to_owned();
        assert!(heard.len() == 3 && text.starts_with("3 条差评提醒\n"), "{text}");
        let view = bots::list(&desk.app).await.unwrap().remove(0);
        assert!(view.waiting == 0 && view.last_error.is_none());

        let wrong = BotSave {
            id: Some(view.id.clone()),
            address: None,
            secret: Some("other".into()),
            made_from: Some(view.revision),
            ..group
        };
        bots::save(&desk.app, &wrong).await.unwrap();
        let test = bots::test(&desk.app, &view.id).await.unwrap();
        assert!(!test.ok && test.message.contains("签名密钥"), "{test:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_saves_second_loses_nothing_of_the_first_and_is_told() {
    on_both(|desk| async move {
        let (other, _) = desk.beside("周敏", Role::Supervisor).await;
        desk.sit("陈总", Role::Manager).await;
        let conflict = |refused: amends_app::AppError| {
            assert_eq!(refused.code, ErrorCode::Conflict);
            assert!(refused.message.contains("没有保存"), "{}", refused.message);
        };

        // The promise: both began with version 1.
        let seen = promise::get(&desk.app).await.unwrap();
        let mut mine = PromiseSave {
            rules: seen.rules.clone(),
            apply_to_open: false,
            made_from: seen.version,
        };
        mine.rules.urgent.first_response = Some(3600);
        promise::save(&other, &mine).await.unwrap();
        mine.rules.urgent.first_response = Some(1800);
        conflict(promise::save(&desk.app, &mine).await.unwrap_err());
        let stands = promise::get(&desk.app).await.unwrap();
        assert_eq!(
            (
                stands.version,
                stands.rules.urgent.first_response,
                stands.saved_by.as_deref()
            ),
            (2, Some(3600), Some("周敏"))
        );
        mine.made_from = 2;
        assert_eq!(promise::save(&desk.app, &mine).await.unwrap().version, 3);

        // The calendar; of two at the same instant one is kept whole.
        let seen = calendars::get(&desk.app, None).await.unwrap();
        let save = |note: &str| CalendarSave {
            shop: None,
            rules: CalendarRules {
                overrides: vec![DayOverride {
                    date: "2026-12-01".into(),
                    closed: true,
                    windows: vec![],
                    note: note.into(),
                }],
                ..seen.rules.clone()
            },
            apply_to_open: false,
            made_from: seen.version,
        };
        let (mine, theirs) = (save("盘点"), save("装修"));
        let (one, two) = tokio::join!(
            calendars::save(&desk.app, &mine),
            calendars::save(&other, &theirs)
        );
        assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|ok| **ok).count(), 1);
        conflict(one.err().or(two.err()).unwrap());
        assert_eq!(desk.store.rule_versions("calendar").await.unwrap().len(), 2);

        // Alert rules, shifts, a cell of the roster, the table of departments, a bot.
        let rules = alert_rules::get(&desk.app).await.unwrap();
        let mut input = AlertRulesSave {
            take_back_secs: Some(600),
            made_from: alert_rules::get(&other).await.unwrap().revision,
            ..Default::default()
        };
        alert_rules::save(&other, &input).await.unwrap();
        (input.take_back_secs, input.made_from) = (Some(900), rules.revision);
        conflict(alert_rules::save(&desk.app, &input).await.unwrap_err());
        alert_rules::meeting(&desk.app, Some(30)).await.unwrap();
        input.made_from = alert_rules::get(&desk.app).await.unwrap().revision;
        alert_rules::meeting(&desk.app, None).await.unwrap();
        alert_rules::save(&desk.app, &input)
            .await
            .expect("a meeting is no change of the rules");

        let roster = shifts::get(&desk.app, "2026-11-20").await.unwrap();
        let shift = |name: &str| ShiftSave {
            enabled: false,
            shifts: vec![ShiftView {
                id: String::new(),
                name: name.into(),
                from: "08:00".into(),
                to: "16:00".into(),
                color: 1,
            }],
            made_from: roster.revision.clone(),
        };
        let early = shifts::save(&other, &shift("早班")).await.unwrap();
        conflict(shifts::save(&desk.app, &shift("晚班")).await.unwrap_err());
        let (me, them) = (
            workspace::get(&desk.app).await.unwrap().actor.unwrap().id,
            workspace::get(&other).await.unwrap().actor.unwrap().id,
        );
        let cell = |person: &str| RosterSet {
            date: "2026-11-21".into(),
            shift_id: early.shifts[0].id.clone(),
            person_ids: vec![person.to_owned()],
            made_from: vec![],
        };
        shifts::set_slot(&other, &cell(&them)).await.unwrap();
        conflict(shifts::set_slot(&desk.app, &cell(&me)).await.unwrap_err());
        let call = |person: &str| OnCallSet {
            date: "2026-11-21".into(),
            person_id: Some(person.to_owned()),
            made_from: None,
        };
        shifts::set_on_call(&other, &call(&them)).await.unwrap();
        conflict(shifts::set_on_call(&desk.app, &call(&me)).await.unwrap_err());

        let seen = assign::table(&desk.app).await.unwrap();
        let to = |at: usize, department| {
            let mut rows = seen.clone();
            rows[at].department = department;
            AssignmentSave {
                rows,
                made_from: seen.clone(),
            }
        };
        assign::save_table(&other, &to(0, Department::Marketing))
            .await
            .unwrap();
        conflict(
            assign::save_table(&desk.app, &to(0, Department::Management))
                .await
                .unwrap_err(),
        );
        let both = assign::save_table(&desk.app, &to(1, Department::Marketing))
            .await
            .unwrap();
        assert!(
            both[..2]
                .iter()
                .all(|row| row.department == Department::Marketing),
            "another row is no conflict, and neither change is lost"
        );

        let made = bots::save(&desk.app, &bot(BotKind::Wecom, WECOM))
            .await
            .unwrap()
            .remove(0);
        let rename = |name: &str, address: Option<&str>| BotSave {
            id: Some(made.id.clone()),
            name: name.into(),
            address: address.map(Into::into),
            made_from: Some(made.revision.clone()),
            ..bot(BotKind::Wecom, WECOM)
        };
        bots::save(&desk.app, &rename("夜班群", None)).await.unwrap();
        let later = rename(
            "白班群",
            Some("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=another-key"),
        );
        conflict(bots::save(&desk.app, &later).await.unwrap_err());
        let stands = &bots::list(&desk.app).await.unwrap()[0];
        assert_eq!((stands.name.as_str(), &stands.address), ("夜班群", &made.address));
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_of_today_is_a_list_with_as_many_tickets() {
    on_both(|desk| async move {
        let wang = desk.sit("王强", Role::Agent).await;
        let late = "r4,2026-11-18 09:00:00,人民广场店,881000000004,双拼饭,周先生,2,太慢了，等了两个小时,,\n";
        let rows = three_urgent();
        let mut rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        rows.extend([HAIR, DULL, DULL_TOO, late]);
        desk.import(&rows).await;
        desk.at(0).await;
        let ticket = desk.first().await;
        let input = AssignInput {
            ticket: at(&ticket),
            person_id: None,
        };
        tickets::assign(&desk.app, &input).await.unwrap();
        desk.clock.set(NOW + HOUR);
        answer(&desk).await;
        desk.clock.set(NOW + 2 * HOUR + 5 * MINUTE);
        let view = today::get(&desk.app).await.unwrap();
        assert!(
            view.overdue > 0 && view.due_today > 0 && view.answered_today == 1,
            "{view:?}"
        );
        let count = async |view: View, day: Option<DayEvent>, hour: Option<u8>, owners: Vec<String>| {
            let query = InboxQuery {
                view,
                day,
                hour,
                owners,
                limit: 50,
                ..InboxQuery::default()
            };
            let page = amends_app::inbox::page(&desk.app, &query).await.unwrap();
            assert_eq!(page.rows.len(), page.total as usize);
            page.total
        };
        for (figure, list, day) in [
            (view.open, View::Open, None),
            (view.overdue, View::Overdue, None),
            (view.at_risk, View::Due1h, None),
            (view.due_today, View::Open, Some(DayEvent::DueLater)),
            (view.new_today, View::All, Some(DayEvent::Arrived)),
            (view.answered_today, View::All, Some(DayEvent::Answered)),
            (view.closed_today, View::All, Some(DayEvent::Closed)),
        ] {
            assert_eq!(count(list, day, None, vec![]).await, figure, "{list:?} {day:?}");
        }
        for load in &view.loads {
            let owner = load
                .person
                .as_ref()
                .map_or(NOBODY.to_owned(), |person| person.id.clone());
            assert_eq!(
                count(View::Open, None, None, vec![owner.clone()]).await,
                load.open,
                "{load:?}"
            );
            assert_eq!(
                count(View::Overdue, None, None, vec![owner]).await,
                load.overdue,
                "{load:?}"
            );
        }
        assert!(
            view.loads
                .iter()
                .any(|load| load.person.as_ref().is_some_and(|p| p.id == wang))
        );
        assert!(view.loads.iter().any(|load| load.person.is_none()));
        for hour in &view.hours {
            for (figure, day) in [
                (hour.due, DayEvent::Due),
                (hour.arrived, DayEvent::Arrived),
                (hour.answered, DayEvent::Answered),
            ] {
                let found = count(View::All, Some(day), Some(hour.hour), vec![]).await;
                assert_eq!(found, figure, "{day:?} at {}", hour.hour);
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_of_holidays_counts_once_for_every_calendar_that_follows_them_and_the_older_file_takes_it_back()
 {
    on_both(|desk| async move {
        let workdays = |holidays| {
            let mut weekly = vec![
                vec![WindowOfDay {
                    open: "09:00".into(),
                    close: "18:00".into(),
                }];
                5
            ];
            weekly.extend([vec![], vec![]]);
            CalendarRules {
                zone: "Asia/Shanghai".into(),
                always: false,
                holidays,
                weekly,
                overrides: vec![],
            }
        };
        for (shop, holidays) in [(None, true), (Some("人民广场店"), true), (Some("夜市店"), false)] {
            let made_from = calendars::get(&desk.app, shop).await.unwrap().version;
            let input = CalendarSave {
                shop: shop.map(Into::into),
                rules: workdays(holidays),
                apply_to_open: false,
                made_from,
            };
            calendars::save(&desk.app, &input).await.unwrap();
        }
        // Thursday 2026-12-31 14:00: 24 working hours, with 1 January off, end on Tuesday at 18:00.
        desk.clock.set(NOW + 41 * 24 * HOUR + 4 * HOUR);
        desk.import(&[&DULL.replace("2026-11-20 09:00", "2026-12-31 13:50")])
            .await;
        let due = async || {
            let ticket = desk.first().await;
            let clock = ticket
                .clocks
                .iter()
                .find(|clock| clock.metric == "first_response");
            clock.unwrap().due_at.clone()
        };
        let before = due().await;
        assert_eq!(holidays::get(&desk.app).await.unwrap().missing, Some(2027));

        let notice = |new_year: &str| {
            let off: String = (1..=12)
                .map(|day| format!("2027-10-{day:02},休,国庆节\n"))
                .collect();
            format!("日期,类型,名称\n{new_year}2027-10-16,班,国庆节调休\n{off}")
        };
        let older = desk.folder.path().join("2027放假安排.csv");
        let newer = desk.folder.path().join("2027放假安排（修订）.csv");
        std::fs::write(
            &older,
            notice("2027-01-01,2027-01-03,休,元旦\n2026-12-27,班,元旦调休\n"),
        )
        .unwrap();
        std::fs::write(&newer, notice("2027-01-01,2027-01-05,休,元旦\n")).unwrap();

        let preview = holidays::preview(&desk.app, &newer).await.unwrap();
        assert_eq!(
            (preview.everybody, preview.shops.as_slice()),
            (true, &["人民广场店".to_owned()][..])
        );
        let of = |date: &str| preview.changes.iter().find(|change| change.date == date).cloned();
        assert_eq!(
            of("2027-01-04").map(|change| (change.from, change.to)),
            Some((None, Some(SpecialKind::Off)))
        );
        assert_eq!(
            of("2027-05-01").map(|change| (change.from, change.to, change.assumed)),
            Some((Some(SpecialKind::Off), None, true)),
            "what was only assumed goes"
        );
        assert_eq!(
            (
                preview.apply.moved > 0,
                holidays::get(&desk.app).await.unwrap().version
            ),
            (true, 0)
        );

        let save = HolidaySave {
            apply_to_open: true,
            ..preview.save.clone()
        };
        let view = holidays::save(&desk.app, &save).await.unwrap();
        assert_eq!(
            (
                view.version,
                view.source.as_deref(),
                view.saved_by.as_deref(),
                view.missing
            ),
            (1, Some("2027放假安排（修订）.csv"), Some("李娜"), None)
        );
        assert!(view.years.iter().any(|year| year.year == 2027 && year.imported));
        let moved = due().await;
        assert!(moved > before, "{before} → {moved}");
        let year = |shop: Option<&str>| YearQuery {
            shop: shop.map(Into::into),
            year: 2027,
            rules: None,
        };
        for (shop, kind) in [
            (None, DayKind::Holiday),
            (Some("人民广场店"), DayKind::Holiday),
            (Some("夜市店"), DayKind::Work),
        ] {
            let view = calendars::year(&desk.app, &year(shop)).await.unwrap();
            let day = view.days.iter().find(|day| day.date == "2027-01-05").unwrap();
            assert_eq!((day.kind, view.published), (kind, true), "{shop:?}");
        }

        // Somebody whose preview is older than that is told; a part of a year is no notice.
        let refused = holidays::save(&desk.app, &preview.save).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Conflict);
        let part = desk.folder.path().join("一天.csv");
        std::fs::write(&part, "2028-01-01,休,元旦\n").unwrap();
        assert_eq!(
            holidays::preview(&desk.app, &part).await.unwrap_err().code,
            ErrorCode::File
        );

        // The older file takes it back. Its 27 December belongs to a year that is known and is added to it.
        let back = holidays::preview(&desk.app, &older).await.unwrap();
        assert_eq!(
            back.changes
                .iter()
                .map(|change| change.date.as_str())
                .collect::<Vec<_>>(),
            ["2026-12-27", "2027-01-04", "2027-01-05"]
        );
        let save = HolidaySave {
            apply_to_open: true,
            ..back.save
        };
        assert_eq!(holidays::save(&desk.app, &save).await.unwrap().version, 2);
        assert_eq!(
            due().await,
            before,
            "1 January was assumed to be off before, and the weekend follows it"
        );
        let view = calendars::year(
            &desk.app,
            &YearQuery {
                year: 2026,
                ..year(None)
            },
        )
        .await
        .unwrap();
        let of = |date: &str| view.days.iter().find(|day| day.date == date).unwrap().kind;
        assert_eq!(
            (of("2026-10-01"), of("2026-12-27")),
            (DayKind::Holiday, DayKind::Makeup)
        );
        let (again, _) = desk.restarted().await;
        assert_eq!(holidays::get(&again).await.unwrap().version, 2);
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn today_counts_what_came_was_answered_and_falls_due_and_why_explains_another_tier() {
    on_both(|desk| async move {
        desk.import(&[HAIR, DULL]).await;
        desk.at(0).await;
        let view = today::get(&desk.app).await.unwrap();
        assert_eq!(
            (
                view.open,
                view.due_today,
                view.overdue,
                view.new_today,
                view.answered_today
            ),
            (2, 1, 0, 2, 0)
        );
        assert_eq!(
            (view.hours[10].arrived, view.hours[12].due, view.breaching.len()),
            (2, 1, 2)
        );
        assert_eq!(view.unread_alerts, 1);
        desk.clock.set(NOW + HOUR);
        answer(&desk).await;
        let view = today::get(&desk.app).await.unwrap();
        assert_eq!(
            (view.answered_today, view.hours[11].answered, view.at_risk),
            (1, 1, 0)
        );
        let ticket = desk.first().await;
        let solution = ticket
            .clocks
            .iter()
            .find(|clock| clock.metric == "solution")
            .unwrap();
        let query = WhyQuery {
            id: ticket.id.clone(),
            metric: "solution".into(),
            cycle: 1,
            subject: solution.subject.clone(),
        };
        let why = today::why(&desk.app, &query).await.unwrap();
        assert_eq!(
            (why.policy_version, why.calendar_version, why.zone.as_str()),
            (1, 1, "Asia/Shanghai")
        );
        let due: Vec<_> = why
            .what_if
            .iter()
            .map(|other| (other.tier.as_str(), other.due_at.as_deref()))
            .collect();
        assert_eq!(
            due,
            [("general", None), ("important", Some("2026-11-22T02:00:00.000Z"))]
        );
        let refused = today::why(&desk.app, &WhyQuery { cycle: 2, ..query })
            .await
            .unwrap_err();
        assert_eq!(refused.code, ErrorCode::NotFound);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_lead_takes_a_ticket_back() {
    on_both(|desk| async move {
        let (lead, _) = desk.beside("周敏", Role::Supervisor).await;
        let (other, _) = desk.beside("王强", Role::Agent).await;
        desk.import(&[DULL]).await;
        let ticket = desk.first().await;
        let wang = workspace::get(&other).await.unwrap().actor.unwrap().id;
        let assign = AssignInput {
            ticket: at(&ticket),
            person_id: Some(wang),
        };
        tickets::assign(&lead, &assign).await.unwrap();
        let refused = tickets::take_back(&desk.app, &ticket.id).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::Forbidden);
        assert!(
            tickets::take_back(&lead, &ticket.id)
                .await
                .unwrap()
                .owner
                .is_none()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roster_rotates_hands_over_and_passes_midnight() {
    on_both(|desk| async move {
        let lina = workspace::get(&desk.app).await.unwrap().actor.unwrap().id;
        let wang = desk.sit("王强", Role::Agent).await;
        let shift = |name: &str, from: &str, to: &str| ShiftView {
            id: String::new(),
            name: name.into(),
            from: from.into(),
            to: to.into(),
            color: 0,
        };
        let shifts = vec![shift("白班", "08:00", "20:00"), shift("夜班", "20:00", "08:00")];
        let roster = shifts::save(
            &desk.app,
            &ShiftSave {
                enabled: true,
                shifts,
                made_from: shifts::get(&desk.app, "2026-11-20").await.unwrap().revision,
            },
        )
        .await
        .unwrap();
        let (day, night) = (roster.shifts[0].id.clone(), roster.shifts[1].id.clone());
        for (date, shift_id, person) in [("2026-11-20", &night, &wang), ("2026-11-21", &day, &lina)] {
            let slot = RosterSet {
                date: date.into(),
                shift_id: shift_id.clone(),
                person_ids: vec![person.clone()],
                made_from: vec![],
            };
            shifts::set_slot(&desk.app, &slot).await.unwrap();
        }
        let now = shifts::get(&desk.app, "2026-11-18").await.unwrap().now;
        assert!(now.on_shift.is_empty());
        assert_eq!(now.next.map(|next| next.name).as_deref(), Some("夜班"));
        desk.clock.set(NOW + 15 * HOUR);
        let now = shifts::get(&desk.app, "2026-11-18").await.unwrap().now;
        assert_eq!(
            now.on_shift.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(),
            ["王强"],
            "one o'clock belongs to Friday's night"
        );
        let rotate = Rotate {
            from_week: "2026-11-16".into(),
            weeks: 2,
            every_weeks: 1,
        };
        shifts::rotate(&desk.app, &rotate).await.unwrap();
        let later = shifts::get(&desk.app, "2026-12-04").await.unwrap();
        assert_eq!((later.week.as_str(), later.slots.len()), ("2026-11-30", 2));
        let view = shifts::save_handover(&desk.app, "二号桌顾客明早回电")
            .await
            .unwrap();
        assert_eq!(
            view.now.handover.map(|note| (note.by, note.text)),
            Some(("王强".into(), "二号桌顾客明早回电".into()))
        );
        let late = Rotate { weeks: 27, ..rotate };
        assert_eq!(
            shifts::rotate(&desk.app, &late).await.unwrap_err().code,
            ErrorCode::Invalid
        );
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_goes_to_the_least_loaded_of_its_department_and_the_table_can_be_changed() {
    on_both(|desk| async move {
        let courier = desk.sit("周师傅", Role::Agent).await;
        let set = |id: String, department| PersonUpdate {
            id,
            department: Some(department),
            ..PersonUpdate::default()
        };
        workspace::person_update(&desk.app, &set(courier.clone(), Department::Logistics))
            .await
            .unwrap();
        let me = desk.sit("李娜", Role::Agent).await;
        let slow = "s1,2026-11-20 09:30:00,人民广场店,881000000011,双拼饭,孙先生,2,等了一个半小时才送到，配送太慢了,,\n";
        desk.import(&[slow]).await;
        desk.at(0).await;
        assert_eq!(desk.first().await.owner.map(|owner| owner.id), Some(courier.clone()));
        let seen = assign::table(&desk.app).await.unwrap();
        let mut table = seen.clone();
        for row in &mut table {
            row.department = Department::Desk;
        }
        let input = AssignmentSave {
            rows: table,
            made_from: seen,
        };
        assign::save_table(&desk.app, &input).await.unwrap();
        let later = slow.replace("s1,", "s2,").replace("881000000011", "881000000012").replace("孙", "吴");
        desk.import(&[&later]).await;
        desk.at(MINUTE).await;
        let owners: Vec<_> = desk
            .page(View::All, "")
            .await
            .rows
            .iter()
            .filter_map(|row| row.owner.as_ref().map(|owner| owner.id.clone()))
            .collect();
        assert!(owners.contains(&me) && owners.contains(&courier), "{owners:?}");
        let gone = PersonUpdate {
            id: courier,
            active: Some(false),
            ..PersonUpdate::default()
        };
        let refused = workspace::person_update(&desk.app, &gone).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::NotNow);
        assert!(refused.message.contains("1 件没做完"), "{}", refused.message);
    })
    .await;
}
