//! What must ring, at whose desk it rings, and when the scheduler looks at a ticket again.

use crate::{ActivityRow, AlertRow, DeliveryRow, Result, RingRow, Store, TicketRow, Tx, both::in_groups};
use std::collections::{HashMap, HashSet};

/// Not of a batch that is still staged or was taken back.
const VISIBLE: &str = "(batch_id is null or batch_id not in (select id from batch where state <> 'visible'))";

/// Deliveries looked at in one go.
pub const RINGS_AT_ONCE: usize = 5_000;

/// What became of a delivery that was due.
pub struct Settled<'a> {
    /// The delivery as it was found.
    pub ring: &'a RingRow,
    /// What it is now.
    pub state: &'a str,
    /// When it rang; none leaves what stands.
    pub rung_at: Option<i64>,
    /// When it is due again.
    pub next: Option<i64>,
}

impl Store {
    /// Tickets that the scheduler must look at by now, longest waiting first, at most `limit`.
    pub async fn tickets_to_look_at(&self, now_ms: i64, limit: i64) -> Result<Vec<TicketRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as(
                "select * from ticket where look_at is not null and look_at <= $1
                   and batch_id not in (select id from batch where state <> 'visible')
                 order by look_at limit $2")
                .bind(now_ms).bind(limit).fetch_all(pool).await?)
        })
    }

    /// Tickets that the scheduler should have looked at before an instant.
    pub async fn waiting_looks(&self, before_ms: i64) -> Result<i64> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_scalar(
                "select count(*) from ticket where look_at is not null and look_at < $1
                   and batch_id not in (select id from batch where state <> 'visible')")
                .bind(before_ms).fetch_one(pool).await?)
        })
    }

    /// The next instant at which something can ring: a ticket's, a new urgent one's, or at one of these desks.
    pub async fn next_look(&self, people: &[String]) -> Result<Option<i64>> {
        on_read!(self, Database, pool => {
            let mut next: Option<i64> =
                sqlx::query_scalar("select min(look_at) from ticket where look_at is not null").fetch_one(pool).await?;
            for person in people {
                let at: Option<i64> = sqlx::query_scalar(
                    "select min(ring_at) from delivery where person_id = $1 and ring_at is not null")
                    .bind(person).fetch_one(pool).await?;
                next = next.into_iter().chain(at).min();
            }
            let take_back: Option<i64> =
                sqlx::query_scalar("select min(take_back_at) from delivery where take_back_at is not null").fetch_one(pool).await?;
            Ok(next.into_iter().chain(take_back).min())
        })
    }

    /// The logs of many tickets (at most 1,000) by ticket, each in its order.
    pub async fn logs_of(&self, tickets: &[String]) -> Result<HashMap<String, Vec<ActivityRow>>> {
        let mut logs: HashMap<String, Vec<ActivityRow>> = HashMap::new();
        if tickets.is_empty() {
            return Ok(logs);
        }
        let rows: Vec<ActivityRow> = on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new("select * from activity where chain in (");
            let mut list = query.separated(", ");
            for id in tickets {
                list.push_bind(id);
            }
            query.push(") order by chain, seq");
            query.build_query_as().fetch_all(pool).await?
        });
        for row in rows {
            logs.entry(row.chain.clone()).or_default().push(row);
        }
        Ok(logs)
    }

    /// Keys of every alert of these tickets (at most 1,000), by ticket.
    pub async fn alert_keys_of(&self, tickets: &[String]) -> Result<HashMap<String, Vec<String>>> {
        let mut keys: HashMap<String, Vec<String>> = HashMap::new();
        if tickets.is_empty() {
            return Ok(keys);
        }
        let rows: Vec<(String, String)> = on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new("select ticket_id, key from alert where ticket_id in (");
            let mut list = query.separated(", ");
            for id in tickets {
                list.push_bind(id);
            }
            query.push(")");
            query.build_query_as().fetch_all(pool).await?
        });
        for (ticket, key) in rows {
            keys.entry(ticket).or_default().push(key);
        }
        Ok(keys)
    }

    /// New urgent tickets of visible batches that have not been decided yet, earliest first, at most `limit`.
    pub async fn due_alerts(&self, now_ms: i64, limit: i64) -> Result<Vec<AlertRow>> {
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new("select * from alert where state = 'pending' and fire_at <= ");
            query.push_bind(now_ms).push(" and ").push(VISIBLE).push(" order by fire_at, id limit ").push_bind(limit);
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }

    /// What rings at these desks by now, earliest first, at most [`RINGS_AT_ONCE`]; an empty list means every desk.
    pub async fn due_rings(&self, people: &[String], now_ms: i64) -> Result<Vec<RingRow>> {
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new(RINGS);
            query.push(" where d.ring_at is not null and d.ring_at <= ").push_bind(now_ms);
            if !people.is_empty() {
                query.push(" and d.person_id in (");
                let mut list = query.separated(", ");
                for person in people {
                    list.push_bind(person);
                }
                query.push(")");
            }
            query.push(" order by d.ring_at, a.fire_at, a.id limit ").push_bind(RINGS_AT_ONCE as i64);
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }

    /// Assignees that have been silent for too long.
    pub async fn due_take_backs(&self, now_ms: i64) -> Result<Vec<RingRow>> {
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new(RINGS);
            query.push(" where d.take_back_at is not null and d.take_back_at <= ").push_bind(now_ms)
                .push(" order by d.take_back_at, a.id limit 500");
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }

    /// Instants at which a desk rang by itself since `since_ms`.
    pub async fn rung_since(&self, person: &str, since_ms: i64) -> Result<Vec<i64>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_scalar(
                "select rung_at from delivery where person_id = $1 and state = 'rung' and rung_at >= $2 order by rung_at")
                .bind(person).bind(since_ms).fetch_all(pool).await?)
        })
    }

    /// The newest alerts that were for a person, and those that were for nobody in particular.
    pub async fn alerts_for(&self, person: &str, limit: i64) -> Result<Vec<(AlertRow, Option<DeliveryRow>)>> {
        on_read!(self, Database, pool => {
            let rows: Vec<AlertRow> = sqlx::query_as(
                "select * from alert where state <> 'pending'
                   and (exists (select 1 from delivery d where d.alert_id = alert.id and d.person_id = $1)
                     or exists (select 1 from delivery d where d.alert_id = alert.id and d.person_id = '')
                     or state = 'skipped')
                 order by decided_at desc, id desc limit $2")
                .bind(person).bind(limit).fetch_all(pool).await?;
            let mut mine = HashMap::new();
            if !rows.is_empty() {
                let mut query = sqlx::QueryBuilder::<Database>::new("select * from delivery where person_id = ");
                query.push_bind(person).push(" and alert_id in (");
                let mut list = query.separated(", ");
                for row in &rows {
                    list.push_bind(&row.id);
                }
                query.push(")");
                let found: Vec<DeliveryRow> = query.build_query_as().fetch_all(pool).await?;
                mine.extend(found.into_iter().map(|row| (row.alert_id.clone(), row)));
            }
            Ok(rows.into_iter().map(|row| { let delivery = mine.remove(&row.id); (row, delivery) }).collect())
        })
    }

    /// How many alerts a person has not seen, of those that rang or wait.
    pub async fn unread_alerts(&self, person: &str) -> Result<i64> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_scalar(
                "select count(*) from delivery where person_id = $1 and seen_at is null and state <> 'skipped'")
                .bind(person).fetch_one(pool).await?)
        })
    }

    /// Who each of these alerts was for, as (alert, person).
    pub async fn recipients_of(&self, alerts: &[String]) -> Result<Vec<(String, String)>> {
        if alerts.is_empty() {
            return Ok(Vec::new());
        }
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new("select alert_id, person_id from delivery where alert_id in (");
            let mut list = query.separated(", ");
            for id in alerts {
                list.push_bind(id);
            }
            query.push(") order by made_at, person_id");
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }

    /// Alerts by id.
    pub async fn alerts_by_id(&self, ids: &[String]) -> Result<Vec<AlertRow>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new("select * from alert where id in (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(id);
            }
            query.push(")");
            Ok(query.build_query_as().fetch_all(pool).await?)
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

const RINGS: &str = "select a.id as alert_id, a.key as alert_key, a.ticket_id, a.tier, a.level, a.due_at, a.fire_at, a.title, a.body,
     a.acknowledged_at, a.batch_id, d.person_id, d.state, d.made_at, d.ring_at, d.rung_at, d.seen_at, t.owner_id, t.open
   from delivery d join alert a on a.id = d.alert_id join ticket t on t.id = a.ticket_id";

impl Tx {
    /// Adds alerts; a key that exists is left as it is, so that nothing rings twice.
    pub async fn add_alerts(&mut self, rows: &[AlertRow]) -> Result<()> {
        insert_alerts(self, rows).await.map(|_| ())
    }

    /// Adds alerts and tells the ids of those whose keys were not there: the others another pass, here or elsewhere,
    /// has decided.
    pub async fn add_fresh_alerts(&mut self, rows: &[AlertRow]) -> Result<HashSet<String>> {
        Ok(insert_alerts(self, rows).await?.into_iter().collect())
    }

    /// When the scheduler looks at tickets again, as (ticket, version that was seen, instant). Not at one that has
    /// changed since it was read.
    pub async fn set_looks(&mut self, looks: &[(String, i64, Option<i64>)]) -> Result<()> {
        for group in in_groups(looks) {
            on_tx!(self, Database, conn => {
                let mut query = sqlx::QueryBuilder::<Database>::new("with looked (of, seen, at) as (");
                query.push_values(group, |mut b, (ticket, seen, at)| {
                    b.push_bind(ticket).push_bind(seen).push_bind(at);
                });
                query.push(") update ticket set look_at = looked.at from looked where id = looked.of and version = looked.seen");
                query.build().execute(&mut *conn).await?;
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
    pub async fn delivery_failed(&mut self, alert: &str, person: &str) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("update delivery set state = 'failed' where alert_id = $1 and person_id = $2")
                .bind(alert).bind(person).execute(&mut *conn).await?;
            sqlx::query("update alert set state = 'failed' where id = $1").bind(alert).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Drops what need not ring any more of a ticket that is answered or over: its being new and urgent.
    pub async fn skip_alerts(&mut self, ticket: &str, now_ms: i64) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("update alert set state = 'skipped', decided_at = $2 where ticket_id = $1 and state = 'pending'")
                .bind(ticket).bind(now_ms).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Puts alerts on people's desks; where one lies already it stays as it is.
    pub async fn deliver(&mut self, rows: &[DeliveryRow]) -> Result<()> {
        for chunk in rows.chunks(1000) {
            on_tx!(self, Database, conn => {
                let mut builder = sqlx::QueryBuilder::<Database>::new(
                    "insert into delivery (alert_id, person_id, state, made_at, ring_at, rung_at, seen_at, snoozed_until, take_back_at) ");
                builder.push_values(chunk, |mut b, r| {
                    b.push_bind(&r.alert_id).push_bind(&r.person_id).push_bind(&r.state).push_bind(r.made_at).push_bind(r.ring_at)
                        .push_bind(r.rung_at).push_bind(r.seen_at).push_bind(r.snoozed_until).push_bind(r.take_back_at);
                });
                builder.push(" on conflict (alert_id, person_id) do nothing");
                builder.build().execute(&mut *conn).await?;
            });
        }
        Ok(())
    }

    /// Moves deliveries on that still wait for the instant at which they were found, and tells (alert, person) of
    /// those: the others another desk's pass has moved on.
    pub async fn settle_rings(&mut self, settled: &[Settled<'_>]) -> Result<HashSet<(String, String)>> {
        let mut moved = HashSet::new();
        for group in in_groups(settled) {
            on_tx!(self, Database, conn => {
                let mut query = sqlx::QueryBuilder::<Database>::new("with done (of, at_desk, was, now, rung, next) as (");
                query.push_values(group, |mut b, one| {
                    b.push_bind(&one.ring.alert_id).push_bind(&one.ring.person_id).push_bind(one.ring.ring_at)
                        .push_bind(one.state).push_bind(one.rung_at).push_bind(one.next);
                });
                query.push(
                    ") update delivery set state = done.now, rung_at = coalesce(done.rung, rung_at), ring_at = done.next,
                         snoozed_until = null
                       from done where alert_id = done.of and person_id = done.at_desk and ring_at = done.was
                       returning alert_id, person_id");
                moved.extend(query.build_query_as::<(String, String)>().fetch_all(&mut *conn).await?);
            });
        }
        Ok(moved)
    }

    /// The assignee is not asked any more.
    pub async fn clear_take_back(&mut self, alert: &str, person: &str) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("update delivery set take_back_at = null where alert_id = $1 and person_id = $2")
                .bind(alert).bind(person).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Marks alerts as seen by a person: they do not repeat.
    pub async fn alerts_seen(&mut self, ids: &[String], person: &str, now_ms: i64) -> Result<()> {
        for id in ids {
            on_tx!(self, Database, conn => {
                sqlx::query(
                    "insert into delivery (alert_id, person_id, state, made_at, seen_at) values ($1, $2, 'rung', $3, $3)
                     on conflict (alert_id, person_id) do update set seen_at = coalesce(delivery.seen_at, excluded.seen_at),
                       take_back_at = null, ring_at = case when delivery.state = 'rung' and delivery.snoozed_until is null
                         then null else delivery.ring_at end")
                    .bind(id).bind(person).bind(now_ms).execute(&mut *conn).await?;
            });
        }
        Ok(())
    }

    /// Somebody took note: what waits of these alerts, for anybody, is silent. False when it was noted before.
    pub async fn acknowledge_alert(&mut self, id: &str, person: &str, now_ms: i64) -> Result<bool> {
        on_tx!(self, Database, conn => {
            let fresh = sqlx::query("update alert set acknowledged_at = $2, acknowledged_by = $3 where id = $1 and acknowledged_at is null")
                .bind(id).bind(now_ms).bind(person).execute(&mut *conn).await?.rows_affected() == 1;
            sqlx::query("update delivery set ring_at = null, take_back_at = null, snoozed_until = null,
                   state = case when rung_at is null then 'skipped' else state end where alert_id = $1")
                .bind(id).execute(&mut *conn).await?;
            Ok(fresh)
        })
    }

    /// Rings an alert again at a person's desk. False when it was never for that person.
    pub async fn snooze_alert(&mut self, id: &str, person: &str, until_ms: i64) -> Result<bool> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query("update delivery set ring_at = $3, snoozed_until = $3, take_back_at = null where alert_id = $1 and person_id = $2")
                .bind(id).bind(person).bind(until_ms).execute(&mut *conn).await?.rows_affected() == 1)
        })
    }

    /// Keys and ids of a ticket's alerts that nobody has taken note of.
    pub async fn open_alerts_of(&mut self, ticket: &str) -> Result<Vec<(String, String)>> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query_as("select key, id from alert where ticket_id = $1 and acknowledged_at is null order by fire_at, id")
                .bind(ticket).fetch_all(&mut *conn).await?)
        })
    }
}

/// The ids of the rows that were new.
async fn insert_alerts(tx: &mut Tx, rows: &[AlertRow]) -> Result<Vec<String>> {
    let mut added: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    let fresh: Vec<&AlertRow> = rows.iter().filter(|row| seen.insert(&row.key)).collect();
    for chunk in fresh.chunks(2000) {
        on_tx!(tx, Database, conn => {
            let mut builder = sqlx::QueryBuilder::<Database>::new(
                "insert into alert (id, key, ticket_id, batch_id, tier, level, metric, due_at, fire_at, state, decided_at, title, body) ");
            builder.push_values(chunk, |mut b, r| {
                b.push_bind(&r.id).push_bind(&r.key).push_bind(&r.ticket_id).push_bind(&r.batch_id).push_bind(&r.tier)
                    .push_bind(&r.level).push_bind(&r.metric).push_bind(r.due_at).push_bind(r.fire_at).push_bind(&r.state)
                    .push_bind(r.decided_at).push_bind(&r.title).push_bind(&r.body);
            });
            builder.push(" on conflict (key) do nothing returning id");
            added.extend(builder.build_query_scalar::<String>().fetch_all(&mut *conn).await?);
        });
    }
    Ok(added)
}

impl Store {
    /// Which of these alerts somebody has taken note of.
    pub async fn acknowledged_of(&self, ids: &[String]) -> Result<Vec<String>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        on_read!(self, Database, pool => {
            let mut query =
                sqlx::QueryBuilder::<Database>::new("select id from alert where acknowledged_at is not null and id in (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(id);
            }
            query.push(")");
            Ok(query.build_query_scalar().fetch_all(pool).await?)
        })
    }
}

impl Tx {
    /// What quiet hours held for a person is looked at again now.
    pub async fn release_held(&mut self, person: &str, now_ms: i64) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("update delivery set ring_at = $2 where person_id = $1 and state = 'held' and ring_at is not null")
                .bind(person).bind(now_ms).execute(&mut *conn).await?;
        });
        Ok(())
    }
}
