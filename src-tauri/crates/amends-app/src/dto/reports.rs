//! Reports 周报, themes 洞察, improvements 改进措施, lessons 复盘.

use super::{InboxRow, PersonView};
use amends_domain::{Cause, Channel, Department, Tier};
use amends_report::document::Document;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Which stretch of time a report covers, in the workspace's zone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ReportKind {
    /// 日报
    Daily,
    /// 周报: Monday to Sunday (ISO weeks).
    #[default]
    Weekly,
    /// 月报
    Monthly,
}

/// Only a part of the business. Empty lists mean everything; several values of one list mean any of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct ReportCut {
    /// Shops; `""` is what belongs to no shop.
    pub shops: Vec<String>,
    /// Channels.
    pub channels: Vec<Channel>,
    /// Products.
    pub products: Vec<String>,
    /// Causes (any of a review's).
    pub causes: Vec<Cause>,
    /// Tiers; reviews without a ticket have none.
    pub tiers: Vec<Tier>,
    /// Ids or names of those responsible; reviews without a ticket have none.
    pub people: Vec<String>,
    /// Departments of those responsible, as they are now.
    pub teams: Vec<Department>,
    /// Ids or names of sources.
    pub sources: Vec<String>,
}

/// What figures can be told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// 门店
    Shop,
    /// 渠道
    Channel,
    /// 商品
    Product,
    /// 原因
    Cause,
    /// 级别
    Tier,
    /// 人员
    Person,
    /// 部门
    Team,
    /// 来源
    Source,
}

/// Which report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct ReportQuery {
    /// Stretch of time.
    pub kind: ReportKind,
    /// Any day of it as YYYY-MM-DD; none is the newest stretch that is over (on its last day: the running one).
    pub day: Option<String>,
    /// Part of the business.
    pub cut: ReportCut,
}

/// What a cut can be made of.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
// Kept reports were written before some of these were offered.
#[serde(rename_all = "camelCase", default)]
pub struct CutChoices {
    /// Shops with reviews in the period or the one before, most reviews first.
    pub shops: Vec<String>,
    /// Channels, the same way.
    pub channels: Vec<Channel>,
    /// Products, the same way, at most 200.
    pub products: Vec<String>,
    /// People who hold tickets.
    pub people: Vec<PersonView>,
    /// Their departments.
    pub teams: Vec<Department>,
    /// Where reviews came from, most reviews first.
    pub sources: Vec<SourceChoice>,
}

/// A source by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SourceChoice {
    /// Id.
    pub id: String,
    /// 文件 · 大众点评
    pub name: String,
}

/// A report to look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ReportView {
    /// What it is of, with its day filled in.
    pub query: ReportQuery,
    /// 2026-W47, 2026-11-22, 2026-11.
    pub name: String,
    /// First day.
    pub from_day: String,
    /// Last day.
    pub to_day: String,
    /// Not over yet.
    pub running: bool,
    /// A day of the stretch before.
    pub previous_day: String,
    /// A day of the stretch after; none while that lies in the future.
    pub next_day: Option<String>,
    /// There is nothing at all in it.
    pub empty: bool,
    /// What it says.
    pub document: Document,
    /// What a cut can be made of.
    pub choices: CutChoices,
    /// Set for a report out of the archive: when it was made.
    pub archived_at: Option<String>,
}

/// A report that was kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ArchivedReport {
    /// Id.
    pub id: String,
    /// 第 47 周周报.
    pub title: String,
    /// Stretch of time.
    pub kind: ReportKind,
    /// First day.
    pub from_day: String,
    /// Last day.
    pub to_day: String,
    /// When it was made.
    pub made_at: String,
    /// Nobody has opened it yet.
    pub unread: bool,
}

/// As which file a report is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ReportFormat {
    /// A4 to print and to send.
    Pdf,
    /// Sheets to go on computing with.
    Xlsx,
    /// A page for a mail.
    Html,
}

/// The tickets behind a number: the key that its place in the document names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TicketSet {
    /// The report.
    pub report: ReportQuery,
    /// `opens` of the number, bar or theme.
    pub key: String,
}

/// The tickets behind a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TicketSetPage {
    /// What they are: 第 47 周 · 紧急 · 首次答复 · 超时.
    pub title: String,
    /// All of them, as the number says.
    pub total: u32,
    /// Reviews of the number that opened no ticket (history); none of `rows`.
    pub without_ticket: u32,
    /// In the order of the inbox, at most 500.
    pub rows: Vec<InboxRow>,
}

/// What customers said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ThemeView {
    /// Key for [`TicketSet`].
    pub key: String,
    /// The phrase: 包装漏液.
    pub label: String,
    /// Reviews in the period.
    pub count: u32,
    /// Mean of the four stretches before.
    pub before: f64,
    /// 850 % more: 8.5; none where there was nothing before.
    pub growth: Option<f64>,
    /// More than chance.
    pub beyond_chance: bool,
    /// Never seen before.
    pub new: bool,
    /// Where it gathers: products or shops with their share, most first, at most three.
    pub gathers: Vec<ThemePlace>,
    /// The period and the five before it, oldest first.
    pub trend: Vec<u32>,
    /// Typical words of three customers, private data masked.
    pub quotes: Vec<ThemeQuote>,
    /// Worth telling the manager today.
    pub warning: bool,
}

/// Where a theme gathers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ThemePlace {
    /// Product or shop.
    pub name: String,
    /// It is a shop.
    pub is_shop: bool,
    /// Share of the theme's reviews.
    pub share: f64,
}

/// Words of a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ThemeQuote {
    /// Masked.
    pub text: String,
    /// Ticket, if there is one.
    pub ticket_id: Option<String>,
    /// Product.
    pub product: Option<String>,
    /// When it was posted.
    pub at: String,
}

/// What customers said in a stretch of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ThemesView {
    /// Of which report.
    pub query: ReportQuery,
    /// Complaints that were read.
    pub texts: u32,
    /// Most telling first.
    pub themes: Vec<ThemeView>,
}

/// How far an improvement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ImprovementState {
    /// 进行中
    Running,
    /// 超期
    Late,
    /// 已完成
    Done,
    /// 已取消
    Dropped,
}

/// A preventive action 改进措施.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImprovementView {
    /// Id.
    pub id: String,
    /// What is done.
    pub title: String,
    /// Which words of customers it is to end.
    pub theme: Option<String>,
    /// Which cause.
    pub cause: Option<Cause>,
    /// Of which product.
    pub product: Option<String>,
    /// Of which shop.
    pub shop: Option<String>,
    /// What is expected of it.
    pub expected: String,
    /// Who sees to it.
    pub owner: Option<PersonView>,
    /// Until which day (YYYY-MM-DD).
    pub due_day: String,
    /// How far it is.
    pub state: ImprovementState,
    /// Days over its due day.
    pub late_days: u32,
    /// When it was written down.
    pub created_at: String,
    /// When it was done.
    pub done_at: Option<String>,
    /// Why it was dropped.
    pub dropped_why: Option<String>,
    /// Complaints a week that it is about: the eight weeks around it, oldest first, the running one last.
    pub weeks: Vec<ImprovementWeek>,
    /// Mean of the four weeks before it was done (before today while it runs).
    pub before: Option<f64>,
    /// Mean of the full weeks since it was done, four at most; none until one is over.
    pub after: Option<f64>,
    /// The difference is more than chance.
    pub beyond_chance: bool,
}

/// A week of an improvement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImprovementWeek {
    /// 2026-W47.
    pub week: String,
    /// Complaints.
    pub count: u32,
}

/// What a person writes of an improvement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImprovementInput {
    /// None makes a new one.
    #[serde(default)]
    pub id: Option<String>,
    /// What is done (1 to 100 characters).
    pub title: String,
    /// Words of customers it is to end.
    #[serde(default)]
    pub theme: Option<String>,
    /// Cause.
    #[serde(default)]
    pub cause: Option<Cause>,
    /// Product.
    #[serde(default)]
    pub product: Option<String>,
    /// Shop.
    #[serde(default)]
    pub shop: Option<String>,
    /// What is expected of it (up to 300 characters).
    #[serde(default)]
    pub expected: String,
    /// Who sees to it.
    #[serde(default)]
    pub owner: Option<String>,
    /// Until which day (YYYY-MM-DD).
    pub due_day: String,
}

/// A step of an improvement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", tag = "to")]
pub enum ImprovementStep {
    /// It is done.
    Done,
    /// It is not done, or dropped, after all.
    Running,
    /// It is not done any more.
    Dropped {
        /// Why.
        why: String,
    },
}

/// What was learned 复盘.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LessonView {
    /// Id.
    pub id: String,
    /// 2026-W47.
    pub week: String,
    /// Theme it is about.
    pub theme: Option<String>,
    /// Who wrote it.
    pub by: Option<PersonView>,
    /// When.
    pub at: String,
    /// Words.
    pub body: String,
}

/// What a person writes of a lesson.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LessonInput {
    /// Week: 2026-W47.
    pub week: String,
    /// Theme.
    #[serde(default)]
    pub theme: Option<String>,
    /// Words (1 to 2,000 characters).
    pub body: String,
}

/// When which report is made by itself, for the person at this desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct ReportSchedule {
    /// Weekly report.
    pub weekly: bool,
    /// On this day, 1 Monday to 7 Sunday.
    pub weekday: u8,
    /// Daily brief.
    pub daily: bool,
    /// Monthly report on the first.
    pub monthly: bool,
    /// Local time HH:MM.
    pub at: String,
    /// The group bots hear of it too.
    pub to_bots: bool,
}

impl Default for ReportSchedule {
    fn default() -> Self {
        Self {
            weekly: true,
            weekday: 1,
            daily: false,
            monthly: false,
            at: "09:00".to_owned(),
            to_bots: false,
        }
    }
}

/// How a file of orders is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct OrdersOptions {
    /// Where the orders were made; none is found out where reviews come from one channel only.
    pub channel: Option<Channel>,
    /// Shop, where the file names none.
    pub shop: Option<String>,
}

/// What became of a file of orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OrdersResult {
    /// File.
    pub file_name: String,
    /// Rows read.
    pub read: u32,
    /// New orders.
    pub new: u32,
    /// Orders that were here already.
    pub known: u32,
    /// Rows without a time that can be read.
    pub rejected: u32,
    /// What will not be possible with them, in Chinese.
    pub note: Option<String>,
}
