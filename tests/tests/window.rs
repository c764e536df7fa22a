//! Journeys of a person in the real window: a real screen, a real bus, real keys, the program as it is shipped.
//!
//! Every name begins with `journey_`: `cargo xtask test` runs them one after another, apart from the quick tests.

use amends_tests::accessibility::{findings, must_be_clean};
use amends_tests::desktop::{Desktop, Home, Look};
use amends_tests::exports::{self, COLD_SOUP, RARE_WORD, URGENT};
use amends_tests::notifications::Notice;
use amends_tests::programs::Cli;
use amends_tests::robots::Platform;
use amends_tests::steps::{SCREENS, go_to, go_to_import, import, skip_the_welcome, walk_through_the_welcome};
use amends_tests::window::{Window, by};
use std::fs;
use std::process::Command;
use std::time::Duration;

const URGENT_ROW: &str = "[data-testid=\"inbox-row\"][data-tier=\"urgent\"]";
const CALM_ROW: &str = "[data-testid=\"inbox-row\"]:not([data-tier=\"urgent\"])";
const FIRST_RESPONSE: &str = "clock-first_response";

fn start_with_a_morning_imported(desktop: &Desktop, home: &Home, look: Look) -> Window {
    let window = desktop.open_with(home.path(), look, &[]);
    walk_through_the_welcome(&window);
    let file = exports::write_gb18030(home.path(), "morning.csv", &exports::a_morning(exports::now()));
    import(desktop, &window, &file);
    window.click(&by("import-done"));
    window.click(&by("view-all"));
    window.wait_for(CALM_ROW);
    window
}

fn urgent_notice(desktop: &Desktop) -> Notice {
    desktop
        .notifications
        .wait_for("about the urgent review", |n| n.title.contains("紧急"))
}

#[test]
fn journey_an_urgent_review_rings_is_answered_and_stays_answered_after_a_restart() {
    let (desktop, home) = (Desktop::start(), Home::new());
    let window = start_with_a_morning_imported(&desktop, &home, Look::Light);

    let first = window.attribute(&by("inbox-row"), "data-tier");
    assert_eq!(
        first.as_deref(),
        Some("urgent"),
        "the urgent ticket is on top:\n{}",
        window.page()
    );

    let notice = urgent_notice(&desktop);
    let words = format!("{}\n{}", notice.title, notice.body);
    assert!(
        words.contains("食物中毒") || words.contains("上吐下泻"),
        "the customer's words are in: {words}"
    );
    assert!(
        !words.contains("13800138000"),
        "the private number is masked: {words}"
    );

    window.click(CALM_ROW);
    window.wait_until("another ticket is open", || {
        !window.text(&by("review-body")).contains("食物中毒")
    });
    desktop.notifications.click(&notice, "default");
    window.wait_until("the click opened the urgent ticket", || {
        window.text(&by("review-body")).contains("食物中毒")
    });

    window.wait_for(&by("composer"));
    assert_eq!(
        window.attribute(&by(FIRST_RESPONSE), "data-state").as_deref(),
        Some("running")
    );
    window.type_into(
        &by("composer"),
        "王女士您好，非常抱歉让您和孩子遭遇这样的事，我们已派店长赶往医院。",
    );
    window.click(&by("reply-done"));
    window.wait_until("the answer stopped the first-response clock", || {
        window.attribute(&by(FIRST_RESPONSE), "data-state").as_deref() == Some("met")
    });
    let rung = desktop.notifications.all().len();
    window.quit();

    let window = desktop.open(home.path());
    window.wait_for(&by("nav-inbox"));
    window.click(&by("view-all"));
    window.wait_for(URGENT_ROW);
    window.click(URGENT_ROW);
    window.wait_until("the ticket is still answered", || {
        window.attribute(&by(FIRST_RESPONSE), "data-state").as_deref() == Some("met")
    });
    assert!(
        window.page().contains("已派店长赶往医院"),
        "the answer is in the history:\n{}",
        window.page()
    );
    std::thread::sleep(Duration::from_secs(2));
    let again: Vec<String> = desktop.notifications.all()[rung..]
        .iter()
        .map(|n| n.title.clone())
        .collect();
    assert!(again.is_empty(), "nothing rings twice: {again:?}");
}

#[test]
fn journey_search_corrections_notes_and_undo_work_and_leave_a_trace() {
    let (desktop, home) = (Desktop::start(), Home::new());
    let window = start_with_a_morning_imported(&desktop, &home, Look::Light);

    window.type_into(&by("search"), RARE_WORD);
    window.wait_until("the search finds the cold soup only", || {
        window.count(&by("inbox-row")) == 1 && window.page().contains(&COLD_SOUP[..12])
    });
    window.click(&by("inbox-row"));

    window.wait_for(&by("note-input"));
    window.type_into(&by("note-input"), "已请骑手说明情况");
    window.click(&by("note-save"));
    window.wait_until("the note is in the history", || {
        window.page().matches("已请骑手说明情况").count() >= 1
    });
    window.click(&by("undo"));
    window.wait_until("the note was taken back", || !window.has(&by("undo")));

    window.type_into(&by("composer"), "很抱歉汤底凉了，已为您重新制作并安排退款。");
    window.click(&by("reply-done"));
    window.wait_until("answered", || {
        window.attribute(&by(FIRST_RESPONSE), "data-state").as_deref() == Some("met")
    });
    window.click(&by("undo"));
    window.wait_until("the answer was taken back and the clock runs again", || {
        window.attribute(&by(FIRST_RESPONSE), "data-state").as_deref() == Some("running")
    });
    assert_eq!(
        Cli::on(&home.data()).run(&["verify"]).code,
        0,
        "the audit chain holds"
    );
}

#[test]
fn journey_everything_works_by_keyboard_alone() {
    let (desktop, home) = (Desktop::start(), Home::new());
    let window = desktop.open(home.path());
    window.wait_for(&by("welcome-next"));
    for _ in 0..12 {
        if window.has(&by("choose-file")) || !window.has(&by("welcome-next")) {
            break;
        }
        if window.has(&by("person-name")) && window.value(&by("person-name")).is_empty() {
            tab_to(&desktop, &window, "person-name");
            desktop.keyboard("Lin");
        }
        tab_to(&desktop, &window, "welcome-next");
        desktop.press(&["Return"]);
        std::thread::sleep(Duration::from_millis(300));
    }
    if !window.has(&by("choose-file")) {
        tab_to(&desktop, &window, "nav-sources");
        desktop.press(&["Return"]);
        window.wait_for(&by("choose-file"));
    }
    let file = exports::write_utf8_bom(home.path(), "morning.csv", &exports::a_morning(exports::now()));
    desktop.choose_file(&file, || {
        tab_to(&desktop, &window, "choose-file");
        desktop.press(&["Return"]);
    });
    window.wait_for(&by("import-start"));
    tab_to(&desktop, &window, "import-start");
    desktop.press(&["Return"]);
    window.wait_for(&by("import-done"));
    tab_to(&desktop, &window, "import-done");
    desktop.press(&["Return"]);
    window.wait_for(&by("inbox-row"));

    // Single keys are the inbox's own: down, down, up, open, reply.
    desktop.press(&["j", "j", "k", "Return"]);
    window.wait_for(&by("composer"));
    desktop.press(&["r"]);
    window.wait_until("r leads to the reply box", || window.focused() == "composer");
    desktop.keyboard("We are sorry and have refunded you.");
    window.wait_until("the reply is typed", || {
        window.value(&by("composer")).ends_with("refunded you.")
    });
    tab_to(&desktop, &window, "reply-done");
    desktop.press(&["Return"]);
    window.wait_until("the clock stopped", || {
        window.attribute(&by(FIRST_RESPONSE), "data-state").as_deref() == Some("met")
    });
    desktop.press(&["Escape", "slash"]);
    window.wait_until("/ leads to the search", || window.focused() == "search");
}

fn tab_to(desktop: &Desktop, window: &Window, testid: &str) {
    window.wait_for(&by(testid));
    tab_until(desktop, window, 120, testid, || window.focused() == testid);
}

/// Presses Tab as often as it takes, at most `most` times, and looks only after each has moved the focus: a key goes through the screen and
/// a question does not, so that asked at once the page may answer for the press before and a stop is passed unseen.
fn tab_until(desktop: &Desktop, window: &Window, most: usize, what: &str, there: impl Fn() -> bool) {
    let none = serde_json::json!([]);
    let mut passed = Vec::new();
    for _ in 0..most {
        if there() {
            return;
        }
        passed.push(window.focused());
        window.script("window.focusBefore = document.activeElement", none.clone());
        desktop.press(&["Tab"]);
        window.wait_until("Tab moves the focus", || {
            window.script(
                "return document.activeElement !== window.focusBefore",
                none.clone(),
            ) == true
        });
    }
    panic!("Tab never reaches {what}; it passed {passed:?}");
}

#[test]
fn journey_the_week_is_read_its_numbers_opened_and_the_report_saved() {
    let (desktop, home) = (Desktop::start(), Home::new());
    let window = start_with_a_morning_imported(&desktop, &home, Look::Light);
    window.script("document.activeElement.blur()", serde_json::json!([]));
    desktop.press(&["g", "w"]);
    window.wait_for(&by("report"));
    // Until Sunday the week before is shown; the morning's reviews are of this one.
    let enabled = format!("{}:not([disabled])", by("period-next"));
    if window.has(&enabled) {
        window.click(&enabled);
        window.wait_until("the running week", || window.has(&by("running")));
    }
    let numbers = format!("{} [data-opens]", by("section-causes"));
    window.wait_for(&numbers);

    let first_number = "const all = [...document.querySelectorAll(arguments[0])]; \
         return all.find((a) => /^[0-9]+$/.test(a.textContent.trim()))?.textContent.trim() ?? ''";
    let shown = window.script(first_number, serde_json::json!([numbers]));
    let shown: u64 = shown
        .as_str()
        .and_then(|text| text.parse().ok())
        .expect("a number of tickets");
    let open = "[...document.querySelectorAll(arguments[0])].find((a) => /^[0-9]+$/.test(a.textContent.trim())).click()";
    window.script(open, serde_json::json!([numbers]));
    window.wait_for(&by("set-title"));
    window.wait_until("as many tickets as the number said", || {
        window.count(&by("inbox-row")) == shown
    });
    window.click(&by("set-back"));
    window.wait_for(&by("section-causes"));

    let target = home.path().join("week.pdf");
    window.click(&by("export-pdf"));
    window.wait_for(&by("export-go"));
    desktop.choose_file(&target, || window.click(&by("export-go")));
    window.wait_at_most(Duration::from_secs(60), "the report is written", || {
        target.exists()
    });
    let text = Command::new("pdftotext")
        .arg(&target)
        .arg("-")
        .output()
        .expect("pdftotext");
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.contains("周报") && text.contains("承诺兑现"), "{text}");
    assert!(!text.contains("13800138000"), "no private number leaves");
}

/// What a clock of the open ticket says of itself.
fn clock_says(window: &Window, clock: &str, what: &str) -> String {
    window.attribute(&by(clock), what).unwrap_or_default()
}

fn save_for_open_tickets(window: &Window) {
    window.wait_for(&by("moves"));
    window.click(&by("apply-to-open"));
    window.click(&by("save"));
    window.wait_until("it is saved", || !window.has(&by("save-bar")));
}

#[test]
fn journey_a_new_promise_and_days_closed_by_hand_move_the_deadlines_after_their_preview() {
    let (desktop, home) = (Desktop::start(), Home::new());
    let window = start_with_a_morning_imported(&desktop, &home, Look::Light);
    let open = |row: &str| {
        go_to(&window, "inbox?view=open");
        window.click(row);
        window.wait_for(&by(FIRST_RESPONSE));
    };
    open(URGENT_ROW);
    assert_eq!(clock_says(&window, FIRST_RESPONSE, "data-target-secs"), "7200");
    let two_hours = clock_says(&window, FIRST_RESPONSE, "data-due");

    go_to(&window, "settings/promise");
    let target = by("target-urgent-first_response");
    window.wait_for(&target);
    // Its middle is the unit's; a person clicks the number.
    window.script(
        "document.querySelector(arguments[0]).focus()",
        serde_json::json!([target]),
    );
    desktop.press(&["End", "BackSpace", "1"]);
    window.wait_until("an hour is typed", || window.value(&target) == "1");
    save_for_open_tickets(&window);
    open(URGENT_ROW);
    window.wait_until("an hour is promised now", || {
        clock_says(&window, FIRST_RESPONSE, "data-target-secs") == "3600"
    });
    assert!(clock_says(&window, FIRST_RESPONSE, "data-due") < two_hours);
    window.click(&format!("{} button", by(FIRST_RESPONSE)));
    window.wait_until("and it says why", || window.page().contains("承诺第 2 版"));
    desktop.press(&["Escape"]);

    // Tomorrow by a click, the day after by keyboard alone: the 72 hours for closing move by one day, then by another.
    open(CALM_ROW);
    let due = || clock_says(&window, "clock-closure", "data-due");
    let before = due();
    let day = |days: i64| {
        let beijing = exports::now() + chrono::Duration::hours(8) + chrono::Duration::days(days);
        format!("[data-date=\"{}\"]", beijing.format("%Y-%m-%d"))
    };
    go_to(&window, "settings/calendar");
    // New Year's Eve has no tomorrow in this year.
    if !{
        window.wait_for(&by("year"));
        window.has(&day(2))
    } {
        return;
    }
    window.click(&day(1));
    window.click(&by("day-done"));
    save_for_open_tickets(&window);
    open(CALM_ROW);
    window.wait_until("the deadline follows the click", || due() > before);
    let clicked = due();

    go_to(&window, "settings/calendar");
    window.wait_for(&day(0));
    tab_to_today(&desktop, &window);
    desktop.press(&["Right", "Right", "Return"]);
    window.wait_for(&by("day-done"));
    tab_to(&desktop, &window, "day-done");
    desktop.press(&["Return"]);
    save_for_open_tickets(&window);
    open(CALM_ROW);
    window.wait_until("the deadline follows the keyboard", || due() > clicked);
}

/// One day of the year is reached by Tab; it is today's at first.
fn tab_to_today(desktop: &Desktop, window: &Window) {
    tab_until(desktop, window, 60, "a day of the year", || {
        let on_a_day = "return document.activeElement?.dataset.date !== undefined";
        window.script(on_a_day, serde_json::json!([])) == true
    });
}

#[test]
fn journey_a_bot_is_set_up_the_alerts_reach_it_their_buttons_work_and_today_opens_its_tickets() {
    let (desktop, home) = (Desktop::start(), Home::new());
    let window = desktop.open(home.path());
    walk_through_the_welcome(&window);
    window.click(&by("welcome-skip-all"));
    window.wait_for(&by("nav-inbox"));
    let group = Platform::start();
    go_to(&window, "settings/bots");
    window.click(&by("bot-add"));
    window.wait_for(&by("bot-address"));
    window.click("input[value=\"webhook\"] + label");
    window.type_into(&by("bot-address"), &format!("{}/hook", group.base));
    window.click(&by("bot-save"));
    window.click(&by("bot-test"));
    window.wait_until("the test says that it arrived", || {
        window.text(&by("bot-test-result")).contains("已发出")
    });
    assert_eq!(group.heard()[0].json()["type"], "alert.test");

    let mut morning = exports::a_morning(exports::now());
    morning[0].body = format!("@all {URGENT}");
    morning[3].body = URGENT.replace("孩子", "老人");
    morning[3].stars = 1;
    let file = exports::write_gb18030(home.path(), "morning.csv", &morning);
    import(&desktop, &window, &file);
    window.wait_until("both urgent ones reach the group", || {
        let said: String = group.heard().iter().map(|heard| heard.body.clone()).collect();
        said.contains("孩子") && said.contains("老人")
    });
    let said: String = group.heard()[1..]
        .iter()
        .map(|heard| heard.body.clone())
        .collect();
    assert!(said.contains("＠all") && !said.contains("@all"), "{said}");
    assert!(!said.contains("13800138000"), "{said}");

    let rang = |word: &str| {
        desktop
            .notifications
            .wait_for("of an urgent review", |notice| notice.body.contains(word))
    };
    let (handle, later) = (rang("孩子"), rang("老人"));
    let button = |notice: &Notice, label: &str| {
        let found = notice.actions.iter().find(|(_, words)| words == label);
        found
            .unwrap_or_else(|| panic!("no button {label} in {notice:?}"))
            .0
            .clone()
    };
    desktop.notifications.click(&later, &button(&later, "稍后"));
    desktop.notifications.click(&handle, &button(&handle, "处理"));
    window.wait_until("处理 opens the ticket", || {
        window.has(&by("review-body")) && window.text(&by("review-body")).contains("孩子")
    });
    window.click(&by("alert-center"));
    window.wait_until("稍后 is noted", || {
        window.page().contains("再响") || window.page().contains("再提醒")
    });
    desktop.press(&["Escape"]);

    go_to(&window, "today");
    let figure = |css: &str| -> u64 {
        let text = window.text(css);
        text.trim()
            .parse()
            .unwrap_or_else(|_| panic!("no number: {text}"))
    };
    for (number, opens, filter) in [
        (
            format!("{} b", by("figure-newToday")),
            by("figure-newToday"),
            "filtered-day",
        ),
        (by("load-nobody"), by("load-nobody"), "filtered-owners-nobody"),
    ] {
        window.wait_for(&number);
        let shown = figure(&number);
        assert!(shown > 0);
        window.click(&opens);
        window.wait_for(&by(filter));
        window.wait_until("as many tickets as the figure said", || {
            window.count(&by("inbox-row")) == shown
        });
        window.click(&format!("{} button", by(filter)));
        window.wait_until("the filter is dropped", || !window.has(&by(filter)));
        go_to(&window, "today");
    }
}

#[test]
fn journey_a_kill_during_an_import_leaves_nothing_of_it() {
    let (desktop, home) = (Desktop::start(), Home::new());
    let window = desktop.open(home.path());
    walk_through_the_welcome(&window);
    let rows = exports::many(exports::now(), 60_000);
    let file = exports::write_utf8_bom(home.path(), "large.csv", &rows);
    go_to_import(&window);
    desktop.choose_file(&file, || window.click(&by("choose-file")));
    window.wait_for(&by("import-start"));
    window.click("[data-testid=\"import-start\"]:not([disabled])");
    window.wait_for(&by("import-cancel"));
    std::thread::sleep(Duration::from_millis(700));
    assert!(
        !window.has(&by("import-done")),
        "the import must still run for this test to mean something"
    );
    window.kill();

    let cli = Cli::on(&home.data());
    assert_eq!(
        cli.tickets("all").len(),
        0,
        "no ticket of the cut import is visible"
    );
    let verified = cli.run(&["verify"]);
    assert_eq!(
        verified.code, 0,
        "the store is consistent: {}{}",
        verified.stdout, verified.stderr
    );

    let window = desktop.open(home.path());
    window.wait_for(&by("nav-inbox"));
    let small = exports::write_utf8_bom(home.path(), "morning.csv", &exports::a_morning(exports::now()));
    import(&desktop, &window, &small);
    window.click(&by("import-done"));
    window.wait_for(URGENT_ROW);
    assert!(
        cli.tickets("all").len() < 12,
        "only the second import's tickets are here"
    );
}

#[test]
fn journey_a_kill_while_typing_keeps_the_draft() {
    let (desktop, home) = (Desktop::start(), Home::new());
    let window = start_with_a_morning_imported(&desktop, &home, Look::Light);
    window.click(URGENT_ROW);
    let words = "王女士您好，我们非常重视";
    window.type_into(&by("composer"), words);
    // A person types on for a moment; "every few keystrokes" must have saved what stands here.
    std::thread::sleep(Duration::from_millis(1500));
    window.kill();

    let window = desktop.open(home.path());
    window.wait_for(URGENT_ROW);
    window.click(URGENT_ROW);
    window.wait_until("the draft is back", || window.value(&by("composer")) == words);
}

#[test]
fn journey_what_the_command_line_writes_shows_within_two_seconds() {
    let (desktop, home) = (Desktop::start(), Home::new());
    let window = desktop.open(home.path());
    skip_the_welcome(&window);
    window.click(&by("nav-inbox"));
    assert!(!window.has(&by("inbox-row")));

    let file = exports::write_gb18030(home.path(), "morning.csv", &exports::a_morning(exports::now()));
    let result = Cli::on(&home.data()).import(&file, &[]);
    assert_eq!(result["urgent"], 1, "{result}");
    window.wait_at_most(
        Duration::from_secs(2),
        "the open window shows the new urgent ticket",
        || window.has(URGENT_ROW),
    );
    urgent_notice(&desktop);
}

#[test]
fn journey_a_second_start_leads_to_the_first_window() {
    let (desktop, home) = (Desktop::start(), Home::new());
    let window = desktop.open(home.path());
    window.wait_for(&by("welcome-next"));
    let first = window.pid();
    assert_eq!(
        desktop.start_again(home.path()),
        Some(0),
        "the second start ends by itself"
    );
    assert_eq!(window.pid(), first, "the first still runs");
    assert_eq!(desktop.windows().len(), 1, "one window is on the screen");
}

#[test]
fn journey_the_closed_window_keeps_watching_from_the_tray() {
    let (desktop, home) = (Desktop::with_tray(), Home::new());
    let window = desktop.open(home.path());
    skip_the_welcome(&window);
    window.wait_until("an icon is in the tray", || {
        desktop.tray.as_ref().is_some_and(|tray| tray.icons() == 1)
    });
    let pid = window.pid();
    close_by_the_window_manager(&desktop, &window);
    assert_eq!(window.pid(), pid, "the program still runs");

    let file = exports::write_gb18030(home.path(), "morning.csv", &exports::a_morning(exports::now()));
    Cli::on(&home.data()).import(&file, &[]);
    let notice = urgent_notice(&desktop);
    desktop.notifications.click(&notice, "default");
    window.wait_until("the click brings the window back", || {
        desktop.windows().len() == 1
    });
    window.wait_until("with the ticket", || window.page().contains("医生诊断是食物中毒"));

    close_by_the_window_manager(&desktop, &window);
    assert_eq!(desktop.start_again(home.path()), Some(0));
    window.wait_until("a second start brings the window back too", || {
        desktop.windows().len() == 1
    });
}

#[test]
fn journey_the_window_can_be_closed_during_the_welcome() {
    let (desktop, home) = (Desktop::with_tray(), Home::new());
    let window = desktop.open(home.path());
    window.wait_for(&by("welcome-next"));
    close_by_the_window_manager(&desktop, &window);
}

/// Closes the window with the key that every desktop has for it. The first time Amends explains that it stays.
fn close_by_the_window_manager(desktop: &Desktop, window: &Window) {
    for _ in 0..3 {
        desktop.press(&["alt+F4"]);
        std::thread::sleep(Duration::from_millis(700));
        if desktop.windows().is_empty() {
            return;
        }
        if window.has(&by("close-explained")) {
            window.click(&by("close-explained"));
        }
    }
    window.wait_until("the window is closed", || desktop.windows().is_empty());
}

#[test]
fn journey_axe_finds_nothing_on_any_screen_in_light() {
    visit_every_screen(Look::Light);
}

#[test]
fn journey_axe_finds_nothing_on_any_screen_in_dark() {
    visit_every_screen(Look::Dark);
}

/// Guards the two above: silence must mean that axe-core looked.
#[test]
fn journey_axe_finds_a_planted_defect() {
    let (desktop, home) = (Desktop::start(), Home::new());
    let window = desktop.open(home.path());
    window.wait_for(&by("welcome-next"));
    let plant =
        "document.body.insertAdjacentHTML('beforeend', '<img src=\"data:,\"><button></button>'); return 1";
    window.script(plant, serde_json::json!([]));
    let found = findings(&window).join("\n");
    assert!(
        found.contains("image-alt") && found.contains("button-name"),
        "{found}"
    );
}

fn visit_every_screen(look: Look) {
    let (desktop, home) = (Desktop::start(), Home::new());
    let window = desktop.open_with(home.path(), look, &[]);
    // A page that is still loading answers no script.
    window.wait_for(&by("welcome-next"));
    let dark = window.script(
        "return matchMedia('(prefers-color-scheme: dark)').matches",
        serde_json::json!([]),
    );
    assert_eq!(
        dark == true,
        look == Look::Dark,
        "the window follows the desktop's look"
    );
    for step in 1..=12 {
        if !window.has(&by("welcome-next")) {
            break;
        }
        must_be_clean(&window, &format!("the welcome, step {step}"));
        if window.has(&by("person-name")) && window.value(&by("person-name")).is_empty() {
            window.type_into(&by("person-name"), "小林");
        }
        if window.has(&by("choose-file")) {
            break;
        }
        window.click(&by("welcome-next"));
        std::thread::sleep(Duration::from_millis(400));
    }
    let file = exports::write_utf16le_tabs(home.path(), "morning.csv", &exports::a_morning(exports::now()));
    go_to_import(&window);
    desktop.choose_file(&file, || window.click(&by("choose-file")));
    window.wait_for(&by("import-start"));
    must_be_clean(&window, "the import preview");
    window.click("[data-testid=\"import-start\"]:not([disabled])");
    window.wait_for(&by("import-done"));
    must_be_clean(&window, "the import result");
    window.click(&by("import-done"));
    window.wait_for(URGENT_ROW);
    must_be_clean(&window, "the inbox");
    window.click(URGENT_ROW);
    window.wait_for(&by("composer"));
    must_be_clean(&window, "the ticket");
    for screen in SCREENS {
        go_to(&window, screen);
        std::thread::sleep(Duration::from_millis(800));
        must_be_clean(&window, screen);
    }
}

#[test]
fn journey_no_request_leaves_the_machine() {
    let (desktop, home) = (Desktop::start(), Home::new());
    let trace = home.path().join("connects");
    let strace = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg", "-o"].map(str::to_owned);
    let watcher = [strace.to_vec(), vec![trace.display().to_string()]].concat();
    let window = desktop.open_with(home.path(), Look::Light, &watcher);
    walk_through_the_welcome(&window);
    let file = exports::write_gb18030(home.path(), "morning.csv", &exports::a_morning(exports::now()));
    import(&desktop, &window, &file);
    window.click(&by("import-done"));
    window.wait_for(URGENT_ROW);
    window.click(URGENT_ROW);
    window.wait_for(&by("composer"));
    drop(window);

    let trace = fs::read_to_string(&trace).expect("strace's record");
    assert!(
        trace.contains("connect("),
        "the record holds the local connections, so it would hold others"
    );
    let left: Vec<&str> = trace
        .lines()
        .filter(|line| line.contains("AF_INET"))
        // The driver itself talks to the program over the loopback.
        .filter(|line| !line.contains("127.0.0.1") && !line.contains("\"::1\""))
        .collect();
    assert!(left.is_empty(), "these left the machine:\n{}", left.join("\n"));
}

/// Runs the first journey again in a network namespace that has only its own loopback.
#[test]
fn journey_everything_works_with_the_network_cut() {
    let this = std::env::current_exe().expect("this test");
    let root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|o| o.stdout.starts_with(b"0"));
    let script = "ip link set lo up && exec \"$0\" \"$@\"";
    let output = Command::new("unshare")
        .args(if root {
            &["--net"][..]
        } else {
            &["--net", "--map-root-user"][..]
        })
        .args(["sh", "-c", script])
        .arg(this)
        .args([
            "--exact",
            "journey_an_urgent_review_rings_is_answered_and_stays_answered_after_a_restart",
        ])
        .output()
        .expect("unshare");
    let words = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        output.status.success() && words.contains("1 passed"),
        "with the network cut:\n{words}"
    );
}

#[test]
fn journey_the_urgent_words_are_the_invented_ones() {
    // Guards the fixtures: the journeys above look for parts of this text.
    assert!(URGENT.contains("医生诊断是食物中毒，现在还在住院输液") && URGENT.contains("13800138000"));
}
