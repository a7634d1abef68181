//! The engine on its database, opened by whoever has the lock: the server for its lifetime, or one
//! command. What commands are performed on.

use crate::console::{Console, Progress};
use crate::failure::{Failure, Result, text};
use crate::folder;
use crate::product::product;
use crate::settings::Settings;
use crate::world::Machine;
use engine::definitions::{self, Steps, Unfit};
use engine::sealer::Sealer;
use engine::{Engine, Session};
use serde_json::json;
use std::sync::Arc;
use store::core::definition::Files;
use store::database::Dialect;
use store::sync::Plan;
use store::{Database, Limit, Options};

/// What commands are performed on.
pub struct Host {
    pub engine: Engine,
    pub settings: Settings,
    /// Whether this process is a server: its threads seal and run jobs.
    pub serves: bool,
}

impl Host {
    /// Opens the database and brings the product's definitions into force, with these overlays or
    /// else those in force.
    ///
    /// # Errors
    /// Refused where the definitions do not fit; a database that cannot be opened.
    pub fn open(
        settings: Settings,
        overlays: Option<Files>,
        serves: bool,
        console: &mut dyn Console,
    ) -> Result<Host> {
        let database = open_database(&settings)?;
        free_duties(&database)?;
        let mut steps = Watch::new(&settings, &database, console);
        let opened =
            definitions::open(database, Arc::new(Machine), &product(), overlays, &mut steps);
        let engine = opened.map_err(unfit)?;
        Ok(Host { engine, settings, serves })
    }

    /// A session of the system itself.
    pub fn system(&self) -> Session {
        Session::system(&self.engine)
    }

    /// Seals what was written and gives back what was taken and not used: at the end of a command
    /// that had the records for itself.
    ///
    /// # Errors
    /// A failed write.
    pub fn close(self) -> Result<()> {
        let mut sealer = Sealer::new(&self.engine, &holder(&self.engine));
        sealer.drain()?;
        sealer.stop();
        Ok(self.engine.stop()?)
    }
}

/// On SQLite whoever opens the records has the lock of their folder: what a process that was killed
/// had to do is free at once, and not when its leases run out.
fn free_duties(database: &Database) -> Result<()> {
    if database.dialect() == Dialect::Sqlite {
        store::core::prepare(database)?;
        store::lease::free_all(database)?;
    }
    Ok(())
}

/// A name for this process in leases.
pub fn holder(engine: &Engine) -> String {
    engine::world::uuid(engine.world()).to_string()
}

/// Opens the database of the settings.
///
/// # Errors
/// Refused where it cannot be reached.
pub fn open_database(settings: &Settings) -> Result<Database> {
    let time = settings.duration("store.read_time");
    let options = Options {
        limit: Limit { time, ..Limit::default() },
        readers: settings.size("store.readers"),
        writers: settings.size("store.writers"),
        ..Options::default()
    };
    if let store::Location::File(path) = settings.location()
        && !path.exists()
    {
        // The database's own files take their mode from this one.
        folder::create_private(&path)?;
    }
    Database::open_with(&settings.location(), options).map_err(|failure| {
        let (shown, why) = (settings.location_shown(), format!("{failure:?}"));
        Failure::with(
            "no-database",
            text(
                format!("The database {shown} cannot be opened: {why}."),
                format!("无法打开数据库 {shown}：{why}。"),
            ),
            json!({ "database": shown }),
        )
    })
}

/// Of so many steps of a sync the log names one.
const SHOWN: u64 = 100;

/// Tells how far a sync has come, and backs the database up before its first step.
pub struct Watch<'a, 'c> {
    settings: &'a Settings,
    database: Database,
    console: &'a mut (dyn Console + 'c),
    /// Whether there is anything that would be worth a backup.
    backs_up: bool,
    steps: (u64, u64),
}

impl<'a, 'c> Watch<'a, 'c> {
    pub fn new(
        settings: &'a Settings,
        database: &Database,
        console: &'a mut (dyn Console + 'c),
    ) -> Watch<'a, 'c> {
        let backs_up = settings.is_yes("backup.before_apply");
        Watch { settings, database: database.clone(), console, backs_up, steps: (0, 0) }
    }
}

impl Steps for Watch<'_, '_> {
    fn before(&mut self, plan: &Plan) -> std::result::Result<(), engine::Error> {
        self.steps = (0, plan.steps.len() as u64);
        tracing::info!(steps = self.steps.1, "bringing tables in step with the definitions");
        // A database that was just made, or just filled from a backup, holds nothing new. The
        // setting stands so until the first records are searched again.
        let rebuild = store::setting::get(&self.database, "search.rebuild")?;
        let is_new = store::definition::active(&self.database)?.is_none()
            || rebuild.as_deref() == Some("restored");
        if is_new || !self.backs_up {
            return Ok(());
        }
        crate::command::backup::automatic(self.settings, &self.database, self.console)
            .map_err(|failure| engine::Error::Fault(failure.text(model::Language::EN)))
    }

    fn step(&mut self, what: &str) {
        self.steps.0 += 1;
        if self.steps.0 % SHOWN == 1 {
            tracing::debug!(step = what, done = self.steps.0, "tables follow definitions");
        }
        let (done, total) = (self.steps.0, Some(self.steps.1));
        let what = text("Bringing tables in step", "正在调整数据表");
        self.console.progress(&Progress { what, done, total });
    }
}

/// Why definitions did not come into force, for a person.
pub fn unfit(unfit: Unfit) -> Failure {
    match unfit {
        Unfit::Problems(problems) => {
            let shown = problems.to_string();
            let more = json!({ "problems": problems.to_json() });
            Failure::with("definitions", text(shown.clone(), shown), more)
        }
        Unfit::RulesWithoutCode(rules) => {
            let rules = rules.join(", ");
            Failure::refused(
                "rules-without-code",
                format!(
                    "These rules say code = true, and the program has no function for them: \
                     {rules}."
                ),
                format!("以下规则声明 code = true，但程序中没有对应函数：{rules}。"),
            )
        }
        Unfit::Refused(plan) => {
            let refused: Vec<String> = plan.refused.iter().map(ToString::to_string).collect();
            let said = refused.join("; ");
            let text = text(
                format!("The tables cannot follow the definitions without loss: {said}."),
                format!("数据表无法在不丢失数据的情况下适应定义：{said}。"),
            );
            Failure::with("loss", text, json!({ "refused": refused }))
        }
        Unfit::Busy => Failure::refused(
            "busy",
            "Another process is bringing definitions into force; try again in a moment.",
            "另一进程正在应用定义，请稍后重试。",
        ),
        Unfit::Stale(now) => Failure::refused(
            "stale",
            format!("Version {now} came into force meanwhile; begin again with it."),
            format!("期间版本 {now} 已生效，请以该版本为准重新操作。"),
        ),
        Unfit::Engine(error) => error.into(),
    }
}
