//! `/admin/import/IMPORT`: how an import stands: what the check found, how far the work has come,
//! what was written, and the way back.

use super::mapping::problem_text;
use super::{HERE, address, scene, stage};
use crate::answer::Answer;
use crate::call::Call;
use crate::media;
use crate::page::table::table;
use crate::page::{Page, Trail};
use crate::problem::Result;
use crate::show::mark::icon;
use axum::http::header;
use engine::import::{Deed, Facts, Refused, Sample, Stage};
use maud::{Markup, html};
use std::io::Write;

/// Refusals of a page, and records that were left alone.
const ROWS: usize = 50;
/// Of the first rows, so many are shown as they would be.
const FIRST: usize = 10;

/// The import as it stands.
pub fn show(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let facts = page.session().import_facts(call.part("import"))?;
    if facts.stage == Stage::Draft {
        return Ok(page.go(&page.to(&format!("{}/mapping", address(call))), None));
    }
    let body = page.import_standing(&facts)?;
    Ok(framed(&page, &facts, body))
}

pub(super) fn framed(page: &Page, facts: &Facts, body: Markup) -> Answer {
    let name = page.file_of(facts);
    let trail = vec![Trail::to(page.t("Import", "导入"), page.to(HERE)), Trail::here(name.clone())];
    scene(page, &name, trail, HERE, body)
}

/// The rows that were refused, as a file.
pub fn refused(call: &Call) -> Result<Answer> {
    let facts = call.session.import_facts(call.part("import"))?;
    let session = call.session.clone();
    let produce = move |out: &mut (dyn Write + Send)| Ok(session.write_refused(&facts.id, out)?);
    let answer = Answer::produced(crate::handle::export::CSV, Box::new(produce));
    Ok(answer.header(header::CONTENT_DISPOSITION, &media::attachment("refused.csv")))
}

/// Writes what was checked, or goes on.
pub fn run(call: &Call) -> Result<Answer> {
    call.session.run_import(call.part("import"))?;
    on(call, None)
}

/// Stops the work.
pub fn stop(call: &Call) -> Result<Answer> {
    call.session.stop_import(call.part("import"))?;
    on(call, Some(("Stopped", "已停止")))
}

/// Forgets an import that has written nothing.
pub fn forget(call: &Call) -> Result<Answer> {
    call.session.forget_import(call.part("import"))?;
    let page = Page::new(call);
    Ok(page.go(&page.to(HERE), Some(page.t("Discarded", "已放弃"))))
}

/// Takes back what was written.
pub fn undo(call: &Call) -> Result<Answer> {
    call.session.take_back(call.part("import"))?;
    on(call, None)
}

fn on(call: &Call, said: Option<(&str, &str)>) -> Result<Answer> {
    let page = Page::new(call);
    let said = said.map(|(en, zh)| page.t(en, zh));
    Ok(page.go(&page.to(&address(call)), said))
}

/// Asks whether to take an import back, saying what that touches.
pub fn ask(call: &Call) -> Result<Answer> {
    let page = Page::new(call);
    let facts = page.session().import_facts(call.part("import"))?;
    let taking = page.session().taking_back(call.part("import"))?;
    let rows = [
        (page.t("Created, to be withdrawn", "新建的记录，将被撤回"), taking.created),
        (
            page.t("Created for references, to be withdrawn", "因引用新建的记录，将被撤回"),
            taking.references,
        ),
        (page.t("Changed, to be put back", "修改的记录，将被还原"), taking.updated),
        (page.t("Links, to be taken away", "新建的链接，将被解除"), taking.linked),
        (page.t("Changed since, left alone", "此后被更改，将保持不变"), taking.changed_since),
    ];
    let body = html! {
        div.page-head { div {
            h1 { (page.t("Take this import back?", "撤销此次导入？")) }
            p {
                (page.t(
                    "What the import wrote is withdrawn or put back, each record as an act of \
                     its own in the history. What somebody has changed since is left alone and \
                     listed. This can be done once.",
                    "导入写入的内容将被撤回或还原，每条记录在历史中各记一笔。此后被更改的内容保持不变，\
                     并会列出。只能撤销一次。",
                ))
            }
        } }
        dl.facts { @for (label, count) in rows {
            div { dt { (label) } dd.num { (count) } }
        } }
        div.btns.below-s {
            (button(&page, &format!("{}/undo", address(call)),
                page.t("Take it back", "撤销导入"), "btn btn-solid"))
            a.btn href=(page.to(&address(call))) { (page.t("Leave it", "保留")) }
        }
    };
    Ok(framed(&page, &facts, body))
}

/// A button that is a form.
pub(super) fn button(page: &Page, path: &str, label: &str, class: &str) -> Markup {
    html! {
        form method="post" action=(page.to(path)) {
            input type="hidden" name="csrf" value=(page.csrf());
            button class=(class) type="submit" { (label) }
        }
    }
}

impl Page<'_> {
    fn import_standing(&self, facts: &Facts) -> Result<Markup> {
        let here = self.to(&address(self.call));
        let polls = facts.stage.is_busy();
        let inner = match facts.stage {
            Stage::Checking | Stage::Running | Stage::Undoing => self.working(facts),
            Stage::Checked => self.checked(facts)?,
            _ => self.ended(facts)?,
        };
        Ok(html! {
            div #import hx-get=[polls.then_some(&here)] hx-trigger=[polls.then_some("every 2s")]
                hx-select=[polls.then_some("#import")] hx-swap=[polls.then_some("outerHTML")]
                hx-headers=[polls.then_some("{\"x-unattended\":\"1\"}")] {
                div.page-head { div {
                    h1 { (self.file_of(facts)) }
                    p {
                        (self.import_type(&facts.record_type)) " · " (facts.actor) " · "
                        (self.at(facts.started_at)) " · " (stage(self, facts.stage))
                    }
                } }
                (inner)
            }
        })
    }

    /// How far the work has come.
    fn working(&self, facts: &Facts) -> Markup {
        let (label, done, total) = match facts.stage {
            Stage::Checking => (self.t("Rows checked", "已检查行数"), facts.rows, None),
            Stage::Undoing => {
                let undone = facts.tally.undone.unwrap_or_default();
                let done = undone.withdrawn + undone.restored + undone.left;
                (self.t("Records taken back", "已撤销记录"), done, Some(done + undone.waiting))
            }
            _ => (self.t("Rows imported", "已导入行数"), facts.done, Some(facts.rows)),
        };
        let share = total.filter(|total| *total > 0).map(|total| done * 100 / total);
        let path = address(self.call);
        html! {
            div.progress {
                p {
                    (label) ": " strong.num { (done) }
                    @if let Some(total) = total { " / " span.num { (total) } }
                }
                div role="progressbar" aria-label=(label) aria-valuemin="0" aria-valuemax="100"
                    aria-valuenow=[share] {
                    svg.meter viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" {
                        rect.bg width="100" height="4" {}
                        rect.fg width=(share.unwrap_or(0)) height="4" {}
                    }
                }
                p.second {
                    (self.t(
                        "You may leave this page: the server goes on, also after a restart.",
                        "可以离开此页面：服务器会继续执行，重启后也会继续。",
                    ))
                }
            }
            div.btns.below-s {
                a.btn href=(self.to(&path)) { (icon("refresh-cw")) (self.t("Look again", "刷新")) }
                @if facts.stage != Stage::Undoing {
                    (button(self, &format!("{path}/stop"), self.t("Stop", "停止"), "btn"))
                }
            }
        }
    }

    /// What the check found.
    fn checked(&self, facts: &Facts) -> Result<Markup> {
        let found = facts.tally.checked.unwrap_or_default();
        let path = address(self.call);
        let rows = [
            (self.t("Rows", "行数"), found.rows),
            (self.t("Would be created", "将新建"), found.created),
            (self.t("There already", "已有"), found.existing),
            (self.t("Created for references", "因引用新建"), found.references),
            (self.t("Refusals", "被拒绝"), found.refused),
        ];
        let sample = self.session().import_sample(&facts.id, FIRST)?;
        let label = match found.refused {
            0 => self.t("Import", "开始导入"),
            _ => self.t("Import the others, leave the refused out", "导入其余行，略过被拒绝的行"),
        };
        Ok(html! {
            (self.verdict(found.refused))
            dl.facts { @for (label, count) in rows { div { dt { (label) } dd.num { (count) } } } }
            div.btns.below-s {
                @if found.created + found.existing > 0 {
                    (button(self, &format!("{path}/run"), label, "btn btn-solid"))
                }
                a.btn href=(self.to(&format!("{path}/mapping"))) {
                    (self.t("Change the mapping", "修改映射"))
                }
                (button(self, &format!("{path}/forget"), self.t("Discard", "放弃"),
                    "btn btn-danger"))
            }
            (self.import_refusals(facts)?)
            (self.first_rows(facts, &sample))
        })
    }

    fn verdict(&self, refused: usize) -> Markup {
        let (class, picture, said) = match refused {
            0 => ("notice is-good", "check", self.t(
                "Every row can be imported. Nothing has been written yet.",
                "所有行都可以导入。尚未写入任何内容。",
            )),
            _ => ("notice is-warn", "triangle-alert", self.t(
                "Some rows would be refused; they are listed below. Nothing has been written yet.",
                "部分行会被拒绝，见下方列表。尚未写入任何内容。",
            )),
        };
        html! { div class=(class) { (icon(picture)) div { p { (said) } } } }
    }

    /// What was done, and what can be done about it.
    fn ended(&self, facts: &Facts) -> Result<Markup> {
        let path = address(self.call);
        let goes_on = matches!(facts.stage, Stage::Stopped | Stage::Failed)
            && facts.is_kept
            && facts.tally.checked.is_some();
        let is_mapped = facts.stage == Stage::Failed && facts.done == 0 && facts.is_kept;
        let written = facts.tally.written.unwrap_or_default();
        let is_undoable = matches!(facts.stage, Stage::Done | Stage::Stopped | Stage::Failed)
            && written.created + written.updated + written.linked + written.references > 0;
        Ok(html! {
            @if let Some(fault) = &facts.fault {
                div.notice.is-bad role="alert" {
                    (icon("circle-alert")) div { p { (problem_text(self, fault)) } }
                }
            }
            (self.tally(facts))
            div.btns.below-s {
                @if goes_on {
                    (button(self, &format!("{path}/run"), self.t("Go on", "继续导入"),
                        "btn btn-solid"))
                }
                @if is_mapped {
                    a.btn href=(self.to(&format!("{path}/mapping"))) {
                        (self.t("Change the mapping", "修改映射"))
                    }
                    (button(self, &format!("{path}/forget"), self.t("Discard", "放弃"),
                        "btn btn-danger"))
                }
                @if is_undoable {
                    a.btn.btn-danger href=(self.to(&format!("{path}/undo"))) {
                        (self.t("Take it back …", "撤销导入…"))
                    }
                }
                @if !facts.rules.is_empty() {
                    a.btn href=(self.to(&format!("{path}/file"))) hx-boost="false" {
                        (icon("download")) (self.t("Mapping file", "映射文件"))
                    }
                }
            }
            @if facts.stage == Stage::Undone { (self.left(facts)?) }
            (self.import_refusals(facts)?)
        })
    }

    fn tally(&self, facts: &Facts) -> Markup {
        let mut rows = vec![(self.t("Rows done", "已处理行数"), facts.done)];
        if let Some(written) = facts.tally.written {
            rows.extend([
                (self.t("Created", "新建"), written.created),
                (self.t("Changed", "修改"), written.updated),
                (self.t("Created for references", "因引用新建"), written.references),
                (self.t("Linked", "新建链接"), written.linked),
                (self.t("Refused", "被拒绝"), written.refused),
            ]);
        }
        if let Some(undone) = facts.tally.undone {
            rows.extend([
                (self.t("Withdrawn", "已撤回"), undone.withdrawn),
                (self.t("Put back", "已还原"), undone.restored),
                (self.t("Left alone", "保持不变"), undone.left),
            ]);
        }
        let whens = [
            (self.t("Ended", "结束时间"), facts.finished_at),
            (self.t("Taken back", "撤销时间"), facts.undone_at),
        ];
        html! {
            dl.facts {
                @for (label, count) in rows { div { dt { (label) } dd.num { (count) } } }
                @for (label, at) in whens {
                    @if let Some(at) = at { div { dt { (label) } dd { (self.at(at)) } } }
                }
            }
        }
    }

    /// Rows that were refused, page by page, and the way to have them as a file.
    fn import_refusals(&self, facts: &Facts) -> Result<Markup> {
        let after = self.call.query.number("after");
        let (refused, next) = self.session().import_refusals(&facts.id, after, ROWS)?;
        if refused.is_empty() {
            return Ok(html! {});
        }
        let path = address(self.call);
        Ok(html! {
            section.below aria-labelledby="refused" {
                div.sec { h2 #refused { (self.t("Refused", "被拒绝的行")) } }
                (self.refusal_table(&refused))
                div.btns.below-s {
                    @if facts.is_kept {
                        a.btn href=(self.to(&format!("{path}/refused"))) hx-boost="false" {
                            (icon("download"))
                            (self.t("These rows as CSV", "下载这些行（CSV）"))
                        }
                    }
                    @if after.is_some() {
                        a.btn href=(self.to(&path)) { (self.t("From the first", "返回首页")) }
                    }
                    @if let Some(next) = next {
                        a.btn href=(self.to(&format!("{path}?after={next}"))) {
                            (self.t("Next", "下一页"))
                        }
                    }
                }
            }
        })
    }

    fn refusal_table(&self, refused: &[Refused]) -> Markup {
        html! {
            (table(self.t("Table: refused", "表格：被拒绝的行"), "table top", &html! {
                th.num scope="col" { (self.t("Row", "行号")) }
                th scope="col" { (self.t("Column", "列")) }
                th scope="col" { (self.t("Why", "原因")) }
            }, &html! {
                tbody { @for one in refused {
                    tr {
                        td.num { @if one.row > 0 { (one.row) } }
                        td { (one.column) }
                        td.wrap { (self.said_of(one)) }
                    }
                } }
            }))
        }
    }

    pub(super) fn said_of<'r>(&self, one: &'r Refused) -> &'r str {
        one.said(self.language())
    }

    /// The first rows as they would be.
    fn first_rows(&self, facts: &Facts, sample: &Sample) -> Markup {
        let definition = self.catalogue.record_type(&facts.record_type);
        let heads = sample.rows.first().map(|row| &row.values[..]).unwrap_or_default();
        let label = |name: &model::Name| match definition {
            Some(definition) => engine::column_label(definition, name, self.language()),
            None => name.to_string(),
        };
        html! {
            section.below aria-labelledby="first" {
                div.sec { h2 #first { (self.t("The first rows as they would be", "前几行的导入结果")) } }
                (table(self.t("Table: first rows", "表格：前几行"), "table", &html! {
                    th.num scope="col" { (self.t("Row", "行号")) }
                    th scope="col" { (self.t("Becomes", "结果")) }
                    @for (name, _) in heads { th scope="col" { (label(name)) } }
                }, &html! {
                    tbody { @for row in &sample.rows {
                        tr {
                            td.num { (row.number) }
                            td { (self.deed(row.deed)) }
                            @for (name, _) in heads {
                                td {
                                    @for (_, text) in row.values.iter().filter(|(n, _)| n == name) {
                                        (short(text))
                                    }
                                }
                            }
                        }
                    } }
                }))
            }
        }
    }

    fn deed(&self, deed: Deed) -> Markup {
        let (class, said) = match deed {
            Deed::Create => ("tag", self.t("new", "新建")),
            Deed::Edit => ("tag", self.t("changed", "修改")),
            Deed::Nothing => ("tag", self.t("as it is", "不变")),
            Deed::Refuse => ("tag is-bad", self.t("refused", "拒绝")),
        };
        html! { span class=(class) { (said) } }
    }

    /// Records that taking back has left alone.
    fn left(&self, facts: &Facts) -> Result<Markup> {
        let (left, _) = self.session().import_left(&facts.id, None, LEFT)?;
        if left.is_empty() {
            return Ok(html! {});
        }
        Ok(html! {
            section.below aria-labelledby="left" {
                div.sec { h2 #left { (self.t("Left alone", "保持不变的记录")) } }
                (table(self.t("Table: left alone", "表格：保持不变的记录"), "table top", &html! {
                    th.num scope="col" { (self.t("Row", "行号")) }
                    th scope="col" { (self.t("Record", "记录")) }
                    th scope="col" { (self.t("Why", "原因")) }
                }, &html! {
                    tbody { @for one in &left {
                        tr {
                            td.num { (one.row) }
                            td { @if let Some(card) = &one.record {
                                @let path = format!("/{}/{}", card.record_type, card.id);
                                a href=(self.to(&path)) {
                                    (card.number) " " (card.title)
                                }
                            } }
                            td.wrap { (self.said_of(&one.why)) }
                        }
                    } }
                }))
            }
        })
    }
}

/// Records that were left alone that are shown.
const LEFT: usize = 500;

/// The beginning of a long text.
fn short(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_string(),
    }
}
