//! Group bots and what they still have to say.

use crate::{BotMessageRow, BotRow, Result, Store, Tx, both::in_groups};

impl Store {
    /// All bots, oldest first.
    pub async fn bots(&self) -> Result<Vec<BotRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from bot order by created_at, id").fetch_all(pool).await?)
        })
    }

    /// Messages waiting per bot.
    pub async fn waiting_messages(&self) -> Result<Vec<(String, i64)>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select bot_id, count(*) from bot_message where state = 'waiting' or state = 'sending' group by bot_id")
                .fetch_all(pool).await?)
        })
    }

    /// Bots that have something to say by now.
    pub async fn speaking_bots(&self, now_ms: i64) -> Result<Vec<String>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_scalar(
                "select distinct bot_id from bot_message
                 where (state = 'waiting' and next_at <= $1) or (state = 'sending' and claimed_until <= $1)")
                .bind(now_ms).fetch_all(pool).await?)
        })
    }
}

impl Tx {
    /// All bots, as this transaction sees them.
    pub async fn bots(&mut self) -> Result<Vec<BotRow>> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query_as("select * from bot order by created_at, id").fetch_all(&mut *conn).await?)
        })
    }

    /// Saves a bot, new or known.
    pub async fn save_bot(&mut self, b: &BotRow) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query(
                "insert into bot (id, kind, name, levels, quiet, enabled, address, has_secret, keyword, created_at, last_ok_at,
                   last_error, tokens, filled_at, blocked_until)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
                 on conflict (id) do update set kind = excluded.kind, name = excluded.name, levels = excluded.levels,
                   quiet = excluded.quiet, enabled = excluded.enabled, address = excluded.address, has_secret = excluded.has_secret,
                   keyword = excluded.keyword, last_ok_at = excluded.last_ok_at, last_error = excluded.last_error,
                   tokens = excluded.tokens, filled_at = excluded.filled_at, blocked_until = excluded.blocked_until")
                .bind(&b.id).bind(&b.kind).bind(&b.name).bind(&b.levels).bind(&b.quiet).bind(b.enabled).bind(&b.address)
                .bind(b.has_secret).bind(&b.keyword).bind(b.created_at).bind(b.last_ok_at).bind(&b.last_error).bind(b.tokens)
                .bind(b.filled_at).bind(b.blocked_until)
                .execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// One bot as this transaction sees it.
    pub async fn bot(&mut self, id: &str) -> Result<Option<BotRow>> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query_as("select * from bot where id = $1").bind(id).fetch_optional(&mut *conn).await?)
        })
    }

    /// Removes a bot with what it still had to say. False when there was none.
    pub async fn remove_bot(&mut self, id: &str) -> Result<bool> {
        on_tx!(self, Database, conn => {
            sqlx::query("delete from bot_message where bot_id = $1").bind(id).execute(&mut *conn).await?;
            Ok(sqlx::query("delete from bot where id = $1").bind(id).execute(&mut *conn).await?.rows_affected() == 1)
        })
    }

    /// Bots are to speak of alerts; of each once.
    pub async fn add_bot_messages(&mut self, rows: &[BotMessageRow]) -> Result<()> {
        for group in in_groups(rows) {
            on_tx!(self, Database, conn => {
                let mut query = sqlx::QueryBuilder::<Database>::new(
                    "insert into bot_message (id, bot_id, alert_id, urgent, made_at, next_at, tries, state) ");
                query.push_values(group, |mut b, m| {
                    b.push_bind(&m.id).push_bind(&m.bot_id).push_bind(&m.alert_id).push_bind(m.urgent).push_bind(m.made_at)
                        .push_bind(m.next_at).push_bind(m.tries).push_bind(&m.state);
                });
                query.push(" on conflict (bot_id, alert_id) do nothing");
                query.build().execute(&mut *conn).await?;
            });
        }
        Ok(())
    }

    /// Claims everything that a bot has to say by now: no other process sends it before `until_ms`.
    pub async fn claim_bot_messages(
        &mut self,
        bot: &str,
        now_ms: i64,
        until_ms: i64,
    ) -> Result<Vec<BotMessageRow>> {
        on_tx!(self, Database, conn => {
            let mut rows: Vec<BotMessageRow> = sqlx::query_as(
                "update bot_message set state = 'sending', claimed_until = $3, tries = tries + 1
                 where bot_id = $1 and ((state = 'waiting' and next_at <= $2) or (state = 'sending' and claimed_until <= $2))
                 returning *")
                .bind(bot).bind(now_ms).bind(until_ms).fetch_all(&mut *conn).await?;
            rows.sort_by(|a, b| (a.made_at, &a.id).cmp(&(b.made_at, &b.id)));
            Ok(rows)
        })
    }

    /// What became of a message.
    pub async fn settle_bot_message(
        &mut self,
        id: &str,
        state: &str,
        next_at: i64,
        done_at: Option<i64>,
    ) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("update bot_message set state = $2, next_at = $3, done_at = $4, claimed_until = null where id = $1")
                .bind(id).bind(state).bind(next_at).bind(done_at).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// What is said and done is forgotten after a while.
    pub async fn forget_bot_messages(&mut self, before_ms: i64) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("delete from bot_message where done_at is not null and done_at < $1").bind(before_ms).execute(&mut *conn).await?;
        });
        Ok(())
    }
}
