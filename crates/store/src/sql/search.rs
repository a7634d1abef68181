//! `search('words')` in a filter: the records whose text, as far as the reader may search it,
//! holds all the words.

use super::condition::Truth;
use super::known::known;
use super::{Dialect, Fragment, Ground, Unanswerable, right};
use crate::search::{Audience, matching};
use model::expression::Node;

pub(super) fn search(ground: &Ground, words: &Node) -> Result<Truth, Unanswerable> {
    let Some(words) = known(ground, words) else {
        return Err(Unanswerable("only known words can be searched for".to_string()));
    };
    let Some(words) = matching(ground.context.dialect, words.as_text().unwrap_or_default()) else {
        return Ok(Truth::constant(false));
    };
    let whole = right::whole_text(ground)?;
    let any = vec![
        Truth::all(vec![whole, found(ground, &words, Audience::Whole)]),
        found(ground, &words, Audience::Public),
    ];
    Ok(Truth::any(any))
}

/// The key of the record is among those of the documents.
fn found(ground: &Ground, words: &str, audience: Audience) -> Truth {
    let words = ground.bind(words);
    let (id, matches) = match ground.context.dialect {
        Dialect::Sqlite => ("rowid", "search MATCH {}"),
        Dialect::Postgres => ("doc", "words @@ {}::tsquery"),
    };
    let template = format!(
        "{{}} IN (SELECT {id} >> 1 FROM search WHERE {matches} AND {id} & 1 = {})",
        audience.bit()
    );
    Truth::certain(Fragment::of(&template, &[&ground.column("key"), &words]))
}
