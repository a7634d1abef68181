//! What each command and argument is, in both languages. A command is known by its words, an
//! argument by the command's words, a slash and its name; without words it holds for all.

/// Path, English, Chinese.
pub const TABLE: &[(&str, &str, &str)] = &[
    ("", "Evenkeel: service management run from definitions", "Evenkeel：由定义驱动的服务管理系统"),
    // ------------------------------------------------------------ of every command
    ("/data", "Folder of data, lock, socket and key", "数据、锁、套接字与密钥所在目录"),
    (
        "/database",
        "postgresql://... or the path of a SQLite file",
        "postgresql://... 或 SQLite 文件路径",
    ),
    (
        "/config",
        "Settings file; DATA/evenkeel.toml where not given",
        "设置文件，默认为 DATA/evenkeel.toml",
    ),
    ("/json", "Results and errors as JSON, a value a line", "以 JSON 输出结果与错误，每行一个值"),
    ("/language", "Language of texts: en, zh", "文本语言：en、zh"),
    ("/help", "Show this help", "显示帮助"),
    ("/version", "Show the version", "显示版本"),
    // ------------------------------------------------------------ server
    ("serve", "Run the server", "运行服务器"),
    (
        "serve/listen",
        "Address and port; 127.0.0.1:8020 where not given",
        "监听地址与端口，默认 127.0.0.1:8020",
    ),
    (
        "serve/demo",
        "Fill DATA/demo with a bank's IT organization and make logins for it",
        "在 DATA/demo 中填充一家银行的 IT 组织示例并创建登录账号",
    ),
    // ------------------------------------------------------------ people
    ("user", "People who log in", "登录用户"),
    ("user add", "Add a person with an account", "添加人员及其账号"),
    ("user add/login", "What they log in with", "登录名"),
    ("user add/roles", "A role of the definitions; repeat for more", "定义中的角色，可重复"),
    ("user add/name", "Their name; the login where not given", "姓名，默认为登录名"),
    ("user add/email", "Their address", "邮箱"),
    (
        "user add/person",
        "An existing person by number, in place of a new one",
        "使用已有人员（编号），不新建",
    ),
    ("user add/set", "A field of the new person; repeat for more", "新人员的字段，可重复"),
    ("user add/password_stdin", "Take a password from stdin", "从标准输入读取密码"),
    ("user list", "List accounts", "列出账号"),
    ("user list/disabled", "Only those that are disabled", "仅列出已停用的账号"),
    ("user disable", "Keep an account from being used, at once", "立即停用账号"),
    ("user disable/login", "The account", "账号"),
    ("user enable", "Let a disabled account be used again", "重新启用账号"),
    ("user enable/login", "The account", "账号"),
    ("user password", "Set a password, read from stdin", "从标准输入设置密码"),
    ("user password/login", "The account", "账号"),
    (
        "user password/password_stdin",
        "Said for clarity: it always comes from stdin",
        "为清楚起见可写明：密码总是来自标准输入",
    ),
    ("token", "What programs log in with", "程序登录所用的令牌"),
    ("token create", "Make a token and print it, this once", "创建令牌并打印（仅此一次）"),
    ("token create/login", "The account it is for", "所属账号"),
    ("token create/name", "What it is for, to tell it from others", "用途名称"),
    (
        "token create/scopes",
        "What it is limited to: read, write, admin; repeat for more",
        "权限范围：read、write、admin，可重复",
    ),
    (
        "token create/expires",
        "When it ends: 90d, 2027-01-31; never where not given",
        "到期：90d 或 2027-01-31，默认不过期",
    ),
    ("token list", "List the tokens of an account", "列出账号的令牌"),
    ("token list/login", "The account", "账号"),
    ("token revoke", "End a token at once", "立即撤销令牌"),
    ("token revoke/login", "The account", "账号"),
    ("token revoke/token", "Its id or name, as listed", "列表中的标识或名称"),
];
