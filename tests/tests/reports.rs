//! Reports as people live them, each on SQLite and on PostgreSQL (product.md, Figures).

use amends_app::{ErrorCode, Letter, Post, dto::*, intake, reports, scheduler, tickets, workspace};
use amends_domain::{Cause, Department, Role, sla::event::Invitation};
use amends_store::{FactPage, FactPageRow, Halves};
use amends_tests::desk::{DAY, Desk, HAIR, HOUR, MINUTE, NOW, answer, on_both, ticket_ref, words};
use std::sync::{Arc, Mutex};

const SLOW: &str = "r2,2026-11-20 09:00:00,人民广场店,881000000002,双拼饭,赵先生,2,等了一个半小时才送到，饭都凉了，太慢了,,\n";
const GOOD: &str =
    "r3,2026-11-20 08:00:00,人民广场店,881000000003,酸辣粉,小鹿,5,味道很好，送得也快，还会再来,,\n";

fn week(name: &str) -> ReportQuery {
    reports::parse_period(ReportKind::Weekly, name).unwrap()
}

async fn of_week(desk: &Desk, name: &str) -> ReportView {
    reports::get(&desk.app, &week(name)).await.unwrap()
}

fn headline<'a>(view: &'a ReportView, id: &str) -> &'a amends_report::document::Headline {
    view.document
        .headlines
        .iter()
        .find(|headline| headline.id == id)
        .unwrap_or_else(|| panic!("no {id}"))
}

fn section<'a>(view: &'a ReportView, id: &str) -> &'a amends_report::document::Section {
    view.document
        .sections
        .iter()
        .find(|section| section.id == id)
        .unwrap_or_else(|| panic!("no {id}"))
}

/// Every key that a document offers, with the number written beside it where there is one.
fn offered(view: &ReportView) -> Vec<(String, Option<f64>)> {
    let mut all = Vec::new();
    let document = &view.document;
    all.extend(
        document
            .lead
            .iter()
            .filter_map(|span| Some((span.opens.clone()?, None))),
    );
    all.extend(
        document
            .headlines
            .iter()
            .filter_map(|one| Some((one.opens.clone()?, None))),
    );
    for section in &document.sections {
        for row in &section.rows {
            for (cell, column) in row.cells.iter().zip(&section.columns) {
                if let Some(key) = &cell.opens {
                    let counts = column.kind == amends_report::document::ValueKind::Count;
                    all.push((key.clone(), cell.value.filter(|_| counts)));
                }
                for part in cell.share.iter().flatten() {
                    all.extend(part.opens.clone().map(|key| (key, Some(part.value))));
                }
            }
        }
        for series in section.chart.iter().flat_map(|chart| &chart.series) {
            for (key, value) in series.opens.iter().zip(&series.values) {
                all.extend(key.clone().map(|key| (key, *value)));
            }
        }
    }
    all
}

/// A week with something of everything: two complaints (one answered in time and closed, one left alone), praise.
async fn a_week(desk: &Desk) {
    desk.import(&[HAIR, SLOW, GOOD]).await;
    desk.clock.set(NOW + 47 * MINUTE);
    let hair = desk.first().await;
    let hair = tickets::reply(&desk.app, &answer(&hair, "非常抱歉，店长马上联系您。", None))
        .await
        .unwrap();
    desk.clock.set(NOW + 5 * HOUR);
    let hair = tickets::resolve(&desk.app, &words(&hair, "已退款并陪同就医"))
        .await
        .unwrap();
    tickets::close(
        &desk.app,
        &CloseInput {
            ticket: ticket_ref(&hair),
            invitation: Invitation::Sent,
            reason: None,
        },
    )
    .await
    .unwrap();
    desk.clock.set(NOW + 2 * DAY + 13 * HOUR);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_week_tells_what_was_kept_and_what_was_missed() {
    on_both(|desk| async move {
        a_week(&desk).await;
        let view = of_week(&desk, "2026-W47").await;
        assert_eq!(
            (view.name.as_str(), view.from_day.as_str(), view.to_day.as_str()),
            ("2026-W47", "2026-11-16", "2026-11-22")
        );
        assert!(view.running && !view.empty && view.next_day.is_none());
        // 王小姐 was answered within 2 hours, 赵先生 (important, 12 h) never.
        let first = headline(&view, "first_response_attainment");
        assert_eq!((first.value.as_str(), first.number), ("50.0%", Some(0.5)));
        assert!(
            first.detail.contains("2 件里 1 件按时") && first.detail.contains("样本少"),
            "{}",
            first.detail
        );
        assert_eq!(headline(&view, "first_response_median").value, "47 分钟");
        assert_eq!(
            headline(&view, "recovery").value,
            "暂无数据",
            "nobody was called yet, and nothing is faked"
        );
        let breaches = section(&view, "breaches");
        assert!(
            breaches
                .rows
                .iter()
                .any(|row| row.cells[2].text == "首次答复" && row.cells[0].badge.is_none())
        );
        assert_eq!(section(&view, "remedies").rows.len(), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_number_opens_exactly_the_tickets_behind_it() {
    on_both(|desk| async move {
        a_week(&desk).await;
        let report = week("2026-W47");
        let view = reports::get(&desk.app, &report).await.unwrap();
        let offered = offered(&view);
        assert!(offered.len() > 15, "{offered:?}");
        for (key, shown) in offered {
            let set = TicketSet {
                report: report.clone(),
                key: key.clone(),
            };
            let page = reports::tickets(&desk.app, &set)
                .await
                .unwrap_or_else(|error| panic!("{key}: {error}"));
            assert_eq!(page.rows.len(), page.total as usize, "{key}");
            assert!(page.title.starts_with("第 47 周 · "), "{key}: {}", page.title);
            if let Some(shown) = shown {
                assert_eq!(f64::from(page.total), shown, "{key}");
            }
        }
        let gone = TicketSet {
            report,
            key: "promise.nonsense".into(),
        };
        let error = reports::tickets(&desk.app, &gone).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::NotFound);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_shows_only_its_part_and_says_so() {
    on_both(|desk| async move {
        desk.import(&[HAIR, SLOW]).await;
        let mut query = week("2026-W47");
        query.cut.causes = vec![Cause::Logistics];
        let view = reports::get(&desk.app, &query).await.unwrap();
        assert!(
            view.document.subtitle.contains("只看 物流"),
            "{}",
            view.document.subtitle
        );
        let causes = section(&view, "causes");
        assert_eq!(causes.rows[0].cells[1].text, "1");
        assert_eq!(view.choices.shops, ["人民广场店"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_is_the_people_it_has_and_a_source_the_reviews_it_brought() {
    on_both(|desk| async move {
        desk.import(&[HAIR, SLOW, GOOD]).await;
        let me = workspace::get(&desk.app).await.unwrap().actor.unwrap();
        let mine = AssignInput {
            ticket: ticket_ref(&desk.first().await),
            person_id: Some(me.id),
        };
        tickets::assign(&desk.app, &mine).await.unwrap();
        let tickets_of = async |narrow: &dyn Fn(&mut ReportCut)| {
            let mut query = week("2026-W47");
            narrow(&mut query.cut);
            let view = reports::get(&desk.app, &query).await.unwrap();
            let rows = section(&view, "channels").rows.iter();
            let tickets: f64 = rows.filter_map(|row| row.cells[1].value).sum();
            // What they said is cut like what is counted of them.
            let said = reports::themes(&desk.app, &query).await.unwrap().texts;
            assert_eq!(f64::from(said), tickets);
            (tickets, view)
        };
        let (all, view) = tickets_of(&|_| {}).await;
        assert_eq!(all, 2.0);
        let names: Vec<_> = view.choices.sources.iter().map(|source| &source.name).collect();
        assert_eq!(names, ["文件 · 其他渠道"]);
        assert_eq!(view.choices.teams, [Department::Desk]);
        // 李娜 of 客服 has one; nobody has the other.
        let (desk_only, view) = tickets_of(&|cut| cut.teams = vec![Department::Desk]).await;
        assert!(
            view.document.subtitle.contains("只看 客服"),
            "{}",
            view.document.subtitle
        );
        assert_eq!(desk_only, 1.0);
        let (nobody, _) = tickets_of(&|cut| cut.teams = vec![Department::Marketing]).await;
        assert_eq!(nobody, 0.0, "a team without people is not everybody");
        let (by_name, _) = tickets_of(&|cut| cut.people = vec!["李娜".into()]).await;
        assert_eq!(by_name, desk_only);
        let (source, _) = tickets_of(&|cut| cut.sources = vec!["文件 · 其他渠道".into()]).await;
        assert_eq!(source, all);
        let (elsewhere, _) = tickets_of(&|cut| cut.sources = vec!["文件 · 美团".into()]).await;
        assert_eq!(elsewhere, 0.0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_review_counts_as_corrected_and_an_import_taken_back_does_not_count() {
    on_both(|desk| async move {
        let batch = desk.import(&[SLOW, GOOD]).await;
        let negatives = |view: &ReportView| {
            view.document
                .lead
                .iter()
                .map(|span| span.text.as_str())
                .collect::<String>()
        };
        assert!(negatives(&of_week(&desk, "2026-W47").await).contains("不满意的 1 条"));
        let ticket = desk.first().await;
        let corrected = CorrectInput {
            ticket: ticket_ref(&ticket),
            tier: None,
            causes: None,
            severity: None,
            sentiment: Some(amends_domain::Sentiment::Pos),
            reason: None,
        };
        tickets::correct(&desk.app, &corrected).await.unwrap();
        let told = negatives(&of_week(&desk, "2026-W47").await);
        assert!(told.contains("不满意的 0 条"), "{told}");
        let error = intake::undo(&desk.app, &batch.id).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::NotNow, "somebody worked on it");
        let other = desk.import(&[HAIR]).await;
        intake::undo(&desk.app, &other.id).await.unwrap();
        assert!(negatives(&of_week(&desk, "2026-W47").await).contains("收到 2 条评价"));
        let back = intake::bring_back(&desk.app, &other.id).await.unwrap();
        assert!(!back.undone);
        assert!(negatives(&of_week(&desk, "2026-W47").await).contains("收到 3 条评价"));
        desk.is_sound().await;
    })
    .await;
}

/// Imports a file with one order.
async fn order(desk: &Desk, number: &str) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("订单.csv");
    let orders = format!(
        "订单编号,付款时间,会员名,商品名称,实付金额\n{number},2026-11-18 12:00:00,会员,双拼饭,25.50\n"
    );
    std::fs::write(&path, orders).unwrap();
    let done = intake::import_orders(&desk.app, &path, &OrdersOptions::default()).await;
    assert_eq!(done.unwrap().new, 1);
}

/// Facts are kept packed between two counts: each kind of change must be seen by the next one, whoever made it.
#[tokio::test(flavor = "multi_thread")]
async fn no_change_is_missed_by_the_next_count() {
    on_both(|desk| async move {
        let batch = desk.import(&[HAIR, SLOW, GOOD]).await;
        let counted = async |app: &amends_app::App| {
            let everything = ReportCut::default();
            let figures = reports::figures_between(app, "2026-11-16", "2026-11-22", &everything).await;
            figures.unwrap()["figures"].to_string()
        };
        let mut before = counted(&desk.app).await;
        let mut changed = async |what: &str| {
            let now = counted(&desk.app).await;
            assert_ne!(now, before, "{what}");
            let (fresh, _) = desk.restarted().await;
            assert_eq!(
                counted(&fresh).await,
                now,
                "{what}: whoever has counted before counts the same"
            );
            before = now;
            desk.is_sound().await;
        };
        desk.clock.set(NOW + 47 * MINUTE);
        let hair = desk.first().await;
        let hair = tickets::reply(&desk.app, &answer(&hair, "非常抱歉，店长马上联系您。", None))
            .await
            .unwrap();
        changed("an answer").await;
        let corrected = CorrectInput {
            ticket: ticket_ref(&hair),
            tier: Some(amends_domain::Tier::General),
            causes: Some(vec![Cause::Service]),
            severity: None,
            sentiment: None,
            reason: Some("店长核实".into()),
        };
        let hair = tickets::correct(&desk.app, &corrected).await.unwrap();
        changed("a correction").await;
        let undo = UndoInput {
            ticket_id: hair.id.clone(),
            activity_id: hair.undo.expect("it can be undone").activity_id,
        };
        tickets::undo(&desk.app, &undo).await.unwrap();
        changed("what was undone").await;
        // The same reviews again, one of them raised to five stars by its author.
        let raised = HAIR.replacen(",1,", ",5,", 1);
        assert_ne!(raised, HAIR);
        assert_eq!(desk.import(&[&raised]).await.updated, 1);
        changed("a review that its author changed").await;
        let renamed = raised
            .replacen(",5,", ",4,", 1)
            .replacen("牛肉面", "招牌牛肉面", 1);
        assert_eq!(desk.import(&[&renamed]).await.updated, 1);
        changed("its stars and the name of its product").await;
        order(&desk, "990001").await;
        changed("orders").await;
        let other = desk
            .import(&["r9,2026-11-20 09:30:00,人民广场店,881000000009,双拼饭,周先生,1,汤洒了一半,,\n"])
            .await;
        changed("an import").await;
        intake::undo(&desk.app, &other.id).await.unwrap();
        changed("an import taken back").await;
        intake::bring_back(&desk.app, &other.id).await.unwrap();
        changed("an import brought back").await;
        assert!(!batch.undone);
    })
    .await;
}

/// The blocks whose pages stand.
async fn ready(desk: &Desk, kind: FactPage) -> Vec<i64> {
    let stamps = desk.store.fact_stamps(kind, reports::PAGE_FORMAT).await.unwrap();
    stamps.into_iter().map(|stamp| stamp.block).collect()
}

/// Reading everything back would let the first report after a big import wait.
#[tokio::test(flavor = "multi_thread")]
async fn an_import_packs_what_it_fills_and_it_is_what_would_be_packed_later() {
    let rows: Vec<String> = (0..2_100)
        .map(|n| {
            let (stars, said, reply) = match n % 10 {
                0 => (1, "牛肉面里吃出一根头发，太恶心了", ",,"),
                1 => (2, "等了两个小时才送到，饭都凉了", ",非常抱歉，已为您补偿,2026-11-20 09:58:00"),
                2 => (3, "味道还行，就是有点慢", ",,"),
                _ => (5, "味道很好，还会再来", ",,"),
            };
            let (shop, dish) = (n % 7, n % 11);
            format!("p{n},2026-11-20 09:{:02}:00,{shop}号店,7700{n:05},第{dish}道菜,顾客{n},{stars},第{n}次：{said}{reply}\n", n % 50)
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    on_both(|desk| {
        let rows = &rows;
        async move {
            let batch = desk.import(rows).await;
            assert!(batch.new == 2_100 && batch.tickets > 400, "{batch:?}");
            // Review numbers begin at 1, so the first block is never whole, and the last one still grows; the second was
            // written in two chunks.
            for kind in [FactPage::Reviews, FactPage::Tickets] {
                assert_eq!(ready(&desk, kind).await, [1], "{kind:?}");
            }
            desk.is_sound().await;
            assert!(reports::make_ready(&desk.app).await.unwrap());
            assert_eq!(ready(&desk, FactPage::Tickets).await, [0, 1, 2]);
            order(&desk, "770002105").await;
            assert_eq!(
                ready(&desk, FactPage::Tickets).await,
                [0_i64; 0],
                "an order names a customer"
            );
            let more: Vec<String> = rows
                .iter()
                .map(|row| row.replacen(['p'], "q", 1).replacen("7700", "7711", 1))
                .collect();
            let more: Vec<&str> = more.iter().map(String::as_str).collect();
            assert_eq!(desk.import(&more).await.new, 2_100);
            assert_eq!(
                ready(&desk, FactPage::Reviews).await,
                [0, 1, 3],
                "reviews have no customer"
            );
            assert_eq!(
                ready(&desk, FactPage::Tickets).await,
                [0_i64; 0],
                "tickets may be of one who ordered"
            );
            desk.is_sound().await;
        }
    })
    .await;
}

/// Between two chunks of an import a promise may change, or orders come in.
#[tokio::test(flavor = "multi_thread")]
async fn a_claimed_page_is_not_kept_once_a_fact_of_it_has_changed() {
    on_both(|desk| async move {
        const CLAIM: i64 = 77;
        let kind = FactPage::Tickets;
        desk.import(&[HAIR, SLOW, GOOD]).await;
        let claimed = async || {
            let mut tx = desk.store.begin().await.unwrap();
            tx.take_fact_page(kind, 0, CLAIM).await.unwrap();
            tx.commit().await.unwrap();
        };
        let kept = async || {
            let page = FactPageRow {
                kind,
                block: 0,
                format: reports::PAGE_FORMAT,
                from_at: 0,
                until_at: 0,
                halves: Halves {
                    open_bytes: vec![1],
                    bytes: vec![1],
                },
            };
            let mut tx = desk.store.begin().await.unwrap();
            let held = tx.holds_fact_page(kind, 0, CLAIM).await.unwrap();
            tx.save_fact_page(&page, CLAIM).await.unwrap();
            tx.commit().await.unwrap();
            (held, ready(&desk, kind).await.is_empty())
        };
        claimed().await;
        assert_eq!(kept().await, (true, false), "nothing has changed");
        claimed().await;
        let ticket = desk.first().await;
        tickets::reply(&desk.app, &answer(&ticket, "非常抱歉，店长马上联系您。", None))
            .await
            .unwrap();
        assert_eq!(kept().await, (false, true), "an answer");
        claimed().await;
        order(&desk, "990001").await;
        assert_eq!(kept().await, (false, true), "orders");
        claimed().await;
        of_week(&desk, "2026-W47").await;
        assert_eq!(kept().await, (false, false), "somebody made it meanwhile");
        desk.is_sound().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_taken_back_is_not_brought_back_beside_the_same_reviews() {
    on_both(|desk| async move {
        let first = desk.import(&[HAIR]).await;
        intake::undo(&desk.app, &first.id).await.unwrap();
        let again = desk.import(&[HAIR]).await;
        assert_eq!(again.new, 1);
        let error = intake::bring_back(&desk.app, &first.id).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::NotNow);
        assert!(error.message.contains("后来又导入过"), "{}", error.message);
        intake::undo(&desk.app, &again.id).await.unwrap();
        assert!(!intake::bring_back(&desk.app, &first.id).await.unwrap().undone);
        assert_eq!(desk.page(View::All, "").await.total, 1);
    })
    .await;
}

/// A post that keeps what it was to carry.
#[derive(Default)]
struct Letters(Mutex<Vec<Letter>>);

impl Post for Letters {
    fn send(&self, letter: &Letter) -> std::io::Result<()> {
        self.0.lock().unwrap().push(letter.clone());
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_monday_at_nine_the_manager_is_told_once_and_the_report_stays_as_it_was() {
    on_both(|desk| async move {
        a_week(&desk).await;
        let manager = desk.sit("何经理", Role::Manager).await;
        // Friday 10:00 + 2 d 23 h is Monday 09:00.
        desk.at(2 * DAY + 23 * HOUR - MINUTE).await;
        assert!(
            reports::archive(&desk.app).await.unwrap().is_empty(),
            "{manager} came on Sunday"
        );
        let rung = desk.bell.shown().len();
        let letters = Arc::new(Letters::default());
        desk.app.set_post(letters.clone());
        desk.at(2 * DAY + 23 * HOUR).await;
        desk.at(2 * DAY + 23 * HOUR + 2 * MINUTE).await;
        let told: Vec<_> = desk
            .bell
            .shown()
            .into_iter()
            .skip(rung)
            .filter(|notice| notice.report_id.is_some())
            .collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].title, "第 47 周周报好了");
        assert!(told[0].body.contains("不满意的"), "{}", told[0].body);
        let sent = letters.0.lock().unwrap().clone();
        let to: Vec<_> = sent
            .iter()
            .map(|letter| (&*letter.to, &*letter.subject))
            .collect();
        assert_eq!(to, [("何经理", "第 47 周周报")]);
        assert!(sent[0].html.contains("不满意的") && !sent[0].html.contains("王小姐"));
        let kept = reports::archive(&desk.app).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert!(kept[0].unread);
        let then = reports::archived(&desk.app, &kept[0].id).await.unwrap();
        assert!(then.archived_at.is_some());
        desk.import(&[
            "late,2026-11-21 09:00:00,人民广场店,881000000009,凉面,孙先生,1,面里有钢丝球的铁丝，扎到嘴了,,\n",
        ])
        .await;
        assert_ne!(
            of_week(&desk, "2026-W47").await.document,
            then.document,
            "the living report moves on"
        );
        let (again, bell) = desk.restarted().await;
        scheduler::tick(&again).await.unwrap();
        assert!(
            bell.shown().iter().all(|notice| notice.report_id.is_none()),
            "told once over restarts"
        );
        let unchanged = reports::archived(&again, &kept[0].id).await.unwrap();
        assert_eq!(unchanged.document, then.document);
        assert!(!reports::archive(&again).await.unwrap()[0].unread);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_improvement_is_owned_finished_and_measured() {
    on_both(|desk| async move {
        let owner = desk.sit("周凯", Role::Supervisor).await;
        // Four weeks with six complaints each about cold food, then two weeks with one each.
        let mut rows = Vec::new();
        for (week, count) in [(6, 6), (5, 6), (4, 6), (3, 6), (1, 1)] {
            for n in 0..count {
                let day = 20 - 7 * i64::from(week);
                let at = chrono::DateTime::from_timestamp_millis(NOW + (day - 20) * DAY).unwrap();
                rows.push(format!(
                    "w{week}n{n},{},人民广场店,77{week}00{n},双拼饭,顾客{week}{n},2,饭菜送到已经凉了，没法吃,,\n",
                    at.format("%Y-%m-%d 12:00:00")
                ));
            }
        }
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        desk.import(&rows).await;
        let input = ImprovementInput {
            id: None,
            title: "大学城店配送改用保温箱".into(),
            theme: Some("凉了".into()),
            cause: None,
            product: Some("双拼饭".into()),
            shop: None,
            expected: "凉了的差评减半".into(),
            owner: Some(owner),
            due_day: "2026-11-18".into(),
        };
        let written = reports::improvement_save(&desk.app, input.clone()).await.unwrap();
        assert_eq!((written.state, written.late_days), (ImprovementState::Late, 2));
        let counts: Vec<u32> = written.weeks.iter().map(|week| week.count).collect();
        assert_eq!(counts, [0, 6, 6, 6, 6, 0, 1, 0], "{:?}", written.weeks);
        let bad = ImprovementInput {
            due_day: "明天".into(),
            ..input
        };
        assert_eq!(reports::improvement_save(&desk.app, bad).await.unwrap_err().code, ErrorCode::Invalid);
        // Done in the week after the fourth; two full weeks have passed by the next Monday.
        desk.clock.set(NOW - 14 * DAY);
        reports::improvement_step(&desk.app, &written.id, ImprovementStep::Done).await.unwrap();
        desk.clock.set(NOW + 3 * DAY);
        let done = reports::improvements(&desk.app).await.unwrap().remove(0);
        assert_eq!(done.state, ImprovementState::Done);
        assert_eq!((done.before, done.after), (Some(6.0), Some(0.5)));
        assert!(done.beyond_chance);
        let dropped = reports::improvement_step(&desk.app, &written.id, ImprovementStep::Dropped { why: String::new() }).await;
        assert_eq!(dropped.unwrap_err().code, ErrorCode::Invalid);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lesson_belongs_to_its_week() {
    on_both(|desk| async move {
        let input = LessonInput {
            week: "2026-W47".into(),
            theme: Some("凉了".into()),
            body: "高峰期先出汤面，骑手到店再装。".into(),
        };
        reports::lesson_add(&desk.app, input).await.unwrap();
        assert_eq!(reports::lessons(&desk.app, "2026-W47").await.unwrap().len(), 1);
        assert!(reports::lessons(&desk.app, "2026-W46").await.unwrap().is_empty());
        assert_eq!(
            reports::lessons(&desk.app, "上周").await.unwrap_err().code,
            ErrorCode::Invalid
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_make_rates_and_the_same_file_changes_nothing() {
    on_both(|desk| async move {
        desk.import(&[HAIR, SLOW, GOOD]).await;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("订单.csv");
        let mut text = String::from("订单编号,付款时间,会员名,商品名称,实付金额\n");
        for n in 0..500 {
            text.push_str(&format!("99{n:04},2026-11-18 12:00:00,会员{n},双拼饭,25.50\n"));
            // A line for each product of an order, as most exports have it.
            if n % 2 == 0 {
                text.push_str(&format!(
                    "99{n:04},2026-11-18 12:00:00,会员{n},红烧牛肉面,25.50\n"
                ));
            }
        }
        std::fs::write(&path, text).unwrap();
        let options = OrdersOptions::default();
        let first = intake::import_orders(&desk.app, &path, &options).await.unwrap();
        assert_eq!((first.read, first.new, first.known), (750, 500, 0));
        let again = intake::import_orders(&desk.app, &path, &options).await.unwrap();
        assert_eq!((again.new, again.known), (0, 500));
        let view = of_week(&desk, "2026-W47").await;
        let products = section(&view, "products");
        assert_eq!(products.columns[5].title, "每千单差评");
        let rate = |name: &str| {
            let row = products.rows.iter().find(|row| row.cells[0].text == name);
            row.unwrap().cells[5].text.clone()
        };
        assert_eq!(rate("双拼饭"), "2.0", "1 complaint of 500 orders");
        assert_eq!(rate("红烧牛肉面"), "4.0", "1 complaint of 250 orders");
        let review_file = folder.path().join("评价.csv");
        std::fs::write(&review_file, "评价内容,评价时间,评分\n不错,2026-11-20,5\n").unwrap();
        let error = intake::import_orders(&desk.app, &review_file, &options)
            .await
            .unwrap_err();
        assert_eq!(error.code, ErrorCode::File);
        assert!(error.message.contains("没有导入任何内容"), "{}", error.message);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_customers_said_is_found_counted_and_opened() {
    on_both(|desk| async move {
        let mut rows = Vec::new();
        let where_ = ["瓶盖", "包装", "泵头又", "瓶口一直", "收到就", "打开发现", "第二次买还是"];
        let then = ["，箱子里黏糊糊", "了，洒了大半", "，纸箱都湿透", "，弄得满手都是", "严重，客服不认"];
        for n in 0..14 {
            rows.push(format!(
                "l{n},2026-11-19 1{}:00:00,人民广场店,66{n:04},去屑洗发水,顾客{n},1,{}漏液{},,\n",
                n % 10,
                where_[n % where_.len()],
                then[n % then.len()]
            ));
        }
        for n in 0..24 {
            let day = 23 + n % 7;
            let (month, day) = if n % 2 == 0 { (10, day) } else { (11, 1 + n % 14) };
            rows.push(format!(
                "o{n},2026-{month}-{day:02} 12:00:00,人民广场店,55{n:04},双拼饭,客人{n},2,等了{n}0分钟才送到，饭菜有点凉了,,\n"
            ));
        }
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        desk.import_with(
            &amends_tests::desk::file(&rows),
            &ImportOptions {
                open_days: Some(60),
                ..ImportOptions::default()
            },
        )
        .await;
        let report = week("2026-W47");
        let said = reports::themes(&desk.app, &report).await.unwrap();
        let leak = said
            .themes
            .iter()
            .filter(|theme| theme.label.contains("漏液"))
            .max_by_key(|theme| theme.count)
            .unwrap_or_else(|| panic!("{:?}", said.themes.iter().map(|theme| &theme.label).collect::<Vec<_>>()));
        assert!(leak.new && leak.beyond_chance && leak.warning, "{:?}", said.themes.iter().map(|theme| (&theme.label, theme.count)).collect::<Vec<_>>());
        assert_eq!(leak.count, 14);
        assert_eq!(leak.gathers[0].name, "去屑洗发水");
        let page = reports::tickets(
            &desk.app,
            &TicketSet {
                report,
                key: leak.key.clone(),
            },
        )
        .await
        .unwrap();
        assert_eq!(page.total + page.without_ticket, leak.count);
    })
    .await;
}
