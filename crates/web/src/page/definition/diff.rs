//! Two texts line by line: what stayed, went and came.

/// A line of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'t> {
    /// In both; its numbers from 1.
    Same(usize, usize, &'t str),
    Gone(usize, &'t str),
    New(usize, &'t str),
}

/// Beyond so many pairs of lines the middle is shown as gone and come anew.
const MOST: usize = 4_000_000;
/// Lines that are shown around what changed.
const AROUND: usize = 3;

/// All lines of both texts.
///
/// | old | new | lines |
/// | --- | --- | --- |
/// | `a b` | `a c` | same a, gone b, new c |
pub fn lines<'t>(old: &'t str, new: &'t str) -> Vec<Line<'t>> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b);
    let tail = tail.count();
    let mut out: Vec<Line> = (0..head).map(|at| Line::Same(at + 1, at + 1, old[at])).collect();
    middle(&old[head..old.len() - tail], &new[head..new.len() - tail], head, &mut out);
    for back in (1..=tail).rev() {
        let (a, b) = (old.len() - back, new.len() - back);
        out.push(Line::Same(a + 1, b + 1, old[a]));
    }
    out
}

/// The longest lines in common, by their lengths from each place on.
fn middle<'t>(old: &[&'t str], new: &[&'t str], head: usize, out: &mut Vec<Line<'t>>) {
    let wide = new.len() + 1;
    let is_large = old.len().saturating_mul(new.len()) > MOST;
    let mut common = vec![0_u32; if is_large { 0 } else { (old.len() + 1) * wide }];
    if !is_large {
        for a in (0..old.len()).rev() {
            for b in (0..new.len()).rev() {
                common[a * wide + b] = match old[a] == new[b] {
                    true => common[(a + 1) * wide + b + 1] + 1,
                    false => common[(a + 1) * wide + b].max(common[a * wide + b + 1]),
                };
            }
        }
    }
    let (mut a, mut b) = (0, 0);
    while a < old.len() || b < new.len() {
        let both = a < old.len() && b < new.len() && !is_large;
        if both && old[a] == new[b] {
            out.push(Line::Same(head + a + 1, head + b + 1, old[a]));
            (a, b) = (a + 1, b + 1);
        } else if a < old.len() && (!both || common[(a + 1) * wide + b] >= common[a * wide + b + 1])
        {
            out.push(Line::Gone(head + a + 1, old[a]));
            a += 1;
        } else {
            out.push(Line::New(head + b + 1, new[b]));
            b += 1;
        }
    }
}

/// What changed, with some lines around; a gap wherever lines are left out.
pub fn shown<'t>(lines: &[Line<'t>]) -> Vec<Option<Line<'t>>> {
    let changes = |at: usize| !matches!(lines[at], Line::Same(..));
    let near = |at: usize| {
        let (from, to) = (at.saturating_sub(AROUND), (at + AROUND + 1).min(lines.len()));
        (from..to).any(changes)
    };
    let mut out = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if near(at) {
            out.push(Some(*line));
        } else if out.last().is_some_and(Option::is_some) {
            out.push(None);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_go_and_come() {
        use Line::{Gone, New, Same};
        assert_eq!(
            lines("a\nb\nd", "a\nc\nd"),
            [Same(1, 1, "a"), Gone(2, "b"), New(2, "c"), Same(3, 3, "d")]
        );
        assert_eq!(lines("", "a"), [New(1, "a")]);
        assert_eq!(lines("a", ""), [Gone(1, "a")]);
        assert_eq!(lines("a", "a"), [Same(1, 1, "a")]);
        assert_eq!(
            lines("x\na\ny\nb", "a\nb\nz"),
            [Gone(1, "x"), Same(2, 1, "a"), Gone(3, "y"), Same(4, 2, "b"), New(3, "z")]
        );
    }

    #[test]
    fn what_is_far_from_a_change_is_left_out() {
        let old: String = (0..20).map(|n| format!("{n}\n")).collect();
        let new = old.replace("10\n", "ten\n");
        let all = lines(&old, &new);
        let shown = shown(&all);
        assert_eq!(shown.len(), 9, "{shown:?}");
        assert_eq!(shown.last(), Some(&None));
    }
}
