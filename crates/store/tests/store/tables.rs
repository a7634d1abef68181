//! The core tables, each through its functions once, and the order of the ledger's queue.

use model::{Key, Name};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::core::kept::{self, Kept, Shelf};
use store::testing::on_each;
use store::{
    Cell, Failure, Statement, Unit, attachment, blob, clock, credential, definition, guard,
    history, idempotency, lease, link, movement, seal, setting, spine, token, vote,
};
use uuid::Uuid;

/// A row of the spine, as `record` would write it.
pub fn spine_row(unit: &mut Unit, key: i64, number: i64) {
    unit.insert(
        "record",
        &[
            ("key", key.into()),
            ("id", Uuid::from_u128(key as u128).as_bytes().to_vec().into()),
            ("type", "incident".into()),
            ("counter", "incident".into()),
            ("number", number.into()),
            ("title", format!("Title {key}").into()),
            ("title_key", format!("title {key}").into()),
        ],
    );
}

pub fn entry(key: i64, record: i64, version: i64) -> history::Entry {
    history::Entry {
        key,
        id: Uuid::from_u128(1000 + key as u128),
        record_key: Key(record),
        record_type: "incident".into(),
        kind: "update".into(),
        transition: None,
        at: 5,
        recorded_at: 6,
        actor_key: Some(Key(1)),
        actor: "Ada".into(),
        definition: 1,
        version,
        internal: key % 2 == 1,
        body: Arc::from([1_u8, 2, 3]),
    }
}

#[test]
fn the_spine_finds_a_record_each_way() {
    on_each(|world| {
        let db = &world.database;
        let mut unit = Unit::new();
        (1..=3).for_each(|key| spine_row(&mut unit, key, key * 10));
        db.write(unit).unwrap();
        let second = spine::by_key(db, Key(2)).unwrap().unwrap();
        assert_eq!(second.record_type, Name::new("incident").unwrap());
        assert_eq!(spine::by_id(db, Uuid::from_u128(2)).unwrap(), Some(second.clone()));
        assert_eq!(spine::by_number(db, "incident", 20).unwrap(), Some(second));
        assert_eq!(spine::by_number(db, "incident", 21).unwrap(), None);
        assert_eq!(spine::by_keys(db, &[Key(1), Key(3), Key(9)]).unwrap().len(), 2);
        let mut unit = Unit::new();
        spine_row(&mut unit, 4, 10);
        let index = "record_number".to_string();
        assert_eq!(db.write(unit), Err(Failure::Duplicate { index }));
    });
}

#[test]
fn links_stand_from_and_until() {
    on_each(|world| {
        let db = &world.database;
        let (name, a, b) = ("incident.problem", Key(1), Key(2));
        let write = |fill: &dyn Fn(&mut Unit)| {
            let mut unit = Unit::new();
            fill(&mut unit);
            db.write(unit)
        };
        write(&|unit| link::add(unit, name, a, b, 100)).unwrap();
        let twice = write(&|unit| link::add(unit, name, a, b, 150));
        assert_eq!(twice, Err(Failure::Duplicate { index: "link_current".into() }));
        write(&|unit| link::end(unit, name, a, b, 200)).unwrap();
        let again = write(&|unit| link::end(unit, name, a, b, 200));
        assert_eq!(again, Err(Failure::Conflict { statement: 0 }));
        assert_eq!(link::current(db, name, link::End::From, &[a]).unwrap(), []);
        let stood = |at| link::as_of(db, name, link::End::To, &[b], at).unwrap().len();
        assert_eq!([99, 100, 199, 200].map(stood), [0, 1, 1, 0]);
        write(&|unit| link::add(unit, name, a, b, 300)).unwrap();
        assert_eq!(link::current(db, name, link::End::To, &[b]).unwrap()[0].since, 300);
    });
}

#[test]
fn history_pages_newest_first_and_waits_for_the_sealer() {
    on_each(|world| {
        let db = &world.database;
        let mut unit = Unit::new();
        spine_row(&mut unit, 1, 1);
        spine_row(&mut unit, 7, 7);
        db.write(unit).unwrap();
        // Keys out of the order of versions, as two processes with blocks of their own give them.
        for (key, version) in [(10, 1), (5, 2), (20, 3), (6, 4)] {
            let mut unit = Unit::new();
            history::insert(&mut unit, &entry(key, 7, version));
            db.write(unit).unwrap();
        }
        let page = |after| {
            let wanted = history::Wanted { after, ..Default::default() };
            history::of_record(db, Key(7), true, wanted, 3).unwrap()
        };
        let keys = |page: &[history::Entry]| page.iter().map(|e| e.key).collect::<Vec<_>>();
        let first = page(None);
        assert_eq!(keys(&first), [6, 20, 5]);
        assert_eq!(keys(&page(Some((first[2].version, first[2].key)))), [10]);
        assert_eq!(
            history::of_record(db, Key(7), false, history::Wanted::default(), 9).unwrap().len(),
            3
        );
        let waiting = seal::waiting(db, 10).unwrap();
        let order: Vec<i64> = waiting.iter().map(|one| one.headed.entry.version).collect();
        assert_eq!(order, [1, 2, 3, 4]);
        assert_eq!(waiting[0].headed.actor_id, Some(Uuid::from_u128(1)));
        assert_eq!(waiting[0].headed.record_number, Some(7));
    });
}

#[test]
fn the_sealer_seals_under_its_lease_only() {
    on_each(|world| {
        let db = &world.database;
        let mut unit = Unit::new();
        spine_row(&mut unit, 7, 7);
        (1..=3).for_each(|key| history::insert(&mut unit, &entry(key, 7, key)));
        db.write(unit).unwrap();
        let old = lease::acquire(db, "sealer", "a", 0, 100).unwrap().unwrap();
        assert_eq!(lease::acquire(db, "sealer", "b", 50, 150).unwrap(), None);
        let new = lease::acquire(db, "sealer", "b", 100, 200).unwrap().unwrap();
        assert!(new.fence > old.fence);
        assert_eq!(old.renew(db, 300), Err(Failure::Conflict { statement: 0 }));
        let waiting = seal::waiting(db, 2).unwrap();
        let leaf = |(position, one): (i64, &seal::Waiting)| {
            (position, one.place, one.headed.entry.key, [position as u8; 32])
        };
        let batch = seal::Batch {
            leaves: (0..).zip(&waiting).map(leaf).collect(),
            nodes: vec![(8, 0, [9; 32])],
            frontier: vec![0xab, 0x01],
        };
        let append = |lease: &lease::Lease| {
            let mut unit = Unit::new();
            seal::append(&mut unit, lease, &batch);
            db.write(unit)
        };
        assert_eq!(append(&old), Err(Failure::Conflict { statement: 0 }));
        append(&new).unwrap();
        assert_eq!(seal::frontier(db).unwrap(), Some(vec![0xab, 0x01]));
        assert_eq!(seal::waiting(db, 9).unwrap().len(), 1);
        let sealed = seal::from(db, 1, 9).unwrap();
        assert_eq!((sealed.len(), sealed[0].position, sealed[0].hash), (1, 1, [1; 32]));
        assert_eq!(seal::position(db, waiting[1].headed.entry.key).unwrap(), Some(1));
        assert_eq!(seal::nodes(db, 0, 0, 9).unwrap().len(), 2);
        assert_eq!(seal::nodes(db, 8, 0, 9).unwrap(), [[9; 32]]);
        let checkpoint = seal::Checkpoint { size: 2, note: "note".into(), at: 1 };
        let mut unit = Unit::new();
        seal::keep_checkpoint(&mut unit, &checkpoint);
        seal::keep_checkpoint(&mut unit, &checkpoint);
        db.write(unit).unwrap();
        assert_eq!(seal::checkpoints(db, 5).unwrap(), [checkpoint]);
        new.release(db).unwrap();
        assert!(lease::acquire(db, "sealer", "c", 101, 300).unwrap().is_some());
    });
}

#[test]
fn a_guard_is_raised_from_the_version_that_was_read() {
    on_each(|world| {
        let db = &world.database;
        let raise = |version| {
            let mut unit = Unit::new();
            guard::raise(&mut unit, "window:7", version);
            db.write(unit)
        };
        assert_eq!(guard::versions(db, &["window:7", "other"]).unwrap(), [0, 0]);
        raise(0).unwrap();
        assert_eq!(raise(0), Err(Failure::Conflict { statement: 0 }));
        raise(1).unwrap();
        assert_eq!(raise(1), Err(Failure::Conflict { statement: 0 }));
        assert_eq!(guard::versions(db, &["other", "window:7"]).unwrap(), [0, 2]);
    });
}

#[test]
fn settings_tokens_and_credentials() {
    on_each(|world| {
        let db = &world.database;
        let mut unit = Unit::new();
        setting::put(&mut unit, "search.version", "1");
        setting::put(&mut unit, "search.version", "2");
        let kept = token::Token {
            hash: [7; 32],
            account_key: Key(3),
            kind: "session".into(),
            name: "Firefox".into(),
            scopes: "[]".into(),
            created_at: 1,
            expires_at: Some(50),
            last_used_at: None,
            revoked_at: None,
        };
        token::insert(&mut unit, &kept);
        token::used(&mut unit, &[7; 32], 9);
        credential::set(&mut unit, Key(3), "argon", 1);
        credential::failed(&mut unit, Key(3), Some(90));
        credential::failed(&mut unit, Key(3), None);
        credential::failed(&mut unit, Key(3), Some(80));
        db.write(unit).unwrap();
        assert_eq!(setting::get(db, "search.version").unwrap().as_deref(), Some("2"));
        assert_eq!(token::find(db, &[7; 32]).unwrap().unwrap().last_used_at, Some(9));
        let found = credential::find(db, Key(3)).unwrap().unwrap();
        assert_eq!((found.failed_count, found.locked_until), (3, Some(90)));
        let mut unit = Unit::new();
        token::revoke_all(&mut unit, Key(3), Some("session"), 10);
        credential::succeeded(&mut unit, Key(3));
        setting::remove(&mut unit, "search.version");
        db.write(unit).unwrap();
        assert_eq!(token::of_account(db, Key(3)).unwrap()[0].revoked_at, Some(10));
        assert_eq!(credential::find(db, Key(3)).unwrap().unwrap().locked_until, None);
        let mut unit = Unit::new();
        token::sweep(&mut unit, 11);
        db.write(unit).unwrap();
        assert_eq!(token::find(db, &[7; 32]).unwrap(), None);
    });
}

#[test]
fn an_answer_is_kept_with_its_effect() {
    on_each(|world| {
        let db = &world.database;
        let answer =
            idempotency::Answer { digest: [1; 32], status: 201, response: "{}".into(), at: 5 };
        let write = |number| {
            let mut unit = Unit::new();
            spine_row(&mut unit, number, number);
            idempotency::insert(&mut unit, "abc", Key(1), &answer);
            db.write(unit)
        };
        write(1).unwrap();
        assert_eq!(write(2), Err(Failure::Duplicate { index: idempotency::INDEX.into() }));
        assert_eq!(spine::by_key(db, Key(2)).unwrap(), None);
        assert_eq!(idempotency::find(db, "abc", Key(1)).unwrap(), Some(answer.clone()));
        assert_eq!(idempotency::find(db, "abc", Key(2)).unwrap(), None);
        let mut unit = Unit::new();
        idempotency::sweep(&mut unit, 6);
        db.write(unit).unwrap();
        assert_eq!(idempotency::find(db, "abc", Key(1)).unwrap(), None);
    });
}

#[test]
fn movements_votes_and_clocks() {
    on_each(|world| {
        let db = &world.database;
        let moved = |at, value: Option<&str>| movement::Movement {
            record_key: Key(1),
            field: "state".into(),
            at,
            entry_key: at,
            value: value.map(Into::into),
        };
        let vote = vote::Vote {
            record_key: Key(1),
            approval: "cab".into(),
            round: 1,
            person_key: Key(2),
            other_key: None,
            decision: "granted".into(),
            at: 7,
            digest: Arc::from([5_u8; 32]),
            note: None,
        };
        let mut clock = clock::Clock {
            record_key: Key(1),
            name: "resolve".into(),
            state: "running".into(),
            started_at: 1,
            stopped_at: None,
            counted: 0,
            target: Some(100),
            target_days: None,
            due_at: Some(101),
            warn_at: Some(81),
            warned_at: None,
            breached_at: None,
            calendar: "office".into(),
            time_zones: "2026f".into(),
            computed_at: 1,
            detail: None,
        };
        let mut unit = Unit::new();
        movement::insert(&mut unit, &[moved(2, Some("new")), moved(1, None)]);
        vote::insert(&mut unit, &vote);
        clock::put(&mut unit, &clock);
        clock.counted = 50;
        clock::put(&mut unit, &clock);
        db.write(unit).unwrap();
        let found = movement::of(db, &[Key(1)], Some("state")).unwrap();
        assert_eq!(found, [moved(1, None), moved(2, Some("new"))]);
        assert_eq!(vote::of_record(db, Key(1)).unwrap(), std::slice::from_ref(&vote));
        assert_eq!(vote::of_person(db, Key(2), 5).unwrap().len(), 1);
        assert_eq!(clock::of(db, &[Key(1)]).unwrap(), std::slice::from_ref(&clock));
        assert_eq!(clock::due(db, 100, 5).unwrap(), []);
        assert_eq!(clock::due(db, 101, 5).unwrap().len(), 1);
        assert_eq!(clock::outdated(db, "2026f", 5).unwrap(), []);
        assert_eq!(clock::outdated(db, "2027a", 5).unwrap().len(), 1);
        let mut unit = Unit::new();
        vote::insert(&mut unit, &vote);
        assert_eq!(db.write(unit), Err(Failure::Duplicate { index: "vote_pkey".into() }));
    });
}

#[test]
fn a_blob_is_stored_once_in_parts() {
    on_each(|world| {
        let db = &world.database;
        let content: Vec<u8> = (0..2_500_000_u32).map(|n| (n * 7 % 251) as u8).collect();
        let put = || blob::put(db, &mut content.as_slice(), 3_000_000, 1).unwrap();
        let (first, second) = (put(), put());
        assert_eq!(first, second);
        assert_eq!(blob::part_count(&first), 3);
        let mut back = Vec::new();
        blob::read(db, &first, &mut |part| {
            back.extend_from_slice(part);
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
        assert!(back == content);
        let too_large = blob::put(db, &mut content.as_slice(), 2_000_000, 1);
        assert!(matches!(too_large, Err(blob::PutError::TooLarge)));
        let empty = blob::put(db, &mut [].as_slice(), 10, 1).unwrap();
        assert!(empty.sha256.starts_with("e3b0c442"));
        let parts = db.rows("SELECT count(*) FROM blob_part", &[]).unwrap();
        assert_eq!(parts[0][0].integer(), Some(3));
        let file = attachment::Attachment {
            key: 1,
            record_key: Key(1),
            field: Some("files".into()),
            entry_key: None,
            sha256: first.sha256.clone(),
            name: "a.bin".into(),
            media_type: "application/octet-stream".into(),
            bytes: first.bytes,
            internal: false,
            at: 1,
            removed_at: None,
        };
        let mut unit = Unit::new();
        attachment::insert(&mut unit, &file);
        db.write(unit).unwrap();
        assert_eq!(attachment::of_record(db, Key(1)).unwrap(), std::slice::from_ref(&file));
        let mut unit = Unit::new();
        attachment::remove(&mut unit, 1, 9);
        db.write(unit).unwrap();
        assert_eq!(attachment::of_record(db, Key(1)).unwrap(), []);
        assert_eq!(attachment::of_content(db, &first.sha256).unwrap().len(), 1);
        blob::erase(db, &first.sha256).unwrap();
        assert_eq!(blob::find(db, &first.sha256).unwrap(), None);
    });
}

#[test]
fn definitions_are_numbered_and_one_is_active() {
    on_each(|world| {
        let db = &world.database;
        let files = |text: &str| BTreeMap::from([("a.toml".to_string(), text.to_string())]);
        let add = |text: &str| {
            let files = files(text);
            let note = (text == "two").then_some("second");
            let version = definition::NewVersion {
                at: 1,
                actor_key: None,
                actor: "Ada",
                note,
                files: &files,
            };
            definition::add(db, &version).unwrap()
        };
        assert_eq!((add("one"), add("two")), (1, 2));
        for number in [1, 2] {
            let mut unit = Unit::new();
            definition::activate(&mut unit, number);
            db.write(unit).unwrap();
        }
        assert_eq!(definition::active(db).unwrap().unwrap().number, 2);
        let states: Vec<_> =
            definition::list(db, 9).unwrap().into_iter().map(|v| (v.number, v.state)).collect();
        use definition::State;
        assert_eq!(states, [(2, State::Active), (1, State::Former)]);
        assert_eq!(definition::files(db, 1).unwrap(), Some(files("one")));
        assert_eq!(definition::files(db, 3).unwrap(), None);
        let mut unit = Unit::new();
        definition::roll_back(&mut unit, 2);
        definition::activate(&mut unit, 1);
        db.write(unit).unwrap();
        assert_eq!(definition::active(db).unwrap().unwrap().number, 1);
    });
}

#[test]
fn preparing_again_changes_nothing() {
    on_each(|world| {
        store::core::prepare(&world.database).unwrap();
        let sql = "SELECT count(*) FROM setting";
        assert_eq!(world.database.rows(sql, &[]).unwrap(), [[Cell::Integer(0)]]);
        let mut unit = Unit::new();
        unit.push(Statement::new("DROP INDEX job_due", []));
        world.database.write(unit).unwrap();
        store::core::prepare(&world.database).unwrap();
        let mut unit = Unit::new();
        unit.push(Statement::new("DROP INDEX job_due", []));
        world.database.write(unit).unwrap();
    });
}

#[test]
fn views_that_were_called_alike_get_names_of_their_own() {
    on_each(|world| {
        let db = &world.database;
        let mut unit = Unit::new();
        unit.push(Statement::new("DROP INDEX saved_view_name", []));
        db.write(unit).unwrap();
        let view = |id: u8, name: &str, owner: i64| Kept {
            id: [id; 16],
            record_type: Name::new("thing").unwrap(),
            name: name.into(),
            body: "{}".into(),
            owner_key: Key(owner),
            audience: "owner".into(),
            team_key: None,
            changed_at: i64::from(id),
        };
        let all =
            [view(1, "Mine", 7), view(2, "Mine (2)", 7), view(3, "Mine", 7), view(4, "Mine", 8)];
        let mut unit = Unit::new();
        all.iter().for_each(|one| kept::insert(&mut unit, Shelf::Views, one));
        db.write(unit).unwrap();
        store::core::prepare(db).unwrap();
        let rows = db.rows("SELECT name FROM saved_view ORDER BY changed_at", &[]).unwrap();
        let names: Vec<&str> = rows.iter().map(|row| row[0].text().unwrap()).collect();
        assert_eq!(names, ["Mine", "Mine (2)", "Mine (3)", "Mine"]);
        let mut again = Unit::new();
        kept::insert(&mut again, Shelf::Views, &view(5, "Mine", 8));
        assert!(db.write(again).is_err(), "the index is there");
    });
}
