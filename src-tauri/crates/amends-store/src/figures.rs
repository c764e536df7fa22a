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

/// A ticket as the figures see it.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct TicketFactRow {
    /// Id.
    pub id: String,
    /// Batch it came with.
    pub batch_id: String,
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
    /// Source.
    pub source_id: String,
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
    /// Its products, one a line.
    pub product: Option<String>,
    /// Smallest unit of the currency.
    pub amount_minor: i64,
}

/// What a page of facts is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactPage {
    /// Reviews.
    Reviews,
    /// Their tickets.
    Tickets,
}

impl FactPage {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Reviews => "reviews",
            Self::Tickets => "tickets",
        }
    }
}

/// Packed facts of a block.
#[derive(Debug, Clone, PartialEq)]
pub struct FactPageRow {
    /// What it is about.
    pub kind: FactPage,
    /// Block, from [`block_of`].
    pub block: i64,
    /// How the bytes are written.
    pub format: i64,
    /// First instant in the ended half, UTC ms.
    pub from_at: i64,
    /// Last instant in the ended half, UTC ms.
    pub until_at: i64,
    /// Facts that have their time, in two halves.
    pub halves: Halves,
}

/// The two halves of a page.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Halves {
    /// Tickets that are open; of reviews, nothing.
    pub open_bytes: Vec<u8>,
    /// Reviews, and tickets that have ended.
    pub bytes: Vec<u8>,
}

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// What is open.
    Open,
    /// What has ended.
    Ended,
}

/// A page that is ready, without its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct FactStamp {
    /// Block.
    pub block: i64,
    /// Another number once it is made again.
    pub made: i64,
    /// First instant of its ended half, UTC ms.
    pub from_at: i64,
    /// Last instant of its ended half, UTC ms.
    pub until_at: i64,
}

/// Review numbers in a block. A change costs making one block again, a count costs reading whole blocks.
const BLOCK: i64 = 1_024;

/// The block that a review number belongs to.
pub const fn block_of(review_number: i64) -> i64 {
    review_number / BLOCK
}

/// The review numbers of a block, from the first to the one after the last.
pub const fn numbers_of(block: i64) -> (i64, i64) {
    (block * BLOCK, (block + 1) * BLOCK)
}

/// A claim that ends with its transaction.
pub const WITHIN_TRANSACTION: i64 = 0;

/// Counter of the imports of orders: who counts it up lets nobody ask for orders meanwhile.
const ORDERS: &str = "orders";

/// The events that are counted, and what undoes them.
const DEEDS: &str = "kind in (
  'status', 'reply_published', 'contact_logged', 'satisfaction_rated', 'solution_offered', 'remedy_offered',
  'remedy_granted', 'resolved', 'closed', 'reopened', 'dismissed', 'breach_annulled', 'assigned',
  'dispute_opened', 'dispute_decided', 'quality_scored', 'review_changed', 'customer_message',
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

    /// Counted reviews above a number, by number.
    pub async fn counted_after(&self, number: i64, limit: i64) -> Result<Vec<ReviewFactRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from review_fact where number > $1 order by number limit $2")
                .bind(number).bind(limit).fetch_all(pool).await?)
        })
    }

    /// The pages that are ready, by block.
    pub async fn fact_stamps(&self, kind: FactPage, format: i64) -> Result<Vec<FactStamp>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as(
                "select block, made, from_at, until_at from fact_page
                 where kind = $1 and format = $2 and bytes is not null order by block")
                .bind(kind.as_str()).bind(format).fetch_all(pool).await?)
        })
    }

    /// Block, stamp and bytes of those of these pages that are still ready.
    pub async fn fact_bytes(
        &self,
        kind: FactPage,
        half: Half,
        blocks: &[i64],
    ) -> Result<Vec<(i64, i64, Vec<u8>)>> {
        let list: Vec<String> = blocks.iter().map(i64::to_string).collect();
        let column = match half {
            Half::Open => "open_bytes",
            Half::Ended => "bytes",
        };
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new("select block, made, ");
            query.push(column).push(" from fact_page where bytes is not null and kind = ").push_bind(kind.as_str())
                .push(" and block in (").push(list.join(",")).push(") order by block");
            Ok(query.build_query_as().persistent(false).fetch_all(pool).await?)
        })
    }

    /// Batches whose reviews and tickets are not shown: still coming in, or taken back.
    pub async fn hidden_batches(&self) -> Result<Vec<String>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_scalar("select id from batch where state <> 'visible'").fetch_all(pool).await?)
        })
    }

    /// The words of complaints posted in these spans, newest first.
    pub async fn complaints(&self, spans: &[(i64, i64)], limit: i64) -> Result<Vec<ComplaintRow>> {
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new(
                "select r.ticket_id, f.at, r.body, f.product, f.shop, f.causes, f.channel, t.tier, t.owner_id, f.source_id
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
    /// Takes a page for making it: it is thrown away, and whoever changes a fact of it breaks the claim. A claim that
    /// lasts longer than this transaction is a number of its own, taken under `fact_page`.
    pub async fn take_fact_page(&mut self, kind: FactPage, block: i64, claim: i64) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query(
                "insert into fact_page (kind, block, format, made, from_at, until_at) values ($1, $2, 0, $3, 0, 0)
                 on conflict (kind, block) do update set bytes = null, open_bytes = null, made = excluded.made")
                .bind(kind.as_str()).bind(block).bind(claim).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Whether nobody changed a fact of a page since it was claimed; who would, waits now.
    pub async fn holds_fact_page(&mut self, kind: FactPage, block: i64, claim: i64) -> Result<bool> {
        let held = on_tx!(self, Database, conn => {
            sqlx::query("update fact_page set made = made where kind = $1 and block = $2 and made = $3 and bytes is null")
                .bind(kind.as_str()).bind(block).bind(claim).execute(&mut *conn).await?.rows_affected()
        });
        Ok(held == 1)
    }

    /// Whether orders were imported; who would import some, waits now.
    pub async fn has_orders(&mut self) -> Result<bool> {
        self.take_numbers(ORDERS, 0).await?;
        on_tx!(self, Database, conn => {
            let any: i64 = sqlx::query_scalar("select count(*) from (select 1 from customer_order limit 1) known")
                .fetch_one(&mut *conn).await?;
            Ok(any > 0)
        })
    }

    /// A ready page of this format.
    pub async fn fact_page(&mut self, kind: FactPage, format: i64, block: i64) -> Result<Option<Halves>> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query_as(
                "select open_bytes, bytes from fact_page
                 where kind = $1 and format = $2 and block = $3 and bytes is not null")
                .bind(kind.as_str()).bind(format).bind(block).fetch_optional(&mut *conn).await?)
        })
    }

    /// Keeps a page that was taken before; without effect if the claim was broken since.
    pub async fn save_fact_page(&mut self, page: &FactPageRow, claim: i64) -> Result<()> {
        let made = self.take_numbers("fact_page", 1).await?;
        on_tx!(self, Database, conn => {
            sqlx::query(
                "update fact_page set format = $3, made = $4, from_at = $5, until_at = $6, open_bytes = $7, bytes = $8
                 where kind = $1 and block = $2 and made = $9 and bytes is null")
                .bind(page.kind.as_str()).bind(page.block).bind(page.format).bind(made).bind(page.from_at)
                .bind(page.until_at).bind(&page.halves.open_bytes).bind(&page.halves.bytes).bind(claim)
                .execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Throws the pages of these review numbers away, because what they hold changes in this transaction.
    pub(crate) async fn spoil_facts(
        &mut self,
        kind: FactPage,
        numbers: impl Iterator<Item = i64>,
    ) -> Result<()> {
        let mut blocks: Vec<i64> = numbers.map(block_of).collect();
        blocks.sort_unstable();
        blocks.dedup();
        for block in blocks {
            self.take_fact_page(kind, block, WITHIN_TRANSACTION).await?;
        }
        Ok(())
    }

    /// Throws all pages of a kind away.
    async fn spoil_all_facts(&mut self, kind: FactPage) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("update fact_page set bytes = null, open_bytes = null, made = 0 where kind = $1").bind(kind.as_str()).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// The counted reviews of a block, by number.
    pub async fn review_facts(&mut self, block: i64) -> Result<Vec<ReviewFactRow>> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query_as("select * from review_fact where number >= $1 and number < $2 order by number")
                .bind(numbers_of(block).0).bind(numbers_of(block).1).fetch_all(&mut *conn).await?)
        })
    }

    /// The tickets of a block, oldest first.
    pub async fn ticket_facts(&mut self, block: i64) -> Result<Vec<TicketFactRow>> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query_as(
                "select t.id, t.batch_id, t.number, t.tier, t.severity, t.causes, t.channel, t.shop, r.product, t.owner_id,
                   t.status, t.received_at, r.posted_at,
                   coalesce((select o.customer from customer_order o where o.key = r.order_id), r.customer) as customer,
                   r.stars, t.calendar_version, r.source_id
                 from ticket t join review r on r.id = t.review_id
                 where t.review_number >= $1 and t.review_number < $2 order by t.received_at, t.id")
                .bind(numbers_of(block).0).bind(numbers_of(block).1).fetch_all(&mut *conn).await?)
        })
    }

    /// The deadlines of its tickets.
    pub async fn clock_facts(&mut self, block: i64) -> Result<Vec<ClockFactRow>> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query_as(
                "select c.ticket_id, c.metric, c.cycle, c.state, c.reason, c.start_at, c.due_at, c.fulfilled_at
                 from ticket t join clock c on c.ticket_id = t.id
                 where t.review_number >= $1 and t.review_number < $2 order by c.ticket_id, c.cycle, c.metric, c.subject")
                .bind(numbers_of(block).0).bind(numbers_of(block).1).fetch_all(&mut *conn).await?)
        })
    }

    /// The counted events of its tickets and what undid them, in the order they were written.
    pub async fn event_facts(&mut self, block: i64) -> Result<Vec<EventFactRow>> {
        on_tx!(self, Database, conn => {
            let mut query = sqlx::QueryBuilder::<Database>::new(
                "select a.id, a.chain, a.at, a.recorded_at, a.actor_id, a.body from ticket t join activity a on a.chain = t.id
                 where t.review_number >= ");
            query.push_bind(numbers_of(block).0).push(" and t.review_number < ").push_bind(numbers_of(block).1)
                .push(" and a.").push(DEEDS).push(" order by a.chain, a.seq");
            Ok(query.build_query_as().fetch_all(&mut *conn).await?)
        })
    }

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
        self.spoil_facts(FactPage::Reviews, rows.iter().map(|row| row.number))
            .await
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
        self.spoil_facts(FactPage::Reviews, [number].into_iter()).await
    }

    /// Keeps orders; one that is known is replaced. Returns how many were new.
    pub async fn save_orders(&mut self, rows: &[OrderRow]) -> Result<u64> {
        self.take_numbers(ORDERS, 1).await?;
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
        // An order names the customer of its ticket.
        self.spoil_all_facts(FactPage::Tickets).await?;
        let after: i64 = on_tx!(self, Database, conn => {
            sqlx::query_scalar("select count(*) from customer_order").fetch_one(&mut *conn).await?
        });
        Ok(u64::try_from(after - before).unwrap_or(0))
    }
}
