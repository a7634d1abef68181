//! Who may do what, what is proved, what is shown; and what the engine is told of people.

use super::Names::{Column, RecordType, Section, Stored};
use super::Shape::{Expression, Label, Name, Names, OneOf, Requirement, Sort, YesNo};
use super::{CHANGE, Kind, LABEL, PERIODS, may, must};
use crate::expression::Place::{Condition, Filter, Right, Value};

/// `[role.NAME]`, in definitions and in `roles.toml`.
pub const ROLE: Kind = Kind {
    name: "role",
    meaning: "A role of people. It counts on all records of the type, or on those where `for` \
        holds. Its label stands in one file of all that name it.",
    open: false,
    keys: &[
        may("label", Label, "that of the file that gives it", "what people read", CHANGE),
        may(
            "for",
            Expression(Right),
            "all records",
            "the records on which the role counts",
            "\"requester == me\"",
        ),
        may("everybody", YesNo, "false", "everybody holds it without being given it", "true"),
        may(
            "administers",
            YesNo,
            "false",
            "whoever is given it may hold tokens with the scope `admin`",
            "true",
        ),
    ],
    example: r#"[role.requester]
label = { en = "Requester", zh = "申请人" }
for   = "requester == me"
everybody = true"#,
};

/// `[permission.NAME]`
pub const PERMISSION: Kind = Kind {
    name: "permission",
    meaning: "What the role of that name may do with the records on which it counts. Rights \
        are granted, never withdrawn: a right that is not here is not given.",
    open: false,
    keys: &[
        may("create", Expression(Right), "no", "makes records", "\"true\""),
        may("read", Expression(Right), "no", "reads records", "\"true\""),
        may(
            "write",
            Expression(Right),
            "no",
            "edits what the state lets be edited",
            "\"state == 'draft'\"",
        ),
        may(
            "withdraw",
            Expression(Right),
            "no",
            "takes records out of lists",
            "\"state == 'draft'\"",
        ),
        may("internal", Expression(Right), "no", "reads and writes internal notes", "\"true\""),
        may("see", Names(Section), "all", "the sections shown", "[\"request\", \"outcome\"]"),
    ],
    example: "[permission.requester]\ncreate = \"true\"\nread   = \"true\"\n\
        write  = \"state == 'draft'\"",
};

/// `[evidence.NAME]`
pub const EVIDENCE: Kind = Kind {
    name: "evidence",
    meaning: "A claim of conformity, measured over live records: of those in `over`, the share \
        for which `holds` is true, and the records that break it.",
    open: false,
    keys: &[
        LABEL,
        must("requirement", Requirement, "the entry of the catalogue it answers", "\"8.5.1.2-1\""),
        must("over", Expression(Condition), "the records it is about", "\"state != 'draft'\""),
        must(
            "holds",
            Expression(Condition),
            "what is true of those that conform",
            "\"service is set\"",
        ),
    ],
    example: "[evidence.changes_are_reviewed]\nrequirement = \"8.5.1.3-9\"\n\
        label = { en = \"Changes are reviewed\", zh = \"变更已评审\" }\n\
        over  = \"state == 'closed'\"\nholds = \"review is set\"",
};

/// `[list.NAME]`
pub const LIST: Kind = Kind {
    name: "list",
    meaning: "A view of records; `list.default` is the one first shown.",
    open: false,
    keys: &[
        may("label", Label, "the plural of the record type", "what people read", CHANGE),
        must("columns", Names(Column), "what is shown, in order", "[\"number\", \"summary\"]"),
        may("where", Expression(Filter), "all", "the records shown", "\"state == 'draft'\""),
        may("sort", Sort, "newest first", "the order", "\"-number,summary\""),
    ],
    example: "[list.default]\ncolumns = [\"number\", \"summary\", \"state\"]\nsort    = \
        \"-number\"",
};

/// `[measure.NAME]`
pub const MEASURE: Kind = Kind {
    name: "measure",
    meaning: "A figure over time; exactly one of `count`, `share` and `value`.",
    open: false,
    keys: &[
        LABEL,
        must("over", Expression(Condition), "the records it is about", "\"state == 'closed'\""),
        may("count", YesNo, "", "how many there are", "true"),
        may(
            "share",
            Expression(Condition),
            "",
            "the share for which this holds",
            "\"result == 'successful'\"",
        ),
        may(
            "value",
            Expression(Value),
            "",
            "the distribution of this number or length of time",
            "\"actual_end - actual_start\"",
        ),
        may(
            "at",
            Name(Stored),
            "creation",
            "the instant that puts a record into a period",
            "\"actual_end\"",
        ),
        may("per", OneOf(&PERIODS), "not over time", "the period", "\"month\""),
        may(
            "by",
            Name(Stored),
            "one series",
            "one series for each value of this field",
            "\"kind\"",
        ),
    ],
    example: "[measure.success_rate]\nlabel = { en = \"Success rate\", zh = \"成功率\" }\n\
        over  = \"state == 'closed'\"\nshare = \"result == 'successful'\"\nper   = \"month\"",
};

/// A table of `engine.toml`, called by its purpose.
pub const BINDING: Kind = Kind {
    name: "purpose",
    meaning: "What the engine itself needs, bound to a record type. Each further key is a part \
        that a field or link of it plays.",
    open: true,
    keys: &[must("record", Name(RecordType), "the record type that serves it", "\"person\"")],
    example: "[person]\nrecord = \"person\"\nlogin  = \"login\"",
};
