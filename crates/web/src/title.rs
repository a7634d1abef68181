//! The titles of problems: a few words for each code, in both languages, always the same.

use model::Language;

/// Code, English, Chinese; every code an answer can carry stands here.
pub const TITLES: [(&str, &str, &str); 39] = [
    ("already-approved", "Decided already", "已作出决定"),
    ("approval-missing", "Approval is missing", "尚缺审批"),
    ("bad-question", "The question does not fit", "查询有误"),
    ("busy", "Busy", "服务器繁忙"),
    ("duplicate", "The value is taken", "值重复"),
    ("fault", "Fault", "内部错误"),
    ("foreign-site", "Not from here", "非本站请求"),
    ("full", "The disk is full", "磁盘已满"),
    ("gone", "Withdrawn", "已撤回"),
    ("headers-too-large", "The headers are too large", "请求头过大"),
    ("invalid", "Some fields cannot be taken", "部分字段有误"),
    ("key-reused", "The idempotency key is taken", "幂等键已被使用"),
    ("malformed", "The request cannot be understood", "无法理解请求"),
    ("method-not-allowed", "Not possible here", "不支持此方法"),
    ("needs-fields", "Fields are missing", "缺少字段"),
    ("needs-note", "A note is missing", "缺少说明"),
    ("no-such-address", "No such address", "没有此地址"),
    ("no-such-move", "The step does not start here", "当前状态不能执行此操作"),
    ("not-acceptable", "Not in this form", "无法以此格式返回"),
    ("not-allowed", "Not allowed", "无权操作"),
    ("not-found", "Not found", "未找到"),
    ("not-logged-in", "Not logged in", "未登录"),
    ("not-now", "Not just now", "暂时不可用"),
    ("not-offered", "The step is not offered", "此操作不可用"),
    ("nothing-to-approve", "Nothing to approve", "没有待审批事项"),
    ("out-of-scope", "Out of scope", "超出权限范围"),
    ("own-record", "One's own record", "本人的记录"),
    ("precondition-failed", "The condition does not hold", "前提条件不成立"),
    ("rule-broken", "A rule does not hold", "不符合规则"),
    ("search-incomplete", "Search is being made ready", "全文检索正在重建"),
    ("stale", "Changed meanwhile", "已被他人修改"),
    ("timeout", "Not in time", "超时"),
    ("too-large", "Too large", "过大"),
    ("too-many", "Too many requests", "请求过于频繁"),
    ("too-slow", "The question takes too long", "查询耗时过长"),
    ("unknown-outcome", "The outcome is not known", "结果未知"),
    ("unsupported-media-type", "Not in this media type", "不支持的媒体类型"),
    ("url-too-long", "The address is too long", "地址过长"),
    ("viewing", "Nothing can be changed in this view", "此视角下不能修改"),
];

/// The title of a code; the code itself where it has none, which a test rules out.
pub fn of(code: &'static str, language: Language) -> &'static str {
    let found = TITLES.iter().find(|(known, _, _)| *known == code);
    found.map_or(code, |(_, en, zh)| if language == Language::ZH { zh } else { en })
}
