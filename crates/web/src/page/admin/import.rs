//! `/admin/import`: tables that become records: the list of imports, and the form that brings a
//! file. What is done with one stands in `mapping` and `standing`.

pub mod mapping;
pub mod standing;

use super::scene;
use crate::answer::Answer;
use crate::call::{Call, Payload};
use crate::door::part::{FormErrors, choice};
use crate::page::table::table;
use crate::page::{Page, Trail};
use crate::problem::{Problem, Result};
use crate::route::{Kind, Parameter};
use axum::http::StatusCode;
use engine::import::{Facts, NewImport, Stage};
use maud::{Markup, html};

const HERE: &str = "/admin/import";

pub const QUERY: &[Parameter] = &[Parameter {
    name: "after",
    kind: Kind::Number { min: i64::MIN, max: i64::MAX },
    says: "Where the page of refusals before ended.",
    required: false,
}];

/// Imports shown.
const ROWS: usize = 100;

/// All imports, and the form for another.
pub fn list(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    page.imports(&FormErrors::default(), "")
}

/// Takes a file in.
pub fn bring(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let Payload::File(upload) = &call.payload else { return Err(Problem::missing()) };
    let mut upload = upload.borrow_mut();
    let record_type = upload.fields.text("record_type").unwrap_or("").to_string();
    let name = upload.name.clone();
    let most = call.app.settings.limits.attachment_bytes;
    let new = NewImport { record_type: &record_type, name: &name, content: &mut *upload, most };
    match page.session().new_import(new) {
        Ok(id) => Ok(page.go(&page.to(&format!("{HERE}/{id}/mapping")), None)),
        Err(engine::Error::Refused(refusal)) => {
            let problem = crate::refused::problem(&refusal);
            if problem.status == StatusCode::FORBIDDEN {
                return Err(problem);
            }
            let wrong = FormErrors::of(&problem, &page);
            Ok(page.imports(&wrong, &record_type)?.status(problem.status))
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The address of the import that is asked for.
fn address(call: &Call) -> String {
    format!("{HERE}/{}", crate::percent::encode(call.part("import")))
}

/// What an import is called by the state it is in.
fn stage(page: &Page, stage: Stage) -> Markup {
    let (class, said) = match stage {
        Stage::Draft => ("tag", page.t("columns to map", "待映射")),
        Stage::Checking => ("tag", page.t("being checked", "检查中")),
        Stage::Checked => ("tag", page.t("checked", "已检查")),
        Stage::Running => ("tag", page.t("being imported", "导入中")),
        Stage::Stopped => ("tag", page.t("stopped", "已停止")),
        Stage::Done => ("tag", page.t("imported", "已导入")),
        Stage::Undoing => ("tag", page.t("being taken back", "撤销中")),
        Stage::Undone => ("tag", page.t("taken back", "已撤销")),
        Stage::Failed => ("tag is-bad", page.t("failed", "失败")),
    };
    html! { span class=(class) { (said) } }
}

impl Page<'_> {
    fn imports(&self, wrong: &FormErrors, chosen: &str) -> Result<Answer> {
        let all = self.session().imports(ROWS)?;
        let title = self.t("Import", "导入");
        let body = html! {
            div.page-head { div {
                h1 { (title) }
                p {
                    (self.t(
                        "Tables that become records. A file is checked as a whole before anything \
                         is written, and what was written can be taken back.",
                        "将表格导入为记录。写入之前会检查整个文件，写入之后可以撤销。",
                    ))
                }
            } }
            section aria-labelledby="new" {
                div.sec { h2 #new { (self.t("New import", "新建导入")) } }
                (self.bringing(wrong, chosen))
            }
            section.below aria-labelledby="all" {
                div.sec {
                    h2 #all { (self.t("Imports so far", "导入记录")) }
                    span.count { (all.len()) }
                }
                @if all.is_empty() {
                    p.second.below-s {
                        (self.t(
                            "None yet. Choose what the rows are and a file above; the columns are \
                             mapped next.",
                            "暂无导入。请在上方选择记录类型和文件，下一步映射各列。",
                        ))
                    }
                } @else {
                    (self.import_table(&all))
                }
            }
        };
        Ok(scene(self, title, vec![Trail::here(title)], HERE, body))
    }

    fn bringing(&self, wrong: &FormErrors, chosen: &str) -> Markup {
        let language = self.language();
        let types = self.catalogue.model.record_types.values();
        let types =
            types.filter(|found| !found.is_abstract && self.session().may_create_type(&found.name));
        let mut options: Vec<(String, String)> = types
            .map(|found| (found.name.to_string(), found.label.text(language).to_string()))
            .collect();
        options.sort_by(|a, b| a.1.cmp(&b.1));
        let most = self.call.app.settings.limits.attachment_bytes >> 20;
        html! {
            (wrong.notice(&["record_type"]))
            form.form.below-s method="post" action=(self.to(HERE)) enctype="multipart/form-data"
                hx-boost="false" {
                input type="hidden" name="csrf" value=(self.csrf());
                (choice("record_type", self.t("What the rows are", "行的记录类型"), chosen, &options,
                    wrong))
                div.field {
                    label for="file" { (self.t("File", "文件")) }
                    input.input #file type="file" name="file" required
                        accept=".csv,.tsv,.txt,.xlsx,.jsonl,.ndjson,.xz,.gz,.zst"
                        aria-describedby="file-h";
                    p.help #file-h {
                        @match language == model::Language::ZH {
                            true => { "CSV、XLSX 或 JSON Lines，可压缩；最大 " (most) " MiB。" }
                            false => {
                                "CSV, XLSX or JSON lines, packed or not; at most " (most) " MiB."
                            }
                        }
                    }
                }
                div.btns {
                    button.btn.btn-solid type="submit" { (self.t("Bring the file", "上传文件")) }
                }
            }
        }
    }

    fn import_table(&self, all: &[Facts]) -> Markup {
        html! {
            (table(self.t("Table: imports so far", "表格：导入记录"), "table", &html! {
                th scope="col" { (self.t("File", "文件")) }
                th scope="col" { (self.t("Records", "记录类型")) }
                th scope="col" { (self.t("By", "操作人")) }
                th scope="col" { (self.t("When", "时间")) }
                th.num scope="col" { (self.t("Rows", "行数")) }
                th.num scope="col" { (self.t("Refused", "被拒绝")) }
                th scope="col" { (self.t("State", "状态")) }
            }, &html! {
                tbody { @for one in all {
                    tr {
                        th.wrap scope="row" {
                            a href=(self.to(&format!("{HERE}/{}", one.id))) { (self.file_of(one)) }
                        }
                        td { (self.import_type(&one.record_type)) }
                        td { (one.actor) }
                        td { (self.at(one.started_at)) }
                        td.num { @match one.stage {
                            Stage::Running | Stage::Stopped => { (one.done) " / " (one.rows) },
                            _ => (one.rows),
                        } }
                        td.num { (refusals(one)) }
                        td { (stage(self, one.stage)) }
                    }
                } }
            }))
        }
    }

    fn file_of(&self, facts: &Facts) -> String {
        match facts.file.as_str() {
            "" => self.t("(no name)", "（无名称）").to_string(),
            name => name.to_string(),
        }
    }

    fn import_type(&self, name: &str) -> String {
        let found = self.catalogue.record_type(name);
        found.map_or(name, |found| found.label.text(self.language())).to_string()
    }
}

/// Rows and values that were refused, as far as is known.
fn refusals(facts: &Facts) -> String {
    let written = facts.tally.written.map(|written| written.refused.to_string());
    let checked = facts.tally.checked.map(|checked| checked.refused.to_string());
    written.or(checked).unwrap_or_default()
}
