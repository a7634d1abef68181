//! Who asks and when: what is known before the database is asked, and the one way in which an
//! expression cannot be answered.

use model::expression::Asked;
use model::{Key, Language, Name, Value};
use std::collections::BTreeMap;
use std::fmt;

/// Everything an expression may ask about the asker and the moment.
#[derive(Debug, Clone)]
pub struct Asker {
    /// The person; none for the system itself.
    pub me: Option<Key>,
    /// Fields and links of the person by name (`References` for a link), and `roles` (`Texts`).
    pub parts: BTreeMap<Name, Value>,
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub now: i64,
    /// Days since 1970-01-01 in the time zone that counts for the asker.
    pub today: i32,
    /// What `query.NAME` stands for, already of the kind it is compared with.
    pub parameters: BTreeMap<Name, Value>,
    /// The language in which texts per language are sorted.
    pub language: Language,
}

impl Asker {
    /// The program itself at a moment: no person, no parameters, the day in UTC.
    pub fn system(now: i64) -> Asker {
        let today = i32::try_from(now.div_euclid(86_400_000_000)).unwrap_or(0);
        let (parts, parameters) = Default::default();
        Asker { me: None, parts, now, today, parameters, language: Language::EN }
    }
}

/// The expression or list cannot be put to the database: a definition and a request that do not
/// fit together, never a matter of values. Says why, for the log and for a developer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswerable(pub String);

impl fmt::Display for Unanswerable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Unanswerable {}

impl Asked for Asker {
    fn my_part(&self, part: &Name) -> Value {
        self.parts.get(part).cloned().unwrap_or_default()
    }

    fn me(&self) -> Option<Key> {
        self.me
    }

    fn now(&self) -> i64 {
        self.now
    }

    fn today(&self) -> i32 {
        self.today
    }

    fn parameter(&self, parameter: &Name) -> Value {
        self.parameters.get(parameter).cloned().unwrap_or_default()
    }
}
