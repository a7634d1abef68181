//! One column of the file: what stands in it, what it fills, and what else is said of it.

use super::{Desk, Wrong};
use crate::door::part::zones;
use crate::show::mark::icon;
use engine::import::{self, ColumnPlan, Seen, Sketch};
use maud::{Markup, html};
use model::definition::{Field, FieldKind};

/// Texts of a column that are shown.
const SHOWN: usize = 3;

impl Desk<'_> {
    pub(super) fn column(
        &self,
        sketch: &Sketch,
        wrong: &Wrong,
        at: usize,
        column: &Seen,
    ) -> Markup {
        let page = self.page;
        let plan = sketch.column(&column.name).cloned().unwrap_or_default();
        let said = wrong.iter().find(|(name, _)| *name == column.name).map(|(_, said)| said);
        let is_key = !plan.field.is_empty() && sketch.key.contains(&plan.field);
        html! {
            fieldset.map-col {
                legend { (column.name) }
                p.map-seen.second {
                    @if column.texts.is_empty() {
                        (page.t("nothing in the first rows", "前几行无内容"))
                    }
                    @for (place, text) in column.texts.iter().take(SHOWN).enumerate() {
                        @if place > 0 { " · " }
                        q { (short(text)) }
                    }
                }
                div.map-to {
                    input type="hidden" name=(format!("was.{at}")) value=(plan.field);
                    (self.select(&format!("field.{at}"), page.t("Fills", "填入"), &plan.field,
                        &self.targets(&plan.field), said.is_some()))
                    @if let Some(said) = said {
                        p.error id=(format!("field.{at}-e")) {
                            (icon("circle-alert")) span { (said) }
                        }
                    }
                    @if !plan.field.is_empty() && !plan.field.starts_with("link.") {
                        label.yes {
                            input.check type="checkbox" name=(format!("key.{at}")) value="on"
                                checked[is_key];
                            span { (page.t("tells records apart", "用于识别记录")) }
                        }
                    }
                    (self.more(at, column, &plan))
                }
            }
        }
    }

    /// What else is said of a column, by the kind of its field.
    fn more(&self, at: usize, column: &Seen, plan: &ColumnPlan) -> Markup {
        let page = self.page;
        let field = self.definition.fields.get(plan.field.as_str());
        let link = plan.field.strip_prefix("link.");
        let linked = link.and_then(|name| self.definition.links.get(name)).map(|link| &link.to);
        match (field.map(|field| &field.kind), linked) {
            (Some(FieldKind::Choice(choices)), _) => {
                let language = page.language();
                let options = choices.0.iter();
                let options = options
                    .map(|(name, label)| (name.to_string(), label.text(language).to_string()));
                let options: Vec<(String, String)> = options.collect();
                let kind = field.map(|field| &field.kind);
                self.translations(at, column, plan, &options, kind)
            }
            (Some(FieldKind::Date | FieldKind::Datetime), _) => {
                let as_is = page.t("as 2026-03-01", "如 2026-03-01").to_string();
                let mut options = vec![(String::new(), as_is)];
                options.extend(import::FORMATS.iter().map(|f| (f.to_string(), example(f))));
                if !options.iter().any(|(value, _)| *value == plan.format) {
                    options.push((plan.format.clone(), plan.format.clone()));
                }
                let label = page.t("Written", "日期写法");
                self.select(&format!("format.{at}"), label, &plan.format, &options, false)
            }
            (Some(FieldKind::Reference { to }), _) | (_, Some(to)) => self.reference(at, plan, to),
            _ => html! {},
        }
    }

    fn reference(&self, at: usize, plan: &ColumnPlan, to: &str) -> Markup {
        let page = self.page;
        let Some(other) = page.catalogue.record_type(to) else { return html! {} };
        let language = page.language();
        let kinds = |field: &&Field| {
            matches!(field.kind, FieldKind::Text { .. } | FieldKind::Email)
                && page.session().may_see_field(other, &field.name)
                && field.name != other.title
        };
        let title = other.fields.get(&other.title).map(|field| field.label.text(language));
        let mut options = vec![(String::new(), title.unwrap_or(&other.title).to_string())];
        options.extend(
            other
                .fields
                .values()
                .filter(kinds)
                .map(|field| (field.name.to_string(), field.label.text(language).to_string())),
        );
        html! {
            (self.select(&format!("match.{at}"),
                &format!("{} {}", page.t("Found by, of", "匹配字段："), other.label.text(language)),
                &plan.matches, &options, false))
            @if !other.is_abstract {
                label.yes {
                    input.check type="checkbox" name=(format!("create.{at}")) value="on"
                        checked[plan.create];
                    span { (page.t("create what is not there", "不存在时新建")) }
                }
            }
        }
    }

    /// The texts of a column that are no choice, and what each stands for.
    fn translations(
        &self,
        at: usize,
        column: &Seen,
        plan: &ColumnPlan,
        options: &[(String, String)],
        kind: Option<&FieldKind>,
    ) -> Markup {
        let page = self.page;
        let mut pairs = plan.choices.clone();
        if let Some(kind @ FieldKind::Choice(choices)) = kind {
            for (text, _) in import::translated(choices, kind, column) {
                if !pairs.iter().any(|(known, _)| *known == text) {
                    pairs.push((text, String::new()));
                }
            }
        }
        if pairs.is_empty() {
            return html! {};
        }
        let mut all = vec![(String::new(), page.t("(refuse)", "（拒绝）").to_string())];
        all.extend(options.iter().cloned());
        html! {
            div.map-choices { @for (place, (text, meant)) in pairs.iter().enumerate() {
                @let id = format!("means.{at}.{place}");
                input type="hidden" name=(format!("choice.{at}")) value=(text);
                label for=(id) { q { (short(text)) } }
                span.suffix {
                    select.select id=(id) name=(format!("means.{at}")) {
                        @for (value, label) in &all {
                            option value=(value) selected[value == meant] { (label) }
                        }
                    }
                    span { (icon("chevron-down")) }
                }
            } }
            (self.select(&format!("default.{at}"), page.t("Every other text", "其他文本"),
                &plan.default, &all, false))
        }
    }

    /// What counts for the file as a whole.
    pub(super) fn file_as_whole(&self, sketch: &Sketch) -> Markup {
        let page = self.page;
        let charsets = [
            (if sketch.charset == "utf-8" { "utf-8" } else { "" }, "UTF-8"),
            ("gb18030", "GB18030 (GBK)"),
        ];
        let charsets: Vec<(String, String)> =
            charsets.iter().map(|(value, label)| (value.to_string(), label.to_string())).collect();
        let zone = if sketch.zone.is_empty() { "UTC" } else { sketch.zone.as_str() };
        html! {
            fieldset.map-col {
                legend { (page.t("The whole file", "整个文件")) }
                p.map-seen.second {
                    (page.t("How to read what stands in it.", "文件内容的读取方式。"))
                }
                div.map-to {
                    (self.select("charset", page.t("Letters", "字符编码"), &sketch.charset,
                        &charsets, false))
                    (self.select("zone", page.t("Times are meant in", "时间所在时区"), zone,
                        &zones(zone), false))
                    div.field {
                        label for="missing" {
                            (page.t("Texts that stand for nothing", "表示空值的文本"))
                        }
                        input.input #missing name="missing" value=(sketch.missing.join(", "))
                            maxlength="500" autocomplete="off" spellcheck="false"
                            aria-describedby="missing-h";
                        p.help #missing-h { (page.t("With commas between.", "以逗号分隔。")) }
                    }
                    @if self.facts.file.to_lowercase().ends_with(".xlsx") {
                        div.field {
                            label for="sheet" { (page.t("Sheet", "工作表")) }
                            input.input #sheet name="sheet" value=(sketch.sheet) maxlength="100"
                                autocomplete="off" aria-describedby="sheet-h";
                            p.help #sheet-h {
                                (page.t("The first one where empty.", "留空则为第一个。"))
                            }
                        }
                    }
                }
            }
        }
    }

    /// Fields and links that a column may fill.
    fn targets(&self, chosen: &str) -> Vec<(String, String)> {
        let (page, language) = (self.page, self.page.language());
        let mut options = vec![(String::new(), page.t("(leave out)", "（不导入）").to_string())];
        let fields = page.session().fillable(&self.definition).into_iter();
        options.extend(fields.map(|field| {
            let needed = if field.required { " *" } else { "" };
            (field.name.to_string(), format!("{}{needed}", field.label.text(language)))
        }));
        let links = self.definition.links.values();
        options.extend(links.map(|link| {
            let label = format!("{}{}", page.t("Link: ", "链接："), link.label.text(language));
            (format!("link.{}", link.name), label)
        }));
        if !options.iter().any(|(value, _)| value == chosen) {
            options.push((chosen.to_string(), chosen.to_string()));
        }
        options
    }

    fn select(
        &self,
        id: &str,
        label: &str,
        chosen: &str,
        options: &[(String, String)],
        is_wrong: bool,
    ) -> Markup {
        html! {
            div.field {
                label for=(id) { (label) }
                span.suffix {
                    select.select id=(id) name=(id) aria-invalid=[is_wrong.then_some("true")]
                        aria-describedby=[is_wrong.then(|| format!("{id}-e"))] {
                        @for (value, label) in options {
                            option value=(value) selected[value == chosen] { (label) }
                        }
                    }
                    span { (icon("chevron-down")) }
                }
            }
        }
    }
}

/// A day as a form of dates writes it.
fn example(format: &str) -> String {
    let day = jiff::civil::date(2026, 12, 31).at(17, 30, 0, 0);
    jiff::fmt::strtime::format(format, day).unwrap_or_else(|_| format.to_string())
}

/// The beginning of a long text.
fn short(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_string(),
    }
}
