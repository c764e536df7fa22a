//! Imports: staged in chunks, invisible until one short commit flips them.

use crate::{BatchRow, FactPage, RejectRow, Result, StagedUpdateRow, Store, Tx};

impl Store {
    /// All imports that were flipped, newest first, at most 200.
    pub async fn batches(&self) -> Result<Vec<BatchRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from batch where state <> 'staging' order by created_at desc, id desc limit 200")
                .fetch_all(pool).await?)
        })
    }

    /// One import.
    pub async fn batch(&self, id: &str) -> Result<Option<BatchRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from batch where id = $1").bind(id).fetch_optional(pool).await?)
        })
    }

    /// When the same bytes were last imported and are still visible, UTC ms.
    pub async fn imported_before(&self, sha256: &str) -> Result<Option<i64>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_scalar("select max(created_at) from batch where file_sha256 = $1 and state = 'visible'")
                .bind(sha256).fetch_one(pool).await?)
        })
    }

    /// Rejected rows of an import in file order.
    pub async fn rejects(&self, batch: &str, limit: i64) -> Result<Vec<RejectRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from reject where batch_id = $1 order by row_no limit $2")
                .bind(batch).bind(limit).fetch_all(pool).await?)
        })
    }

    /// Imports that were never flipped: their process died.
    pub async fn staging_batches(&self) -> Result<Vec<String>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_scalar("select id from batch where state = 'staging' order by id").fetch_all(pool).await?)
        })
    }
}

impl Tx {
    /// Writes a batch as it stands now (a new row, or all its columns again).
    pub async fn save_batch(&mut self, b: &BatchRow) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query(
                "insert into batch (id, source_id, state, sample, file_name, file_sha256, format, encoding, channel, shop, options,
                   actor_id, created_at, visible_at, read_rows, new_rows, updated_rows, unchanged_rows, rejected_rows, history_rows,
                   ticket_rows, urgent_rows, warnings)
                 values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23)
                 on conflict (id) do update set state = excluded.state, visible_at = excluded.visible_at,
                   read_rows = excluded.read_rows, new_rows = excluded.new_rows, updated_rows = excluded.updated_rows,
                   unchanged_rows = excluded.unchanged_rows, rejected_rows = excluded.rejected_rows,
                   history_rows = excluded.history_rows, ticket_rows = excluded.ticket_rows, urgent_rows = excluded.urgent_rows,
                   warnings = excluded.warnings")
                .bind(&b.id).bind(&b.source_id).bind(&b.state).bind(b.sample).bind(&b.file_name).bind(&b.file_sha256)
                .bind(&b.format).bind(&b.encoding).bind(&b.channel).bind(&b.shop).bind(&b.options).bind(&b.actor_id)
                .bind(b.created_at).bind(b.visible_at).bind(b.read_rows).bind(b.new_rows).bind(b.updated_rows)
                .bind(b.unchanged_rows).bind(b.rejected_rows).bind(b.history_rows).bind(b.ticket_rows).bind(b.urgent_rows)
                .bind(&b.warnings).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Keeps rejected rows for download.
    pub async fn add_rejects(&mut self, rows: &[RejectRow]) -> Result<()> {
        insert_many!(
            self,
            "reject (batch_id, row_no, code, detail, cells)",
            rows,
            |b, r| {
                b.push_bind(&r.batch_id)
                    .push_bind(r.row_no)
                    .push_bind(&r.code)
                    .push_bind(&r.detail)
                    .push_bind(&r.cells);
            }
        );
        Ok(())
    }

    /// Keeps changes to known reviews until the flip.
    pub async fn stage_updates(&mut self, rows: &[StagedUpdateRow]) -> Result<()> {
        insert_many!(
            self,
            "staged_update (batch_id, review_id, row_no, payload)",
            rows,
            |b, r| {
                b.push_bind(&r.batch_id)
                    .push_bind(&r.review_id)
                    .push_bind(r.row_no)
                    .push_bind(&r.payload);
            }
        );
        Ok(())
    }

    /// Changes kept for the flip, in file order.
    pub async fn staged_updates(&mut self, batch: &str) -> Result<Vec<StagedUpdateRow>> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query_as("select * from staged_update where batch_id = $1 order by row_no")
                .bind(batch).fetch_all(&mut *conn).await?)
        })
    }

    /// Forgets the changes that were kept for the flip.
    pub async fn clear_staged_updates(&mut self, batch: &str) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("delete from staged_update where batch_id = $1").bind(batch).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Removes up to `limit` tickets and reviews of a batch that was never flipped. True when nothing is left of it.
    ///
    /// In pieces, so that a person's draft is never kept waiting by a big clean-up.
    pub async fn remove_staged(&mut self, batch: &str, limit: i64) -> Result<bool> {
        let (tickets, reviews): (Vec<i64>, Vec<i64>) = on_tx!(self, Database, conn => {
            (sqlx::query_scalar("select review_number from ticket where batch_id = $1 order by id limit $2")
                .bind(batch).bind(limit).fetch_all(&mut *conn).await?,
            sqlx::query_scalar("select number from review where batch_id = $1 order by id limit $2")
                .bind(batch).bind(limit).fetch_all(&mut *conn).await?)
        });
        self.spoil_facts(FactPage::Tickets, tickets.iter().copied())
            .await?;
        if tickets.is_empty() {
            self.spoil_facts(FactPage::Reviews, reviews.iter().copied())
                .await?;
        }
        on_tx!(self, Database, conn => {
            for sql in [
                "delete from clock where ticket_id in (select id from ticket where batch_id = $1 order by id limit $2)",
                "delete from alert where ticket_id in (select id from ticket where batch_id = $1 order by id limit $2)",
                "delete from activity where chain in (select id from ticket where batch_id = $1 order by id limit $2)",
                "delete from ticket where id in (select id from ticket where batch_id = $1 order by id limit $2)",
            ] {
                sqlx::query(sql).bind(batch).bind(limit).execute(&mut *conn).await?;
            }
            if !tickets.is_empty() {
                return Ok(false);
            }
            sqlx::query("delete from review_fact where number in (select number from review where batch_id = $1 order by id limit $2)")
                .bind(batch).bind(limit).execute(&mut *conn).await?;
            let reviews = sqlx::query("delete from review where id in (select id from review where batch_id = $1 order by id limit $2)")
                .bind(batch).bind(limit).execute(&mut *conn).await?.rows_affected();
            if reviews > 0 {
                return Ok(false);
            }
            for sql in ["delete from reject where batch_id = $1", "delete from staged_update where batch_id = $1",
                        "delete from batch where id = $1 and state = 'staging'"] {
                sqlx::query(sql).bind(batch).execute(&mut *conn).await?;
            }
            Ok(true)
        })
    }

    /// Tickets of a batch that a person has already worked on, as numbers.
    pub async fn worked_on(&mut self, batch: &str) -> Result<Vec<String>> {
        on_tx!(self, Database, conn => {
            Ok(sqlx::query_scalar(
                "select number from ticket t where batch_id = $1 and exists
                   (select 1 from activity a where a.chain = t.id and a.actor_id is not null and a.kind not in ('received', 'undone'))
                 order by number limit 20")
                .bind(batch).fetch_all(&mut *conn).await?)
        })
    }

    /// Frees the keys of a batch that is taken back, so that the same file can come in again.
    pub async fn release_keys(&mut self, batch: &str) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("update review set dedupe = dedupe || '#' || id where batch_id = $1")
                .bind(batch).execute(&mut *conn).await?;
            sqlx::query("update alert set state = 'skipped' where batch_id = $1 and state = 'pending'")
                .bind(batch).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Gives a batch that was taken back its keys again. False, and nothing is changed, where another review has one
    /// of them by now.
    pub async fn take_keys_back(&mut self, batch: &str) -> Result<bool> {
        on_tx!(self, Database, conn => {
            // A released key is the old one, '#' and the id.
            let taken: i64 = sqlx::query_scalar(
                "select count(*) from review r join review o
                   on o.dedupe = substr(r.dedupe, 1, length(r.dedupe) - length(r.id) - 1)
                 where r.batch_id = $1")
                .bind(batch).fetch_one(&mut *conn).await?;
            if taken > 0 {
                return Ok(false);
            }
            sqlx::query("update review set dedupe = substr(dedupe, 1, length(dedupe) - length(id) - 1) where batch_id = $1")
                .bind(batch).execute(&mut *conn).await?;
            Ok(true)
        })
    }
}
