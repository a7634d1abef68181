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

pub const CURSOR: Parameter = Parameter {
    name: "cursor",
    kind: Kind::Text { max: 2000 },
    says: "The page after the one that answered this as `next`.",
    required: false,
};

pub const BEFORE: Parameter = Parameter {
    name: "before",
    kind: Kind::Text { max: 2000 },
    says: "The page before the one that answered this as `previous`.",
    required: false,
};

pub const WHERE: Parameter = Parameter {
    name: "where",
    kind: Kind::Text { max: 8192 },
    says: "A condition in the language of docs/expressions.md.",
    required: false,
};

pub const WORDS: Parameter = Parameter {
    name: "q",
    kind: Kind::Text { max: 500 },
    says: "Words that the records hold.",
    required: false,
};

pub const SORT: Parameter = Parameter {
    name: "sort",
    kind: Kind::Text { max: 500 },
    says: "Fields between commas, descending with a minus: `-priority,number`.",
    required: false,
};

pub const COLUMNS: Parameter = Parameter {
    name: "columns",
    kind: Kind::Text { max: 4000 },
    says: "Fields between commas; all where left out.",
    required: false,
};

pub const AS_OF: Parameter = Parameter {
    name: "as_of",
    kind: Kind::Instant,
    says: "As it stood at this instant.",
    required: false,
};

pub const TYPES: Parameter = Parameter {
    name: "types",
    kind: Kind::Text { max: 2000 },
    says: "Record types between commas; all where left out.",
    required: false,
};

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
    Parameter {
        name: "after",
        kind: Kind::Text { max: 32 },
        says: "The cursor of the answer before; the beginning where left out.",
        required: false,
    },
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

pub const STOOD: &[Parameter] = &[AS_OF];

pub const UNWATCH: &[Parameter] = &[Parameter {
    name: "person",
    kind: Kind::Text { max: 200 },
    says: "Who watches; the asker where left out.",
    required: false,
}];

pub const ATTACH: &[Parameter] = &[Parameter {
    name: "internal",
    kind: Kind::YesNo,
    says: "Whether only those who read internal notes see the file.",
    required: false,
}];

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
    Parameter {
        name: "zone",
        kind: Kind::Text { max: 60 },
        says: "The time zone of days, as in `Asia/Shanghai`; the asker's own where left out.",
        required: false,
    },
    Parameter {
        name: "per",
        kind: Kind::OneOf(PERIODS),
        says: "How time is divided; as the measure is defined where left out.",
        required: false,
    },
    Parameter {
        name: "by",
        kind: Kind::Text { max: 48 },
        says: "The field that divides the records; as defined where left out.",
        required: false,
    },
    Parameter {
        name: "at",
        kind: Kind::Text { max: 48 },
        says: "The field that puts a record into a period; as defined where left out.",
        required: false,
    },
    WHERE,
];
