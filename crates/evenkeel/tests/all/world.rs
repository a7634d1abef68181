//! A world for one test: the product's definitions on a database of its own, a clock that stands
//! still until it is set, chance from a seed, people with roles, records by name. Making one costs
//! milliseconds: the database is a copy of one that was prepared once.

mod audit;
mod records;
mod server;
mod time;

pub use audit::verify;
pub use records::{Known, create};
pub use server::{Server, encoded};
pub use time::Time;

use engine::catalogue::Catalogue;
use engine::definitions::{self, Product, Quiet};
use engine::rule::CodeRule;
use engine::{Engine, Session, jobs};
use model::Model;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use store::Database;
use store::testing::Prepared;

static REQUIREMENTS: LazyLock<BTreeSet<String>> = LazyLock::new(processes::requirements);
static RULES: LazyLock<Vec<CodeRule>> = LazyLock::new(processes::rules);

/// The product's definitions, loaded once.
pub static MODEL: LazyLock<Model> =
    LazyLock::new(|| match definitions::load(&product(), &Default::default()) {
        Ok(model) => model,
        Err(problems) => panic!("{problems:?}"),
    });

static PREPARED: Prepared = Prepared::new("evenkeel_definitions", prepare);

pub fn product() -> Product<'static> {
    Product { files: processes::FILES, requirements: &REQUIREMENTS, rules: &RULES }
}

/// The folder of the processes.
pub fn processes() -> PathBuf {
    let here = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../processes"));
    // A build from elsewhere names the folder itself.
    std::env::var_os("PROCESSES").map_or(here, PathBuf::from)
}

/// One world.
pub struct World {
    pub engine: Engine,
    pub time: Arc<Time>,
    known: RefCell<HashMap<String, Known>>,
    accounts: RefCell<HashMap<String, model::Key>>,
    kept: store::testing::World,
}

/// Runs the test on SQLite and, where there is one, on PostgreSQL, each time in a new world.
pub fn on_each(test: impl Fn(&World)) {
    test(&World::sqlite());
    if let Some(world) = World::postgres() {
        test(&world);
    }
}

impl World {
    pub fn sqlite() -> World {
        World::on(PREPARED.sqlite())
    }

    /// None where there is no server; a line has said so.
    pub fn postgres() -> Option<World> {
        PREPARED.postgres().map(World::on)
    }

    fn on(database: store::testing::World) -> World {
        let time = Arc::new(Time::new(1));
        // The prepared database holds version 1 and nothing else.
        let catalogue = Catalogue::new(1, copy_of(&MODEL));
        let engine = Engine::new(database.database.clone(), time.clone(), catalogue, &RULES);
        let (known, accounts) = Default::default();
        let world = World { engine, time, known, accounts, kept: database };
        world.know_what_is_there();
        world
    }

    /// The engine of another process on the same database, with caches of its own.
    pub fn beside(&self) -> Engine {
        self.beside_in(self.time.clone())
    }

    /// The same in a world of its own.
    pub fn beside_in(&self, time: Arc<dyn engine::World>) -> Engine {
        let database = match &self.kept.location {
            // SQLite has one process: its engines share the writer.
            store::Location::Postgres(_) => Database::open(&self.kept.location).unwrap(),
            _ => self.kept.database.clone(),
        };
        Engine::new(database, time, Catalogue::new(1, copy_of(&MODEL)), &RULES)
    }

    /// The system itself, now.
    pub fn system(&self) -> Session {
        Session::system(&self.engine)
    }

    /// A session of this person, now.
    pub fn session(&self, name: &str) -> Session {
        let account = self.accounts.borrow().get(name).copied();
        let account = account.unwrap_or_else(|| panic!("nobody here is called {name}"));
        let actor = self.engine.actor(account).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        Session::new(&self.engine, Arc::new(actor))
    }

    /// Whoever writes down what the world begins with.
    pub fn scribe(&self) -> Session {
        self.system()
    }

    /// Lets time go on to an instant, everything that is due on the way happening at its time.
    pub fn go_on(&self, until: i64) {
        while let Some(due) = jobs::next_due(&self.engine).unwrap().filter(|due| *due <= until) {
            let now = due.max(self.engine.now());
            self.time.set(now);
            jobs::run_due(&self.engine, "test", now).unwrap();
        }
        self.time.set(until.max(self.engine.now()));
    }
}

fn copy_of(model: &Model) -> Model {
    Model {
        record_types: model.record_types.clone(),
        menus: model.menus.clone(),
        roles: model.roles.clone(),
        bindings: model.bindings.clone(),
        pages: model.pages.clone(),
    }
}

/// What every world begins with: the tables, the calendar that clocks name, and somebody who has
/// written it all down.
fn prepare(database: &Database) {
    let time = Arc::new(Time::new(0));
    let engine = match definitions::open(database.clone(), time, &product(), None, &mut Quiet) {
        Ok(engine) => engine,
        Err(unfit) => panic!("{unfit:?}"),
    };
    records::begin(&Session::system(&engine));
    // The calendar asks for clocks to be computed anew; there are none yet.
    jobs::run_due(&engine, "prepare", engine.now() + 2_000_000).unwrap();
    engine.stop().unwrap();
}
