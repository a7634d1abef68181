//! Every setting: its name, kind, default and what it is, in both languages. A setting that is not
//! here is not known.

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub name: &'static str,
    pub kind: Kind,
    /// As it would be written; empty = not set.
    pub default: &'static str,
    /// Never shown.
    pub secret: bool,
    pub en: &'static str,
    pub zh: &'static str,
}

/// How the text of a setting is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// Relative to the file it stands in, or to where the command was given.
    Path,
    Address,
    /// From, to.
    Number(u64, u64),
    /// `90s`, `15m`, `2h`, `7d`.
    Duration,
    /// Separated by commas, or a list in the file.
    List,
    Choice(&'static [&'static str]),
    /// `NAME=value; NAME=value`, or a table in the file.
    Map,
}

impl Key {
    /// `EVENKEEL_LOG_FORMAT` of `log.format`.
    pub fn variable(&self) -> String {
        format!("EVENKEEL_{}", self.name.to_uppercase().replace('.', "_"))
    }
}

pub const fn key(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    en: &'static str,
    zh: &'static str,
) -> Key {
    Key { name, kind, default, secret: false, en, zh }
}

pub const fn secret(key: Key) -> Key {
    Key { secret: true, ..key }
}

/// Which roles groups give, for whoever vouches for people.
pub const fn roles(name: &'static str) -> Key {
    key(name, Map, "", "roles by group: GROUP=role; GROUP=role", "按用户组授予的角色")
}

pub const fn unknown(name: &'static str) -> Key {
    let en = "what becomes of people without an account";
    key(name, Choice(&["refuse", "create"]), "refuse", en, "对尚无账号人员的处理")
}

pub const fn bind(name: &'static str) -> Key {
    let en = "whether an account that nobody has ever used is theirs who come with its login";
    key(name, Choice(&["login", "never"]), "never", en, "从未使用过的账号是否可由同名登录者绑定")
}

use Kind::{Address, Choice, Duration, List, Map, Number, Path, Text};

/// All of them, as `evenkeel settings` lists them.
pub const KEYS: &[Key] = &[
    key("data", Path, "", "folder of data, lock, socket and key", "数据、锁、套接字与密钥所在目录"),
    secret(key(
        "database",
        Text,
        "",
        "postgresql://... or the path of a SQLite file",
        "postgresql://... 或 SQLite 文件路径",
    )),
    key("language", Choice(&["en", "zh"]), "", "language of the command line", "命令行语言"),
    key(
        "listen",
        Address,
        "127.0.0.1:8020",
        "address and port of the server",
        "服务器监听地址与端口",
    ),
    key(
        "base_url",
        Text,
        "",
        "the address people use, where a proxy stands before the server",
        "用户访问的地址（服务器位于代理之后时填写）",
    ),
    key(
        "trusted_proxies",
        List,
        "",
        "networks of proxies whose X-Forwarded headers are believed",
        "可信代理的网段，仅信任其 X-Forwarded 头",
    ),
    key("tls.certificate", Path, "", "PEM file of the certificate chain", "证书链 PEM 文件"),
    key("tls.key", Path, "", "PEM file of the private key", "私钥 PEM 文件"),
    key(
        "ldap.url",
        Text,
        "",
        "the directory that checks passwords: ldaps://... or ldap://... with STARTTLS",
        "校验密码的目录服务：ldaps://... 或使用 STARTTLS 的 ldap://...",
    ),
    key(
        "ldap.plain",
        Choice(&["yes", "no"]),
        "no",
        "speak without encryption, to this very machine only",
        "不加密通信，仅限本机",
    ),
    key(
        "ldap.certificates",
        Path,
        "",
        "PEM file of the authority that vouches for the directory, in place of the system's",
        "为目录服务签发证书的机构证书（PEM），代替系统证书",
    ),
    key("ldap.bind_dn", Text, "", "who searches; anybody where not set", "执行查找的账号 DN"),
    secret(key("ldap.bind_password", Text, "", "the password of who searches", "查找账号的密码")),
    key("ldap.bind_password_file", Path, "", "a file that holds it", "存放该密码的文件"),
    key("ldap.base", Text, "", "where people are searched below", "查找人员的起点 DN"),
    key(
        "ldap.filter",
        Text,
        "(uid={login})",
        "which entry is that of a login",
        "登录名对应条目的过滤条件",
    ),
    key("ldap.id_attribute", Text, "entryUUID", "what stays for ever", "永久不变的标识属性"),
    key("ldap.login_attribute", Text, "uid", "the login", "登录名属性"),
    key("ldap.name_attribute", Text, "cn", "the name", "姓名属性"),
    key("ldap.email_attribute", Text, "mail", "the address", "邮箱属性"),
    key("ldap.groups_attribute", Text, "memberOf", "the groups of a person", "人员所属组属性"),
    key(
        "ldap.group_base",
        Text,
        "",
        "where groups are searched below that name their members",
        "查找含成员组的起点 DN",
    ),
    key(
        "ldap.group_filter",
        Text,
        "(member={dn})",
        "which groups are those of a person",
        "人员所属组的过滤条件",
    ),
    roles("ldap.roles"),
    unknown("ldap.unknown"),
    bind("ldap.bind"),
    key(
        "log.format",
        Choice(&["text", "json"]),
        "text",
        "form of the log on stderr",
        "标准错误日志的格式",
    ),
    key(
        "log.filter",
        Text,
        "info",
        "what is logged, as in info,store=debug",
        "日志过滤，例如 info,store=debug",
    ),
    key(
        "traces.endpoint",
        Text,
        "",
        "OTLP endpoint (HTTP) that traces are sent to",
        "接收追踪的 OTLP 地址（HTTP）",
    ),
    key(
        "ledger.origin",
        Text,
        "",
        "name of the ledger in its checkpoints; made at the first start",
        "账本在检查点中的名称，首次启动时生成",
    ),
    key(
        "ledger.key_file",
        Path,
        "",
        "file of the signing key; DATA/ledger.key where not set",
        "签名密钥文件，未设置时为 DATA/ledger.key",
    ),
    secret(key(
        "ledger.key",
        Text,
        "",
        "the signing key itself, 64 hexadecimal digits, for several processes",
        "签名密钥本身（64 位十六进制），供多进程使用",
    )),
    key(
        "ledger.checkpoints",
        Path,
        "",
        "folder or file outside of the house that signed checkpoints are written to",
        "签名检查点写往的外部目录或文件",
    ),
    key(
        "ledger.checkpoint_every",
        Duration,
        "1h",
        "how often a checkpoint is signed",
        "签署检查点的间隔",
    ),
    key(
        "backup.before_apply",
        Choice(&["yes", "no"]),
        "yes",
        "backup before tables are changed (SQLite)",
        "更改数据表前自动备份（SQLite）",
    ),
    key(
        "backup.keep",
        Number(1, 1000),
        "5",
        "automatic backups that are kept",
        "保留的自动备份数量",
    ),
    key(
        "limits.rate",
        Number(0, 1_000_000),
        "1000",
        "requests a second of one account; 0 = no limit",
        "每账号每秒请求数，0 为不限",
    ),
    key(
        "limits.address_rate",
        Number(0, 1_000_000),
        "2000",
        "requests a second of one address; 0 = no limit",
        "每地址每秒请求数，0 为不限",
    ),
    key(
        "limits.json_kib",
        Number(1, 65_536),
        "1024",
        "KiB of a JSON body",
        "JSON 请求体上限（KiB）",
    ),
    key(
        "limits.attachment_mib",
        Number(1, 4096),
        "25",
        "MiB of one attachment",
        "单个附件上限（MiB）",
    ),
    key(
        "limits.connections",
        Number(1, 1_000_000),
        "4096",
        "connections at the same time",
        "同时连接数",
    ),
    key(
        "limits.workers",
        Number(1, 1024),
        "96",
        "requests worked on at the same time",
        "同时处理的请求数",
    ),
    key("limits.request_time", Duration, "30s", "longest time of a request", "单个请求的最长时间"),
    key(
        "limits.stop_time",
        Duration,
        "30s",
        "how long running requests are waited for at a stop",
        "停止时等待未完成请求的时间",
    ),
    key("store.readers", Number(1, 256), "8", "connections kept for reading", "保留的读连接数"),
    key(
        "store.writers",
        Number(1, 256),
        "8",
        "PostgreSQL: connections that write",
        "PostgreSQL：写连接数",
    ),
    key("store.read_time", Duration, "10s", "longest time of one read", "单次读取的最长时间"),
    key(
        "keep.idempotency",
        Duration,
        "2d",
        "how long answers to idempotency keys are kept",
        "幂等键应答的保留时间",
    ),
    key("keep.jobs", Duration, "7d", "how long finished jobs are kept", "已完成作业的保留时间"),
];

/// The setting of this name.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_both_languages_and_one_name() {
        for (at, key) in KEYS.iter().enumerate() {
            assert!(!key.en.is_empty() && !key.zh.is_ascii(), "{}", key.name);
            assert!(KEYS[..at].iter().all(|other| other.variable() != key.variable()));
        }
        assert_eq!(find("log.format").unwrap().variable(), "EVENKEEL_LOG_FORMAT");
    }
}
