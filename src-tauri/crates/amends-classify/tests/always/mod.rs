//! What holds for any text whatever. Shared by the property tests and the fuzz target.

use amends_classify::{Classifier, Input};

/// Panics if reading `text` breaks a promise.
pub fn holds(text: &str, stars: Option<f32>) {
    let input = Input {
        text,
        stars,
        ..Input::default()
    };
    let a = Classifier::shipped().assess(&input);
    let length = text.chars().count() as u32;
    for e in &a.evidence {
        assert!(e.start < e.end && e.end <= length, "{e:?} lies outside the text");
    }
    let probabilities = [a.negative_probability, a.confidence]
        .into_iter()
        .chain(a.cause_probabilities)
        .chain(a.risk_probabilities)
        .chain(a.severity_probabilities);
    for p in probabilities {
        assert!((0.0..=1.0).contains(&p), "{p} is no probability");
    }
    assert_eq!(a, Classifier::shipped().assess(&input), "read twice, two answers");
    // White space between characters says nothing, except between the words of a language that needs it.
    let spaced: String = text.chars().flat_map(|c| [c, ' ']).collect();
    let b = Classifier::shipped().assess(&Input {
        text: &spaced,
        ..input
    });
    if a.language == amends_domain::assessment::Language::Chinese && b.language == a.language {
        assert_eq!(
            (a.sentiment, a.severity, a.negative_probability),
            (b.sentiment, b.severity, b.negative_probability),
            "white space changed the conclusion"
        );
    }
}
