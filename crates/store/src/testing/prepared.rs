//! Worlds that begin with more than the core tables: made once for the process, copied for each
//! test.

use super::{World, copy, end_users, server};
use crate::database::{Database, Location, Options, temporary_path};
use std::sync::OnceLock;

/// A state of a database that many tests begin with.
pub struct Prepared {
    name: &'static str,
    prepare: fn(&Database),
    sqlite: OnceLock<Vec<u8>>,
    postgres: OnceLock<()>,
}

impl Prepared {
    /// `prepare` brings a fresh database with the core tables into that state; `name` is a name
    /// for a database.
    pub const fn new(name: &'static str, prepare: fn(&Database)) -> Prepared {
        Prepared { name, prepare, sqlite: OnceLock::new(), postgres: OnceLock::new() }
    }

    /// A copy on SQLite.
    pub fn sqlite(&self) -> World {
        let image = self.sqlite.get_or_init(|| {
            let path = temporary_path();
            let database = Database::open(&Location::File(path.clone())).unwrap();
            crate::core::prepare(&database).unwrap();
            (self.prepare)(&database);
            drop(database);
            let image = std::fs::read(&path).unwrap();
            std::fs::remove_file(&path).unwrap();
            image
        });
        let path = temporary_path();
        std::fs::write(&path, image).unwrap();
        let database = Database::open_temporary(path.clone(), Options::default()).unwrap();
        World { database, location: Location::File(path) }
    }

    /// A copy on PostgreSQL, if there is a server.
    pub fn postgres(&self) -> Option<World> {
        let server = server()?;
        self.postgres.get_or_init(|| {
            let name = format!("{}_{}", self.name, std::process::id());
            let admin = server.admin.lock().unwrap();
            admin.run_alone(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
            admin.run_alone(&format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
            let location = Location::Postgres(format!("{}/{name}", server.base));
            let database = Database::open(&location).unwrap();
            crate::core::prepare(&database).unwrap();
            (self.prepare)(&database);
            drop(database);
            end_users(&admin, &name);
        });
        let template = format!("{}_{}", self.name, std::process::id());
        let location = Location::Postgres(copy(server, &template));
        let options = Options { readers: 2, writers: 2, ..Options::default() };
        let database = Database::open_with(&location, options).unwrap();
        Some(World { database, location })
    }
}
