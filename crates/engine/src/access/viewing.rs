//! Viewing as another role: whoever administers reads as somebody with that role would, to see what
//! it is given. The session then reads what the role *and* its holder may read, and writes nothing.
//! Both conditions count, so nobody sees more by it. Which role it is stands with the session on
//! the server; its beginning and its end are written down.

use super::{Whence, event, hash};
use crate::actor::{Actor, Viewed};
use crate::catalogue::Catalogue;
use crate::engine::Engine;
use crate::refusal::{Refusal, Result};
use crate::rights::Rights;
use crate::session::Session;
use model::Name;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Unit;
use store::core::token;

/// How the limit of a session begins, before the name of the role.
const AS: &str = "as:";

/// The role that a session is limited to, as it is stored.
pub(super) fn role(limit: &str) -> Option<Name> {
    limit.strip_prefix(AS).and_then(Name::new)
}

/// Takes away what the role does not read, and all that writes.
pub(super) fn limit(engine: &Engine, actor: &mut Actor, role: &Name) {
    let catalogue = engine.catalogue();
    let given = engine.rights(&catalogue, &BTreeSet::from([role.clone()]));
    actor.rights = Arc::new(Rights::both(&catalogue.model, &given, &actor.rights));
    actor.roles = BTreeSet::from([role.clone()]);
    actor.scopes = Some(BTreeSet::from(["read".to_string()]));
    actor.stands_in_for = Vec::new();
    let label = catalogue.model.roles.get(role).map(|role| role.label.clone());
    actor.viewing = Some(Viewed { role: role.clone(), label: label.unwrap_or_default() });
}

impl Session {
    /// The roles that one may view as: those that accounts are given, for whoever administers.
    pub fn roles_to_view_as(&self, catalogue: &Catalogue) -> Vec<Name> {
        let given = catalogue.model.roles.values().filter(|role| !role.everybody);
        given.filter(|_| self.administers()).map(|role| role.name.clone()).collect()
    }

    /// Begins to view as a role in the session with the text `this`, from the next request on.
    ///
    /// # Errors
    /// `NotAllowed` for whoever does not administer, or views as a role already; `Invalid` for a
    /// role that is unknown or everybody's.
    pub fn view_as(&self, this: &str, role: &str, from: Whence) -> Result<()> {
        self.demand_administrator()?;
        let roles = self.roles_to_view_as(&self.engine().catalogue());
        let known = roles.into_iter().find(|known| known == role).ok_or_else(|| {
            let en = "Choose one of the roles that are offered.";
            Refusal::field("role", en, "请选择列出的角色之一。")
        })?;
        self.set_view(this, Some(&known), (event::VIEW_BEGUN, &known), from)
    }

    /// Goes back to one's own view; nothing where one has it already.
    ///
    /// # Errors
    /// A failed write.
    pub fn end_view(&self, this: &str, from: Whence) -> Result<()> {
        match &self.actor().viewing {
            Some(viewed) => self.set_view(this, None, (event::VIEW_ENDED, &viewed.role), from),
            None => Ok(()),
        }
    }

    fn set_view(
        &self,
        this: &str,
        view: Option<&Name>,
        (kind, role): (&str, &Name),
        from: Whence,
    ) -> Result<()> {
        let (engine, account) = (self.engine(), self.account()?);
        let limit = view.map_or_else(String::new, |role| format!("{AS}{role}"));
        let mut unit = Unit::new();
        token::limit(&mut unit, &hash(this), &limit);
        let kind = event::about(kind, role);
        engine.note(&mut unit, &kind, Some(account), &self.actor().login, None, from);
        engine.database().write(unit)?;
        engine.actors().clear();
        Ok(())
    }

    /// Refuses to write while one views as a role.
    ///
    /// # Errors
    /// `Viewing`.
    pub fn demand_own_view(&self) -> Result<()> {
        match &self.actor().viewing {
            Some(viewed) => Err(Refusal::Viewing { role: viewed.label.clone() }.into()),
            None => Ok(()),
        }
    }
}
