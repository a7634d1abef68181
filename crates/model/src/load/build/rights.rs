//! Roles on a record type, and permissions.

use super::Builder;
use crate::definition::Permission;
use crate::expression::Expression;
use crate::grammar::Names;
use crate::name::Name;
use crate::tree::Entry;

impl Builder<'_, '_> {
    /// On which records the role counts; none where it counts on all.
    pub(super) fn role_scope(&mut self, entry: &Entry, _role: Name) -> Option<Expression> {
        self.condition("role", entry, "for")
    }

    pub(super) fn permission(&mut self, entry: &Entry, _role: Name) -> Option<Permission> {
        let role = self.known(Names::Role, &entry.key, entry.key_span)?;
        let see = self.names("permission", entry, "see");
        Some(Permission {
            role: Some(role),
            create: self.condition("permission", entry, "create"),
            read: self.condition("permission", entry, "read"),
            write: self.condition("permission", entry, "write"),
            withdraw: self.condition("permission", entry, "withdraw"),
            internal: self.condition("permission", entry, "internal"),
            see: entry.node.get("see").is_some().then_some(see),
        })
    }
}
