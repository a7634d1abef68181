//! Settings are put together from their sources and answered by name or in their kinds.

use super::keys::{KEYS, Kind, find};
use super::{Source, default_data, families, nearest, values};
use crate::environment::Environment;
use crate::failure::{Failure, Result};
use crate::folder;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::Value as Toml;

/// What the command line says about settings.
#[derive(Debug, Clone, Default)]
pub struct Given {
    pub config: Option<PathBuf>,
    /// Name and text of each setting that has a flag of its own.
    pub flags: Vec<(&'static str, String)>,
    /// A folder below the data folder to be used in its place, unless a flag says otherwise.
    pub below: Option<&'static str>,
}

/// The settings in force.
#[derive(Debug, Clone)]
pub struct Settings {
    values: BTreeMap<&'static str, (String, Source)>,
    /// Those that come in sets, by their whole names.
    named: BTreeMap<String, (String, Source)>,
    /// The folder of data, lock, socket and key.
    pub data: PathBuf,
}

/// Names in the environment that are not the operator's: what container platforms set for a
/// service called evenkeel, and what tests and rigs of the project are told.
const FOREIGN: [&str; 5] =
    ["EVENKEEL_SERVICE_", "EVENKEEL_PORT", "EVENKEEL_TEST_", "EVENKEEL_PROGRAM", "EVENKEEL_CONFIG"];

/// Puts them together: flag, environment, file, default.
///
/// # Errors
/// Refused for an unknown name or an unfit value, naming it and the mend.
pub fn read(given: &Given, environment: &Environment) -> Result<Settings> {
    let mut values = BTreeMap::new();
    let variables = variables(environment)?;
    let named = given.config.clone();
    let named = named.or_else(|| environment.settings.get("EVENKEEL_CONFIG").map(PathBuf::from));
    let flag = |name: &str| given.flags.iter().find(|(flag, _)| *flag == name).map(|(_, v)| v);
    let mut data = flag("data").or_else(|| variables.get("data")).map(PathBuf::from);
    let in_file = file(named.as_deref(), data.as_deref())?;
    for key in KEYS {
        let found = flag(key.name).map(|value| (value.clone(), Source::Flag));
        let found = found.or_else(|| Some((variables.get(key.name)?.clone(), Source::Environment)));
        let found = found.or_else(|| Some((in_file.get(key.name)?.clone(), Source::File)));
        let (value, source) = found.unwrap_or((key.default.to_string(), Source::Default));
        values::check(key, key.name, &value)?;
        values.insert(key.name, (value, source));
    }
    let named = in_sets(&variables, &in_file)?;
    data = data.or_else(|| in_file.get("data").map(PathBuf::from));
    let mut data = match data {
        Some(data) => environment.folder.join(data),
        None => default_data()?,
    };
    if let (Some(below), None) = (given.below, flag("data")) {
        data = data.join(below);
    }
    let source = values.get("data").map_or(Source::Default, |(_, source)| *source);
    values.insert("data", (data.display().to_string(), source));
    Ok(Settings { values, named, data })
}

/// Settings that come in sets.
fn in_sets(variables: &Texts, in_file: &Texts) -> Result<BTreeMap<String, (String, Source)>> {
    let mut named = BTreeMap::new();
    for (texts, source) in [(in_file, Source::File), (variables, Source::Environment)] {
        for (name, value) in texts {
            if let Some((_, key)) = families::find(name) {
                values::check(key, name, value)?;
                named.insert(name.clone(), (value.clone(), source));
            }
        }
    }
    Ok(named)
}

/// Texts of settings by their names.
type Texts = BTreeMap<String, String>;

/// Settings in the environment, by name.
fn variables(environment: &Environment) -> Result<Texts> {
    let mut found = BTreeMap::new();
    for (variable, value) in &environment.settings {
        if FOREIGN.iter().any(|foreign| variable.starts_with(foreign)) {
            continue;
        }
        let known = KEYS.iter().find(|key| key.variable() == *variable);
        let known = known.map(|key| key.name.to_string());
        let name = known.or_else(|| families::of_variable(variable)).ok_or_else(|| {
            let names: Vec<String> = KEYS.iter().map(super::Key::variable).collect();
            unknown(variable, names.iter().map(String::as_str), None)
        })?;
        if !value.is_empty() {
            found.insert(name, value.clone());
        }
    }
    Ok(found)
}

/// The file that is named, or else `evenkeel.toml` in the data folder where there is one.
fn file(named: Option<&Path>, data: Option<&Path>) -> Result<Texts> {
    let (path, text) = match named {
        Some(path) => (path.to_path_buf(), folder::read(path)?),
        None => {
            let data = data.map_or_else(default_data, |data| Ok(data.to_path_buf()))?;
            let path = data.join("evenkeel.toml");
            match folder::read_if_there(&path)? {
                Some(text) => (path, text),
                None => return Ok(Texts::new()),
            }
        }
    };
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let shown = path.display();
        Failure::refused("bad-settings", format!("{shown}: {error}"), format!("{shown}：{error}"))
    })?;
    let mut found = Texts::new();
    take(&path, "", &table, &mut found)?;
    if named.is_none() && found.contains_key("data") {
        return Err(Failure::refused(
            "bad-setting",
            "The file in the data folder cannot say where that folder is; remove \"data\" from it, \
             or name the file with --config.",
            "数据目录内的设置文件不能指定数据目录；请从中删除“data”，或用 --config 指定文件。",
        ));
    }
    Ok(found)
}

fn take(path: &Path, before: &str, table: &toml::Table, found: &mut Texts) -> Result<()> {
    for (name, value) in table {
        let name = format!("{before}{name}");
        let known = find(&name).or_else(|| Some(families::find(&name)?.1));
        if let (Toml::Table(inner), true) = (value, known.is_none_or(|key| key.kind != Kind::Map)) {
            take(path, &format!("{name}."), inner, found)?;
            continue;
        }
        let names =
            || KEYS.iter().map(|key| key.name).chain(families::PARTS.iter().map(|k| k.name));
        let key = known.ok_or_else(|| unknown(&name, names(), Some(path)))?;
        let text = match value {
            Toml::String(text) if key.kind == Kind::Path && !text.is_empty() => {
                let beside = path.parent().unwrap_or(Path::new("")).join(text);
                beside.display().to_string()
            }
            Toml::String(text) => text.clone(),
            Toml::Boolean(yes) => if *yes { "yes" } else { "no" }.into(),
            Toml::Array(all) => {
                let texts = all.iter().map(|one| one.as_str().unwrap_or_default());
                texts.collect::<Vec<_>>().join(",")
            }
            Toml::Table(pairs) => joined(&name, pairs)?,
            other => other.to_string(),
        };
        found.insert(name, text);
    }
    Ok(())
}

/// A table of pairs, as it would be written in one line.
fn joined(name: &str, pairs: &toml::Table) -> Result<String> {
    let mut all = Vec::new();
    for (left, right) in pairs {
        let rights = match right {
            Toml::Array(all) => all.iter().filter_map(Toml::as_str).collect(),
            one => one.as_str().into_iter().collect::<Vec<_>>(),
        };
        if left.contains(';') || rights.is_empty() {
            return Err(Failure::refused(
                "bad-setting",
                format!("\"{name}\": \"{left}\" takes a name without ; and a text or a list."),
                format!("“{name}”：“{left}”的名称不得含 ;，值应为文本或列表。"),
            ));
        }
        all.extend(rights.iter().map(|right| format!("{left}={right}")));
    }
    Ok(all.join("; "))
}

fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>, path: Option<&Path>) -> Failure {
    let place = path.map(|path| format!("{}: ", path.display())).unwrap_or_default();
    let (en, zh) = match nearest(name, known) {
        Some(near) => (format!("did you mean \"{near}\"?"), format!("您是指“{near}”吗？")),
        None => (
            "`evenkeel settings` lists those there are.".into(),
            "可用 `evenkeel settings` 查看全部设置。".into(),
        ),
    };
    Failure::refused(
        "unknown-setting",
        format!("{place}There is no setting \"{name}\"; {en}"),
        format!("{place}没有设置“{name}”；{zh}"),
    )
}

impl Settings {
    /// The text of a setting; empty where it is not set.
    pub fn text(&self, name: &str) -> &str {
        debug_assert!(find(name).is_some(), "unknown setting {name}");
        self.values.get(name).map_or("", |(value, _)| value)
    }

    pub fn source(&self, name: &str) -> Source {
        self.values.get(name).map_or(Source::Default, |(_, source)| *source)
    }

    /// As [`Settings::text`], none where it is not set.
    pub fn some(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|text| !text.is_empty())
    }

    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.some(name).map(PathBuf::from)
    }

    pub fn is_yes(&self, name: &str) -> bool {
        self.text(name) == "yes"
    }

    pub fn number(&self, name: &str) -> u64 {
        self.text(name).parse().unwrap_or(0)
    }

    pub fn size(&self, name: &str) -> usize {
        usize::try_from(self.number(name)).unwrap_or(usize::MAX)
    }

    pub fn duration(&self, name: &str) -> Duration {
        values::duration(self.text(name)).unwrap_or_default()
    }

    pub fn address(&self, name: &str) -> SocketAddr {
        let fallback = SocketAddr::from(([127, 0, 0, 1], 8020));
        self.text(name).parse().unwrap_or(fallback)
    }

    pub fn list(&self, name: &str) -> Vec<&str> {
        let parts = self.text(name).split(',').map(str::trim);
        parts.filter(|part| !part.is_empty()).collect()
    }

    pub fn map(&self, name: &str) -> Vec<(String, String)> {
        values::map(self.text(name)).unwrap_or_default()
    }

    /// The names that the operator has chosen for sets of settings.
    pub fn names(&self) -> BTreeSet<&str> {
        self.named.keys().filter_map(|name| Some(families::find(name)?.0)).collect()
    }

    /// Everything that is set in sets, by whole names, with its source.
    pub fn named(&self) -> impl Iterator<Item = (&str, &str, Source)> {
        self.named.iter().map(|(name, (value, source))| (name.as_str(), value.as_str(), *source))
    }

    /// One setting of a set, as [`Settings::text`].
    pub fn text_of(&self, of: &str, part: &str) -> &str {
        let name = format!("{}.{of}.{part}", families::OIDC);
        match (self.named.get(&name), families::find(&name)) {
            (Some((value, _)), _) => value,
            (None, Some((_, key))) => key.default,
            (None, None) => "",
        }
    }

    pub fn map_of(&self, of: &str, part: &str) -> Vec<(String, String)> {
        values::map(self.text_of(of, part)).unwrap_or_default()
    }

    /// The database: what is set, or a file in the data folder.
    pub fn location(&self) -> store::Location {
        match self.some("database") {
            Some(text) => store::Location::parse(text),
            None => store::Location::File(self.data.join("evenkeel.db")),
        }
    }

    /// The database in words that hold no password.
    pub fn location_shown(&self) -> String {
        match self.location() {
            store::Location::Postgres(url) => without_password(&url),
            store::Location::File(path) => path.display().to_string(),
            store::Location::Temporary => "temporary".into(),
        }
    }
}

/// The URL without what stands between the user and the host, and without parameters.
fn without_password(url: &str) -> String {
    let url = url.split('?').next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else { return "postgresql".into() };
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}")
        }
        None => format!("{scheme}://{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Language;

    fn environment(all: &[(&str, &str)]) -> Environment {
        let settings = all.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
        Environment { settings, ..Environment::default() }
    }

    fn with_file(text: &str) -> (tempfile::TempDir, Given) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        folder::write_private(&path, text.as_bytes()).unwrap();
        let flags = vec![("data", folder.path().display().to_string())];
        (folder, Given { config: Some(path), flags, below: None })
    }

    #[test]
    fn a_flag_goes_before_the_environment_before_the_file_before_the_default() {
        let (_folder, mut given) = with_file("listen = '127.0.0.1:1'\n[log]\nformat = 'json'");
        let nothing = environment(&[]);
        let read_with = |given: &Given, e: &Environment| read(given, e).unwrap();
        let found = read_with(&given, &nothing);
        assert_eq!((found.text("listen"), found.text("log.format")), ("127.0.0.1:1", "json"));
        assert_eq!(found.text("log.filter"), "info");
        let set = environment(&[("EVENKEEL_LISTEN", "127.0.0.1:2")]);
        assert_eq!(read_with(&given, &set).text("listen"), "127.0.0.1:2");
        given.flags.push(("listen", "127.0.0.1:3".into()));
        let found = read_with(&given, &set);
        assert_eq!((found.text("listen"), found.source("listen")), ("127.0.0.1:3", Source::Flag));
    }

    #[test]
    fn unknown_names_are_refused_with_the_nearest_known_one() {
        let (_folder, given) = with_file("[log]\nfromat = 'json'");
        let refused = read(&given, &environment(&[])).unwrap_err().text(Language::EN);
        assert!(refused.contains("\"log.fromat\"; did you mean \"log.format\"?"), "{refused}");
        let (_folder, given) = with_file("");
        let wrong = environment(&[("EVENKEEL_LISTN", "x")]);
        let refused = read(&given, &wrong).unwrap_err().text(Language::ZH);
        assert!(refused.contains("EVENKEEL_LISTEN"), "{refused}");
        let foreign =
            environment(&[("EVENKEEL_PORT_8020_TCP", "tcp://1"), ("EVENKEEL_TEST_X", "1")]);
        assert!(read(&given, &foreign).is_ok());
    }

    #[test]
    fn paths_of_a_file_begin_where_the_file_is() {
        let (folder, given) = with_file("[tls]\ncertificate = 'tls/a.pem'\ntrusted_x = 1");
        assert!(read(&given, &environment(&[])).is_err());
        let (folder_two, given) =
            with_file("trusted_proxies = ['10.0.0.0/8', '::1']\n[tls]\nkey = 'k'");
        let found = read(&given, &environment(&[])).unwrap();
        assert_eq!(found.path("tls.key"), Some(folder_two.path().join("k")));
        assert_eq!(found.list("trusted_proxies"), ["10.0.0.0/8", "::1"]);
        drop(folder);
    }

    #[test]
    fn providers_are_read_from_file_and_environment() {
        let (_folder, given) = with_file(
            "[oidc.work]\nissuer = 'https://id.example'\nclient_id = 'file'\n\
             [oidc.work.roles]\n'cn=it,dc=x' = ['agent', 'owner']\n[ldap.roles]\nheads = 'manager'",
        );
        let set = environment(&[("EVENKEEL_OIDC_WORK_CLIENT_ID", "environment")]);
        let found = read(&given, &set).unwrap();
        assert_eq!(found.names(), BTreeSet::from(["work"]));
        assert_eq!(found.text_of("work", "client_id"), "environment");
        assert_eq!(found.text_of("work", "unknown"), "refuse");
        assert_eq!(found.text_of("work", "roles"), "cn=it,dc=x=agent; cn=it,dc=x=owner");
        assert_eq!(found.map("ldap.roles"), [("heads".to_string(), "manager".to_string())]);
        for wrong in ["EVENKEEL_OIDC_WORK_ISUER", "EVENKEEL_OIDC_ISSUER"] {
            assert!(read(&given, &environment(&[(wrong, "x")])).is_err(), "{wrong}");
        }
        let (_folder, given) = with_file("[oidc.work]\nunknown = 'invite'");
        let refused = read(&given, &environment(&[])).unwrap_err().text(Language::EN);
        assert!(refused.contains("\"oidc.work.unknown\""), "{refused}");
    }

    #[test]
    fn a_password_is_not_shown() {
        let shown = without_password("postgresql://me:s3cret@db.example:5432/x?password=y");
        assert_eq!(shown, "postgresql://me@db.example:5432/x");
    }
}
