//! What a record is: the record type itself, its fields, links, choices and what makes them fast.

use super::Names::{Field, Menu, RecordType, Stored};
use super::Shape::{
    Choices, Expression, InitialState, Integer, Label, Name, Names, Number, NumberFormat, OneOf,
    Text, YesNo,
};
use super::{FIELD_TYPE_NAMES, ICONS, Kind, LABEL, SENTENCE, may, must};
use crate::expression::Place::{Condition, Value};

const CHANGES: &str = r#"{ en = "Changes", zh = "变更" }"#;
const RESOLVED: &str = r#"{ en = "Resolved by", zh = "由变更解决" }"#;

/// `[record]`: what the file defines.
pub const RECORD: Kind = Kind {
    name: "record",
    meaning: "The record type itself: one table in the database, one resource, one form.",
    open: false,
    keys: &[
        must("name", Text, "the name of the record type and of its file", "\"change\""),
        LABEL,
        must("plural", Label, "what people read over a list", CHANGES),
        may("help", Label, "none", "a sentence that explains it", SENTENCE),
        may(
            "number",
            NumberFormat,
            "inherited, or none",
            "how records are numbered",
            "\"CHG-{000000}\"",
        ),
        may(
            "title",
            Name(Field),
            "inherited",
            "the text field that names a record; required on a record type that extends none",
            "\"summary\"",
        ),
        may(
            "state",
            InitialState,
            "inherited, or no workflow",
            "the state a record begins in",
            "{ initial = \"draft\" }",
        ),
        may(
            "extends",
            Name(RecordType),
            "none",
            "the record type of which this is a kind: all its tables are inherited",
            "\"configuration_item\"",
        ),
        may(
            "abstract",
            YesNo,
            "false",
            "no record is only this: a type that extends it is always chosen",
            "true",
        ),
        may(
            "menu",
            Name(Menu),
            "no entry",
            "the part of the navigation in which its list stands; see `menus.toml`",
            "\"operate\"",
        ),
        may(
            "place",
            Integer { min: 0, max: 1000 },
            "after all that say one",
            "where it stands in the menu, smaller numbers first",
            "10",
        ),
        may(
            "icon",
            OneOf(&ICONS),
            "inherited, or a sheet of paper",
            "the picture beside it",
            "\"calendar\"",
        ),
    ],
    example: r#"[record]
name   = "change"
label  = { en = "Change", zh = "变更" }
plural = { en = "Changes", zh = "变更" }
number = "CHG-{000000}"
title  = "summary"
state  = { initial = "draft" }"#,
};

/// `[section.NAME]`
pub const SECTION: Kind = Kind {
    name: "section",
    meaning: "Fields that are shown and may be edited together.",
    open: false,
    keys: &[LABEL, must("fields", Names(Field), "its fields in order", "[\"summary\"]")],
    example: "[section.request]\nlabel  = { en = \"Request\", zh = \"变更请求\" }\n\
        fields = [\"summary\", \"reason\"]",
};

/// `[field.NAME]`
pub const FIELD: Kind = Kind {
    name: "field",
    meaning: "One value of a record: one column.",
    open: false,
    keys: &[
        must("type", OneOf(&FIELD_TYPE_NAMES), "what it holds: see the field types", "\"text\""),
        LABEL,
        may("help", Label, "none", "a sentence shown at the field", SENTENCE),
        may(
            "max",
            Number,
            "see the field types",
            "the most characters, or the largest number",
            "200",
        ),
        may("min", Number, "none", "the smallest number", "0"),
        may("places", Integer { min: 0, max: 9 }, "2", "decimal places", "3"),
        may("many", YesNo, "false", "takes several files", "true"),
        may("to", Name(RecordType), "", "the record type referred to", "\"service\""),
        may(
            "choices",
            Choices,
            "",
            "the choices in their order, or \"roles\" for all roles",
            "{ low = { en = \"Low\", zh = \"低\" }, high = { en = \"High\", zh = \"高\" } }",
        ),
        may("required", YesNo, "false", "must be set from the beginning", "true"),
        may("unique", YesNo, "false", "no two records hold the same", "true"),
        may(
            "default",
            Expression(Value),
            "none",
            "the value of a new record that is given none",
            "\"'normal'\"",
        ),
        may(
            "computed",
            Expression(Value),
            "none",
            "the value at each write; nobody enters it",
            "\"matrix('risk', impact, likelihood)\"",
        ),
        may(
            "show",
            Expression(Condition),
            "always",
            "where the field is shown",
            "\"kind == 'standard'\"",
        ),
        may(
            "set_by",
            OneOf(&["workflow"]),
            "people",
            "set by transitions only, never by an edit",
            "\"workflow\"",
        ),
        may("tracked", YesNo, "false", "each change of it can be counted later", "true"),
        may("searched", YesNo, "true for texts", "search finds its words", "false"),
        may("personal", YesNo, "false", "personal data, masked or erased by retention", "true"),
    ],
    example: "[field.summary]\ntype     = \"text\"\n\
        label    = { en = \"Summary\", zh = \"摘要\" }\nmax      = 200\nrequired = true",
};

/// `[link.NAME]`
pub const LINK: Kind = Kind {
    name: "link",
    meaning: "Records of another type (or of the same) that belong to a record; readable from \
        both ends.",
    open: false,
    keys: &[
        must("to", Name(RecordType), "the record type at the far end", "\"problem\""),
        LABEL,
        must("inverse", Label, "how it reads from the far end", RESOLVED),
        may("many", YesNo, "false", "several far ends", "true"),
    ],
    example: "[link.resolves]\nto      = \"problem\"\nmany    = true\n\
        label   = { en = \"Resolves\", zh = \"解决的问题\" }\n\
        inverse = { en = \"Resolved by\", zh = \"由变更解决\" }",
};

/// `[matrix.NAME]`
pub const MATRIX: Kind = Kind {
    name: "matrix",
    meaning: "A table of choices, for the choice field of the same name that is computed from \
        it. One key for each choice of the first field, one cell for each of the second.",
    open: true,
    keys: &[must(
        "of",
        Names(Field),
        "the field of the rows, the field of the columns",
        "[\"impact\", \"likelihood\"]",
    )],
    example: "[matrix.risk]\nof     = [\"impact\", \"likelihood\"]\n\
        low    = [\"low\", \"low\", \"medium\"]\nmedium = [\"low\", \"medium\", \"high\"]\n\
        high   = [\"medium\", \"high\", \"high\"]",
};

/// `[index.NAME]`
pub const INDEX: Kind = Kind {
    name: "index",
    meaning: "What makes a list, a right or a rule fast at a million records.",
    open: false,
    keys: &[
        must("fields", Names(Stored), "the fields in order", "[\"state\", \"planned_start\"]"),
        may("unique", YesNo, "false", "no two records hold the same", "true"),
    ],
    example: "[index.schedule]\nfields = [\"state\", \"planned_start\"]",
};
