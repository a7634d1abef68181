//! Single sign-on as the settings say it: providers of OpenID Connect and a directory. What cannot
//! work is refused at the start, by the name of the setting.

use super::directory::Plan;
use super::outside::Http;
use crate::failure::{Failure, Result};
use crate::folder;
use crate::host::Host;
use crate::settings::Settings;
use engine::Engine;
use engine::access::{Claims, Judge, Outside, Policy, Provider, SignOn, is_safe};
use model::Name;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::path::Path;
use std::sync::Arc;

/// Lets people in whom others vouch for.
///
/// # Errors
/// Refused where a setting is missing or does not fit.
pub fn prepare(host: &Host) -> Result<()> {
    let (settings, engine) = (&host.settings, &host.engine);
    let names = settings.names();
    let mut providers = Vec::new();
    if !names.is_empty() {
        demand_base(settings)?;
        let outside: Arc<dyn Outside> = Arc::new(Http::new()?);
        for name in names {
            providers.push(provider(settings, engine, name, &outside)?);
        }
    }
    let directory = directory(settings, engine)?;
    engine.let_in_by(SignOn { providers, directory });
    Ok(())
}

/// Providers send people back to an address that has to be known.
fn demand_base(settings: &Settings) -> Result<()> {
    match settings.some("base_url") {
        Some(_) => Ok(()),
        None => Err(missing("base_url", "the address that people are sent back to")),
    }
}

fn provider(
    settings: &Settings,
    engine: &Engine,
    name: &str,
    outside: &Arc<dyn Outside>,
) -> Result<Provider> {
    let text = |part: &str| settings.text_of(name, part).to_string();
    let whole = |part: &str| format!("oidc.{name}.{part}");
    let (issuer, client) = (text("issuer"), text("client_id"));
    if !is_safe(&issuer) {
        return Err(unfit(&whole("issuer"), "https://... (http on this machine only)"));
    }
    if client.is_empty() {
        return Err(missing(&whole("client_id"), "what the provider calls us"));
    }
    let roles = roles(engine, &whole("roles"), settings.map_of(name, "roles"))?;
    let policy = policy(name, roles, &text("unknown"), &text("bind"));
    let mut provider = Provider::new(policy, &issuer, &client, outside.clone());
    provider.label = labels(name, &text("label_en"), &text("label_zh"));
    provider.client_secret = secret(&whole("client_secret"), &text)?;
    let scopes = text("scopes");
    provider.scopes = scopes.split([',', ' ']).filter(|s| !s.is_empty()).map(Into::into).collect();
    if !provider.scopes.iter().any(|scope| scope == "openid") {
        return Err(unfit(&whole("scopes"), "openid, ..."));
    }
    provider.claims = Claims {
        login: text("login_claim"),
        name: text("name_claim"),
        email: text("email_claim"),
        groups: text("groups_claim"),
    };
    Ok(provider)
}

fn policy(name: &str, roles: Vec<(String, Name)>, unknown: &str, bind: &str) -> Policy {
    Policy {
        name: name.to_string(),
        roles,
        makes_accounts: unknown == "create",
        binds_by_login: bind == "login",
    }
}

/// Each language falls back to the other, and both to the name.
fn labels(name: &str, en: &str, zh: &str) -> [String; 2] {
    let first = |one: &str, other: &str| {
        let known = [one, other, name].into_iter().find(|text| !text.is_empty());
        known.unwrap_or_default().to_string()
    };
    [first(en, zh), first(zh, en)]
}

fn directory(settings: &Settings, engine: &Engine) -> Result<Option<Judge>> {
    let Some(url) = settings.some("ldap.url") else { return Ok(None) };
    let text = |part: &str| settings.text(&format!("ldap.{part}")).to_string();
    let plain = settings.is_yes("ldap.plain");
    let rest = url.strip_prefix("ldaps://").or_else(|| url.strip_prefix("ldap://"));
    // The rule of addresses that are safe to speak plainly to is the same.
    let is_here = rest.is_some_and(|rest| is_safe(&format!("http://{rest}")));
    if rest.is_none() || (plain && !is_here) {
        return Err(unfit(
            "ldap.url",
            "ldaps://HOST, or ldap://HOST with STARTTLS; plain only here",
        ));
    }
    demand_filters(settings)?;
    let searcher = searcher(settings, &text)?;
    let mut roles = roles(engine, "ldap.roles", settings.map("ldap.roles"))?;
    roles.iter_mut().for_each(|(group, _)| *group = group.to_lowercase());
    let policy = policy("ldap", roles, &text("unknown"), &text("bind"));
    let plan = Plan {
        url: url.to_string(),
        plain,
        roots: settings.path("ldap.certificates").map(|path| roots(&path)).transpose()?,
        searcher,
        base: text("base"),
        filter: text("filter"),
        id: text("id_attribute"),
        login: text("login_attribute"),
        name: text("name_attribute"),
        email: text("email_attribute"),
        groups: text("groups_attribute"),
        group_base: settings.some("ldap.group_base").map(str::to_string),
        group_filter: text("group_filter"),
    };
    Ok(Some(Judge::new(policy, Arc::new(plan))))
}

/// Where and how people and their groups are searched.
fn demand_filters(settings: &Settings) -> Result<()> {
    for name in ["ldap.base", "ldap.filter"] {
        if settings.some(name).is_none() {
            return Err(missing(name, "where and how people are searched"));
        }
    }
    if !settings.text("ldap.filter").contains("{login}") {
        return Err(unfit("ldap.filter", "(uid={login})"));
    }
    // Without the person in it, everybody would be in every group that is found.
    let groups = settings.text("ldap.group_filter");
    let names_person = ["{dn}", "{login}"].iter().any(|part| groups.contains(part));
    match settings.some("ldap.group_base").is_some() && !names_person {
        true => Err(unfit("ldap.group_filter", "(member={dn}), (memberUid={login})")),
        false => Ok(()),
    }
}

/// Who searches and the password; nobody in particular where neither is set.
fn searcher(
    settings: &Settings,
    text: &dyn Fn(&str) -> String,
) -> Result<Option<(String, String)>> {
    let password = secret("ldap.bind_password", text)?;
    match (settings.some("ldap.bind_dn"), password) {
        (Some(dn), Some(password)) => Ok(Some((dn.to_string(), password))),
        (Some(_), None) => Err(missing("ldap.bind_password_file", "the password of who searches")),
        (None, Some(_)) => Err(missing("ldap.bind_dn", "whose password \"ldap.bind_password\" is")),
        (None, None) => Ok(None),
    }
}

/// Roles that the definitions know.
fn roles(
    engine: &Engine,
    setting: &str,
    pairs: Vec<(String, String)>,
) -> Result<Vec<(String, Name)>> {
    let catalogue = engine.catalogue();
    let known = |role: &str| catalogue.model.roles.keys().find(|known| known.as_str() == role);
    let pair = |(group, role): (String, String)| match known(&role) {
        Some(role) => Ok((group, role.clone())),
        None => Err(Failure::refused(
            "bad-setting",
            format!("The setting \"{setting}\" gives the role \"{role}\", which there is not."),
            format!("设置“{setting}”授予的角色“{role}”不存在。"),
        )),
    };
    pairs.into_iter().map(pair).collect()
}

/// A secret that is written out, or stands in a file; `setting` is the whole name of the first, and
/// `text` reads a part beside it. An empty one would be none: a directory lets everybody in who
/// gives no password.
fn secret(setting: &str, text: &dyn Fn(&str) -> String) -> Result<Option<String>> {
    let part = setting.rsplit('.').next().unwrap_or(setting);
    let (written, file) = (text(part), text(&format!("{part}_file")));
    let (read, from) = match (written.as_str(), file.as_str()) {
        ("", "") => return Ok(None),
        ("", file) => (folder::read(Path::new(file))?, format!("{setting}_file")),
        (_, _) => (written, setting.to_string()),
    };
    match read.trim() {
        "" => Err(unfit(&from, "a secret that is not empty")),
        secret => Ok(Some(secret.to_string())),
    }
}

fn roots(path: &Path) -> Result<RootCertStore> {
    let bytes =
        folder::bytes(path).map_err(|error| Failure::outside("ldap.certificates", error))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&bytes).flatten() {
        let _ = roots.add(certificate);
    }
    match roots.is_empty() {
        true => Err(unfit("ldap.certificates", "PEM")),
        false => Ok(roots),
    }
}

fn missing(name: &str, what: &str) -> Failure {
    Failure::refused(
        "bad-setting",
        format!("Single sign-on takes the setting \"{name}\": {what}."),
        format!("单点登录需要设置“{name}”。"),
    )
}

fn unfit(name: &str, what: &str) -> Failure {
    Failure::refused(
        "bad-setting",
        format!("The setting \"{name}\" does not fit; it takes {what}."),
        format!("设置“{name}”不符合要求；应为：{what}。"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;
    use crate::settings::{Given, read};
    use model::Language;

    fn settings(all: &[(&str, &str)]) -> Settings {
        let of = |name: &str| format!("EVENKEEL_{}", name.to_uppercase().replace('.', "_"));
        let settings = all.iter().map(|(name, value)| (of(name), value.to_string())).collect();
        let environment = Environment { settings, ..Environment::default() };
        let folder = tempfile::tempdir().unwrap().path().display().to_string();
        read(&Given { flags: vec![("data", folder)], ..Given::default() }, &environment).unwrap()
    }

    /// What a directory with these settings is refused for; empty where it is not.
    fn refused(more: &[(&str, &str)]) -> String {
        let base = [("ldap.url", "ldaps://one.example"), ("ldap.base", "dc=one")];
        let settings = settings(&[&base[..], more].concat());
        let text = |part: &str| settings.text(&format!("ldap.{part}")).to_string();
        let judged = demand_filters(&settings).and_then(|()| searcher(&settings, &text));
        judged.err().map(|failure| failure.text(Language::EN)).unwrap_or_default()
    }

    #[test]
    fn what_would_let_anybody_in_is_refused_by_the_name_of_the_setting() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty");
        folder::write_private(&empty, b" \n").unwrap();
        let (empty, searcher) = (empty.display().to_string(), ("ldap.bind_dn", "cn=reader"));
        for (named, more) in [
            ("ldap.bind_password_file", vec![searcher]),
            ("\"ldap.bind_password_file\"", vec![searcher, ("ldap.bind_password_file", &empty)]),
            ("\"ldap.bind_password\"", vec![searcher, ("ldap.bind_password", " ")]),
            ("\"ldap.bind_dn\"", vec![("ldap.bind_password", "a word")]),
            ("ldap.filter", vec![("ldap.filter", "(uid=*)")]),
            (
                "ldap.group_filter",
                vec![("ldap.group_base", "dc=one"), ("ldap.group_filter", "(cn=*)")],
            ),
        ] {
            let said = refused(&more);
            assert!(said.contains(named), "{more:?}: {said}");
        }
        for more in [
            vec![],
            vec![searcher, ("ldap.bind_password", "a word")],
            vec![("ldap.group_base", "dc=one")],
            vec![("ldap.group_base", "dc=one"), ("ldap.group_filter", "(memberUid={login})")],
        ] {
            assert_eq!(refused(&more), "", "{more:?}");
        }
    }

    #[test]
    fn nobody_is_bound_by_a_login_alone_unless_the_house_says_so() {
        let settings =
            settings(&[("oidc.one.issuer", "https://one.example"), ("oidc.one.client_id", "us")]);
        assert_eq!(
            (settings.text("ldap.bind"), settings.text_of("one", "bind")),
            ("never", "never")
        );
        assert!(!policy("one", Vec::new(), "refuse", settings.text("ldap.bind")).binds_by_login);
        assert!(policy("one", Vec::new(), "refuse", "login").binds_by_login);
    }
}
