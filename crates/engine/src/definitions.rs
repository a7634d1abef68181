//! Definitions as numbered versions in the database: loaded, checked, planned, brought into force,
//! tried on the real records, rolled back. The product's files come with the program; overlays are
//! an organization's own. A version is both together.

mod desk;
mod follow;
mod said;
mod trial;

pub use desk::{Draft, Keeper, Standing};
pub use said::Said;
pub use store::core::definition::{Files, State, Version};
pub use trial::{Breaches, Trial};

use crate::catalogue::Catalogue;
use crate::engine::Engine;
use crate::refusal::Error;
use crate::rule::CodeRule;
use crate::world::World;
use model::{Key, Model, Options, Problems, Sources};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::core::definition::{self, NewVersion};
use store::core::lease::Lease;
use store::sync::{self, Outcome, Plan};
use store::{Database, Failure, Unit};

/// What the program brings along.
#[derive(Clone, Copy)]
pub struct Product<'a> {
    /// Path and text of each definition file.
    pub files: &'a [(&'a str, &'a str)],
    /// Ids of the requirement catalogue.
    pub requirements: &'a BTreeSet<String>,
    pub rules: &'a [CodeRule],
}

/// Where overlays stand among the files of a version.
const OVERLAYS: &str = "overlays/";

/// Why definitions could not be brought into force.
#[derive(Debug)]
pub enum Unfit {
    /// Mistakes in the files.
    Problems(Box<Problems>),
    /// Rules with `code = true` for which the program has no function, as `TYPE.RULE`.
    RulesWithoutCode(Vec<String>),
    /// The tables cannot follow without loss.
    Refused(Box<Plan>),
    /// Another process is bringing definitions into force.
    Busy,
    /// Another version is in force than the one it was made from.
    Stale(i64),
    Engine(Error),
}

impl From<Failure> for Unfit {
    fn from(failure: Failure) -> Unfit {
        Unfit::Engine(failure.into())
    }
}

impl From<Error> for Unfit {
    fn from(error: Error) -> Unfit {
        Unfit::Engine(error)
    }
}

/// What is told and asked while tables are changed.
pub trait Steps {
    /// Before the first table is changed: the place for a backup.
    ///
    /// # Errors
    /// Whatever kept it from being made; nothing is changed then.
    fn before(&mut self, plan: &Plan) -> Result<(), Error>;

    /// Each step as it begins.
    fn step(&mut self, text: &str);
}

/// Says nothing and makes no backup: for databases that are new or belong to a test.
pub struct Quiet;

impl Steps for Quiet {
    fn before(&mut self, _plan: &Plan) -> Result<(), Error> {
        Ok(())
    }

    fn step(&mut self, _text: &str) {}
}

/// Who brings definitions into force, and what for.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    pub name: &'a str,
    /// The person, where it is one.
    pub key: Option<Key>,
    pub note: Option<&'a str>,
}

/// What is to come into force.
#[derive(Debug, Clone)]
pub struct Wish<'a> {
    /// Those in force where left out.
    pub overlays: Option<Files>,
    /// The version that it was made from: another one in force refuses it.
    pub base: Option<i64>,
    pub by: Author<'a>,
}

/// Loads the product's files with overlays (names without `overlays/`).
///
/// # Errors
/// Every problem of every file.
pub fn load(product: &Product, overlays: &Files) -> Result<Model, Box<Problems>> {
    let files = product.files.iter().map(|(path, text)| (path.to_string(), text.to_string()));
    load_files(product, &together(files.collect(), overlays))
}

fn load_files(product: &Product, files: &Files) -> Result<Model, Box<Problems>> {
    let options = Options { requirements: Some(product.requirements) };
    model::load(&sources(files), &options).map_err(Box::new)
}

/// The files of a version in the order in which they are read: overlays last.
fn sources(files: &Files) -> Sources {
    let mut sources = Sources::new();
    let is_overlay = |path: &str| path.starts_with(OVERLAYS);
    let own = files.iter().filter(|(path, _)| !is_overlay(path));
    let laid = files.iter().filter(|(path, _)| is_overlay(path));
    for (path, text) in own.chain(laid) {
        sources.add(path, text);
    }
    sources
}

fn together(product: Files, overlays: &Files) -> Files {
    let named = overlays.iter().map(|(path, text)| (format!("{OVERLAYS}{path}"), text.clone()));
    product.into_iter().chain(named).collect()
}

/// The overlays of the version in force, by name.
///
/// # Errors
/// A failed read.
pub fn overlays(database: &Database) -> Result<Files, Error> {
    let Some(active) = definition::active(database)? else { return Ok(Files::new()) };
    let files = definition::files(database, active.number)?.unwrap_or_default();
    Ok(overlays_of(&files))
}

fn overlays_of(files: &Files) -> Files {
    let laid = files
        .iter()
        .filter_map(|(path, text)| Some((path.strip_prefix(OVERLAYS)?.to_string(), text.clone())));
    laid.collect()
}

/// What bringing these definitions into force would do to the tables.
///
/// # Errors
/// Problems of the files; a failed read.
pub fn plan(database: &Database, product: &Product, overlays: &Files) -> Result<Plan, Unfit> {
    let model = load(product, overlays).map_err(Unfit::Problems)?;
    Ok(sync::plan(database, &model, &[])?)
}

/// Opens an engine: prepares the core tables and brings the product's definitions into force, with
/// the overlays given or else those of the version in force.
///
/// # Errors
/// [`Unfit`]; the definitions in force before stay so.
pub fn open(
    database: Database,
    world: Arc<dyn World>,
    product: &Product,
    overlays: Option<Files>,
    steps: &mut dyn Steps,
) -> Result<Engine, Unfit> {
    store::core::prepare(&database)?;
    let blank = Catalogue::new(0, Model::default());
    let engine = Engine::new(database, world, blank, product.rules);
    engine.adopt(product, overlays, "system", steps)?;
    Ok(engine)
}

/// Definitions that may come into force.
struct Candidate {
    /// The version in force, and its files.
    active: Option<i64>,
    before: Files,
    files: Files,
    model: Model,
}

impl Candidate {
    fn in_force(&self) -> bool {
        self.active.is_some() && self.before == self.files
    }
}

impl Engine {
    /// Brings the product's definitions with these overlays (or those in force) into force, as a
    /// new version where they differ from the one in force. Sessions go on with the new version
    /// from their next step.
    ///
    /// One process at a time does it, under a lease, and looks under it at what is in force: where
    /// overlays are given and another version came into force meanwhile, it is refused as busy.
    ///
    /// # Errors
    /// [`Unfit`]; nothing has changed then.
    pub fn adopt(
        &self,
        product: &Product,
        overlays: Option<Files>,
        actor: &str,
        steps: &mut dyn Steps,
    ) -> Result<i64, Unfit> {
        let by = Author { name: actor, key: None, note: None };
        self.grant(product, Wish { overlays, base: None, by }, steps)
    }

    /// As [`Engine::adopt`], with all that can be said about it.
    ///
    /// # Errors
    /// [`Unfit`]; nothing has changed then.
    pub fn grant(
        &self,
        product: &Product,
        wish: Wish,
        steps: &mut dyn Steps,
    ) -> Result<i64, Unfit> {
        let Wish { overlays, base, by } = wish;
        let active = definition::active(self.database())?.map(|version| version.number);
        if let (Some(base), Some(active)) = (base, active)
            && base != active
        {
            return Err(Unfit::Stale(active));
        }
        let found = self.candidate(product, overlays.as_ref())?;
        if base.is_some() && base != found.active {
            return Err(Unfit::Busy);
        }
        let nothing_new = found.in_force() && self.plan_of(&found.model)?.is_empty();
        if nothing_new && let Some(number) = found.active {
            self.replace_catalogue(Catalogue::new(number, found.model));
            return Ok(number);
        }
        let holder = crate::world::uuid(self.world()).to_string();
        let now = || self.now();
        let work = |lease: &Lease| {
            // Another process may have been faster: what it did is seen from here on.
            let again = self.candidate(product, overlays.as_ref())?;
            if again.active != found.active && overlays.is_some() {
                return Err(Unfit::Busy);
            }
            self.bring(again, lease, by, steps)
        };
        sync::hold(self.database(), &holder, &now, work)?.unwrap_or(Err(Unfit::Busy))
    }

    /// What would come into force, beside what is.
    fn candidate(&self, product: &Product, overlays: Option<&Files>) -> Result<Candidate, Unfit> {
        let database = self.database();
        let active = definition::active(database)?.map(|version| version.number);
        let before = match active {
            Some(number) => definition::files(database, number)?.unwrap_or_default(),
            None => Files::new(),
        };
        let overlays = overlays.cloned().unwrap_or_else(|| overlays_of(&before));
        let own = product.files.iter().map(|(path, text)| (path.to_string(), text.to_string()));
        let files = together(own.collect(), &overlays);
        let model = load_files(product, &files).map_err(Unfit::Problems)?;
        let missing = self.rules_without_code(&model);
        if !missing.is_empty() {
            return Err(Unfit::RulesWithoutCode(missing));
        }
        Ok(Candidate { active, before, files, model })
    }

    fn plan_of(&self, model: &Model) -> Result<Plan, Unfit> {
        let plan = sync::plan(self.database(), model, &[])?;
        match plan.refused.is_empty() {
            true => Ok(plan),
            false => Err(Unfit::Refused(Box::new(plan))),
        }
    }

    fn bring(
        &self,
        candidate: Candidate,
        lease: &Lease,
        by: Author,
        steps: &mut dyn Steps,
    ) -> Result<i64, Unfit> {
        self.bring_tables(&candidate.model, lease, steps)?;
        let number = match candidate.active.filter(|_| candidate.in_force()) {
            Some(number) => number,
            None => self.keep(&candidate.files, lease, by)?,
        };
        self.replace_catalogue(Catalogue::new(number, candidate.model));
        Ok(number)
    }

    fn bring_tables(
        &self,
        model: &Model,
        lease: &Lease,
        steps: &mut dyn Steps,
    ) -> Result<(), Unfit> {
        let plan = self.plan_of(model)?;
        if plan.is_empty() {
            return Ok(());
        }
        steps.before(&plan)?;
        let mut watch = |step: &sync::Step| {
            steps.step(&step.what.to_string());
            std::ops::ControlFlow::Continue(())
        };
        match sync::apply_held(self.database(), &plan, lease, &mut watch)? {
            Outcome::Done => Ok(()),
            Outcome::Stopped | Outcome::Busy => Err(Unfit::Busy),
        }
    }

    fn keep(&self, files: &Files, lease: &Lease, by: Author) -> Result<i64, Unfit> {
        let Author { name: actor, key: actor_key, note } = by;
        let new = NewVersion { at: self.now(), actor_key, actor, note, files };
        let number = definition::add(self.database(), &new)?;
        let mut unit = Unit::new();
        lease.check(&mut unit);
        definition::activate(&mut unit, number);
        self.database().write(unit)?;
        Ok(number)
    }

    /// Goes back to the overlays of an earlier version, as a new version.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn roll_back(
        &self,
        product: &Product,
        number: i64,
        actor: &str,
        steps: &mut dyn Steps,
    ) -> Result<i64, Unfit> {
        let by = Author { name: actor, key: None, note: None };
        self.go_back(product, number, Wish { overlays: None, base: None, by }, steps)
    }

    /// As [`Engine::roll_back`], with all that can be said about it; the overlays of the wish do
    /// not matter.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn go_back(
        &self,
        product: &Product,
        number: i64,
        wish: Wish,
        steps: &mut dyn Steps,
    ) -> Result<i64, Unfit> {
        let overlays = Some(self.overlays_of_version(number)?);
        let active = definition::active(self.database())?;
        let adopted = self.grant(product, Wish { overlays, ..wish }, steps)?;
        if let Some(left) = active.filter(|left| left.number != adopted) {
            let mut unit = Unit::new();
            definition::roll_back(&mut unit, left.number);
            self.database().write(unit)?;
        }
        Ok(adopted)
    }

    /// The overlays of a version, by name.
    ///
    /// # Errors
    /// `NotFound`; a failed read.
    pub fn overlays_of_version(&self, number: i64) -> Result<Files, Error> {
        let files = definition::files(self.database(), number)?;
        let missing = || crate::Refusal::NotFound { what: format!("version {number}") };
        Ok(overlays_of(&files.ok_or_else(missing)?))
    }

    /// The versions of the definitions, newest first.
    ///
    /// # Errors
    /// A failed read.
    pub fn versions(&self, most: usize) -> Result<Vec<Version>, Error> {
        Ok(definition::list(self.database(), most)?)
    }
}
