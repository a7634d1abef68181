//! A clock: the ring that fills as its target is used, and the words beside it.

use crate::show::time::Watch;
use maud::{Markup, html};
use model::Language;

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    Runs,
    Warns,
    Over,
    Paused,
    Met,
    Missed,
}

impl Stands {
    fn word(self) -> &'static str {
        match self {
            Stands::Runs => "run",
            Stands::Warns => "warn",
            Stands::Over | Stands::Missed => "over",
            Stands::Paused => "paused",
            Stands::Met => "met",
        }
    }
}

/// The length of the ring of radius 5.
const RING: f64 = 31.4;

/// The ring with a text; `used` is the share of the target, 0 to 1.
pub fn ring(stands: Stands, used: f64, text: &str) -> Markup {
    let length = format!("{:.1} {RING}", used.clamp(0.0, 1.0) * RING);
    let full = matches!(stands, Stands::Over | Stands::Missed);
    html! {
        span.clock data-is=(stands.word()) {
            svg viewBox="0 0 14 14" aria-hidden="true" {
                @if full { circle.face cx="7" cy="7" r="5" {} } @else {
                    circle cx="7" cy="7" r="5" {}
                    circle.used cx="7" cy="7" r="5" stroke-dasharray=(length) {}
                }
            }
            (text)
        }
    }
}

/// What is left of a target, in words.
///
/// | left | English | Chinese |
/// | --- | --- | --- |
/// | 65 min | `1 h 05 min` | `1 小时 05 分` |
/// | -12 min | `12 min over` | `超时 12 分` |
pub fn left(watch: &Watch, microseconds: i64) -> String {
    let length = watch.length(microseconds);
    match (microseconds < 0, watch.language == Language::ZH) {
        (false, _) => length,
        (true, true) => format!("超时 {length}"),
        (true, false) => format!("{length} over"),
    }
}
