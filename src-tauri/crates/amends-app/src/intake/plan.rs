//! Planning: what each row is to the reviews that are already here, and every row that a chunk will write.
//!
//! Runs ahead of the writer, so that the database writes one chunk while the next is thought out. It only reads, and
//! what it reads is older than this import: rows of the same file are recognised by `seen`.

use super::{
    AGAIN_MS, DAY_MS, HISTORY_MS,
    opening::{Opening, customer, review_row},
    read::{Assessed, Chunk, key_hash},
    update::{merged, staged},
};
use crate::{App, Result, dto::ImportOptions, index, reading, rules::Rules, workspace};
use amends_classify::KeywordAlert;
use amends_domain::{NewReview, ReviewId, Sentiment, TicketId, Tier, Visibility, triage};
use amends_store::{
    ActivityRow, AlertRow, BatchRow, ClockRow, KnownReview, RejectRow, ReviewFactRow, ReviewRow,
    StagedUpdateRow, Store, TicketRow,
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Everything that one transaction of an import writes.
pub(super) struct Planned {
    /// The batch as it stands after it.
    pub batch: BatchRow,
    pub rejects: Vec<RejectRow>,
    /// Their numbers are taken when they are written.
    pub reviews: Vec<ReviewRow>,
    /// What the figures count of each of them.
    pub facts: Vec<ReviewFactRow>,
    /// With the place of their review in `reviews`.
    pub tickets: Vec<(usize, TicketRow)>,
    pub clocks: Vec<ClockRow>,
    pub activities: Vec<ActivityRow>,
    pub alerts: Vec<AlertRow>,
    pub updates: Vec<StagedUpdateRow>,
}

impl Planned {
    fn after(batch: &BatchRow) -> Self {
        Self {
            batch: batch.clone(),
            rejects: Vec::new(),
            reviews: Vec::new(),
            facts: Vec::new(),
            tickets: Vec::new(),
            clocks: Vec::new(),
            activities: Vec::new(),
            alerts: Vec::new(),
            updates: Vec::new(),
        }
    }
}

pub(super) struct Planner {
    store: Store,
    settings: workspace::Settings,
    rules: Arc<Rules>,
    keywords: Vec<KeywordAlert>,
    now_ms: i64,
    /// Older reviews are history.
    cutoff_ms: i64,
    /// Nothing was ever stored, so nothing can be known.
    is_first: bool,
    /// Keys of this run → review id and ticket id.
    seen: HashMap<String, (String, Option<String>)>,
    /// Negative reviews per customer in the last 30 days, this run included.
    negatives: HashMap<String, i64>,
    /// The row last counted, and whether nothing in it was new.
    last_row: Option<(u32, bool)>,
    batch: BatchRow,
}

/// What a row is to the reviews that are already here.
enum Outcome {
    New,
    /// Changes the review with this id.
    Updated(String),
    Unchanged,
}

impl Planner {
    /// A planner for a batch that was just opened.
    pub async fn new(
        app: &App,
        settings: workspace::Settings,
        options: &ImportOptions,
        batch: BatchRow,
    ) -> Result<Self> {
        let now_ms = app.now();
        let kept = options
            .open_days
            .map_or(HISTORY_MS, |days| i64::from(days) * DAY_MS);
        let store = app.store();
        Ok(Self {
            rules: app.rules(),
            keywords: reading::keyword_alerts(&store).await?,
            now_ms,
            cutoff_ms: now_ms - kept,
            is_first: store.last_review_number().await? == 0,
            store,
            seen: HashMap::new(),
            negatives: HashMap::new(),
            settings,
            last_row: None,
            batch,
        })
    }

    /// Thinks a chunk out.
    pub async fn plan(&mut self, chunk: Chunk<Assessed>) -> Result<Planned> {
        match chunk {
            Chunk::Rejects(rejects) => {
                self.batch.read_rows += rejects.len() as i64;
                self.batch.rejected_rows += rejects.len() as i64;
                Ok(Planned {
                    rejects,
                    ..Planned::after(&self.batch)
                })
            }
            Chunk::Rows(rows) => self.plan_rows(rows).await,
        }
    }

    async fn plan_rows(&mut self, rows: Vec<Assessed>) -> Result<Planned> {
        let known = self.known(&rows).await?;
        let mut planned = Planned::after(&self.batch);
        let mut fresh = Vec::with_capacity(rows.len());
        for row in rows {
            let outcome = self.outcome(&row, &known).await?;
            self.count(&row, &outcome);
            match outcome {
                Outcome::Unchanged => {}
                Outcome::Updated(review_id) => planned.updates.push(staged(&self.batch.id, review_id, &row)?),
                Outcome::New => fresh.push(row),
            }
        }
        self.count_negatives(&fresh).await?;
        for row in fresh {
            self.add(row, &mut planned)?;
        }
        planned.batch = self.batch.clone();
        Ok(planned)
    }

    /// Known reviews by the key that this chunk's rows would find them with.
    async fn known(&self, rows: &[Assessed]) -> Result<HashMap<String, KnownReview>> {
        if self.is_first {
            return Ok(HashMap::new());
        }
        let mut keys: Vec<String> = rows.iter().map(|row| row.key.clone()).collect();
        keys.extend(rows.iter().filter_map(|row| row.weak.clone()));
        let wanted: HashSet<&String> = rows.iter().map(|row| &row.key).collect();
        let mut found = HashMap::new();
        for review in self.store.known_reviews(&keys).await? {
            // Two reviews that both have a platform id are different even where order and product agree.
            if let Some(weak) = &review.weak_dedupe
                && wanted.contains(weak)
            {
                found.entry(weak.clone()).or_insert_with(|| review.clone());
            }
            found.insert(review.dedupe.clone(), review);
        }
        Ok(found)
    }

    /// What a row is to the reviews that are already here.
    async fn outcome(&mut self, row: &Assessed, known: &HashMap<String, KnownReview>) -> Result<Outcome> {
        if self.seen.contains_key(&row.key) {
            return Ok(Outcome::Unchanged);
        }
        let Some(found) = known
            .get(&row.key)
            .or_else(|| row.weak.as_ref().and_then(|weak| known.get(weak)))
        else {
            // Marks the key at once: the same row may come again within this chunk.
            self.seen.insert(row.key.clone(), (String::new(), None));
            return Ok(Outcome::New);
        };
        self.seen
            .insert(row.key.clone(), (found.id.clone(), found.ticket_id.clone()));
        let upgrades = found.dedupe != row.key && row.review.external_id.is_some();
        if found.content_hash == row.review.content_hash && !upgrades {
            return Ok(Outcome::Unchanged);
        }
        let before = self.store.review(&found.id).await?;
        Ok(if merged(&before, row)?.is_some() {
            Outcome::Updated(found.id.clone())
        } else {
            Outcome::Unchanged
        })
    }

    /// Counts rows of the file, as the person sees them: a follow-up 追评 in the row of its review is no row of its
    /// own, but a new one makes a known row an updated one.
    fn count(&mut self, row: &Assessed, outcome: &Outcome) {
        let same_row = row.review.append && self.last_row.is_some_and(|(number, _)| number == row.review.row);
        if same_row {
            if self.last_row.is_some_and(|(_, unchanged)| unchanged) && !matches!(outcome, Outcome::Unchanged)
            {
                self.batch.unchanged_rows -= 1;
                self.batch.updated_rows += 1;
                self.last_row = Some((row.review.row, false));
            }
            return;
        }
        self.last_row = Some((row.review.row, matches!(outcome, Outcome::Unchanged)));
        self.batch.read_rows += 1;
        match outcome {
            Outcome::Unchanged => self.batch.unchanged_rows += 1,
            Outcome::Updated(_) => self.batch.updated_rows += 1,
            Outcome::New => {
                self.batch.new_rows += 1;
                self.batch.history_rows += i64::from(self.is_old(&row.review));
            }
        }
    }

    /// Older than 72 hours, or than the days that the person chose (R16).
    fn is_old(&self, review: &NewReview) -> bool {
        review
            .posted
            .as_ref()
            .and_then(amends_domain::Time::latest_ms)
            .is_some_and(|at| at < self.cutoff_ms)
    }

    async fn count_negatives(&mut self, rows: &[Assessed]) -> Result<()> {
        let unknown: HashSet<String> = rows
            .iter()
            .filter_map(|row| customer(&row.review))
            .filter(|customer| !self.negatives.contains_key(customer))
            .collect();
        let unknown: Vec<String> = unknown.into_iter().collect();
        if !self.is_first {
            self.negatives
                .extend(self.store.negatives_of(&unknown, self.now_ms - AGAIN_MS).await?);
        }
        Ok(())
    }

    /// Everything that a new review brings: its row and, if it calls for one, its ticket.
    fn add(&mut self, row: Assessed, planned: &mut Planned) -> Result<()> {
        let review_id = ReviewId::new(self.now_ms);
        let parent = self.parent(&row.review);
        let is_old = self.is_old(&row.review);
        let shown = !matches!(row.review.visibility, Visibility::Hidden | Visibility::Deleted);
        let again = self.is_again(&row, is_old);
        let heard = amends_classify::heard(&self.keywords, &row.review.body, Some(row.review.channel))
            .map(|(alert, _)| alert);
        let mut decision = triage::decide(
            &row.assessment,
            &row.review.body,
            &triage::Signals {
                keyword: heard.is_some(),
                keyword_urgent: heard.is_some_and(|alert| alert.urgent),
                ..self.signals(&row.review, again)
            },
        );
        decision.keyword = heard.map(|alert| alert.keyword.clone());
        let mut stored = review_row(&row, &review_id, &self.batch, self.now_ms)?;
        stored.parent_id = parent.as_ref().map(|(review, _)| review.clone());
        let mut opened_ticket = None;
        if !is_old && shown && decision.opens {
            // A follow-up joins the ticket of the review it belongs to; that ticket's log is extended at the flip.
            if row.review.append
                && let Some((_, Some(ticket))) = &parent
            {
                stored.ticket_id = Some(ticket.clone());
                planned
                    .updates
                    .push(staged(&self.batch.id, review_id.0.clone(), &row)?);
            } else {
                let id = TicketId::new(self.now_ms).0;
                let opened = Opening {
                    batch: &self.batch,
                    rules: &self.rules,
                    settings: &self.settings,
                    actor: None,
                    now_ms: self.now_ms,
                }
                .open(&id, &stored, &row.assessment, &decision)?;
                stored.ticket_id = Some(id);
                self.batch.ticket_rows += 1;
                self.batch.urgent_rows += i64::from(decision.tier == Tier::Urgent);
                opened_ticket = Some(opened.ticket);
                planned.clocks.extend(opened.clocks);
                planned.activities.push(opened.activity);
                planned.alerts.extend(opened.alert);
            }
        }
        planned.facts.push(index::fresh_fact(
            &stored,
            &row.assessment,
            opened_ticket.as_ref(),
        )?);
        planned
            .tickets
            .extend(opened_ticket.map(|ticket| (planned.reviews.len(), ticket)));
        self.seen.insert(row.key, (review_id.0, stored.ticket_id.clone()));
        planned.reviews.push(stored);
        Ok(())
    }

    /// The review and ticket that a follow-up 追评 in this file belongs to.
    fn parent(&self, review: &NewReview) -> Option<(String, Option<String>)> {
        let shop = review.shop.as_deref().unwrap_or(&self.batch.shop);
        let key = key_hash(&self.batch.source_id, shop, review.parent_key.as_ref()?);
        self.seen
            .get(&key)
            .filter(|(review, _)| !review.is_empty())
            .cloned()
    }

    /// Whether the customer has complained before (rule 8), and remembers that they do now.
    fn is_again(&mut self, row: &Assessed, is_old: bool) -> bool {
        let Some(customer) = customer(&row.review) else {
            return false;
        };
        let before = self.negatives.get(&customer).is_some_and(|count| *count > 0);
        if row.assessment.sentiment == Sentiment::Neg && !is_old {
            *self.negatives.entry(customer).or_insert(0) += 1;
        }
        before
    }

    fn signals(&self, review: &NewReview, again: bool) -> triage::Signals {
        triage::Signals {
            stars: review.stars,
            polarity: review.polarity,
            again,
            open_neutral: self.settings.open_neutral,
            ..Default::default()
        }
    }
}
