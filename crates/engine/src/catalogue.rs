//! The definitions in force, with what is worked out from them once: tables, what each purpose
//! reads, which parts of `me` anything asks for. Replaced as a whole when a version is activated.

use crate::rights::tokens;
use model::Name;
use model::definition::{Binding, Model, RecordType, RuleTest};
use model::expression::{Expression, Reads};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use store::layout::{self, Table};

/// One version of the definitions, ready to work with.
pub struct Catalogue {
    /// The number of the definition version; 0 before any was stored.
    pub version: i64,
    pub model: Model,
    tables: HashMap<Name, Arc<Table>>,
    plans: HashMap<Name, Plan>,
    /// The parts of `me` that some definition reads.
    pub my_parts: BTreeSet<Name>,
}

/// What is read around a record of one type, by purpose.
#[derive(Debug, Default)]
pub struct Plan {
    /// Defaults, computed fields, standing rules and clocks: read at every write.
    pub always: Reads,
    /// What each transition reads beside: `when`, rules, values set, approvals.
    pub transitions: HashMap<Name, Reads>,
    /// Conditions of all approvals.
    pub approvals: Reads,
    /// The reference fields that rights compare with the person: words of the search index.
    pub right_fields: BTreeSet<Name>,
    /// The fields whose words everybody who reads the record at all may find it by.
    pub public_fields: BTreeSet<Name>,
}

impl Catalogue {
    pub fn new(version: i64, model: Model) -> Catalogue {
        let mut tables = HashMap::new();
        for definition in model.record_types.values() {
            let root = definition.root().clone();
            tables.entry(root).or_insert_with(|| Arc::new(layout::table(&model, definition)));
        }
        let plans: HashMap<Name, Plan> =
            model.record_types.values().map(|t| (t.name.clone(), Plan::of(t))).collect();
        let my_parts = parts_of_me(&model, &plans);
        Catalogue { version, model, tables, plans, my_parts }
    }

    pub fn record_type(&self, name: &str) -> Option<&Arc<RecordType>> {
        self.model.record_type(name)
    }

    /// The table that holds records of this type.
    pub fn table(&self, definition: &RecordType) -> Option<&Arc<Table>> {
        self.tables.get(definition.root())
    }

    pub fn plan(&self, definition: &RecordType) -> &Plan {
        static NONE: std::sync::LazyLock<Plan> = std::sync::LazyLock::new(Plan::default);
        self.plans.get(&definition.name).unwrap_or(&NONE)
    }

    /// What plays a part the engine needs (`person`, `account`, ...).
    pub fn binding(&self, purpose: &str) -> Option<&Binding> {
        self.model.bindings.purposes.get(purpose)
    }

    /// The field or link that plays a part of a purpose, e.g. `login` of `account`.
    pub fn part(&self, purpose: &str, part: &str) -> Option<&Name> {
        self.binding(purpose)?.parts.get(part)
    }

    /// Whether what is known of people who are logged in may rest on records of this type: the
    /// account, the person, and whatever the person's links lead to does not matter.
    pub fn concerns_actors(&self, record_type: &str) -> bool {
        let is = |purpose| self.binding(purpose).is_some_and(|b| b.record == record_type);
        is("account") || is("person")
    }

    pub fn bound(&self, purpose: &str) -> Option<&Arc<RecordType>> {
        self.record_type(&self.binding(purpose)?.record)
    }
}

impl Plan {
    fn of(definition: &RecordType) -> Plan {
        let mut plan = Plan::default();
        let fields = definition.fields.values();
        let kept = fields.flat_map(|field| field.default.iter().chain(&field.computed));
        let clocks = definition.clocks.values();
        let clocks = clocks.flat_map(|clock| {
            [Some(&clock.start), clock.pause.as_ref(), Some(&clock.stop)].into_iter().flatten()
        });
        let standing = definition.rules.values().filter(|rule| rule.always);
        let standing = standing.filter_map(|rule| holds(&rule.test));
        kept.chain(clocks).chain(standing).for_each(|e| plan.always.add(e));
        let approvals = definition.approvals.values().filter_map(|a| a.when.as_ref());
        approvals.for_each(|e| plan.approvals.add(e));
        for transition in definition.transitions.values() {
            let mut reads = Reads::default();
            let rules = transition.rules.iter().filter_map(|name| definition.rules.get(name));
            let asked = transition.approve.iter().filter_map(|n| definition.approvals.get(n));
            let all = transition.when.iter().chain(transition.set.values());
            let all = all.chain(rules.filter_map(|rule| holds(&rule.test)));
            all.chain(asked.filter_map(|a| a.when.as_ref())).for_each(|e| reads.add(e));
            plan.transitions.insert(transition.name.clone(), reads);
        }
        plan.right_fields = right_fields(definition);
        plan.public_fields = public_fields(definition);
        plan
    }
}

fn right_fields(definition: &RecordType) -> BTreeSet<Name> {
    let read = definition.permissions.values().filter_map(|p| p.read.as_ref());
    let all = definition.role_scopes.values().chain(read);
    let equalities = all.filter_map(|e| tokens::equalities(&e.node)).flatten();
    equalities.map(|equality| equality.field).collect()
}

/// The title is always shown; another field, where each role that sees only some sections sees
/// its section.
fn public_fields(definition: &RecordType) -> BTreeSet<Name> {
    let shown = |field: &Name| {
        let section = definition.section_of(field).map(|section| &section.name);
        definition
            .permissions
            .values()
            .filter_map(|p| p.see.as_ref())
            .all(|see| section.is_some_and(|section| see.contains(section)))
    };
    let fields = definition.fields.keys();
    fields.filter(|field| **field == definition.title || shown(field)).cloned().collect()
}

fn holds(test: &RuleTest) -> Option<&Expression> {
    match test {
        RuleTest::Holds(expression) => Some(expression),
        RuleTest::Code => None,
    }
}

fn parts_of_me(model: &Model, plans: &HashMap<Name, Plan>) -> BTreeSet<Name> {
    let mut all = Reads::default();
    for definition in model.record_types.values() {
        definition.role_scopes.values().for_each(|e| all.add(e));
        for permission in definition.permissions.values() {
            let rights = [&permission.create, &permission.read, &permission.write];
            let more = [&permission.withdraw, &permission.internal];
            rights.into_iter().chain(more).flatten().for_each(|e| all.add(e));
        }
        definition.lists.values().filter_map(|l| l.filter.as_ref()).for_each(|e| all.add(e));
    }
    for plan in plans.values() {
        all.my_parts.extend(plan.always.my_parts.iter().cloned());
        all.my_parts.extend(plan.transitions.values().flat_map(|r| r.my_parts.iter().cloned()));
    }
    all.my_parts
}
