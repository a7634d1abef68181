//! What stands around a record: the votes and the digest they are bound to, its files, links and
//! watchers.

use super::Job;
use crate::change::{Decision, LinkChange, Vote};
use crate::decide::{Ballot, WATCHER, digest};
use crate::reader::Reader;
use crate::record::Record;
use crate::refusal::Result;
use model::definition::{Link, RecordType};
use model::expression::LinkEnd;
use model::value::Attachment;
use model::{Key, Name};
use std::collections::BTreeSet;
use store::core::link::{self, Link as Ended};
use store::core::{attachment, vote};

impl Job<'_> {
    /// The votes on the record as it stands.
    pub(crate) fn ballot(&self, record: &Record) -> Result<Ballot> {
        self.ballot_for(record, record)
    }

    /// The votes on `before`, counted against the digest of `draft`: values given along with a
    /// transition void approvals of other values.
    pub(crate) fn ballot_for(&self, before: &Record, draft: &Record) -> Result<Ballot> {
        ballot(self.reader, self.definition, before.key, draft)
    }

    /// The files of the record, each with whether it is internal.
    pub(crate) fn files(&self, record: &Record) -> Result<Vec<(Attachment, bool)>> {
        let files = attachment::of_record(self.reader.snapshot, record.key)?;
        let there = files.into_iter().filter(|file| file.removed_at.is_none());
        Ok(there.map(|file| (file_of(&file), file.internal)).collect())
    }

    /// The present links from and to the record, as they end with it.
    pub(crate) fn links_around(&self, record: &Record) -> Result<Vec<LinkChange>> {
        let own = self.definition.links.values();
        let leading_here = self.definition.inverses.iter().filter_map(|inverse| {
            self.catalogue.record_type(&inverse.from)?.links.get(&inverse.link)
        });
        let name = |link: &Link| format!("{}.{}", link.declared_by, link.name);
        let names: BTreeSet<String> = own.chain(leading_here).map(name).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let around = link::around(self.reader.snapshot, &names, record.key)?;
        let mut ends = Vec::new();
        for Ended { name, from, to, .. } in around {
            let end = LinkChange { name: name.to_string(), from, to, begins: false };
            // A link of a record to itself stands at both ends.
            if !ends.contains(&end) {
                ends.push(end);
            }
        }
        Ok(ends)
    }

    pub(crate) fn watchers(&self, record: &Record) -> Result<Vec<Key>> {
        let pairs = self.reader.ends(WATCHER, &[record.key], false, None)?;
        Ok(pairs.into_iter().map(|(_, person)| person).collect())
    }
}

/// The votes on the record of this key, counted against the digest of `draft`.
///
/// # Errors
/// A failed read.
pub(crate) fn ballot(
    reader: &Reader,
    definition: &RecordType,
    key: Key,
    draft: &Record,
) -> Result<Ballot> {
    let mut links: Vec<(Name, Vec<Key>)> = Vec::new();
    for link in definition.links.values() {
        let (from, other) = (link.declared_by.clone(), link.to.clone());
        let end = LinkEnd { from, link: link.name.clone(), inverse: false, other };
        let keys = reader.linked(&end, &[key])?;
        if !keys.is_empty() {
            links.push((link.name.clone(), keys));
        }
    }
    let stored = vote::of_record(reader.snapshot, key)?;
    let votes = stored.into_iter().filter_map(read).collect();
    Ok(Ballot { votes, digest: digest(draft, &links) })
}

/// The file an attachment names.
pub(crate) fn file_of(row: &attachment::Attachment) -> Attachment {
    Attachment {
        sha256: row.sha256.clone(),
        name: row.name.clone(),
        media_type: row.media_type.clone(),
        bytes: row.bytes,
    }
}

fn read(stored: vote::Vote) -> Option<Vote> {
    Some(Vote {
        approval: Name::new(&stored.approval)?,
        person: stored.person_key,
        other: stored.other_key,
        decision: Decision::parse(&stored.decision)?,
        digest: stored.digest.as_ref().try_into().ok()?,
        note: stored.note.as_deref().map(str::to_string),
    })
}
