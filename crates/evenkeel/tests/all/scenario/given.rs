//! What a world begins with: `people`, `given`.

use super::play::Play;
use serde_json::{Map, Value as Json, json};

impl Play<'_> {
    /// `ana: requester   ben: change_manager, auditor`.
    pub(super) fn people(&mut self, text: &str) {
        for part in text.split("  ").map(str::trim).filter(|part| !part.is_empty()) {
            let (name, roles) = part.split_once(':').unwrap_or((part, ""));
            let roles: Vec<&str> = roles.split(',').map(str::trim).collect();
            let roles: Vec<&str> = roles.into_iter().filter(|role| !role.is_empty()).collect();
            self.world.person(name.trim(), &roles);
        }
    }

    /// `service Mail in live, team Desk`, or `calendar CODE: HOURS`.
    pub(super) fn given(&mut self, text: &str) {
        if let Some((code, hours)) = text.strip_prefix("calendar ").and_then(|t| t.split_once(':'))
        {
            return self.calendar(code.trim(), hours.trim());
        }
        for part in text.split(',').map(str::trim) {
            let (record_type, rest) = part.split_once(' ').unwrap();
            let (name, state) = match rest.split_once(" in ") {
                Some((name, state)) => (name, Some(state.trim())),
                None => (rest, None),
            };
            let name = name.trim().trim_matches('"');
            let made = self.world.given(record_type, name);
            if let Some(state) = state {
                let brought = self.world.scribe().bring(record_type, made.key, state);
                brought.unwrap_or_else(|error| panic!("{part}: {error:?}"));
            }
            self.begun(name);
        }
    }

    /// `Mon-Fri 09:00-17:00 Asia/Shanghai`: the calendar with this code has these hours.
    fn calendar(&mut self, code: &str, hours: &str) {
        const DAYS: [(&str, &str); 7] = [
            ("Mon", "monday"),
            ("Tue", "tuesday"),
            ("Wed", "wednesday"),
            ("Thu", "thursday"),
            ("Fri", "friday"),
            ("Sat", "saturday"),
            ("Sun", "sunday"),
        ];
        let [days, span, zone] = hours.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{hours} are no hours");
        };
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let place = |day: &str| DAYS.iter().position(|(short, _)| *short == day).unwrap();
        let mut fields = Map::new();
        fields.insert("always_open".into(), json!(false));
        fields.insert("zone".into(), json!(zone));
        for (_, day) in &DAYS[place(first)..=place(last)] {
            fields.insert((*day).to_string(), json!(span));
        }
        match self.world.known(code) {
            Some(known) => self.world.edit(&known, Json::Object(fields)),
            None => drop(self.world.given_with("calendar", code, fields)),
        }
        self.begun(code);
    }
}
