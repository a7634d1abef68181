//! What those who administer do with definitions while the program runs: look at what is in force,
//! try overlays before anything changes, bring them into force, go back.

use super::{Author, Files, Product, Said, Steps, Trial, Unfit, Version, Wish};
use super::{definition, load, overlays_of, said, sources};
use crate::refusal::{Act, Error, Refusal, Result};
use crate::session::Session;
use model::Problems;
use model::places::Places;
use store::sync::{self, Plan};

/// Whoever runs the program, as far as definitions are concerned.
pub trait Keeper: Send + Sync {
    /// What the program brings along.
    fn product(&self) -> Product<'_>;

    /// Whether overlays are kept as files beside the database, which are the truth then: nothing
    /// is changed from within.
    fn keeps_files(&self) -> bool;

    /// Before the first table is changed: the place for a backup.
    ///
    /// # Errors
    /// Whatever kept it from being made; nothing is changed then.
    fn before(&self, plan: &Plan) -> Result<()>;
}

struct Kept<'k>(&'k dyn Keeper);

impl Steps for Kept<'_> {
    fn before(&mut self, plan: &Plan) -> Result<()> {
        self.0.before(plan)
    }

    fn step(&mut self, text: &str) {
        tracing::debug!(step = text, "tables follow definitions");
    }
}

/// The definitions in force, as they are written.
pub struct Standing {
    pub version: Version,
    /// Path to text: the product's files, and overlays below `overlays/`.
    pub files: Files,
    /// Where each part is written.
    pub places: Places,
    /// Whether nothing can be changed from here; see [`Keeper::keeps_files`].
    pub keeps_files: bool,
}

impl Standing {
    /// The overlays by name.
    pub fn overlays(&self) -> Files {
        overlays_of(&self.files)
    }
}

/// What bringing overlays into force would do; nothing has been done.
#[derive(Debug, Default)]
pub struct Draft {
    /// Mistakes in the files. Where there are any, nothing else is known.
    pub problems: Option<Box<Problems>>,
    /// Rules with `code = true` for which the program has no function, as `TYPE.RULE`.
    pub rules_without_code: Vec<String>,
    /// What would be done to the tables.
    pub steps: Vec<Said>,
    /// What would stay there, though nothing names it.
    pub kept: Vec<Said>,
    /// Why the tables cannot follow without loss.
    pub refused: Vec<Said>,
    /// Demands that records do not meet.
    pub trials: Vec<Trial>,
}

impl Draft {
    /// Whether it may come into force.
    pub fn fits(&self) -> bool {
        self.problems.is_none() && self.rules_without_code.is_empty() && self.refused.is_empty()
    }
}

impl Session {
    fn keeper(&self) -> Result<&dyn Keeper> {
        self.demand_administrator()?;
        let missing = || Refusal::NotFound { what: "definitions".into() };
        Ok(&**self.engine().keeper().ok_or_else(missing)?)
    }

    /// The definitions in force, as they are written.
    ///
    /// # Errors
    /// `NotAllowed` for whoever does not administer; a failed read.
    pub fn definitions(&self) -> Result<Standing> {
        let keeps_files = self.keeper()?.keeps_files();
        let database = self.engine().database();
        let missing = || Refusal::NotFound { what: "definitions".into() };
        let version = definition::active(database)?.ok_or_else(missing)?;
        let files = definition::files(database, version.number)?.unwrap_or_default();
        let places = Places::of(&sources(&files));
        Ok(Standing { version, files, places, keeps_files })
    }

    /// The versions there were, newest first.
    ///
    /// # Errors
    /// As [`Session::definitions`].
    pub fn definition_versions(&self, most: usize) -> Result<Vec<Version>> {
        self.keeper()?;
        self.engine().versions(most)
    }

    /// The overlays of a version, by name.
    ///
    /// # Errors
    /// As [`Session::definitions`]; `NotFound`.
    pub fn overlays_of_version(&self, number: i64) -> Result<Files> {
        self.keeper()?;
        self.engine().overlays_of_version(number)
    }

    /// What bringing these overlays into force would do.
    ///
    /// # Errors
    /// As [`Session::definitions`].
    pub fn draft_definitions(&self, overlays: &Files) -> Result<Draft> {
        let product = self.keeper()?.product();
        let model = match load(&product, overlays) {
            Ok(model) => model,
            Err(problems) => return Ok(Draft { problems: Some(problems), ..Draft::default() }),
        };
        let plan = sync::plan(self.engine().database(), &model, &[])?;
        Ok(Draft {
            problems: None,
            rules_without_code: self.engine().rules_without_code(&model),
            steps: said::steps(&plan),
            kept: said::kept(&plan),
            refused: said::refused(&plan),
            trials: self.try_model(&model).map_err(as_error)?,
        })
    }

    /// Brings overlays into force that were made from the version `base`; the number of the new
    /// version. Who did it is kept with it, and what for.
    ///
    /// # Errors
    /// [`Unfit`]; `NotAllowed` for whoever does not administer. Nothing has changed then.
    pub fn keep_overlays(
        &self,
        overlays: Files,
        base: i64,
        note: Option<&str>,
    ) -> std::result::Result<i64, Unfit> {
        let keeper = self.writes()?;
        let wish = Wish { overlays: Some(overlays), base: Some(base), by: self.author(note) };
        self.engine().grant(&keeper.product(), wish, &mut Kept(keeper))
    }

    /// Goes back to the overlays of an earlier version, as a new version.
    ///
    /// # Errors
    /// As [`Session::keep_overlays`].
    pub fn go_back_to(&self, number: i64, base: i64) -> std::result::Result<i64, Unfit> {
        let keeper = self.writes()?;
        let wish = Wish { overlays: None, base: Some(base), by: self.author(None) };
        self.engine().go_back(&keeper.product(), number, wish, &mut Kept(keeper))
    }

    fn author<'n>(&'n self, note: Option<&'n str>) -> Author<'n> {
        let actor = self.actor();
        let name = if actor.name.is_empty() { &actor.login } else { &actor.name };
        Author { name, key: actor.person, note }
    }

    /// Refused where files are the truth: a change from here would be gone at the next start.
    fn writes(&self) -> Result<&dyn Keeper> {
        let keeper = self.keeper()?;
        match keeper.keeps_files() {
            true => Err(Refusal::NotAllowed { act: Act::Administer }.into()),
            false => Ok(keeper),
        }
    }
}

fn as_error(unfit: Unfit) -> Error {
    match unfit {
        Unfit::Engine(error) => error,
        other => Error::Fault(format!("records were not tried: {other:?}")),
    }
}
