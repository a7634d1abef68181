//! What a step asks of whatever plays it: the engine, or the program by its interface. A refusal is
//! given back in the words of the scenarios, so that all players can be compared.

use crate::world::Known;
use serde_json::{Map, Value as Json};

/// A refusal in words: `refused, needs category`, `not found`.
pub type Told<T> = Result<T, String>;

/// A new record: its number (empty where the type has none) and state.
pub struct Created {
    pub known: Known,
    pub number: String,
    pub state: Option<String>,
}

/// A record as somebody sees it.
pub struct Sight {
    pub json: Map<String, Json>,
    pub hidden: Vec<String>,
}

/// A vote as it stands after it was cast.
pub struct Voted {
    pub approval: String,
    pub granted: u32,
    pub quorum: u32,
}

/// Plays the steps of people. `who` is None for nobody in particular, who sees all.
pub trait Player {
    fn create(&self, who: &str, of: &str, fields: Map<String, Json>) -> Told<Created>;
    fn edit(&self, who: &str, record: &Known, fields: Map<String, Json>) -> Told<()>;
    fn transition(
        &self,
        who: &str,
        record: &Known,
        name: &str,
        fields: Map<String, Json>,
        note: Option<String>,
    ) -> Told<()>;
    fn link(&self, who: &str, record: &Known, link: &str, to: &Known, begin: bool) -> Told<()>;
    fn comment(&self, who: &str, record: &Known, text: &str, internal: bool) -> Told<()>;
    fn approve(&self, who: &str, record: &Known) -> Told<Voted>;
    fn withdraw(&self, who: &str, record: &Known) -> Told<()>;
    fn count(&self, who: &str, of: &str, filter: Option<&str>) -> Told<usize>;
    /// Numbers of what was found, oldest first.
    fn search(&self, who: &str, words: &str) -> Told<Vec<String>>;
    fn read(&self, who: Option<&str>, record: &Known, as_of: Option<i64>) -> Told<Sight>;
    /// The records whose link leads here.
    fn leading_here(&self, who: &str, record: &Known, from: &str, link: &str) -> Told<Vec<Json>>;
    /// How many entries the history has.
    fn history(&self, who: Option<&str>, record: &Known) -> Told<usize>;
    /// The clock as it stands now, explained.
    fn clock(&self, record: &Known, name: &str) -> Option<Json>;
}
