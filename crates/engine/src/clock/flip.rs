//! When a clock can start, pause or stop although nobody writes its record: `start = "now() >=
//! planned_start"`. The engine sets a timer for that instant and advances the clock then.

use jiff::civil::date;
use jiff::tz::TimeZone;
use model::definition::Clock;
use model::expression::{Expression, Facts, Moment};

/// The first instant after `after` at which `start`, `pause` or `stop` may answer otherwise by
/// itself; none where they do not ask for the time, or all such instants have passed. `zone` is
/// that in which `today()` is taken.
pub fn next_flip(clock: &Clock, facts: &dyn Facts, after: i64, zone: &TimeZone) -> Option<i64> {
    let expressions = [Some(&clock.start), clock.pause.as_ref(), Some(&clock.stop)];
    let moments = expressions.into_iter().flatten().flat_map(moments);
    let instants = moments.filter_map(|moment| instant(&moment, facts, zone));
    instants.filter(|instant| *instant > after).min()
}

/// The loader has refused expressions whose moments cannot be told.
fn moments(expression: &Expression) -> Vec<Moment> {
    expression.moments().unwrap_or_default()
}

fn instant(moment: &Moment, facts: &dyn Facts, zone: &TimeZone) -> Option<i64> {
    match moment {
        Moment::At { field, offset } => facts.field(field).as_instant()?.checked_add(*offset),
        Moment::StartOf { field, days } => {
            let model::Value::Date(from) = facts.field(field) else { return None };
            let days = jiff::Span::new().try_days(i64::from(from) + i64::from(*days)).ok()?;
            let day = date(1970, 1, 1).checked_add(days).ok()?;
            Some(day.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::example::{Facts as Known, clock, name};
    use model::Value;
    use model::expression::{Comparison, Kind, Node};

    fn at_or_after(time: Node, field: &str) -> Expression {
        let (time, field) = (Box::new(time), Box::new(Node::Field(name(field))));
        let node = Node::Compare(Comparison::GreaterOrEqual, time, field);
        Expression { source: "".into(), node, kind: Kind::YesNo }
    }

    #[test]
    fn the_next_moment_of_any_of_the_three() {
        let mut clock = clock();
        let zone = crate::identity::zone_named("Asia/Shanghai");
        let mut facts = Known::default();
        assert_eq!(next_flip(&clock, &facts, 0, &zone), None);
        clock.start = at_or_after(Node::Now, "planned_start");
        clock.stop = at_or_after(Node::Today, "until");
        assert_eq!(next_flip(&clock, &facts, 0, &zone), None, "no field is set");
        facts.set("planned_start", Value::Instant(1_000));
        facts.set("until", Value::Date(1));
        let midnight = (24 - 8) * 3_600_000_000;
        let cases =
            [(0, Some(1_000)), (999, Some(1_000)), (1_000, Some(midnight)), (midnight, None)];
        for (after, want) in cases {
            assert_eq!(next_flip(&clock, &facts, after, &zone), want, "after {after}");
        }
    }
}
