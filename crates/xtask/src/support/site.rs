//! A place to work on: the program, its records (SQLite or a throw-away PostgreSQL), accounts with
//! tokens, and a server that can be started again and again. Rigs stand on this.

use super::folder;
use super::postgres::Cluster;
use super::program::{Place, Program};
use super::server::Server;
use crate::arguments::Arguments;
use crate::http::api::Api;
use crate::people::{ADMINISTRATOR, AGENT, PASSWORD};
use tempfile::TempDir;

pub struct Site {
    pub program: Program,
    pub place: Place,
    /// The token of somebody who records and works on incidents.
    pub agent: String,
    /// The token of somebody who keeps teams and services.
    pub administrator: String,
    // Dropped last: the server goes before its database and its folder.
    pub cluster: Option<Cluster>,
    pub folder: TempDir,
}

impl Site {
    /// A new site, on PostgreSQL with `--postgres`.
    pub fn new(name: &str, arguments: &Arguments) -> Result<Site, String> {
        Site::on(name, arguments.flag("--postgres"))
    }

    pub fn on(name: &str, postgres: bool) -> Result<Site, String> {
        let mut site = Site::empty(name, postgres)?;
        site.add_people()?;
        Ok(site)
    }

    /// A site without people: its database is not yet made.
    pub fn empty(name: &str, postgres: bool) -> Result<Site, String> {
        let program = Program::built()?;
        let folder = folder::run(name)?;
        let cluster = if postgres { Some(Cluster::start()?) } else { None };
        let database = cluster.as_ref().map(|cluster| cluster.url("evenkeel"));
        let place = Place { folder: folder.path().join("data"), database };
        Ok(Site {
            program,
            place,
            agent: String::new(),
            administrator: String::new(),
            cluster,
            folder,
        })
    }

    /// Accounts and tokens, as a person would make them: by the command line.
    pub fn add_people(&mut self) -> Result<(), String> {
        let (program, place) = (&self.program, &self.place);
        program.add_user(place, ADMINISTRATOR, "administrator", PASSWORD)?;
        program.add_user(place, AGENT, "service_desk_agent", PASSWORD)?;
        self.administrator = program.token(place, ADMINISTRATOR)?;
        self.agent = program.token(place, AGENT)?;
        Ok(())
    }

    /// The place of another process: the same database and key, a folder of its own, as the lock of
    /// a folder belongs to one process.
    pub fn beside(&self) -> Result<Place, String> {
        let folder = self.folder.path().join("second");
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let key = self.place.folder.join("ledger.key");
        if key.exists() {
            std::fs::copy(&key, folder.join("ledger.key")).map_err(|error| error.to_string())?;
        }
        Ok(Place { folder, database: self.place.database.clone() })
    }

    pub fn serve(&self) -> Result<Server, String> {
        Server::start(&self.program, &self.place, &[])
    }

    /// REST as the agent.
    pub fn api(&self, server: &Server) -> Result<Api, String> {
        Api::open(server.address, &self.agent)
    }

    /// REST as the administrator.
    pub fn admin_api(&self, server: &Server) -> Result<Api, String> {
        Api::open(server.address, &self.administrator)
    }

    /// `SQLite` or `PostgreSQL`.
    pub fn kind(&self) -> &'static str {
        if self.cluster.is_some() { "PostgreSQL" } else { "SQLite" }
    }
}
