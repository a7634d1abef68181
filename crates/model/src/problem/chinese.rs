//! What each problem is in Chinese: a sentence for the id. The message that names what was written
//! stands beside it.

/// Each id, of definitions and of expressions, in its order.
const SAID: &[(&str, &str)] = &[
    ("bad-duration", "时长应写作 `30m`、`1h` 或 `3d`"),
    ("bad-language", "语言应为两个小写字母"),
    ("bad-name", "名称应以小写字母开头，只含小写字母、数字和下划线，最多 48 个字符"),
    ("bad-number-format", "编号格式应恰好含有一个 `{000000}`"),
    ("clock-target", "时钟应为每个选项各有一个目标"),
    ("computed-cycle", "自动计算的字段互相依赖"),
    ("dead-end", "记录可进入某状态却无法离开，而该状态并非终态"),
    ("duplicate-binding", "同一用途绑定了两次"),
    ("duplicate-page", "两个页面名称或地址相同"),
    ("duplicate-record-type", "记录类型重复定义"),
    ("empty-text", "文本为空"),
    ("everybody-administers", "人人拥有的角色不得具有管理权限"),
    ("expression-arguments", "函数的参数有误"),
    ("expression-bad-character", "表达式中有无法识别的字符"),
    ("expression-bad-date", "日期有误"),
    ("expression-bad-money", "金额有误"),
    ("expression-bad-number", "数字有误"),
    ("expression-empty", "表达式为空"),
    ("expression-no-order", "这些值没有大小顺序"),
    ("expression-no-person", "没有绑定人员的记录类型"),
    ("expression-not-here", "此处不能使用"),
    ("expression-open-text", "文本缺少结尾引号"),
    ("expression-syntax", "表达式语法有误"),
    ("expression-time-not-kept", "时间会变化，不能保存"),
    ("expression-too-deep", "表达式嵌套过深"),
    ("expression-too-long", "表达式过长"),
    ("expression-too-many-steps", "跨越的记录过多"),
    ("expression-unknown-choice", "没有此选项"),
    ("expression-unknown-function", "没有此函数"),
    ("expression-unknown-matrix", "没有此矩阵"),
    ("expression-unknown-name", "没有此字段或链接"),
    ("expression-unknown-role", "没有此角色"),
    ("expression-wrong-kind", "值的类型不符"),
    ("field-in-no-section", "字段不在任何分组中，无人能看到或编辑"),
    ("field-in-two-sections", "字段同时在两个分组中"),
    ("field-is-set-twice", "字段的值有两个来源"),
    ("file-name", "文件名与其中的记录类型不一致"),
    ("file-too-large", "文件过大"),
    ("folder-name", "定义所在目录的名称不合规则"),
    ("inheritance-cycle", "记录类型扩展了自身"),
    ("key-not-for-type", "此键对该字段类型没有意义"),
    ("matrix-shape", "矩阵应为每对选项各有一格"),
    ("matrix-without-field", "没有字段从此矩阵取值"),
    ("measure-shape", "度量应恰好含有 `count`、`share`、`value` 之一"),
    ("measure-value", "度量的值不是数字"),
    ("missing-key", "缺少必需的键"),
    ("missing-language", "文本缺少英文或中文"),
    ("missing-record", "文件中既没有 `[record]` 也没有 `extend`"),
    ("name-taken", "名称已被继承或内置的部分占用"),
    ("no-choices", "字段没有选项"),
    ("no-initial-state", "没有说明记录的初始状态"),
    ("no-person-type", "`engine.toml` 没有说明人员的记录类型"),
    ("no-title", "没有说明以哪个字段命名记录"),
    ("not-toml", "文件不是有效的 TOML"),
    ("number-format-taken", "两个记录类型会产生相同的编号"),
    ("out-of-range", "数字过小或过大"),
    ("overlay-exists", "要新增的内容已经存在"),
    ("overlay-unknown", "要修改或移除的内容不存在"),
    ("page-block", "区块缺少其类型所需的内容"),
    ("page-path", "页面地址不可用"),
    ("repeated-name", "列表中有重复的名称"),
    ("reserved-name", "此名称另有含义"),
    ("role-cannot-read", "角色可操作其无权读取的记录"),
    ("role-labelled-twice", "两个文件都给出了角色的标签"),
    ("role-without-label", "没有文件给出角色的标签"),
    ("rule-shape", "规则应恰好含有 `holds` 与 `code` 之一"),
    ("too-deep", "表嵌套过深"),
    ("too-many", "表或列表的条目过多"),
    ("unknown-approval", "没有声明此审批"),
    ("unknown-choice", "没有此选项"),
    ("unknown-field", "没有声明此字段"),
    ("unknown-key", "没有此键"),
    ("unknown-kind", "没有此类表"),
    ("unknown-link", "没有声明此链接"),
    ("unknown-list", "没有声明此列表"),
    ("unknown-measure", "没有声明此度量"),
    ("unknown-menu", "`menus.toml` 中没有声明此菜单"),
    ("unknown-page", "没有声明此页面"),
    ("unknown-parameter", "页面没有声明此参数"),
    ("unknown-record-type", "没有定义此记录类型"),
    ("unknown-requirement", "标准目录中没有此要求"),
    ("unknown-role", "没有声明此角色"),
    ("unknown-rule", "没有声明此规则"),
    ("unknown-section", "没有声明此分组"),
    ("unknown-state", "没有声明此状态"),
    ("unknown-value", "键的值无法识别"),
    ("unreachable-state", "没有记录能进入此状态"),
    ("unused-approval", "没有转换要求此审批"),
    ("unused-rule", "没有任何时机检查此规则"),
    ("wrong-field-type", "此处需要其他类型的字段"),
    ("wrong-type", "值的类型不符"),
];

/// What a problem of this id is, in Chinese; empty for an id that nothing gives.
pub fn in_chinese(id: &str) -> &'static str {
    let found = SAID.binary_search_by(|(known, _)| known.cmp(&id));
    found.map_or("", |at| SAID[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::IDS;

    #[test]
    fn every_id_is_said() {
        assert!(SAID.is_sorted_by(|a, b| a.0 < b.0), "in their order");
        for (id, _) in IDS {
            assert!(!in_chinese(id).is_empty(), "{id}");
        }
        assert_eq!(in_chinese("no-such-id"), "");
    }
}
