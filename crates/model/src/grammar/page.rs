//! What a page is: its address, its parameters, its blocks. A kind of block is one [`Kind`] here
//! and one file in `web`.

use super::Names::{
    self as Of, Choice, Field, Link as Links, Measure as Measures, Menu, Parameter, RecordType,
    Role, Stored,
};
use super::Shape::{
    Expression, Integer, Label, Name, Names, Number, OneOf, Sort, Table, Tables, Text, YesNo,
};
use super::{CHANGE, ICONS, Kind, LABEL, PERIODS, SENTENCE, may, must};
use crate::expression::Place::{Filter, Value};

const SCHEDULED: &str = "\"state == 'scheduled'\"";

/// `[page]`
pub const PAGE: Kind = Kind {
    name: "page",
    meaning: "The page itself. Everybody may open it and sees of it what they may read; `role` \
        says who finds it in the menu.",
    open: false,
    keys: &[
        must("name", Text, "the name of the page, of which there is one", "\"change_calendar\""),
        must("path", Text, "its address", "\"/changes/calendar\""),
        LABEL,
        may("help", Label, "none", "a sentence under the title", SENTENCE),
        may("menu", Name(Menu), "no entry", "the part of the navigation", "\"operate\""),
        may(
            "place",
            Integer { min: 0, max: 1000 },
            "after all that say one",
            "where it stands in the menu, smaller numbers first",
            "10",
        ),
        may("icon", OneOf(&ICONS), "a sheet of paper", "the picture beside it", "\"calendar\""),
        may("role", Names(Role), "everybody", "who finds it in the menu", "[\"change_manager\"]"),
        may(
            "home",
            YesNo,
            "false",
            "whether its blocks stand on the first page too, for those who find it; lists and \
             figures suit it",
            "true",
        ),
    ],
    example: "[page]\nname  = \"change_calendar\"\npath  = \"/changes/calendar\"\n\
        label = { en = \"Change calendar\", zh = \"变更日历\" }",
};

/// `[query.NAME]`
pub const PARAMETER: Kind = Kind {
    name: "query",
    meaning: "A parameter of the page.",
    open: false,
    keys: &[
        must(
            "type",
            OneOf(&["date", "integer", "text", "yes_no"]),
            "what it holds; a text also stands for a choice and names a record",
            "\"date\"",
        ),
        may("label", Label, "its name", "what people read", CHANGE),
        may(
            "default",
            Expression(Value),
            "not set",
            "its value where the address gives none",
            "\"start_of_week() + 14d\"",
        ),
    ],
    example: "[query]\nfrom = { type = \"date\", default = \"start_of_week()\" }",
};

/// What every block has.
pub const BLOCK: Kind = Kind {
    name: "block",
    meaning: "A part of a page. Its kind decides which other keys it has.",
    open: true,
    keys: &[
        must(
            "kind",
            OneOf(&["list", "board", "calendar", "figures", "chart", "graph", "text"]),
            "what it draws",
            "\"list\"",
        ),
        LABEL,
        may("help", Label, "none", "a sentence under the heading", SENTENCE),
    ],
    example: "[block.list]\nkind  = \"list\"\n\
        label = { en = \"Schedule\", zh = \"日程\" }\nlist  = \"change.schedule\"",
};

/// The kinds of blocks with the keys that only they have.
pub const BLOCKS: &[Kind] = &[LIST, BOARD, CALENDAR, FIGURES, CHART, GRAPH, TEXT];

const LIST: Kind = Kind {
    name: "list",
    meaning: "Records as a table: a declared list, or a query with its own columns.",
    open: false,
    keys: &[
        may("list", Name(Of::List), "none", "the declared list", "\"change.schedule\""),
        may("record", Name(RecordType), "that of `list`", "the record type", "\"change\""),
        may("columns", Names(Stored), "those of `list`", "what is shown", "[\"number\"]"),
        may("where", Expression(Filter), "all of `list`", "only these records", SCHEDULED),
        may("sort", Sort, "that of `list`", "the order", "\"-number\""),
        may("limit", Integer { min: 1, max: 500 }, "50", "the most rows", "100"),
    ],
    example: "[block.late]\nkind    = \"list\"\nrecord  = \"change\"\n\
        label   = { en = \"Late\", zh = \"逾期\" }\n\
        columns = [\"number\", \"summary\"]\nwhere   = \"planned_end < now()\"",
};

const BOARD: Kind = Kind {
    name: "board",
    meaning: "Records as cards in columns; moving a card is the transition to the other state, or \
        the change of the choice.",
    open: false,
    keys: &[
        must("record", Name(RecordType), "the record type", "\"incident\""),
        may("columns", Name(Stored), "`state`", "the choice field, or `state`", "\"priority\""),
        may("show", Names(Choice), "all", "the columns shown, in order", "[\"new\", \"open\"]"),
        may("where", Expression(Filter), "all", "only these records", SCHEDULED),
        may("person", Name(Field), "none", "the person on the card", "\"assignee\""),
        may("priority", Name(Field), "none", "the choice marked on the card", "\"priority\""),
        may("limit", Integer { min: 1, max: 500 }, "200", "the most cards", "100"),
    ],
    example: "[block.board]\nkind   = \"board\"\nrecord = \"incident\"\n\
        label  = { en = \"Board\", zh = \"看板\" }\nperson = \"assignee\"",
};

const CALENDAR: Kind = Kind {
    name: "calendar",
    meaning: "Records as bars over days, from `query.from` up to, not with, `query.to`.",
    open: false,
    keys: &[
        may("from", Name(Parameter), "`from`", "the first day shown", "\"from\""),
        may("to", Name(Parameter), "`to`", "the day after the last", "\"to\""),
        may(
            "row",
            Name(Field),
            "one row",
            "a row for each value of the bars' field",
            "\"service\"",
        ),
        may(
            "clash",
            Name(Links),
            "nothing clashes",
            "bars at one time that share a record of this link clash",
            "\"affects\"",
        ),
        must("bars", Table(&BARS), "the records drawn as bars", "{ record = \"change\", ... }"),
        may("ground", Table(&GROUND), "none", "drawn behind the bars", "{ ... }"),
    ],
    example: "[block.plan]\nkind  = \"calendar\"\n\
        label = { en = \"Windows\", zh = \"窗口\" }\nrow   = \"service\"\n\n\
        [block.plan.bars]\nrecord = \"change\"\nstart  = \"planned_start\"\n\
        end    = \"planned_end\"\n\
        where  = \"planned_start < query.to and planned_end > query.from\"",
};

/// `[block.NAME.bars]` of a calendar.
pub const BARS: Kind = Kind {
    name: "bars",
    meaning: "The records drawn as bars of a calendar; at most 500 are.",
    open: false,
    keys: &[
        must("record", Name(RecordType), "the record type", "\"change\""),
        must("where", Expression(Filter), "the records drawn", SCHEDULED),
        must("start", Name(Field), "the instant or day it begins", "\"planned_start\""),
        must("end", Name(Field), "the instant or day it ends", "\"planned_end\""),
        may("title", Name(Field), "the title", "what is written beside a bar", "\"summary\""),
        may("mark", Name(Field), "none", "a yes_no: drawn with a strong border", "\"outage\""),
        may(
            "tentative",
            Names(Choice),
            "none",
            "the states in which a bar is not yet certain",
            "[\"authorization\"]",
        ),
    ],
    example: "[block.plan.bars]\nrecord = \"change\"\nwhere  = \"state == 'scheduled'\"\n\
        start  = \"planned_start\"\nend    = \"planned_end\"",
};

/// `[block.NAME.ground]` of a calendar.
pub const GROUND: Kind = Kind {
    name: "ground",
    meaning: "Times drawn behind the bars of a calendar, as a freeze.",
    open: false,
    keys: &[
        must("record", Name(RecordType), "the record type", "\"change_freeze\""),
        must("where", Expression(Filter), "the records drawn", "\"starts_at < query.to\""),
        must("start", Name(Field), "the instant or day it begins", "\"starts_at\""),
        must("end", Name(Field), "the instant or day it ends", "\"ends_at\""),
    ],
    example: "[block.plan.ground]\nrecord = \"change_freeze\"\n\
        where  = \"starts_at < query.to and ends_at > query.from\"\n\
        start  = \"starts_at\"\nend    = \"ends_at\"",
};

const FIGURES: Kind = Kind {
    name: "figures",
    meaning: "Numbers read at a glance, at most six.",
    open: false,
    keys: &[must("figure", Tables(&FIGURE), "the figures in order", "{ ... }")],
    example: "[block.now]\nkind  = \"figures\"\n\
        label = { en = \"Now\", zh = \"当前\" }\n\n[block.now.figure.open]\n\
        label  = { en = \"Open\", zh = \"未关闭\" }\nrecord = \"incident\"\n\
        where  = \"state != 'closed'\"",
};

/// `[block.NAME.figure.NAME]`
pub const FIGURE: Kind = Kind {
    name: "figure",
    meaning: "One number: a count of records, or a measure of the period that runs, with that of \
        the period before.",
    open: false,
    keys: &[
        LABEL,
        may("measure", Name(Of::Measure), "a count", "the measure", "\"change.success_rate\""),
        may("per", OneOf(&PERIODS), "as the measure", "the period", "\"week\""),
        may("record", Name(RecordType), "that of `measure`", "the record type", "\"incident\""),
        may("where", Expression(Filter), "all", "only these records", SCHEDULED),
    ],
    example: "[block.now.figure.success]\nlabel   = { en = \"Success\", zh = \"成功率\" }\n\
        measure = \"change.success_rate\"",
};

const CHART: Kind = Kind {
    name: "chart",
    meaning: "A measure over time, by group, or as a distribution.",
    open: false,
    keys: &[
        must("measure", Name(Measures), "the measure, as TYPE.NAME", "\"change.success_rate\""),
        may(
            "form",
            OneOf(&["line", "bar", "stacked", "multiples", "heat", "distribution"]),
            "line",
            "how it is drawn",
            "\"stacked\"",
        ),
        may("per", OneOf(&PERIODS), "as the measure", "the periods", "\"week\""),
        may("by", Name(Stored), "as the measure", "one series for each value", "\"kind\""),
        may("last", Integer { min: 2, max: 60 }, "12", "how many periods", "26"),
        may("where", Expression(Filter), "all", "only these records", SCHEDULED),
        may("target", Number, "none", "a line to compare with; of a share in per cent", "95"),
    ],
    example: "[block.success]\nkind    = \"chart\"\n\
        label   = { en = \"Success\", zh = \"成功率\" }\n\
        measure = \"change.success_rate\"\ntarget  = 95",
};

const GRAPH: Kind = Kind {
    name: "graph",
    meaning: "Records and the links between them, from one record or from a filter.",
    open: false,
    keys: &[
        must("record", Name(RecordType), "the record type", "\"configuration_item\""),
        must("links", Names(Links), "the links followed", "[\"depends_on\"]"),
        may("start", Name(Parameter), "none", "the parameter that names a record", "\"item\""),
        may("where", Expression(Filter), "all", "where no record is named", SCHEDULED),
        may("steps", Integer { min: 1, max: 6 }, "3", "how far links are followed", "4"),
        may(
            "direction",
            OneOf(&["down", "up", "both"]),
            "down",
            "along the links, against them, or both",
            "\"up\"",
        ),
        may("limit", Integer { min: 1, max: 200 }, "60", "the most records", "100"),
    ],
    example: "[block.impact]\nkind   = \"graph\"\n\
        label  = { en = \"Impact\", zh = \"影响\" }\nrecord = \"configuration_item\"\n\
        links  = [\"depends_on\"]\nstart  = \"item\"",
};

const TEXT: Kind = Kind {
    name: "text",
    meaning: "Words, in Markdown.",
    open: false,
    keys: &[must("text", Label, "what it says", SENTENCE)],
    example: "[block.note]\nkind  = \"text\"\nlabel = { en = \"Note\", zh = \"说明\" }\n\
        text  = { en = \"Each *window* is agreed.\", zh = \"每个*窗口*均已商定。\" }",
};
