//! `cargo xtask bench`: every figure that the project promises, on a fresh site, with the load on
//! the same machine. The floors (what the bare database can do) are measured in the same run, in
//! turn with the product, because machines differ and so do hours.
//!
//! A row that cannot be measured says why and the others go on; the run fails in the end.

mod create;
mod figures;
pub mod fill;
mod floor;
mod incidents;
mod machine;
mod pages;
mod reads;
mod start;
mod words;

use crate::Done;
use crate::arguments::Arguments;
use crate::people::add_teams;
use crate::support::site::Site;
use figures::{Figure, Table};

/// What every row is given.
pub struct Bench<'a> {
    pub arguments: &'a Arguments,
    pub table: Table,
    failures: Vec<String>,
}

pub fn run(arguments: &Arguments) -> Done {
    let mut bench = Bench { arguments, table: Table::default(), failures: Vec::new() };
    let records = arguments.number("--records", arguments.sized(2_000, 1_000_000))?;
    bench.row("create", create::measure);
    bench.row("import", start::history_import);
    bench.row("reads", |bench| reads_at(bench, records));
    bench.row("size", start::binary);
    println!("\n{}", bench.table.text());
    if bench.table.figures.is_empty() && bench.failures.is_empty() {
        return Err("nothing was measured".into());
    }
    // A part of the figures would stand in the page for all of them.
    let whole = !arguments.flag("--small") && arguments.text("--only").is_none();
    if whole && bench.failures.is_empty() {
        figures::write_page(&bench.table, arguments)?;
    }
    if !arguments.flag("--small") {
        bench.failures.extend(bench.table.missed());
    }
    if bench.failures.is_empty() { Ok(()) } else { Err(bench.failures.join("\n")) }
}

impl Bench<'_> {
    /// Measures one group of rows, unless `--only` names another.
    fn row(&mut self, name: &str, measure: impl FnOnce(&mut Bench) -> Done) {
        if self.arguments.text("--only").is_some_and(|only| only != name) {
            return;
        }
        println!("{name} ..");
        if let Err(problem) = measure(self) {
            eprintln!("{name}: {problem}");
            self.failures.push(format!("{name}: {problem}"));
        }
    }

    pub fn add(&mut self, figure: Figure) {
        println!("  {}", figure.line());
        self.table.figures.push(figure);
    }
}

/// Lists, search and reads at the full number of records, and lists at a tenth of it, whose ratio
/// is a figure too.
fn reads_at(bench: &mut Bench, records: usize) -> Done {
    let small = filled(bench, records / 10)?;
    let server = small.serve()?;
    let tenth = reads::list(&small, &server, bench.arguments)?.percentile(50.0);
    server.stop()?;
    drop(small);
    let site = filled(bench, records)?;
    let server = site.serve()?;
    reads::measure(bench, &site, &server, tenth)?;
    pages::measure(bench, &site, &server)?;
    server.stop()?;
    start::measure(bench, &site)
}

/// A site with so many incidents, filled by the product's own import.
fn filled(bench: &Bench, records: usize) -> Result<Site, String> {
    let site = Site::new("bench", bench.arguments)?;
    let server = site.serve()?;
    add_teams(&mut site.admin_api(&server)?)?;
    server.stop()?;
    let seconds = fill::fill(&site, records)?;
    println!("  {records} incidents imported in {seconds:.1} s");
    Ok(site)
}
