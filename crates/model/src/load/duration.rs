//! Lengths of time as definitions write them: `30m`, `1h30m`, `5d`.
//!
//! Not the durations inside expressions, which the expression language reads itself.

use crate::definition::Target;

const SECOND: i64 = 1_000_000;
/// The longest length of time: about ten years.
const MAX: i64 = 3653 * 86_400 * SECOND;

/// Microseconds of elapsed time; a day is 24 hours.
///
/// | text | answer |
/// | --- | --- |
/// | `90s` | 90 seconds |
/// | `1h30m` | 5400 seconds |
/// | `2d` | 48 hours |
/// | `0m`, `1x`, `h`, `` | none |
pub fn elapsed(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let count: i64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 7 * 86_400,
            _ => return None,
        };
        total = total.checked_add(count.checked_mul(seconds * SECOND)?)?;
        rest = &rest[digits + 1..];
    }
    (total > 0 && total <= MAX).then_some(total)
}

/// The target of a clock: `3d` are service days of its calendar, anything else is working time
/// and may not mix with days.
pub fn target(text: &str) -> Option<Target> {
    match text.strip_suffix('d') {
        Some(days) => {
            let days: u32 = days.parse().ok()?;
            (1..=3653).contains(&days).then_some(Target::ServiceDays(days))
        }
        None if text.contains(['d', 'w']) => None,
        None => elapsed(text).map(Target::Elapsed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        let cases = [
            ("90s", Some(90)),
            ("1h30m", Some(5400)),
            ("2d", Some(172_800)),
            ("0m", None),
            ("1x", None),
            ("h", None),
            ("", None),
            ("1变", None),
            ("99999999999999999999h", None),
            ("9999999999999999h", None),
        ];
        for (text, seconds) in cases {
            assert_eq!(elapsed(text), seconds.map(|s| s * SECOND), "{text}");
        }
    }

    #[test]
    fn targets() {
        assert_eq!(target("3d"), Some(Target::ServiceDays(3)));
        assert_eq!(target("4h"), Some(Target::Elapsed(4 * 3600 * SECOND)));
        for wrong in ["0d", "1d4h", "2w", "d", "-1d", ""] {
            assert_eq!(target(wrong), None, "{wrong}");
        }
    }
}
