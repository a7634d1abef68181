//! A file of scenarios as lines: headings, and under them blocks of steps. What a step means is
//! not read here.

use std::path::Path;

pub struct File {
    /// As messages name it: `PROCESS/NAME.md`.
    pub name: String,
    pub lines: Vec<String>,
    pub scenarios: Vec<Scenario>,
}

/// One block of steps.
pub struct Scenario {
    pub title: String,
    pub lines: Vec<Line>,
}

/// One line: what is done and what must come of it (empty where nothing is said).
pub struct Line {
    /// From 0.
    pub line: usize,
    pub text: String,
    pub outcome: String,
}

impl File {
    pub fn read(path: &Path) -> File {
        let text = std::fs::read_to_string(path).unwrap();
        let lines: Vec<String> = text.lines().map(str::to_string).collect();
        let process = path.ancestors().nth(2).and_then(Path::file_name).unwrap();
        let name = format!("{}/{}", process.display(), path.file_name().unwrap().display());
        let scenarios = scenarios(&lines);
        assert!(!scenarios.is_empty(), "{name} holds no scenario");
        File { name, lines, scenarios }
    }

    pub fn write(&self, path: &Path) {
        std::fs::write(path, self.lines.join("\n") + "\n").unwrap();
    }
}

fn scenarios(lines: &[String]) -> Vec<Scenario> {
    let (mut title, mut inside) = (String::new(), false);
    let mut found: Vec<Scenario> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        if let Some(heading) = line.strip_prefix("## ") {
            title = heading.to_string();
        } else if line.starts_with("```") {
            inside = line.starts_with("```steps");
            if inside {
                found.push(Scenario { title: title.clone(), lines: Vec::new() });
            }
        } else if inside && !without_comment(line).trim().is_empty() {
            let (text, outcome) = split(line);
            found.last_mut().unwrap().lines.push(Line { line: number, text, outcome });
        }
    }
    found
}

/// The step and its outcome.
fn split(line: &str) -> (String, String) {
    let line = without_comment(line);
    match outside_quotes(line, "->").last() {
        Some(at) => (line[..*at].trim().to_string(), line[at + 2..].trim().to_string()),
        None => (line.trim().to_string(), String::new()),
    }
}

fn without_comment(line: &str) -> &str {
    outside_quotes(line, " # ").first().map_or(line, |at| &line[..*at])
}

/// Where the text stands outside quotes.
fn outside_quotes(line: &str, wanted: &str) -> Vec<usize> {
    let mut quoted = false;
    let mut found = Vec::new();
    for (at, letter) in line.char_indices() {
        quoted ^= letter == '"';
        if !quoted && line[at..].starts_with(wanted) {
            found.push(at);
        }
    }
    found
}

/// Puts another outcome into a line, the rest as it stands.
pub fn put(lines: &mut [String], number: usize, outcome: &str) {
    let line = lines[number].clone();
    let bare = without_comment(&line);
    let comment = &line[bare.len()..];
    let Some(at) = outside_quotes(bare, "->").last().copied() else {
        panic!("line {} says no outcome: {line}", number + 1);
    };
    let gap = if comment.is_empty() { "" } else { "   " };
    lines[number] = format!("{} {outcome}{gap}{comment}", &line[..at + 2]);
}

#[test]
fn outcomes_are_replaced_and_comments_stay() {
    let mut lines = vec![r#"ana: search "a -> # b"   -> nothing    # why"#.to_string()];
    assert_eq!(split(&lines[0]), (r#"ana: search "a -> # b""#.into(), "nothing".into()));
    put(&mut lines, 0, "INC-000001");
    assert_eq!(lines[0], r#"ana: search "a -> # b"   -> INC-000001    # why"#);
}
