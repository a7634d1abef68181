//! One record of the example, with what it asks for: the one that `docs/expressions.md` describes.

use super::super::{Facts, LinkEnd, literal};
use super::shared;
use crate::label::Language;
use crate::name::Name;
use crate::value::{Decimal, Key, Value};
use std::sync::Arc;

/// The record that `docs/expressions.md` describes, asked about by person 1.
pub(in super::super) struct Record {
    pub me: Option<Key>,
    pub now: i64,
    pub today: i32,
    /// Fields that differ from the example.
    pub with: Vec<(&'static str, Value)>,
}

pub(in super::super) fn record() -> Record {
    let now = instant("2026-03-01T09:00:00Z");
    let today = literal::date("2026-03-01").unwrap_or_default();
    Record { me: Some(Key(1)), now, today, with: Vec::new() }
}

pub(in super::super) fn instant(text: &str) -> i64 {
    literal::instant(text).unwrap_or_else(|_| panic!("`{text}` is no instant"))
}

fn money(text: &str) -> Value {
    literal::money(text).map(Value::Money).unwrap_or_default()
}

fn texts(of: &[&str]) -> Value {
    Value::Texts(of.iter().map(|text| Arc::from(*text)).collect())
}

impl Facts for Record {
    fn field(&self, field: &Name) -> Value {
        if let Some((_, value)) = self.with.iter().find(|(name, _)| field == name) {
            return value.clone();
        }
        match field.as_str() {
            "number" => Value::Integer(42),
            "state" => Value::text("scheduled"),
            "summary" => Value::text("更换支付网关证书"),
            "public_name" => Value::LocalText(
                [(Language::EN, "Card payments".into()), (Language::ZH, "卡支付".into())].into(),
            ),
            "kind" => Value::text("normal"),
            "requester" => Value::Reference(Key(1)),
            "created_by" => Value::Reference(Key(2)),
            "service" => Value::Reference(Key(10)),
            "major_impact" => Value::YesNo(true),
            "backout_tested" => Value::YesNo(false),
            "impact" => Value::text("medium"),
            "likelihood" | "risk" => Value::text("high"),
            "cost" => money("CNY 1200.00"),
            "budget" => money("EUR 900.00"),
            "planned_start" => Value::Instant(instant("2026-03-01T09:10:00Z")),
            "planned_end" => Value::Instant(instant("2026-03-01T10:00:00Z")),
            "created_at" => Value::Instant(instant("2026-02-27T08:00:00Z")),
            "due_date" => literal::date("2026-03-05").map(Value::Date).unwrap_or_default(),
            "effort" => Value::Integer(5),
            "ratio" => Value::Decimal(Decimal { units: 50, places: 2 }),
            "share" => Value::Decimal(Decimal { units: 5, places: 1 }),
            "grace" => Value::Duration(4 * 3_600 * literal::SECOND),
            "tags" => texts(&["network", "security"]),
            _ => Value::Unset,
        }
    }

    fn step(&self, reference: &Name, to: &Name, field: &Name) -> Value {
        match (reference.as_str(), to.as_str(), field.as_str()) {
            ("service", "service", "owner") => Value::Reference(Key(2)),
            ("service", "service", "name") => Value::text("卡支付"),
            _ => Value::Unset,
        }
    }

    fn step_link(&self, reference: &Name, end: &LinkEnd) -> Vec<Key> {
        let known = reference == "service" && end.link == "supporters";
        if known { vec![Key(3), Key(1)] } else { Vec::new() }
    }

    fn linked(&self, end: &LinkEnd) -> Vec<Key> {
        match end.link.as_str() {
            "affects" => vec![Key(21), Key(20)],
            "caused_by" if end.inverse => vec![Key(40)],
            "resolves" => vec![Key(30)],
            _ => Vec::new(),
        }
    }

    fn count(&self, end: &LinkEnd) -> i64 {
        i64::try_from(self.linked(end).len()).unwrap_or(i64::MAX)
    }

    fn linked_field(&self, end: &LinkEnd, field: &Name) -> Vec<Value> {
        match (end.link.as_str(), field.as_str()) {
            ("affects", "state") => vec![Value::text("live"), Value::text("retired")],
            ("affects", "manager") => vec![Value::Reference(Key(2)), Value::Unset],
            ("caused_by", "summary") => vec![Value::text("刷卡失败")],
            _ => Vec::new(),
        }
    }

    fn linked_link(&self, end: &LinkEnd, next: &LinkEnd) -> Vec<Key> {
        let known = end.link == "affects" && next.link == "owners";
        if known { vec![Key(4), Key(1), Key(4)] } else { Vec::new() }
    }

    fn my_part(&self, part: &Name) -> Value {
        match (self.me, part.as_str()) {
            (Some(_), "services") => Value::References([Key(10), Key(11)].into()),
            (Some(_), "roles") => texts(&["requester"]),
            _ => Value::Unset,
        }
    }

    fn me(&self) -> Option<Key> {
        self.me
    }

    fn now(&self) -> i64 {
        self.now
    }

    fn today(&self) -> i32 {
        self.today
    }

    fn parameter(&self, parameter: &Name) -> Value {
        match parameter.as_str() {
            "from" => Value::Instant(instant("2026-03-01T00:00:00Z")),
            "level" => Value::text("high"),
            "levels" => texts(&["medium", "high"]),
            "number" => Value::Integer(5),
            _ => Value::Unset,
        }
    }

    fn matrix(&self, matrix: &Name, row: &str, column: &str) -> Value {
        let rank = |level: &str| ["low", "medium", "high"].iter().position(|known| *known == level);
        let change = shared().record_type("change");
        let matrix = change.and_then(|change| change.matrices.get(matrix));
        match (matrix, rank(row), rank(column)) {
            (Some(matrix), Some(row), Some(column)) => Value::text(&matrix.cells[row][column]),
            _ => Value::Unset,
        }
    }
}
