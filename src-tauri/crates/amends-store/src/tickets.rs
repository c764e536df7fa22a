//! Tickets, their clocks and drafts, and the inbox's lists.

use crate::{
    ClockRow, DraftRow, FactPage, Result, ReviewRow, Store, StoreError, TicketRow, Tx,
    reviews::VISIBLE,
    search::{FEW, Found, push_found, searched_text},
};

/// Sort key of tickets without a running deadline: they come last.
pub const NEVER: i64 = i64::MAX / 2;

/// The inbox's views as conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// Open and mine or nobody's.
    Mine,
    /// Open and urgent.
    Urgent,
    /// Open, running, due within an hour.
    Due1h,
    /// Open, running, past due.
    Overdue,
    /// Waiting for the customer.
    Waiting,
    /// Open without an owner.
    Unassigned,
    /// Open, a person should confirm the assessment.
    LowConfidence,
    /// Open.
    Open,
    /// All.
    All,
}

/// An instant of a ticket that a list can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Its nearest deadline, if it is open and running.
    Due,
    /// When it came.
    Arrived,
    /// When it was first answered.
    Answered,
    /// When it was closed.
    Closed,
}

impl Moment {
    /// All, in the order of [`Store::day_sums`].
    pub const ALL: [Moment; 4] = [Self::Arrived, Self::Answered, Self::Closed, Self::Due];

    /// The column, and what else must hold.
    pub(crate) const fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Due => ("next_due_at", " and open and not paused"),
            Self::Arrived => ("received_at", ""),
            Self::Answered => ("first_responded_at", ""),
            Self::Closed => ("closed_at", ""),
        }
    }
}

/// What a list asks for. Empty lists mean no condition.
#[derive(Debug, Clone)]
pub struct ListFilter {
    /// View.
    pub queue: Queue,
    /// Whose desk this is.
    pub me: Option<String>,
    /// UTC ms.
    pub now_ms: i64,
    /// Tier words.
    pub tiers: Vec<String>,
    /// Cause words, any of them.
    pub causes: Vec<String>,
    /// Channel words.
    pub channels: Vec<String>,
    /// Status words.
    pub statuses: Vec<String>,
    /// Owners; none for tickets without one.
    pub owners: Vec<Option<String>>,
    /// Only where this moment lies in `[from, until)`, UTC ms.
    pub within: Option<(Moment, i64, i64)>,
    /// What the search found; none: no search.
    pub found: Option<Found>,
    /// A ticket number to find beside them.
    pub ticket_number: Option<String>,
    /// Continue after this sort key and id.
    pub after: Option<(i64, String)>,
    /// At most.
    pub limit: i64,
}

/// A page of tickets with their reviews.
#[derive(Debug, Clone)]
pub struct ListPage {
    /// Rows with whether a draft waits.
    pub rows: Vec<(TicketRow, ReviewRow, bool)>,
    /// All that the filter finds; of a search with more hits than [`FEW`], at most one more than those.
    pub total: i64,
}

/// Live counts of the views.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Counts {
    /// Mine.
    pub mine: i64,
    /// Urgent.
    pub urgent: i64,
    /// Due in 1 h.
    pub due_1h: i64,
    /// Overdue.
    pub overdue: i64,
    /// Waiting.
    pub waiting: i64,
    /// Unassigned.
    pub unassigned: i64,
    /// Low confidence.
    pub low_confidence: i64,
    /// Open.
    pub open: i64,
}

const HOUR_MS: i64 = 3_600_000;

/// Pushes the conditions of a filter, without its cursor.
macro_rules! push_conditions {
    ($query:expr, $f:expr, $number:expr) => {{
        let f: &ListFilter = $f;
        $query.push(" where t.").push(VISIBLE);
        match f.queue {
            Queue::Mine => {
                $query.push(" and t.open and (t.owner_id is null");
                if let Some(me) = &f.me {
                    $query.push(" or t.owner_id = ").push_bind(me.clone());
                }
                $query.push(")");
            }
            Queue::Urgent => {
                $query.push(" and t.open and t.tier = 'urgent'");
            }
            Queue::Due1h => {
                $query
                    .push(" and t.open and not t.paused and t.next_due_at >= ")
                    .push_bind(f.now_ms);
                $query
                    .push(" and t.next_due_at <= ")
                    .push_bind(f.now_ms + HOUR_MS);
            }
            Queue::Overdue => {
                $query
                    .push(" and t.open and not t.paused and t.next_due_at < ")
                    .push_bind(f.now_ms);
            }
            Queue::Waiting => {
                $query.push(" and t.open and t.status = 'waiting_customer'");
            }
            Queue::Unassigned => {
                $query.push(" and t.open and t.owner_id is null");
            }
            Queue::LowConfidence => {
                $query.push(" and t.open and t.needs_confirmation");
            }
            Queue::Open => {
                $query.push(" and t.open");
            }
            Queue::All => {}
        }
        for (column, words) in [
            ("t.tier", &f.tiers),
            ("t.channel", &f.channels),
            ("t.status", &f.statuses),
        ] {
            if !words.is_empty() {
                $query.push(" and ").push(column).push(" in (");
                let mut list = $query.separated(", ");
                for word in words {
                    list.push_bind(word.clone());
                }
                $query.push(")");
            }
        }
        if !f.owners.is_empty() {
            $query.push(" and (");
            let mut list = $query.separated(" or ");
            for owner in &f.owners {
                match owner {
                    Some(owner) => list.push("t.owner_id = ").push_bind_unseparated(owner.clone()),
                    None => list.push("t.owner_id is null"),
                };
            }
            $query.push(")");
        }
        if let Some((moment, from, until)) = f.within {
            let (column, also) = moment.columns();
            $query.push(" and t.").push(column).push(" >= ").push_bind(from);
            $query
                .push(" and t.")
                .push(column)
                .push(" < ")
                .push_bind(until)
                .push(also);
        }
        if !f.causes.is_empty() {
            $query.push(" and (");
            let mut list = $query.separated(" or ");
            for cause in &f.causes {
                list.push("t.causes like ")
                    .push_bind_unseparated(format!("%,{cause},%"));
            }
            $query.push(")");
        }
        // Each side of the `or` can use its index; a constant in it would make SQLite read every row.
        if let Some(found) = &f.found {
            $query.push(" and (");
            push_found!($query, $number, found);
            if let Some(number) = &f.ticket_number {
                $query.push(" or (t.number >= ").push_bind(number.clone());
                $query
                    .push(" and t.number < ")
                    .push_bind(format!("{number}:"))
                    .push(")");
            }
            $query.push(")");
            if let Some(words) = &found.containing {
                $query.push(concat!(
                    " and exists (select 1 from review r where r.id = t.review_id and ",
                    searched_text!(),
                    " like "
                ));
                $query.push_bind(format!("%{words}%")).push(")");
            }
        }
    }};
}

/// True where a count goes no further than [`FEW`]: nobody reads on, and counting on would cost what the page does not.
fn is_counted_short(found: Option<&Found>) -> bool {
    found.is_some_and(|found| found.numbers.len() > FEW)
}

/// With a `+` the planner does not use the column's index: where there are many hits, walking the list's own order
/// finds a page sooner than sorting them all; where there are few, the other way round.
fn number_column(total: i64, indexed: &'static str, walked: &'static str) -> &'static str {
    if total > FEW as i64 { walked } else { indexed }
}

impl Store {
    /// One page in the order of the nearest unmet deadline, and the number of all.
    pub async fn tickets(&self, filter: &ListFilter) -> Result<ListPage> {
        on_read!(self, Database, pool => {
            let mut count = sqlx::QueryBuilder::<Database>::new("select count(*) from (select 1 from ticket t");
            push_conditions!(count, filter, "t.review_number");
            if is_counted_short(filter.found.as_ref()) {
                count.push(" limit ").push_bind(FEW as i64 + 1);
            }
            count.push(") hits");

            let total: i64 = count.build_query_scalar().fetch_one(pool).await?;
            if total == 0 {
                return Ok(ListPage { rows: Vec::new(), total });
            }
            let mut list = sqlx::QueryBuilder::<Database>::new("select t.* from ticket t");
            push_conditions!(list, filter, number_column(total, "t.review_number", "+t.review_number"));
            if let Some((sort_at, id)) = &filter.after {
                list.push(" and (t.sort_at, t.id) > (").push_bind(*sort_at).push(", ").push_bind(id.clone()).push(")");
            }
            list.push(" order by t.sort_at, t.id limit ").push_bind(filter.limit);
            let tickets: Vec<TicketRow> = list.build_query_as().fetch_all(pool).await?;
            if tickets.is_empty() {
                return Ok(ListPage { rows: Vec::new(), total });
            }

            Ok(ListPage { rows: self.with_reviews(tickets).await?, total })
        })
    }

    /// These visible tickets (at most 1,000) in the order of the nearest unmet deadline.
    pub async fn tickets_of(&self, ids: &[String]) -> Result<Vec<(TicketRow, ReviewRow, bool)>> {
        let tickets: Vec<TicketRow> = on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new("select * from ticket where ");
            query.push(VISIBLE).push(" and id in (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(id);
            }
            query.push(") order by sort_at, id");
            if ids.is_empty() { Vec::new() } else { query.build_query_as().fetch_all(pool).await? }
        });
        self.with_reviews(tickets).await
    }

    /// Tickets with their reviews and whether a draft waits.
    async fn with_reviews(&self, tickets: Vec<TicketRow>) -> Result<Vec<(TicketRow, ReviewRow, bool)>> {
        if tickets.is_empty() {
            return Ok(Vec::new());
        }
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new("select * from review where id in (");
            let mut ids = query.separated(", ");
            for ticket in &tickets {
                ids.push_bind(ticket.review_id.clone());
            }
            query.push(")");
            let reviews: Vec<ReviewRow> = query.build_query_as().fetch_all(pool).await?;
            let mut reviews: std::collections::HashMap<String, ReviewRow> =
                reviews.into_iter().map(|review| (review.id.clone(), review)).collect();

            let mut query = sqlx::QueryBuilder::<Database>::new("select distinct ticket_id from draft where ticket_id in (");
            let mut ids = query.separated(", ");
            for ticket in &tickets {
                ids.push_bind(ticket.id.clone());
            }
            query.push(")");
            let drafts: std::collections::HashSet<String> =
                query.build_query_scalar::<String>().fetch_all(pool).await?.into_iter().collect();

            Ok(tickets.into_iter().filter_map(|ticket| {
                let review = reviews.remove(&ticket.review_id)?;
                let has_draft = drafts.contains(&ticket.id);
                Some((ticket, review, has_draft))
            }).collect())
        })
    }

    /// Counts of the views for one desk.
    pub async fn counts(&self, me: Option<&str>, now_ms: i64) -> Result<Counts> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as(
                "select count(*) filter (where owner_id is null or owner_id = $1) as mine,
                   count(*) filter (where tier = 'urgent') as urgent,
                   count(*) filter (where not paused and next_due_at >= $2 and next_due_at <= $3) as due_1h,
                   count(*) filter (where not paused and next_due_at < $2) as overdue,
                   count(*) filter (where status = 'waiting_customer') as waiting,
                   count(*) filter (where owner_id is null) as unassigned,
                   count(*) filter (where needs_confirmation) as low_confidence,
                   count(*) as open
                 from ticket where open and batch_id not in (select id from batch where state <> 'visible')")
                .bind(me.unwrap_or_default()).bind(now_ms).bind(now_ms + HOUR_MS).fetch_one(pool).await?)
        })
    }

    /// How many tickets there are.
    pub async fn ticket_count(&self) -> Result<i64> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_scalar("select (select count(*) from ticket)
                   - (select count(*) from ticket where batch_id in (select id from batch where state <> 'visible'))")
                .fetch_one(pool).await?)
        })
    }

    /// Channels that have visible imports with tickets.
    pub async fn ticket_channels(&self) -> Result<Vec<String>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_scalar("select distinct channel from batch where state = 'visible' and ticket_rows > 0 order by channel")
                .fetch_all(pool).await?)
        })
    }

    /// One visible ticket.
    pub async fn ticket(&self, id: &str) -> Result<TicketRow> {
        on_read!(self, Database, pool => {
            sqlx::query_as("select * from ticket where id = $1 and batch_id not in (select id from batch where state <> 'visible')")
                .bind(id).fetch_optional(pool).await?.ok_or(StoreError::NotFound)
        })
    }

    /// The deadlines of a ticket as stored.
    pub async fn clocks(&self, ticket: &str) -> Result<Vec<ClockRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from clock where ticket_id = $1 order by cycle, metric, subject").bind(ticket).fetch_all(pool).await?)
        })
    }

    /// The deadlines of many tickets (at most 1,000).
    pub async fn clocks_of(&self, tickets: &[String]) -> Result<Vec<ClockRow>> {
        if tickets.is_empty() {
            return Ok(Vec::new());
        }
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new("select * from clock where ticket_id in (");
            let mut list = query.separated(", ");
            for ticket in tickets {
                list.push_bind(ticket);
            }
            query.push(") order by ticket_id, cycle, metric, subject");
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }

    /// A person's draft for a ticket.
    pub async fn draft(&self, ticket: &str, person: &str) -> Result<Option<DraftRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from draft where ticket_id = $1 and person_id = $2")
                .bind(ticket).bind(person).fetch_optional(pool).await?)
        })
    }

    /// A page of visible reviews, newest first, and the number of all that match.
    pub async fn reviews(
        &self,
        found: Option<&Found>,
        without_ticket: bool,
        channels: &[String],
        sentiments: &[String],
        after: Option<&(i64, String)>,
        limit: i64,
    ) -> Result<(Vec<ReviewRow>, i64)> {
        on_read!(self, Database, pool => {
            let build = |start: &str, number: &str, cursor: bool| -> sqlx::QueryBuilder<Database> {
                let mut query = sqlx::QueryBuilder::<Database>::new(start);
                query.push(" where r.").push(VISIBLE);
                if without_ticket {
                    query.push(" and r.ticket_id is null");
                }
                for (column, words) in [("r.channel", channels), ("r.sentiment", sentiments)] {
                    if !words.is_empty() {
                        query.push(" and ").push(column).push(" in (");
                        let mut list = query.separated(", ");
                        for word in words {
                            list.push_bind(word.clone());
                        }
                        query.push(")");
                    }
                }
                if let Some(found) = found {
                    query.push(" and ");
                    push_found!(query, number, found);
                    if let Some(words) = &found.containing {
                        query.push(concat!(" and ", searched_text!(), " like ")).push_bind(format!("%{words}%"));
                    }
                }
                if let (true, Some((at, id))) = (cursor, after) {
                    query.push(" and (r.received_at, r.id) < (").push_bind(*at).push(", ").push_bind(id.clone()).push(")");
                }
                query
            };
            let mut count = build("select count(*) from (select 1 from review r", "r.number", false);
            if is_counted_short(found) {
                count.push(" limit ").push_bind(FEW as i64 + 1);
            }
            count.push(") hits");
            let total: i64 = count.build_query_scalar().fetch_one(pool).await?;
            let mut list = build("select r.* from review r", number_column(total, "r.number", "+r.number"), true);
            list.push(" order by r.received_at desc, r.id desc limit ").push_bind(limit);
            Ok((list.build_query_as().fetch_all(pool).await?, total))
        })
    }
}

impl Tx {
    /// One ticket as this transaction sees it.
    pub async fn ticket(&mut self, id: &str) -> Result<TicketRow> {
        on_tx!(self, Database, conn => {
            sqlx::query_as("select * from ticket where id = $1 and batch_id not in (select id from batch where state <> 'visible')")
                .bind(id).fetch_optional(&mut *conn).await?.ok_or(StoreError::NotFound)
        })
    }

    /// One ticket whether or not its batch is visible yet (the flip extends logs of tickets it is about to show).
    pub async fn ticket_any(&mut self, id: &str) -> Result<TicketRow> {
        on_tx!(self, Database, conn => {
            sqlx::query_as("select * from ticket where id = $1").bind(id).fetch_optional(&mut *conn).await?.ok_or(StoreError::NotFound)
        })
    }

    /// Inserts new tickets.
    pub async fn add_tickets(&mut self, rows: &[TicketRow]) -> Result<()> {
        insert_many!(self,
            "ticket (id, number, batch_id, review_id, review_number, version, cycle, status, open, tier, tier_why, sentiment, severity,
              causes, risks, needs_confirmation, owner_id, channel, shop, sample, received_at, first_responded_at, solved_at, closed_at,
              sort_at, next_metric, next_due_at, next_start_at, paused, excerpt, marks, policy_version, calendar_version, head_seq,
              head_hash, look_at)", rows, |b, r| {
            b.push_bind(&r.id).push_bind(&r.number).push_bind(&r.batch_id).push_bind(&r.review_id).push_bind(r.review_number)
                .push_bind(r.version).push_bind(r.cycle).push_bind(&r.status).push_bind(r.open).push_bind(&r.tier)
                .push_bind(&r.tier_why).push_bind(&r.sentiment).push_bind(&r.severity).push_bind(&r.causes).push_bind(&r.risks)
                .push_bind(r.needs_confirmation).push_bind(&r.owner_id).push_bind(&r.channel).push_bind(&r.shop).push_bind(r.sample)
                .push_bind(r.received_at).push_bind(r.first_responded_at).push_bind(r.solved_at).push_bind(r.closed_at)
                .push_bind(r.sort_at).push_bind(&r.next_metric).push_bind(r.next_due_at).push_bind(r.next_start_at)
                .push_bind(r.paused).push_bind(&r.excerpt).push_bind(&r.marks).push_bind(r.policy_version)
                .push_bind(r.calendar_version).push_bind(r.head_seq).push_bind(&r.head_hash)
                .push_bind(r.look_at);
        });
        self.spoil_facts(FactPage::Tickets, rows.iter().map(|row| row.review_number))
            .await
    }

    /// Writes what the activities now make of a ticket. [`StoreError::Conflict`] when it is no longer at `seen_version`.
    pub async fn update_ticket(&mut self, r: &TicketRow, seen_version: i64) -> Result<()> {
        let changed = on_tx!(self, Database, conn => {
            sqlx::query(
                "update ticket set version = $3, cycle = $4, status = $5, open = $6, tier = $7, tier_why = $8, sentiment = $9, severity = $10,
                   causes = $11, risks = $12, needs_confirmation = $13, owner_id = $14, first_responded_at = $15, solved_at = $16,
                   closed_at = $17, sort_at = $18, next_metric = $19, next_due_at = $20, next_start_at = $21, paused = $22, excerpt = $23,
                   marks = $24, policy_version = $25, calendar_version = $26, head_seq = $27, head_hash = $28,
                   look_at = $29
                 where id = $1 and version = $2")
                .bind(&r.id).bind(seen_version).bind(r.version).bind(r.cycle).bind(&r.status).bind(r.open).bind(&r.tier).bind(&r.tier_why)
                .bind(&r.sentiment).bind(&r.severity).bind(&r.causes).bind(&r.risks).bind(r.needs_confirmation).bind(&r.owner_id)
                .bind(r.first_responded_at).bind(r.solved_at).bind(r.closed_at).bind(r.sort_at).bind(&r.next_metric).bind(r.next_due_at)
                .bind(r.next_start_at).bind(r.paused).bind(&r.excerpt).bind(&r.marks).bind(r.policy_version).bind(r.calendar_version)
                .bind(r.head_seq).bind(&r.head_hash).bind(r.look_at).execute(&mut *conn).await?.rows_affected()
        });
        if changed != 1 {
            return Err(StoreError::Conflict);
        }
        self.spoil_facts(FactPage::Tickets, [r.review_number].into_iter())
            .await
    }

    /// Inserts the deadlines of new tickets.
    pub async fn add_clocks(&mut self, rows: &[ClockRow]) -> Result<()> {
        insert_many!(self,
            "clock (ticket_id, cycle, metric, subject, revision, state, reason, start_at, opens_at, target_secs, due_at,
              original_due_at, fulfilled_at, paused_secs)", rows, |b, r| {
            b.push_bind(&r.ticket_id).push_bind(r.cycle).push_bind(&r.metric).push_bind(&r.subject).push_bind(r.revision)
                .push_bind(&r.state).push_bind(&r.reason).push_bind(r.start_at).push_bind(r.opens_at).push_bind(r.target_secs)
                .push_bind(r.due_at).push_bind(r.original_due_at).push_bind(r.fulfilled_at).push_bind(r.paused_secs);
        });
        Ok(())
    }

    /// Replaces the deadlines of one ticket by what its activities now give.
    pub async fn replace_clocks(&mut self, ticket: &str, rows: &[ClockRow]) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("delete from clock where ticket_id = $1").bind(ticket).execute(&mut *conn).await?;
        });
        self.add_clocks(rows).await
    }

    /// Saves a draft at once; empty words remove it.
    pub async fn save_draft(&mut self, d: &DraftRow) -> Result<()> {
        on_tx!(self, Database, conn => {
            if d.body.is_empty() {
                sqlx::query("delete from draft where ticket_id = $1 and person_id = $2")
                    .bind(&d.ticket_id).bind(&d.person_id).execute(&mut *conn).await?;
            } else {
                sqlx::query(
                    "insert into draft (ticket_id, person_id, body, saved_at) values ($1, $2, $3, $4)
                     on conflict (ticket_id, person_id) do update set body = excluded.body, saved_at = excluded.saved_at")
                    .bind(&d.ticket_id).bind(&d.person_id).bind(&d.body).bind(d.saved_at).execute(&mut *conn).await?;
            }
        });
        Ok(())
    }
}
