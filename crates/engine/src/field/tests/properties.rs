//! What holds for every kind and any input: nothing panics, and what is shown is read as the
//! same value.

use super::{World, kinds};
use crate::field::{Style, read, read_text, schema, show, text};
use model::definition::FieldKind;
use model::value::{Attachment, Currency, Decimal, Money};
use model::{Key, Language, Value};
use proptest::prelude::*;
use serde_json::{Map, Number, Value as Json};
use std::sync::Arc;

/// Any JSON, with the texts and keys that some kind looks at among it.
fn any_json() -> impl Strategy<Value = Json> {
    let word = prop_oneof![
        any::<String>(),
        "[-+]?[0-9]{0,25}(\\.[0-9]{0,12})?",
        "-?P?[0-9]{0,4}[a-zA-Z天分]{0,3}T?[0-9.]{0,5}[HMS]?",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?",
        "(https?|mailto|javascript):(//)?[\\PC]{0,12}",
        "[a-z.]{0,6}@[a-z.-]{0,8}",
        Just("high".to_string()),
        Just("High".to_string()),
        Just("CNY".to_string()),
        Just("CHG-000012".to_string()),
    ];
    let key = prop_oneof![
        "[a-z]{2}",
        Just("amount".to_string()),
        Just("currency".to_string()),
        Just("id".to_string()),
        Just("number".to_string()),
        Just("name".to_string()),
        Just("bytes".to_string()),
        any::<String>(),
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(|f| Number::from_f64(f).map_or(Json::Null, Json::Number)),
        word.prop_map(Json::String),
    ];
    leaf.prop_recursive(3, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            prop::collection::vec((key.clone(), inner), 0..5)
                .prop_map(|pairs| Json::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Any value of any kind, in range or not.
fn any_value() -> impl Strategy<Value = Value> {
    let texts = prop::collection::vec(any::<String>(), 0..3);
    prop_oneof![
        Just(Value::Unset),
        any::<bool>().prop_map(Value::YesNo),
        any::<i64>().prop_map(Value::Integer),
        (any::<i64>(), any::<u8>())
            .prop_map(|(units, places)| Value::Decimal(Decimal { units, places })),
        (any::<i64>(), any::<[u8; 3]>())
            .prop_map(|(minor, code)| Value::Money(Money { minor, currency: Currency(code) })),
        any::<String>().prop_map(|text| Value::text(&text)),
        texts.prop_map(|texts| Value::Texts(texts.into_iter().map(Arc::from).collect())),
        any::<i32>().prop_map(Value::Date),
        any::<i64>().prop_map(Value::Instant),
        any::<i64>().prop_map(Value::Duration),
        any::<i64>().prop_map(|key| Value::Reference(Key(key))),
        Just(Value::References([Key(7), Key(12), Key(99)].into())),
    ]
}

fn prose() -> impl Strategy<Value = String> {
    // Composed already, not blank, at most twenty characters.
    "[a-z中文é\n\t=+@-][a-z中文é \n\t]{0,18}[a-z中文é]"
}

/// A value that the kind can hold.
fn value_of(kind: &FieldKind) -> BoxedStrategy<Value> {
    let chosen = |all: [&'static str; 3]| prop::sample::select(all.to_vec());
    let levels = ["low", "medium", "high"];
    match kind {
        FieldKind::Text { .. } | FieldKind::Markdown { .. } => {
            prose().prop_map(|text| Value::text(&text)).boxed()
        }
        FieldKind::LocalText { .. } => (prose(), prop::option::of(prose()))
            .prop_map(|(en, zh)| {
                let mut texts = vec![(Language::EN, Arc::from(en))];
                texts.extend(zh.map(|zh| (Language::ZH, Arc::from(zh))));
                Value::LocalText(texts.into())
            })
            .boxed(),
        FieldKind::Choice(_) => chosen(levels).prop_map(Value::text).boxed(),
        FieldKind::MultiChoice(_) => prop::sample::subsequence(levels.to_vec(), 1..=3)
            .prop_map(|names| Value::Texts(names.into_iter().map(Arc::from).collect()))
            .boxed(),
        FieldKind::YesNo => any::<bool>().prop_map(Value::YesNo).boxed(),
        FieldKind::Integer { .. } => (0..=100_i64).prop_map(Value::Integer).boxed(),
        FieldKind::Decimal { places, .. } => {
            let places = *places;
            let decimal = move |units| Value::Decimal(Decimal { units, places });
            (0..=i64::MAX).prop_map(decimal).boxed()
        }
        FieldKind::Money => (any::<i64>(), chosen(["CNY", "JPY", "KWD"]))
            .prop_map(|(minor, code)| {
                Value::Money(Money { minor, currency: Currency::new(code).unwrap() })
            })
            .boxed(),
        FieldKind::Date => (-719_162..=2_932_896_i32).prop_map(Value::Date).boxed(),
        FieldKind::Datetime => {
            (-62_135_596_800_000_000..253_402_300_800_000_000_i64).prop_map(Value::Instant).boxed()
        }
        FieldKind::Duration => any::<i64>().prop_map(Value::Duration).boxed(),
        FieldKind::Reference { .. } => {
            prop_oneof![Just(Value::Reference(Key(7))), Just(Value::Reference(Key(12)))].boxed()
        }
        FieldKind::Attachment { .. } => ("[a-z报告]{1,20}\\.pdf", 0..i64::MAX, "[0-9a-f]{64}")
            .prop_map(|(name, bytes, sha256)| {
                let media_type = "application/pdf".into();
                let (name, sha256) = (name.into(), sha256.into());
                Value::Attachments([Attachment { sha256, name, media_type, bytes }].into())
            })
            .boxed(),
        FieldKind::Email => {
            "[a-zA-Z.+]{1,20}@[a-z]{1,9}\\.org".prop_map(|text| Value::text(&text)).boxed()
        }
        FieldKind::Url => "https?://[a-z]{1,9}(:[1-9][0-9]{1,3})?/[a-z中?&=#%-]{0,20}"
            .prop_map(|text| Value::text(&text))
            .boxed(),
    }
}

fn pair() -> impl Strategy<Value = (FieldKind, Value)> {
    let kinds: Vec<FieldKind> = kinds().into_iter().map(|(_, kind)| kind).collect();
    prop::sample::select(kinds).prop_flat_map(|kind| (Just(kind.clone()), value_of(&kind)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_json_is_read_or_refused_with_a_mend(json in any_json()) {
        for (name, kind) in kinds() {
            match read(&kind, &json, &World) {
                Ok(value) => {
                    let shown = show(&kind, &value, &World);
                    prop_assert_eq!(read(&kind, &shown, &World), Ok(value), "{}", name);
                }
                Err(slip) => prop_assert!(slip.en.ends_with('.') && slip.zh.ends_with('。')),
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(given in any::<String>()) {
        for (_, kind) in kinds() {
            let _ = read_text(&kind, &given, &World);
        }
    }

    #[test]
    fn any_value_is_shown(value in any_value()) {
        let zone = jiff::tz::TimeZone::UTC;
        for language in Language::REQUIRED {
            let style = Style { language, zone: &zone, names: &World };
            for (_, kind) in kinds() {
                let _ = (show(&kind, &value, &World), text(&kind, &value, &style));
            }
        }
    }

    #[test]
    fn what_is_shown_is_read_as_the_same((kind, value) in pair()) {
        let shown = show(&kind, &value, &World);
        prop_assert_eq!(read(&kind, &shown, &World), Ok(value.clone()));
        // Texts of these kinds say all there is; of the others, people see less than the value.
        let whole = !matches!(
            kind,
            FieldKind::LocalText { .. }
                | FieldKind::Datetime
                | FieldKind::Reference { .. }
                | FieldKind::Attachment { .. }
        );
        let zone = jiff::tz::TimeZone::UTC;
        for language in Language::REQUIRED {
            let style = Style { language, zone: &zone, names: &World };
            let people = text(&kind, &value, &style);
            if whole {
                prop_assert_eq!(read_text(&kind, &people, &World), Ok(value.clone()), "{}", people);
            }
        }
    }
}

#[test]
fn every_kind_has_a_schema_of_both_directions() {
    for (name, kind) in kinds() {
        for writing in [false, true] {
            let schema = schema(&kind, writing);
            assert!(schema["anyOf"][0]["type"].is_string() || writing, "{name}: {schema}");
            assert!(schema["anyOf"][0].is_object(), "{name}: {schema}");
        }
    }
}
