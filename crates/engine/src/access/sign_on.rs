//! Single sign-on as it is set up: who vouches for people beside our own passwords, what is
//! believed of what they say, and which of their groups give which roles. The network is handed in
//! with it.

use super::patience::Patience;
use crate::engine::Engine;
use model::Name;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What single sign-on needs; nothing of it is there where nobody has set it up.
#[derive(Default)]
pub struct SignOn {
    pub providers: Vec<Provider>,
    pub directory: Option<Judge>,
}

/// What becomes of somebody who is vouched for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    /// The short name in settings and addresses, such as `work`.
    pub name: String,
    /// Groups and the roles that their members get. Every role named here is given and taken by
    /// the groups alone; all other roles are given by hand.
    pub roles: Vec<(String, Name)>,
    /// Whether whoever has no account gets one.
    pub makes_accounts: bool,
    /// Whether an account that nobody has ever used is theirs who come with its login.
    pub binds_by_login: bool,
}

/// A provider of OpenID Connect.
pub struct Provider {
    pub policy: Policy,
    /// What its button says, in English and in Chinese.
    pub label: [String; 2],
    /// Exactly as the provider says it.
    pub issuer: String,
    pub client_id: String,
    /// None for a public client, which PKCE alone protects.
    pub client_secret: Option<String>,
    pub scopes: Vec<String>,
    pub claims: Claims,
    pub outside: Arc<dyn Outside>,
    pub(super) known: super::oidc::Known,
}

/// The names of the claims that say who somebody is.
#[derive(Debug, Clone)]
pub struct Claims {
    pub login: String,
    pub name: String,
    pub email: String,
    pub groups: String,
}

impl Provider {
    pub fn new(policy: Policy, issuer: &str, client_id: &str, outside: Arc<dyn Outside>) -> Self {
        Provider {
            label: [policy.name.clone(), policy.name.clone()],
            policy,
            issuer: issuer.to_string(),
            client_id: client_id.to_string(),
            client_secret: None,
            scopes: ["openid", "profile", "email"].map(str::to_string).to_vec(),
            claims: Claims {
                login: "preferred_username".into(),
                name: "name".into(),
                email: "email".into(),
                groups: "groups".into(),
            },
            outside,
            known: super::oidc::Known::default(),
        }
    }
}

/// Calls of programs elsewhere, by HTTP. Whoever implements it sees to a short time limit, a bound
/// on what is read, and follows no redirect.
pub trait Outside: Send + Sync {
    /// # Errors
    /// Why there is no answer, in words for the log.
    fn ask(&self, question: &Ask) -> Result<Reply, String>;
}

/// One call: a GET, or a POST where there is a form.
#[derive(Debug, Clone, Default)]
pub struct Ask<'a> {
    pub url: &'a str,
    pub form: Option<Vec<(&'static str, &'a str)>>,
    /// The header of that name.
    pub authorization: Option<String>,
}

impl Ask<'_> {
    /// The form as it is sent (`application/x-www-form-urlencoded`).
    pub fn body(&self) -> Option<String> {
        let pairs = self.form.as_ref()?.iter();
        let pairs = pairs.map(|(name, value)| format!("{name}={}", super::oidc::encoded(value)));
        Some(pairs.collect::<Vec<_>>().join("&"))
    }
}

#[derive(Debug, Clone, Default)]
pub struct Reply {
    pub status: u16,
    pub body: Vec<u8>,
}

/// A directory of people that checks passwords (LDAP). Whoever implements it sees to time limits
/// and to an encrypted way.
pub trait Directory: Send + Sync {
    /// Who this is, if the password is theirs. It is not empty.
    ///
    /// # Errors
    /// Why it cannot be told, in words for the log.
    fn check(&self, whom: Whom, password: &str) -> Result<Option<Entry>, String>;

    /// What it calls the login, for those whose entry has none.
    fn login_attribute(&self) -> &str;
}

/// Whose entry is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom<'w> {
    /// Of whoever comes in by this login.
    Login(&'w str),
    /// Of whoever is in, by [`Entry::subject`].
    Subject(&'w str),
}

/// The directory as it is set up.
pub struct Judge {
    pub policy: Policy,
    pub directory: Arc<dyn Directory>,
    pub(super) patience: Patience,
}

impl Judge {
    pub fn new(policy: Policy, directory: Arc<dyn Directory>) -> Judge {
        Judge { policy, directory, patience: Patience::default() }
    }
}

/// Somebody in a directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// What stays when the person is renamed or moved.
    pub subject: String,
    /// Empty where the entry has none.
    pub login: String,
    pub name: Option<String>,
    pub email: Option<String>,
    /// Their names, compared without regard to capitals as directories do: [`Policy::roles`] of a
    /// directory hold small letters.
    pub groups: Vec<String>,
}

/// Somebody who is vouched for: no more than what was said of them and believed.
#[derive(Debug, Clone, Default)]
pub(super) struct Arrival {
    pub issuer: String,
    pub subject: String,
    pub login: String,
    pub name: Option<String>,
    /// For a new person.
    pub email: Option<String>,
    /// Whether the address is known to be theirs, so that it says who they are.
    pub email_is_proven: bool,
    /// A code such as `zh`.
    pub language: Option<String>,
    pub groups: Vec<String>,
}

impl Policy {
    /// The roles that these groups give.
    pub fn given(&self, groups: &[String]) -> BTreeSet<Name> {
        let given = self.roles.iter().filter(|(group, _)| groups.contains(group));
        given.map(|(_, role)| role.clone()).collect()
    }

    /// What somebody who holds these roles should hold: those given by hand, and those that the
    /// groups give.
    pub fn roles(&self, held: &BTreeSet<Name>, groups: &[String]) -> BTreeSet<Name> {
        let managed = |role: &&Name| self.roles.iter().any(|(_, known)| known == *role);
        let by_hand = held.iter().filter(|role| !managed(role)).cloned();
        by_hand.chain(self.given(groups)).collect()
    }
}

/// What an account is bound to. Instants in microseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    pub provider: String,
    pub issuer: String,
    pub subject: String,
    pub since: i64,
}

impl Engine {
    /// Says who vouches for people; the first word counts.
    pub fn let_in_by(&self, sign_on: SignOn) {
        let _ = self.sign_on_cell().set(sign_on);
    }

    /// The providers that have a button.
    pub fn providers(&self) -> &[Provider] {
        self.sign_on_cell().get().map_or(&[], |known| &known.providers)
    }

    /// The groups whose members get the role, each with the name of who vouches for them.
    pub fn groups_giving(&self, role: &str) -> Vec<(String, String)> {
        let policies = self.providers().iter().map(|provider| &provider.policy);
        let policies = policies.chain(self.directory().map(|judge| &judge.policy));
        let given = policies.flat_map(|policy| policy.roles.iter().map(move |one| (policy, one)));
        let giving = given.filter(|(_, (_, gives))| *gives == *role);
        giving.map(|(policy, (group, _))| (policy.name.clone(), group.clone())).collect()
    }

    /// Whether anybody vouches for people here.
    pub fn has_sign_on(&self) -> bool {
        self.directory().is_some() || !self.providers().is_empty()
    }

    pub(super) fn directory(&self) -> Option<&Judge> {
        self.sign_on_cell().get()?.directory.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[&str]) -> BTreeSet<Name> {
        all.iter().filter_map(|name| Name::new(name)).collect()
    }

    #[test]
    fn groups_give_and_take_their_roles_and_no_others() {
        let role = |name: &str| Name::new(name).unwrap();
        let roles = vec![("it".into(), role("agent")), ("heads".into(), role("manager"))];
        let policy = Policy { roles, ..Policy::default() };
        let held = names(&["manager", "auditor"]);
        for (groups, expected) in [
            (&["it"][..], &["agent", "auditor"][..]),
            (&["it", "heads", "else"], &["agent", "auditor", "manager"]),
            (&[], &["auditor"]),
        ] {
            let groups: Vec<String> = groups.iter().map(ToString::to_string).collect();
            assert_eq!(policy.roles(&held, &groups), names(expected), "{groups:?}");
        }
        assert_eq!(Policy::default().roles(&held, &["it".into()]), held);
    }
}
