//! What is wrong with an expression, in Chinese. The checker says it in English; here each of its
//! sentences stands once more, with holes for what differs. A test holds the two together.

/// How deep sentences stand in one another: a list of lists is as far as kinds go.
const DEPTH: usize = 4;

/// The sentence in Chinese; as it is where none stands here.
pub fn chinese(said: &str) -> String {
    within(said, DEPTH)
}

fn within(said: &str, depth: usize) -> String {
    let mut fits = SENTENCES.iter().filter(|_| depth > 0);
    let found = fits.find_map(|(en, zh)| Some(filled(zh, &holes(en, said)?, depth - 1)));
    found.unwrap_or_else(|| said.to_string())
}

/// What stands in the holes of the sentence; none where it is another one.
fn holes<'s>(sentence: &str, said: &'s str) -> Option<Vec<&'s str>> {
    let mut pieces = sentence.split("{}");
    let mut rest = said.strip_prefix(pieces.next()?)?;
    let mut holes = Vec::new();
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        let at = if pieces.peek().is_some() { rest.find(piece) } else { place_at_end(rest, piece) };
        let at = at?;
        holes.push(&rest[..at]);
        rest = &rest[at + piece.len()..];
    }
    rest.is_empty().then_some(holes)
}

fn place_at_end(text: &str, piece: &str) -> Option<usize> {
    text.ends_with(piece).then(|| text.len() - piece.len())
}

/// A hole holds what was written, or a sentence again: a kind, a mistake in a number.
fn filled(sentence: &str, holes: &[&str], depth: usize) -> String {
    let mut pieces = sentence.split("{}");
    let mut out = pieces.next().unwrap_or("").to_string();
    for (hole, piece) in holes.iter().zip(pieces) {
        out.push_str(&within(hole, depth));
        out.push_str(piece);
    }
    out
}

/// The first that fits is taken: of two that fit, the narrower stands first.
const SENTENCES: &[(&str, &str)] = &[
    // kinds
    ("any value", "任意值"),
    ("yes or no", "是或否"),
    ("a whole number", "整数"),
    ("a decimal number", "小数"),
    ("an amount of money", "金额"),
    ("a text", "文本"),
    ("a choice", "选项"),
    ("several choices", "多个选项"),
    ("a text per language", "多语言文本"),
    ("a date", "日期"),
    ("an instant", "时刻"),
    ("a duration", "时长"),
    ("attachments", "附件"),
    ("a record of `{}`", "一条 `{}` 记录"),
    ("records of `{}`", "多条 `{}` 记录"),
    ("a list ({})", "列表（{}）"),
    ("a text in quotes", "带引号的文本"),
    ("the name of a matrix", "矩阵的名称"),
    // grammar
    ("the expression is empty", "表达式为空"),
    ("longer than {} bytes", "超过 {} 字节"),
    ("nested deeper than {} levels", "嵌套超过 {} 层"),
    ("comparisons cannot be chained", "比较不能连写"),
    ("join two comparisons with `and`: {}", "请用 `and` 连接两个比较：{}"),
    (
        "expected `set`, `not set` or `empty` after `is`",
        "`is` 之后应为 `set`、`not set` 或 `empty`",
    ),
    ("compare values with `==`", "比较值请用 `==`"),
    ("expected a value", "此处应为一个值"),
    ("expected `and`, `or` or the end", "此处应为 `and`、`or` 或结尾"),
    ("expected choices", "此处应为选项"),
    ("expected {}, found {}", "应为{}，实为{}"),
    ("expected {}", "应为{}"),
    ("unexpected `{}`", "不应出现 `{}`"),
    ("`{}` has an empty part", "`{}` 中有空的部分"),
    ("`{}` is in capitals", "`{}` 不能大写"),
    ("the text has no closing quote", "文本缺少结束引号"),
    (
        "end it with `'`; a quote inside a text is written `''`",
        "请以 `'` 结束；文本中的引号写作 `''`",
    ),
    ("write texts in single quotes: {}", "文本请用单引号：{}"),
    ("names are written in a-z; a text is in quotes: {}", "名称只用 a-z；文本须加引号：{}"),
    // names
    ("unknown field or link `{}`", "没有字段或关联 `{}`"),
    ("unknown field `{}`", "没有字段 `{}`"),
    ("`{}` has no field or link `{}`", "`{}` 没有字段或关联 `{}`"),
    ("unknown function `{}`", "没有函数 `{}`"),
    ("unknown matrix `{}`", "没有矩阵 `{}`"),
    ("unknown role `{}`", "没有角色 `{}`"),
    ("unknown choice `{}`", "没有选项 `{}`"),
    ("`{}` is not a name", "`{}` 不是名称"),
    ("use a-z, 0-9 and _", "请用 a-z、0-9 和 _"),
    ("did you mean `{}`?", "是否想写 `{}`？"),
    ("known: {}", "可用：{}"),
    ("write the name: {}", "请写名称：{}"),
    ("a choice is in quotes: {}", "选项须加引号：{}"),
    ("only one step over a reference or link is possible", "只能经由引用或关联走一步"),
    ("`{}` is neither a reference nor a link", "`{}` 既不是引用也不是关联"),
    ("it has no parts", "它没有下级部分"),
    ("`{}` is not a link", "`{}` 不是关联"),
    (
        "links of the record itself, and links of others to it as `record_type.link`",
        "可用本记录的关联，以及其他记录指向它的关联（写作 `record_type.link`）",
    ),
    // where something may be used
    ("`{}` cannot be used here", "此处不能使用 `{}`"),
    ("only the filter of a list can search", "只有列表的筛选条件可以搜索"),
    ("a parameter belongs to the query of a page", "参数属于页面的查询"),
    (
        "rules, clocks and evidence give the same answer to everybody",
        "规则、时钟和证据对所有人给出相同的结果",
    ),
    ("there is no record type of people", "没有表示人员的记录类型"),
    ("bind the purpose `person` to a record type", "请将用途 `person` 绑定到一个记录类型"),
    ("money is not added here", "此处不能对金额求和"),
    (
        "add amounts in a `computed` field and compare that",
        "请在 `computed` 字段中求和，再比较该字段",
    ),
    // calls
    ("`{}` does not take these arguments", "`{}` 的参数不正确"),
    ("only a link is counted", "只能对关联计数"),
    ("only words in quotes are searched for", "只能搜索引号中的词语"),
    // kinds that do not fit
    ("too many decimal places", "小数位数过多"),
    ("at most {} decimal places", "最多 {} 位小数"),
    ("too large", "数值过大"),
    ("the sum is too large", "和过大"),
    ("a list is not a value", "列表不是一个值"),
    ("a list stands to the right of `in`", "列表应写在 `in` 的右边"),
    ("`unset` cannot stand in a list", "列表中不能有 `unset`"),
    (
        "`in` never holds for what is not set; add `or x is not set`",
        "未填写的值不满足任何 `in`；请加上 `or x is not set`",
    ),
    ("what is not set has no order", "未填写的值没有先后"),
    ("write `is set` or `is not set`", "请写 `is set` 或 `is not set`"),
    ("{} cannot be compared", "{}不能比较"),
    ("{} cannot be added or subtracted", "{}不能加减"),
    ("{} cannot stand before `in`", "{}不能写在 `in` 之前"),
    ("{} cannot stand after `in`", "{}不能写在 `in` 之后"),
    ("{} has no order", "{}没有先后"),
    ("what is not set", "未填写的值"),
    (
        "its words depend on the reader: use `is set`, or compare a choice",
        "其文字因读者而异：请用 `is set`，或比较选项",
    ),
    ("use `is set`", "请用 `is set`"),
    (
        "it holds several: write `value in field`, or `is set`",
        "它含有多个值：请写 `value in field` 或 `is set`",
    ),
    ("use `==`, `!=` or `in`", "请用 `==`、`!=` 或 `in`"),
    ("one value stands before `in`: {}", "`in` 之前是一个值：{}"),
    (
        "a list, a link or a field of several choices stands after `in`",
        "`in` 之后是列表、关联或多选字段",
    ),
    ("for example {} or {}", "例如 {} 或 {}"),
    ("for example {}", "例如 {}"),
    ("a sum with what is not set is not set", "与未填写的值求和，结果仍为未填写"),
    ("only whole days can be added to a date", "日期只能加减整天"),
    ("a duration cannot be added to a text", "时长不能与文本相加"),
    ("two points in time cannot be added", "两个时间点不能相加"),
    ("only a duration can be added: {}", "只能加时长：{}"),
    ("write `today()` beside a date", "与日期比较请写 `today()`"),
    ("write `now()` beside an instant", "与时刻比较请写 `now()`"),
    (
        "a date has no time of day: a date compares with `today()`, an instant with `now()`",
        "日期没有时间部分：日期与 `today()` 比较，时刻与 `now()` 比较",
    ),
    ("give a unit: `15m`, `4h`, `3d`", "请注明单位：`15m`、`4h`、`3d`"),
    ("name the currency: {}", "请写明币种：{}"),
    ("write it in quotes", "请加引号"),
    ("write it without quotes", "请去掉引号"),
    ("only a text in quotes can be a choice", "只有带引号的文本才能作为选项"),
    ("compare a field of the record: {}", "请比较该记录的字段：{}"),
    ("the two have different choices", "两者的选项不同"),
    ("write `is set` after it", "请在其后写 `is set`"),
    (
        "write `value in field` where the field holds several",
        "字段含有多个值时请写 `value in field`",
    ),
    ("write a comparison, or `is set` after it", "请写一个比较，或在其后写 `is set`"),
    // time that is not known beforehand
    ("the moment at which this changes cannot be told in advance", "无法预先得知此条件何时变化"),
    ("compare `now()` with a field plus or minus a duration", "请将 `now()` 与字段加减时长比较"),
    // numbers, dates and money, after what was written
    ("not a duration", "不是时长"),
    ("not a number", "不是数字"),
    ("not a date", "不是日期"),
    ("not an instant", "不是时刻"),
    ("not an amount of money", "不是金额"),
    ("more places than the currency has", "小数位数多于该币种"),
    ("the number is too large", "数值过大"),
    ("a number has at most 9", "最多 9 位"),
    ("at most {}", "最大为 {}"),
    ("write it as {}, {}, {}, {} or {}", "请写作 {}、{}、{}、{} 或 {}"),
    ("write it as {} or {}", "请写作 {} 或 {}"),
    ("write it as {}", "请写作 {}"),
    ("write {} or {}", "请写 {} 或 {}"),
    ("write {}", "请写 {}"),
    // what is found where a filter is answered
    ("this cursor belongs to another list", "此游标属于另一个列表"),
    ("only known words can be searched for", "只能搜索已给出的词语"),
    ("a sum of values that cannot be added", "所求和的值不能相加"),
    ("no record type `{}`", "没有记录类型 `{}`"),
    ("`{}` has no field `{}`", "`{}` 没有字段 `{}`"),
    ("`{}` has no matrix `{}`", "`{}` 没有矩阵 `{}`"),
    ("`{}` is no reference", "`{}` 不是引用"),
    ("`{}`: {}", "`{}`：{}"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_keep_what_was_written() {
        let cases = [
            ("unknown field or link `sumary`", "没有字段或关联 `sumary`"),
            ("expected a choice, found a list (a text)", "应为选项，实为列表（文本）"),
            ("`1.5h`: not a duration", "`1.5h`：不是时长"),
            ("known: normal, standard", "可用：normal, standard"),
            ("`service` has no field or link `b`", "`service` 没有字段或关联 `b`"),
            ("write `true` or `false`", "请写 `true` 或 `false`"),
            ("nobody says this", "nobody says this"),
        ];
        for (en, zh) in cases {
            assert_eq!(chinese(en), zh);
        }
    }

    #[test]
    fn each_sentence_has_as_many_holes_in_both_languages() {
        for (en, zh) in SENTENCES {
            assert_eq!(en.matches("{}").count(), zh.matches("{}").count(), "{en}");
        }
    }
}
