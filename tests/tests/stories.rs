//! The use-cases as people live them, each on SQLite and on PostgreSQL.

use amends_app::{
    ErrorCode, dto::*, inbox, intake, reading, reviews, scheduler, tickets, vault, verify, workspace,
};
use amends_domain::{
    Cause, Role, Severity, Tier, sla::event::DismissReason, sla::event::Invitation, sla::event::TicketStatus,
};
use amends_tests::desk::{HAIR, HOUR, MINUTE, NOW, alone, answer, file, on_both, query, ticket_ref, words};

fn clock<'a>(ticket: &'a TicketView, metric: &str) -> &'a ClockView {
    ticket
        .clocks
        .iter()
        .find(|clock| clock.metric == metric)
        .unwrap_or_else(|| panic!("no {metric} clock"))
}

const SLOW: &str = "r2,2026-11-20 09:00:00,人民广场店,881000000002,双拼饭,赵先生,2,等了一个半小时才送到，饭都凉了，太慢了,,\n";
const GOOD: &str =
    "r3,2026-11-20 08:00:00,人民广场店,881000000003,酸辣粉,小鹿,5,味道很好，送得也快，还会再来,,\n";

#[tokio::test(flavor = "multi_thread")]
async fn an_urgent_review_opens_a_ticket_and_rings_once_with_private_data_masked() {
    on_both(|desk| async move {
        let row = "r9,2026-11-20 09:58:00,人民广场店,881000000009,牛奶,张三,1,孩子喝了上吐下泻住院了，我电话13800138000，已经打12315,,\n";
        let batch = desk.import(&[row]).await;
        assert_eq!((batch.new, batch.tickets, batch.urgent), (1, 1, 1));
        scheduler::tick(&desk.app).await.unwrap();
        let shown = desk.bell.shown();
        assert_eq!(shown.len(), 1, "{shown:?}");
        assert!(shown[0].title.starts_with("紧急 · "), "{}", shown[0].title);
        assert!(shown[0].body.contains("12:00 前答复"), "{}", shown[0].body);
        assert!(!shown[0].body.contains("13800138000"), "{}", shown[0].body);
        assert_eq!(shown[0].ticket_id.as_deref(), Some(desk.first().await.id.as_str()));
        scheduler::tick(&desk.app).await.unwrap();
        let (again, notifier) = desk.restarted().await;
        scheduler::tick(&again).await.unwrap();
        assert_eq!((desk.bell.shown().len(), notifier.shown().len()), (1, 0), "it rings once, also after restarts");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn three_urgent_reviews_within_ten_seconds_fold_into_one_summary() {
    on_both(|desk| async move {
        let rows: Vec<String> = (0..4)
            .map(|n| {
                HAIR.replace("r1,", &format!("x{n},"))
                    .replace("881000000001", &format!("88100000010{n}"))
            })
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        assert_eq!(desk.import(&rows).await.urgent, 4);
        scheduler::tick(&desk.app).await.unwrap();
        let shown = desk.bell.shown();
        assert_eq!(shown.len(), 1, "{shown:?}");
        assert!(shown[0].title.contains('4'), "{}", shown[0].title);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_that_the_desktop_refuses_is_kept_for_the_window() {
    on_both(|desk| async move {
        desk.bell.break_down();
        let mut heard = desk.app.subscribe();
        desk.import(&[HAIR]).await;
        scheduler::tick(&desk.app).await.unwrap();
        let mut raised = false;
        while let Ok(event) = heard.try_recv() {
            raised |= matches!(event, amends_app::AppEvent::AlertRaised(_));
        }
        assert!(raised);
        assert!(scheduler::alerts(&desk.app).await.unwrap()[0].failed);
        assert_eq!(
            workspace::get(&desk.app).await.unwrap().notifications,
            NotificationHealth::Missing
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_stops_the_first_response_clock_at_that_instant() {
    on_both(|desk| async move {
        desk.import(&[HAIR]).await;
        let ticket = desk.first().await;
        assert_eq!(
            clock(&ticket, "first_response").due_at,
            "2026-11-20T04:00:00.000Z"
        );
        desk.clock.advance(30 * MINUTE);
        tickets::save_draft(
            &desk.app,
            &DraftInput {
                ticket_id: ticket.id.clone(),
                body: "王小姐您好".into(),
            },
        )
        .await
        .unwrap();
        assert_eq!(desk.first().await.draft, "王小姐您好");
        let answered = tickets::reply(&desk.app, &answer(&ticket, "王小姐您好，非常抱歉……", None))
            .await
            .unwrap();
        let first = clock(&answered, "first_response");
        assert_eq!(
            (first.state, first.fulfilled_at.as_deref()),
            (ClockState::Met, Some("2026-11-20T02:30:00.000Z"))
        );
        assert_eq!(
            (answered.status, answered.draft.as_str()),
            (TicketStatus::Communicating, "")
        );
        assert!(
            answered
                .activities
                .iter()
                .any(|a| a.kind == "reply_published" && a.text.as_deref() == Some("王小姐您好，非常抱歉……"))
        );
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_at_the_due_time_is_kept_and_one_millisecond_later_is_late() {
    on_both(|desk| async move {
        desk.import(&[HAIR, SLOW]).await;
        let page = desk.page(View::Urgent, "").await;
        let ticket = tickets::view(&desk.app, &page.rows[0].id).await.unwrap();
        desk.clock.set(NOW + 2 * HOUR);
        let met = tickets::reply(&desk.app, &answer(&ticket, "您好", None))
            .await
            .unwrap();
        assert_eq!(clock(&met, "first_response").state, ClockState::Met);
        let undone = tickets::undo(
            &desk.app,
            &UndoInput {
                ticket_id: met.id.clone(),
                activity_id: met.undo.clone().unwrap().activity_id,
            },
        )
        .await
        .unwrap();
        assert_eq!(clock(&undone, "first_response").state, ClockState::Running);
        desk.clock.advance(1);
        let late = tickets::reply(&desk.app, &answer(&undone, "您好", None))
            .await
            .unwrap();
        assert_eq!(clock(&late, "first_response").state, ClockState::Breached);
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stated_earlier_time_counts_and_an_impossible_one_is_refused() {
    on_both(|desk| async move {
        desk.import(&[HAIR]).await;
        let ticket = desk.first().await;
        desk.clock.advance(3 * HOUR);
        let future = tickets::reply(
            &desk.app,
            &answer(&ticket, "您好", Some("2026-11-20T14:00:00+08:00")),
        )
        .await
        .unwrap_err();
        assert_eq!(future.code, ErrorCode::Invalid);
        let before = tickets::reply(
            &desk.app,
            &answer(&ticket, "您好", Some("2026-11-20T09:00:00+08:00")),
        )
        .await
        .unwrap_err();
        assert_eq!(before.code, ErrorCode::Invalid);
        let answered = tickets::reply(
            &desk.app,
            &answer(&ticket, "您好", Some("2026-11-20T11:00:00+08:00")),
        )
        .await
        .unwrap();
        assert_eq!(clock(&answered, "first_response").state, ClockState::Met);
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_gives_the_words_back_and_is_refused_after_its_time() {
    on_both(|desk| async move {
        desk.import(&[HAIR]).await;
        let ticket = desk.first().await;
        let answered = tickets::reply(&desk.app, &answer(&ticket, "写了很久的回复", None))
            .await
            .unwrap();
        let undo = UndoInput {
            ticket_id: ticket.id.clone(),
            activity_id: answered.undo.unwrap().activity_id,
        };
        desk.clock.advance(8_000);
        let back = tickets::undo(&desk.app, &undo).await.unwrap();
        assert_eq!(
            (back.status, back.draft.as_str()),
            (TicketStatus::Received, "写了很久的回复")
        );
        let again = tickets::reply(&desk.app, &answer(&back, "写了很久的回复", None))
            .await
            .unwrap();
        desk.clock.advance(10_001);
        let late = UndoInput {
            ticket_id: ticket.id,
            activity_id: again.undo.unwrap().activity_id,
        };
        assert_eq!(
            tickets::undo(&desk.app, &late).await.unwrap_err().code,
            ErrorCode::NotNow
        );
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loop_runs_to_closing_and_closing_unanswered_is_refused() {
    on_both(|desk| async move {
        desk.import(&[SLOW]).await;
        let ticket = desk.first().await;
        let close = |ticket: &TicketView| CloseInput {
            ticket: ticket_ref(ticket),
            invitation: Invitation::Sent,
            reason: None,
        };
        assert_eq!(
            tickets::close(&desk.app, &close(&ticket)).await.unwrap_err().code,
            ErrorCode::NotNow
        );
        let ticket = tickets::reply(&desk.app, &answer(&ticket, "抱歉让您久等", None))
            .await
            .unwrap();
        let no_reason = StatusInput {
            ticket: ticket_ref(&ticket),
            status: TicketStatus::WaitingCustomer,
            reason: None,
        };
        assert_eq!(
            tickets::status(&desk.app, &no_reason).await.unwrap_err().code,
            ErrorCode::Invalid
        );
        let ticket = tickets::status(
            &desk.app,
            &StatusInput {
                reason: Some("等顾客提供照片".into()),
                ..no_reason
            },
        )
        .await
        .unwrap();
        assert_eq!(clock(&ticket, "solution").state, ClockState::Paused);
        desk.is_sound().await;
        let ticket = tickets::status(
            &desk.app,
            &StatusInput {
                ticket: ticket_ref(&ticket),
                status: TicketStatus::Communicating,
                reason: None,
            },
        )
        .await
        .unwrap();
        let ticket = tickets::offer_solution(&desk.app, &words(&ticket, "退一半饭钱"))
            .await
            .unwrap();
        assert_eq!(clock(&ticket, "solution").state, ClockState::Met);
        let ticket = tickets::resolve(&desk.app, &words(&ticket, "")).await.unwrap();
        let ticket = tickets::close(&desk.app, &close(&ticket)).await.unwrap();
        assert_eq!(
            (ticket.status, clock(&ticket, "closure").state),
            (TicketStatus::Closed, ClockState::Met)
        );
        let ticket = tickets::reopen(&desk.app, &words(&ticket, "顾客说没收到退款"))
            .await
            .unwrap();
        assert_eq!(ticket.status, TicketStatus::Verifying);
        assert_eq!(
            ticket.clocks.iter().filter(|clock| clock.cycle == 2).count(),
            3,
            "a new cycle has its own clocks"
        );
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn corrections_outrank_the_program_and_move_the_clocks() {
    on_both(|desk| async move {
        desk.import(&[SLOW]).await;
        let ticket = desk.first().await;
        let before = clock(&ticket, "first_response").target_secs;
        let input = CorrectInput {
            ticket: ticket_ref(&ticket),
            tier: Some(Tier::Urgent),
            causes: Some(vec![Cause::Hygiene]),
            severity: Some(Severity::Severe),
            sentiment: None,
            reason: Some("后厨确认有问题".into()),
        };
        let corrected = tickets::correct(&desk.app, &input).await.unwrap();
        assert_ne!(before, 7200);
        assert_eq!(clock(&corrected, "first_response").target_secs, 7200);
        assert_eq!(
            (corrected.tier.tier, corrected.tier.by_person.as_deref()),
            (Tier::Urgent, Some("李娜"))
        );
        assert_eq!(corrected.assessment.causes[0].cause, Cause::Hygiene);
        assert_eq!(desk.page(View::Urgent, "").await.total, 1);
        let stale = CorrectInput {
            tier: Some(Tier::General),
            ..input
        };
        assert_eq!(
            tickets::correct(&desk.app, &stale).await.unwrap_err().code,
            ErrorCode::Conflict,
            "somebody else's version"
        );
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dismissed_ticket_leaves_the_queue_with_its_reason() {
    on_both(|desk| async move {
        desk.import(&[SLOW]).await;
        let ticket = desk.first().await;
        let input = DismissInput {
            ticket: ticket_ref(&ticket),
            reason: DismissReason::Other,
            note: None,
        };
        assert_eq!(
            tickets::dismiss(&desk.app, &input).await.unwrap_err().code,
            ErrorCode::Invalid
        );
        let gone = tickets::dismiss(
            &desk.app,
            &DismissInput {
                reason: DismissReason::Duplicate,
                ..input
            },
        )
        .await
        .unwrap();
        assert_eq!(gone.status, TicketStatus::Dismissed);
        assert!(
            gone.clocks
                .iter()
                .all(|clock| clock.state == ClockState::Cancelled)
        );
        assert_eq!(
            (
                desk.page(View::Open, "").await.total,
                desk.page(View::All, "").await.total
            ),
            (0, 1)
        );
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quality_reviewer_writes_notes_and_nothing_else() {
    on_both(|desk| async move {
        desk.import(&[SLOW]).await;
        desk.sit("周检", Role::Quality).await;
        let ticket = desk.first().await;
        assert_eq!(ticket.actions, [Action::Note]);
        assert_eq!(
            tickets::reply(&desk.app, &answer(&ticket, "您好", None))
                .await
                .unwrap_err()
                .code,
            ErrorCode::Forbidden
        );
        let noted = tickets::note(&desk.app, &words(&ticket, "回复前先核实出餐时间"))
            .await
            .unwrap();
        assert!(
            noted
                .activities
                .iter()
                .any(|a| a.actor.as_deref() == Some("周检") && a.text.is_some())
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_again_changes_nothing_and_a_changed_row_becomes_a_version() {
    on_both(|desk| async move {
        desk.import(&[HAIR, SLOW, GOOD]).await;
        let again = desk.import(&[HAIR, SLOW, GOOD]).await;
        assert_eq!(
            (
                again.read,
                again.new,
                again.updated,
                again.unchanged,
                again.tickets
            ),
            (3, 0, 0, 3, 0)
        );
        let better = SLOW.replace(
            ",2,等了一个半小时才送到，饭都凉了，太慢了,,",
            ",4,商家处理得很好，已经退款，改个好评,,",
        );
        let changed = desk.import(&[HAIR, &better, GOOD]).await;
        assert_eq!((changed.updated, changed.unchanged), (1, 2));
        let page = desk.page(View::All, "").await;
        let row = page
            .rows
            .iter()
            .find(|row| row.author.as_deref() == Some("赵先生"))
            .unwrap();
        let ticket = tickets::view(&desk.app, &row.id).await.unwrap();
        assert_eq!(
            (ticket.review.stars, ticket.review.versions.len()),
            (Some(4.0), 1)
        );
        assert!(ticket.activities.iter().any(|a| a.kind == "review_changed"));
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_reply_in_the_file_fulfils_the_first_response() {
    on_both(|desk| async move {
        let answered = HAIR.replace(
            "要打12315投诉,,",
            "要打12315投诉,您好非常抱歉,2026-11-20 09:55:00",
        );
        desk.import(&[&answered]).await;
        let ticket = desk.first().await;
        let first = clock(&ticket, "first_response");
        assert_eq!(
            (first.state, first.fulfilled_at.as_deref()),
            (ClockState::Met, Some("2026-11-20T01:55:00.000Z"))
        );
        scheduler::tick(&desk.app).await.unwrap();
        assert!(desk.bell.shown().is_empty(), "what is answered does not ring");
        // The same reply, found by a later export of a review that came in without it.
        desk.import(&[SLOW]).await;
        let late = SLOW.replace("太慢了,,", "太慢了,抱歉,2026-11-20 09:30:00");
        desk.import(&[&late]).await;
        let page = desk.page(View::All, "一个半小时").await;
        let ticket = tickets::view(&desk.app, &page.rows[0].id).await.unwrap();
        assert_eq!(
            clock(&ticket, "first_response").fulfilled_at.as_deref(),
            Some("2026-11-20T01:30:00.000Z")
        );
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn old_reviews_are_history_without_ticket_or_alert_and_can_be_opened_by_hand() {
    on_both(|desk| async move {
        let old = HAIR.replace("2026-11-20 09:50:00", "2026-11-01 09:50:00");
        let batch = desk.import(&[&old]).await;
        assert_eq!((batch.new, batch.history, batch.tickets), (1, 1, 0));
        scheduler::tick(&desk.app).await.unwrap();
        assert!(desk.bell.shown().is_empty());
        let found = reviews::page(
            &desk.app,
            &ReviewQuery {
                search: "头发".into(),
                without_ticket: true,
                channels: vec![],
                sentiments: vec![],
                cursor: None,
                limit: 10,
            },
        )
        .await
        .unwrap();
        assert_eq!(found.total, 1);
        let ticket = tickets::open_by_hand(&desk.app, &found.rows[0].id).await.unwrap();
        assert_eq!(ticket.tier.rule, "by_hand");
        desk.is_sound().await;
        let more = file(&[&old.replace("r1,", "r77,").replace("881000000001", "881000000077")]);
        let opened = desk
            .import_with(
                &more,
                &ImportOptions {
                    open_days: Some(30),
                    ..ImportOptions::default()
                },
            )
            .await;
        assert_eq!((opened.history, opened.tickets), (0, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn search_finds_any_two_characters_and_filters_narrow_it() {
    on_both(|desk| async move {
        desk.import(&[HAIR, SLOW, GOOD]).await;
        for (words, hits) in [
            ("头发", 1),
            ("小时", 1),
            ("牛肉面里吃出一根", 1),
            ("人民广场", 2),
            ("赵先", 1),
            ("不存在", 0),
            ("881000000002", 1),
            ("凉", 1),
        ] {
            assert_eq!(desk.page(View::All, words).await.total, hits, "{words}");
        }
        // An import indexes what it has in memory; whatever it leaves is indexed as the database puts it.
        let texts = desk.store.texts_after(0, 100).await.unwrap();
        for row in desk.page(View::All, "").await.rows {
            let id = tickets::view(&desk.app, &row.id).await.unwrap().review.id;
            let review = desk.store.review_any(&id).await.unwrap().unwrap();
            assert!(texts.contains(&(review.number, review.searched())), "{texts:?}");
        }
        let number = desk.page(View::All, "").await.rows[0].number.clone();
        assert_eq!(desk.page(View::All, &number).await.rows[0].number, number);
        let urgent = InboxQuery {
            tiers: vec![Tier::Urgent],
            ..query(View::All, "人民广场")
        };
        assert_eq!(inbox::page(&desk.app, &urgent).await.unwrap().total, 1);
        let cause = InboxQuery {
            causes: vec![Cause::Logistics],
            ..query(View::All, "")
        };
        assert_eq!(inbox::page(&desk.app, &cause).await.unwrap().total, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_thousands_of_reviews_share_are_found_in_order_and_counted_to_a_thousand() {
    on_both(|desk| async move {
        let same = |n: usize, words: &str| {
            format!("m{n},2026-11-20 09:00:00,人民广场店,88300000{n:04},第{n}碗,顾客{n},1,{words},,\n")
        };
        let rows: Vec<String> = (0..1_100)
            .map(|n| same(n, "等了三个小时才送到，面都坨了，太差了。"))
            // All of its pairs of characters are in the others too, but they do not follow each other.
            .chain([same(1_100, "三个小时才送，送到都坨了，太差了，等了三个。")])
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let batch = desk.import(&rows).await;
        assert_eq!(batch.tickets, 1_101);
        for words in ["小时", "等了三个小时"] {
            let page = desk.page(View::All, words).await;
            assert_eq!((page.total, page.more), (1_000, true), "{words}");
            // Equally urgent tickets of one import come in the order of the file.
            let bowls: Vec<String> = page.rows.iter().filter_map(|row| row.product.clone()).collect();
            assert_eq!(
                bowls,
                (0..50).map(|n| format!("第{n}碗")).collect::<Vec<_>>(),
                "{words}"
            );
        }
        let page = desk.page(View::All, "送到都坨了").await;
        assert_eq!((page.total, page.more), (1, false));
        let all = reviews::page(
            &desk.app,
            &ReviewQuery {
                search: "等了三个小时".into(),
                without_ticket: false,
                channels: vec![],
                sentiments: vec![],
                cursor: None,
                limit: 50,
            },
        )
        .await
        .unwrap();
        assert_eq!((all.total, all.more), (1_000, true));
        let none = desk.page(View::All, "小时三个").await;
        assert_eq!((none.total, none.more), (0, false));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyword_opens_a_ticket_for_praise_too_and_an_urgent_one_makes_it_urgent() {
    on_both(|desk| async move {
        let rule = |keyword: &str, urgent: bool| KeywordRule {
            keyword: keyword.into(),
            channels: vec![],
            urgent,
        };
        for wrong in ["  ", "**", &"长".repeat(41)] {
            let refused = reading::save_keywords(&desk.app, vec![rule(wrong, false)])
                .await
                .unwrap_err();
            assert_eq!(refused.code, ErrorCode::Invalid, "{wrong}");
        }
        let view = reading::save_keywords(&desk.app, vec![rule("还会再来", false), rule("酸辣?", true)])
            .await
            .unwrap();
        assert_eq!(view.keywords.len(), 2);
        let batch = desk
            .import(&[GOOD, &GOOD.replace("r3,", "r4,").replace("味道", "酸辣粉味道")])
            .await;
        assert_eq!((batch.tickets, batch.urgent), (2, 1));
        let urgent = desk.first().await;
        assert_eq!(urgent.tier.tier, Tier::Urgent);
        assert_eq!(urgent.tier.rule, "keyword_urgent");
        assert_eq!(urgent.tier.keyword.as_deref(), Some("酸辣?"));
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_corrections_taught_can_be_seen_switched_off_forgotten_and_brought_back() {
    on_both(|desk| async move {
        desk.import(&[SLOW]).await;
        let ticket = desk.first().await;
        tickets::correct(
            &desk.app,
            &CorrectInput {
                ticket: ticket_ref(&ticket),
                tier: None,
                causes: Some(vec![Cause::Service]),
                severity: None,
                sentiment: None,
                reason: None,
            },
        )
        .await
        .unwrap();
        let examples = |view: &ReadingView| view.trades.iter().map(|trade| trade.examples).sum::<u32>();
        let learned = reading::get(&desk.app).await.unwrap();
        assert!(learned.learning);
        assert_eq!(examples(&learned), 1);
        assert!(!reading::switch_learning(&desk.app, false).await.unwrap().learning);
        let forgotten = reading::reset_learning(&desk.app).await.unwrap();
        assert_eq!((examples(&forgotten), forgotten.can_restore), (0, true));
        let back = reading::restore_learning(&desk.app).await.unwrap();
        assert_eq!((examples(&back), back.can_restore), (1, false));
        let twice = reading::restore_learning(&desk.app).await.unwrap_err();
        assert_eq!(twice.code, ErrorCode::NotNow);
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_continue_where_they_ended_without_gap_or_repeat() {
    on_both(|desk| async move {
        let rows: Vec<String> = (0..45)
            .map(|n| {
                SLOW.replace("r2,", &format!("p{n},"))
                    .replace("881000000002", &format!("8820000000{n:02}"))
            })
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        desk.import(&rows).await;
        let mut seen = std::collections::HashSet::new();
        let mut next = InboxQuery {
            limit: 20,
            ..query(View::All, "")
        };
        loop {
            let page = inbox::page(&desk.app, &next).await.unwrap();
            assert_eq!(page.total, 45);
            assert!(
                page.rows.iter().all(|row| seen.insert(row.id.clone())),
                "a row came twice"
            );
            match page.next {
                Some(cursor) => next.cursor = Some(cursor),
                None => break,
            }
        }
        assert_eq!(seen.len(), 45);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_import_can_be_taken_back_and_come_in_again_but_not_under_peoples_hands() {
    on_both(|desk| async move {
        let batch = desk.import(&[HAIR, SLOW]).await;
        assert!(intake::undo(&desk.app, &batch.id).await.unwrap().undone);
        assert_eq!(desk.page(View::All, "").await.total, 0);
        scheduler::tick(&desk.app).await.unwrap();
        assert!(desk.bell.shown().is_empty());
        let again = desk.import(&[HAIR, SLOW]).await;
        assert_eq!((again.new, again.tickets), (2, 2));
        let ticket = desk.first().await;
        tickets::note(&desk.app, &words(&ticket, "看过了")).await.unwrap();
        let refused = intake::undo(&desk.app, &again.id).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::NotNow);
        assert!(refused.message.contains(&ticket.number), "{}", refused.message);
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sample_data_comes_and_goes_in_one_click() {
    on_both(|desk| async move {
        let batch = workspace::load_sample(&desk.app).await.unwrap();
        assert_eq!((batch.rejected, batch.new), (0, 18), "{:?}", batch.rejects);
        assert!(batch.tickets >= 10 && batch.urgent >= 2, "{batch:?}");
        assert!(workspace::get(&desk.app).await.unwrap().has_sample);
        let gone = workspace::remove_sample(&desk.app).await.unwrap();
        assert!(!gone.has_sample && gone.is_empty);
        assert_eq!(desk.page(View::All, "").await.total, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follow_up_joins_the_ticket_of_its_review() {
    on_both(|desk| async move {
        let csv = "评价ID,评价时间,订单号,评分,评价内容,追评内容,追评时间\n\
            a1,2026-11-20 08:00:00,881000000031,2,等了一个半小时才送到，饭都凉了,三天了客服还是不回消息，太气人了,2026-11-20 09:30:00\n";
        let batch = desk.import_with(csv, &ImportOptions::default()).await;
        assert_eq!((batch.read, batch.new, batch.tickets), (1, 1, 1));
        let ticket = desk.first().await;
        assert_eq!(ticket.review.appends.len(), 1);
        assert_eq!(ticket.activities.iter().filter(|a| a.kind == "received").count(), 2);
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn business_hours_hold_for_tickets_that_come_after_the_choice() {
    on_both(|desk| async move {
        desk.import(&[SLOW]).await;
        let before = clock(&desk.first().await, "closure").due_at.clone();
        workspace::update(
            &desk.app,
            &WorkspaceUpdate {
                calendar: Some(CalendarChoice::Business),
                ..Default::default()
            },
        )
        .await
        .unwrap();
        // Friday 17:00; two working hours end on Monday at 10:00 (sla.md scenario 6).
        desk.clock.set(NOW + 7 * HOUR);
        desk.import(&[HAIR]).await;
        let page = desk.page(View::Urgent, "").await;
        let ticket = tickets::view(&desk.app, &page.rows[0].id).await.unwrap();
        assert_eq!(
            clock(&ticket, "first_response").due_at,
            "2026-11-23T02:00:00.000Z"
        );
        let page = desk.page(View::All, "一个半小时").await;
        let kept = tickets::view(&desk.app, &page.rows[0].id).await.unwrap();
        assert_eq!(
            clock(&kept, "closure").due_at,
            before,
            "an open ticket keeps its calendar"
        );
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tampering_with_the_log_is_found() {
    let desk = alone().await;
    desk.import(&[HAIR, SLOW]).await;
    desk.is_sound().await;
    desk.store
        .tamper_for_test("update activity set at = at - 3600000 where kind = 'received'")
        .await
        .unwrap();
    let report = verify::run(&desk.app).await.unwrap();
    assert!(
        report.faults.iter().any(|fault| fault.contains("was changed")),
        "{:?}",
        report.faults
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn backups_are_made_daily_kept_seven_and_bring_everything_back() {
    let desk = alone().await;
    desk.import(&[HAIR]).await;
    for _ in 0..9 {
        scheduler::tick(&desk.app).await.unwrap();
        desk.clock.advance(24 * HOUR);
    }
    assert_eq!(
        vault::list(&desk.app)
            .await
            .unwrap()
            .iter()
            .filter(|backup| backup.automatic)
            .count(),
        7
    );
    let made = vault::now(&desk.app).await.unwrap();
    desk.clock.set(NOW + 1000);
    desk.import(&[SLOW]).await;
    assert_eq!(desk.page(View::All, "").await.total, 2);
    vault::restore(&desk.app, &made.name).await.unwrap();
    assert_eq!(desk.page(View::All, "").await.total, 1);
    desk.is_sound().await;
    let before = vault::list(&desk.app)
        .await
        .unwrap()
        .into_iter()
        .find(|backup| backup.name.starts_with("before-restore"))
        .unwrap();
    vault::restore(&desk.app, &before.name).await.unwrap();
    assert_eq!(
        desk.page(View::All, "").await.total,
        2,
        "there is a way back from a restore"
    );
    let rubbish = desk.folder.path().join("x.db");
    std::fs::write(&rubbish, b"not a database at all").unwrap();
    assert!(vault::restore_file(&desk.app, &rubbish).await.is_err());
    assert_eq!(
        desk.page(View::All, "").await.total,
        2,
        "a bad backup changes nothing"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_import_keeps_nothing() {
    on_both(|desk| async move {
        let job = intake::Job::new(NOW);
        job.cancel();
        let path = std::env::temp_dir().join(format!("amends-cancel-{}.csv", std::process::id()));
        std::fs::write(&path, file(&[HAIR, SLOW])).unwrap();
        let error = intake::import_path(&desk.app, &path, &ImportOptions::default(), &job)
            .await
            .unwrap_err();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(error.code, ErrorCode::Cancelled, "{error:?}");
        assert_eq!(desk.store.review_count().await.unwrap(), 0);
        assert!(intake::batches(&desk.app).await.unwrap().is_empty());
        desk.is_sound().await;
    })
    .await;
}
