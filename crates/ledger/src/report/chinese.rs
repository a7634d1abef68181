//! What each problem is in Chinese, with the same places as in English. The reason why a line or a
//! checkpoint cannot be read stays as the reader of the file wrote it.

use super::{Problem, Source};
use crate::id::Id;

impl Problem {
    /// The problem as a Chinese sentence without its full stop.
    pub fn in_chinese(&self) -> String {
        use Problem::*;
        match self {
            Malformed { line, position: None, reason } => format!("第 {line} 行：{reason}"),
            Malformed { line, position: Some(position), reason } => {
                format!("第 {line} 行（位置 {position}）：{reason}")
            }
            Altered { position, entry, .. } => {
                format!("位置 {position}：条目 {entry} 在封存后被改动")
            }
            DiffersFromCopy { position, entry, .. } => {
                format!("位置 {position}{}：与外部副本不一致", of(entry))
            }
            Dropped { first, last } if first == last => format!("位置 {first}：条目缺失"),
            Dropped { first, last } => format!("位置 {first} 至 {last}：条目缺失"),
            Reordered { position, entry } => format!("位置 {position}{}：顺序有误", of(entry)),
            Repeated { position, entry } => format!("位置 {position}{}：位置重复", of(entry)),
            BeyondLimit { position, entry } => {
                format!("位置 {position}{}：超出树的最大规模", of(entry))
            }
            OtherOrigin { found, expected } => {
                format!("属于账本 {found:?}，而非 {expected:?}")
            }
            Unended => "导出文件缺少最后一行".to_string(),
            WrongCount { stated, found, .. } => {
                format!("最后一行写明的数量为 {stated}，实际为 {found}")
            }
            of_checkpoint => of_checkpoint.checkpoint_in_chinese(),
        }
    }

    fn checkpoint_in_chinese(&self) -> String {
        use Problem::*;
        match self {
            RootDiffers { source, size, since, .. } if since < size => format!(
                "{}（大小 {size}）：根不一致；位置 {since} 至 {} 之间有改动、插入或调换",
                name(*source),
                size - 1
            ),
            RootDiffers { source, size, .. } => {
                format!("{}（大小 {size}）：根与另一个一致的检查点不同", name(*source))
            }
            Truncated { size, found } => {
                format!("可信检查点（大小 {size}）：仅有 {found} 个条目")
            }
            NotComparable { size, missing } => {
                format!("可信检查点（大小 {size}）：位置 {missing} 的叶未知，无法比较")
            }
            BadCheckpoint { position, reason } => {
                format!("位置 {position} 之前的检查点：{reason}")
            }
            Misplaced { size, position } => {
                format!("大小为 {size} 的检查点位于位置 {position} 之前")
            }
            CopyDiffers { size } => format!("外部副本与可信检查点（大小 {size}）不一致"),
            CopyGoesOn { found } => format!("外部副本在最后的第 {found} 个条目之后仍有内容"),
            // All others are said by `in_chinese` itself.
            _ => String::new(),
        }
    }
}

fn name(source: Source) -> &'static str {
    match source {
        Source::Trusted => "可信检查点",
        Source::Inside => "内部检查点",
    }
}

/// The entry's id where it is known.
fn of(entry: &Option<Id>) -> String {
    entry.as_ref().map(|entry| format!("，条目 {entry}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Hash;

    #[test]
    fn every_problem_is_said_with_its_places() {
        let (entry, hash) = (Id([0xab; 16]), Hash([0; 32]));
        let root = |since| {
            let (source, stated, computed) = (Source::Trusted, hash, hash);
            Problem::RootDiffers { source, size: 8, since, stated, computed }
        };
        let copy = hash;
        for (problem, wanted) in [
            (Problem::Altered { position: 7, entry, sealed: hash, computed: hash }, "位置 7"),
            (
                Problem::DiffersFromCopy { position: 7, entry: None, sealed: hash, copy },
                "位置 7：与外部副本不一致",
            ),
            (Problem::Dropped { first: 3, last: 3 }, "位置 3：条目缺失"),
            (Problem::Dropped { first: 3, last: 5 }, "位置 3 至 5：条目缺失"),
            (Problem::Reordered { position: 3, entry: Some(entry) }, "位置 3，条目 abab"),
            (Problem::Repeated { position: 3, entry: None }, "位置 3：位置重复"),
            (Problem::BeyondLimit { position: 3, entry: None }, "位置 3：超出"),
            (root(4), "可信检查点（大小 8）：根不一致；位置 4 至 7"),
            (root(8), "可信检查点（大小 8）：根与另一个"),
            (Problem::Truncated { size: 8, found: 2 }, "仅有 2 个条目"),
            (Problem::NotComparable { size: 8, missing: 2 }, "位置 2 的叶未知"),
            (
                Problem::BadCheckpoint { position: 2, reason: "no".into() },
                "位置 2 之前的检查点：no",
            ),
            (Problem::Misplaced { size: 8, position: 2 }, "大小为 8 的检查点"),
            (Problem::CopyDiffers { size: 8 }, "大小 8"),
            (Problem::CopyGoesOn { found: 2 }, "第 2 个条目"),
            (Problem::Unended, "缺少最后一行"),
            (Problem::WrongCount { what: "entries", stated: 3, found: 2 }, "3，实际为 2"),
            (
                Problem::OtherOrigin { found: "a".into(), expected: "b".into() },
                "属于账本 \"a\"，而非 \"b\"",
            ),
            (
                Problem::Malformed { line: 9, position: Some(2), reason: "no".into() },
                "第 9 行（位置 2）：no",
            ),
        ] {
            let said = problem.in_chinese();
            assert!(said.contains(wanted), "{said} does not say {wanted}");
        }
    }
}
