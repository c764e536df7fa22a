//! The model card: what the weights were made from, what they do and do not do. Written by training, never by hand.

use super::{
    NewTrade,
    data::Row,
    measure::{self, Measure},
    own::{Misread, Own},
};
use std::{collections::BTreeMap, fmt::Write};

/// One model beside the others.
#[derive(Debug)]
pub struct Family {
    /// What it is.
    pub name: String,
    /// On reviews it has not seen.
    pub measure: Measure,
}

/// What a card tells of.
#[derive(Debug)]
pub struct Card<'a> {
    /// The data.
    pub rows: &'a [Row],
    /// Of the weights.
    pub version: &'a str,
    /// Size of the weights.
    pub bytes: usize,
    /// Parts of the classifier alone, and all of it.
    pub families: Vec<Family>,
    /// All of it.
    pub shipped: &'a Measure,
    /// It on trades it was built without.
    pub trades: Vec<NewTrade>,
    /// Milliseconds of processor time to load the weights.
    pub load: f64,
    /// Own sentences per risk.
    pub own: Vec<Own>,
    /// Own sentences of what is easily misread.
    pub misread: Vec<Misread>,
}

impl Card<'_> {
    /// The card as Markdown.
    pub fn write(&self) -> String {
        write(self)
    }
}

fn write(card: &Card<'_>) -> String {
    let Card {
        rows,
        version,
        bytes,
        families,
        shipped,
        own,
        ..
    } = card;
    let mut out = String::new();
    let mut domains: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for row in rows.iter().filter(|r| r.own.is_none()) {
        let counts = domains.entry(&row.domain).or_default();
        counts[0] += usize::from(row.negative.is_some());
        counts[1] += usize::from(row.negative == Some(true));
        counts[2] += usize::from(row.label.is_some());
    }
    let _ = write!(
        out,
        "# Model card: how Amends reads reviews\n\n\
         Written by `cargo xtask train`; weights `{version}`, {bytes} bytes.\n\n\
         ## What it is\n\n\
         A text is folded to one spelling (compatibility forms, case, script, emoji, camouflage, digits, white space), \
         read by a linear model over character 1- to 4-grams (naive-Bayes-scaled support vector machines, one int8 \
         weight per n-gram and head; for polarity also one per n-gram and trade, learned beside what all trades have in \
         common, and one that tells of which trade a text is) and by a small convolutional network (filters over 2 to 4 \
         characters, shipped as a table). Written patterns look for risks, faults, merits and irony. A small network weighs all their \
         scores, of the whole text and of its clauses, into one probability each; it has learned from every text twice, \
         once read by models that know the trade and once by models that have never met it, and a quarter of polarity is \
         the n-gram model's word alone. A strong pattern can raise a risk by itself, words denied or supposed lower it. Nothing leaves the machine.\n\n\
         ## Data and licence\n\n\
         Public research corpora (ChineseNlpCorpus: waimai_10k, online_shopping_10_cats, ChnSentiCorp_htl_all; ASAP). \
         **Only ASAP carries an explicit licence (Apache-2.0); the others carry none.** Whoever publishes these weights \
         decides knowingly. No text of them is in the weights beyond n-grams of up to four characters. Script folding \
         uses OpenCC's tables (Apache-2.0).\n\n\
         | domain | reviews with polarity | of them negative | labelled by a reader |\n| --- | ---: | ---: | ---: |\n"
    );
    for (domain, [all, negative, labelled]) in &domains {
        let _ = writeln!(out, "| {domain} | {all} | {negative} | {labelled} |");
    }
    out.push_str(
        "\n## How it does on reviews it has not seen\n\n\
         Five-fold, split by text: each review is read by models fitted without it, and weighed by a second level fitted \
         without it. Only the cuts (one number per cause and risk, seven factors) have seen all rows, and the patterns \
         were adjusted while looking at hit rates on these rows. The labelled rows over-represent risks.\n\n\
         | model | polarity accuracy | AUC | ECE | sentiment macro-F1 | causes macro-F1 | severity accuracy | \
         severe: recall at precision 0.60 |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for f in families {
        let all: Vec<(f32, bool)> = f.measure.polarity.values().flatten().copied().collect();
        let _ = writeln!(
            out,
            "| {} | {:.4} | {:.4} | {:.4} | {:.3} | {:.3} | {:.3} | {:.3} |",
            f.name,
            f.measure.polarity_accuracy(),
            measure::auc(&all),
            measure::ece(&all),
            f.measure.sentiment_f1(),
            f.measure.cause_f1(),
            f.measure.severity_accuracy(),
            f.measure.severe_recall_at(0.6)
        );
    }
    let _ = write!(
        out,
        "\nThe shipped combination in full:\n\n```\n{}```\n",
        shipped.report()
    );
    if !card.trades.is_empty() {
        write_trades(&card.trades, &mut out);
    }
    let _ = write!(
        out,
        "\n## What it costs\n\n\
         Reading the file of weights takes {:.0} ms of processor time; `cargo xtask bench classify` prints how long it \
         takes until the first review is read, speed and memory.\n",
        card.load
    );
    out.push_str(
        "\n## What is easily misread\n\n\
         Invented sentences (`tests/fixtures/readings.txt`); two thirds of each kind were learned from, a third was kept \
         out.\n\n\
         | kind | right, learned from | right, kept out |\n| --- | ---: | ---: |\n",
    );
    for m in &card.misread {
        let _ = writeln!(
            out,
            "| {} | {} of {} | {} of {} |",
            m.section, m.open[0], m.open[1], m.kept[0], m.kept[1]
        );
    }
    out.push_str(
        "\n## Risks on our own sentences\n\n\
         60 that bear the risk and 60 that only look like it, per risk, invented; patterns were written from two thirds \
         of them, and the models learned those too; the other third was kept out of both (`tests/fixtures/risks.txt`). For \
         legal, media and fraud the models learned more that measure nothing (`data/taught-risks.txt`).\n\n\
         | risk | recall, open | precision, open | recall, kept out | precision, kept out |\n| --- | ---: | ---: | ---: | ---: |\n",
    );
    for o in own {
        let _ = writeln!(
            out,
            "| {} | {:.2} | {:.2} | {:.2} | {:.2} |",
            o.risk,
            o.open.recall(),
            o.open.precision(),
            o.kept.recall(),
            o.kept.precision()
        );
    }
    out.push_str(
        "\n## Thresholds\n\n\
         A cause counts from the lowest probability whose F1 is within 0.2 points of the best; health and legal within \
         0.1, fraud from the middle between that and the lowest within 0.3. A pattern supports the model there, and words denied, supposed or heard weaken it. Risks with too \
         few labels (injury, media, privacy, abuse, extortion) rest on patterns of a stated precision, and count from \
         0.50. These thresholds decide what is shown; how urgent a ticket is goes by severity, where recall comes \
         first. The \
         factors on severity trade accuracy against finding the severe ones, at a precision of 0.66 or more.\n\n\
         ## Limits\n\n\
         - Half of the remaining errors of polarity are wrong or undecidable labels; irony, praise followed by a \
         complaint and defects told without feeling are what is really missed.\n\
         - A trade that is not in the table starts lower; corrections there teach a model of its own.\n\
         - English is answered from a lexicon; other languages ask for a person.\n\
         - `genuine` is learned from 39 examples and only catches what is plainly no review.\n",
    );
    out
}

fn write_trades(trades: &[NewTrade], out: &mut String) {
    out.push_str(
        "\n## On a trade it has never read\n\n\
         Built without each trade in turn, then corrected with the trade's own labels (mean of three draws). What is \
         learned for one trade changes nothing for another. The plain model is the n-grams alone.\n\n\
         | trade | plain model | shipped combination | after 20 corrections | after 100 | after 100 contradictory ones |\n\
         | --- | ---: | ---: | ---: | ---: | ---: |\n",
    );
    let figures = |t: &NewTrade| {
        [
            t.plain,
            t.measure.polarity_accuracy(),
            t.learning.steps[1].1,
            t.learning.steps[2].1,
            t.learning.contradicted,
        ]
    };
    let mut mean = [0.0; 5];
    for t in trades {
        for (m, f) in mean.iter_mut().zip(figures(t)) {
            *m += f / trades.len() as f64;
        }
    }
    let named = trades.iter().map(|t| (t.domain.as_str(), figures(t)));
    for (name, [plain, shipped, twenty, hundred, contradicted]) in named.chain([("**mean**", mean)]) {
        let _ = writeln!(
            out,
            "| {name} | {plain:.4} | {shipped:.4} | {twenty:.4} | {hundred:.4} | {contradicted:.4} |"
        );
    }
}
