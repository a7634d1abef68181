//! Text that nobody means well: nothing panics, nothing runs out of stack, every slip lies inside
//! the text at the border of a character.

use super::super::check::LENGTH;
use super::super::example::{labels, record, shared};
use super::super::{Expression, Place, Slip, check};
use crate::definition::Model;
use crate::label::Language;
use proptest::prelude::*;

/// Runs a text through everything; the slips it got.
fn run(text: &str, model: &Model) -> Result<Expression, Vec<Slip>> {
    let checked = check(text, "change", Place::Filter, None, model);
    match &checked {
        Ok(expression) => {
            let facts = record();
            expression.evaluate(&facts);
            expression.reads();
            expression.in_words(Language::ZH, &labels(model, Language::ZH));
            expression.in_words(Language::EN, &labels(model, Language::EN));
            if let Err(slip) = expression.moments() {
                assert_eq!((slip.start, slip.end), (0, text.len()));
            }
        }
        Err(slips) => {
            assert!(!slips.is_empty(), "{text:?}: refused without a reason");
            for slip in slips {
                assert!(slip.start <= slip.end && slip.end <= text.len(), "{text:?}: {slip:?}");
                assert!(text.is_char_boundary(slip.start), "{text:?}: {slip:?}");
                assert!(text.is_char_boundary(slip.end), "{text:?}: {slip:?}");
            }
        }
    }
    checked
}

#[test]
fn long_and_deep_texts_are_refused() {
    let model = shared();
    let cases = [
        ("a".repeat(LENGTH + 1), "expression-too-long"),
        ("(".repeat(LENGTH), "expression-too-deep"),
        ("[".repeat(LENGTH), "expression-too-deep"),
        ("not ".repeat(LENGTH / 4), "expression-too-deep"),
        ("f(".repeat(LENGTH / 2), "expression-too-deep"),
        (format!("effort > 1{}", " + 1".repeat(2000)), "expression-too-deep"),
        (format!("effort > {}", "1 - (".repeat(1500)), "expression-too-deep"),
    ];
    for (text, id) in cases {
        let ids: Vec<_> = run(&text, model).err().unwrap_or_default();
        assert!(ids.iter().any(|slip| slip.id == id), "{}: {ids:?}", &text[..12]);
    }
}

#[test]
fn long_texts_within_the_limits_are_read() {
    let model = shared();
    let wide = format!("outage{}", " or outage".repeat(800));
    assert!(run(&wide, model).is_ok());
    let deep = format!("{}outage{}", "(".repeat(60), ")".repeat(60));
    assert!(run(&deep, model).is_ok());
}

/// Pieces that a text of the language is made of, and some that it is not.
fn piece() -> impl Strategy<Value = String> {
    let pieces = vec![
        "and",
        "or",
        "not",
        "in",
        "is",
        "set",
        "empty",
        "unset",
        "true",
        "me",
        "me.roles",
        "now()",
        "today()",
        "count(affects)",
        "matrix(",
        "search(",
        "kind",
        "risk",
        "impact",
        "cost",
        "tags",
        "effort",
        "ratio",
        "due_date",
        "planned_start",
        "grace",
        "service.owner",
        "affects",
        "affects.owners",
        "affects.state",
        "query.x",
        "public_name",
        "'high'",
        "'CNY 1.00'",
        "'2026-03-01'",
        "''",
        "'",
        "变更",
        "，",
        "“高”",
        "1",
        "1.5",
        "15m",
        "99999999999999999999",
        "9223372036854775807",
        "==",
        "!=",
        "<",
        ">=",
        "=",
        "+",
        "-",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "\u{0}",
        "é",
        "\u{1F600}",
    ];
    prop_oneof![
        9 => proptest::sample::select(pieces).prop_map(str::to_string),
        1 => "\\PC{0,4}",
    ]
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_pieces_are_answered(
        pieces in proptest::collection::vec(piece(), 0..14),
        spaced in any::<bool>(),
    ) {
        let text = pieces.join(if spaced { " " } else { "" });
        let _ = run(&text, shared());
    }

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = run(&String::from_utf8_lossy(&bytes), shared());
    }
}
