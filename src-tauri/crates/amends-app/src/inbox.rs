//! The inbox: pages, counts, the list as a spreadsheet.

use crate::{
    App, AppError, Result,
    dto::{DayEvent, InboxCounts, InboxPage, InboxQuery, NOBODY, SavedFile, View},
    today, views, wording, workspace,
};
use amends_domain::{Cause, Channel, Risk, Severity};
use amends_report::{Cell, Sheet, Style};
use amends_store::{ListFilter, Moment, Queue};
use std::path::Path;

/// Rows of an exported list; a spreadsheet takes about a million.
const MAX_EXPORT: i64 = 200_000;

fn queue(view: View) -> Queue {
    match view {
        View::Mine => Queue::Mine,
        View::Urgent => Queue::Urgent,
        View::Due1h => Queue::Due1h,
        View::Overdue => Queue::Overdue,
        View::Waiting => Queue::Waiting,
        View::Unassigned => Queue::Unassigned,
        View::LowConfidence => Queue::LowConfidence,
        View::Open => Queue::Open,
        View::All => Queue::All,
    }
}

pub(crate) async fn filter(app: &App, query: &InboxQuery) -> Result<ListFilter> {
    let after = views::cursor(query.cursor.as_deref())?;
    let search = query.search.trim();
    let looks_like_number =
        search.len() >= 4 && search.chars().all(|c| c.is_ascii_digit() || c == '-' || c == '#');
    Ok(ListFilter {
        queue: queue(query.view),
        me: app.desk().actor.map(|actor| actor.id),
        now_ms: app.now(),
        tiers: query.tiers.iter().map(ToString::to_string).collect(),
        causes: query.causes.iter().map(ToString::to_string).collect(),
        channels: query.channels.iter().map(ToString::to_string).collect(),
        statuses: query.statuses.iter().map(ToString::to_string).collect(),
        owners: query
            .owners
            .iter()
            .map(|owner| (owner != NOBODY).then(|| owner.clone()))
            .collect(),
        within: match query.day {
            Some(event) => Some(within(app, event, query.hour).await?),
            None => None,
        },
        found: app.store().search(search).await?,
        ticket_number: looks_like_number.then(|| search.trim_start_matches('#').to_owned()),
        after,
        limit: i64::from(query.limit.clamp(1, 200)),
    })
}

/// The part of today that is asked for. The last hour goes to the end of the day, which may have 25.
async fn within(app: &App, event: DayEvent, hour: Option<u8>) -> Result<(Moment, i64, i64)> {
    let settings = workspace::settings(&app.store()).await?;
    let now_ms = app.now();
    let (from, until) = today::day_of(now_ms, settings.zone.parse().unwrap_or(chrono_tz::Asia::Shanghai));
    let (from, until) = match hour {
        Some(hour @ 0..23) => {
            let from = from + i64::from(hour) * today::HOUR_MS;
            (from, from + today::HOUR_MS)
        }
        Some(_) => (from + 23 * today::HOUR_MS, until),
        None => (from, until),
    };
    Ok(match event {
        DayEvent::DueLater => (Moment::Due, from.max(now_ms), until),
        DayEvent::Due => (Moment::Due, from, until),
        DayEvent::Arrived => (Moment::Arrived, from, until),
        DayEvent::Answered => (Moment::Answered, from, until),
        DayEvent::Closed => (Moment::Closed, from, until),
    })
}

/// One page by the nearest unmet deadline.
///
/// # Errors
/// `invalid` for a cursor of another list, `store`.
pub async fn page(app: &App, query: &InboxQuery) -> Result<InboxPage> {
    let _waiting = app.somebody_waits();
    let (store, now_ms) = (app.store(), app.now());
    let filter = filter(app, query).await?;
    let page = store.tickets(&filter).await?;
    let people = views::people(&store).await?;
    let next = (page.rows.len() as i64 == filter.limit)
        .then(|| page.rows.last())
        .flatten()
        .map(|(ticket, ..)| format!("{}|{}", ticket.sort_at, ticket.id));
    let rows = page
        .rows
        .iter()
        .map(|(ticket, review, has_draft)| views::inbox_row(ticket, review, *has_draft, &people, now_ms))
        .collect::<Result<Vec<_>>>()?;
    let (total, more) = views::counted(page.total, filter.found.as_ref());
    Ok(InboxPage {
        rows,
        next,
        total,
        more,
    })
}

/// Live counts of the views.
///
/// # Errors
/// `store`.
pub async fn counts(app: &App) -> Result<InboxCounts> {
    let _waiting = app.somebody_waits();
    let store = app.store();
    let me = app.desk().actor.map(|actor| actor.id);
    let (counts, alerts, all, reviews) = tokio::try_join!(
        store.counts(me.as_deref(), app.now()),
        store.unread_alerts(me.as_deref().unwrap_or_default()),
        store.ticket_count(),
        store.review_count(),
    )?;
    let n = |value: i64| u32::try_from(value).unwrap_or(u32::MAX);
    Ok(InboxCounts {
        mine: n(counts.mine),
        urgent: n(counts.urgent),
        due_1h: n(counts.due_1h),
        overdue: n(counts.overdue),
        waiting: n(counts.waiting),
        unassigned: n(counts.unassigned),
        low_confidence: n(counts.low_confidence),
        open: n(counts.open),
        all: n(all),
        alerts: n(alerts),
        reviews: n(reviews),
        channels: store
            .ticket_channels()
            .await?
            .iter()
            .map(|word| views::channel(word))
            .collect(),
    })
}

/// Writes the list that the query finds (all of it, not only the loaded rows) as an Excel file.
///
/// # Errors
/// `store` when the file cannot be written.
pub async fn export(app: &App, query: &InboxQuery, target: &Path) -> Result<SavedFile> {
    let store = app.store();
    let settings = workspace::settings(&store).await?;
    let locale = settings.locale;
    let mut filter = filter(app, query).await?;
    filter.after = None;
    filter.limit = MAX_EXPORT;
    let page = store.tickets(&filter).await?;
    let people = views::people(&store).await?;
    let mut sheet = Sheet::new(
        wording::pick(locale, ["工单", "工單", "Tickets"]),
        [
            (["工单号", "工單號", "Number"], 12.0),
            (["级别", "級別", "Tier"], 8.0),
            (["状态", "狀態", "Status"], 10.0),
            (["最近时限", "最近時限", "Next deadline"], 14.0),
            (["截止时间", "截止時間", "Due"], 18.0),
            (["渠道", "渠道", "Channel"], 10.0),
            (["门店", "門店", "Shop"], 14.0),
            (["评分", "評分", "Stars"], 7.0),
            (["评价内容", "評價內容", "Review"], 60.0),
            (["原因", "原因", "Causes"], 18.0),
            (["严重程度", "嚴重程度", "Severity"], 10.0),
            (["风险", "風險", "Risks"], 14.0),
            (["商品", "商品", "Product"], 20.0),
            (["顾客", "顧客", "Customer"], 12.0),
            (["订单号", "訂單號", "Order"], 22.0),
            (["负责人", "負責人", "Owner"], 10.0),
            (["收到时间", "收到時間", "Received"], 18.0),
            (["首次答复时间", "首次答覆時間", "First response"], 18.0),
        ]
        .map(|(names, width)| (wording::pick(locale, names).to_owned(), width)),
    );
    let zone: chrono_tz::Tz = settings.zone.parse().unwrap_or(chrono_tz::Asia::Shanghai);
    let when = |ms: Option<i64>| ms.map_or(Cell::Empty, |ms| Cell::Instant(ms, zone));
    let text = |text: &str| Cell::Text(text.to_owned());
    let list = |words: Vec<&'static str>| Cell::Text(words.join(" · "));
    for (ticket, review, _) in &page.rows {
        sheet.push([
            text(&ticket.number),
            text(wording::tier(
                locale,
                ticket.tier.parse().unwrap_or(amends_domain::Tier::General),
            )),
            text(wording::status(locale, views::status(ticket))),
            ticket
                .next_metric
                .as_deref()
                .filter(|_| ticket.open)
                .map_or(Cell::Empty, |metric| text(wording::metric(locale, metric))),
            when(ticket.next_due_at.filter(|_| ticket.open)),
            text(wording::channel(
                locale,
                review.channel.parse().unwrap_or(Channel::Other),
            )),
            text(&ticket.shop),
            review.stars.map_or(Cell::Empty, Cell::Number),
            text(&review.body),
            list(
                views::words_of::<Cause>(&ticket.causes)
                    .into_iter()
                    .map(|cause| wording::cause(locale, cause))
                    .collect(),
            ),
            text(wording::severity(
                locale,
                ticket.severity.parse().unwrap_or(Severity::None),
            )),
            list(
                views::words_of::<Risk>(&ticket.risks)
                    .into_iter()
                    .map(|risk| wording::risk(locale, risk))
                    .collect(),
            ),
            text(review.product.as_deref().unwrap_or_default()),
            text(review.author.as_deref().unwrap_or_default()),
            text(review.order_id.as_deref().unwrap_or_default()),
            text(
                ticket
                    .owner_id
                    .as_ref()
                    .and_then(|id| people.get(id))
                    .map_or("", |person| person.name.as_str()),
            ),
            when(Some(ticket.received_at)),
            when(ticket.first_responded_at),
        ]);
    }
    sheet.set_style(Style::Filtered);
    let rows = page.rows.len() as u32;
    let path = target.to_owned();
    tokio::task::spawn_blocking(move || sheet.write(&path))
        .await
        .map_err(AppError::internal)?
        .map_err(|error| {
            AppError::new(
                crate::ErrorCode::Store,
                "文件没有写成。请换一个位置，或关掉正在打开它的 Excel 再试。",
            )
            .with_detail(error)
        })?;
    Ok(SavedFile {
        name: target
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        rows,
    })
}

/// The tray menu's first line: the next deadline in words; none when nothing runs.
pub fn next_line(page: &InboxPage, workspace: &crate::dto::WorkspaceView) -> Option<String> {
    let row = page.rows.first()?;
    let clock = row.clock.as_ref()?;
    let due = views::parse_instant(&clock.due_at).ok()?;
    let now = views::parse_instant(&workspace.now).ok()?;
    let due = views::clock_time(due, now, &workspace.zone, workspace.locale);
    let (tier, metric) = (
        wording::tier(workspace.locale, row.tier),
        wording::metric(workspace.locale, &clock.metric),
    );
    Some(format!("{tier} · {metric} · {due} · {}", row.number))
}
