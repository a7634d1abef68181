//! A plan in words of both languages: what a sync of the tables would do, keep and refuse.

use store::sync::{Loss, Plan, Refused, What};

/// A sentence in English and Chinese.
pub type Said = (String, String);

/// The steps of a plan in their order.
pub(super) fn steps(plan: &Plan) -> Vec<Said> {
    plan.steps.iter().map(|step| (step.what.to_string(), what(&step.what))).collect()
}

/// What stays, with all it holds, though no definition names it any more.
pub(super) fn kept(plan: &Plan) -> Vec<Said> {
    let each = plan.kept.iter().map(|loss| {
        let zh = match loss {
            Loss::Table(table) => format!("数据表 {table}"),
            Loss::Column { table, column } => format!("列 {table}.{column}"),
        };
        (loss.to_string(), zh)
    });
    each.collect()
}

/// Why nothing of it can be done.
pub(super) fn refused(plan: &Plan) -> Vec<Said> {
    plan.refused.iter().map(|one| (one.to_string(), why(one))).collect()
}

fn what(what: &What) -> String {
    match what {
        What::MakeTable { table, columns } => format!("新建数据表 {table}，共 {columns} 列"),
        What::AddColumn { table, column, kind } => format!("新增列 {table}.{column}：{kind}"),
        What::ReplaceColumn { table, column, kind } => {
            format!("重建空列 {table}.{column}：{kind}")
        }
        What::DropColumn { table, column } => format!("删除列 {table}.{column} 及其全部内容"),
        What::DropTable { table } => format!("删除数据表 {table} 及其全部内容"),
        What::BuildIndex { table, index } => format!("在 {table} 上建立索引 {index}"),
        What::RebuildIndex { table, index } => {
            format!("重建 {table} 的索引 {index}：顺序已改变")
        }
        What::DropIndex { index } => format!("删除索引 {index}：已无定义声明"),
        What::MakeView { view } => format!("建立视图 {view}"),
        What::DropView { view } => format!("删除视图 {view}：已无定义声明"),
    }
}

fn why(refused: &Refused) -> String {
    match refused {
        Refused::KindChanged { table, column, from, to } => {
            format!("列 {table}.{column} 中的值为 {from}，不是 {to}")
        }
        Refused::NotUnique { table, index } => {
            format!("{table} 中有两条记录的值相同，而索引 {index} 只允许一条")
        }
        Refused::NameTaken { table } => format!("{table} 是程序自身数据表的名称"),
    }
}
