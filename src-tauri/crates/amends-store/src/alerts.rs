//! What must ring, and on whose desk it rang.

use crate::{AlertRow, Result, Store, Tx};

impl Store {
    /// Pending alerts of visible batches whose time has come, earliest first.
    pub async fn due_alerts(&self, now_ms: i64) -> Result<Vec<AlertRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as(
                "select * from alert where state = 'pending' and fire_at <= $1
                   and (batch_id is null or batch_id not in (select id from batch where state <> 'visible'))
                 order by fire_at, id limit 5000")
                .bind(now_ms).fetch_all(pool).await?)
        })
    }

    /// The earliest pending alert's time.
    pub async fn next_alert_at(&self) -> Result<Option<i64>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_scalar("select min(fire_at) from alert where state = 'pending'").fetch_one(pool).await?)
        })
    }

    /// Instants at which alerts rang on any desk since `since_ms`.
    pub async fn rung_since(&self, since_ms: i64) -> Result<Vec<i64>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_scalar("select decided_at from alert where state = 'rung' and decided_at >= $1 order by decided_at")
                .bind(since_ms).fetch_all(pool).await?)
        })
    }

    /// Newest decided alerts, with whether the person has seen them.
    pub async fn alerts_for(&self, person: &str, limit: i64) -> Result<Vec<(AlertRow, bool)>> {
        on_read!(self, Database, pool => {
            let rows: Vec<AlertRow> = sqlx::query_as(
                "select * from alert where state <> 'pending' and state <> 'skipped' order by decided_at desc, id desc limit $1")
                .bind(limit).fetch_all(pool).await?;
            let seen: Vec<String> = sqlx::query_scalar(
                "select alert_id from delivery where person_id = $1 and seen_at is not null order by rung_at desc limit 2000")
                .bind(person).fetch_all(pool).await?;
            let seen: std::collections::HashSet<String> = seen.into_iter().collect();
            Ok(rows.into_iter().map(|row| { let is_seen = seen.contains(&row.id); (row, is_seen) }).collect())
        })
    }

    /// Tickets' numbers by id.
    pub async fn ticket_numbers(&self, ids: &[String]) -> Result<Vec<(String, String)>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new("select id, number from ticket where id in (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(id);
            }
            query.push(")");
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }
}

impl Tx {
    /// Adds alerts; a key that exists is left as it is, so that nothing rings twice.
    pub async fn add_alerts(&mut self, rows: &[AlertRow]) -> Result<()> {
        for chunk in rows.chunks(2000) {
            on_tx!(self, Database, conn => {
                let mut builder = sqlx::QueryBuilder::<Database>::new(
                    "insert into alert (id, key, ticket_id, batch_id, tier, level, metric, due_at, fire_at, state, decided_at, title, body) ");
                builder.push_values(chunk, |mut b, r| {
                    b.push_bind(&r.id).push_bind(&r.key).push_bind(&r.ticket_id).push_bind(&r.batch_id).push_bind(&r.tier)
                        .push_bind(&r.level).push_bind(&r.metric).push_bind(r.due_at).push_bind(r.fire_at).push_bind(&r.state)
                        .push_bind(r.decided_at).push_bind(&r.title).push_bind(&r.body);
                });
                builder.push(" on conflict (key) do nothing");
                builder.build().execute(&mut *conn).await?;
            });
        }
        Ok(())
    }

    /// Decides a pending alert. False when another desk's pass decided it first.
    pub async fn decide_alert(&mut self, id: &str, state: &str, now_ms: i64) -> Result<bool> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query("update alert set state = $2, decided_at = $3 where id = $1 and state = 'pending'")
                .bind(id).bind(state).bind(now_ms).execute(&mut *conn).await?.rows_affected() == 1)
        })
    }

    /// The desktop could not show it after all.
    pub async fn alert_failed(&mut self, id: &str) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("update alert set state = 'failed' where id = $1").bind(id).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Drops what need not ring any more: pending alerts of a ticket's clock.
    pub async fn skip_alerts(&mut self, ticket: &str, now_ms: i64) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("update alert set state = 'skipped', decided_at = $2 where ticket_id = $1 and state = 'pending'")
                .bind(ticket).bind(now_ms).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Notes that an alert rang on a person's desk. False when it had rung there before.
    pub async fn deliver(&mut self, alert: &str, person: &str, now_ms: i64) -> Result<bool> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query("insert into delivery (alert_id, person_id, rung_at) values ($1, $2, $3) on conflict (alert_id, person_id) do nothing")
                .bind(alert).bind(person).bind(now_ms).execute(&mut *conn).await?.rows_affected() == 1)
        })
    }

    /// Marks alerts as seen by a person.
    pub async fn alerts_seen(&mut self, ids: &[String], person: &str, now_ms: i64) -> Result<()> {
        for id in ids {
            on_tx!(self, Database, conn => {
                sqlx::query(
                    "insert into delivery (alert_id, person_id, rung_at, seen_at) values ($1, $2, $3, $3)
                     on conflict (alert_id, person_id) do update set seen_at = excluded.seen_at")
                    .bind(id).bind(person).bind(now_ms).execute(&mut *conn).await?;
            });
        }
        Ok(())
    }
}
