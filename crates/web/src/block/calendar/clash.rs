//! What clashes: two records at one time that share a record of a link. Pure comparison of lists.

use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Two records by their places, what they share, and when they meet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Clash {
    pub one: usize,
    pub other: usize,
    pub shared: String,
    pub from: i64,
    pub to: i64,
}

/// The most clashes that are told of: with more the plan is no plan.
const MOST: usize = 100;

/// All clashes among records with their times (id, from, to), by time. `ends` holds the id of each
/// with each record it is linked with.
///
/// | one | other | clash |
/// | --- | --- | --- |
/// | 21–24 | 22–23, same item | 22–23 |
/// | 21–22 | 22–23, same item | none: one ends as the other begins |
/// | 21–24 | 22–23, other item | none |
pub(super) fn clashes(times: &[(String, i64, i64)], ends: &[(String, Json)]) -> Vec<Clash> {
    let place: BTreeMap<&str, usize> =
        times.iter().enumerate().map(|(place, (id, ..))| (id.as_str(), place)).collect();
    let mut by_item: BTreeMap<&str, (String, Vec<usize>)> = BTreeMap::new();
    for (near, far) in ends {
        let text = |name: &str| far.get(name).and_then(Json::as_str).unwrap_or("");
        let Some(place) = place.get(near.as_str()) else { continue };
        let title = if text("title").is_empty() { text("number") } else { text("title") };
        by_item.entry(text("id")).or_insert_with(|| (title.to_string(), Vec::new())).1.push(*place);
    }
    let mut found: Vec<Clash> = Vec::new();
    for (shared, places) in by_item.values() {
        for (at, one) in places.iter().enumerate() {
            for other in &places[at + 1..] {
                let (one, other) = (*one.min(other), *one.max(other));
                let (from, to) =
                    (times[one].1.max(times[other].1), times[one].2.min(times[other].2));
                let known = found.iter().any(|clash| (clash.one, clash.other) == (one, other));
                if from < to && !known && found.len() < MOST {
                    found.push(Clash { one, other, shared: shared.clone(), from, to });
                }
            }
        }
    }
    found.sort_by_key(|clash| (clash.from, clash.one, clash.other));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn two_at_one_time_on_one_item_clash() {
        let times = |b: (i64, i64)| vec![("a".to_string(), 21, 24), ("b".to_string(), b.0, b.1)];
        let item = |name: &str| json!({ "id": name, "title": name });
        let ends = |b: &str| vec![("a".to_string(), item("x")), ("b".to_string(), item(b))];
        let clash = Clash { one: 0, other: 1, shared: "x".into(), from: 22, to: 23 };
        assert_eq!(clashes(&times((22, 23)), &ends("x")), [clash]);
        assert_eq!(clashes(&times((24, 25)), &ends("x")), []);
        assert_eq!(clashes(&times((22, 23)), &ends("y")), []);
    }

    #[test]
    fn a_pair_that_shares_several_items_is_told_once() {
        let times = vec![("a".to_string(), 1, 5), ("b".to_string(), 2, 4)];
        let ends: Vec<(String, Json)> = ["x", "y"]
            .into_iter()
            .flat_map(|item| ["a", "b"].map(|id| (id.to_string(), json!({ "id": item }))))
            .collect();
        assert_eq!(clashes(&times, &ends).len(), 1);
    }
}
