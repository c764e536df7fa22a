//! Reviews and their earlier versions.

use crate::{
    FactPage, KnownReview, Result, ReviewRow, Store, StoreError, Tx, VersionRow, search::searched_text,
};

/// Readers see a row only while its batch is visible; the set of the others is tiny.
pub(crate) const VISIBLE: &str = "batch_id not in (select id from batch where state <> 'visible')";

impl Store {
    /// One visible review.
    pub async fn review(&self, id: &str) -> Result<ReviewRow> {
        on_read!(self, Database, pool => {
            sqlx::query_as("select * from review where id = $1 and batch_id not in (select id from batch where state <> 'visible')")
                .bind(id).fetch_optional(pool).await?.ok_or(StoreError::NotFound)
        })
    }

    /// One review whether or not its batch is visible.
    pub async fn review_any(&self, id: &str) -> Result<Option<ReviewRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from review where id = $1").bind(id).fetch_optional(pool).await?)
        })
    }

    /// Earlier versions, oldest first.
    pub async fn review_versions(&self, id: &str) -> Result<Vec<VersionRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from review_version where review_id = $1 order by revision")
                .bind(id).fetch_all(pool).await?)
        })
    }

    /// Follow-ups 追评 of a review, oldest first.
    pub async fn appends(&self, id: &str) -> Result<Vec<ReviewRow>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as("select * from review where parent_id = $1 and batch_id not in (select id from batch where state <> 'visible') order by posted_at, id")
                .bind(id).fetch_all(pool).await?)
        })
    }

    /// How many visible reviews a customer has written, and how many of them negative.
    pub async fn customer_counts(&self, customer: &str) -> Result<(i64, i64)> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as(
                "select count(*), count(*) filter (where sentiment = 'neg') from review
                 where customer = $1 and batch_id not in (select id from batch where state <> 'visible')")
                .bind(customer).fetch_one(pool).await?)
        })
    }

    /// How many visible reviews there are.
    pub async fn review_count(&self) -> Result<i64> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_scalar("select (select count(*) from review)
                   - (select count(*) from review where batch_id in (select id from batch where state <> 'visible'))")
                .fetch_one(pool).await?)
        })
    }

    /// The highest review number, visible or not; 0 when there is none.
    pub async fn last_review_number(&self) -> Result<i64> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_scalar("select coalesce(max(number), 0) from review").fetch_one(pool).await?)
        })
    }

    /// What the search index holds of each review above `after`: number and the texts to search.
    pub async fn texts_after(&self, after: i64, limit: i64) -> Result<Vec<(i64, String)>> {
        on_read!(self, Database, pool => {
            Ok(sqlx::query_as(concat!("select r.number, ", searched_text!(), " from review r where r.number > $1 order by r.number limit $2"))
                .bind(after).bind(limit).fetch_all(pool).await?)
        })
    }

    /// Which of these keys are here and visible.
    pub async fn known_reviews(&self, keys: &[String]) -> Result<Vec<KnownReview>> {
        on_read!(self, Database, pool => {
            let mut found = Vec::new();
            for column in ["dedupe", "weak_dedupe"] {
                let mut query = sqlx::QueryBuilder::<Database>::new(
                    "select id, dedupe, weak_dedupe, content_hash, ticket_id, revision from review where ");
                query.push(VISIBLE).push(" and ").push(column).push(" in (");
                let mut list = query.separated(", ");
                for key in keys {
                    list.push_bind(key);
                }
                query.push(")");
                found.extend(query.build_query_as::<KnownReview>().fetch_all(pool).await?);
            }
            Ok(found)
        })
    }

    /// How many visible negative reviews each of these customers has posted since an instant.
    pub async fn negatives_of(&self, customers: &[String], since_ms: i64) -> Result<Vec<(String, i64)>> {
        if customers.is_empty() {
            return Ok(Vec::new());
        }
        on_read!(self, Database, pool => {
            let mut query = sqlx::QueryBuilder::<Database>::new(
                "select customer, count(*) from review where sentiment = 'neg' and ");
            query.push(VISIBLE).push(" and coalesce(posted_at, received_at) >= ").push_bind(since_ms).push(" and customer in (");
            let mut list = query.separated(", ");
            for customer in customers {
                list.push_bind(customer);
            }
            query.push(") group by customer");
            Ok(query.build_query_as().fetch_all(pool).await?)
        })
    }
}

impl Tx {
    /// One review as this transaction sees it.
    pub async fn review(&mut self, id: &str) -> Result<ReviewRow> {
        on_tx!(self, Database, conn => {
            sqlx::query_as("select * from review where id = $1").bind(id).fetch_optional(&mut *conn).await?.ok_or(StoreError::NotFound)
        })
    }

    /// Inserts new reviews.
    pub async fn add_reviews(&mut self, rows: &[ReviewRow]) -> Result<()> {
        insert_many!(self,
            "review (id, number, batch_id, source_id, dedupe, weak_dedupe, external_id, parent_id, append, channel, shop, order_id,
              product, variant, author, masked, customer, rating_raw, scale, stars, polarity, title, body, has_text, posted_at,
              posted_text, posted_precision, received_at, visibility, url, reply_body, reply_at, content_hash, revision, sentiment,
              assessment, salt, ticket_id, raw)", rows, |b, r| {
            b.push_bind(&r.id).push_bind(r.number).push_bind(&r.batch_id).push_bind(&r.source_id).push_bind(&r.dedupe)
                .push_bind(&r.weak_dedupe).push_bind(&r.external_id).push_bind(&r.parent_id).push_bind(r.append)
                .push_bind(&r.channel).push_bind(&r.shop).push_bind(&r.order_id).push_bind(&r.product).push_bind(&r.variant)
                .push_bind(&r.author).push_bind(r.masked).push_bind(&r.customer).push_bind(&r.rating_raw).push_bind(&r.scale)
                .push_bind(r.stars).push_bind(&r.polarity).push_bind(&r.title).push_bind(&r.body).push_bind(r.has_text)
                .push_bind(r.posted_at).push_bind(&r.posted_text).push_bind(&r.posted_precision).push_bind(r.received_at)
                .push_bind(&r.visibility).push_bind(&r.url).push_bind(&r.reply_body).push_bind(r.reply_at)
                .push_bind(&r.content_hash).push_bind(r.revision).push_bind(&r.sentiment).push_bind(&r.assessment)
                .push_bind(&r.salt).push_bind(&r.ticket_id).push_bind(&r.raw);
        });
        Ok(())
    }

    /// Keeps the version that is about to be replaced.
    pub async fn add_review_version(&mut self, v: &VersionRow) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query(
                "insert into review_version (review_id, revision, batch_id, replaced_at, stars, polarity, body, reply_body, assessment)
                 values ($1,$2,$3,$4,$5,$6,$7,$8,$9)")
                .bind(&v.review_id).bind(v.revision).bind(&v.batch_id).bind(v.replaced_at).bind(v.stars).bind(&v.polarity)
                .bind(&v.body).bind(&v.reply_body).bind(&v.assessment).execute(&mut *conn).await?;
        });
        Ok(())
    }

    /// Writes what a newer export says of a review, and nothing else; what it says is counted by [`Tx::recount_review`].
    pub async fn update_review(&mut self, r: &ReviewRow) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query(
                "update review set dedupe = $2, weak_dedupe = $3, external_id = $4, product = $5, variant = $6, author = $7, rating_raw = $8,
                   scale = $9, stars = $10, polarity = $11, title = $12, body = $13, has_text = $14, visibility = $15, reply_body = $16,
                   reply_at = $17, content_hash = $18, revision = $19, sentiment = $20, assessment = $21, raw = $22, url = $23 where id = $1")
                .bind(&r.id).bind(&r.dedupe).bind(&r.weak_dedupe).bind(&r.external_id).bind(&r.product).bind(&r.variant).bind(&r.author)
                .bind(&r.rating_raw).bind(&r.scale).bind(r.stars).bind(&r.polarity).bind(&r.title).bind(&r.body).bind(r.has_text)
                .bind(&r.visibility).bind(&r.reply_body).bind(r.reply_at).bind(&r.content_hash).bind(r.revision).bind(&r.sentiment)
                .bind(&r.assessment).bind(&r.raw).bind(&r.url).execute(&mut *conn).await?;
            sqlx::query("update review_fact set product = $2, stars = $3 where number = $1")
                .bind(r.number).bind(&r.product).bind(r.stars).execute(&mut *conn).await?;
        });
        for kind in [FactPage::Reviews, FactPage::Tickets] {
            self.spoil_facts(kind, [r.number].into_iter()).await?;
        }
        Ok(())
    }

    /// Links a review to the ticket that a person opened for it.
    pub async fn link_ticket(&mut self, review: &str, ticket: &str) -> Result<()> {
        on_tx!(self, Database, conn => {
            sqlx::query("update review set ticket_id = $2 where id = $1").bind(review).bind(ticket).execute(&mut *conn).await?;
        });
        Ok(())
    }
}
