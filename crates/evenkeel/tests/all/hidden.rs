//! A record that is hidden and one that does not exist look the same, to the last word.

use crate::world::on_each;
use engine::{Error, Refusal};
use serde_json::json;

#[test]
fn hidden_and_absent_are_refused_in_the_same_words() {
    on_each(|world| {
        world.person("sam", &["service_desk_agent"]);
        let sam = world.session("sam");
        let more = json!({ "confidential": true });
        let hidden = world.given_with("problem", "hidden", more.as_object().unwrap().clone());
        let seen = world.system().read("problem", &hidden.id.to_string(), None).unwrap();
        let number = seen.json["number"].as_str().unwrap().to_string();
        for text in [number, hidden.id.to_string(), "PRB-999999".into()] {
            let missing = Error::from(Refusal::NotFound { what: text.clone() });
            let now = Some(world.engine.now());
            for error in [
                sam.read("problem", &text, None).unwrap_err(),
                sam.read("problem", &text, now).unwrap_err(),
                sam.history("problem", &text, None, 10).unwrap_err(),
                sam.moves("problem", &text).unwrap_err(),
                sam.clocks("problem", &text).unwrap_err(),
                sam.attachments("problem", &text).unwrap_err(),
                sam.target("problem", &text).unwrap_err(),
            ] {
                assert_eq!(error, missing);
            }
        }
    });
}
