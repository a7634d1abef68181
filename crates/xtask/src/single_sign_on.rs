//! `cargo xtask single_sign_on`: people sign in by npm's `oidc-provider` in headless Chromium, and
//! by a directory (Debian's `slapd`): the first time and again, with roles that follow their
//! groups, and refused where they should be. What is done stands in
//! `crates/xtask/browser/single_sign_on.mjs`. Without a directory it fails, unless `--no-directory`
//! says that none is to be tried.

mod directory;

use crate::Done;
use crate::arguments::Arguments;
use crate::browser::{PACKAGES, chromium, installed, node};
use crate::people::PASSWORD;
use crate::support::server::{LOG, Server, free_address};
use crate::support::site::Site;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use directory::Slapd;
use serde_json::json;
use std::net::SocketAddr;

const PROVIDER: &str = "oidc-provider@9.13.3";
const CLIENT: &str = "evenkeel";
const SECRET: &str = "a secret: of / the rig, 32 letters";

pub fn run(arguments: &Arguments) -> Done {
    let packages = [&PACKAGES[..], &[PROVIDER]].concat();
    let modules = installed("single_sign_on", &packages)?;
    let chromium = chromium()?;
    let mut site = Site::empty("single_sign_on", arguments.flag("--postgres"))?;
    let (ours, theirs) = (free_address()?, free_address()?);
    let slapd = match arguments.flag("--no-directory") {
        true => None,
        false => Some(Slapd::start(site.folder.path())?),
    };
    std::fs::create_dir_all(&site.place.folder).map_err(|error| error.to_string())?;
    let settings = settings(ours, theirs, slapd.as_ref());
    std::fs::write(site.place.folder.join("evenkeel.toml"), settings)
        .map_err(|error| error.to_string())?;
    let server = Server::start_at(ours, &site.program, &site.place, &[])?;
    site.add_people()?;
    // Somebody whom the house knows, without an account.
    let known = json!({ "name": "Wanda Known", "email": "wanda@work.example" });
    site.admin_api(&server)?.create("person", &known)?;
    let mut command = node("single_sign_on.mjs", &modules, &chromium, &server);
    command.env("ISSUER", format!("http://{theirs}")).env("SECRET", SECRET);
    command.env("DIRECTORY", if slapd.is_some() { "yes" } else { "" });
    command.env("LIN", directory::LIN).env("OTHER", directory::OTHER);
    let status = command.status().map_err(|error| format!("node: {error}"))?;
    if !status.success() {
        return Err(format!("single_sign_on.mjs ended with {status}\n{}", server.log()));
    }
    // What is secret stands in no log.
    let log = std::fs::read_to_string(site.place.folder.join(LOG)).map_err(|e| e.to_string())?;
    if let Some(found) = written().iter().find(|secret| log.contains(secret.as_str())) {
        return Err(format!("a secret stands in the log: {found}"));
    }
    server.stop()
}

/// Every secret of the rig in each way in which one is sent, and so might be written down.
fn written() -> Vec<String> {
    let mut all = Vec::new();
    for secret in [SECRET, PASSWORD, directory::SEARCHER, directory::LIN, directory::OTHER] {
        let form = encoded(secret);
        let basic = STANDARD.encode(format!("{CLIENT}:{form}"));
        let base64 = STANDARD_NO_PAD.encode(secret);
        all.extend([secret.to_string(), form.replace("%20", "+"), form, basic, base64]);
    }
    all
}

/// As in a form, in the stricter of two ways (RFC 3986, section 2.3).
fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let each = text.bytes().map(|byte| match keep(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    });
    each.collect()
}

fn settings(ours: SocketAddr, theirs: SocketAddr, slapd: Option<&Slapd>) -> String {
    let oidc = format!(
        "base_url = 'http://{ours}'\n\
         [log]\n\
         filter = 'debug'\n\
         [oidc.work]\n\
         label_en = 'Work'\n\
         label_zh = '公司账号'\n\
         issuer = 'http://{theirs}'\n\
         client_id = '{CLIENT}'\n\
         client_secret = '{SECRET}'\n\
         scopes = ['openid', 'profile', 'email', 'groups']\n\
         unknown = 'create'\n\
         [oidc.work.roles]\n\
         desk = 'service_desk_agent'\n\
         heads = ['service_level_manager', 'service_desk_agent']\n\
         [oidc.strict]\n\
         issuer = 'http://{theirs}'\n\
         client_id = '{CLIENT}'\n\
         client_secret = '{SECRET}'\n"
    );
    format!("{oidc}{}", slapd.map(Slapd::settings).unwrap_or_default())
}
