//! What one set of roles may do, worked out once per definition version and set of roles: as
//! conditions for the store (every query carries them) and for decisions in memory.
//!
//! Rights are granted, never withdrawn: a right is the `or` over the roles a person holds of the
//! role's scope `and` the right's condition. What no line gives, nobody has.

mod both;
pub mod in_place;
pub mod tokens;

use in_place::Place;
use model::definition::{Model, Permission, RecordType};
use model::expression::{Expression, Facts, Node, Reads};
use model::{Name, Value};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use store::sql::{Right, Sight};

/// The rights of everybody who holds exactly these roles.
pub struct Rights {
    types: HashMap<Name, Arc<TypeRights>>,
    administers: bool,
}

/// Rights on the records of one type.
pub struct TypeRights {
    grants: Vec<Grant>,
    read: Right,
    /// For each field of a section that some reader is not shown: where it may be read.
    limited: HashMap<Name, Right>,
    internal: Right,
    /// Where every section and the internal notes may be read by one and the same role.
    whole_text: Right,
    /// What is read to decide about one record in memory.
    pub reads: Reads,
}

/// What one role gives, on the records of its scope.
#[derive(Clone)]
struct Grant {
    role: Name,
    scope: Option<Expression>,
    permission: Option<Permission>,
    definition: Arc<RecordType>,
    /// The role is somebody else's: it lets read and does nothing more.
    in_place: bool,
}

/// A right on one record that exists or is about to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Create,
    Read,
    Write,
    Withdraw,
    Internal,
}

impl Rights {
    /// Works out the rights of people with these roles; roles everybody holds are added.
    pub fn of(model: &Model, roles: &BTreeSet<Name>) -> Rights {
        let everybody = model.roles.values().filter(|role| role.everybody);
        let held: BTreeSet<Name> =
            roles.iter().cloned().chain(everybody.map(|role| role.name.clone())).collect();
        let types = model.record_types.values();
        let of = |t: &Arc<RecordType>| Arc::new(TypeRights::of(t, own(t, &held)));
        let types = types.map(|t| (t.name.clone(), of(t))).collect();
        let mut given = roles.iter().filter_map(|role| model.roles.get(role));
        let administers = given.any(|role| role.administers);
        Rights { types, administers }
    }

    /// The same, and what may be read in the places of others.
    pub fn and_in_place(&self, model: &Model, places: &[Place]) -> Rights {
        let mut types = self.types.clone();
        for definition in model.record_types.values() {
            let grants = |place| in_place::grants(model, definition, place);
            let more: Vec<Grant> = places.iter().flat_map(grants).collect();
            if let (false, Some(rights)) = (more.is_empty(), types.get_mut(&definition.name)) {
                let all = rights.grants.iter().cloned().chain(more).collect();
                *rights = Arc::new(TypeRights::of(definition, all));
            }
        }
        Rights { types, administers: self.administers }
    }

    /// Whether one of the roles is declared to administer the program. A role that everybody holds
    /// does not count: it has to be given.
    pub fn administers(&self) -> bool {
        self.administers
    }

    pub fn on(&self, record_type: &str) -> Option<&TypeRights> {
        self.types.get(record_type).map(|rights| &**rights)
    }
}

impl Sight for Rights {
    fn read(&self, record_type: &str) -> Right {
        self.on(record_type).map_or(Right::Never, |rights| rights.read.clone())
    }

    fn field(&self, record_type: &str, field: &str) -> Right {
        self.on(record_type)
            .map_or(Right::Never, |rights| rights.limited.get(field).cloned().unwrap_or(Right::All))
    }

    fn whole_text(&self, record_type: &str) -> Right {
        self.on(record_type).map_or(Right::Never, |rights| rights.whole_text.clone())
    }
}

/// What the roles held give on records of a type.
fn own(definition: &Arc<RecordType>, held: &BTreeSet<Name>) -> Vec<Grant> {
    let concerned = held.iter().filter(|role| {
        definition.permissions.contains_key(*role)
            || definition.role_scopes.contains_key(*role)
            || named_by_workflow(definition, role)
    });
    let grant = |role: &Name| Grant {
        role: role.clone(),
        scope: definition.role_scopes.get(role).cloned(),
        permission: definition.permissions.get(role).cloned(),
        definition: definition.clone(),
        in_place: false,
    };
    concerned.map(grant).collect()
}

impl TypeRights {
    fn of(definition: &RecordType, grants: Vec<Grant>) -> TypeRights {
        let mut reads = Reads::default();
        grants.iter().flat_map(Grant::expressions).for_each(|e| reads.add(e));
        let read = any(grants.iter().map(|grant| grant.right(Deed::Read)));
        let internal = any(grants.iter().map(|grant| grant.right(Deed::Internal)));
        let limited = limited_fields(definition, &grants);
        let whole = grants.iter().filter(|grant| !grant.is_limited());
        let whole_text = any(whole.map(|grant| grant.right(Deed::Internal)));
        TypeRights { grants, read, limited, internal, whole_text, reads }
    }

    pub fn read(&self) -> &Right {
        &self.read
    }

    pub fn internal(&self) -> &Right {
        &self.internal
    }

    /// Whether some field of the type may be hidden from these roles on some record.
    pub fn has_limited_sight(&self) -> bool {
        !self.limited.is_empty()
    }

    /// Whether the field is hidden from these roles on some record.
    pub fn may_hide(&self, field: &str) -> bool {
        self.limited.get(field).is_some_and(|right| !matches!(right, Right::All))
    }

    /// Whether the deed is allowed on the record the facts are of.
    pub fn may(&self, deed: Deed, facts: &dyn Facts) -> bool {
        self.grants.iter().any(|grant| grant.allows(deed, facts))
    }

    /// Whether there can be a record on which the deed is allowed.
    pub fn could(&self, deed: Deed) -> bool {
        self.grants.iter().any(|grant| grant.condition(deed).is_some())
    }

    /// The roles of the person's own that count on this record.
    pub fn roles(&self, facts: &dyn Facts) -> BTreeSet<Name> {
        let own = self.grants.iter().filter(|grant| !grant.in_place);
        let counting = own.filter(|grant| grant.counts(facts));
        counting.map(|grant| grant.role.clone()).collect()
    }

    /// Whether a deed (creating, writing) reaches the field: a role writes only in the sections
    /// that it is shown.
    pub fn reaches(&self, deed: Deed, field: &str, facts: &dyn Facts) -> bool {
        self.grants.iter().any(|grant| {
            let section = grant.definition.section_of(field).map(|section| &section.name);
            grant.shows(section) && grant.allows(deed, facts)
        })
    }

    /// Whether the field may be read on the record the facts are of (which may be read itself).
    pub fn sees(&self, field: &str, facts: &dyn Facts) -> bool {
        match self.limited.get(field) {
            None | Some(Right::All) => true,
            Some(Right::Never) => false,
            Some(Right::Where(node)) => node.holds(facts),
        }
    }
}

impl Grant {
    fn permission(&self) -> Option<&Permission> {
        self.permission.as_ref()
    }

    fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let deeds = [Deed::Create, Deed::Read, Deed::Write, Deed::Withdraw, Deed::Internal];
        let rights = deeds.into_iter().filter_map(|deed| self.condition(deed));
        self.scope.iter().chain(rights)
    }

    fn condition(&self, deed: Deed) -> Option<&Expression> {
        let permission = self.permission()?;
        match deed {
            Deed::Create => permission.create.as_ref(),
            Deed::Read => permission.read.as_ref(),
            Deed::Write => permission.write.as_ref(),
            Deed::Withdraw => permission.withdraw.as_ref(),
            Deed::Internal => permission.internal.as_ref(),
        }
    }

    fn counts(&self, facts: &dyn Facts) -> bool {
        self.scope.as_ref().is_none_or(|scope| scope.holds(facts))
    }

    fn allows(&self, deed: Deed, facts: &dyn Facts) -> bool {
        self.condition(deed).is_some_and(|right| right.holds(facts)) && self.counts(facts)
    }

    fn right(&self, deed: Deed) -> Right {
        match self.condition(deed) {
            None => Right::Never,
            Some(right) => all(self.scope.as_ref().map(|s| &s.node), &right.node),
        }
    }

    /// Whether the role is shown some sections only.
    fn is_limited(&self) -> bool {
        self.permission().is_some_and(|permission| permission.see.is_some())
    }

    fn shows(&self, section: Option<&Name>) -> bool {
        let see = self.permission().and_then(|permission| permission.see.as_ref());
        match (see, section) {
            (None, _) => true,
            (Some(see), Some(section)) => see.contains(section),
            // A field in no section is shown to those who see everything.
            (Some(_), None) => false,
        }
    }
}

/// A role that only performs transitions or gives approvals counts too, without any permission.
fn named_by_workflow(definition: &RecordType, role: &Name) -> bool {
    definition.transitions.values().any(|t| t.by.contains(role))
        || definition.approvals.values().any(|a| a.by.contains(role))
}

fn limited_fields(definition: &RecordType, grants: &[Grant]) -> HashMap<Name, Right> {
    if !grants.iter().any(Grant::is_limited) {
        return HashMap::new();
    }
    let whole = any(grants.iter().map(|grant| grant.right(Deed::Read)));
    let fields = definition.fields.keys().filter(|field| **field != definition.title);
    fields
        .map(|field| {
            let section = definition.section_of(field).map(|section| &section.name);
            let showing = grants.iter().filter(|grant| grant.shows(section));
            (field.clone(), any(showing.map(|grant| grant.right(Deed::Read))))
        })
        .filter(|(_, right)| *right != whole)
        .collect()
}

fn any(rights: impl Iterator<Item = Right>) -> Right {
    let mut nodes = Vec::new();
    for right in rights {
        match right {
            Right::All => return Right::All,
            Right::Never => {}
            Right::Where(node) if nodes.contains(&node) => {}
            Right::Where(node) => nodes.push(node),
        }
    }
    match nodes.len() {
        0 => Right::Never,
        1 => nodes.pop().map_or(Right::Never, Right::Where),
        _ => Right::Where(Node::Or(nodes)),
    }
}

fn all(scope: Option<&Node>, right: &Node) -> Right {
    let parts: Vec<&Node> = scope.into_iter().chain([right]).collect();
    if parts.iter().any(|node| is(node, false)) {
        return Right::Never;
    }
    let mut open: Vec<Node> = parts.into_iter().filter(|n| !is(n, true)).cloned().collect();
    match open.len() {
        0 => Right::All,
        1 => open.pop().map_or(Right::All, Right::Where),
        _ => Right::Where(Node::And(open)),
    }
}

fn is(node: &Node, yes: bool) -> bool {
    *node == Node::Value(Value::YesNo(yes))
}
