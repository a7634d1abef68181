//! The table of figures: as text for the one who runs it, as Markdown in `docs/performance.md`,
//! between markers, a section for each database. What stands outside the markers is left alone.

use super::machine;
use crate::Done;
use crate::arguments::Arguments;
use crate::support::folder;

/// One promise and what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub what: String,
    pub goal: String,
    pub measured: String,
    /// Whether the goal is reached; none where there is no goal, or where it is not this
    /// database's.
    pub reached: Option<bool>,
}

impl Figure {
    pub fn new(what: &str, goal: &str, measured: String, reached: Option<bool>) -> Figure {
        Figure { what: what.to_string(), goal: goal.to_string(), measured, reached }
    }

    pub fn line(&self) -> String {
        format!("{}: {} (goal {}) {}", self.what, self.measured, self.goal, self.verdict())
    }

    fn verdict(&self) -> &'static str {
        match self.reached {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "-",
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct Table {
    pub figures: Vec<Figure>,
}

impl Table {
    /// The goals that were not reached. A small run reaches none worth the name.
    pub fn missed(&self) -> impl Iterator<Item = String> {
        let missed = self.figures.iter().filter(|figure| figure.reached == Some(false));
        missed.map(Figure::line)
    }

    pub fn text(&self) -> String {
        let rows = self.figures.iter().map(|figure| {
            let Figure { what, goal, measured, .. } = figure;
            format!("| {what} | {goal} | {measured} | {} |\n", figure.verdict())
        });
        "| what | goal | measured | reached |\n| --- | --- | --- | --- |\n".to_string()
            + &rows.collect::<String>()
    }
}

/// Puts the table into the page.
pub fn write_page(table: &Table, arguments: &Arguments) -> Done {
    let path = folder::root().join("docs/performance.md");
    let page = std::fs::read_to_string(&path).unwrap_or_else(|_| NEW_PAGE.to_string());
    let (name, database) = match arguments.flag("--postgres") {
        true => ("PostgreSQL", " --postgres"),
        false => ("SQLite", ""),
    };
    let records = arguments.text("--records").map(|number| format!(" --records {number}"));
    let command = format!("cargo xtask bench{database}{}", records.unwrap_or_default());
    let note = format!("{}. Command: `{command}`.\n\n", machine::describe());
    let page = replaced(&page, name, &(note + &table.text()));
    std::fs::write(&path, page).map_err(|error| format!("{}: {error}", path.display()))?;
    println!("written to docs/performance.md");
    Ok(())
}

const NEW_PAGE: &str = "# Performance\n\n\
    Measured by the project's own rig, with the load on the same machine and each floor in the \
    same run,\nin turn with the product. Latency: one client, warm. What the rows mean stands in \
    `crates/xtask/src/bench`.\n";

/// The page with the section of `name` replaced, or added at the end.
fn replaced(page: &str, name: &str, text: &str) -> String {
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->\n"));
    let found = page.find(&begin).zip(page.find(&end));
    let Some((from, to)) = found.filter(|(from, to)| from < to) else {
        return format!("{page}\n## {name}\n\n{begin}{text}{end}");
    };
    format!("{}{begin}{text}{}", &page[..from], &page[to..])
}

#[cfg(test)]
mod tests {
    use super::{Figure, Table, replaced};

    #[test]
    fn a_section_is_added_once_and_then_replaced() {
        let first = replaced("# Page\n", "SQLite", "old\n");
        let second = replaced(&first, "SQLite", "new\n") + "own words\n";
        let third = replaced(&second, "PostgreSQL", "other\n");
        let wanted = "# Page\n\n## SQLite\n\n<!-- SQLite: begin -->\nnew\n<!-- SQLite: end -->\n\
                      own words\n\n## PostgreSQL\n\n<!-- PostgreSQL: begin -->\nother\n\
                      <!-- PostgreSQL: end -->\n";
        assert_eq!(third, wanted);
    }

    #[test]
    fn figures_are_rows() {
        let figure = Figure::new("read", "<= 1 ms", "0.3 ms".into(), Some(true));
        let text = Table { figures: vec![figure] }.text();
        assert!(text.ends_with("| read | <= 1 ms | 0.3 ms | yes |\n"));
    }
}
