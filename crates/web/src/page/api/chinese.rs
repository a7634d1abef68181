//! What the description of the interface says in English, in Chinese.

/// The Chinese of a text of the description.
pub fn chinese(en: &str) -> Option<&'static str> {
    OPERATIONS
        .iter()
        .chain(PARAMETERS)
        .chain(ANSWERS)
        .find(|(said, _)| *said == en)
        .map(|(_, zh)| *zh)
}

type Texts = &'static [(&'static str, &'static str)];

const OPERATIONS: Texts = &[
    ("Whether the server and its database work", "服务器及数据库是否正常"),
    ("Figures about the server for Prometheus", "供 Prometheus 采集的服务器指标"),
    ("This description, made from the definitions in force", "由当前生效的定义生成的本说明"),
    ("Who asks: person, roles, scopes", "请求者：人员、角色、权限范围"),
    ("The record types that the asker may see", "请求者可见的记录类型"),
    (
        "One record type: fields, links, states, transitions, lists",
        "一个记录类型：字段、关联、状态、转换、列表",
    ),
    ("Search all records by words, newest first", "按词语搜索全部记录，新的在前"),
    (
        "What has changed since a cursor, in order, at least once",
        "某游标之后的变化，按顺序，每项至少一次",
    ),
    ("What the asker was told of, newest first", "请求者收到的通知，新的在前"),
    (
        "Mark as read what the asker was told of: the entries named, or all",
        "将请求者的通知标为已读：指定的条目或全部",
    ),
    ("How many at most; 50 where left out.", "最多返回多少条；省略时为 50。"),
    ("Whether only what is unread.", "是否仅返回未读。"),
    ("The asker's own tokens", "请求者自己的令牌"),
    (
        "Make a token for oneself; its text is answered this once",
        "为自己生成令牌；令牌内容仅返回这一次",
    ),
    ("End one of one's own tokens", "停用自己的一个令牌"),
    (
        "Imports, the latest first; those of the command line too",
        "导入记录，新的在前，含命令行导入",
    ),
    (
        "Bring a table that is to become records; its columns are mapped as well as can be guessed",
        "上传将成为记录的表格，各列按推测自动映射",
    ),
    ("How an import stands: its mapping, its stage, its numbers", "导入的情况：映射、阶段、数量"),
    ("Write the mapping of an import anew", "修改导入的映射"),
    (
        "Forget an import that has written nothing, and its file",
        "删除尚未写入任何内容的导入及其文件",
    ),
    ("Check the whole file; the import tells what was found", "检查整个文件，结果见该导入"),
    (
        "Write what the file holds, or go on where it was stopped; the import tells how far it is",
        "写入文件内容，或从停止处继续；进度见该导入",
    ),
    ("Stop the check or the import; what was written stays", "停止检查或导入，已写入的内容保留"),
    (
        "Take back what an import wrote, where nobody has changed it since",
        "撤销导入写入且此后未被修改的内容",
    ),
    ("The rows that cannot be taken, and why", "无法导入的行及原因"),
    (
        "The records that taking the import back has left alone, and why",
        "撤销时保持不变的记录及原因",
    ),
    ("What the rows are: the name of a record type.", "行的记录类型名称。"),
    ("A page of records", "一页记录"),
    ("Create a record", "新建记录"),
    ("Do the same to many records, each on its own", "对多条记录执行同一操作，逐条处理"),
    ("The kept views of a record type that the asker finds", "请求者可用的已存视图"),
    ("Keep a view: what a list shows, under a name", "保存视图：为列表的显示内容命名"),
    ("Write a view of one's own anew", "修改自己的视图"),
    ("Take a view of one's own away", "删除自己的视图"),
    ("The kept templates of a form that the asker finds", "请求者可用的表单模板"),
    ("Keep a template: values of a new record, under a name", "保存模板：为新记录的取值命名"),
    ("A template, with what of it the asker may set", "一个模板，仅含请求者可设置的取值"),
    ("Write a template of one's own anew", "修改自己的模板"),
    ("Take a template of one's own away", "删除自己的模板"),
    (
        "A whole list as a table: CSV, JSON lines or XLSX",
        "将整个列表导出为表格：CSV、JSON 行或 XLSX",
    ),
    ("A figure over time", "随时间变化的指标"),
    (
        "For how many records a claim holds, and a page of those that fail",
        "有多少记录符合声明，以及一页不符合的记录",
    ),
    ("One record, by its number or its id", "一条记录，按编号或 id"),
    ("Change fields of a record", "修改记录的字段"),
    (
        "Withdraw a record: it leaves all lists, its history stays",
        "撤回记录：从所有列表中消失，历史保留",
    ),
    ("Withdraw a record, saying why", "撤回记录并说明原因"),
    (
        "The steps from here: which are open, and why the others are not",
        "当前可执行的转换，以及其余转换不可执行的原因",
    ),
    ("Perform a step", "执行转换"),
    ("Give an approval", "批准"),
    ("Refuse an approval", "驳回"),
    ("Let somebody else give an approval in one's place", "委托他人代为审批"),
    ("Link a record to another", "关联另一条记录"),
    ("End a link", "解除关联"),
    ("What people have said on a record, newest first", "记录上的备注，新的在前"),
    ("Say something on a record", "在记录上添加备注"),
    ("The files of a record, oldest first", "记录的附件，旧的在前"),
    ("Add a file to a record", "为记录添加附件"),
    ("The content of a file, to be saved", "附件内容，供保存"),
    ("Take a file off a record", "移除记录的附件"),
    ("Who did what when, newest first", "何人何时做了什么，新的在前"),
    ("How long a record may take, how long it has taken, and why", "记录的时限、已用时间及其依据"),
    ("Watch a record", "关注记录"),
    ("Stop watching a record", "取消关注记录"),
];

const PARAMETERS: Texts = &[
    ("How many at most.", "最多条数。"),
    (
        "The page after the one that answered this as `next`.",
        "以 `next` 返回此值的那一页的下一页。",
    ),
    (
        "The page before the one that answered this as `previous`.",
        "以 `previous` 返回此值的那一页的上一页。",
    ),
    ("A condition in the language of docs/expressions.md.", "条件，语法见 docs/expressions.md。"),
    ("Words that the records hold.", "记录包含的词语。"),
    (
        "Fields between commas, descending with a minus: `-priority,number`.",
        "以逗号分隔的字段，加减号为降序：`-priority,number`。",
    ),
    ("Fields between commas; all where left out.", "以逗号分隔的字段；省略则为全部。"),
    ("As it stood at this instant.", "此时刻的状态。"),
    ("Record types between commas; all where left out.", "以逗号分隔的记录类型；省略则为全部。"),
    ("Whether to count all records found.", "是否统计找到的全部记录数。"),
    (
        "The cursor of the answer before; the beginning where left out.",
        "上次响应的游标；省略则从头开始。",
    ),
    ("Seconds to wait where nothing has happened yet.", "尚无变化时等待的秒数。"),
    ("How many at most; 20 where left out.", "最多条数；省略则为 20。"),
    ("Who watches; the asker where left out.", "关注者；省略则为请求者。"),
    (
        "Whether only those who read internal notes see the file.",
        "附件是否仅对可查看内部备注的人可见。",
    ),
    ("`csv` where left out.", "省略则为 `csv`。"),
    (
        "Labels and times as people read them, in the place of names.",
        "以便于阅读的标签和时间代替名称。",
    ),
    ("The first instant counted.", "统计的起始时刻（含）。"),
    (
        "The first instant not counted; now where left out.",
        "统计的结束时刻（不含）；省略则为现在。",
    ),
    (
        "The time zone of days, as in `Asia/Shanghai`; the asker's own where left out.",
        "划分日期的时区，如 `Asia/Shanghai`；省略则为请求者的时区。",
    ),
    (
        "How time is divided; as the measure is defined where left out.",
        "时间的划分方式；省略则按度量的定义。",
    ),
    (
        "The field that divides the records; as defined where left out.",
        "用于分组的字段；省略则按定义。",
    ),
    (
        "The field that puts a record into a period; as defined where left out.",
        "决定记录所属周期的字段；省略则按定义。",
    ),
    ("Makes a repetition answer what the first request did.", "重复发送时返回首次请求的结果。"),
    ("The ETag of the version that the change is based on.", "修改所依据版本的 ETag。"),
    ("May be left out where just one is open to the asker.", "请求者只有一项可审批时可省略。"),
    (
        "One file, in a form. Its raw content is taken too, with its name in Content-Disposition.",
        "表单中的一个文件；也可直接发送文件内容，并在 Content-Disposition 中给出文件名。",
    ),
    ("Asked of the session of a browser only.", "仅在浏览器会话中需要。"),
    (
        "A record by its number or id, or the object that an answer shows.",
        "记录的编号或 id，或响应中显示的对象。",
    ),
];

const ANSWERS: Texts = &[
    ("As the client has it", "与客户端已有内容一致"),
    (
        "The request or the question cannot be understood, or costs too much",
        "请求无法理解或代价过高",
    ),
    ("Not known who asks: send a valid token", "无法识别请求者：请发送有效令牌"),
    ("Visible, but not allowed, or the token lacks the scope", "可见但不允许，或令牌缺少权限范围"),
    ("Not there, or not visible", "不存在或不可见"),
    ("Answered as application/json only", "仅以 application/json 响应"),
    ("The request did not arrive in time", "请求未能及时送达"),
    (
        "A rule, a missing approval, the wrong state, or a value that is taken",
        "违反规则、缺少审批、状态不符，或值已被占用",
    ),
    ("Withdrawn", "已撤回"),
    ("Changed meanwhile", "期间已被修改"),
    ("Too large", "过大"),
    ("The address is too long", "地址过长"),
    ("The body is not of a type that is taken", "不接受此类型的正文"),
    ("Fields that cannot be taken or are missing", "字段缺失或无法接受"),
    (
        "Too many requests: Retry-After says when to come again",
        "请求过多：请按 Retry-After 的时间重试",
    ),
    ("The headers are too large", "请求头过大"),
    ("A fault, told by its number", "内部错误，以编号标识"),
    ("Not just now: Retry-After says when to come again", "暂不可用：请按 Retry-After 的时间重试"),
    ("The disk is full", "磁盘已满"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi;
    use crate::routes::ROUTES;
    use serde_json::Value as Json;

    /// Every description below a part of the document.
    fn descriptions(json: &Json, found: &mut Vec<String>) {
        match json {
            Json::Array(all) => all.iter().for_each(|one| descriptions(one, found)),
            Json::Object(members) => {
                if let Some(Json::String(says)) = members.get("description") {
                    found.push(says.clone());
                }
                members.values().for_each(|one| descriptions(one, found));
            }
            _ => {}
        }
    }

    #[test]
    fn all_that_the_description_says_is_said_in_chinese() {
        let mut said: Vec<String> = ROUTES.iter().map(|route| route.says.to_string()).collect();
        descriptions(&openapi::problems(), &mut said);
        descriptions(&openapi::shared_parameters(), &mut said);
        descriptions(&openapi::about(&model::Model::default(), None), &mut said);
        said.retain(|en| chinese(en).is_none());
        assert!(said.is_empty(), "{said:#?}");
    }
}
