//! `evenkeel import`: records from a file, by a mapping. The file is read twice and more than once
//! where an import goes on, so what comes through the socket is kept aside meanwhile.

use crate::console::{Console, Progress};
use crate::failure::{Failure, Result, Text, text};
use crate::folder;
use crate::host::Host;
use clap::Args;
use engine::file::Limits;
use engine::import::{self, Imported, Importer, Input, Mapping, Phase, Refusals, Survey};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

#[derive(Debug, Args, Serialize, Deserialize)]
pub struct Import {
    #[arg(long, value_name = "FILE")]
    pub mapping: PathBuf,
    #[arg(long)]
    pub dry_run: bool,
    #[arg(long)]
    pub leave_out: bool,
    #[arg(value_name = "INPUT")]
    pub input: PathBuf,
    /// What the mapping file says.
    #[arg(skip)]
    pub rules: String,
}

impl Import {
    /// Reads the mapping and sees that the input is there.
    ///
    /// # Errors
    /// Refused where one of them cannot be read.
    pub fn read(mut self) -> Result<(Import, std::fs::File)> {
        self.rules = folder::read(&self.mapping)?;
        let file = folder::open(&self.input)?;
        Ok((self, file))
    }
}

/// Does it.
///
/// # Errors
/// Refused with the problems of the mapping, or with the rows that cannot be taken.
pub fn run(host: &Host, asked: Import, console: &mut dyn Console) -> Result<()> {
    let catalogue = host.engine.catalogue();
    let shown = asked.mapping.display().to_string();
    let mapping = import::load(&catalogue.model, &shown, &asked.rules).map_err(|problems| {
        let (shown, more) = (problems.to_string(), json!({ "problems": problems.to_json() }));
        Failure::with("mapping", text(shown.clone(), shown), more)
    })?;
    let aside = Aside::keep(host, console)?;
    let done = import_file(host, &asked, &mapping, &aside.path, console);
    drop(aside);
    done
}

/// The input, kept until dropped.
struct Aside {
    path: PathBuf,
}

impl Aside {
    fn keep(host: &Host, console: &mut dyn Console) -> Result<Aside> {
        let name = format!("import-{}.part", engine::world::uuid(host.engine.world()));
        let path = host.settings.data.join(name);
        let mut file = folder::create_private(&path)?;
        let aside = Aside { path };
        let copied = std::io::copy(&mut console.reader(), &mut file).and_then(|_| file.flush());
        copied.map_err(|error| Failure::outside("the input", error))?;
        Ok(aside)
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        let _ = folder::remove(&self.path);
    }
}

/// A file on the operator's own machine may be larger than an upload.
fn limits() -> Limits {
    Limits { unpacked_bytes: 64 << 30, ratio: 1000, rows: usize::MAX, ..Limits::default() }
}

fn import_file(
    host: &Host,
    asked: &Import,
    mapping: &Mapping,
    path: &Path,
    console: &mut dyn Console,
) -> Result<()> {
    let name = asked.input.display().to_string();
    let open = || folder::reader(path);
    let input = Input { name: &name, bytes: folder::size(path), open: &open, limits: limits() };
    let importer = Importer::new(&host.system(), mapping, input)?;
    let mut told = |progress: &import::Progress| {
        console.progress(&Progress {
            what: phase(progress.phase),
            done: progress.rows as u64,
            total: progress.of_rows.map(|rows| rows as u64),
        });
        ControlFlow::Continue(())
    };
    if asked.dry_run {
        let survey = importer.survey(&mut told)?;
        return tell_survey(&survey, console);
    }
    let imported = importer.run(asked.leave_out, &mut told);
    match imported {
        Ok(imported) => tell_imported(&imported, console),
        Err(error) => Err(refused_rows(&importer, error.into(), console)),
    }
}

fn phase(phase: Phase) -> Text {
    match phase {
        Phase::Checking => text("Checking", "正在检查"),
        Phase::Writing => text("Importing", "正在导入"),
    }
}

/// Names every row where the first one refused ended the import.
fn refused_rows(importer: &Importer, failure: Failure, console: &mut dyn Console) -> Failure {
    if failure.exit_code() == 1
        && let Ok(survey) = importer.survey(&mut |_| ControlFlow::Continue(()))
        && survey.refusals.count > 0
    {
        let _ = tell_refusals(&survey.refusals, console);
    }
    failure
}

/// Every refused row, one a line.
fn tell_refusals(refusals: &Refusals, console: &mut dyn Console) -> Result<()> {
    for refused in &refusals.list {
        let said = text(refused.text(model::Language::EN), refused.text(model::Language::ZH));
        console.answer(&json!({ "refused": refused.to_json() }), &said)?;
    }
    let more = refusals.count.saturating_sub(refusals.list.len());
    if more > 0 {
        console.note(&text(format!("... and {more} more"), format!("……另有 {more} 处")));
    }
    Ok(())
}

fn tell_survey(survey: &Survey, console: &mut dyn Console) -> Result<()> {
    tell_refusals(&survey.refusals, console)?;
    let (rows, created, existing) = (survey.rows, survey.created, survey.existing);
    let references = survey.references.iter();
    let references: Json = references.map(|(name, n)| (name.to_string(), json!(n))).collect();
    let count = survey.refusals.count;
    let json = json!({
        "rows": rows, "created": created, "existing": existing, "references": references,
        "refused": count, "dry_run": true,
    });
    let said = text(
        format!(
            "{rows} rows: {created} records would be created, {existing} are there, \
             {count} refusals. Nothing was written."
        ),
        format!(
            "共 {rows} 行：将新建 {created} 条记录，已有 {existing} 条，{count} 处被拒绝。未写入任何内容。"
        ),
    );
    console.answer(&json, &said)?;
    if count == 0 {
        return Ok(());
    }
    let said = text(format!("{count} refused."), format!("{count} 处被拒绝。"));
    Err(Failure::with("rows-refused", said, json!({ "count": count })))
}

fn tell_imported(imported: &Imported, console: &mut dyn Console) -> Result<()> {
    tell_refusals(&imported.refusals, console)?;
    let Imported { id, rows, records, entries, unchanged, repeated, .. } = imported;
    let references = imported.references.iter();
    let references: Json = references.map(|(name, n)| (name.to_string(), json!(n))).collect();
    let json = json!({
        "import": id, "rows": rows, "records": records, "entries": entries,
        "unchanged": unchanged, "references": references, "left_out": imported.refusals.count,
        "repeated": repeated,
    });
    let said = match repeated {
        true => text(
            format!(
                "This file was imported by this mapping before (import {id}); nothing was done."
            ),
            format!("此文件已按此映射导入过（导入 {id}），未作任何更改。"),
        ),
        false => text(
            format!(
                "Imported {rows} rows: {records} records, {entries} entries of history, \
                 {unchanged} unchanged (import {id})."
            ),
            format!(
                "已导入 {rows} 行：{records} 条记录，{entries} 条历史，{unchanged} 条未变（导入 {id}）。"
            ),
        ),
    };
    console.answer(&json, &said)
}
