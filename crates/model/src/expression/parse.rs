//! From tokens to a tree, by recursive descent. It knows the grammar, no names and no kinds.
//!
//! ```text
//! or      = and ("or" and)*
//! and     = not ("and" not)*
//! not     = "not" not | compare
//! compare = sum (("==" | "!=" | "<" | "<=" | ">" | ">=") sum
//!               | "not"? "in" sum
//!               | "is" "not"? ("set" | "empty"))?
//! sum     = term (("+" | "-") term)*
//! term    = 'text' | "-"? number | "-"? duration | "true" | "false" | "unset" | "me" | path
//!         | name "(" (or ("," or)*)? ")" | "[" (sum ("," sum)*)? "]" | "(" or ")"
//! ```
//!
//! After the first mistake of grammar it goes on with a broken term where it can, so that names
//! are still checked, and stays silent about grammar: what follows is mostly its consequence.

use super::literal;
use super::token::{Placed, Token, tokens};
use super::tree::{Term, What};
use super::{Comparison, Slip};
use crate::value::Value;

/// How deep parentheses, lists, calls and `not` may be nested, and how long a sum may be.
pub(super) const DEPTH: usize = 64;

/// The tree, where anything was written, and all slips of characters and grammar.
pub(super) fn parse(text: &str) -> (Option<Term<'_>>, Vec<Slip>) {
    let (tokens, slips) = tokens(text);
    let silent = !slips.is_empty();
    let mut parser = Parser { tokens, at: 0, end: text.len(), depth: 0, slips, silent };
    if parser.tokens.is_empty() {
        parser.fail("expression-empty", "the expression is empty".to_string(), None);
        return (None, parser.slips);
    }
    let term = parser.or();
    if parser.at < parser.tokens.len() {
        parser.left_over();
    }
    (Some(term), parser.slips)
}

struct Parser<'t> {
    tokens: Vec<Placed<'t>>,
    at: usize,
    end: usize,
    depth: usize,
    slips: Vec<Slip>,
    /// A mistake was reported; further ones of grammar are not.
    silent: bool,
}

impl<'t> Parser<'t> {
    fn or(&mut self) -> Term<'t> {
        self.several("or", Self::and, What::Or)
    }

    fn and(&mut self) -> Term<'t> {
        self.several("and", Self::not, What::And)
    }

    fn several(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Term<'t>,
        what: fn(Vec<Term<'t>>) -> What<'t>,
    ) -> Term<'t> {
        let mut parts = vec![part(self)];
        while self.word(word) {
            parts.push(part(self));
        }
        if parts.len() == 1 {
            return parts.remove(0);
        }
        let start = parts[0].start;
        Term::new(start, self.last_end(), what(parts))
    }

    fn not(&mut self) -> Term<'t> {
        let start = self.here().0;
        if !self.word("not") {
            return self.compare();
        }
        let inside = self.nested(Self::not);
        Term::new(start, self.last_end(), What::Not(Box::new(inside)))
    }

    fn compare(&mut self) -> Term<'t> {
        let left = self.sum();
        if let Some(comparison) = self.comparison() {
            let right = self.sum();
            if self.comparison().is_some() {
                self.at -= 1;
                let hint = "join two comparisons with `and`: `a < b and b < c`".to_string();
                self.unexpected("comparisons cannot be chained".to_string(), Some(hint));
            }
            return self.pair(left, right, |left, right| What::Compare(comparison, left, right));
        }
        let negated = self.peek_word(0) == Some("not") && self.peek_word(1) == Some("in");
        self.at += usize::from(negated);
        if self.word("in") {
            let right = self.sum();
            let member = self.pair(left, right, What::In);
            return self.negated(member, negated);
        }
        if self.word("is") { self.is(left) } else { left }
    }

    fn is(&mut self, left: Term<'t>) -> Term<'t> {
        let mut negated = self.word("not");
        if self.word("empty") {
            negated = !negated;
        } else if !self.word("set") {
            let message = "expected `set`, `not set` or `empty` after `is`".to_string();
            self.unexpected(message, Some("compare values with `==`".to_string()));
        }
        let start = left.start;
        let is_set = Term::new(start, self.last_end(), What::IsSet(Box::new(left)));
        self.negated(is_set, negated)
    }

    fn negated(&self, term: Term<'t>, negated: bool) -> Term<'t> {
        let (start, end) = term.span();
        if negated { Term::new(start, end, What::Not(Box::new(term))) } else { term }
    }

    fn pair(
        &self,
        left: Term<'t>,
        right: Term<'t>,
        what: impl FnOnce(Box<Term<'t>>, Box<Term<'t>>) -> What<'t>,
    ) -> Term<'t> {
        let (start, end) = (left.start, right.end.max(left.end));
        Term::new(start, end, what(Box::new(left), Box::new(right)))
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let Some(Token::Symbol(symbol)) = self.tokens.get(self.at).map(|p| &p.token) else {
            return None;
        };
        let comparison = match *symbol {
            "==" => Comparison::Equal,
            "!=" => Comparison::NotEqual,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            _ => return None,
        };
        self.at += 1;
        Some(comparison)
    }

    fn sum(&mut self) -> Term<'t> {
        let mut left = self.term();
        loop {
            let plus = self.symbol("+");
            if !plus && !self.symbol("-") {
                return left;
            }
            let right = self.term();
            left = self.pair(left, right, if plus { What::Add } else { What::Subtract });
            if left.depth > DEPTH {
                return self.too_deep();
            }
        }
    }

    fn term(&mut self) -> Term<'t> {
        let (start, end) = self.here();
        let Some(Placed { token, .. }) = self.tokens.get(self.at).cloned() else {
            return self.expected_value();
        };
        self.at += 1;
        let what = match token {
            Token::Text(text) => What::Value(Value::text(&text)),
            Token::Number(number) => self.number(number, start, end, false),
            Token::Symbol("-") => return self.negative(start),
            Token::Symbol("(") => return self.inside_parentheses(start),
            Token::Symbol("[") => {
                let parts = self.nested_list("]", Self::sum);
                What::List(parts)
            }
            Token::Word(word) => return self.word_term(word, start, end),
            Token::Symbol(_) => {
                self.at -= 1;
                return self.expected_value();
            }
        };
        Term::new(start, self.last_end(), what)
    }

    fn word_term(&mut self, word: &'t str, start: usize, end: usize) -> Term<'t> {
        let what = match word {
            "true" => What::Value(Value::YesNo(true)),
            "false" => What::Value(Value::YesNo(false)),
            "unset" => What::Value(Value::Unset),
            "me" => What::Me,
            "and" | "or" | "not" | "in" | "is" => {
                self.at -= 1;
                return self.expected_value();
            }
            _ if self.symbol("(") => What::Call(word, self.nested_list(")", Self::or)),
            _ if word.split('.').any(str::is_empty) => {
                let message = format!("`{word}` has an empty part");
                self.slip(start, end, "expression-syntax", message, None);
                What::Broken
            }
            _ => What::Path(word),
        };
        Term::new(start, self.last_end().max(end), what)
    }

    fn number(&mut self, text: &str, start: usize, end: usize, negative: bool) -> What<'t> {
        match literal::number(text, negative) {
            Ok(value) => What::Value(value),
            Err((message, hint)) => {
                // A wrong number does not confuse what follows: grammar stays awake.
                let message = format!("`{text}`: {message}");
                let hint = Some(hint.to_string());
                self.slips.push(Slip { start, end, id: "expression-bad-number", message, hint });
                What::Broken
            }
        }
    }

    fn negative(&mut self, start: usize) -> Term<'t> {
        let end = self.here().1;
        let Some(Token::Number(number)) = self.tokens.get(self.at).map(|p| p.token.clone()) else {
            return self.expected_value();
        };
        self.at += 1;
        let what = self.number(number, start, end, true);
        Term::new(start, end, what)
    }

    fn inside_parentheses(&mut self, start: usize) -> Term<'t> {
        let inside = self.nested(Self::or);
        self.close(")");
        // A call and a path begin with a name, which messages underline.
        if matches!(inside.what, What::Call(..) | What::Path(..)) {
            return inside;
        }
        // The parentheses belong to what they enclose, so that a message underlines both.
        Term { start, end: self.last_end(), ..inside }
    }

    fn nested_list(
        &mut self,
        close: &'static str,
        part: fn(&mut Self) -> Term<'t>,
    ) -> Vec<Term<'t>> {
        let mut parts = Vec::new();
        while !self.symbol(close) {
            parts.push(self.nested(part));
            if !self.symbol(",") {
                self.close(close);
                break;
            }
        }
        parts
    }

    /// One level deeper; past the limit nothing more is read.
    fn nested(&mut self, part: fn(&mut Self) -> Term<'t>) -> Term<'t> {
        if self.depth >= DEPTH {
            return self.too_deep();
        }
        self.depth += 1;
        let term = part(self);
        self.depth -= 1;
        term
    }

    fn too_deep(&mut self) -> Term<'t> {
        let (start, end) = self.here();
        let message = format!("nested deeper than {DEPTH} levels");
        self.slip(start, end, "expression-too-deep", message, None);
        self.at = self.tokens.len();
        Term::new(start, end, What::Broken)
    }

    fn expected_value(&mut self) -> Term<'t> {
        let (start, end) = self.here();
        self.unexpected("expected a value".to_string(), None);
        Term::new(start, end, What::Broken)
    }

    fn close(&mut self, symbol: &'static str) {
        if !self.symbol(symbol) {
            self.unexpected(format!("expected `{symbol}`"), None);
        }
    }

    fn left_over(&mut self) {
        self.unexpected("expected `and`, `or` or the end".to_string(), None);
    }

    fn peek_word(&self, ahead: usize) -> Option<&'t str> {
        match self.tokens.get(self.at + ahead)?.token {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.peek_word(0) == Some(word);
        self.at += usize::from(found);
        found
    }

    fn symbol(&mut self, symbol: &str) -> bool {
        let token = self.tokens.get(self.at).map(|placed| &placed.token);
        let found = matches!(token, Some(Token::Symbol(s)) if *s == symbol);
        self.at += usize::from(found);
        found
    }

    /// The bytes of the next token, or the end of the text.
    fn here(&self) -> (usize, usize) {
        self.tokens.get(self.at).map_or((self.end, self.end), |placed| (placed.start, placed.end))
    }

    fn last_end(&self) -> usize {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |placed| placed.end)
    }

    fn unexpected(&mut self, message: String, hint: Option<String>) {
        self.fail("expression-syntax", message, hint);
    }

    fn fail(&mut self, id: &'static str, message: String, hint: Option<String>) {
        let (start, end) = self.here();
        self.slip(start, end, id, message, hint);
    }

    fn slip(
        &mut self,
        start: usize,
        end: usize,
        id: &'static str,
        message: String,
        hint: Option<String>,
    ) {
        if !self.silent {
            self.slips.push(Slip { start, end, id, message, hint });
        }
        self.silent = true;
    }
}
