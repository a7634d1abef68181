//! Who works in the rigs' world, and the teams they work for. Logins, roles and names only; the
//! product makes accounts and people of them.

use crate::http::api::Api;
use serde_json::json;

pub const ADMINISTRATOR: &str = "rig.administrator";
pub const AGENT: &str = "rig.agent";
/// Two who manage changes: one asks, the other approves.
pub const MANAGER: &str = "rig.manager";
pub const APPROVER: &str = "rig.approver";
/// For throw-away sites on a loopback port; nobody signs in with it.
pub const PASSWORD: &str = "correct horse battery staple 42";

/// Teams of the world. The first holds half of all incidents.
pub const TEAMS: usize = 20;

pub fn team_name(index: usize) -> String {
    format!("Team {:02}", index + 1)
}

/// Makes the teams; gives their ids in order.
pub fn add_teams(api: &mut Api) -> Result<Vec<String>, String> {
    let make = |index| {
        let made = api.create("team", &json!({ "name": team_name(index) }))?;
        let id = made["id"].as_str().map(str::to_string);
        id.ok_or_else(|| format!("the answer to a new team has no id: {made}"))
    };
    (0..TEAMS).map(make).collect()
}
