//! From text to tree: what binds tighter, where the first mistake of grammar is, how deep it goes.

use super::super::chinese;
use super::super::parse::parse;
use super::super::tree::{Term, What};

/// The tree as fully bracketed text.
fn shape(term: &Term<'_>) -> String {
    let all = |parts: &[Term<'_>]| parts.iter().map(shape).collect::<Vec<_>>().join(" ");
    match &term.what {
        What::Broken => "?".to_string(),
        What::Value(value) => format!("{value:?}"),
        What::Me => "me".to_string(),
        What::Path(path) => path.to_string(),
        What::Call(name, parts) => format!("{name}({})", all(parts)),
        What::List(parts) => format!("[{}]", all(parts)),
        What::IsSet(part) => format!("(set {})", shape(part)),
        What::Compare(op, left, right) => format!("({op:?} {} {})", shape(left), shape(right)),
        What::In(left, right) => format!("(in {} {})", shape(left), shape(right)),
        What::Add(left, right) => format!("(+ {} {})", shape(left), shape(right)),
        What::Subtract(left, right) => format!("(- {} {})", shape(left), shape(right)),
        What::Not(part) => format!("(not {})", shape(part)),
        What::And(parts) => format!("(and {})", all(parts)),
        What::Or(parts) => format!("(or {})", all(parts)),
    }
}

#[test]
fn binding_is_or_and_not_compare_sum() {
    let cases = [
        ("a or b and not c", "(or a (and b (not c)))"),
        ("not a == b", "(not (Equal a b))"),
        ("(a or b) and c", "(and (or a b) c)"),
        ("a - b + c < d", "(Less (+ (- a b) c) d)"),
        ("a in [b, c]", "(in a [b c])"),
        ("a not in b", "(not (in a b))"),
        ("a is set and b is not set", "(and (set a) (not (set b)))"),
        ("a is empty", "(not (set a))"),
        ("a is not empty", "(set a)"),
        ("f(a, b) == -1", "(Equal f(a b) Integer(-1))"),
        ("a - -1", "(- a Integer(-1))"),
        ("not not a", "(not (not a))"),
        ("me.roles", "me.roles"),
    ];
    for (text, expected) in cases {
        let (term, slips) = parse(text);
        assert_eq!(slips, [], "{text}");
        assert_eq!(term.as_ref().map(shape).as_deref(), Some(expected), "{text}");
    }
}

#[test]
fn the_first_mistake_of_grammar_is_placed() {
    let cases = [
        ("", "expression-empty", 0, 0, "the expression is empty"),
        ("a <", "expression-syntax", 3, 3, "expected a value"),
        ("a b", "expression-syntax", 2, 3, "expected `and`, `or` or the end"),
        ("(a", "expression-syntax", 2, 2, "expected `)`"),
        ("a in ['高' b]", "expression-syntax", 12, 13, "expected `]`"),
        ("a is b", "expression-syntax", 5, 6, "expected `set`, `not set` or `empty` after `is`"),
        ("1 < a < 3", "expression-syntax", 6, 7, "comparisons cannot be chained"),
        ("a.", "expression-syntax", 0, 2, "`a.` has an empty part"),
        ("1.5h", "expression-bad-number", 0, 4, "`1.5h`: not a duration"),
        ("and", "expression-syntax", 0, 3, "expected a value"),
        ("-a", "expression-syntax", 1, 2, "expected a value"),
    ];
    for (text, id, start, end, message) in cases {
        let (_, slips) = parse(text);
        let found: Vec<_> =
            slips.iter().map(|s| (s.id, s.start, s.end, s.message.as_str())).collect();
        assert_eq!(found, [(id, start, end, message)], "{text}");
        assert_ne!(chinese(message), message, "not in Chinese");
    }
}

#[test]
fn depth_is_limited_in_every_direction() {
    let deep = |open: &str, close: &str, levels: usize| {
        format!("{}a{}", open.repeat(levels), close.repeat(levels))
    };
    let ids = |text: &str| parse(text).1.iter().map(|slip| slip.id).collect::<Vec<_>>();
    for (open, close) in [("(", ")"), ("not ", ""), ("f(", ")"), ("[", "]"), ("1 + ", "")] {
        assert_eq!(ids(&deep(open, close, 60)), Vec::<&str>::new(), "{open}");
        assert_eq!(ids(&deep(open, close, 65)), ["expression-too-deep"], "{open}");
        assert_eq!(ids(&deep(open, close, 1500)), ["expression-too-deep"], "{open}");
    }
}
