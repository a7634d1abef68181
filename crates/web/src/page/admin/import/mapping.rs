//! `/admin/import/IMPORT/mapping`: which column fills which field, column by column, beside what
//! stands in it. What the form says is the mapping file that the command line takes; a file that
//! says more than the form can show is edited as the text it is.

mod columns;

use super::standing::{button, framed};
use super::{HERE, address};
use crate::answer::Answer;
use crate::call::{Call, Payload};
use crate::form::Form;
use crate::media;
use crate::page::Page;
use crate::page::field::Wrong;
use crate::problem::{Problem, Result};
use crate::show::mark::icon;
use axum::http::{StatusCode, header};
use engine::import::{self, ColumnPlan, Facts, MAPPING, Refused, Sample, Seen, Sketch, Stage};
use maud::{Markup, html};
use model::Language;
use model::definition::{Field, RecordType};
use std::io::Read;
use std::sync::Arc;

/// Rows that are tried while columns are mapped.
const TRIED: usize = 50;

/// An import whose columns are mapped.
struct Desk<'d> {
    page: &'d Page<'d>,
    facts: Facts,
    definition: Arc<RecordType>,
    columns: Vec<Seen>,
}

impl<'d> Desk<'d> {
    fn of(page: &'d Page<'d>) -> Result<Desk<'d>> {
        let facts = page.session().import_facts(page.call.part("import"))?;
        let found = page.catalogue.record_type(&facts.record_type).cloned();
        let definition = found.ok_or_else(Problem::missing)?;
        let columns = page.session().import_columns(&facts.id)?;
        Ok(Desk { page, facts, definition, columns })
    }
}

/// The form.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let desk = Desk::of(&page)?;
    let is_open = matches!(desk.facts.stage, Stage::Draft | Stage::Checked | Stage::Failed);
    if !is_open || desk.facts.done > 0 {
        return Ok(page.go(&page.to(&address(call)), None));
    }
    desk.draw(None)
}

/// Keeps what the form says, and goes on to the check where that was asked for.
pub fn keep(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let (desk, form) = (Desk::of(&page)?, call.form()?);
    let session = page.session();
    let here = page.to(&format!("{}/mapping", address(call)));
    let id = &desk.facts.id;
    match form.text("act") {
        Some("guess") => session.keep_mapping(id, &session.guess_again(id)?.to_toml())?,
        Some("text") => session.keep_mapping(id, form.text("rules").unwrap_or(""))?,
        act => {
            let sketch = desk.read(&form);
            let twice = desk.twice(&sketch);
            if !twice.is_empty() {
                let answer = desk.draw(Some((&sketch, twice)))?;
                return Ok(answer.status(StatusCode::UNPROCESSABLE_ENTITY));
            }
            session.keep_mapping(id, &sketch.to_toml())?;
            if act == Some("check") {
                return desk.check();
            }
        }
    }
    Ok(page.go(&here, Some(page.t("Saved", "已保存"))))
}

/// The mapping as the file that the command line takes.
pub fn file(call: &Call) -> Result<Answer> {
    let facts = call.session.import_facts(call.part("import"))?;
    let answer = Answer::bytes("application/toml; charset=utf-8", facts.rules.into_bytes());
    Ok(answer.header(header::CONTENT_DISPOSITION, &media::attachment("mapping.toml")))
}

/// Takes such a file in place of the form.
pub fn bring(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let Payload::File(upload) = &call.payload else { return Err(Problem::missing()) };
    let mut bytes = Vec::new();
    let broken = || Problem::malformed("The file did not arrive.", "文件未能送达。");
    let mut upload = upload.borrow_mut();
    (&mut *upload).take(MAPPING as u64 + 1).read_to_end(&mut bytes).map_err(|_| broken())?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Problem::malformed("A mapping is a text in UTF-8.", "映射文件应为 UTF-8 文本。")
    })?;
    call.session.keep_mapping(call.part("import"), text.trim_start_matches('\u{feff}'))?;
    let here = page.to(&format!("{}/mapping", address(call)));
    Ok(page.go(&here, Some(page.t("Taken over", "已采用"))))
}

/// A sentence of the engine; several lines are the mistakes of a mapping.
pub(super) fn problem_text(page: &Page, one: &Refused) -> Markup {
    let said = page.said_of(one);
    html! {
        @match said.contains('\n') {
            true => pre.excerpt { (said) },
            false => (said),
        }
    }
}

impl Desk<'_> {
    /// On to the check, or the form again where the mapping cannot be used.
    fn check(&self) -> Result<Answer> {
        let page = self.page;
        match page.session().check_import(&self.facts.id) {
            Ok(()) => Ok(page.go(&page.to(&address(page.call)), None)),
            Err(engine::Error::Refused(refusal)) => {
                let status = crate::refused::problem(&refusal).status;
                if status == StatusCode::FORBIDDEN || status == StatusCode::NOT_FOUND {
                    return Err(engine::Error::Refused(refusal).into());
                }
                let again = Desk::of(page)?;
                Ok(again.draw(None)?.status(StatusCode::UNPROCESSABLE_ENTITY))
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// What the form says. A column that fills another field than before is guessed anew.
    fn read(&self, form: &Form) -> Sketch {
        let text = |name: &str| form.text(name).unwrap_or("").trim().to_string();
        let before = Sketch::of_toml(&self.facts.rules).unwrap_or_default();
        let words = text("missing");
        let missing = words.split(['\n', ',', '，']).map(str::trim).filter(|word| !word.is_empty());
        let mut sketch = Sketch {
            record: self.definition.name.to_string(),
            missing: missing.map(str::to_string).collect(),
            charset: text("charset"),
            sheet: text("sheet"),
            format: before.format,
            zone: text("zone"),
            ..Sketch::default()
        };
        for (at, column) in self.columns.iter().enumerate() {
            let of = |name: &str| text(&format!("{name}.{at}"));
            let field = of("field");
            if field.is_empty() {
                continue;
            }
            let plan = match field == of("was") {
                true => ColumnPlan {
                    column: column.name.clone(),
                    format: of("format"),
                    matches: of("match"),
                    create: form.text(&format!("create.{at}")).is_some(),
                    choices: self.choices(form, at),
                    default: of("default"),
                    field,
                },
                false => self.planned(column, field),
            };
            if form.text(&format!("key.{at}")).is_some() && !plan.field.starts_with("link.") {
                sketch.key.push(plan.field.clone());
            }
            sketch.columns.push(plan);
        }
        sketch
    }

    fn choices(&self, form: &Form, at: usize) -> Vec<(String, String)> {
        let (text, means) = (format!("choice.{at}"), format!("means.{at}"));
        let (texts, meant) = (form.all(&text), form.all(&means));
        texts.zip(meant).map(|(text, meant)| (text.to_string(), meant.to_string())).collect()
    }

    fn planned(&self, column: &Seen, field: String) -> ColumnPlan {
        match self.definition.fields.get(field.as_str()) {
            Some(found) => import::plan(&self.page.catalogue.model, column, found),
            None => ColumnPlan { column: column.name.clone(), field, ..ColumnPlan::default() },
        }
    }

    /// Fields that two columns fill.
    fn twice(&self, sketch: &Sketch) -> Wrong {
        let mut wrong = Wrong::new();
        for (place, plan) in sketch.columns.iter().enumerate() {
            let others = sketch.columns.iter().take(place);
            if let Some(other) = others.into_iter().find(|other| other.field == plan.field) {
                let said = match self.page.language() {
                    Language::ZH => {
                        format!("“{}”列已填写该字段，请选择其他字段或留空。", other.column)
                    }
                    _ => format!(
                        "\"{}\" fills this field already; choose another or leave it out.",
                        other.column
                    ),
                };
                wrong.push((plan.column.clone(), said));
            }
        }
        wrong
    }

    /// The page: the form, or the text where the mapping says more than a form can show.
    fn draw(&self, given: Option<(&Sketch, Wrong)>) -> Result<Answer> {
        let page = self.page;
        let kept = Sketch::of_toml(&self.facts.rules);
        let kept = kept.filter(|sketch| *sketch.record == *self.facts.record_type);
        let (sketch, wrong) = match given {
            Some((sketch, wrong)) => (Some(sketch.clone()), wrong),
            None => {
                let wrong = self.tried(kept.as_ref())?;
                (kept, wrong)
            }
        };
        let path = address(page.call);
        let body = html! {
            div.page-head { div {
                h1 { (page.t("Map the columns", "映射各列")) }
                p {
                    (page.file_of(&self.facts)) " → " (page.import_type(&self.facts.record_type))
                    " · "
                    (page.t("guessed from names and the first rows; look at each.",
                        "已根据列名和前几行猜测，请逐列确认。"))
                }
            } }
            (self.whole(&wrong))
            @if let Some(sketch) = &sketch { (self.form(sketch, &wrong)) }
            (self.as_text(sketch.is_none()))
            div.btns.below {
                (button(page, &format!("{path}/forget"), page.t("Discard the import", "放弃导入"),
                    "btn btn-danger"))
                a.btn.btn-plain href=(page.to(HERE)) { (page.t("Later", "稍后继续")) }
            }
        };
        Ok(framed(page, &self.facts, body))
    }

    /// What the first rows and the definitions say against the mapping that is kept.
    fn tried(&self, sketch: Option<&Sketch>) -> Result<Wrong> {
        let page = self.page;
        let mut wrong = Wrong::new();
        if let Some(sketch) = sketch {
            if sketch.key.is_empty() {
                wrong.push((String::new(), page.t(
                    "Tick the column that tells records apart: a row whose value is there already \
                     changes that record.",
                    "请勾选用于识别记录的列：若该值已存在，则更新对应记录。",
                ).to_string()));
            }
            for field in self.unfilled(sketch) {
                let label = field.label.text(page.language());
                wrong.push((
                    String::new(),
                    match page.t("en", "zh") {
                        "zh" => format!("新记录必须填写“{label}”，但没有列填写它。"),
                        _ => format!("A new record needs {label}, and no column fills it."),
                    },
                ));
            }
            if sketch.key.is_empty() {
                return Ok(wrong);
            }
        }
        match page.session().import_sample(&self.facts.id, TRIED) {
            Ok(sample) => wrong.extend(self.refused(&sample)),
            Err(engine::Error::Refused(refusal)) => {
                wrong.push((String::new(), refusal.text(page.language())));
            }
            Err(fault) => return Err(fault.into()),
        }
        Ok(wrong)
    }

    fn unfilled<'f>(&'f self, sketch: &Sketch) -> Vec<&'f Field> {
        let fields = self.page.session().fillable(&self.definition).into_iter();
        let is_open = |field: &&Field| field.required && field.default.is_none();
        let is_filled =
            |field: &&Field| sketch.columns.iter().any(|plan| *plan.field == *field.name);
        fields.filter(is_open).filter(|field| !is_filled(field)).collect()
    }

    /// The first refusal of each column among the rows that were tried.
    fn refused(&self, sample: &Sample) -> Wrong {
        let mut wrong = Wrong::new();
        let rows = sample.rows.iter().flat_map(|row| &row.refused);
        for one in sample.wrong.iter().chain(rows) {
            if wrong.iter().any(|(column, _)| *column == one.column) {
                continue;
            }
            let said = self.page.said_of(one);
            let said = match (one.row, self.page.language()) {
                (0, _) => said.to_string(),
                (row, Language::ZH) => format!("第 {row} 行：{said}"),
                (row, _) => format!("Row {row}: {said}"),
            };
            wrong.push((one.column.clone(), said));
        }
        wrong
    }

    /// What is wrong with no column that is shown.
    fn whole(&self, wrong: &Wrong) -> Markup {
        let is_shown = |name: &str| self.columns.iter().any(|column| column.name == name);
        let others: Vec<&(String, String)> =
            wrong.iter().filter(|(name, _)| !is_shown(name)).collect();
        html! {
            @if !others.is_empty() {
                div.notice.is-warn {
                    (icon("triangle-alert"))
                    div { @for (name, said) in others {
                        @if said.contains('\n') {
                            pre.excerpt tabindex="0" { (said) }
                        } @else {
                            p { @if !name.is_empty() { strong { (name) } ": " } (said) }
                        }
                    } }
                }
            }
        }
    }

    fn form(&self, sketch: &Sketch, wrong: &Wrong) -> Markup {
        let page = self.page;
        let path = format!("{}/mapping", address(page.call));
        html! {
            form.form.map-form.below-s method="post" action=(page.to(&path)) {
                input type="hidden" name="csrf" value=(page.csrf());
                @for (at, column) in self.columns.iter().enumerate() {
                    (self.column(sketch, wrong, at, column))
                }
                (self.file_as_whole(sketch))
                div.btns {
                    button.btn.btn-solid type="submit" name="act" value="check" {
                        (page.t("Check the whole file", "检查整个文件"))
                    }
                    button.btn type="submit" name="act" value="save" { (page.t("Save", "保存")) }
                    button.btn.btn-plain type="submit" name="act" value="guess" {
                        (page.t("Guess again", "重新猜测"))
                    }
                }
            }
        }
    }

    /// The mapping as a file: to take along, to change as text, to bring.
    fn as_text(&self, is_open: bool) -> Markup {
        let page = self.page;
        let path = address(page.call);
        html! {
            details.fold-sec.below open[is_open] {
                summary {
                    (icon("chevron-right")) h2 { (page.t("As a mapping file", "映射文件")) }
                }
                @if is_open {
                    p {
                        (page.t(
                            "This mapping says more than the form can show, or cannot be read; it \
                             is changed as text.",
                            "此映射的内容超出表单所能表示的范围，或无法读取，请直接编辑文本。",
                        ))
                    }
                }
                form.form method="post" action=(page.to(&format!("{path}/mapping"))) {
                    input type="hidden" name="csrf" value=(page.csrf());
                    div.field {
                        label for="rules" {
                            (page.t("What evenkeel import --mapping takes",
                                "evenkeel import --mapping 使用的内容"))
                        }
                        textarea.area.mono #rules name="rules" rows="12" spellcheck="false" {
                            "\n" (self.facts.rules)
                        }
                    }
                    div.btns {
                        button.btn type="submit" name="act" value="text" {
                            (page.t("Use this text", "采用此文本"))
                        }
                        button.btn type="submit" name="act" value="guess" {
                            (page.t("Guess again", "重新猜测"))
                        }
                        a.btn href=(page.to(&format!("{path}/file"))) hx-boost="false" {
                            (icon("download")) (page.t("Download", "下载"))
                        }
                    }
                }
                form.form method="post" action=(page.to(&format!("{path}/file")))
                    enctype="multipart/form-data" hx-boost="false" {
                    input type="hidden" name="csrf" value=(page.csrf());
                    div.field {
                        label for="brought" { (page.t("A mapping file of yours", "已有的映射文件")) }
                        input.input #brought type="file" name="file" accept=".toml" required;
                    }
                    div.btns {
                        button.btn type="submit" { (page.t("Use this file", "采用此文件")) }
                    }
                }
            }
        }
    }
}
