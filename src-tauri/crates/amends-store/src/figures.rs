//! What the figures of a period are counted from: narrow reads over indexed times.

use crate::{Result, Store, Tx};
use sqlx::FromRow;

/// A review as it is counted.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ReviewFactRow {
    /// Review number.
    pub number: i64,
    /// Batch it came with.
    pub batch_id: String,
    /// Source.
    pub source_id: String,
    /// When it was posted, or received where that is not known, UTC ms.
    pub at: i64,
    /// Received - posted, ms.
    pub lag: Option<i64>,
    /// Sentiment word.
    pub sentiment: String,
    /// Cause words as in [`crate::TicketRow::causes`].
    pub causes: String,
    /// Stars 1 to 5.
    pub stars: Option<f64>,
    /// Channel word.
    pub channel: String,
    /// Shop.
    pub shop: String,
    /// Product.
    pub product: Option<String>,
}

/// A review that is not counted yet.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct UncountedRow {
    /// Review number.
    pub number: i64,
    /// Batch it came with.
    pub batch_id: String,
    /// Source.
    pub source_id: String,
    /// UTC ms.
    pub posted_at: Option<i64>,
    /// Precision word.
    pub posted_precision: Option<String>,
    /// UTC ms.
    pub received_at: i64,
    /// Sentiment word, as corrected on its ticket.
    pub sentiment: String,
    /// Causes of its ticket; none without a ticket.
    pub causes: Option<String>,
    /// Assessment as JSON.
    pub assessment: String,
    /// Stars 1 to 5.
    pub stars: Option<f64>,
    /// Channel word.
    pub channel: String,
    /// Shop.
    pub shop: String,
    /// Product.
    pub product: Option<String>,
}

/// Reviews that are alike, counted by the database.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ReviewSumRow {
    /// One of their times, UTC ms.
    pub at: i64,
    /// Their common lag, ms.
    pub lag: Option<i64>,
    /// Sentiment word.
    pub sentiment: String,
    /// Cause words.
    pub causes: String,
    /// Stars 1 to 5.
    pub stars: Option<f64>,
    /// Channel word.
    pub channel: String,
    /// Shop.
    pub shop: String,
    /// Product.
    pub product: Option<String>,
    /// Source.
    pub source_id: String,
    /// How many.
    pub count: i64,
}

/// A ticket as the figures see it.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct TicketFactRow {
    /// Id.
    pub id: String,
    /// 年月-序号.
    pub number: String,
    /// Tier word.
    pub tier: String,
    /// Severity word.
    pub severity: String,
    /// Cause words.
    pub causes: String,
    /// Channel word.
    pub channel: String,
    /// Shop.
    pub shop: String,
    /// Product.
    pub product: Option<String>,
    /// Owner.
    pub owner_id: Option<String>,
    /// Status word.
    pub status: String,
    /// UTC ms.
    pub received_at: i64,
    /// UTC ms.
    pub posted_at: Option<i64>,
    /// Key of the customer.
    pub customer: Option<String>,
    /// Stars now.
    pub stars: Option<f64>,
    /// Calendar version.
    pub calendar_version: i64,
    /// Source of its review.
    pub source_id: String,
}

/// A deadline as the figures see it.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ClockFactRow {
    /// Ticket.
    pub ticket_id: String,
    /// Metric word.
    pub metric: String,
    /// Cycle.
    pub cycle: i64,
    /// `open`, `paused`, `fulfilled`, `cancelled`.
    pub state: String,
    /// Why it was cancelled.
    pub reason: Option<String>,
    /// UTC ms.
    pub start_at: i64,
    /// UTC ms.
    pub due_at: i64,
    /// UTC ms.
    pub fulfilled_at: Option<i64>,
}

/// An event as the figures see it.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct EventFactRow {
    /// Id.
    pub id: String,
    /// Ticket.
    pub chain: String,
    /// UTC ms.
    pub at: i64,
    /// UTC ms.
    pub recorded_at: i64,
    /// Who.
    pub actor_id: Option<String>,
    /// The event as JSON.
    pub body: String,
}

/// A complaint's words.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ComplaintRow {
    /// Its ticket, if one was opened.
    pub ticket_id: Option<String>,
    /// When it was posted, UTC ms.
    pub at: i64,
    /// Words.
    pub body: String,
    /// Product.
    pub product: Option<String>,
    /// Shop.
    pub shop: String,
    /// Cause words.
    pub causes: String,
    /// Channel word.
    pub channel: String,
    /// Tier word of its ticket.
    pub tier: Option<String>,
    /// Owner of its ticket.
    pub owner_id: Option<String>,
}

/// An order.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct OrderRow {
    /// Recognises it again.
    pub key: String,
    /// Import it came with.
    pub batch: String,
    /// Key of the customer.
    pub customer: Option<String>,
    /// UTC ms.
    pub at: i64,
    /// Shop.
    pub shop: String,
    /// Channel word.
    pub channel: String,
    /// Product.
    pub product: Option<String>,
    /// Smallest unit of the currency.
    pub amount_minor: i64,
}

/// Which tickets are wanted, as half-open spans of UTC ms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WantedTickets {
    /// A clock due, an event or the arrival in one of these.
    pub busy: Vec<(i64, i64)>,
    /// First answered in one of these.
    pub answered: Vec<(i64, i64)>,
    /// Closed in one of these.
    pub closed: Vec<(i64, i64)>,
}

/// The events that are counted; the same words as in the partial index, so that the planner finds it.
const DEEDS: &str = "kind in (
  'status', 'reply_published', 'contact_logged', 'satisfaction_rated', 'solution_offered', 'remedy_offered',
  'remedy_granted', 'remedy_dropped', 'resolved', 'closed', 'reopened', 'dismissed', 'breach_annulled', 'assigned',
  'dispute_opened', 'dispute_decided', 'quality_scored', 'review_changed', 'reply_rejected', 'customer_message',
  'unassigned', 'done', 'merged_into', 'undone')";

const SEEN: &str = "batch_id not in (select id from batch where state <> 'visible')";

/// Pushes `column in one of the spans`.
macro_rules! push_spans {
    ($query:expr, $column:literal, $spans:expr) => {{
        $query.push("(");
        for (place, (from, until)) in $spans.iter().enumerate() {
            $query
                .push(if place == 0 { "(" } else { " or (" })
                .push(concat!($column, " >= "))
                .push_bind(*from)
                .push(concat!(" and ", $column, " < "))
                .push_bind(*until)
                .push(")");
        }
        $query.push(if $spans.is_empty() { "false)" } else { ")" });
    }};
}

/// Pushes `with wanted (id) as (…)`.
macro_rules! push_wanted {
    ($query:expr, $wanted:expr) => {{
        $query.push("with wanted (id) as (select id from ticket where ");
        push_spans!($query, "first_responded_at", $wanted.answered);
        $query.push(" union select id from ticket where ");
        push_spans!($query, "closed_at", $wanted.closed);
        $query.push(" union select id from ticket where ");
        push_spans!($query, "received_at", $wanted.busy);
        $query.push(" union select ticket_id from clock where ");
        push_spans!($query, "due_at", $wanted.busy);
        $query
            .push(" union select chain from activity where ")
            .push(DEEDS)
            .push(" and ");
        push_spans!($query, "at", $wanted.busy);
        $query.push(") ");
    }};
}

impl Store {
    /// Reviews above a number that wait to be counted, in the order of their numbers.
    pub async fn uncounted_after(&self, number: i64, limit: i64) -> Result<Vec<UncountedRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as(
                "select r.number, r.batch_id, r.source_id, r.posted_at, r.posted_precision, r.received_at,
                   coalesce(t.sentiment, r.sentiment) as sentiment, t.causes, r.assessment, r.stars, r.channel, r.shop, r.product
                 from review r left join ticket t on t.id = r.ticket_id and t.review_id = r.id
                 where r.number > $1 order by r.number limit $2")
                .bind(number).bind(limit).fetch_all(pool).await?)
        })
    }

    /// Reviews posted in these spans; those of an hour that are alike are counted as one row.
    pub async fn review_sums(&self, spans: &[(i64, i64)]) -> Result<Vec<ReviewSumRow>> {
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new(
                "select min(at) as at, lag, sentiment, causes, stars, channel, shop, product, source_id, count(*) as count
                 from review_fact where ");
            push_spans!(query, "at", spans);
            query.push(" and ").push(SEEN)
                .push(" group by at / 3600000, lag, sentiment, causes, stars, channel, shop, product, source_id order by 1");
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }

    /// The wanted tickets, oldest first.
    pub async fn ticket_facts(&self, wanted: &WantedTickets) -> Result<Vec<TicketFactRow>> {
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new("");
            push_wanted!(query, wanted);
            query.push(
                "select t.id, t.number, t.tier, t.severity, t.causes, t.channel, t.shop, r.product, t.owner_id, t.status,
                   t.received_at, r.posted_at,
                   coalesce((select o.customer from customer_order o where o.key = r.order_id), r.customer) as customer, r.stars, t.calendar_version, r.source_id
                 from wanted w join ticket t on t.id = w.id join review r on r.id = t.review_id where t.").push(SEEN)
                .push(" order by t.received_at, t.id");
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }

    /// Their deadlines.
    pub async fn clock_facts(&self, wanted: &WantedTickets) -> Result<Vec<ClockFactRow>> {
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new("");
            push_wanted!(query, wanted);
            query.push(
                "select c.ticket_id, c.metric, c.cycle, c.state, c.reason, c.start_at, c.due_at, c.fulfilled_at
                 from wanted w join clock c on c.ticket_id = w.id order by c.ticket_id, c.cycle, c.metric, c.subject");
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }

    /// Their counted events and what undid them, in the order they were written.
    pub async fn event_facts(&self, wanted: &WantedTickets) -> Result<Vec<EventFactRow>> {
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new("");
            push_wanted!(query, wanted);
            query.push("select a.id, a.chain, a.at, a.recorded_at, a.actor_id, a.body
                 from wanted w join activity a on a.chain = w.id where a.").push(DEEDS)
                .push(" order by a.chain, a.seq");
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }

    /// The words of complaints posted in these spans, newest first.
    pub async fn complaints(&self, spans: &[(i64, i64)], limit: i64) -> Result<Vec<ComplaintRow>> {
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new(
                "select r.ticket_id, f.at, r.body, f.product, f.shop, f.causes, f.channel, t.tier, t.owner_id
                 from review_fact f join review r on r.number = f.number
                   left join ticket t on t.id = r.ticket_id
                 where f.sentiment <> 'pos' and r.has_text and ");
            push_spans!(query, "f.at", spans);
            query.push(" and f.").push(SEEN).push(" order by f.at desc, f.number limit ").push_bind(limit);
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }

    /// Numbers and times of the complaints of a span; a cause, product or shop that is named must be theirs.
    pub async fn complaint_times(
        &self,
        span: (i64, i64),
        cause: Option<&str>,
        product: Option<&str>,
        shop: Option<&str>,
    ) -> Result<Vec<(i64, i64)>> {
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new(
                "select number, at from review_fact where sentiment <> 'pos' and at >= ");
            query.push_bind(span.0).push(" and at < ").push_bind(span.1).push(" and ").push(SEEN);
            if let Some(cause) = cause {
                query.push(" and causes like ").push_bind(format!("%,{cause},%"));
            }
            for (column, value) in [("product", product), ("shop", shop)] {
                if let Some(value) = value {
                    query.push(" and ").push(column).push(" = ").push_bind(value);
                }
            }
            query.push(" order by number");
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }

    /// Orders of these spans, oldest first.
    pub async fn orders(&self, spans: &[(i64, i64)]) -> Result<Vec<OrderRow>> {
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new("select * from customer_order where ");
            push_spans!(query, "at", spans);
            query.push(" order by at, key");
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }
}

impl Tx {
    /// Counts reviews that were not counted yet.
    pub async fn add_review_facts(&mut self, rows: &[ReviewFactRow]) -> Result<()> {
        insert_many!(
            self,
            "review_fact (number, batch_id, source_id, at, lag, sentiment, causes, stars, channel, shop, product)",
            rows,
            |b, r| {
                b.push_bind(r.number)
                    .push_bind(&r.batch_id)
                    .push_bind(&r.source_id)
                    .push_bind(r.at)
                    .push_bind(r.lag)
                    .push_bind(&r.sentiment)
                    .push_bind(&r.causes)
                    .push_bind(r.stars)
                    .push_bind(&r.channel)
                    .push_bind(&r.shop)
                    .push_bind(&r.product);
            }
        );
        Ok(())
    }

    /// Counts a review again by what it says now. One that is not counted yet is left to the counting.
    pub async fn recount_review(
        &mut self,
        number: i64,
        sentiment: &str,
        causes: &str,
        stars: Option<f64>,
    ) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("update review_fact set sentiment = $2, causes = $3, stars = $4 where number = $1")
                .bind(number).bind(sentiment).bind(causes).bind(stars).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Keeps orders; one that is known is replaced. Returns how many were new.
    pub async fn save_orders(&mut self, rows: &[OrderRow]) -> Result<u64> {
        let before: i64 = on_tx!(self, Database, conn => {
            sqlx::query_scalar("select count(*) from customer_order").fetch_one(&mut *conn).await?
        });
        on_tx!(self, Database, conn => {
            for group in crate::both::in_groups(rows) {
                let mut query = sqlx::QueryBuilder::<Database>::new(
                    "insert into customer_order (key, batch, customer, at, shop, channel, product, amount_minor) ");
                query.push_values(group, |mut b, r| {
                    b.push_bind(&r.key).push_bind(&r.batch).push_bind(&r.customer).push_bind(r.at).push_bind(&r.shop)
                        .push_bind(&r.channel).push_bind(&r.product).push_bind(r.amount_minor);
                });
                query.push(" on conflict (key) do update set customer = excluded.customer, at = excluded.at,
                    shop = excluded.shop, product = excluded.product, amount_minor = excluded.amount_minor");
                query.build().execute(&mut *conn).await?;
            }
        });
        let after: i64 = on_tx!(self, Database, conn => {
            sqlx::query_scalar("select count(*) from customer_order").fetch_one(&mut *conn).await?
        });
        Ok(u64::try_from(after - before).unwrap_or(0))
    }
}
