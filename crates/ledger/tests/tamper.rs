//! Tampering with an export, one kind after another: what must be found, and under which name
//! and place. Random tampering is in `campaign.rs`.
#![allow(clippy::unwrap_used)]

mod world;

use ledger::entry::entry_leaf;
use ledger::hash::root_of;
use ledger::line::Line;
use ledger::{Body, Field, Header, Problem, Signer, Source, Verifier};
use world::*;

/// Where the line of the entry at `position` stands in the export.
fn line_of(position: usize) -> usize {
    1 + position + usize::from(position >= 4) + usize::from(position >= 8)
}

/// True if the problem is a root that differs, from this source, in this range.
fn root_differs(problem: &Problem, wanted: Source, from: u64, to: u64) -> bool {
    matches!(problem, Problem::RootDiffers { source, since, size, .. }
        if (*source, *since, *size) == (wanted, from, to))
}

#[test]
fn the_untouched_export_is_sound() {
    let report = verify(&lines(&entries()));
    assert_eq!(shown(&report), [""; 0]);
    assert!(report.is_sound());
    assert_eq!((report.entries, report.size), (12, 12));
    assert_eq!((report.proven, report.signed, report.checkpoints), (12, 8, 2));
    assert_eq!(report.root, Some(root_of(&leaves(&entries()))));
    assert_eq!(report.erased_fields, 3);
    assert!(verify_with_copy(&lines(&entries())).is_sound());
}

#[test]
fn fields_erased_later_leave_it_sound() {
    let mut entries = entries();
    for (_, body, _) in &mut entries {
        body.erase("title");
        body.erase("state");
    }
    let report = verify_with_copy(&lines(&entries));
    assert_eq!(shown(&report), [""; 0]);
    assert_eq!(report.erased_fields, 12 * 2 + 3);
}

#[test]
fn a_live_database_is_verified_through_the_core() {
    let entries = entries();
    let mut verifier = Verifier::new(&trust()).unwrap();
    for (at, (header, body, leaf)) in entries.iter().enumerate() {
        let stored = Body::from_bytes(&body.to_bytes()).unwrap();
        verifier.entry(at as u64, header, &stored, *leaf);
    }
    let report = verifier.finish();
    assert!(report.is_sound(), "{:?}", shown(&report));
    assert_eq!(report.proven, 12);
}

/// Changes to a header, each to another part of it.
const HEADER_CHANGES: [fn(&mut Header); 14] = [
    |h| h.entry.0[3] ^= 1,
    |h| h.record.0[15] ^= 0x80,
    |h| h.record_type = "problem".into(),
    |h| h.record_number = None,
    |h| h.record_number = Some(77),
    |h| h.record_version += 1,
    |h| h.kind = "edit".into(),
    |h| h.transition = None,
    |h| h.at -= 60_000_000,
    |h| h.recorded_at += 1,
    |h| h.actor = None,
    |h| h.actor = Some(entry_id(0)),
    |h| h.actor_label = "Zoe".into(),
    |h| h.definition_version = 4,
];

/// Changes to the fields, each to another part of one.
fn changed_bodies(body: &Body) -> Vec<Body> {
    let fields = body.fields();
    let mut all = vec![fields[1..].to_vec(), [fields, &[renamed(&fields[0])]].concat()];
    for at in 0..fields.len() {
        let changes =
            [renamed, resalted, without_old, with_new, recommitted].map(|f| f(&fields[at]));
        for change in changes.into_iter().filter(|change| *change != fields[at]) {
            let mut changed = fields.to_vec();
            changed[at] = change;
            all.push(changed);
        }
    }
    all.into_iter().map(|fields| Body::new(fields).unwrap()).collect()
}

fn renamed(field: &Field) -> Field {
    let mut changed = field.clone();
    let (Field::Open { name, .. } | Field::Erased { name, .. }) = &mut changed;
    name.push('x');
    changed
}

fn resalted(field: &Field) -> Field {
    let mut changed = field.clone();
    if let Field::Open { salt, .. } = &mut changed {
        salt[7] ^= 4;
    }
    changed
}

fn without_old(field: &Field) -> Field {
    let mut changed = field.clone();
    if let Field::Open { old, .. } = &mut changed {
        *old = if old.is_none() { Some(Vec::new()) } else { None };
    }
    changed
}

fn with_new(field: &Field) -> Field {
    let mut changed = field.clone();
    if let Field::Open { new, .. } = &mut changed {
        *new = Some(b"closed".to_vec());
    }
    changed
}

fn recommitted(field: &Field) -> Field {
    let mut changed = field.clone();
    if let Field::Erased { commitment, .. } = &mut changed {
        commitment.0[31] ^= 1;
    }
    changed
}

#[test]
fn altered_content_is_named_by_position_and_entry() {
    // Entry 5 has every optional part but an erased field as well.
    let mut variants = Vec::new();
    for change in HEADER_CHANGES {
        let mut variant = entries()[5].clone();
        change(&mut variant.0);
        variants.push(variant);
    }
    let (header, body, leaf) = entries()[5].clone();
    let bodies = changed_bodies(&body);
    assert!(bodies.len() > 10, "{}", bodies.len());
    variants.extend(bodies.into_iter().map(|body| (header.clone(), body, leaf)));
    for variant in variants {
        let mut entries = entries();
        entries[5] = variant;
        let report = verify(&lines(&entries));
        let [Problem::Altered { position: 5, entry, .. }] = report.problems[..] else {
            panic!("{:?}: {:?}", entries[5], shown(&report));
        };
        assert_eq!(entry, entries[5].0.entry);
    }
}

#[test]
fn a_changed_sealed_hash_is_named_and_breaks_the_root() {
    let mut entries = entries();
    entries[5].2.0[0] ^= 1;
    let report = verify(&lines(&entries));
    assert!(matches!(report.problems[0], Problem::Altered { position: 5, .. }));
    assert!(root_differs(&report.problems[1], Source::Inside, 4, 8));
    assert!(root_differs(&report.problems[2], Source::Trusted, 0, 12));
}

#[test]
fn content_and_hash_changed_alike_are_bounded_by_checkpoints_and_named_by_a_copy() {
    let mut entries = entries();
    entries[5].0.actor_label = "nobody".into();
    entries[5].2 = entry_leaf(&entries[5].0, &entries[5].1);
    let report = verify(&lines(&entries));
    assert_eq!(report.problem_count, 2, "{:?}", shown(&report));
    assert!(root_differs(&report.problems[0], Source::Inside, 4, 8));
    assert!(root_differs(&report.problems[1], Source::Trusted, 0, 12));
    assert_eq!((report.proven, report.signed), (0, 4));

    let report = verify_with_copy(&lines(&entries));
    let wanted = entry_id(5);
    assert!(matches!(report.problems[0],
        Problem::DiffersFromCopy { position: 5, entry: Some(entry), .. } if entry == wanted));
    let named = |problem: &&Problem| matches!(problem, Problem::DiffersFromCopy { .. });
    assert_eq!(report.problems.iter().filter(named).count(), 1);
}

#[test]
fn who_has_the_key_still_fails_against_what_is_outside() {
    let mut entries = entries();
    entries[5].0.at = 0;
    entries[5].2 = entry_leaf(&entries[5].0, &entries[5].1);
    let mut lines = lines(&entries);
    let forged = Line::Checkpoint { note: note(&entries, 8, &signer()) };
    lines[line_of(8) - 1] = forged.write().unwrap();
    let report = verify(&lines);
    assert_eq!(report.problem_count, 1, "{:?}", shown(&report));
    // The forged checkpoint inside must not narrow the range: position 5 lies within.
    assert!(root_differs(&report.problems[0], Source::Trusted, 0, 12));
    assert_eq!((report.proven, report.signed), (0, 8));
}

#[test]
fn dropped_entries_are_named() {
    for position in 0..SIZE {
        let mut lines = lines(&entries());
        lines.remove(line_of(position));
        let report = verify(&lines);
        let at = position as u64;
        if position == SIZE - 1 {
            assert!(report.problems.contains(&Problem::Truncated { size: 12, found: 11 }));
        } else {
            let gap = Problem::Dropped { first: at, last: at };
            assert!(report.problems.contains(&gap), "{:?}", shown(&report));
            let missing = Problem::NotComparable { size: 12, missing: at };
            assert!(report.problems.contains(&missing), "{:?}", shown(&report));
        }
    }
}

#[test]
fn dropped_and_numbered_anew_is_found_and_named_by_a_copy() {
    for position in 0..SIZE {
        let mut entries = entries();
        entries.remove(position);
        let lines = lines(&entries);
        let report = verify(&lines);
        assert!(report.problems.contains(&Problem::Truncated { size: 12, found: 11 }));
        let report = verify_with_copy(&lines);
        let first = &report.problems[0];
        match first {
            Problem::DiffersFromCopy { position: at, .. } => assert_eq!(*at, position as u64),
            _ => assert_eq!((position, first), (11, &Problem::CopyGoesOn { found: 11 })),
        }
    }
}

#[test]
fn inserted_entries_are_found() {
    let forged = {
        let mut header = header(5);
        header.entry = entry_id(100);
        (header.clone(), body(5), entry_leaf(&header, &body(5)))
    };
    for position in 0..SIZE {
        let mut entries = entries();
        entries.insert(position, forged.clone());
        let report = verify_with_copy(&lines(&entries));
        let (at, id) = (position as u64, forged.0.entry);
        assert!(
            matches!(report.problems[0],
            Problem::DiffersFromCopy { position: found, entry: Some(entry), .. }
            if (found, entry) == (at, id)),
            "{:?}",
            shown(&report)
        );
        let report = verify(&lines(&entries));
        let outside = |problem: &Problem| root_differs(problem, Source::Trusted, 0, 12);
        assert!(report.problems.iter().any(outside), "{:?}", shown(&report));

        // Under a position that is taken, the entry itself is named.
        let mut lines = lines(&self::entries());
        lines.insert(line_of(position) + 1, entry_line(position, &forged));
        let repeated = Problem::Repeated { position: at, entry: Some(id) };
        assert!(verify(&lines).problems.contains(&repeated));
    }
}

#[test]
fn swapped_entries_are_found() {
    let mut swapped = lines(&entries());
    swapped.swap(line_of(5), line_of(6));
    let report = verify(&swapped);
    let late = Problem::Reordered { position: 5, entry: Some(entry_id(5)) };
    assert_eq!(report.problems[0], late, "{:?}", shown(&report));

    let mut entries = entries();
    entries.swap(5, 6);
    let report = verify(&lines(&entries));
    assert!(root_differs(&report.problems[0], Source::Inside, 4, 8), "{:?}", shown(&report));
    let report = verify_with_copy(&lines(&entries));
    let named = |at: u64| {
        let is =
            |p: &Problem| matches!(p, Problem::DiffersFromCopy { position, .. } if *position == at);
        report.problems.iter().any(is)
    };
    assert_eq!((4..8).filter(|at| named(*at)).collect::<Vec<_>>(), [5, 6]);
}

#[test]
fn a_database_set_back_is_found() {
    for size in 0..SIZE {
        let mut verifier = Verifier::new(&trust()).unwrap();
        for (at, (header, body, leaf)) in entries().iter().take(size).enumerate() {
            verifier.entry(at as u64, header, body, *leaf);
        }
        let found = size as u64;
        assert_eq!(verifier.finish().problems, [Problem::Truncated { size: 12, found }]);
    }
}

#[test]
fn an_export_cut_off_after_any_line_is_found() {
    let lines = lines(&entries());
    for count in 0..lines.len() {
        let report = verify(&lines[..count]);
        assert!(report.problems.contains(&Problem::Unended), "{count}");
    }
}

#[test]
fn a_replaced_checkpoint_is_found() {
    let truth = entries();
    let mut other = entries();
    other[0].2.0[0] ^= 1;
    let stranger = Signer::new("example.com/other", &[1; 32]).unwrap();
    let namesake = Signer::new(ORIGIN, &[1; 32]).unwrap();
    let broken = note(&truth, 4, &signer()).replacen("branch 1", "branch 2", 1);
    let foreign = ledger::Checkpoint {
        origin: "example.com/other".into(),
        size: 4,
        root: root_of(&leaves(&truth)[..4]),
        extensions: vec![],
    };
    let table = [
        (note(&truth, 3, &signer()), "checkpoint for size 3 stands before position 4"),
        (note(&truth, 8, &signer()), "checkpoint for size 8 stands before position 4"),
        (
            note(&other, 4, &signer()),
            "checkpoint inside at size 4: another root; something from position 0 to 3 was \
             altered, inserted or swapped",
        ),
        (note(&truth, 4, &stranger), "checkpoint before position 4: no signature by a known key"),
        (note(&truth, 4, &namesake), "checkpoint before position 4: no signature by a known key"),
        (broken, "checkpoint before position 4: the signature by example.com/ledger is wrong"),
        ("x".into(), "checkpoint before position 4: malformed note: no empty line"),
        (
            foreign.sign(&signer()).unwrap(),
            "of the ledger \"example.com/other\", not \"example.com/ledger\"",
        ),
    ];
    for (note, wanted) in table {
        let mut lines = lines(&truth);
        lines[line_of(4) - 1] = Line::Checkpoint { note }.write().unwrap();
        assert_eq!(shown(&verify(&lines)), [wanted]);
    }
    let mut swapped = lines(&truth);
    swapped.swap(line_of(4) - 1, line_of(8) - 1);
    assert_eq!(verify(&swapped).problem_count, 2);
    let mut without = lines(&truth);
    without.remove(line_of(4) - 1);
    assert_eq!(shown(&verify(&without)), ["the last line states 2 checkpoints, found 1"]);
}

#[test]
fn a_line_that_cannot_be_read_is_named_and_the_rest_still_verified() {
    let mut lines = lines(&entries());
    let at = line_of(5);
    lines[at] = lines[at].replacen("\"record_version\":6", "\"record_version\":\"6\"", 1);
    let report = verify(&lines);
    let [Problem::Malformed { line, position: Some(5), .. }] = report.problems[..] else {
        panic!("{:?}", shown(&report));
    };
    assert_eq!(line, at as u64 + 1);
    assert_eq!(report.proven, 12);
}
