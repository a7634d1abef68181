//! Full text on both databases: English and Chinese, within rights, newest first, page by page.

use crate::databases::each;
use crate::world::{MODEL, World, asker, filter, name, record_type, unit};
use model::{Key, Name};
use proptest::prelude::*;
use store::Database;
use store::search::index::{put, remove};
use store::search::tokens::asked;
use store::search::{Audience, Document, Found, Query, RightToken, Within, find, snippet};
use store::select::{Place, Select, page};
use store::sql::{Context, Dialect, Right, Sight};

fn team(key: i64) -> RightToken {
    RightToken::of(&name("team"), Key(key))
}

/// Ten tickets of two teams; every text is public but that of the notes.
fn index(database: &Database, dialect: Dialect) {
    for key in 101..=110 {
        let text = match key % 3 {
            0 => "The disk is full on srv-01 变更管理",
            1 => "Printing fails: 打印机故障",
            _ => "Disks and printers, 变更",
        };
        let rights = [team(key % 2)];
        let whole = format!("{text} secret note {key}");
        let document = |audience, text| Document {
            key: Key(key),
            audience,
            record_type: &record_type("ticket").name,
            text,
            rights: &rights,
        };
        let mut all = put(dialect, &document(Audience::Public, text));
        all.extend(put(dialect, &document(Audience::Whole, &whole)));
        database.write(unit(all)).unwrap();
    }
}

fn keys(found: Found) -> Vec<i64> {
    found.keys.iter().map(|key| key.0).collect()
}

fn searching(test: impl Fn(&Database, Dialect, &dyn Fn(&str, &[Within]) -> Vec<i64>)) {
    each(&World::random(1, 10), |database, dialect| {
        index(database, dialect);
        let search = |words: &str, within: &[Within]| {
            let query = Query { words, types: &[], within, before: None, limit: 50 };
            keys(find(&database.snapshot().unwrap(), dialect, &query).unwrap())
        };
        test(database, dialect, &search);
    });
}

fn everything(audience: Audience) -> Vec<Within> {
    vec![Within { audience, any_of: vec![] }]
}

#[test]
fn words_are_found_in_their_forms_and_in_chinese() {
    let (full, printing, both) = ([108, 105, 102], [109, 106, 103], [110, 107, 104, 101]);
    searching(|_, _, search| {
        let all = everything(Audience::Public);
        let found = |words| search(words, &all);
        assert_eq!(found("disk"), [110, 108, 107, 105, 104, 102, 101]);
        assert_eq!(found("PRINTERS disk"), both);
        assert_eq!(found("print"), printing);
        assert_eq!(found("srv-01"), full);
        assert_eq!(found("变更管理"), full);
        assert_eq!(found("变更"), found("disk"));
        assert_eq!(found("变"), found("disk"));
        assert_eq!(found("打印机 障"), printing);
        for none in ["更变", "", "\" OR * ' & ( :", "disk NOT full", "§team·1", "secret"] {
            assert_eq!(found(none), [] as [i64; 0], "{none}");
        }
    });
}

#[test]
fn only_what_is_within_rights_is_found() {
    searching(|_, _, search| {
        let within = |audience, any_of| Within { audience, any_of };
        let public = within(Audience::Public, vec![team(1)]);
        let whole = within(Audience::Whole, vec![team(0)]);
        assert_eq!(search("disk", std::slice::from_ref(&public)), [107, 105, 101]);
        assert_eq!(search("secret", std::slice::from_ref(&public)), [] as [i64; 0]);
        assert_eq!(search("secret disk", std::slice::from_ref(&whole)), [110, 108, 104, 102]);
        let both = [public, whole];
        assert_eq!(search("disk", &both), [110, 108, 107, 105, 104, 102, 101]);
        assert_eq!(search("secret", &both), [110, 108, 106, 104, 102]);
        let mixed = [within(Audience::Public, vec![]), within(Audience::Whole, vec![team(1)])];
        assert_eq!(search("secret", &mixed), [109, 107, 105, 103, 101]);
        assert_eq!(search("disk", &mixed), [110, 108, 107, 105, 104, 102, 101]);
        assert_eq!(search("disk", &[]), [] as [i64; 0]);
    });
}

#[test]
fn pages_types_and_removal() {
    searching(|database, dialect, search| {
        let all = everything(Audience::Whole);
        let next = |types: &[Name], before| {
            let query = Query { words: "note", types, within: &all, before, limit: 4 };
            find(&database.snapshot().unwrap(), dialect, &query).unwrap()
        };
        let first = next(&[name("ticket"), name("bug")], None);
        assert_eq!(first.more, Some(Key(107)));
        let second = next(&[], first.more);
        let third = next(&[], second.more);
        assert_eq!(third.more, None);
        let pages = [keys(first), keys(second), keys(third)].concat();
        assert_eq!(pages, (101..=110).rev().collect::<Vec<i64>>());
        assert!(next(&[name("bug")], None).keys.is_empty());
        let gone = vec![remove(dialect, Key(110), Audience::Whole)];
        database.write(unit(gone)).unwrap();
        assert_eq!(search("note", &all)[0], 109);
        assert_eq!(search("disk", &everything(Audience::Public))[0], 110);
    });
}

/// Reads all tickets, but the whole text of number 2 only.
struct OneWhole;

impl Sight for OneWhole {
    fn read(&self, _record_type: &str) -> Right {
        Right::All
    }

    fn field(&self, _record_type: &str, _field: &str) -> Right {
        Right::All
    }

    fn whole_text(&self, _record_type: &str) -> Right {
        Right::Where(filter("number == 2").node)
    }
}

#[test]
fn a_filter_searches_what_the_reader_may_search() {
    let world = World::random(1, 10);
    let asker = asker(&world);
    searching(|database, dialect, _| {
        let context = Context { model: &MODEL, dialect, asker: &asker, sight: &OneWhole };
        let found = |text: &str| {
            let filter = filter(text);
            let select = Select {
                record_type: record_type("ticket"),
                filters: vec![&filter.node],
                sort: vec![],
                columns: vec![],
                as_of: None,
                withdrawn: false,
            };
            let snapshot = database.snapshot().unwrap();
            let page = page(&snapshot, &context, &select, &Place::Start, 50).unwrap();
            page.rows.iter().map(|row| row.key.0).collect::<Vec<_>>()
        };
        assert_eq!(found("search('变更管理')"), [102, 105, 108]);
        assert_eq!(found("search('secret')"), [102]);
        assert_eq!(found("search('secret') and number == 3"), [] as [i64; 0]);
        assert_eq!(found("not search('disk')"), [103, 106, 109]);
        assert_eq!(found("search(query.nothing)"), [] as [i64; 0]);
    });
}

proptest! {
    /// Whatever the text: no panic, tokens of letters and digits, found by its own words, and a
    /// snippet that is cut between characters.
    #[test]
    fn any_text_is_found_by_its_own_words(text in any_text(), words in any_text()) {
        let tokens = store::search::tokens(&text);
        let plain = |c: char| c.is_alphanumeric() || !c.is_ascii();
        prop_assert!(tokens.iter().all(|t| !t.contains(['§', '·', '‿']) && t.chars().all(plain)));
        let missing = asked(&text).into_iter().find(|token| !tokens.contains(token));
        prop_assert_eq!(missing, None);
        let shown = snippet(&text, &words);
        prop_assert!(text.get(shown.fragment.clone()).is_some());
        for mark in &shown.marks {
            prop_assert!(text.get(mark.clone()).is_some());
            prop_assert!(mark.start >= shown.fragment.start && mark.end <= shown.fragment.end);
        }
        prop_assert!(shown.marks.is_sorted_by(|a, b| a.end < b.start));
    }
}

/// Words, Chinese, and characters that are hard on anything that cuts texts.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z]{1,12}",
        "[a-zA-Zäöüßéè0-9'_.·§‿-]{1,12}",
        "[变更管理网络打印机故障一二三]{1,8}",
        "[プリンタﾌﾟﾘ゛か]{1,5}",
        "\\PC{0,6}",
        Just("İstanbul ﬁle e\u{301} \u{0} 𠀀".to_string()),
    ];
    proptest::collection::vec(piece, 0..20).prop_map(|pieces| pieces.join(" "))
}
