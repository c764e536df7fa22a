//! Settings, people, sources, rule versions, counters and the change log.

use crate::{PersonRow, Result, RuleVersionRow, Store, Tx};

impl Store {
    /// A named value.
    pub async fn setting(&self, key: &str) -> Result<Option<String>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_scalar("select value from setting where key = $1").bind(key).fetch_optional(pool).await?)
        })
    }

    /// Everybody, by name.
    pub async fn people(&self) -> Result<Vec<PersonRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from person order by name, id").fetch_all(pool).await?)
        })
    }

    /// All versions of a rule kind (`policy`, `calendar`), oldest first, as version and JSON.
    pub async fn rule_versions(&self, kind: &str) -> Result<Vec<(i64, String)>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select version, body from rule_version where kind = $1 order by version")
                .bind(kind).fetch_all(pool).await?)
        })
    }

    /// One version of a rule kind with who saved it.
    pub async fn rule_version(&self, kind: &str, version: i64) -> Result<Option<RuleVersionRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select version, body, created_at, actor_id from rule_version where kind = $1 and version = $2")
                .bind(kind).bind(version).fetch_optional(pool).await?)
        })
    }

    /// The newest version of a rule kind with who saved it.
    pub async fn newest_rule(&self, kind: &str) -> Result<Option<RuleVersionRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select version, body, created_at, actor_id from rule_version where kind = $1 order by version desc limit 1")
                .bind(kind).fetch_optional(pool).await?)
        })
    }

    /// The newest entry of the change log; 0 when nothing was ever changed.
    pub async fn last_change(&self) -> Result<i64> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_scalar("select coalesce(max(seq), 0) from change_log").fetch_one(pool).await?)
        })
    }

    /// Tags of the changes after `seq`, as number and space-separated words.
    pub async fn changes_after(&self, seq: i64) -> Result<Vec<(i64, String)>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select seq, tags from change_log where seq > $1 order by seq").bind(seq).fetch_all(pool).await?)
        })
    }
}

/// A way that reviews come in.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SourceRow {
    /// Id.
    pub id: String,
    /// `file` or `sample`.
    pub kind: String,
    /// Channel word.
    pub channel: String,
}

impl Store {
    /// Every source, oldest first.
    pub async fn sources(&self) -> Result<Vec<SourceRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select id, kind, channel from source order by created_at, id").fetch_all(pool).await?)
        })
    }
}

impl Tx {
    /// A named value as this transaction sees it.
    pub async fn setting(&mut self, key: &str) -> Result<Option<String>> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query_scalar("select value from setting where key = $1").bind(key).fetch_optional(&mut *conn).await?)
        })
    }

    /// Others who hold the same wait until this transaction ends.
    pub async fn hold(&mut self, what: &str) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("insert into counter (name, value) values ($1, 0) on conflict (name) do update set value = counter.value")
                .bind(what).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Stores a named value.
    pub async fn set_setting(&mut self, key: &str, value: &str) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("insert into setting (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value")
                .bind(key).bind(value).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Adds a person.
    pub async fn add_person(&mut self, person: &PersonRow) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("insert into person (id, name, role, active, created_at, department) values ($1, $2, $3, $4, $5, $6)")
                .bind(&person.id).bind(&person.name).bind(&person.role).bind(person.active).bind(person.created_at)
                .bind(&person.department).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Changes what is known of a person.
    pub async fn update_person(&mut self, person: &PersonRow) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("update person set name = $2, role = $3, active = $4, department = $5 where id = $1")
                .bind(&person.id).bind(&person.name).bind(&person.role).bind(person.active).bind(&person.department)
                .execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// The source of a kind and channel, made if it is new.
    pub async fn source(&mut self, kind: &str, channel: &str, fresh_id: &str, now_ms: i64) -> Result<String> {
        on_tx!(self, Database, conn => {
            sqlx::query("insert into source (id, kind, channel, created_at) values ($1, $2, $3, $4) on conflict (kind, channel) do nothing")
                .bind(fresh_id).bind(kind).bind(channel).bind(now_ms).execute(&mut *conn).await?;
            Ok(sqlx::query_scalar("select id from source where kind = $1 and channel = $2")
                .bind(kind).bind(channel).fetch_one(&mut *conn).await?)
        })
    }

    /// Adds a version of a rule kind.
    pub async fn add_rule_version(
        &mut self,
        kind: &str,
        version: i64,
        body: &str,
        actor: Option<&str>,
        now_ms: i64,
    ) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("insert into rule_version (kind, version, body, created_at, actor_id) values ($1, $2, $3, $4, $5)")
                .bind(kind).bind(version).bind(body).bind(now_ms).bind(actor).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// The number that the next version of a rule kind gets. Two savers at once end in a unique violation.
    pub async fn next_rule_version(&mut self, kind: &str) -> Result<i64> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query_scalar("select coalesce(max(version), 0) + 1 from rule_version where kind = $1")
                .bind(kind).fetch_one(&mut *conn).await?)
        })
    }

    /// Takes `count` numbers from a counter; the first of them. Counters start at 1.
    pub async fn take_numbers(&mut self, name: &str, count: i64) -> Result<i64> {
        on_tx!(self, Database, conn => {
            let last: i64 = sqlx::query_scalar(
                "insert into counter (name, value) values ($1, $2)
                 on conflict (name) do update set value = counter.value + excluded.value returning value")
                .bind(name).bind(count).fetch_one(&mut *conn).await?;
            Ok(last - count + 1)
        })
    }

    /// Tells other processes what changed; the last 1,000 entries are kept.
    pub async fn log_change(&mut self, tags: &str, now_ms: i64) -> Result<i64> {
        let seq = self.take_numbers("change", 1).await?;
        on_tx!(self, Database, conn => {
            sqlx::query("insert into change_log (seq, at, tags) values ($1, $2, $3)")
                .bind(seq).bind(now_ms).bind(tags).execute(&mut *conn).await?;
            sqlx::query("delete from change_log where seq <= $1").bind(seq - 1000).execute(&mut *conn).await?;
        });
        Ok(seq)
    }
}
