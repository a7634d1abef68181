//! The state bar: where the record is on its path, the ways on, and for those that are closed, why
//! and what opens them. A step that asks for something has a form.

use super::Whole;
use crate::page::Page;
use crate::page::field::Filled;
use crate::problem::Result;
use crate::show::mark::{icon, key};
use engine::refusal::{Refusal, Standing};
use engine::{Command, Move, Order};
use maud::{Markup, html};
use model::definition::{Category, Field, RecordType};
use model::{Language, Name};
use serde_json::Value as Json;

impl Page<'_> {
    pub(super) fn moves(&self, whole: &Whole) -> Result<Markup> {
        let definition = &*whole.sheet.definition;
        if definition.states.is_empty() {
            return Ok(html! {});
        }
        let moves = &whole.sheet.moves;
        // What this person's roles never do is not offered to them.
        let mine: Vec<&Move> = moves.iter().filter(|one| !is_not_mine(one)).collect();
        let keys = keys(&mine);
        let opened = mine
            .iter()
            .zip(&keys)
            .find(|(one, _)| Some(one.name.as_str()) == whole.back.movement && one.may_be_tried());
        Ok(html! {
            (self.path(whole))
            @if whole.as_of.is_none() && !mine.is_empty() {
                div.moves role="group" aria-label=(self.t("Steps", "流程操作")) {
                    @for (one, key) in mine.iter().zip(&keys) { (self.one(whole, one, *key)) }
                }
                (self.why(&mine))
                @if let Some((one, _)) = opened { (self.move_form(whole, one)) }
            }
            (self.approvals(whole)?)
        })
    }

    /// Whether the form of a step is open on the page.
    pub(super) fn has_move_form(&self, whole: &Whole) -> bool {
        let asked = whole.back.movement;
        let open = |one: &&Move| Some(one.name.as_str()) == asked && one.may_be_tried();
        whole.as_of.is_none()
            && whole.sheet.moves.iter().filter(|m| !is_not_mine(m)).any(|m| open(&m))
    }

    /// The states in their order: those that lie behind, where it is, what may come.
    fn path(&self, whole: &Whole) -> Markup {
        let definition = &*whole.sheet.definition;
        let here = whole.sheet.seen.json.get("state").and_then(Json::as_str).unwrap_or("");
        let place = definition.states.get_index_of(here).unwrap_or(0);
        html! {
            ol.path aria-label=(self.t("States", "状态")) tabindex="0" {
                @for (at, state) in steps(definition, here, self.language()) {
                    li.past[at < place].now[at == place]
                        aria-current=[(at == place).then_some("step")] {
                        b { (state) }
                    }
                }
            }
        }
    }

    fn one(&self, whole: &Whole, one: &Move, letter: Option<char>) -> Markup {
        let label = one.label.text(self.language());
        let why = format!("why-{}", one.name);
        let address = format!("{}?move={}#move", whole.address, one.name);
        html! {
            @if one.may_be_tried() {
                a.btn href=(address) data-move=[letter.map(|c| c.to_string())]
                    hx-target="#main" hx-select="#main" hx-swap="outerHTML show:none"
                    hx-push-url="false" {
                    (label)
                    @if let Some(letter) = letter {
                        " " span.wide { (key(&letter.to_string())) }
                    }
                }
            } @else {
                button.btn type="button" aria-disabled="true" aria-describedby=(why) {
                    (icon("lock")) (label)
                }
            }
        }
    }

    /// Why closed steps are closed, each with what opens it.
    fn why(&self, mine: &[&Move]) -> Markup {
        let closed: Vec<&&Move> = mine.iter().filter(|one| !one.may_be_tried()).collect();
        if closed.is_empty() {
            return html! {};
        }
        html! {
            dl.why {
                @for one in closed {
                    dt {
                        (one.label.text(self.language())) (self.t(" waits for", " 尚需"))
                    }
                    dd id=(format!("why-{}", one.name)) {
                        @if let Some(refusal) = &one.refusal { (self.reason(refusal)) }
                    }
                }
            }
        }
    }

    fn reason(&self, refusal: &Refusal) -> Markup {
        let miss = |said: Markup| html! { span.miss { (icon("x")) span { (said) } } };
        match refusal {
            Refusal::Needs { fields } => html! {
                @for (name, label) in fields {
                    (miss(html! {
                        a href=(format!("#v-{name}")) { (label.text(self.language())) }
                        (self.t(" is empty", " 未填"))
                    }))
                }
            },
            Refusal::ApprovalMissing(standing) => html! {
                @for one in standing { (miss(self.standing(one))) }
            },
            other => miss(html! { (other.text(self.language())) }),
        }
    }

    fn standing(&self, one: &Standing) -> Markup {
        let label = one.label.text(self.language());
        let said = match (one.rejected, self.language() == Language::ZH) {
            (true, true) => format!("{label}：已驳回"),
            (true, false) => format!("{label}: refused"),
            (false, true) => format!("{label}：已批准 {} / {}", one.granted, one.quorum),
            (false, false) => format!("{label}: {} of {} given", one.granted, one.quorum),
        };
        html! { (said) }
    }

    /// What a step asks for: its fields and a note.
    fn move_form(&self, whole: &Whole, one: &Move) -> Markup {
        let sheet = whole.sheet;
        let fields: Vec<&Field> =
            one.needs.iter().filter_map(|name| sheet.definition.fields.get(name)).collect();
        let filled = match whole.back.form {
            Some(form) => Filled::Typed(form),
            None => Filled::Record(&sheet.seen.json),
        };
        let note = whole.back.form.and_then(|form| form.text("note")).unwrap_or("");
        let label = one.label.text(self.language());
        html! {
            section.move-form #move aria-labelledby="move-title" {
                div.sec { h2 #move-title { (label) } }
                form.form method="post" novalidate data-focus
                    action=(format!("{}/move/{}", whole.address, one.name)) {
                    input type="hidden" name="csrf" value=(self.csrf());
                    input type="hidden" name="base" value=(sheet.seen.version);
                    (self.notice(&sheet.definition, &whole.back.wrong))
                    @for field in fields { (self.field(field, &filled, &whole.back.wrong)) }
                    div.field {
                        label for="f-note" {
                            (self.t("Note", "说明"))
                            @if !one.note_required {
                                " " span.opt { (self.t("optional", "选填")) }
                            }
                        }
                        textarea.area #f-note name="note" rows="3" maxlength="20000" { (note) }
                    }
                    div.btns {
                        button.btn.btn-solid type="submit" {
                            (label) " " (key("Ctrl")) (key("↵"))
                        }
                        a.btn.btn-plain href=(whole.address) {
                            (self.t("Cancel", "取消")) " " (key("Esc"))
                        }
                    }
                }
            }
        }
    }

    /// The approvals that steps from here ask for, and the vote of who may give one.
    fn approvals(&self, whole: &Whole) -> Result<Markup> {
        let mut standing: Vec<&Standing> = Vec::new();
        for one in whole.sheet.moves.iter().flat_map(|one| &one.approvals) {
            if standing.iter().all(|known| known.approval != one.approval) {
                standing.push(one);
            }
        }
        if standing.is_empty() || whole.as_of.is_some() {
            return Ok(html! {});
        }
        let mut rows = Vec::new();
        for one in standing {
            rows.push((one, self.may_vote(whole, &one.approval)?));
        }
        Ok(html! {
            section aria-labelledby="approvals" {
                div.sec { h2 #approvals { (self.t("Approvals", "审批")) } }
                ul.approve {
                    @for (one, mine) in rows {
                        li {
                            (icon(if one.granted >= one.quorum { "circle-check" } else { "clock" }))
                            span { (self.standing(one)) }
                            @if mine { (self.vote_form(whole, &one.approval)) }
                        }
                    }
                }
            }
        })
    }

    fn may_vote(&self, whole: &Whole, approval: &Name) -> Result<bool> {
        let command = Command::Vote { approval: Some(approval.clone()), approve: true, note: None };
        let order = Order {
            record_type: whole.sheet.definition.name.clone(),
            key: Some(whole.sheet.seen.key),
            command,
            base: None,
            idempotency: None,
        };
        match self.session().rehearse(&order) {
            Ok(()) => Ok(true),
            Err(engine::Error::Refused(_)) => Ok(false),
            Err(fault) => Err(fault.into()),
        }
    }

    fn vote_form(&self, whole: &Whole, approval: &str) -> Markup {
        html! {
            form.btns method="post" action=(format!("{}/vote", whole.address)) {
                input type="hidden" name="csrf" value=(self.csrf());
                input type="hidden" name="approval" value=(approval);
                input.input name="note" maxlength="2000" placeholder=(self.t("Note", "说明"))
                    aria-label=(self.t("Note on the decision", "审批说明"));
                button.btn type="submit" name="vote" value="approve" {
                    (self.t("Approve", "批准"))
                }
                button.btn.btn-plain type="submit" name="vote" value="reject" {
                    (self.t("Refuse", "驳回"))
                }
            }
        }
    }
}

/// What of a move can be mended in its own form.
trait Tried {
    fn may_be_tried(&self) -> bool;
}

impl Tried for Move {
    /// Open, or closed only by what its form asks for.
    fn may_be_tried(&self) -> bool {
        matches!(self.refusal, None | Some(Refusal::Needs { .. } | Refusal::NeedsNote))
    }
}

fn is_not_mine(one: &Move) -> bool {
    matches!(one.refusal, Some(Refusal::NotAllowed { .. } | Refusal::NotOffered { .. }))
}

/// The states of the path with their places: all that are not a way out, and the one it is in.
fn steps<'d>(
    definition: &'d RecordType,
    here: &'d str,
    language: Language,
) -> impl Iterator<Item = (usize, &'d str)> + 'd {
    let states = definition.states.values().enumerate();
    let on_path = move |state: &model::definition::State| {
        let aside = matches!(state.category, Category::Cancelled | Category::Waiting);
        !aside || *state.name == *here
    };
    states
        .filter(move |(_, state)| on_path(state))
        .map(move |(place, state)| (place, state.label.text(language)))
}

/// A letter for each step: the first of its English name that no other has.
fn keys(moves: &[&Move]) -> Vec<Option<char>> {
    let mut taken: Vec<char> = Vec::new();
    let mut one = |movement: &&Move| {
        let letters = movement.name.chars().filter(char::is_ascii_lowercase);
        let letter = letters.into_iter().find(|letter| !taken.contains(letter))?;
        taken.push(letter);
        Some(letter.to_ascii_uppercase())
    };
    moves.iter().map(&mut one).collect()
}
