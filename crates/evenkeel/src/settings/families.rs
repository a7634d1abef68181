//! Settings of which there are several sets, each under a name that the operator chooses:
//! `oidc.NAME.issuer`, in the environment `EVENKEEL_OIDC_NAME_ISSUER`.

use super::keys::{self, Key, Kind, key, secret};

/// The providers of OpenID Connect.
pub const OIDC: &str = "oidc";

/// What is said of each, by its last word. Elsewhere a name is the whole name of a setting.
pub const PARTS: &[Key] = &[
    key("label_en", Kind::Text, "", "what its button says in English", "英文按钮名称"),
    key("label_zh", Kind::Text, "", "what its button says in Chinese", "中文按钮名称"),
    key(
        "issuer",
        Kind::Text,
        "",
        "the provider, exactly as it calls itself: https://...",
        "身份提供方，须与其自称完全一致：https://...",
    ),
    key("client_id", Kind::Text, "", "what the provider calls us", "在提供方登记的客户端标识"),
    secret(key("client_secret", Kind::Text, "", "the secret of the client", "客户端密钥")),
    key(
        "client_secret_file",
        Kind::Path,
        "",
        "a file that holds the secret of the client",
        "存放客户端密钥的文件",
    ),
    key(
        "scopes",
        Kind::List,
        "openid,profile,email",
        "what the provider is asked for",
        "向提供方请求的范围",
    ),
    key(
        "login_claim",
        Kind::Text,
        "preferred_username",
        "the claim that becomes the login",
        "作为登录名的声明",
    ),
    key("name_claim", Kind::Text, "name", "the claim of the name", "姓名对应的声明"),
    key("email_claim", Kind::Text, "email", "the claim of the address", "邮箱对应的声明"),
    key("groups_claim", Kind::Text, "groups", "the claim of the groups", "用户组对应的声明"),
    keys::roles("roles"),
    keys::unknown("unknown"),
    keys::bind("bind"),
];

/// The parts of `oidc.NAME.PART`: the name, and what the part is.
pub fn find(name: &str) -> Option<(&str, &'static Key)> {
    let (of, part) = name.strip_prefix(OIDC)?.strip_prefix('.')?.split_once('.')?;
    Some((of, PARTS.iter().find(|key| key.name == part && is_name(of))?))
}

/// The dotted name of `EVENKEEL_OIDC_NAME_PART`.
pub fn of_variable(variable: &str) -> Option<String> {
    let rest = variable.strip_prefix("EVENKEEL_OIDC_")?.to_lowercase();
    let (of, part) = rest.split_once('_')?;
    let name = format!("{OIDC}.{of}.{part}");
    find(&name).is_some().then_some(name)
}

/// `EVENKEEL_OIDC_WORK_ISSUER` of `oidc.work.issuer`.
pub fn variable(name: &str) -> String {
    format!("EVENKEEL_{}", name.to_uppercase().replace('.', "_"))
}

/// Lower-case letters and digits: what is the same in a file, in the environment and in an address.
fn is_name(text: &str) -> bool {
    (1..=20).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_has_one_name_everywhere() {
        let (name, key) = find("oidc.work.client_id").unwrap();
        assert_eq!((name, key.name), ("work", "client_id"));
        let variable = variable("oidc.work.client_id");
        assert_eq!(variable, "EVENKEEL_OIDC_WORK_CLIENT_ID");
        assert_eq!(of_variable(&variable).as_deref(), Some("oidc.work.client_id"));
        for unknown in ["oidc.issuer", "oidc.Work.issuer", "oidc.my_work.issuer", "oidc.work.isuer"]
        {
            assert!(find(unknown).is_none(), "{unknown}");
        }
        assert!(PARTS.iter().all(|key| !key.en.is_empty() && !key.zh.is_ascii()));
    }
}
