//! The engine: one database, the definitions in force, the world, and the caches that follow from
//! them. Shared by all sessions; cheap to clone.

use crate::catalogue::Catalogue;
use crate::clock::calendars::Calendars;
use crate::refusal::Result;
use crate::rights::Rights;
use crate::rule::CodeRule;
use crate::world::World;
use model::{Key, Name};
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use store::Database;
use store::core::sequence::Sequences;

/// Cheap to clone; all clones are one engine.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    database: Database,
    world: Arc<dyn World>,
    catalogue: RwLock<Arc<Catalogue>>,
    rules: HashMap<(Name, Name), CodeRule>,
    rights: Mutex<RightsCache>,
    sequences: Sequences,
    calendars: Calendars,
    actors: crate::access::ActorCache,
    /// Whether the full-text index was found to hold every record; then it always will.
    search_is_whole: AtomicBool,
    /// What secrets are sealed with that the database keeps; none where nobody has given it.
    secret_key: OnceLock<[u8; 32]>,
    /// Who vouches for people; none where nobody has set it up.
    sign_on: OnceLock<crate::access::SignOn>,
    /// Who keeps the definitions for those who change them in the program; none where nobody said.
    keeper: OnceLock<Arc<dyn crate::definitions::Keeper>>,
    ledger_key: OnceLock<ledger::VerifyingKey>,
    /// Whether an account was found; then there always will be one.
    has_accounts: AtomicBool,
}

type RightsCache = HashMap<(i64, BTreeSet<Name>), Arc<Rights>>;

impl Engine {
    /// An engine over a database whose tables fit the catalogue.
    pub fn new(
        database: Database,
        world: Arc<dyn World>,
        catalogue: Catalogue,
        rules: &[CodeRule],
    ) -> Engine {
        let rules = rules.iter().filter_map(|rule| {
            Some(((Name::new(rule.record_type)?, Name::new(rule.name)?), *rule))
        });
        Engine(Arc::new(Inner {
            sequences: Sequences::new(database.clone()),
            rights: Mutex::default(),
            catalogue: RwLock::new(Arc::new(catalogue)),
            rules: rules.collect(),
            calendars: Calendars::default(),
            actors: crate::access::ActorCache::default(),
            search_is_whole: AtomicBool::new(false),
            secret_key: OnceLock::new(),
            sign_on: OnceLock::new(),
            keeper: OnceLock::new(),
            ledger_key: OnceLock::new(),
            has_accounts: AtomicBool::new(false),
            world,
            database,
        }))
    }

    pub fn database(&self) -> &Database {
        &self.0.database
    }

    pub fn world(&self) -> &dyn World {
        &*self.0.world
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub fn now(&self) -> i64 {
        self.0.world.now()
    }

    /// The definitions in force.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.0.catalogue.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another version of the definitions into force.
    pub fn replace_catalogue(&self, catalogue: Catalogue) {
        *self.0.catalogue.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(catalogue);
        self.0.rights.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.0.calendars.clear();
        self.0.actors.clear();
    }

    pub(crate) fn calendars(&self) -> &Calendars {
        &self.0.calendars
    }

    pub(crate) fn actors(&self) -> &crate::access::ActorCache {
        &self.0.actors
    }

    /// Says what secrets in the database are sealed with; the first word counts.
    pub fn seal_secrets_with(&self, key: [u8; 32]) {
        let _ = self.0.secret_key.set(key);
    }

    pub(crate) fn secret_key(&self) -> Option<&[u8; 32]> {
        self.0.secret_key.get()
    }

    pub(crate) fn sign_on_cell(&self) -> &OnceLock<crate::access::SignOn> {
        &self.0.sign_on
    }

    /// Says who keeps the definitions; the first word counts.
    pub fn keep_definitions_with(&self, keeper: Arc<dyn crate::definitions::Keeper>) {
        let _ = self.0.keeper.set(keeper);
    }

    pub(crate) fn keeper(&self) -> Option<&Arc<dyn crate::definitions::Keeper>> {
        self.0.keeper.get()
    }

    /// Says what the checkpoints of this house are verified with; the first word counts.
    pub fn verify_ledger_with(&self, key: ledger::VerifyingKey) {
        let _ = self.0.ledger_key.set(key);
    }

    pub(crate) fn ledger_key(&self) -> Option<&ledger::VerifyingKey> {
        self.0.ledger_key.get()
    }

    pub(crate) fn accounts_flag(&self) -> &AtomicBool {
        &self.0.has_accounts
    }

    pub(crate) fn search_flag(&self) -> &AtomicBool {
        &self.0.search_is_whole
    }

    /// The rule of this name, looked for on the record type and those it extends.
    pub(crate) fn rule(&self, lineage: &[Name], name: &Name) -> Option<&CodeRule> {
        lineage.iter().find_map(|of| self.0.rules.get(&(of.clone(), name.clone())))
    }

    /// Rules of the definitions that no registered function answers, as `TYPE.RULE`.
    pub fn rules_without_code(&self, model: &model::Model) -> Vec<String> {
        use model::definition::RuleTest;
        let mut missing = Vec::new();
        for definition in model.record_types.values() {
            for rule in definition.rules.values() {
                let is_code = matches!(rule.test, RuleTest::Code);
                if is_code && self.rule(&definition.lineage, &rule.name).is_none() {
                    missing.push(format!("{}.{}", definition.name, rule.name));
                }
            }
        }
        missing
    }

    /// The rights of people who hold these roles, worked out once.
    pub fn rights(&self, catalogue: &Catalogue, roles: &BTreeSet<Name>) -> Arc<Rights> {
        let key = (catalogue.version, roles.clone());
        let mut cache = self.0.rights.lock().unwrap_or_else(PoisonError::into_inner);
        // Few sets of roles exist; a flood of different ones must not fill the memory.
        if cache.len() > 1000 {
            cache.clear();
        }
        let made = || Arc::new(Rights::of(&catalogue.model, roles));
        cache.entry(key).or_insert_with(made).clone()
    }

    pub(crate) fn next_record(&self) -> Result<Key> {
        Ok(Key(self.0.sequences.next("record")?))
    }

    pub(crate) fn next_entry(&self) -> Result<i64> {
        Ok(self.0.sequences.next("entry")?)
    }

    pub(crate) fn next_job(&self) -> Result<i64> {
        Ok(self.0.sequences.next("job")?)
    }

    pub(crate) fn next_number(&self, counter: &Name) -> Result<i64> {
        Ok(self.0.sequences.next(&format!("number.{counter}"))?)
    }

    /// What follows for the caches from a record that was written.
    pub(crate) fn wrote(&self, written: &crate::perform::Written) {
        let catalogue = self.catalogue();
        let record_type = &written.record_type;
        self.0.calendars.record_changed(&catalogue.model, record_type);
        if catalogue.concerns_actors(record_type) {
            self.0.actors.clear();
        }
    }

    /// Gives back what this process took and did not use; called at an orderly stop.
    ///
    /// # Errors
    /// Where the database cannot be written; the numbers are then a gap, nothing worse.
    pub fn stop(&self) -> Result<()> {
        Ok(self.0.sequences.give_back()?)
    }
}
