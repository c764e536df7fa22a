//! A chart as shapes in a unit square (x to the right, y up), and its axes.

use super::plan::line;
use crate::document::{Chart, ChartKind, Mood, ValueKind};
use crate::text::words;
use serde::Serialize;

/// A chart ready to be drawn.
#[derive(Debug, Serialize)]
pub(super) struct Picture {
    unit: String,
    ticks: Vec<Label>,
    /// One for each category.
    labels: Vec<String>,
    /// Every so many categories have their label drawn.
    every: usize,
    bars: Vec<Bar>,
    lines: Vec<Line>,
    legend: Vec<Entry>,
    /// Where zero is, if it is on the axis.
    zero: Option<f64>,
}

#[derive(Debug, Serialize)]
struct Label {
    at: f64,
    text: String,
}

#[derive(Debug, Serialize)]
struct Bar {
    x: f64,
    y: f64,
    w: f64,
    h: f64,
    tone: String,
    /// Written above it.
    text: String,
}

#[derive(Debug, Serialize)]
struct Line {
    /// Runs without a gap.
    runs: Vec<Vec<[f64; 2]>>,
    tone: String,
    /// Which dash pattern.
    dash: usize,
}

#[derive(Debug, Serialize)]
struct Entry {
    name: String,
    tone: String,
    line: bool,
    dash: usize,
}

/// More bars than this have no numbers above them.
const LABELLED_BARS: usize = 16;
/// More categories than this have only some of them named.
const LABELS: usize = 14;

/// None where there is nothing to draw. Heat maps are drawn as tables.
pub(super) fn picture(chart: &Chart, language: &str) -> Option<Picture> {
    let count = chart.categories.len();
    let number = |series: usize, at: usize| {
        chart.series[series]
            .values
            .get(at)
            .copied()
            .flatten()
            .and_then(drawable)
    };
    let sum_at = |at: usize| {
        (0..chart.series.len())
            .filter_map(|s| number(s, at))
            .map(|v| v.max(0.0))
            .sum()
    };
    let all = || (0..chart.series.len()).flat_map(|s| (0..count).filter_map(move |at| number(s, at)));
    if chart.kind == ChartKind::Heat || all().next().is_none() {
        return None;
    }
    let (mut low, mut high) = all().fold((0.0f64, 0.0f64), |(low, high), v| (low.min(v), high.max(v)));
    if chart.kind == ChartKind::Stacked {
        low = 0.0;
        high = (0..count).map(sum_at).fold(0.0f64, f64::max);
    } else if chart.kind == ChartKind::Lines && chart.value == ValueKind::Percent {
        // A line of rates between 88 % and 97 % is flat on an axis from 0.
        let least = all().fold(f64::INFINITY, f64::min);
        low = if least > 0.5 {
            (least * 20.0 - 0.5).floor() / 20.0
        } else {
            low
        };
    }
    let counts =
        matches!(chart.value, ValueKind::Count | ValueKind::Change) && all().all(|v| v.fract() == 0.0);
    let (low, high, step) = scale(low, high, if counts { 1.0 } else { 0.0 });
    let unit = |v: f64| ((v - low) / (high - low)).clamp(0.0, 1.0);
    let ticks = (0..12)
        .map(|n| low + step * f64::from(n))
        .take_while(|v| *v <= high + step * 1e-6)
        .map(|v| Label {
            at: unit(v),
            text: tick(v, chart.value, step),
        })
        .collect();
    let tones: Vec<String> = chart
        .series
        .iter()
        .enumerate()
        .map(|(at, s)| tone(s.mood, at))
        .collect();
    let mut bars = Vec::new();
    let mut lines = Vec::new();
    let slot = 1.0 / count as f64;
    match chart.kind {
        ChartKind::Lines => {
            for (series, tone) in tones.iter().enumerate() {
                let mut runs = vec![Vec::new()];
                for at in 0..count {
                    match (number(series, at), runs.last_mut()) {
                        (Some(v), Some(run)) => run.push([(at as f64 + 0.5) * slot, unit(v)]),
                        _ => runs.push(Vec::new()),
                    }
                }
                runs.retain(|run| !run.is_empty());
                lines.push(Line {
                    runs,
                    tone: tone.clone(),
                    dash: series % 4,
                });
            }
        }
        ChartKind::Stacked => {
            for at in 0..count {
                let mut base = 0.0;
                for (series, tone) in tones.iter().enumerate() {
                    let Some(v) = number(series, at).filter(|v| *v > 0.0) else {
                        continue;
                    };
                    bars.push(Bar {
                        x: (at as f64 + 0.2) * slot,
                        y: unit(base),
                        w: slot * 0.6,
                        h: unit(base + v) - unit(base),
                        tone: tone.clone(),
                        text: String::new(),
                    });
                    base += v;
                }
                let total: f64 = sum_at(at);
                if let Some(bar) = bars.last_mut().filter(|_| count <= LABELLED_BARS && total > 0.0) {
                    bar.text = chart.number(total);
                }
            }
        }
        _ => {
            let width = slot * 0.7 / chart.series.len() as f64;
            for (series, tone) in tones.iter().enumerate() {
                for at in 0..count {
                    let Some(v) = number(series, at) else { continue };
                    let (a, b) = (unit(0.0f64.max(low)), unit(v));
                    bars.push(Bar {
                        x: (at as f64 + 0.15) * slot + series as f64 * width,
                        y: a.min(b),
                        w: width * 0.92,
                        h: (a - b).abs(),
                        tone: tone.clone(),
                        text: if count * chart.series.len() <= LABELLED_BARS {
                            chart.number(v)
                        } else {
                            String::new()
                        },
                    });
                }
            }
        }
    }
    let is_line = chart.kind == ChartKind::Lines;
    let legend = chart
        .series
        .iter()
        .zip(&tones)
        .enumerate()
        .filter(|(_, (s, _))| !s.name.is_empty());
    let unit_word = match (chart.unit.as_str(), chart.value) {
        ("", ValueKind::Duration) => words(language).minutes.to_owned(),
        ("", ValueKind::Money) => "¥".to_owned(),
        (unit, _) => line(unit),
    };
    Some(Picture {
        unit: unit_word,
        ticks,
        labels: chart.categories.iter().map(|c| line(c)).collect(),
        every: count.div_ceil(LABELS).max(1),
        bars,
        lines,
        legend: legend
            .map(|(at, (s, tone))| Entry {
                name: line(&s.name),
                tone: tone.clone(),
                line: is_line,
                dash: at % 4,
            })
            .collect(),
        zero: (low <= 0.0).then(|| unit(0.0)),
    })
}

/// A number that a shape can be made of: differences and steps of larger or smaller ones are lost in rounding.
fn drawable(v: f64) -> Option<f64> {
    match v.abs() {
        size if !size.is_finite() || size > 1e15 => None,
        size if size < 1e-9 => Some(0.0),
        _ => Some(v),
    }
}

/// Points of a small line in the unit square; none for fewer than two numbers.
pub(super) fn small_line(numbers: &[f64]) -> Vec<[f64; 2]> {
    let numbers: Vec<f64> = numbers.iter().copied().filter_map(drawable).collect();
    if numbers.len() < 2 {
        return Vec::new();
    }
    let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let y = |v: f64| if high > low { (v - low) / (high - low) } else { 0.5 };
    let last = (numbers.len() - 1) as f64;
    numbers
        .iter()
        .enumerate()
        .map(|(at, v)| [at as f64 / last, y(*v)])
        .collect()
}

/// The palette alternates dark and light so that neighbours differ in grey too.
fn tone(mood: Mood, at: usize) -> String {
    match mood {
        Mood::Plain => format!("s{}", at % 6),
        Mood::Good => "good".into(),
        Mood::Bad => "bad".into(),
        Mood::Warn => "warn".into(),
        Mood::Muted => "muted".into(),
        Mood::New => "new".into(),
    }
}

/// An axis of up to six round steps, none smaller than `least`, that holds both numbers.
fn scale(low: f64, high: f64, least: f64) -> (f64, f64, f64) {
    let span = if high > low { high - low } else { 1.0 };
    let raw = (span / 4.0).max(least);
    let power = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .map(|n| n * power)
        .into_iter()
        .find(|s| *s >= raw * 0.999);
    let step = step.unwrap_or(power * 10.0);
    let bottom = (low / step + 1e-9).floor() * step;
    let top = (high / step - 1e-9).ceil() * step;
    (bottom, if top > bottom { top } else { bottom + step }, step)
}

/// A number at the axis.
fn tick(v: f64, kind: ValueKind, step: f64) -> String {
    let v = if v.abs() < step / 1000.0 { 0.0 } else { v };
    match kind {
        ValueKind::Percent if step >= 0.01 => format!("{:.0}%", v * 100.0),
        ValueKind::Percent => format!("{:.1}%", v * 100.0),
        _ if v.abs() >= 10_000_000.0 => format!("{v:.1e}"),
        _ => {
            let places = (0..3)
                .find(|n| (step * 10f64.powi(*n)).fract().abs() < 1e-6)
                .unwrap_or(3) as usize;
            format!("{v:.places$}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Series;

    #[test]
    fn an_axis_has_round_steps_and_holds_every_number() {
        assert_eq!(scale(0.0, 38.0, 1.0), (0.0, 40.0, 10.0));
        assert_eq!(scale(0.0, 0.0, 1.0), (0.0, 1.0, 1.0));
        let (low, high, _) = scale(-3.0, 17.0, 0.0);
        assert!(low <= -3.0 && high >= 17.0);
    }

    #[test]
    fn numbers_out_of_all_proportion_draw_something_or_nothing_but_end() {
        for values in [
            [f64::MAX, f64::MIN, 1.0],
            [f64::MIN_POSITIVE, 5e-324, 0.0],
            [1e15, -1e15, 1e-15],
            [1e14, 1e14 + 0.02, 1e14],
            [f64::INFINITY, f64::NAN, f64::NEG_INFINITY],
        ] {
            for kind in [ChartKind::Bars, ChartKind::Stacked, ChartKind::Lines] {
                for value in [ValueKind::Percent, ValueKind::Count, ValueKind::Money] {
                    let series = Series {
                        values: values.map(Some).to_vec(),
                        ..Series::default()
                    };
                    let chart = Chart {
                        kind,
                        value,
                        categories: vec![String::new(); 3],
                        series: vec![series],
                        ..Chart::default()
                    };
                    let drawn =
                        serde_json::to_string(&picture(&chart, "zh-CN").map(|p| (p.bars, p.lines, p.ticks)));
                    let drawn = drawn.unwrap();
                    assert!(drawn == "null" || !drawn.contains("null"), "{values:?}: {drawn}");
                }
            }
            assert!(
                small_line(&values)
                    .iter()
                    .flatten()
                    .all(|v| (0.0..=1.0).contains(v))
            );
        }
    }

    #[test]
    fn a_missing_number_is_a_gap_in_its_line_and_no_bar() {
        let mut chart = Chart {
            kind: ChartKind::Lines,
            categories: ["43", "44", "45", "46"].map(String::from).to_vec(),
            series: vec![Series {
                values: vec![Some(1.0), None, Some(3.0), Some(f64::NAN)],
                ..Series::default()
            }],
            ..Chart::default()
        };
        let drawn = picture(&chart, "zh-CN").unwrap();
        assert_eq!(
            drawn.lines[0].runs.iter().map(Vec::len).collect::<Vec<_>>(),
            [1, 1]
        );
        chart.kind = ChartKind::Bars;
        assert_eq!(picture(&chart, "zh-CN").unwrap().bars.len(), 2);
        chart.series.clear();
        assert!(picture(&chart, "zh-CN").is_none());
    }
}
