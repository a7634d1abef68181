//! Incidents of a seed: the same ones on every machine. Half belong to one team of twenty, three in
//! ten are open, texts are those of [`super::words`].

use super::words::texts;
use crate::people::{TEAMS, team_name};
use crate::random::Random;
use serde_json::{Value, json};

pub const SEED: u64 = 42;

const LEVELS: [&str; 3] = ["low", "medium", "high"];
const CHANNELS: [&str; 4] = ["phone", "email", "self_service", "monitoring"];
const OPEN: [&str; 4] = ["new", "active", "active", "awaiting_user"];
const DONE: [&str; 3] = ["resolved", "closed", "closed"];

/// The people who call, and those who write down what they say.
const CALLERS: usize = 500;
const AGENTS: usize = 20;

/// The first instant of the first incident: 2026-01-01T00:00:00Z, in seconds.
const BEGIN: i64 = 1_767_225_600;

pub struct Incident {
    pub number: usize,
    pub summary: String,
    pub description: String,
    /// From 0; the first team has half of all.
    pub team: usize,
    pub state: &'static str,
    pub impact: &'static str,
    pub urgency: &'static str,
    pub channel: &'static str,
}

impl Incident {
    pub fn new(random: &mut Random, number: usize) -> Incident {
        let (summary, description) = texts(random);
        let team = if random.chance(1, 2) { 0 } else { random.between(1, TEAMS - 1) };
        let open = random.chance(3, 10);
        Incident {
            number,
            summary,
            description,
            team,
            state: if open { random.pick(&OPEN) } else { random.pick(&DONE) },
            impact: random.pick(&LEVELS),
            urgency: random.pick(&LEVELS),
            channel: random.pick(&CHANNELS),
        }
    }

    /// The body of a request that creates it; its state then is the first one.
    pub fn body(&self, teams: &[String]) -> Value {
        json!({
            "summary": self.summary,
            "description": self.description,
            "impact": self.impact,
            "urgency": self.urgency,
            "channel": self.channel,
            "assigned_team": teams[self.team],
        })
    }

    /// A line for the import, with all that another system would know.
    pub fn line(&self) -> Value {
        let opened = jiff::Timestamp::from_second(BEGIN + self.number as i64 * 16);
        json!({
            "number": format!("OLD{:07}", self.number),
            "summary": self.summary,
            "description": self.description,
            "impact": self.impact,
            "urgency": self.urgency,
            "channel": self.channel,
            "caller": format!("Caller {:03}", self.number % CALLERS),
            "opened_by": format!("Agent {:02}", self.number % AGENTS),
            "team": team_name(self.team),
            "state": self.state,
            "opened_at": opened.unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Incident, OPEN, SEED};
    use crate::random::Random;

    #[test]
    fn a_seed_gives_the_same_incidents_in_the_wanted_shares() {
        let make = || {
            let mut random = Random::new(SEED);
            let one = move |number| Incident::new(&mut random, number);
            (0..10_000).map(one).collect::<Vec<_>>()
        };
        let made = make();
        assert_eq!(made[9_999].line(), make()[9_999].line());
        let open = made.iter().filter(|incident| OPEN.contains(&incident.state)).count();
        let first = made.iter().filter(|incident| incident.team == 0).count();
        let last = made.iter().filter(|incident| incident.team == 19).count();
        assert!((2_850..3_150).contains(&open), "{open}");
        assert!((4_850..5_150).contains(&first), "{first}");
        assert!((200..330).contains(&last), "{last}");
        let line = made[0].line();
        assert_eq!(line["number"], "OLD0000000");
        assert_eq!(line["opened_at"], "2026-01-01T00:00:00Z");
    }
}
