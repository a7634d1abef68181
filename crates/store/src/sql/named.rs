//! The title of the record a reference names, by which a reference is sorted. A reader sorts by
//! the titles they may read only.

use super::condition::Truth;
use super::reach::seen;
use super::source::source;
use super::{Fragment, Ground, Unanswerable};

/// The title's collation key for the record of `target` with this key, NULL where it may not be
/// read; `None` where it never may.
///
/// # Errors
/// Where a right does not fit the definitions.
pub(crate) fn title_of(target: &Ground, key: &Fragment) -> Result<Option<Fragment>, Unanswerable> {
    let title = target.record_type.title.clone();
    let Some(seen) = seen(target, Some(&title))? else { return Ok(None) };
    if seen.always() {
        let spine = "(SELECT s.\"title_key\" FROM \"record\" AS s WHERE s.\"key\" = {})";
        return Ok(Some(Fragment::of(spine, &[key])));
    }
    let named = Truth::open(Fragment::of("{} = {}", &[&target.column("key"), key]));
    let on = Truth::all(vec![named, seen]).sql;
    let spine = format!("\"record\" AS s ON s.\"key\" = {}.\"key\"", target.alias());
    Ok(Some(Fragment::of(
        &format!("(SELECT s.\"title_key\" FROM {{}} JOIN {spine} WHERE {{}})"),
        &[&source(target), &on],
    )))
}
