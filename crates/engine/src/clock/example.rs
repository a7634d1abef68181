//! What the tests of clocks share: a clock, facts, calendars, instants. Expressions are written as
//! trees, so that these tests rest on no parser.

use super::calendar::{CalendarSource, HolidaySource, ServiceCalendar, WEEKDAYS, build};
use super::{Basis, ClockState, advance};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use model::definition::{Binding, Clock, Target, Targets};
use model::expression::{Expression, Kind, LinkEnd, Node};
use model::{Key, Label, Name, Value};
use std::collections::BTreeMap;

pub const MINUTE: i64 = 60_000_000;
pub const HOUR: i64 = 60 * MINUTE;

pub fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// An instant of 2026 in Shanghai: `03-06T16:00`.
pub fn at(text: &str) -> i64 {
    format!("2026-{text}:00+08:00").parse::<Timestamp>().unwrap().as_microsecond()
}

/// `state in [...]`
pub fn state_in(states: &[&str]) -> Expression {
    let states = states.iter().map(|state| Node::Value(Value::text(state))).collect();
    let field = Box::new(Node::Field(name("state")));
    let node = Node::In(field, Box::new(Node::List(states)));
    Expression { source: "".into(), node, kind: Kind::YesNo }
}

/// Starts in `new` and `active`, pauses in `waiting` and `asking`, stops in `done` and `closed`;
/// `draft` is none of them. 4 hours, 3 service days where the choice is `slow`.
pub fn clock() -> Clock {
    let targets = [
        ("fast", Target::Elapsed(4 * HOUR)),
        ("medium", Target::Elapsed(8 * HOUR)),
        ("slow", Target::ServiceDays(3)),
    ];
    Clock {
        name: name("resolution"),
        label: Label::default(),
        start: state_in(&["new", "active"]),
        pause: Some(state_in(&["waiting", "asking"])),
        stop: state_in(&["done", "closed"]),
        calendar: "service_hours".to_owned(),
        target: Targets::By(name("priority"), targets.map(|(c, t)| (name(c), t)).into()),
        warn_at: Some(75),
    }
}

/// Own fields only.
#[derive(Default, Clone)]
pub struct Facts(BTreeMap<Name, Value>);

impl Facts {
    pub fn of(state: &str, priority: &str) -> Facts {
        let mut facts = Facts::default();
        facts.set("state", Value::text(state));
        facts.set("priority", Value::text(priority));
        facts
    }

    pub fn set(&mut self, field: &str, value: Value) {
        self.0.insert(name(field), value);
    }
}

impl model::expression::Facts for Facts {
    fn field(&self, field: &Name) -> Value {
        self.0.get(field).cloned().unwrap_or_default()
    }
    fn step(&self, _: &Name, _: &Name, _: &Name) -> Value {
        Value::Unset
    }
    fn step_link(&self, _: &Name, _: &LinkEnd) -> Vec<Key> {
        Vec::new()
    }
    fn linked(&self, _: &LinkEnd) -> Vec<Key> {
        Vec::new()
    }
    fn count(&self, _: &LinkEnd) -> i64 {
        0
    }
    fn linked_field(&self, _: &LinkEnd, _: &Name) -> Vec<Value> {
        Vec::new()
    }
    fn linked_link(&self, _: &LinkEnd, _: &LinkEnd) -> Vec<Key> {
        Vec::new()
    }
    fn my_part(&self, _: &Name) -> Value {
        Value::Unset
    }
    fn me(&self) -> Option<Key> {
        None
    }
    fn now(&self) -> i64 {
        0
    }
    fn today(&self) -> i32 {
        0
    }
    fn parameter(&self, _: &Name) -> Value {
        Value::Unset
    }
    fn matrix(&self, _: &Name, _: &str, _: &str) -> Value {
        Value::Unset
    }
}

/// A binding in which each part is a field of its own name.
pub fn binding(purpose: &str) -> Binding {
    let own = ["code", "zone", "always_open", "holiday_lists", "list", "date", "kind", "hours"];
    let parts = own.iter().chain(&WEEKDAYS).map(|part| (name(part), name(part))).collect();
    Binding { record: name(purpose), parts }
}

pub fn source(week: &[(&str, &str)], holidays: Vec<HolidaySource>) -> CalendarSource {
    let mut values: BTreeMap<Name, Value> =
        week.iter().map(|(day, hours)| (name(day), Value::text(hours))).collect();
    values.insert(name("zone"), Value::text("Asia/Shanghai"));
    values.insert(name("code"), Value::text("service_hours"));
    CalendarSource { key: Key(7), version: 1, values, holidays }
}

fn holiday(day: &str, kind: &str, hours: Option<&str>) -> HolidaySource {
    let since = day.parse::<Date>().unwrap() - date(1970, 1, 1);
    let fields = [
        (name("date"), Value::Date(since.get_days())),
        (name("kind"), Value::text(kind)),
        (name("hours"), Value::text(hours.unwrap_or(""))),
    ];
    HolidaySource { key: Key(100), values: fields.into() }
}

pub fn day_off(day: &str) -> HolidaySource {
    holiday(day, "day_off", None)
}

pub fn working_day(day: &str, hours: Option<&str>) -> HolidaySource {
    holiday(day, "working_day", hours)
}

/// Monday to Friday 09:00-17:00, Asia/Shanghai.
pub fn office() -> ServiceCalendar {
    office_without(&[])
}

pub fn office_without(days: &[&str]) -> ServiceCalendar {
    let week: Vec<(&str, &str)> = WEEKDAYS[..5].iter().map(|day| (*day, "09:00-17:00")).collect();
    let holidays = days.iter().map(|day| day_off(day)).collect();
    build(&source(&week, holidays), &binding("calendar"), Some(&binding("holiday"))).unwrap()
}

pub fn basis(calendar: &ServiceCalendar) -> Basis<'_> {
    Basis { calendar: Some(calendar), definition: 1 }
}

/// The clock after these versions of its record: when, state, priority.
pub fn after(calendar: &ServiceCalendar, versions: &[(&str, &str, &str)]) -> Option<ClockState> {
    let clock = clock();
    versions.iter().fold(None, |before: Option<ClockState>, (when, state, priority)| {
        let facts = Facts::of(state, priority);
        advance(&clock, before.as_ref(), &facts, at(when), basis(calendar))
    })
}
