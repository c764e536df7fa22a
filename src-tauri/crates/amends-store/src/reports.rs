//! Kept reports, improvements, lessons.

use crate::{Result, Store, StoreError, Tx};
use sqlx::FromRow;

/// A report as it was.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ReportRow {
    /// Id.
    pub id: String,
    /// Kind, first day, cut and reader; unique.
    pub key: String,
    /// Kind word.
    pub kind: String,
    /// UTC ms.
    pub from_at: i64,
    /// UTC ms.
    pub until_at: i64,
    /// Title.
    pub title: String,
    /// UTC ms.
    pub made_at: i64,
    /// For whom; `''` for whoever sits at a desk of a workspace without people.
    pub person_id: String,
    /// Figures as JSON.
    pub figures: String,
    /// View as JSON.
    pub document: String,
    /// UTC ms.
    pub seen_at: Option<i64>,
}

/// A preventive action.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct ImprovementRow {
    /// Id.
    pub id: String,
    /// What is done.
    pub title: String,
    /// Words of customers it is to end.
    pub theme: Option<String>,
    /// Cause word.
    pub cause: Option<String>,
    /// Product.
    pub product: Option<String>,
    /// Shop.
    pub shop: Option<String>,
    /// What is expected of it.
    pub expected: String,
    /// Who sees to it.
    pub owner_id: Option<String>,
    /// YYYY-MM-DD.
    pub due_day: String,
    /// UTC ms.
    pub created_at: i64,
    /// Who.
    pub created_by: Option<String>,
    /// UTC ms.
    pub done_at: Option<i64>,
    /// UTC ms.
    pub dropped_at: Option<i64>,
    /// Why.
    pub dropped_why: Option<String>,
}

/// What was learned.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct LessonRow {
    /// Id.
    pub id: String,
    /// 2026-W47.
    pub week: String,
    /// Theme.
    pub theme: Option<String>,
    /// Who wrote it.
    pub author_id: Option<String>,
    /// UTC ms.
    pub at: i64,
    /// Words.
    pub body: String,
}

impl Store {
    /// Kept reports of a reader without their contents, newest first, at most 200.
    pub async fn reports(&self, person: &str) -> Result<Vec<ReportRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as(
                "select id, key, kind, from_at, until_at, title, made_at, person_id, '' as figures, '' as document, seen_at
                 from report where person_id = $1 order by made_at desc, id desc limit 200")
                .bind(person).fetch_all(pool).await?)
        })
    }

    /// One kept report.
    pub async fn report(&self, id: &str) -> Result<ReportRow> {
        on_read!(self, Database, pool => {
            sqlx::query_as("select * from report where id = $1").bind(id).fetch_optional(pool).await?.ok_or(StoreError::NotFound)
        })
    }

    /// True for a report that was already made.
    pub async fn has_report(&self, key: &str) -> Result<bool> {
        on_read!(self, Database, pool => {
            let found: Option<String> = sqlx::query_scalar("select id from report where key = $1").bind(key).fetch_optional(pool).await?;
            Ok(found.is_some())
        })
    }

    /// Preventive actions, those that run first, nearest due day first.
    pub async fn improvements(&self) -> Result<Vec<ImprovementRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as(
                "select * from improvement order by (done_at is not null or dropped_at is not null), due_day, id")
                .fetch_all(pool).await?)
        })
    }

    /// One preventive action.
    pub async fn improvement(&self, id: &str) -> Result<ImprovementRow> {
        on_read!(self, Database, pool => {
            sqlx::query_as("select * from improvement where id = $1").bind(id).fetch_optional(pool).await?.ok_or(StoreError::NotFound)
        })
    }

    /// Lessons of a week, oldest first.
    pub async fn lessons(&self, week: &str) -> Result<Vec<LessonRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from lesson where week = $1 order by at, id").bind(week).fetch_all(pool).await?)
        })
    }
}

impl Tx {
    /// Keeps a report. False when another program was faster.
    pub async fn add_report(&mut self, r: &ReportRow) -> Result<bool> {
        on_tx!(self, Database, conn => {
            let done = sqlx::query(
                "insert into report (id, key, kind, from_at, until_at, title, made_at, person_id, figures, document, seen_at)
                 values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11) on conflict (key) do nothing")
                .bind(&r.id).bind(&r.key).bind(&r.kind).bind(r.from_at).bind(r.until_at).bind(&r.title).bind(r.made_at)
                .bind(&r.person_id).bind(&r.figures).bind(&r.document).bind(r.seen_at).execute(&mut *conn).await?;
            Ok(done.rows_affected() > 0)
        })
    }

    /// Its reader has opened a kept report.
    pub async fn see_report(&mut self, id: &str, now_ms: i64) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("update report set seen_at = $2 where id = $1 and seen_at is null")
                .bind(id).bind(now_ms).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Writes a preventive action (a new row, or all its columns again).
    pub async fn save_improvement(&mut self, r: &ImprovementRow) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query(
                "insert into improvement (id, title, theme, cause, product, shop, expected, owner_id, due_day, created_at, created_by,
                   done_at, dropped_at, dropped_why) values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)
                 on conflict (id) do update set title = excluded.title, theme = excluded.theme, cause = excluded.cause,
                   product = excluded.product, shop = excluded.shop, expected = excluded.expected, owner_id = excluded.owner_id,
                   due_day = excluded.due_day, done_at = excluded.done_at, dropped_at = excluded.dropped_at,
                   dropped_why = excluded.dropped_why")
                .bind(&r.id).bind(&r.title).bind(&r.theme).bind(&r.cause).bind(&r.product).bind(&r.shop).bind(&r.expected)
                .bind(&r.owner_id).bind(&r.due_day).bind(r.created_at).bind(&r.created_by).bind(r.done_at).bind(r.dropped_at)
                .bind(&r.dropped_why).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Keeps a lesson.
    pub async fn add_lesson(&mut self, r: &LessonRow) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("insert into lesson (id, week, theme, author_id, at, body) values ($1,$2,$3,$4,$5,$6)")
                .bind(&r.id).bind(&r.week).bind(&r.theme).bind(&r.author_id).bind(r.at).bind(&r.body)
                .execute(&mut *conn).await?;
        });
        Ok(())
    }
}
