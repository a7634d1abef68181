//! Databases for tests, in this crate and in those above (feature `testing`): a fresh one with the
//! core tables costs milliseconds.
//!
//! SQLite: a copy of a prepared file. PostgreSQL: a copy of a prepared database, on the server
//! that `EVENKEEL_TEST_POSTGRES` names, or on one of our own that is started once for the process
//! and goes away with it. Where neither can be had, a line says so and the test goes on without.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "for tests only")]

mod cluster;
mod prepared;

pub use cluster::Cluster;
pub use prepared::Prepared;

use crate::database::{Database, Dialect, Location, Options};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// A database of its own for one test.
pub struct World {
    pub database: Database,
    /// Where another process or a second handle finds it.
    pub location: Location,
}

/// Runs the test on SQLite and, where there is one, on PostgreSQL, each time in a new world.
pub fn on_each(test: impl Fn(&World)) {
    test(&sqlite());
    if let Some(world) = postgres() {
        test(&world);
    }
}

/// A world on SQLite.
pub fn sqlite() -> World {
    sqlite_with(Options::default())
}

/// A world on SQLite, opened with these options.
pub fn sqlite_with(options: Options) -> World {
    static IMAGE: OnceLock<Vec<u8>> = OnceLock::new();
    let image = IMAGE.get_or_init(|| {
        let path = crate::database::temporary_path();
        let database = Database::open(&Location::File(path.clone())).unwrap();
        crate::core::prepare(&database).unwrap();
        // Closing it moves its log into the file.
        drop(database);
        let image = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        image
    });
    let path = crate::database::temporary_path();
    std::fs::write(&path, image).unwrap();
    let database = Database::open_temporary(path.clone(), options).unwrap();
    World { database, location: Location::File(path) }
}

/// A world on PostgreSQL, if there is a server.
pub fn postgres() -> Option<World> {
    postgres_with(Options::default())
}

/// A world on PostgreSQL, opened with these options.
pub fn postgres_with(options: Options) -> Option<World> {
    let server = server()?;
    let location = Location::Postgres(copy(server, TEMPLATE));
    let database = Database::open_with(&location, options).unwrap();
    assert_eq!(database.dialect(), Dialect::Postgres);
    Some(World { database, location })
}

/// An empty database on PostgreSQL without any tables, if there is a server.
pub fn empty_postgres() -> Option<World> {
    let server = server()?;
    let location = Location::Postgres(copy(server, "template0"));
    Some(World { database: Database::open(&location).unwrap(), location })
}

const TEMPLATE: &str = "evenkeel_template";

struct Server {
    /// The URL of a server, without the name of a database.
    base: String,
    admin: Mutex<Database>,
    /// Ours: it ends with the process.
    _cluster: Option<Cluster>,
}

fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        let given = std::env::var("EVENKEEL_TEST_POSTGRES").ok();
        let cluster = if given.is_some() { None } else { Cluster::start(&[]) };
        let base = given.or_else(|| cluster.as_ref().map(|cluster| cluster.url.clone()))?;
        let base = base.trim_end_matches("/postgres").trim_end_matches('/').to_string();
        let admin = Database::open(&Location::Postgres(format!("{base}/postgres"))).unwrap();
        make_template(&base, &admin);
        Some(Server { base, admin: Mutex::new(admin), _cluster: cluster })
    });
    if server.is_none() {
        println!("skipped on PostgreSQL: no EVENKEEL_TEST_POSTGRES and no initdb");
    }
    server.as_ref()
}

fn make_template(base: &str, admin: &Database) {
    admin.run_alone(&format!("DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")).unwrap();
    admin.run_alone(&format!("CREATE DATABASE {TEMPLATE} TEMPLATE template0")).unwrap();
    let template = Database::open(&Location::Postgres(format!("{base}/{TEMPLATE}"))).unwrap();
    crate::core::prepare(&template).unwrap();
    drop(template);
    end_users(admin, TEMPLATE);
}

/// A template must have no users.
fn end_users(admin: &Database, template: &str) {
    let end = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'"
    );
    admin.run_alone(&end).unwrap();
}

fn copy(server: &Server, template: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("evenkeel_test_{}_{count}", std::process::id());
    // One at a time: two copies of one template get in each other's way.
    let admin = server.admin.lock().unwrap_or_else(PoisonError::into_inner);
    admin.run_alone(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
    let make = format!("CREATE DATABASE {name} TEMPLATE {template}");
    let mut made = admin.run_alone(&make);
    for _ in 0..50 {
        if made.is_ok() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
        made = admin.run_alone(&make);
    }
    made.unwrap();
    format!("{}/{name}", server.base)
}
