//! Which columns a list shows, and in which order. What is chosen is in the address of the list.

use super::list::{self, KEPT};
use super::{Page, Scene, Trail};
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Result;
use crate::show::mark::{icon, small};
use maud::{Markup, html};
use model::definition::RecordType;

/// What every record has beside its fields.
const BUILT_IN: [&str; 6] =
    ["number", "state", "created_at", "created_by", "changed_at", "changed_by"];

/// The columns there are, those that are shown first.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let asked = list::asked(&page)?;
    let scene = page.columns_scene(&asked.definition, &asked.columns);
    Ok(page.frame(scene))
}

/// On to the list with the columns that were chosen.
pub fn choose(call: &Call) -> Result<Answer> {
    let (page, form) = (Page::new(call), call.form()?);
    let definition = page.asked_type()?;
    // What the list shows now may stay, though it is not offered beside: a link, the type.
    let mut all = page.columns_there_are(&definition);
    let list = definition.lists.get(form.filled("list").unwrap_or("default"));
    all.extend(list::columns_of(&definition, list, form.filled("columns")));
    let chosen: Vec<&str> = form.all("column").filter(|one| all.iter().any(|c| c == one)).collect();
    let mut changes: Vec<(&str, &str)> =
        KEPT.iter().map(|name| (*name, form.text(name).unwrap_or(""))).collect();
    let joined = chosen.join(",");
    for change in &mut changes {
        if change.0 == "columns" {
            change.1 = &joined;
        }
    }
    Ok(page.go(&page.with(&changes), None))
}

impl Page<'_> {
    /// The columns that this person may choose, in the order of the definition.
    pub(super) fn columns_there_are(&self, definition: &RecordType) -> Vec<String> {
        let has = |name: &&&str| match **name {
            "number" => definition.number.is_some(),
            "state" => definition.initial.is_some(),
            _ => true,
        };
        let fields = definition.fields.keys();
        let fields = fields.filter(|name| self.session().may_see_field(definition, name));
        let fields = fields.map(|name| name.to_string());
        BUILT_IN.iter().filter(has).map(|name| name.to_string()).chain(fields).collect()
    }

    fn columns_scene(&self, definition: &RecordType, chosen: &[String]) -> Scene {
        let all = self.columns_there_are(definition);
        let others: Vec<&String> = all.iter().filter(|name| !chosen.contains(name)).collect();
        let plural = definition.plural.text(self.language());
        let title = self.t("Columns", "列").to_string();
        let body = html! {
            div.page-head { div {
                h1 { (plural) (self.t(": columns", "：列")) }
                p { (self.t("What is chosen stands in the address of the list: keep it as a view, \
                    or send it to somebody.", "所选列包含在列表地址中：可保存为视图，或发送给他人。")) }
            } }
            form.form method="post" action=(self.to(&format!("/{}/columns", definition.name))) {
                input type="hidden" name="csrf" value=(self.csrf());
                (self.kept(""))
                (self.shown_columns(definition, chosen))
                fieldset.picks {
                    legend { (self.t("Not shown", "未显示")) }
                    @for name in others { (self.column_choice(definition, name, false)) }
                }
                div.btns {
                    button.btn.btn-solid type="submit" { (self.t("Show these", "显示所选列")) }
                    a.btn.btn-plain href=(self.with(&[("columns", "")])) {
                        (self.t("As declared", "恢复默认"))
                    }
                    a.btn.btn-plain href=(self.with(&[])) { (self.t("Cancel", "取消")) }
                }
            }
        };
        Scene {
            title: format!("{plural}: {title}"),
            trail: vec![Trail::to(plural, self.with(&[])), Trail::here(title)],
            tools: html! {},
            here: self.menu_entry(definition),
            body,
            bleeds: false,
        }
    }

    /// The columns that are shown, each with the way to stand one place earlier.
    fn shown_columns(&self, definition: &RecordType, chosen: &[String]) -> Markup {
        let earlier = |place: usize| {
            let mut order = chosen.to_vec();
            order.swap(place, place - 1);
            self.with_at("/columns", &[("columns", &order.join(","))])
        };
        html! {
            fieldset.picks {
                legend { (self.t("Shown, in this order", "已显示，按此顺序")) }
                @for (place, name) in chosen.iter().enumerate() {
                    div.line {
                        (self.column_choice(definition, name, true))
                        @if place > 0 {
                            @let label = self.column_label(definition, name);
                            a.btn.btn-icon href=(earlier(place))
                                aria-label=(format!("{}{label}", self.t("Earlier: ", "前移："))) {
                                (small("chevron-up"))
                            }
                        }
                    }
                }
            }
        }
    }

    fn column_choice(&self, definition: &RecordType, name: &str, is_shown: bool) -> Markup {
        let id = format!("column-{name}");
        html! {
            span.pick {
                input.check id=(id) type="checkbox" name="column" value=(name) checked[is_shown];
                " " label for=(id) { (self.column_label(definition, name)) }
            }
        }
    }

    /// The way to the columns of the list that is shown.
    pub(super) fn columns_tool(&self) -> Markup {
        html! {
            a.btn.btn-icon.wide href=(self.with_at("/columns", &[]))
                aria-label=(self.t("Columns", "列"))
                title=(self.t("Columns", "列")) { (icon("list-checks")) }
        }
    }
}
