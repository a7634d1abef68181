//! The checked definitions: what every layer above reads. Built only by the loader, which has
//! resolved each name and typed each expression, so readers of these types never check again.
//!
//! Order in the file is order here: maps keep the order of declaration.

use crate::expression::Expression;
use crate::label::Label;
use crate::name::Name;
use indexmap::IndexMap;
use std::sync::Arc;

pub mod page;

/// Things by name, in the order of declaration.
pub type Named<T> = IndexMap<Name, T>;

/// All record types of one organization, with its overlays applied.
#[derive(Debug, Default)]
pub struct Model {
    pub record_types: Named<Arc<RecordType>>,
    /// Every role any record type or `roles.toml` declares.
    pub roles: Named<Role>,
    /// The parts of the navigation, in their order.
    pub menus: Named<Menu>,
    pub bindings: Bindings,
    /// Pages of processes, in the order of the files.
    pub pages: Named<page::Page>,
}

/// What the engine itself needs, bound once to record types and fields by `engine.toml`.
/// The engine names no record type; it asks here.
#[derive(Debug, Default, Clone)]
pub struct Bindings {
    /// Each purpose (`person`, `team`, `calendar`, `account`, ...) with its record type and, per
    /// role a field plays (`login`, `email`, `members`, ...), the name of the field or link.
    pub purposes: Named<Binding>,
}

/// One purpose: the record type that serves it, and which field or link plays which part.
#[derive(Debug, Clone)]
pub struct Binding {
    pub record: Name,
    pub parts: Named<Name>,
}

/// One record type: a table, a resource, a form, a workflow, a trail of evidence.
#[derive(Debug)]
pub struct RecordType {
    pub name: Name,
    pub label: Label,
    pub plural: Label,
    pub help: Option<Label>,
    /// The process folder it came from, e.g. `change`.
    pub process: Name,
    /// The part of the navigation in which its list stands.
    pub menu: Option<Name>,
    /// Where it stands in the menu, smaller first; last where not said.
    pub place: Option<i64>,
    /// The name of the picture beside it.
    pub icon: Option<String>,
    /// Self first, then each record type it extends, the root last.
    pub lineage: Vec<Name>,
    /// Self and every record type that extends it, directly or not.
    pub family: Vec<Name>,
    /// No record is only this type; a subtype is always chosen.
    pub is_abstract: bool,
    /// How numbers read; inherited unless declared. Numbers run per declaring type.
    pub number: Option<NumberFormat>,
    /// The field whose text names a record in lists and links.
    pub title: Name,
    /// The state a new record starts in; none where the type has no workflow.
    pub initial: Option<Name>,
    pub sections: Named<Section>,
    /// Own and inherited fields, inherited first.
    pub fields: Named<Field>,
    pub links: Named<Link>,
    /// Links of other types that may point here, by declaring type and name.
    pub inverses: Vec<Inverse>,
    pub states: Named<State>,
    pub transitions: Named<Transition>,
    pub rules: Named<Rule>,
    pub approvals: Named<Approval>,
    pub clocks: Named<Clock>,
    /// For each role that counts only on some records of this type: on which. A role that is
    /// not here counts on all.
    pub role_scopes: Named<Expression>,
    pub permissions: Named<Permission>,
    pub evidence: Named<Claim>,
    pub lists: Named<List>,
    pub measures: Named<Measure>,
    pub matrices: Named<Matrix>,
    pub indexes: Named<Index>,
}

/// `INC-{000000}`: a prefix, a number padded with zeros, a suffix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFormat {
    pub prefix: String,
    pub digits: usize,
    pub suffix: String,
    /// The type whose counter is used: the one that declares the format.
    pub counter: Name,
}

/// Fields that are shown and may be edited together.
#[derive(Debug, Clone)]
pub struct Section {
    pub name: Name,
    pub label: Label,
    pub fields: Vec<Name>,
}

/// One value of a record. What it holds is its [`FieldKind`].
#[derive(Debug, Clone)]
pub struct Field {
    pub name: Name,
    pub label: Label,
    pub help: Option<Label>,
    pub kind: FieldKind,
    /// Must be set from creation on.
    pub required: bool,
    /// No two records of the inheritance root hold the same value.
    pub unique: bool,
    /// Evaluated when a record is created without the field.
    pub default: Option<Expression>,
    /// Evaluated at each write from own fields; never entered by a person.
    pub computed: Option<Expression>,
    /// Shown in forms only where this holds.
    pub show: Option<Expression>,
    /// Set by transitions (`set`) and rules only, never by an edit.
    pub set_by_workflow: bool,
    /// Each change writes a movement row, which clocks and statistics read.
    pub tracked: bool,
    /// Its words are found by search.
    pub searched: bool,
    /// Personal data: masked or erased by retention rules.
    pub personal: bool,
    /// The record type of the lineage that declares it.
    pub declared_by: Name,
}

impl Field {
    /// A field of this kind that says nothing more of itself: people fill it, or leave it.
    pub fn plain(name: Name, label: Label, kind: FieldKind, declared_by: Name) -> Field {
        Field {
            name,
            label,
            help: None,
            kind,
            required: false,
            unique: false,
            default: None,
            computed: None,
            show: None,
            set_by_workflow: false,
            tracked: false,
            searched: false,
            personal: false,
            declared_by,
        }
    }
}

/// What a field holds, with the limits of its type.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    Text {
        max: usize,
    },
    LocalText {
        max: usize,
    },
    Markdown {
        max: usize,
    },
    Choice(Arc<Choices>),
    MultiChoice(Arc<Choices>),
    YesNo,
    Integer {
        min: Option<i64>,
        max: Option<i64>,
    },
    /// `places` decimal places, 0 to 9; `min` and `max` in units of the last place.
    Decimal {
        places: u8,
        min: Option<i64>,
        max: Option<i64>,
    },
    Money,
    Date,
    Datetime,
    Duration,
    /// `person` is a reference to the bound person type.
    Reference {
        to: Name,
    },
    Attachment {
        many: bool,
    },
    Email,
    Url,
}

/// The choices of one field in rank order; the states of a record type are choices too.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Choices(pub Named<Label>);

/// Records that belong to a record, readable from both ends.
#[derive(Debug, Clone)]
pub struct Link {
    pub name: Name,
    pub label: Label,
    /// How the link reads from the far end.
    pub inverse: Label,
    pub to: Name,
    /// May have several far ends; otherwise at most one at a time.
    pub many: bool,
    pub declared_by: Name,
}

/// A link of another record type that may point here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inverse {
    pub from: Name,
    pub link: Name,
}

/// What a state means for clocks and statistics, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    New,
    Active,
    Waiting,
    Done,
    Closed,
    Cancelled,
}

impl Category {
    /// The word of the definitions, the interface and the style sheet.
    pub fn as_str(self) -> &'static str {
        match self {
            Category::New => "new",
            Category::Active => "active",
            Category::Waiting => "waiting",
            Category::Done => "done",
            Category::Closed => "closed",
            Category::Cancelled => "cancelled",
        }
    }
}

/// A step in the life of a record.
#[derive(Debug, Clone)]
pub struct State {
    pub name: Name,
    pub label: Label,
    pub category: Category,
    /// The sections that may be edited in this state. A section that a subtype adds may be edited
    /// in each inherited state that lets any be edited.
    pub editable: Vec<Name>,
}

/// A way from state to state, with what it takes.
#[derive(Debug, Clone)]
pub struct Transition {
    pub name: Name,
    pub label: Label,
    pub from: Vec<Name>,
    pub to: Name,
    /// The roles that may perform it.
    pub by: Vec<Name>,
    /// Offered only where this holds.
    pub when: Option<Expression>,
    pub needs: Vec<Name>,
    pub rules: Vec<Name>,
    pub approve: Vec<Name>,
    pub set: Named<Expression>,
    pub note: Note,
    /// Performed by the system itself this long (microseconds) after its state was entered.
    pub after: Option<i64>,
}

/// Whether a transition asks for a note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    Optional,
    Required,
}

/// What must hold, and what a person is told where it does not.
#[derive(Debug, Clone)]
pub struct Rule {
    pub name: Name,
    pub message: Label,
    pub test: RuleTest,
    /// Where true the rule is checked at every write, not only on transitions that name it.
    pub always: bool,
}

/// How a rule is decided.
#[derive(Debug, Clone)]
pub enum RuleTest {
    Holds(Expression),
    /// The Rust function of the same name under the process folder's `rules/`.
    Code,
}

/// A consent that a transition asks for.
#[derive(Debug, Clone)]
pub struct Approval {
    pub name: Name,
    pub label: Label,
    /// Asked for only where this holds.
    pub when: Option<Expression>,
    pub by: Vec<Name>,
    pub quorum: u32,
    /// Nobody approves a record that they created or asked for.
    pub not_self: bool,
}

/// Working time that is counted and promised.
#[derive(Debug, Clone)]
pub struct Clock {
    pub name: Name,
    pub label: Label,
    pub start: Expression,
    pub pause: Option<Expression>,
    pub stop: Expression,
    /// The code of a calendar record.
    pub calendar: String,
    pub target: Targets,
    /// Per cent of the target at which people are warned.
    pub warn_at: Option<u32>,
}

/// How long a clock may run: one figure, or one for each choice of a field.
#[derive(Debug, Clone)]
pub enum Targets {
    One(Target),
    By(Name, Named<Target>),
}

/// How long a clock may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Microseconds of counted time.
    Elapsed(i64),
    /// Service days of the clock's calendar.
    ServiceDays(u32),
}

/// A role of people. On which records it counts is in [`RecordType::role_scopes`].
#[derive(Debug, Clone)]
pub struct Role {
    pub name: Name,
    pub label: Label,
    /// Everybody holds it without being given it (it counts where its scope holds).
    pub everybody: bool,
    /// Those it is given to administer the program itself: their tokens may carry the scope for it.
    pub administers: bool,
}

/// A part of the navigation. What stands in it says so itself.
#[derive(Debug, Clone)]
pub struct Menu {
    pub name: Name,
    pub label: Label,
}

/// What one role may do with records of one type, within the role's scope. A right that is not
/// here is not given.
#[derive(Debug, Clone, Default)]
pub struct Permission {
    pub role: Option<Name>,
    pub create: Option<Expression>,
    pub read: Option<Expression>,
    pub write: Option<Expression>,
    /// Takes a record out of lists; the ledger keeps it.
    pub withdraw: Option<Expression>,
    /// Reads and writes internal notes.
    pub internal: Option<Expression>,
    /// The sections shown; none = all.
    pub see: Option<Vec<Name>>,
}

/// A claim of conformity: of the records `over`, those that `holds` selects conform.
#[derive(Debug, Clone)]
pub struct Claim {
    pub name: Name,
    pub label: Label,
    pub requirement: String,
    pub over: Expression,
    pub holds: Expression,
}

/// A view of records; its label is the plural of the record type where it has none.
#[derive(Debug, Clone)]
pub struct List {
    pub name: Name,
    pub label: Option<Label>,
    pub columns: Vec<Name>,
    pub filter: Option<Expression>,
    pub sort: Vec<Sort>,
}

/// One step of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    pub field: Name,
    pub descending: bool,
}

/// A figure over time.
#[derive(Debug, Clone)]
pub struct Measure {
    pub name: Name,
    pub label: Label,
    pub over: Expression,
    pub figure: Figure,
    /// The instant that puts a record into a period; creation where not named.
    pub at: Option<Name>,
    pub per: Option<Period>,
    /// One series for each value of this field.
    pub by: Option<Name>,
}

/// What a measure counts.
#[derive(Debug, Clone)]
pub enum Figure {
    /// How many records.
    Count,
    /// The share of the records for which this holds.
    Share(Expression),
    /// The distribution of this number or duration: count, mean, median, 90th percentile, maximum.
    Value(Expression),
}

/// The length of the periods of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// A table of choices: rows are the first field's choices, columns the second's.
#[derive(Debug, Clone)]
pub struct Matrix {
    pub name: Name,
    pub rows: Name,
    pub columns: Name,
    /// `cells[row][column]` is a choice of the field that is computed from the matrix.
    pub cells: Vec<Vec<Name>>,
}

/// Fields that are found and sorted fast together.
#[derive(Debug, Clone)]
pub struct Index {
    pub name: Name,
    pub fields: Vec<Name>,
    pub unique: bool,
}

/// Fields every record has beside the declared ones. `state` only where there is a workflow.
pub const BUILT_IN: [&str; 8] =
    ["number", "state", "version", "created_at", "created_by", "changed_at", "changed_by", "type"];

impl Model {
    /// The record type of that name.
    pub fn record_type(&self, name: &str) -> Option<&Arc<RecordType>> {
        self.record_types.get(name)
    }
}

impl RecordType {
    /// The type whose table holds the records.
    pub fn root(&self) -> &Name {
        self.lineage.last().unwrap_or(&self.name)
    }

    /// Whether it is the other record type or extends it.
    pub fn is_a(&self, other: &str) -> bool {
        self.lineage.iter().any(|name| name == other)
    }

    /// The section that shows the field, if any does.
    pub fn section_of(&self, field: &str) -> Option<&Section> {
        self.sections.values().find(|section| section.fields.iter().any(|name| name == field))
    }
}
