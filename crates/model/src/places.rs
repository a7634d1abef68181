//! Where each part of a record type is written: the file that declares it and the overlays that
//! touch it, each with its line. Reads the same trees as the loader; checks nothing.

use crate::overlay::VERBS;
use crate::problem::Report;
use crate::source::Sources;
use crate::tree::{self, Entry, Node};
use std::collections::BTreeMap;

/// One place where a part is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub path: String,
    /// From 1.
    pub line: usize,
    /// Whether it stands in an overlay.
    pub is_overlay: bool,
}

/// The places of all parts: by record type, kind of table and name. The record type itself is of
/// kind `record` and has no name.
#[derive(Debug, Default)]
pub struct Places(BTreeMap<(String, String, String), Vec<Place>>);

impl Places {
    /// Reads the files. What is not TOML is left out.
    pub fn of(sources: &Sources) -> Places {
        let mut places = Places::default();
        // What is wrong with the files is told by the loader.
        let mut report = Report::default();
        for file in 0..sources.len() {
            let root = tree::read(sources, file, &mut report);
            match (root.get("extend"), root.get("record")) {
                (Some(extend), _) => {
                    let of = extend.node.as_text().unwrap_or_default().to_string();
                    for verb in root.entries().iter().filter(|e| VERBS.contains(&e.key.as_str())) {
                        places.take(sources, &of, &verb.node, true);
                    }
                }
                (None, Some(record)) => {
                    let of = record.text("name").unwrap_or_default().to_string();
                    places.take(sources, &of, &root, false);
                }
                _ => {}
            }
        }
        places
    }

    fn take(&mut self, sources: &Sources, of: &str, kinds: &Node, is_overlay: bool) {
        for kind in kinds.entries() {
            if kind.key == "record" {
                self.put(sources, (of, "record", ""), kind, is_overlay);
                continue;
            }
            for named in kind.node.entries() {
                self.put(sources, (of, &kind.key, &named.key), named, is_overlay);
            }
        }
    }

    fn put(
        &mut self,
        sources: &Sources,
        (of, kind, name): (&str, &str, &str),
        entry: &Entry,
        is_overlay: bool,
    ) {
        let line = sources.positions(entry.key_span).0.line;
        let path = sources.path(entry.key_span.file).to_string();
        let key = (of.to_string(), kind.to_string(), name.to_string());
        self.0.entry(key).or_default().push(Place { path, line, is_overlay });
    }

    /// Where a part of the record type itself is written, not of what it extends; the declaration
    /// first.
    pub fn at(&self, record_type: &str, kind: &str, name: &str) -> &[Place] {
        let key = (record_type.to_string(), kind.to_string(), name.to_string());
        self.0.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The overlays that touch the record type, each once, in their order.
    pub fn overlays(&self, record_type: &str) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        let own = self.0.iter().filter(|((of, _, _), _)| of == record_type);
        for place in own.flat_map(|(_, places)| places).filter(|place| place.is_overlay) {
            if !found.contains(&place.path.as_str()) {
                found.push(&place.path);
            }
        }
        found.sort_unstable();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_knows_its_file_and_line() {
        let mut sources = Sources::new();
        sources.add("x/a.toml", "[record]\nname = \"a\"\n\n[field.one]\ntype = \"text\"\n");
        sources
            .add("overlays/a.toml", "extend = \"a\"\n[set.field.one]\nmax = 3\n[add.field.two]\n");
        let places = Places::of(&sources);
        let place = |path: &str, line, is_overlay| Place { path: path.into(), line, is_overlay };
        assert_eq!(places.at("a", "record", ""), [place("x/a.toml", 1, false)]);
        let one = [place("x/a.toml", 4, false), place("overlays/a.toml", 2, true)];
        assert_eq!(places.at("a", "field", "one"), one);
        assert_eq!(places.at("a", "field", "two"), [place("overlays/a.toml", 4, true)]);
        assert_eq!(places.at("a", "field", "three"), []);
        assert_eq!(places.overlays("a"), ["overlays/a.toml"]);
    }
}
