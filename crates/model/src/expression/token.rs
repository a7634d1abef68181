//! From text to tokens. It knows characters and quotes, not grammar; a character that people
//! often write instead of the right one (`=`, `&&`, a full-width comma) is reported and read as
//! what was meant, so that the rest of the text is still checked.

use super::Slip;

/// One piece of the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'t> {
    /// A keyword, function name or path with its dots.
    Word(&'t str),
    /// A text in quotes, without them, `''` read as `'`.
    Text(String),
    /// Digits with what follows them directly: a number or a duration.
    Number(&'t str),
    Symbol(&'static str),
}

/// A token with its bytes in the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed<'t> {
    pub token: Token<'t>,
    pub start: usize,
    pub end: usize,
}

/// The longest first, so that `<=` is not read as `<`.
const SYMBOLS: [&str; 13] = ["==", "!=", "<=", ">=", "<", ">", "(", ")", "[", "]", ",", "+", "-"];

const KEYWORDS: [&str; 8] = ["and", "or", "not", "in", "is", "true", "false", "unset"];

/// What is written by habit of other languages or of a Chinese keyboard, and what was meant.
const MEANT: [(&str, &str); 21] = [
    ("<>", "!="),
    ("=", "=="),
    ("&&", "and"),
    ("||", "or"),
    ("!", "not"),
    ("，", ","),
    ("、", ","),
    ("（", "("),
    ("）", ")"),
    ("【", "["),
    ("】", "]"),
    ("＝＝", "=="),
    ("＝", "=="),
    ("＜", "<"),
    ("＞", ">"),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
    ("＋", "+"),
    ("－", "-"),
    ("−", "-"),
];

/// Quotes that are not ours, opening and closing.
const QUOTES: [(char, char); 5] = [('"', '"'), ('“', '”'), ('‘', '’'), ('「', '」'), ('`', '`')];

/// All tokens of the text, and a slip for each place that is none.
pub(super) fn tokens(text: &str) -> (Vec<Placed<'_>>, Vec<Slip>) {
    let mut lexer = Lexer { text, at: 0, found: Vec::new(), slips: Vec::new() };
    while let Some(first) = lexer.rest().chars().next() {
        lexer.step(first);
    }
    (lexer.found, lexer.slips)
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    found: Vec<Placed<'t>>,
    slips: Vec<Slip>,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn step(&mut self, first: char) {
        if first.is_whitespace() {
            self.at += first.len_utf8();
        } else if first == '\'' {
            self.quoted();
        } else if first.is_ascii_digit() {
            let length = self.run(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
            self.push(Token::Number(&self.rest()[..length]), length);
        } else if first.is_ascii_alphabetic() || first == '_' {
            self.word();
        } else if !self.symbol() && !self.meant() && !self.other_quotes(first) {
            self.unknown();
        }
    }

    fn push(&mut self, token: Token<'t>, length: usize) {
        let start = self.at;
        self.at += length;
        self.found.push(Placed { token, start, end: self.at });
    }

    /// Bytes of the run of characters that are kept.
    fn run(&self, keep: impl Fn(char) -> bool) -> usize {
        self.rest().find(|c| !keep(c)).unwrap_or(self.rest().len())
    }

    fn word(&mut self) {
        let length = self.run(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        let word = &self.rest()[..length];
        match KEYWORDS.iter().find(|k| k.eq_ignore_ascii_case(word)) {
            Some(keyword) if *keyword != word => {
                self.slip(length, "expression-syntax", format!("`{word}` is in capitals"));
                self.hint(format!("write `{keyword}`"));
                self.push(Token::Word(keyword), length);
            }
            _ => self.push(Token::Word(word), length),
        }
    }

    fn symbol(&mut self) -> bool {
        let rest = self.rest();
        let meant_otherwise = rest.starts_with("<>");
        let Some(symbol) = SYMBOLS.iter().find(|s| rest.starts_with(**s) && !meant_otherwise)
        else {
            return false;
        };
        self.push(Token::Symbol(symbol), symbol.len());
        true
    }

    fn meant(&mut self) -> bool {
        let rest = self.rest();
        let Some((written, meant)) = MEANT.iter().find(|(w, _)| rest.starts_with(w)) else {
            return false;
        };
        self.bad_character(written);
        self.hint(format!("write `{meant}`"));
        let symbol = SYMBOLS.contains(meant);
        self.push(if symbol { Token::Symbol(meant) } else { Token::Word(meant) }, written.len());
        true
    }

    /// A text in `'`, where `''` stands for one quote.
    fn quoted(&mut self) {
        let mut content = String::new();
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((offset, found)) = chars.next() {
            if found != '\'' {
                content.push(found);
            } else if chars.next_if(|(_, c)| *c == '\'').is_some() {
                content.push('\'');
            } else {
                return self.push(Token::Text(content), offset + 1);
            }
        }
        let length = self.rest().len();
        self.slip(length, "expression-open-text", "the text has no closing quote".to_string());
        self.hint("end it with `'`; a quote inside a text is written `''`".to_string());
        self.push(Token::Text(content), length);
    }

    fn other_quotes(&mut self, first: char) -> bool {
        let Some((open, close)) = QUOTES.iter().find(|(open, _)| *open == first) else {
            return false;
        };
        let inside = &self.rest()[open.len_utf8()..];
        let length = inside.find(*close).unwrap_or(inside.len());
        let content = inside[..length].to_string();
        let end = (open.len_utf8() + length + close.len_utf8()).min(self.rest().len());
        self.bad_character(&first.to_string());
        self.hint(format!("write texts in single quotes: `'{}'`", content.replace('\'', "''")));
        self.push(Token::Text(content), end);
        true
    }

    fn unknown(&mut self) {
        let letters = self.run(char::is_alphabetic);
        let first = self.rest().chars().next().map_or(0, char::len_utf8);
        let length = letters.max(first);
        let written = &self.rest()[..length];
        self.bad_character(written);
        if letters > 0 {
            self.hint(format!("names are written in a-z; a text is in quotes: `'{written}'`"));
        }
        self.at += length;
    }

    fn bad_character(&mut self, written: &str) {
        self.slip(written.len(), "expression-bad-character", format!("unexpected `{written}`"));
    }

    fn slip(&mut self, length: usize, id: &'static str, message: String) {
        self.slips.push(Slip { start: self.at, end: self.at + length, id, message, hint: None });
    }

    fn hint(&mut self, hint: String) {
        if let Some(slip) = self.slips.last_mut() {
            slip.hint = Some(hint);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<String> {
        let (found, slips) = tokens(text);
        assert_eq!(slips, [], "{text}");
        found.iter().map(|placed| format!("{:?}", placed.token)).collect()
    }

    #[test]
    fn tokens_are_words_texts_numbers_and_symbols() {
        assert_eq!(
            plain("risk<='支付''网关' and 1d4h"),
            [
                "Word(\"risk\")",
                "Symbol(\"<=\")",
                "Text(\"支付'网关\")",
                "Word(\"and\")",
                "Number(\"1d4h\")"
            ]
        );
        assert_eq!(plain(" \u{3000}\n"), Vec::<String>::new());
        assert_eq!(plain("''"), ["Text(\"\")"]);
        assert_eq!(plain("''''"), ["Text(\"'\")"]);
    }

    #[test]
    fn what_was_meant_is_reported_and_read() {
        let cases = [
            ("a = 1", "=", "write `==`"),
            ("a <> 1", "<>", "write `!=`"),
            ("a && b", "&&", "write `and`"),
            ("（a）", "（", "write `(`"),
            ("a，b", "，", "write `,`"),
            ("a OR b", "OR", "write `or`"),
            ("a == “高”", "“", "write texts in single quotes: `'高'`"),
            ("a == \"it's\"", "\"", "write texts in single quotes: `'it''s'`"),
            ("类型 == 1", "类型", "names are written in a-z; a text is in quotes: `'类型'`"),
        ];
        for (text, at, hint) in cases {
            let (_, slips) = tokens(text);
            let Some(slip) = slips.first() else { panic!("{text}: no slip") };
            assert_eq!(&text[slip.start..slip.end], at, "{text}");
            assert_eq!(slip.hint.as_deref(), Some(hint), "{text}");
        }
    }

    #[test]
    fn an_open_text_reaches_to_the_end() {
        let (found, slips) = tokens("a == '高");
        assert_eq!((slips[0].id, slips[0].start, slips[0].end), ("expression-open-text", 5, 9));
        assert_eq!(found.last().map(|p| p.token.clone()), Some(Token::Text("高".to_string())));
    }
}
