//! Cases: a snippet of TOML and the problems it must give.
//!
//! In `tests/*.md`, blocks before the first `##` heading are files that every case of that page
//! has. A case gives further files (`toml title=PATH`), takes the place of one of them, or adds to
//! its end (`toml append=PATH`, with `times=N` many times); its block `problems` holds what the
//! loader says. `UPDATE=1` rewrites these blocks.

use crate::{compare, path, read, requirements};
use model::problem::IDS;
use model::{Options, Sources};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// One fenced block.
struct Block {
    info: String,
    text: String,
}

/// Text between blocks, or a block.
enum Part {
    Prose(String),
    Block(Block),
}

fn pages() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(path("tests")).unwrap();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    found.sort();
    found
}

fn parts(page: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut block: Option<Block> = None;
    for line in page.lines() {
        match (&mut block, line.strip_prefix("```")) {
            (None, Some(info)) => {
                block = Some(Block { info: info.to_string(), text: String::new() })
            }
            (None, None) => parts.push(Part::Prose(line.to_string())),
            (Some(_), Some(_)) => parts.extend(block.take().map(Part::Block)),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
        }
    }
    assert!(block.is_none(), "a block is not closed");
    parts
}

/// Takes a block of a definition into the files of a case.
fn take(files: &mut Vec<(String, String)>, block: &Block) {
    let words: Vec<&str> = block.info.split_whitespace().collect();
    let times = words.iter().find_map(|word| word.strip_prefix("times="));
    let times: usize = times.map_or(1, |times| times.parse().unwrap());
    for word in words {
        if let Some(title) = word.strip_prefix("title=") {
            files.retain(|(path, _)| path != title);
            files.push((title.to_string(), block.text.clone()));
        } else if let Some(title) = word.strip_prefix("append=") {
            let file = files.iter_mut().find(|(path, _)| path == title);
            file.unwrap_or_else(|| panic!("no file {title}")).1.push_str(&block.text.repeat(times));
        }
    }
}

/// What the loader says of the files; the ids of the problems go into `ids`.
fn problems(files: &[(String, String)], ids: &mut BTreeSet<&'static str>) -> String {
    let mut sources = Sources::new();
    for (path, text) in files {
        sources.add(path.as_str(), text.as_str());
    }
    let requirements = requirements();
    match model::load(&sources, &Options { requirements: Some(&requirements) }) {
        Ok(_) => "no problems\n".to_string(),
        Err(problems) => {
            ids.extend(problems.list.iter().map(|problem| problem.id));
            problems.to_string()
        }
    }
}

/// The page as it must be.
fn played(page: &str, ids: &mut BTreeSet<&'static str>) -> String {
    let (mut common, mut files) = (Vec::new(), Vec::new());
    let mut began = false;
    let mut wanted = String::new();
    for part in parts(page) {
        let (info, text) = match part {
            Part::Prose(line) => {
                if line.starts_with("## ") {
                    began = true;
                    files = common.clone();
                }
                wanted.push_str(&format!("{line}\n"));
                continue;
            }
            Part::Block(block) if block.info == "problems" => (block.info, problems(&files, ids)),
            Part::Block(block) => {
                take(if began { &mut files } else { &mut common }, &block);
                (block.info, block.text)
            }
        };
        wanted.push_str(&format!("```{info}\n{text}```\n"));
    }
    wanted
}

#[test]
fn every_case_gives_its_problems_and_every_problem_has_a_case() {
    let mut ids = BTreeSet::new();
    let mut wrong = Vec::new();
    for page in pages() {
        let wanted = played(&read(&page), &mut ids);
        wrong.extend(compare(&page, &wanted).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let known: Vec<&str> = IDS.iter().map(|(id, _)| *id).collect();
    let without: Vec<&&str> = known.iter().filter(|id| !ids.contains(**id)).collect();
    assert!(without.is_empty(), "problems without a case: {without:?}");
    let unlisted = |id: &&&str| !id.starts_with("expression-") && !known.contains(*id);
    let unlisted: Vec<&&str> = ids.iter().filter(unlisted).collect();
    assert!(unlisted.is_empty(), "problems without a meaning: {unlisted:?}");
}

#[test]
fn ids_are_sorted_and_unique() {
    assert!(IDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
}
