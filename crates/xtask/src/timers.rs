//! A definition with a clock that runs out at once: an overlay under which every new incident is
//! cancelled by the system a second after it was recorded. So a rig can see whether a job took
//! effect once, without waiting for days.

use crate::http::api::{Api, List};
use serde_json::Value;

/// The overlay, for `evenkeel apply`.
pub const OVERLAY: &str = r#"# Every new incident is cancelled by the system after a second.
extend = "incident"

[add.transition.expire]
from  = ["new"]
to    = "cancelled"
label = { en = "Expire", zh = "过期" }
after = "1s"
"#;

/// The name of the transition that only the timer performs.
pub const TRANSITION: &str = "expire";

/// How often the timer took effect on a record, by its history.
pub fn effects(history: &[Value]) -> usize {
    history.iter().filter(|entry| entry["transition"].as_str() == Some(TRANSITION)).count()
}

/// How many incidents still wait for their timer.
pub fn waiting(api: &mut Api) -> Result<u64, String> {
    api.total(&List::of("incident").when("state == 'new'"))
}

#[cfg(test)]
mod tests {
    use super::{OVERLAY, effects};
    use serde_json::json;

    #[test]
    fn effects_are_counted() {
        let create = json!({ "transition": null });
        let expire = json!({ "transition": "expire" });
        assert_eq!(effects(&[create.clone(), expire.clone()]), 1);
        assert_eq!(effects(&[create, expire.clone(), expire]), 2);
        assert!(OVERLAY.parse::<toml::Table>().is_ok());
    }
}
