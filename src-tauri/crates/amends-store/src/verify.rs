//! Reading everything once, for `verify`.

use crate::{ActivityRow, Result, Store, TicketRow};

impl Store {
    /// Entries of all chains in order, after a chain and number; in pieces, because a log can be long.
    pub async fn log_after(&self, chain: &str, seq: i64, limit: i64) -> Result<Vec<ActivityRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as(
                "select * from activity where (chain, seq) > ($1, $2)
                   and (batch_id is null or batch_id not in (select id from batch where state = 'staging'))
                 order by chain, seq limit $3")
                .bind(chain).bind(seq).bind(limit).fetch_all(pool).await?)
        })
    }

    /// Tickets after an id, undone batches included.
    pub async fn tickets_after(&self, id: &str, limit: i64) -> Result<Vec<TicketRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as(
                "select * from ticket where id > $1 and batch_id not in (select id from batch where state = 'staging') order by id limit $2")
                .bind(id).bind(limit).fetch_all(pool).await?)
        })
    }

    /// What the database itself says of its soundness; none when it is sound.
    pub async fn integrity(&self) -> Result<Option<String>> {
        match &self.db {
            crate::Db::Sqlite { read, .. } => {
                let said: String = sqlx::query_scalar("pragma integrity_check(1)")
                    .fetch_one(read)
                    .await?;
                Ok((said != "ok").then_some(said))
            }
            crate::Db::Postgres(_) => Ok(None),
        }
    }

    /// Rows that point at nothing: tickets without review, reviews without ticket, as English sentences.
    pub async fn dangling(&self) -> Result<Vec<String>> {
        let checks = [
            (
                "tickets without their review",
                "select count(*) from ticket t where not exists (select 1 from review r where r.id = t.review_id)",
            ),
            (
                "reviews whose ticket is missing",
                "select count(*) from review r where r.ticket_id is not null and not exists (select 1 from ticket t where t.id = r.ticket_id)",
            ),
            (
                "tickets without activities",
                "select count(*) from ticket t where not exists (select 1 from activity a where a.chain = t.id)",
            ),
            (
                "words whose entry is missing",
                "select count(*) from personal_text p where not exists (select 1 from activity a where a.text_id = p.id)",
            ),
        ];
        let mut found = Vec::new();
        for (what, sql) in checks {
            let count: i64 =
                on_read!(self, Database, pool => { sqlx::query_scalar(sql).fetch_one(pool).await? });
            if count > 0 {
                found.push(format!("{count} {what}"));
            }
        }
        Ok(found)
    }

    /// Changes the database as an intruder would.
    #[cfg(feature = "test-support")]
    pub async fn tamper_for_test(&self, sql: &'static str) -> Result<()> {
        match &self.db {
            crate::Db::Sqlite { write, .. } => sqlx::query(sql).execute(write).await.map(|_| ())?,
            crate::Db::Postgres(pool) => sqlx::query(sql).execute(pool).await.map(|_| ())?,
        }
        Ok(())
    }
}
