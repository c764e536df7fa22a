//! The log and the words of people.

use crate::{ActivityRow, Result, Store, TextRow, Tx};

impl Store {
    /// A chain from its beginning.
    pub async fn activities(&self, chain: &str) -> Result<Vec<ActivityRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from activity where chain = $1 order by seq").bind(chain).fetch_all(pool).await?)
        })
    }

    /// Words by id.
    pub async fn texts(&self, ids: &[String]) -> Result<Vec<TextRow>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new("select * from personal_text where id in (");
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
    /// A chain from its beginning, as this transaction sees it.
    pub async fn activities(&mut self, chain: &str) -> Result<Vec<ActivityRow>> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query_as("select * from activity where chain = $1 order by seq").bind(chain).fetch_all(&mut *conn).await?)
        })
    }

    /// The end of a chain as number and hash; none for a chain that has not begun.
    pub async fn chain_head(&mut self, chain: &str) -> Result<Option<(i64, String)>> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query_as("select seq, hash from activity where chain = $1 order by seq desc limit 1")
                .bind(chain).fetch_optional(&mut *conn).await?)
        })
    }

    /// Appends entries. Two writers of one chain end in a unique violation, never in a fork.
    pub async fn add_activities(&mut self, rows: &[ActivityRow]) -> Result<()> {
        insert_many!(
            self,
            "activity (id, chain, seq, at, recorded_at, actor_id, kind, body, text_id, text_hash, prev_hash, hash, batch_id)",
            rows,
            |b, r| {
                b.push_bind(&r.id)
                    .push_bind(&r.chain)
                    .push_bind(r.seq)
                    .push_bind(r.at)
                    .push_bind(r.recorded_at)
                    .push_bind(&r.actor_id)
                    .push_bind(&r.kind)
                    .push_bind(&r.body)
                    .push_bind(&r.text_id)
                    .push_bind(&r.text_hash)
                    .push_bind(&r.prev_hash)
                    .push_bind(&r.hash)
                    .push_bind(&r.batch_id);
            }
        );
        Ok(())
    }

    /// Keeps words of a person.
    pub async fn add_text(&mut self, t: &TextRow) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("insert into personal_text (id, salt, hash, body, erased_at) values ($1, $2, $3, $4, $5)")
                .bind(&t.id).bind(&t.salt).bind(&t.hash).bind(&t.body).bind(t.erased_at).execute(&mut *conn).await?;
        });
        Ok(())
    }
}
