//! The parameters of queries, and which routes take which.

use crate::handle::export::FORMATS;
use crate::handle::figure::PERIODS;
use crate::route::{Kind, Parameter};

pub const LIMIT: Parameter = Parameter {
    name: "limit",
    kind: Kind::Number { min: 1, max: 1000 },
    says: "How many at most.",
    required: false,
};

pub const CURSOR: Parameter =
    Parameter::text("cursor", 2000, "The page after the one that answered this as `next`.");

pub const BEFORE: Parameter =
    Parameter::text("before", 2000, "The page before the one that answered this as `previous`.");

pub const WHERE: Parameter =
    Parameter::text("where", 8192, "A condition in the language of docs/expressions.md.");

pub const WORDS: Parameter = Parameter::text("q", 500, "Words that the records hold.");

pub const SORT: Parameter = Parameter::text(
    "sort",
    500,
    "Fields between commas, descending with a minus: `-priority,number`.",
);

pub const COLUMNS: Parameter =
    Parameter::text("columns", 4000, "Fields between commas; all where left out.");

pub const AS_OF: Parameter = Parameter {
    name: "as_of",
    kind: Kind::Instant,
    says: "As it stood at this instant.",
    required: false,
};

pub const TYPES: Parameter =
    Parameter::text("types", 2000, "Record types between commas; all where left out.");

pub const LIST: &[Parameter] = &[
    WHERE,
    WORDS,
    SORT,
    COLUMNS,
    LIMIT,
    CURSOR,
    BEFORE,
    Parameter {
        name: "count",
        kind: Kind::YesNo,
        says: "Whether to count all records found.",
        required: false,
    },
    AS_OF,
];

pub const CHANGES: &[Parameter] = &[
    Parameter::text("after", 32, "The cursor of the answer before; the beginning where left out."),
    LIMIT,
    TYPES,
    Parameter {
        name: "wait",
        kind: Kind::Number { min: 0, max: 25 },
        says: "Seconds to wait where nothing has happened yet.",
        required: false,
    },
];

pub const SEARCH: &[Parameter] = &[
    Parameter { required: true, ..WORDS },
    TYPES,
    CURSOR,
    Parameter {
        name: "limit",
        kind: Kind::Number { min: 1, max: 200 },
        says: "How many at most; 20 where left out.",
        required: false,
    },
];

pub const PAGE: &[Parameter] = &[CURSOR, LIMIT];

pub const NOTICES: &[Parameter] = &[
    CURSOR,
    Parameter {
        name: "limit",
        kind: Kind::Number { min: 1, max: 100 },
        says: "How many at most; 50 where left out.",
        required: false,
    },
    Parameter {
        name: "unread",
        kind: Kind::YesNo,
        says: "Whether only what is unread.",
        required: false,
    },
];

pub const STOOD: &[Parameter] = &[AS_OF];

pub const UNWATCH: &[Parameter] =
    &[Parameter::text("person", 200, "Who watches; the asker where left out.")];

pub const ATTACH: &[Parameter] = &[Parameter {
    name: "internal",
    kind: Kind::YesNo,
    says: "Whether only those who read internal notes see the file.",
    required: false,
}];

/// What the rows of a file are that is brought.
pub const BRING: &[Parameter] =
    &[Parameter::text("record_type", 64, "What the rows are: the name of a record type.").needed()];

pub const IMPORTS: &[Parameter] = &[LIMIT];

pub const EXPORT: &[Parameter] = &[
    Parameter {
        name: "format",
        kind: Kind::OneOf(FORMATS),
        says: "`csv` where left out.",
        required: false,
    },
    Parameter {
        name: "labels",
        kind: Kind::YesNo,
        says: "Labels and times as people read them, in the place of names.",
        required: false,
    },
    WHERE,
    WORDS,
    SORT,
    COLUMNS,
    AS_OF,
];

pub const CLAIM: &[Parameter] = &[SORT, COLUMNS, LIMIT, CURSOR, BEFORE];

pub const MEASURE: &[Parameter] = &[
    Parameter {
        name: "from",
        kind: Kind::Instant,
        says: "The first instant counted.",
        required: false,
    },
    Parameter {
        name: "to",
        kind: Kind::Instant,
        says: "The first instant not counted; now where left out.",
        required: false,
    },
    Parameter::text(
        "zone",
        60,
        "The time zone of days, as in `Asia/Shanghai`; the asker's own where left out.",
    ),
    Parameter {
        name: "per",
        kind: Kind::OneOf(PERIODS),
        says: "How time is divided; as the measure is defined where left out.",
        required: false,
    },
    Parameter::text("by", 48, "The field that divides the records; as defined where left out."),
    Parameter::text(
        "at",
        48,
        "The field that puts a record into a period; as defined where left out.",
    ),
    WHERE,
];
