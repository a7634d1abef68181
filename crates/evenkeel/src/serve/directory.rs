//! A directory by LDAP: the entry of a login is searched, then its password is tried by a bind as
//! that entry. Each check has a connection of its own, encrypted, and a few seconds at most.

use engine::access::{Directory, Entry, Whom};
use ldap3::{
    Ldap, LdapConnAsync, LdapConnSettings, Scope, SearchEntry, SearchOptions, ldap_escape,
};
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::time::Duration;

/// How long a whole check may take.
const TIME: Duration = Duration::from_secs(10);
/// How long it may take to reach the directory.
const CONNECT: Duration = Duration::from_secs(4);
/// Groups of one person at most.
const GROUPS: i32 = 1000;
/// The result code of a wrong password (RFC 4511, appendix A).
const WRONG_PASSWORD: u32 = 49;

/// Where the directory is, and how people and groups are found in it. It holds a password, so it is
/// not to be printed.
pub struct Plan {
    pub url: String,
    /// Without encryption: for this machine only.
    pub plain: bool,
    /// Authorities in the place of those of the system.
    pub roots: Option<RootCertStore>,
    /// Who searches, and the password; nobody in particular where not given.
    pub searcher: Option<(String, String)>,
    pub base: String,
    pub filter: String,
    pub id: String,
    pub login: String,
    pub name: String,
    pub email: String,
    pub groups: String,
    pub group_base: Option<String>,
    pub group_filter: String,
}

impl Directory for Plan {
    fn check(&self, whom: Whom, password: &str) -> Result<Option<Entry>, String> {
        // Of its own, because the caller is a plain thread that waits.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| error.to_string())?;
        runtime.block_on(async {
            match tokio::time::timeout(TIME, self.checked(whom, password)).await {
                Ok(checked) => checked.map_err(|error| error.to_string()),
                Err(_) => Err(format!("no answer within {} s", TIME.as_secs())),
            }
        })
    }

    fn login_attribute(&self) -> &str {
        &self.login
    }
}

type Told<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

impl Plan {
    async fn checked(&self, whom: Whom<'_>, password: &str) -> Told<Option<Entry>> {
        let (connection, mut ldap) = LdapConnAsync::with_settings(self.way(), &self.url).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.drive().await {
                tracing::debug!(%error, "the connection to the directory ended");
            }
        });
        if let Some((dn, password)) = &self.searcher {
            ldap.simple_bind(dn, password).await?.success()?;
        }
        let Some(found) = self.entry(&mut ldap, whom).await? else { return Ok(None) };
        let login = all(&found, &self.login).into_iter().next().unwrap_or_default();
        // Rights to read groups are the searcher's, so they are read before.
        let groups = self.groups(&mut ldap, &found, &login).await?;
        // Without a name the bind would be one of nobody, and succeed.
        if found.dn.is_empty() || password.is_empty() {
            return Ok(None);
        }
        let bound = ldap.simple_bind(&found.dn, password).await?;
        if bound.rc == WRONG_PASSWORD {
            return Ok(None);
        }
        bound.success()?;
        let _ = ldap.unbind().await;
        let subject = all(&found, &self.id).into_iter().next();
        let missing = || format!("the entry of \"{login}\" has no {}", self.id);
        Ok(Some(Entry {
            subject: subject.ok_or_else(missing)?,
            login,
            name: all(&found, &self.name).into_iter().next(),
            email: all(&found, &self.email).into_iter().next(),
            groups,
        }))
    }

    fn way(&self) -> LdapConnSettings {
        let way = LdapConnSettings::new().set_conn_timeout(CONNECT);
        let way = way.set_starttls(!self.plain && self.url.starts_with("ldap://"));
        match &self.roots {
            Some(roots) => {
                let config = ClientConfig::builder().with_root_certificates(roots.clone());
                way.set_config(Arc::new(config.with_no_client_auth()))
            }
            None => way,
        }
    }

    /// The one entry that is looked for. Whoever is in was asked at the door what else the filter
    /// asks.
    async fn entry(&self, ldap: &mut Ldap, whom: Whom<'_>) -> Told<Option<SearchEntry>> {
        let filter = match whom {
            Whom::Login(login) => self.filter.replace("{login}", &ldap_escape(login)),
            Whom::Subject(subject) => by_subject(&self.id, subject),
        };
        let wanted = [&self.id, &self.login, &self.name, &self.email, &self.groups];
        let wanted: Vec<&str> = wanted.into_iter().map(String::as_str).collect();
        let found = search(ldap, &self.base, &filter, wanted, 2).await?;
        if found.len() > 1 {
            return Err("the filter finds more than one entry".into());
        }
        Ok(found.into_iter().next())
    }

    /// The groups that the entry names, and those that name it: by its own login, because what was
    /// typed may be another word for it.
    async fn groups(&self, ldap: &mut Ldap, of: &SearchEntry, login: &str) -> Told<Vec<String>> {
        let mut groups = all(of, &self.groups);
        if let Some(base) = self.group_base.as_ref().filter(|_| !login.is_empty()) {
            let filter = self.group_filter.replace("{login}", &ldap_escape(login));
            let filter = filter.replace("{dn}", &ldap_escape(of.dn.as_str()));
            let found = search(ldap, base, &filter, vec!["1.1"], GROUPS).await?;
            groups.extend(found.into_iter().map(|group| group.dn));
        }
        Ok(groups)
    }
}

/// The filter for what stays for ever, be it a text or bytes that were kept as digits.
///
/// | attribute, subject | filter |
/// | --- | --- |
/// | `entryUUID`, `8d33-1` | `(entryUUID=8d33-1)` |
/// | `objectGUID`, `8d33` | `(\|(objectGUID=8d33)(objectGUID=\8d\33))` |
fn by_subject(id: &str, subject: &str) -> String {
    let text = format!("({id}={})", ldap_escape(subject));
    match hex::decode(subject) {
        Ok(bytes) => {
            let bytes: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
            format!("(|{text}({id}={bytes}))")
        }
        Err(_) => text,
    }
}

async fn search(
    ldap: &mut Ldap,
    base: &str,
    filter: &str,
    wanted: Vec<&str>,
    most: i32,
) -> Told<Vec<SearchEntry>> {
    let ldap = ldap.with_search_options(SearchOptions::new().sizelimit(most));
    let (found, _) = ldap.search(base, Scope::Subtree, filter, wanted).await?.success()?;
    let entries = found.into_iter().filter(|one| !one.is_ref() && !one.is_intermediate());
    Ok(entries.map(SearchEntry::construct).collect())
}

/// The values of an attribute, whatever capitals its name has; bytes that are no text as
/// hexadecimal digits.
fn all(entry: &SearchEntry, name: &str) -> Vec<String> {
    let texts = entry.attrs.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let bytes = entry.bin_attrs.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
    let texts = texts.flat_map(|(_, values)| values.clone());
    texts.chain(bytes.flat_map(|(_, values)| values.iter().map(hex::encode))).collect()
}

#[cfg(test)]
mod tests {
    use super::by_subject;

    #[test]
    fn a_subject_is_found_as_text_and_as_bytes() {
        assert_eq!(by_subject("entryUUID", "8d33-1"), "(entryUUID=8d33-1)");
        assert_eq!(by_subject("id", "a*)"), "(id=a\\2a\\29)");
        let guid = r"(|(objectGUID=8d33)(objectGUID=\8d\33))";
        assert_eq!(by_subject("objectGUID", "8d33"), guid);
    }
}
