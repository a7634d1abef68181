//! The types of fields, and which keys have a meaning for which type.

/// One value of `type` of a field.
#[derive(Debug)]
pub struct FieldType {
    pub name: &'static str,
    pub meaning: &'static str,
    /// The keys that only some types have, of those that this type has.
    pub keys: &'static [&'static str],
    /// Those of them that must be there.
    pub must: &'static [&'static str],
}

/// The keys that have a meaning only for the types that list them.
pub const TYPE_KEYS: [&str; 6] = ["max", "min", "places", "many", "to", "choices"];

/// Characters of a text without `max`.
pub const TEXT_MAX: usize = 200;
/// Characters of a markdown text without `max`.
pub const MARKDOWN_MAX: usize = 20_000;
/// Decimal places without `places`.
pub const PLACES: u8 = 2;

const fn plain(name: &'static str, meaning: &'static str) -> FieldType {
    FieldType { name, meaning, keys: &[], must: &[] }
}

const fn with(
    name: &'static str,
    keys: &'static [&'static str],
    must: &'static [&'static str],
    meaning: &'static str,
) -> FieldType {
    FieldType { name, meaning, keys, must }
}

/// Every field type, in the order of the reference.
pub const FIELD_TYPES: &[FieldType] = &[
    with("text", &["max"], &[], "one line; `max` characters, 200 where not said"),
    with("local_text", &["max"], &[], "one line in each language; 200 characters"),
    with("markdown", &["max"], &[], "text of many lines; 20000 characters"),
    with("choice", &["choices"], &["choices"], "one of the choices; they sort in their order"),
    with("multi_choice", &["choices"], &["choices"], "some of the choices, or of all roles"),
    plain("yes_no", "yes, no or not set"),
    with("integer", &["min", "max"], &[], "a whole number"),
    with("decimal", &["min", "max", "places"], &[], "a number with `places` places, 2 if not said"),
    plain("money", "an amount with its currency"),
    plain("date", "a day without time zone"),
    plain("datetime", "an instant, shown in the reader's time zone"),
    plain("duration", "a length of time"),
    with("reference", &["to"], &["to"], "one record of the type `to` or of one that extends it"),
    plain("person", "one person: a record of the type that `engine.toml` binds as `person`"),
    with("attachment", &["many"], &[], "a file, or several with `many`"),
    plain("email", "an e-mail address"),
    plain("url", "a web address"),
];

/// The names of all field types.
pub const FIELD_TYPE_NAMES: [&str; FIELD_TYPES.len()] = {
    let mut names = [""; FIELD_TYPES.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = FIELD_TYPES[at].name;
        at += 1;
    }
    names
};

/// The field type of that name.
pub fn field_type(name: &str) -> Option<&'static FieldType> {
    FIELD_TYPES.iter().find(|field_type| field_type.name == name)
}
