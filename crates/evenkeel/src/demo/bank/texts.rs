//! What people write: failure stories, changes, notes, in both languages, with slots in braces.
//! The texts are data; here they are read and their slots filled.

use engine::{Error, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// One sentence or paragraph in both languages.
#[derive(Debug, Clone, Deserialize)]
pub struct Both {
    pub en: String,
    pub zh: String,
}

impl Both {
    pub fn of(&self, language: &str) -> &str {
        if language == "zh" { &self.zh } else { &self.en }
    }
}

/// How one kind of failure is told in one language.
#[derive(Debug, Clone, Deserialize)]
pub struct Telling {
    pub summary: Vec<String>,
    pub description: Vec<String>,
    pub resolution: Vec<String>,
    pub note: Vec<String>,
}

/// A kind of failure.
#[derive(Debug, Clone, Deserialize)]
pub struct Story {
    pub key: String,
    pub service: String,
    pub category: String,
    pub part: String,
    pub team: String,
    /// Which items it strikes: `app`, `vm`, `db`, or a kind such as `atm`.
    pub item: String,
    pub weight: i64,
    /// How often low, medium, high.
    pub impact: [i64; 3],
    pub urgency: [i64; 3],
    /// Of a hundred, how many are seen by monitoring first.
    #[serde(default)]
    pub monitored: i64,
    pub close: String,
    /// Minutes of work.
    pub work: i64,
    #[serde(default)]
    pub supplier: Option<String>,
    pub en: Telling,
    pub zh: Telling,
    #[serde(default)]
    pub problem: Option<Analysis>,
}

/// What the problem behind a failure turns out to be, in one language.
#[derive(Debug, Clone, Deserialize)]
pub struct Analysis {
    pub language: String,
    pub summary: String,
    pub method: String,
    pub cause: String,
    pub symptoms: String,
    #[serde(default)]
    pub workaround: String,
    pub actions: String,
    /// The change that solves it; none where nothing under control is altered.
    #[serde(default)]
    pub change: String,
    pub resolution: String,
}

/// A normal or emergency change that somebody asks for.
#[derive(Debug, Clone, Deserialize)]
pub struct Request {
    pub service: String,
    pub team: String,
    pub item: String,
    pub impact: String,
    pub likelihood: String,
    #[serde(default)]
    pub outage: bool,
    /// Hours of the window.
    pub hours: i64,
    pub language: String,
    pub summary: String,
    pub reason: String,
    pub plan: String,
    pub backout: String,
}

/// A change model.
#[derive(Debug, Clone, Deserialize)]
pub struct Pattern {
    pub key: String,
    pub en: String,
    pub zh: String,
    pub description: String,
    pub criteria: String,
    pub steps: String,
    pub verification: String,
    pub backout: String,
    pub minutes: i64,
    pub team: String,
    pub item: String,
    pub service: String,
    pub weight: i64,
    pub summary: Both,
    pub reason: Both,
}

/// A confidential incident.
#[derive(Debug, Clone, Deserialize)]
pub struct Secret {
    pub part: String,
    pub service: String,
    pub impact: String,
    pub urgency: String,
    pub language: String,
    pub summary: String,
    pub description: String,
    pub note: String,
    pub resolution: String,
}

/// A release or a service transition, by its texts.
#[derive(Debug, Clone, Deserialize)]
pub struct Bundle {
    pub service: String,
    pub language: String,
    pub name: String,
    pub contains: Vec<String>,
}

/// Sentences that fit many records.
#[derive(Debug, Clone, Deserialize)]
pub struct Phrases {
    pub ask: Vec<Both>,
    pub answer: Vec<Both>,
    pub hand_over: Vec<Both>,
    pub at_supplier: Vec<Both>,
    pub back: Vec<Both>,
    pub reopen: Vec<Both>,
    pub still: Vec<Both>,
    pub working: Vec<Both>,
    pub chase: Vec<Both>,
    pub cancel: Vec<Both>,
    pub escalate: Vec<Both>,
    pub approve: Vec<Both>,
    pub reject: Vec<Both>,
    pub assessment: Vec<Both>,
    pub benefit: Vec<Both>,
    pub feasibility: Vec<Both>,
    pub parties: Vec<Both>,
    pub tested: Vec<Both>,
    pub review_good: Vec<Both>,
    pub review_bad: Vec<Both>,
    pub effective: Vec<Both>,
    pub report: Vec<Both>,
    pub major_review: Vec<Both>,
    pub deviation: Vec<Both>,
    pub clash: Vec<Both>,
}

pub struct Texts {
    pub stories: Vec<Story>,
    /// Failures that changes bring about, by team.
    pub harm: Vec<Story>,
    pub requests: Vec<Request>,
    pub emergencies: Vec<Request>,
    pub patterns: Vec<Pattern>,
    pub secrets: Vec<Secret>,
    pub releases: Vec<Bundle>,
    pub transitions: Vec<Bundle>,
    pub phrases: Phrases,
}

#[derive(Deserialize)]
struct Stories {
    story: Vec<Story>,
}

#[derive(Deserialize)]
struct Changes {
    request: Vec<Request>,
    emergency: Vec<Request>,
    pattern: Vec<Pattern>,
    harm: Vec<Story>,
    release: Vec<Bundle>,
    transition: Vec<Bundle>,
}

#[derive(Deserialize)]
struct Secrets {
    secret: Vec<Secret>,
}

/// All texts.
///
/// # Errors
/// A fault where a file of the program cannot be read.
pub fn read() -> Result<Texts> {
    let files = [
        include_str!("../data/stories_payments.toml"),
        include_str!("../data/stories_channels.toml"),
        include_str!("../data/stories_platforms.toml"),
        include_str!("../data/stories_workplace.toml"),
    ];
    let mut stories = Vec::new();
    for file in files {
        stories.extend(parse::<Stories>(file)?.story);
    }
    let changes: Changes = parse(include_str!("../data/changes.toml"))?;
    let secrets: Secrets = parse(include_str!("../data/security.toml"))?;
    Ok(Texts {
        stories,
        harm: changes.harm,
        requests: changes.request,
        emergencies: changes.emergency,
        patterns: changes.pattern,
        secrets: secrets.secret,
        releases: changes.release,
        transitions: changes.transition,
        phrases: parse(include_str!("../data/phrases.toml"))?,
    })
}

/// # Errors
/// A fault where a file of the program cannot be read.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| Error::Fault(format!("data of the demo: {error}")))
}

/// Fills the slots of a text; a slot of another name stays.
pub fn filled(text: &str, slots: &[(&str, &str)]) -> String {
    let mut text = text.to_string();
    for (slot, word) in slots {
        text = text.replace(&format!("{{{slot}}}"), word);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_texts_can_be_read_and_their_slots_are_known() {
        let texts = read().unwrap();
        for story in texts.stories.iter().chain(&texts.harm) {
            for telling in [&story.en, &story.zh] {
                let all = [&telling.summary, &telling.description, &telling.resolution];
                assert!(all.iter().all(|some| !some.is_empty()), "{}", story.key);
                let slots = ["n", "item", "branch", "code", "change"].map(|slot| (slot, ""));
                let all = all.into_iter().chain([&telling.note]).flatten();
                let open = all.map(|text| filled(text, &slots)).find(|text| text.contains('{'));
                assert_eq!(open, None, "{}", story.key);
            }
        }
    }
}
