//! How a record moves, and by when.

use super::Names::{Approval, Field, FieldOrLink, Role, Rule, Section, State};
use super::Shape::{
    Duration, Expression, Expressions, Integer, Label, Name, Names, OneOf, Targets, Text, YesNo,
};
use super::{CATEGORIES, Kind, LABEL, SENTENCE, may, must};
use crate::expression::Place::Condition;

/// `[state.NAME]`
pub const STATE: Kind = Kind {
    name: "state",
    meaning: "A step in the life of a record.",
    open: false,
    keys: &[
        LABEL,
        must(
            "category",
            OneOf(&CATEGORIES),
            "what the state means for clocks and statistics",
            "\"active\"",
        ),
        may(
            "editable",
            Names(Section),
            "none",
            "the sections that may be edited in it",
            "[\"request\"]",
        ),
    ],
    example: "[state.draft]\nlabel    = { en = \"Draft\", zh = \"草稿\" }\n\
        category = \"new\"\neditable = [\"request\"]",
};

/// `[transition.NAME]`
pub const TRANSITION: Kind = Kind {
    name: "transition",
    meaning: "A way from state to state, with what it takes.",
    open: false,
    keys: &[
        must("from", Names(State), "the states it leaves", "[\"draft\"]"),
        must("to", Name(State), "the state it leads to", "\"assessment\""),
        LABEL,
        may(
            "by",
            Names(Role),
            "the system, with `after`",
            "the roles that may perform it; required without `after`",
            "[\"change_manager\"]",
        ),
        may(
            "when",
            Expression(Condition),
            "always",
            "where it is offered",
            "\"kind == 'standard'\"",
        ),
        may(
            "needs",
            Names(FieldOrLink),
            "none",
            "asked for in its dialogue and required",
            "[\"reason\"]",
        ),
        may("rules", Names(Rule), "none", "what must hold", "[\"window_is_possible\"]"),
        may(
            "approve",
            Names(Approval),
            "none",
            "what must be granted first; each only where its `when` holds",
            "[\"change_manager\"]",
        ),
        may(
            "set",
            Expressions,
            "nothing",
            "what it writes into fields",
            "{ actual_start = \"now()\" }",
        ),
        may(
            "note",
            OneOf(&["required", "optional"]),
            "optional",
            "whether a note must be written",
            "\"required\"",
        ),
        may(
            "after",
            Duration,
            "never",
            "performed by the system this long after its state was entered; a day is 24 hours",
            "\"5d\"",
        ),
    ],
    example: "[transition.submit]\nfrom  = [\"draft\"]\nto    = \"assessment\"\n\
        label = { en = \"Submit\", zh = \"提交\" }\nby    = [\"requester\", \"change_manager\"]\n\
        needs = [\"reason\", \"service\"]",
};

/// `[rule.NAME]`
pub const RULE: Kind = Kind {
    name: "rule",
    meaning: "What must hold before a transition; exactly one of `holds` and `code`.",
    open: false,
    keys: &[
        must("message", Label, "what a person is told where it is broken", SENTENCE),
        may(
            "holds",
            Expression(Condition),
            "",
            "what must be true",
            "\"planned_start < planned_end\"",
        ),
        may("code", YesNo, "", "the Rust function of the same name in `rules/` decides", "true"),
        may(
            "always",
            YesNo,
            "false",
            "checked at every write, not only by the transitions that name it",
            "true",
        ),
    ],
    example: "[rule.window_is_possible]\nholds   = \"planned_start < planned_end\"\n\
        message = { en = \"The planned end must be after the planned start.\", zh = \
            \"计划结束时间必须晚于计划开始时间。\" }",
};

/// `[approval.NAME]`
pub const APPROVAL: Kind = Kind {
    name: "approval",
    meaning: "A consent that a transition asks for. It binds to what was seen, and is void \
        when that changes.",
    open: false,
    keys: &[
        LABEL,
        must("by", Names(Role), "the roles that may grant it", "[\"change_advisory_board\"]"),
        may("when", Expression(Condition), "always", "where it is asked for", "\"risk == 'high'\""),
        may("quorum", Integer { min: 1, max: 100 }, "1", "how many people must grant it", "2"),
        may("not_self", YesNo, "false", "nobody grants it to their own record", "true"),
    ],
    example: "[approval.change_advisory_board]\nwhen     = \"kind == 'normal'\"\n\
        by       = [\"change_advisory_board\"]\nquorum   = 2\nnot_self = true\n\
        label    = { en = \"Change advisory board\", zh = \"变更咨询委员会\" }",
};

/// `[clock.NAME]`
pub const CLOCK: Kind = Kind {
    name: "clock",
    meaning: "Working time that is counted and promised.",
    open: false,
    keys: &[
        LABEL,
        must(
            "start",
            Expression(Condition),
            "counts from when this holds",
            "\"state == 'review'\"",
        ),
        may(
            "pause",
            Expression(Condition),
            "never",
            "stands still while this holds",
            "\"state == 'waiting'\"",
        ),
        must("stop", Expression(Condition), "ends when this holds", "\"state == 'closed'\""),
        must("calendar", Text, "the code of the calendar that counts", "\"service_hours\""),
        must(
            "target",
            Targets,
            "how long it may run: \"4h\", \"30m\" are working time, \"3d\" service days of the \
                calendar; one, or one for each choice of `by`",
            "{ emergency = \"1h\", normal = \"3d\" }",
        ),
        may("by", Name(Field), "", "the choice field that decides the target", "\"kind\""),
        may(
            "warn_at",
            Integer { min: 1, max: 99 },
            "no warning",
            "per cent of the target at which people are warned",
            "75",
        ),
    ],
    example: "[clock.review]\nlabel    = { en = \"Review\", zh = \"评审\" }\n\
        start    = \"state == 'review'\"\nstop     = \"state == 'closed'\"\n\
        calendar = \"service_hours\"\ntarget   = { emergency = \"2d\", normal = \"10d\" }\n\
        by       = \"kind\"\nwarn_at  = 75",
};
