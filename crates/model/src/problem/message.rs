//! Every message of the loader, in one place: callers say what is wrong by calling a constructor,
//! the wording is decided here. Mistakes inside expressions are worded where they are found, in
//! [`crate::expression`].

use super::Report;
use crate::source::Span;

/// What a name can stand for; decides the id of "unknown".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Approval,
    Choice,
    Field,
    Link,
    List,
    Measure,
    Page,
    Parameter,
    Menu,
    RecordType,
    Requirement,
    Role,
    Rule,
    Section,
    State,
}

impl What {
    fn id_and_word(self) -> (&'static str, &'static str) {
        match self {
            What::Approval => ("unknown-approval", "approval"),
            What::Choice => ("unknown-choice", "choice"),
            What::Field => ("unknown-field", "field"),
            What::Link => ("unknown-link", "link"),
            What::List => ("unknown-list", "list"),
            What::Measure => ("unknown-measure", "measure"),
            What::Page => ("unknown-page", "page"),
            What::Parameter => ("unknown-parameter", "parameter"),
            What::Menu => ("unknown-menu", "menu"),
            What::RecordType => ("unknown-record-type", "record type"),
            What::Requirement => ("unknown-requirement", "requirement"),
            What::Role => ("unknown-role", "role"),
            What::Rule => ("unknown-rule", "rule"),
            What::Section => ("unknown-section", "section"),
            What::State => ("unknown-state", "state"),
        }
    }
}

/// Files and overlays.
impl Report {
    pub fn not_toml(&mut self, span: Span, message: &str) {
        self.add("not-toml", span, format!("this is not TOML: {message}"), None);
    }

    pub fn file_too_large(&mut self, span: Span, limit: usize) {
        let message = format!("the file is larger than {limit} bytes");
        self.add("file-too-large", span, message, None);
    }

    pub fn too_deep(&mut self, span: Span, limit: usize) {
        let message = format!("tables stand more than {limit} deep in each other");
        self.add("too-deep", span, message, None);
    }

    pub fn too_many(&mut self, span: Span, limit: usize) {
        let message = format!("more than {limit} entries stand here");
        self.add("too-many", span, message, None);
    }

    pub fn folder_name(&mut self, span: Span, folder: &str) {
        let message = format!("the folder `{folder}` of the process is not a name");
        self.add("folder-name", span, message, Some(NAME_FORM.into()));
    }

    pub fn file_name(&mut self, span: Span, name: &str) {
        let message = format!("record type `{name}` stands in a file of another name");
        self.add("file-name", span, message, Some(format!("call the file `{name}.toml`")));
    }

    pub fn missing_record(&mut self, span: Span) {
        let hint = "begin a definition with `[record]`, an overlay with `extend = \"...\"`";
        self.add("missing-record", span, "the file has no `[record]`".into(), Some(hint.into()));
    }

    pub fn duplicate_record_type(&mut self, span: Span, name: &str, other: &str) {
        let message = format!("record type `{name}` is defined twice");
        self.add("duplicate-record-type", span, message, Some(format!("also in {other}")));
    }

    pub fn overlay_exists(&mut self, span: Span, kind: &str, name: &str) {
        let hint = "use `set` to change it".to_string();
        self.add("overlay-exists", span, format!("{kind} `{name}` exists already"), Some(hint));
    }

    pub fn overlay_unknown(&mut self, span: Span, kind: &str, name: &str, known: &[&str]) {
        let message = format!("unknown {kind} `{name}`");
        self.add("overlay-unknown", span, message, suggestion(name, known));
    }
}

/// The shape of tables and values.
impl Report {
    pub fn unknown_kind(&mut self, span: Span, name: &str, known: &[&str]) {
        let message = format!("unknown kind of table `{name}`");
        self.add("unknown-kind", span, message, suggestion(name, known));
    }

    pub fn unknown_key(&mut self, span: Span, owner: &str, name: &str, known: &[&str]) {
        let article = if owner.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        let message = format!("unknown key of {article} {owner} `{name}`");
        self.add("unknown-key", span, message, suggestion(name, known));
    }

    pub fn missing_key(&mut self, span: Span, owner: &str, key: &str, example: &str) {
        let hint = (!example.is_empty()).then(|| format!("for example {key} = {example}"));
        self.add("missing-key", span, format!("{owner} has no `{key}`"), hint);
    }

    pub fn wrong_type(&mut self, span: Span, key: &str, expected: &str) {
        self.add("wrong-type", span, format!("`{key}` must be {expected}"), None);
    }

    pub fn unknown_value(&mut self, span: Span, key: &str, value: &str, known: &[&str]) {
        let message = format!("unknown {key} `{}`", short(value));
        self.add("unknown-value", span, message, suggestion(value, known));
    }

    pub fn out_of_range(&mut self, span: Span, key: &str, min: i64, max: i64) {
        let message = format!("`{key}` must be between {min} and {max}");
        self.add("out-of-range", span, message, None);
    }

    pub fn upside_down(&mut self, span: Span) {
        self.add("out-of-range", span, "`max` is less than `min`".into(), None);
    }

    pub fn empty_text(&mut self, span: Span, key: &str) {
        self.add("empty-text", span, format!("`{key}` is empty"), None);
    }

    pub fn missing_language(&mut self, span: Span, key: &str, language: &str) {
        let message = format!("`{key}` has no text in `{language}`");
        self.add("missing-language", span, message, None);
    }

    pub fn bad_language(&mut self, span: Span, tag: &str) {
        let hint = "languages are two lower-case letters: en, zh, fr";
        let message = format!("`{}` is not a language", short(tag));
        self.add("bad-language", span, message, Some(hint.into()));
    }

    pub fn bad_name(&mut self, span: Span, name: &str) {
        let message = format!("`{}` is not a name", short(name));
        self.add("bad-name", span, message, Some(NAME_FORM.into()));
    }

    pub fn reserved_name(&mut self, span: Span, name: &str, meaning: &str) {
        let message = format!("`{name}` cannot be a name here: {meaning}");
        self.add("reserved-name", span, message, None);
    }

    pub fn address_taken(&mut self, span: Span, name: &str) {
        let message = format!("`{name}` cannot be a name here: /api/v1/{name} has another meaning");
        let hint = format!("another name, as in `{name}_record`");
        self.add("reserved-name", span, message, Some(hint));
    }

    pub fn bad_duration(&mut self, span: Span, text: &str, hint: &str) {
        let message = format!("`{}` is not a length of time", short(text));
        self.add("bad-duration", span, message, Some(hint.into()));
    }

    pub fn bad_number_format(&mut self, span: Span, text: &str) {
        let hint = "a short prefix and 3 to 12 zeros in braces: \"CHG-{000000}\"";
        let message = format!("`{}` is not a number format", short(text));
        self.add("bad-number-format", span, message, Some(hint.into()));
    }

    pub fn number_format_taken(&mut self, span: Span, text: &str, other: &str) {
        let message = format!("`{text}` is the number format of `{other}` too");
        self.add("number-format-taken", span, message, None);
    }
}

/// Names.
impl Report {
    pub fn unknown(&mut self, span: Span, what: What, name: &str, known: &[&str]) {
        if self.is_full() {
            return;
        }
        let (id, word) = what.id_and_word();
        let message = format!("unknown {word} `{}`", short(name));
        self.add(id, span, message, suggestion(name, known));
    }

    pub fn repeated_name(&mut self, span: Span, key: &str, name: &str) {
        self.add("repeated-name", span, format!("`{key}` names `{name}` twice"), None);
    }

    pub fn name_taken(&mut self, span: Span, kind: &str, name: &str, owner: &str) {
        let message = format!("{kind} `{name}` exists already in record type `{owner}`");
        let hint = "record types that extend each other share their names; choose another";
        self.add("name-taken", span, message, Some(hint.into()));
    }

    pub fn link_named_as_field(&mut self, span: Span, name: &str) {
        let message = format!("link `{name}` is called like a field");
        self.add("name-taken", span, message, None);
    }

    pub fn inheritance_cycle(&mut self, span: Span, name: &str) {
        let message = format!("record type `{name}` extends itself");
        self.add("inheritance-cycle", span, message, None);
    }

    pub fn wrong_field_type(&mut self, span: Span, field: &str, key: &str, expected: &str) {
        let message = format!("`{field}` cannot be in `{key}`: it must be {expected}");
        self.add("wrong-field-type", span, message, None);
    }

    pub fn duplicate_binding(&mut self, span: Span, purpose: &str) {
        let message = format!("purpose `{purpose}` is bound twice");
        self.add("duplicate-binding", span, message, None);
    }

    pub fn role_without_label(&mut self, span: Span, role: &str) {
        let message = format!("no file gives role `{role}` a label");
        let hint = "label = { en = \"...\", zh = \"...\" } in one of the files that name it";
        self.add("role-without-label", span, message, Some(hint.into()));
    }

    pub fn everybody_administers(&mut self, span: Span, role: &str) {
        let message = format!("role `{role}` is held by everybody and cannot administer");
        let hint = "take `administers` or `everybody` away; who administers is given a role";
        self.add("everybody-administers", span, message, Some(hint.into()));
    }

    pub fn role_labelled_twice(&mut self, span: Span, role: &str, other: &str) {
        let message = format!("role `{role}` has a label already");
        self.add("role-labelled-twice", span, message, Some(format!("in {other}; give it once")));
    }
}

/// Single things that make no sense in themselves.
impl Report {
    pub fn key_not_for_type(&mut self, span: Span, key: &str, field_type: &str) {
        let message = format!("`{key}` has no meaning for a field of type `{field_type}`");
        self.add("key-not-for-type", span, message, None);
    }

    pub fn no_choices(&mut self, span: Span, field: &str) {
        self.add("no-choices", span, format!("field `{field}` has no choices"), None);
    }

    pub fn no_person_type(&mut self, span: Span) {
        let message = "no record type is bound to be people".to_string();
        let hint = "engine.toml: [person] record = \"...\"";
        self.add("no-person-type", span, message, Some(hint.into()));
    }

    pub fn rule_shape(&mut self, span: Span, name: &str) {
        let message = format!("rule `{name}` needs exactly one of `holds` and `code`");
        self.add("rule-shape", span, message, None);
    }

    pub fn measure_shape(&mut self, span: Span, name: &str) {
        let message = format!("measure `{name}` needs exactly one of `count`, `share`, `value`");
        self.add("measure-shape", span, message, None);
    }

    pub fn measure_value(&mut self, span: Span) {
        let message = "`value` must be a number, an amount or a length of time".to_string();
        self.add("measure-value", span, message, None);
    }

    pub fn clock_without_target(&mut self, span: Span, clock: &str, choice: &str) {
        let message = format!("clock `{clock}` has no target for `{choice}`");
        self.add("clock-target", span, message, None);
    }

    pub fn clock_shape(&mut self, span: Span, clock: &str) {
        let message =
            format!("clock `{clock}` has a table of targets without `by`, or the reverse");
        let hint = "target = \"4h\"; or by = \"FIELD\" and a target for each of its choices";
        self.add("clock-target", span, message, Some(hint.into()));
    }

    pub fn field_is_set_twice(&mut self, span: Span, field: &str) {
        let message = format!("field `{field}` is computed; it cannot also be set");
        self.add("field-is-set-twice", span, message, None);
    }

    pub fn matrix_shape(&mut self, span: Span, message: String) {
        self.add("matrix-shape", span, message, None);
    }

    pub fn matrix_without_field(&mut self, span: Span, name: &str) {
        let message = format!("no choice field is computed from matrix `{name}`");
        let hint =
            format!("[field.{name}] type = \"choice\", computed = \"matrix('{name}', ...)\"");
        self.add("matrix-without-field", span, message, Some(hint));
    }
}

/// Pages.
impl Report {
    pub fn duplicate_page(&mut self, span: Span, name: &str, other: &str) {
        let message = format!("page `{name}` is defined twice");
        self.add("duplicate-page", span, message, Some(format!("also in {other}")));
    }

    pub fn page_path_taken(&mut self, span: Span, path: &str, other: &str) {
        let message = format!("`{}` is the address of page `{other}` too", short(path));
        self.add("duplicate-page", span, message, None);
    }

    pub fn page_path(&mut self, span: Span, path: &str, hint: &str) {
        let message = format!("`{}` cannot be the address of a page", short(path));
        self.add("page-path", span, message, Some(hint.into()));
    }

    pub fn page_block(&mut self, span: Span, block: &str, needs: &str) {
        self.add("page-block", span, format!("`{block}`: {needs}"), None);
    }
}

/// A record type as a whole.
impl Report {
    pub fn no_title(&mut self, span: Span, record: &str) {
        let message = format!("record type `{record}` has no `title`");
        self.add("no-title", span, message, Some("name the field that names a record".into()));
    }

    pub fn title_may_be_empty(&mut self, span: Span, field: &str) {
        let message = format!("the title `{field}` may be left empty");
        let hint = format!("say `required = true` at field `{field}`, or compute it");
        self.add("no-title", span, message, Some(hint));
    }

    pub fn no_initial_state(&mut self, span: Span, record: &str) {
        let message = format!("record type `{record}` has states, but none to begin with");
        self.add("no-initial-state", span, message, Some("state = { initial = \"...\" }".into()));
    }

    pub fn field_in_no_section(&mut self, span: Span, field: &str) {
        let message = format!("field `{field}` stands in no section");
        self.add("field-in-no-section", span, message, None);
    }

    pub fn field_in_two_sections(&mut self, span: Span, field: &str, other: &str) {
        let message = format!("field `{field}` stands in section `{other}` already");
        self.add("field-in-two-sections", span, message, None);
    }

    pub fn computed_cycle(&mut self, span: Span, path: &[&str]) {
        let message = format!("computed fields need each other: {}", path.join(" -> "));
        self.add("computed-cycle", span, message, None);
    }

    pub fn unreachable_state(&mut self, span: Span, name: &str) {
        let message = format!("no transition leads to state `{name}`");
        self.add("unreachable-state", span, message, None);
    }

    pub fn island(&mut self, span: Span, name: &str, initial: &str) {
        let message = format!("no way leads from `{initial}` to state `{name}`");
        self.add("unreachable-state", span, message, None);
    }

    pub fn dead_end(&mut self, span: Span, name: &str) {
        let message =
            format!("no transition leaves state `{name}`, and its category is not closed");
        self.add("dead-end", span, message, None);
    }

    pub fn unused_rule(&mut self, span: Span, name: &str) {
        let message = format!("rule `{name}` is never checked");
        let hint = "name it in `rules` of a transition, or say `always = true`";
        self.add("unused-rule", span, message, Some(hint.into()));
    }

    pub fn unused_approval(&mut self, span: Span, name: &str) {
        let message = format!("approval `{name}` is never asked for");
        let hint = "name it in `approve` of a transition";
        self.add("unused-approval", span, message, Some(hint.into()));
    }

    pub fn role_cannot_read(&mut self, span: Span, role: &str, does: &str) {
        let message = format!("role `{role}` may {does}, but not read the record");
        let hint = format!("[permission.{role}] read = \"true\"");
        self.add("role-cannot-read", span, message, Some(hint));
    }

    /// An expression that its checker refused without saying why.
    pub fn unreadable_expression(&mut self, span: Span) {
        self.add("expression-syntax", span, "this is no expression".into(), None);
    }

    /// A mistake inside an expression, worded by the checker of expressions.
    pub fn expression(
        &mut self,
        id: &'static str,
        span: Span,
        message: String,
        hint: Option<String>,
    ) {
        self.add(id, span, message, hint);
    }
}

const NAME_FORM: &str = "a name is a-z, then a-z 0-9 _, at most 48 characters";

/// How many known names a hint lists.
const LISTED: usize = 40;

/// The known name closest to a mistyped one where it is close enough to be meant; else all.
pub(crate) fn suggestion(name: &str, known: &[&str]) -> Option<String> {
    if known.is_empty() {
        return None;
    }
    match nearest(name, known) {
        Some(best) => Some(format!("did you mean `{best}`?")),
        None if known.len() <= LISTED => Some(format!("known: {}", known.join(", "))),
        None => {
            let rest = known.len() - LISTED;
            Some(format!("known: {} and {rest} more", known[..LISTED].join(", ")))
        }
    }
}

/// The known name that a mistyped one is close enough to: no more than one letter in three differs.
pub fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let length = name.chars().count();
    let near = known.iter().filter(|_| length <= 64).map(|k| (distance(name, k), *k)).min();
    near.filter(|(far, _)| *far <= length.div_ceil(3)).map(|(_, best)| best)
}

/// How many letters must be changed, added or removed (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// A text from a file as it may stand in a message: one line, not long.
fn short(text: &str) -> String {
    let line: String =
        text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(60).is_some() { format!("{line}…") } else { line }
}
