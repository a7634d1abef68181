//! Sync: tables follow definitions, loss is refused, a stop at any step can be gone on from.

use model::{Model, Name, Options, Sources, load};
use std::cell::Cell as Counter;
use std::ops::ControlFlow;
use store::testing::{World, on_each};
use store::{Cell, Database, Failure, Statement, Unit, lease, sync};

/// A model with one record type, from its fields and what else stands in the file.
fn model(fields: &str, more: &str) -> Model {
    let names: Vec<String> = fields
        .lines()
        .filter_map(|line| Some(line.strip_prefix("[field.")?.trim_end_matches(']').to_string()))
        .collect();
    let text = format!(
        "[record]\nname = \"thing\"\nlabel = {{ en = \"Thing\", zh = \"物\" }}\n\
         plural = {{ en = \"Things\", zh = \"物\" }}\nnumber = \"THI-{{0000}}\"\n\
         title = \"title\"\n\n[section.all]\nlabel = {{ en = \"All\", zh = \"全\" }}\n\
         fields = {names:?}\n\n{fields}\n{more}\n"
    );
    let mut sources = Sources::new();
    sources.add("processes/foundation/engine.toml", "");
    sources.add("processes/roles.toml", "");
    sources.add("processes/a/thing.toml", &text);
    load(&sources, &Options::default()).unwrap_or_else(|problems| panic!("{problems}\n{text}"))
}

fn field(name: &str, kind: &str) -> String {
    format!("[field.{name}]\nlabel = {{ en = \"{name}\", zh = \"{name}\" }}\n{kind}\n\n")
}

fn title() -> String {
    field("title", "type = \"text\"\nrequired = true")
}

fn choice(order: [&str; 2]) -> String {
    let one = |name: &str| format!("{name} = {{ en = \"{name}\", zh = \"{name}\" }}");
    let choices = format!("choices = {{ {}, {} }}", one(order[0]), one(order[1]));
    field("level", &format!("type = \"choice\"\n{choices}"))
}

fn index(fields: &str) -> String {
    format!("[index.by_it]\nfields = {fields}\n")
}

/// A small model for other tests.
pub fn small() -> Model {
    model(&(title() + &field("open", "type = \"yes_no\"")), &index("[\"title\"]"))
}

pub fn bring(db: &Database, model: &Model) -> sync::Plan {
    let plan = sync::plan(db, model, &[]).unwrap();
    let done = sync::apply(db, &plan, "test", &|| 1, &mut |_| ControlFlow::Continue(()));
    assert_eq!(done, Ok(sync::Outcome::Done), "{plan}");
    plan
}

fn in_step(db: &Database, model: &Model) {
    let plan = sync::plan(db, model, &[]).unwrap();
    assert!(plan.is_empty(), "{plan}");
}

fn words(plan: &sync::Plan) -> Vec<String> {
    plan.to_string().lines().map(String::from).collect()
}

fn add(db: &Database, key: i64, more: &[(&str, Cell)]) -> Result<(), Failure> {
    let mut unit = Unit::new();
    let one = Cell::Integer(1);
    let mut values: Vec<(&str, Cell)> =
        vec![("key", key.into()), ("type", "thing".into()), ("version", one.clone())];
    values.extend(["created_at", "changed_at", "valid_from"].map(|name| (name, one.clone())));
    values.extend(more.iter().cloned());
    unit.insert("thing", &values);
    db.write(unit)
}

#[test]
fn from_nothing_and_again_nothing() {
    on_each(|world| {
        let db = &world.database;
        let model = model(&(title() + &choice(["low", "high"])), &index("[\"level\", \"title\"]"));
        let plan = bring(db, &model);
        let expected = [
            "make table thing with 13 columns",
            "make table thing_was with 14 columns",
            "make view view_thing",
        ];
        assert_eq!(words(&plan), expected);
        in_step(db, &model);
        add(db, 7, &[("number", 12.into()), ("level", "low".into())]).unwrap();
        let mut unit = Unit::new();
        super::tables::spine_row(&mut unit, 7, 12);
        db.write(unit).unwrap();
        let rows = db.rows("SELECT \"number\", \"level\" FROM \"view_thing\"", &[]).unwrap();
        assert_eq!(rows, [["THI-0012".into(), "low".into()]]);
    });
}

#[test]
fn fields_and_indexes_are_added() {
    on_each(|world| {
        let db = &world.database;
        bring(db, &model(&title(), ""));
        add(db, 1, &[("title", "a".into())]).unwrap();
        let more =
            title() + &field("cost", "type = \"money\"") + &field("open", "type = \"yes_no\"");
        let more = model(&more, &index("[\"title\"]"));
        let expected = [
            "add column thing.cost: integer",
            "add column thing.cost__currency: text",
            "add column thing.open: boolean",
            "add column thing_was.cost: integer",
            "add column thing_was.cost__currency: text",
            "add column thing_was.open: boolean",
            "build index thing__by_it on thing",
            "make view view_thing",
        ];
        assert_eq!(words(&bring(db, &more)), expected);
        in_step(db, &more);
        add(db, 2, &[("title", "b".into()), ("open", true.into())]).unwrap();
        let rows = db.rows("SELECT \"cost\", \"title\" FROM \"thing\" ORDER BY \"key\"", &[]);
        assert_eq!(rows.unwrap(), [[Cell::Null, "a".into()], [Cell::Null, "b".into()]]);
    });
}

#[test]
fn a_new_order_of_choices_rebuilds_the_index() {
    on_each(|world| {
        let db = &world.database;
        let of = |order| model(&(title() + &choice(order)), &index("[\"level\"]"));
        bring(db, &of(["low", "high"]));
        let turned = of(["high", "low"]);
        let expected = ["build index thing__by_it on thing anew: its order changed"];
        assert_eq!(words(&bring(db, &turned)), expected);
        in_step(db, &turned);
        let gone = model(&(title() + &choice(["high", "low"])), "");
        assert_eq!(words(&bring(db, &gone)), ["drop index thing__by_it: nothing declares it"]);
        in_step(db, &gone);
    });
}

#[test]
fn what_holds_data_is_kept_until_it_may_go() {
    on_each(|world| {
        let db = &world.database;
        let (both, one) = (title() + &field("cost", "type = \"integer\""), title());
        bring(db, &model(&both, &index("[\"cost\"]")));
        add(db, 1, &[("cost", 5.into())]).unwrap();
        let less = model(&one, "");
        bring(db, &less);
        let plan = sync::plan(db, &less, &[]).unwrap();
        assert!(plan.is_empty());
        let kept = ["thing", "thing_was"]
            .map(|table| sync::Loss::Column { table: table.into(), column: "cost".into() });
        assert_eq!(plan.kept, kept);
        let rows = db.rows("SELECT \"cost\" FROM \"thing\"", &[]).unwrap();
        assert_eq!(rows, [[Cell::Integer(5)]]);
        let plan = sync::plan(db, &less, &kept).unwrap();
        assert_eq!(words(&plan)[0], "drop column thing.cost with all it holds");
        sync::apply(db, &plan, "test", &|| 1, &mut |_| ControlFlow::Continue(())).unwrap();
        in_step(db, &less);
        assert!(db.rows("SELECT \"cost\" FROM \"thing\"", &[]).is_err());
    });
}

#[test]
fn another_kind_is_refused_unless_the_column_is_empty() {
    on_each(|world| {
        let db = &world.database;
        let of = |kind: &str| {
            let fields = title() + &field("size", &format!("type = \"{kind}\""));
            model(&fields, &index("[\"size\"]"))
        };
        bring(db, &of("integer"));
        let plan = bring(db, &of("text"));
        assert_eq!(words(&plan)[0], "make the empty column thing.size anew: text");
        in_step(db, &of("text"));
        add(db, 1, &[("size", "XL".into())]).unwrap();
        let plan = sync::plan(db, &of("integer"), &[]).unwrap();
        assert_eq!(words(&plan)[0], "refused: column thing.size holds values as text, not integer");
        let applied = sync::apply(db, &plan, "test", &|| 1, &mut |_| ControlFlow::Continue(()));
        assert!(matches!(applied, Err(Failure::Fault(_))));
    });
}

#[test]
fn unique_is_refused_where_it_is_not() {
    on_each(|world| {
        let db = &world.database;
        let of =
            |more: &str| model(&(title() + &field("login", &format!("type = \"text\"{more}"))), "");
        bring(db, &of(""));
        let login = |name: &str| [("login", Cell::from(name))];
        add(db, 1, &login("ada")).unwrap();
        add(db, 2, &login("ada")).unwrap();
        let unique = of("\nunique = true");
        let plan = sync::plan(db, &unique, &[]).unwrap();
        assert_eq!(plan.refused.len(), 1, "{plan}");
        let mut unit = Unit::new();
        unit.delete_where("thing", &[("key", 2.into())], Some(1));
        db.write(unit).unwrap();
        bring(db, &unique);
        let failure = add(db, 3, &login("ada")).unwrap_err();
        let Failure::Duplicate { index } = failure else { panic!("{failure}") };
        let found = sync::unique_of(&unique, &index).unwrap();
        assert_eq!(found.fields, [Name::new("login").unwrap()]);
        add(db, 4, &[]).unwrap();
        add(db, 5, &[]).unwrap();
    });
}

#[test]
fn a_stop_at_any_step_can_be_gone_on_from() {
    let fields = title() + &choice(["low", "high"]) + &field("n", "type = \"integer\"");
    let second = "[index.by_n]\nfields = [\"n\"]\n";
    let whole = model(&fields, &(index("[\"level\"]") + second));
    // Four columns, two indexes, a view; the last stop is behind them all.
    for stop in 0..8 {
        on_each(|world| {
            let db = &world.database;
            bring(db, &model(&title(), ""));
            let plan = sync::plan(db, &whole, &[]).unwrap();
            assert_eq!(plan.steps.len(), 7, "{plan}");
            let left = Counter::new(stop);
            let ended = sync::apply(db, &plan, "killed", &|| 1, &mut |_| {
                if left.replace(left.get() - 1) == 0 {
                    return ControlFlow::Break(());
                }
                ControlFlow::Continue(())
            });
            let stopped = stop < 7;
            let outcome = if stopped { sync::Outcome::Stopped } else { sync::Outcome::Done };
            assert_eq!(ended, Ok(outcome));
            // What is there serves the old definitions, too.
            add(db, 1, &[("title", "t".into())]).unwrap();
            assert_eq!(bring(db, &whole).steps.is_empty(), !stopped);
            in_step(db, &whole);
        });
    }
}

#[test]
fn an_index_left_broken_is_built_again() {
    on_each(|world| {
        let World { database: db, .. } = world;
        let whole = model(&title(), &index("[\"title\"]"));
        bring(db, &whole);
        let sql = match db.dialect() {
            store::sql::Dialect::Sqlite => "DROP INDEX \"thing__by_it\"",
            store::sql::Dialect::Postgres => {
                "UPDATE pg_index SET indisvalid = false \
                 WHERE indexrelid = '\"thing__by_it\"'::regclass"
            }
        };
        db.write(Statement::new(sql, []).into()).unwrap();
        assert_eq!(bring(db, &whole).steps.len(), 1);
        in_step(db, &whole);
    });
}

#[test]
fn one_process_at_a_time() {
    on_each(|world| {
        let db = &world.database;
        let whole = model(&title(), "");
        let plan = sync::plan(db, &whole, &[]).unwrap();
        let held = lease::acquire(db, "sync", "other", 0, 1000).unwrap().unwrap();
        let apply =
            |now: i64| sync::apply(db, &plan, "test", &|| now, &mut |_| ControlFlow::Continue(()));
        assert_eq!(apply(500), Ok(sync::Outcome::Busy));
        held.release(db).unwrap();
        assert_eq!(apply(501), Ok(sync::Outcome::Done));
    });
}

#[test]
fn a_record_type_may_not_have_the_name_of_a_core_table() {
    on_each(|world| {
        let text = "[record]\nname = \"lease\"\nlabel = { en = \"Lease\", zh = \"租\" }\n\
                    plural = { en = \"Leases\", zh = \"租\" }\ntitle = \"title\"\n\
                    [section.all]\nlabel = { en = \"All\", zh = \"全\" }\nfields = [\"title\"]\n";
        let mut sources = Sources::new();
        sources.add("processes/foundation/engine.toml", "");
        sources.add("processes/roles.toml", "");
        sources.add("processes/a/lease.toml", &(text.to_string() + &title()));
        // The loader may refuse it before.
        if let Ok(model) = load(&sources, &Options::default()) {
            let plan = sync::plan(&world.database, &model, &[]).unwrap();
            assert!(plan.refused.iter().any(|r| matches!(r, sync::Refused::NameTaken { .. })));
        }
    });
}
