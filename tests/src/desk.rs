//! A desk of the program without a window, on either database, whose clock stands still: the frame of every story.

use crate::postgres;
use amends_app::{
    App, ManualClock, RecordingNotifier, dto::*, inbox, intake, scheduler, tickets, verify, workspace,
};
use amends_domain::Role;
use amends_store::Store;
use std::{future::Future, sync::Arc};

/// 2026-11-20 10:00 in Shanghai, a Friday: when every story begins.
pub const NOW: i64 = 1_795_140_000_000;
/// Milliseconds.
pub const SECOND: i64 = 1_000;
/// Milliseconds.
pub const MINUTE: i64 = 60 * SECOND;
/// Milliseconds.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds.
pub const DAY: i64 = 24 * HOUR;

/// The header of the invented exports below.
pub const HEADER: &str = "评价ID,评价时间,门店,订单号,商品名称,买家昵称,评分,评价内容,商家回复,回复时间\n";
/// An urgent complaint, ten minutes old.
pub const HAIR: &str = "r1,2026-11-20 09:50:00,人民广场店,881000000001,红烧牛肉面,王小姐,1,牛肉面里吃出一根头发，吃完上吐下泻去了医院，要打12315投诉,,\n";

/// One person's desk.
pub struct Desk {
    /// The program.
    pub app: App,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    /// What it rang.
    pub bell: Arc<RecordingNotifier>,
    /// Its database.
    pub store: Store,
    /// A folder of its own; the database's, where that is SQLite.
    pub folder: tempfile::TempDir,
}

/// A desk of a new workspace in a folder of its own.
pub async fn alone() -> Desk {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open_folder(folder.path()).await.expect("SQLite");
    Desk::on(store, folder).await
}

/// Runs one story on SQLite and on PostgreSQL, each on a new workspace with 李娜 (客服) at the desk.
pub async fn on_both<F: Future<Output = ()>>(story: impl Fn(Desk) -> F) {
    story(alone().await).await;
    let url = postgres::fresh_database().await;
    let store = Store::open_postgres(&url).await.expect("PostgreSQL");
    story(Desk::on(store, tempfile::tempdir().expect("a folder")).await).await;
}

impl Desk {
    async fn on(store: Store, folder: tempfile::TempDir) -> Self {
        let clock = Arc::new(ManualClock::at(NOW));
        let (app, bell) = opened(&store, &clock).await;
        let desk = Self {
            app,
            clock,
            bell,
            store,
            folder,
        };
        desk.sit("李娜", Role::Agent).await;
        desk
    }

    /// Somebody sits down; their id.
    pub async fn sit(&self, name: &str, role: Role) -> String {
        sit(&self.app, name, role).await
    }

    /// The same database opened again, as after a restart.
    pub async fn restarted(&self) -> (App, Arc<RecordingNotifier>) {
        opened(&self.store, &self.clock).await
    }

    /// Another desk of the same workspace, with somebody at it.
    pub async fn beside(&self, name: &str, role: Role) -> (App, Arc<RecordingNotifier>) {
        let (app, bell) = self.restarted().await;
        sit(&app, name, role).await;
        // As a running program notices within a second: there are more people now.
        let me = workspace::get(&self.app)
            .await
            .expect("the workspace")
            .actor
            .expect("somebody");
        self.sit(&me.name, me.role).await;
        (app, bell)
    }

    /// Imports rows under [`HEADER`].
    pub async fn import(&self, rows: &[&str]) -> BatchView {
        self.import_with(&file(rows), &ImportOptions::default()).await
    }

    /// Imports the text of a file.
    pub async fn import_with(&self, csv: &str, options: &ImportOptions) -> BatchView {
        intake::import_bytes(&self.app, "评价.csv", csv.as_bytes().to_vec(), options, false)
            .await
            .expect("the import")
    }

    /// Puts the clock to so long after 10:00 and lets the program look.
    pub async fn at(&self, after_ms: i64) {
        self.clock.set(NOW + after_ms);
        scheduler::tick(&self.app).await.expect("a pass");
    }

    /// A page of the inbox.
    pub async fn page(&self, view: View, search: &str) -> InboxPage {
        inbox::page(&self.app, &query(view, search))
            .await
            .expect("a page")
    }

    /// The ticket with the nearest deadline.
    pub async fn first(&self) -> TicketView {
        let page = self.page(View::All, "").await;
        tickets::view(&self.app, &page.rows[0].id)
            .await
            .expect("the ticket")
    }

    /// Chains and caches fit together.
    pub async fn is_sound(&self) {
        let report = verify::run(&self.app).await.expect("verify");
        assert_eq!(report.faults, Vec::<String>::new());
    }
}

/// A story that names only one field would else move that field and drop the folder before it begins: of a type with
/// a drop of its own, nothing is moved out.
impl Drop for Desk {
    fn drop(&mut self) {}
}

async fn opened(store: &Store, clock: &Arc<ManualClock>) -> (App, Arc<RecordingNotifier>) {
    let bell = Arc::new(RecordingNotifier::default());
    let app = App::with_store(store.clone(), clock.clone(), bell.clone())
        .await
        .expect("the program opens");
    (app, bell)
}

/// Somebody sits down at a desk; their id.
pub async fn sit(app: &App, name: &str, role: Role) -> String {
    let input = SitDown {
        id: None,
        name: Some(name.into()),
        role: Some(role),
    };
    let view = workspace::sit_down(app, input).await.expect("sits down");
    view.actor.expect("somebody").id
}

/// The text of a file with these rows.
pub fn file(rows: &[&str]) -> String {
    format!("{HEADER}{}", rows.concat())
}

/// A query of the inbox without filters.
pub fn query(view: View, search: &str) -> InboxQuery {
    InboxQuery {
        view,
        search: search.into(),
        limit: 50,
        ..InboxQuery::default()
    }
}

/// A ticket as a verb names it.
pub fn ticket_ref(ticket: &TicketView) -> TicketRef {
    TicketRef {
        id: ticket.id.clone(),
        version: ticket.version,
    }
}

/// Words about a ticket.
pub fn words(ticket: &TicketView, body: &str) -> TextInput {
    TextInput {
        ticket: ticket_ref(ticket),
        body: body.into(),
    }
}

/// An answer, at a time or now.
pub fn answer(ticket: &TicketView, body: &str, at: Option<&str>) -> ReplyInput {
    ReplyInput {
        ticket: ticket_ref(ticket),
        body: body.into(),
        at: at.map(Into::into),
    }
}
