//! One step away from the record: over a reference, over a link, and to fields and links there.
//! A reader reaches only what they may read; for anybody else it is unset or not counted.

use super::condition::Truth;
use super::right::{self, Shown, shown};
use super::scalar::{self, Holds, own};
use super::source::{link_holds, source};
use super::{Fragment, Ground, Scalar, Term, Unanswerable, field};
use model::Value;
use model::definition::{FieldKind, RecordType};
use model::expression::{LinkEnd, Node};

/// A set of values at other records.
pub(super) enum Reach {
    /// Nothing there may be seen.
    Nowhere,
    There(Box<There>),
}

/// Rows of a subquery, each with one value.
pub(super) struct There {
    from: Fragment,
    on: Vec<Truth>,
    pub value: Term,
}

impl There {
    /// Whether a row exists for which the condition holds too.
    pub fn exists(&self, too: Truth) -> Truth {
        let mut on = self.on.clone();
        on.push(too);
        let on = Truth::all(on);
        if on.never() {
            return on;
        }
        Truth::certain(Fragment::of("EXISTS (SELECT 1 FROM {} WHERE {})", &[&self.from, &on.sql]))
    }

    fn count(&self) -> Fragment {
        let on = Truth::all(self.on.clone());
        Fragment::of("(SELECT COUNT(*) FROM {} WHERE {})", &[&self.from, &on.sql])
    }
}

/// The set that the node means; `None` where it means one value of the record.
pub(super) fn reach(ground: &Ground, node: &Node) -> Result<Option<Reach>, Unanswerable> {
    Ok(Some(match node {
        Node::Linked(end) => linked(ground, end)?,
        Node::LinkedField { end, field } => linked_field(ground, end, field)?,
        Node::LinkedLink { end, next } => linked_link(ground, end, next)?,
        Node::StepLink { reference, end } => step_link(ground, reference, end)?,
        _ => return Ok(None),
    }))
}

pub(super) fn is_linked(ground: &Ground, end: &LinkEnd) -> Result<Truth, Unanswerable> {
    Ok(match linked(ground, end)? {
        Reach::Nowhere => Truth::constant(false),
        Reach::There(there) => there.exists(Truth::constant(true)),
    })
}

pub(super) fn count(ground: &Ground, end: &LinkEnd) -> Result<Term, Unanswerable> {
    Ok(match linked(ground, end)? {
        Reach::Nowhere => Term::Known(Value::Integer(0)),
        Reach::There(there) => {
            Term::One(Scalar { sql: there.count(), guard: None, holds: Holds::Integer })
        }
    })
}

/// A field of the record that an own reference names.
pub(super) fn step(
    ground: &Ground,
    reference: &str,
    to: &str,
    name: &str,
) -> Result<Term, Unanswerable> {
    let target = ground.inner(ground.type_named(to)?);
    let Some(stored) = field::stored(target.record_type, name) else {
        return Err(scalar::no_field(target.record_type, name));
    };
    let (Some(key), Some(seen)) = (reference_key(ground, reference)?, seen(&target, Some(name))?)
    else {
        return Ok(Term::Known(Value::Unset));
    };
    let held = stored.columns.first().map(|(column, _)| target.column(column));
    let far = match held {
        Some(held) => named_seen(&target, name, &held)?,
        None => Some(Truth::constant(true)),
    };
    let Some(far) = far else { return Ok(Term::Known(Value::Unset)) };
    let named = Truth::open(Fragment::of("{} = {}", &[&target.column("key"), &key]));
    let on = Truth::all(vec![named, seen, far]).sql;
    let from = source(&target);
    let column = |column: &str| {
        let column = target.column(column);
        Fragment::of("(SELECT {} FROM {} WHERE {})", &[&column, &from, &on])
    };
    Ok(scalar::columns(&stored, None, column))
}

/// The key an own reference holds, NULL where it is unset; `None` where it is never shown.
fn reference_key(ground: &Ground, reference: &str) -> Result<Option<Fragment>, Unanswerable> {
    match own(ground, reference)? {
        Term::One(scalar) if scalar.holds == Holds::Reference => Ok(Some(scalar.masked())),
        Term::Known(_) => Ok(None),
        _ => Err(Unanswerable(format!("`{reference}` is no reference"))),
    }
}

/// Where the target, and the field of it, may be seen; `None` where it never may.
pub(super) fn seen(target: &Ground, field: Option<&str>) -> Result<Option<Truth>, Unanswerable> {
    let readable = Truth::open(right::readable(target)?);
    let shown = match field.map(|field| shown(target, field)).transpose()? {
        None | Some(Shown::Always) => Truth::constant(true),
        Some(Shown::Never) => Truth::constant(false),
        Some(Shown::Where(sql)) => Truth::open(sql),
    };
    let both = Truth::all(vec![readable, shown]);
    Ok((!both.never()).then_some(both))
}

/// Where the record that a reference names, its key being `held`, may be read today, for so it is
/// shown; true of every other field, `None` where such a record is never read.
pub(super) fn named_seen(
    ground: &Ground,
    name: &str,
    held: &Fragment,
) -> Result<Option<Truth>, Unanswerable> {
    let Some(to) = target(ground, name) else { return Ok(Some(Truth::constant(true))) };
    let target = Ground { as_of: None, ..ground.inner(to) };
    let seen = seen(&target, None)?;
    Ok(seen.map(|seen| match seen.always() {
        true => seen,
        false => {
            let parts = [&source(&target), &target.column("key"), held, &seen.sql];
            let there = "EXISTS (SELECT 1 FROM {} WHERE {} = {} AND {})";
            Truth::certain(Fragment::of(there, &parts))
        }
    }))
}

fn linked(ground: &Ground, end: &LinkEnd) -> Result<Reach, Unanswerable> {
    let Some(mine) = link_shown(ground, end)? else { return Ok(Reach::Nowhere) };
    let other = ground.inner(ground.type_named(&end.other)?);
    let Some(seen) = seen(&other, inverse_field(end))? else { return Ok(Reach::Nowhere) };
    let walk = Walk::new(&other, end, &ground.column("key"));
    let mut from = walk.from;
    let on = vec![Truth::open(walk.on), mine, seen];
    if !on.iter().skip(2).all(Truth::always) {
        from = Fragment::of(
            &format!("{{}} JOIN {{}} ON {}.\"key\" = {{}}", other.alias()),
            &[&from, &source(&other), &walk.far],
        );
    }
    Ok(Reach::There(Box::new(There { from, on, value: key(walk.far) })))
}

fn linked_field(ground: &Ground, end: &LinkEnd, name: &str) -> Result<Reach, Unanswerable> {
    let Some(mine) = link_shown(ground, end)? else { return Ok(Reach::Nowhere) };
    let other = ground.inner(ground.type_named(&end.other)?);
    let Some(seen) = seen(&other, inverse_field(end))? else { return Ok(Reach::Nowhere) };
    let walk = Walk::new(&other, end, &ground.column("key"));
    let from = Fragment::of(
        &format!("{{}} JOIN {{}} ON {}.\"key\" = {{}}", other.alias()),
        &[&walk.from, &source(&other), &walk.far],
    );
    let value = scalar::read(&other, name)?;
    Ok(Reach::There(Box::new(There { from, on: vec![Truth::open(walk.on), mine, seen], value })))
}

fn linked_link(ground: &Ground, end: &LinkEnd, next: &LinkEnd) -> Result<Reach, Unanswerable> {
    let Some(mine) = link_shown(ground, end)? else { return Ok(Reach::Nowhere) };
    let between = ground.inner(ground.type_named(&end.other)?);
    let Some(seen_between) = seen(&between, inverse_field(end))? else {
        return Ok(Reach::Nowhere);
    };
    let walk = Walk::new(&between, end, &ground.column("key"));
    let hop = hop(&between, next, &walk.far)?;
    let Some(Hop { from: onward, on, far }) = hop else { return Ok(Reach::Nowhere) };
    let mut from = walk.from;
    let needs_between = !seen_between.always() || on.reads_between;
    if needs_between {
        from = Fragment::of(
            &format!("{{}} JOIN {{}} ON {}.\"key\" = {{}}", between.alias()),
            &[&from, &source(&between), &walk.far],
        );
    }
    let from = Fragment::of("{} CROSS JOIN {}", &[&from, &onward]);
    let on = vec![Truth::open(walk.on), mine, seen_between, on.truth];
    Ok(Reach::There(Box::new(There { from, on, value: key(far) })))
}

fn step_link(ground: &Ground, reference: &str, end: &LinkEnd) -> Result<Reach, Unanswerable> {
    let Some(to) = reference_type(ground, reference) else {
        return Err(Unanswerable(format!("`{reference}` is no reference")));
    };
    let Some(start) = reference_key(ground, reference)? else { return Ok(Reach::Nowhere) };
    let between = ground.inner(ground.type_named(&to)?);
    let Some(seen_between) = seen(&between, None)? else { return Ok(Reach::Nowhere) };
    let Some(Hop { from, on, far }) = hop(&between, end, &start)? else {
        return Ok(Reach::Nowhere);
    };
    let needs_between = !seen_between.always() || on.reads_between;
    let mut parts = vec![on.truth];
    let mut from = from;
    if needs_between {
        let named = Fragment::of("{} = {}", &[&between.column("key"), &start]);
        parts.extend([Truth::open(named), seen_between]);
        from = Fragment::of("{} CROSS JOIN {}", &[&source(&between), &from]);
    }
    Ok(Reach::There(Box::new(There { from, on: parts, value: key(far) })))
}

/// The record type a reference names, declared or built in.
pub(crate) fn target<'a>(ground: &Ground<'a>, field: &str) -> Option<&'a RecordType> {
    let named = match ground.record_type.fields.get(field).map(|field| &field.kind) {
        Some(FieldKind::Reference { to }) => to,
        Some(_) => return None,
        None if matches!(field, "created_by" | "changed_by") => {
            &ground.context.model.bindings.purposes.get("person")?.record
        }
        None => return None,
    };
    ground.type_named(named).ok()
}

fn reference_type(ground: &Ground, reference: &str) -> Option<String> {
    match &ground.record_type.fields.get(reference)?.kind {
        FieldKind::Reference { to } => Some(to.to_string()),
        _ => None,
    }
}

/// A second walk, from records that stand between.
struct Hop {
    from: Fragment,
    on: HopOn,
    far: Fragment,
}

struct HopOn {
    truth: Truth,
    /// The condition reads columns of the record between, so that it must be joined.
    reads_between: bool,
}

/// From the record between, whose key is `start`, over one of its links.
fn hop(between: &Ground, next: &LinkEnd, start: &Fragment) -> Result<Option<Hop>, Unanswerable> {
    let Some(mine) = link_shown(between, next)? else { return Ok(None) };
    let reads_between = !mine.always();
    let other = between.inner(between.type_named(&next.other)?);
    let Some(seen) = seen(&other, inverse_field(next))? else { return Ok(None) };
    let walk = Walk::new(&other, next, start);
    let mut from = walk.from;
    if !seen.always() {
        from = Fragment::of(
            &format!("{{}} JOIN {{}} ON {}.\"key\" = {{}}", other.alias()),
            &[&from, &source(&other), &walk.far],
        );
    }
    let truth = Truth::all(vec![Truth::open(walk.on), mine, seen]);
    Ok(Some(Hop { from, on: HopOn { truth, reads_between }, far: walk.far }))
}

/// Where the own link is shown; an inverse link is shown by the record that declares it.
fn link_shown(ground: &Ground, end: &LinkEnd) -> Result<Option<Truth>, Unanswerable> {
    if end.inverse {
        return Ok(Some(Truth::constant(true)));
    }
    Ok(match shown(ground, &end.link)? {
        Shown::Always => Some(Truth::constant(true)),
        Shown::Never => None,
        Shown::Where(sql) => Some(Truth::open(sql)),
    })
}

fn inverse_field(end: &LinkEnd) -> Option<&str> {
    end.inverse.then_some(end.link.as_str())
}

fn key(sql: Fragment) -> Term {
    Term::One(Scalar { sql, guard: None, holds: Holds::Reference })
}

/// The rows of `link` from one record, and the key at their far end.
struct Walk {
    from: Fragment,
    on: Fragment,
    far: Fragment,
}

impl Walk {
    fn new(other: &Ground, end: &LinkEnd, start: &Fragment) -> Walk {
        let alias = format!("l{}", other.depth);
        let (near, far) = if end.inverse { ("to_key", "from_key") } else { ("from_key", "to_key") };
        let named =
            format!("{alias}.\"name\" = '{}.{}' AND {alias}.\"{near}\"", end.from, end.link);
        let holds = link_holds(other, &alias);
        let on = Fragment::of(&format!("{named} = {{}} AND {{}}"), &[start, &holds]);
        let far = Fragment::raw(format!("{alias}.\"{far}\""));
        Walk { from: Fragment::raw(format!("\"link\" AS {alias}")), on, far }
    }
}
