//! Sums over today.

use crate::{LoadRow, Moment, Result, Store};

/// Tickets of visible batches.
const SEEN: &str = "batch_id not in (select id from batch where state <> 'visible')";

impl Store {
    /// Open tickets per owner, and how many of them are overdue.
    pub async fn loads(&self, now_ms: i64) -> Result<Vec<LoadRow>> {
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new(
                "select owner_id, count(*) as open, count(*) filter (where not paused and next_due_at < ");
            query.push_bind(now_ms).push(") as overdue from ticket where open and ").push(SEEN)
                .push(" group by owner_id order by owner_id");
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }

    /// Instants in `[from_ms, until_ms)` at which tickets came, were first answered, were closed, fall due, as
    /// (what, whole hours since `from_ms`, how many). A list asked for the same moment holds the same tickets.
    pub async fn day_sums(&self, from_ms: i64, until_ms: i64) -> Result<Vec<(Moment, i64, i64)>> {
        on_read!(self, Database, pool => {
            let mut all = Vec::new();
            for moment in Moment::ALL {
                let (column, also) = moment.columns();
                let mut query = sqlx::QueryBuilder::<Database>::new("select (");
                query.push(column).push(" - ").push_bind(from_ms).push(") / 3600000 as hour, count(*) from ticket where ")
                    .push(column).push(" >= ").push_bind(from_ms).push(" and ").push(column).push(" < ").push_bind(until_ms)
                    .push(also).push(" and ").push(SEEN).push(" group by 1");
                let rows: Vec<(i64, i64)> = query.build_query_as().fetch_all(pool).await?;
                all.extend(rows.into_iter().map(|(hour, count)| (moment, hour, count)));
            }
            Ok(all)
        })
    }

    /// Channels with the instant of their last import and the reviews that came since `from_ms`.
    pub async fn channel_health(&self, from_ms: i64) -> Result<Vec<(String, Option<i64>, i64)>> {
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new(
                "select channel, max(visible_at), cast(coalesce(sum(case when visible_at >= ");
            query.push_bind(from_ms).push(
                " then new_rows else 0 end), 0) as bigint) from batch where state = 'visible' group by channel order by channel");
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }

    /// Open tickets for a version to be applied to, after an id: those of these shops, or of none of them.
    pub async fn open_tickets_after(
        &self,
        id: &str,
        limit: i64,
    ) -> Result<Vec<(String, String, String, String, i64, i64)>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as(
                "select id, number, tier, shop, policy_version, calendar_version from ticket where open and id > $1
                   and batch_id not in (select id from batch where state <> 'visible') order by id limit $2")
                .bind(id).bind(limit).fetch_all(pool).await?)
        })
    }

    /// The newest problems of imports per channel: rejected rows of the last visible import.
    pub async fn last_rejects(&self) -> Result<Vec<(String, i64)>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as(
                "select channel, rejected_rows from batch b where state = 'visible'
                   and visible_at = (select max(visible_at) from batch o where o.channel = b.channel and o.state = 'visible')
                 order by channel, id")
                .fetch_all(pool).await?)
        })
    }
}
