//! Just enough of Rust's grammar to tell code, comments and texts apart. It is not a parser: no
//! names are resolved and no macros are expanded.

/// A text in quotes, with the line on which it begins.
pub struct Quoted {
    pub line: usize,
    pub text: String,
}

/// A source file taken apart. All three keep the line numbers of the file.
#[derive(Default)]
pub struct Source {
    /// The code, with blanks where comments and texts stood.
    pub code: String,
    pub texts: Vec<Quoted>,
    /// The comments, a line each.
    pub comments: Vec<Quoted>,
}

/// Takes a file apart.
pub fn source(text: &str) -> Source {
    let mut reader = Reader { rest: text, line: 1, out: Source::default() };
    while !reader.rest.is_empty() {
        reader.step();
    }
    reader.out
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
    out: Source,
}

impl Reader<'_> {
    fn step(&mut self) {
        if self.rest.starts_with("//") {
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            self.comment(end);
        } else if self.rest.starts_with("/*") {
            let end = block_end(self.rest);
            self.comment(end);
        } else if let Some((open, close)) = raw_quotes(self.rest).filter(|_| self.starts_word()) {
            let length = self.rest[open..].find(&close).unwrap_or(self.rest.len() - open);
            self.quoted(open, open + length, open + length + close.len());
        } else if self.rest.starts_with('"') {
            let end = string_end(self.rest);
            self.quoted(1, end, end + 1);
        } else if let Some(length) = character(self.rest) {
            self.blank(length);
        } else {
            // On to what may begin a comment or a text.
            let first = self.rest.chars().next().map_or(1, char::len_utf8);
            let next = self.rest[first..].find(['/', '"', '\'', 'r', 'b']);
            self.keep(next.map_or(self.rest.len(), |next| first + next));
        }
    }

    /// Whether a word may begin here: `r"` in `bar"` is none.
    fn starts_word(&self) -> bool {
        !self.out.code.ends_with(|c: char| c.is_alphanumeric() || c == '_')
    }

    fn keep(&mut self, length: usize) {
        let (now, rest) = self.rest.split_at(length);
        self.line += now.matches('\n').count();
        self.out.code.push_str(now);
        self.rest = rest;
    }

    /// Steps over a part and leaves a blank and its newlines in the code.
    fn blank(&mut self, length: usize) {
        let (now, rest) = self.rest.split_at(length.min(self.rest.len()));
        let lines = now.matches('\n').count();
        self.out.code.push(' ');
        self.out.code.push_str(&"\n".repeat(lines));
        self.line += lines;
        self.rest = rest;
    }

    fn comment(&mut self, end: usize) {
        for (index, line) in self.rest[..end].lines().enumerate() {
            self.out.comments.push(Quoted { line: self.line + index, text: line.to_string() });
        }
        self.blank(end);
    }

    fn quoted(&mut self, open: usize, close: usize, end: usize) {
        let text = self.rest[open..close.max(open)].to_string();
        self.out.texts.push(Quoted { line: self.line, text });
        self.blank(end);
    }
}

/// The length of the opening of a raw text and the closing that ends it.
fn raw_quotes(text: &str) -> Option<(usize, String)> {
    let after = text.strip_prefix("br").or_else(|| text.strip_prefix('r'))?;
    let hashes = after.bytes().take_while(|b| *b == b'#').count();
    let opens = after[hashes..].starts_with('"');
    opens.then(|| (text.len() - after.len() + hashes + 1, format!("\"{}", "#".repeat(hashes))))
}

/// Where the closing quote of a text stands that begins at 0.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at,
            _ => {}
        }
    }
    text.len() - 1
}

/// The length of a character in quotes; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    if let Some(escaped) = inside.strip_prefix('\\') {
        let next = escaped.chars().next()?.len_utf8();
        return Some(2 + next + escaped[next..].find('\'')? + 1);
    }
    let length = inside.chars().next()?.len_utf8();
    inside[length..].starts_with('\'').then_some(length + 2)
}

/// The length of a block comment with those inside it.
fn block_end(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// A function and the lines it takes, from `fn` to its closing brace.
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
}

/// The functions of code without comments and texts.
pub fn functions(code: &str) -> Vec<Function> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let starts = at == 0 || !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let name: String =
            code[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if starts
            && !name.is_empty()
            && let Some(end) = body_end(&code[at..])
        {
            let line = 1 + code[..at].matches('\n').count();
            let lines = 1 + code[at..at + end].matches('\n').count();
            found.push(Function { name, line, lines });
        }
    }
    found
}

/// Where the body ends that follows; none for a function without a body.
fn body_end(code: &str) -> Option<usize> {
    let (mut round, mut braces) = (0, 0);
    for (at, character) in code.char_indices() {
        match character {
            '(' | '[' => round += 1,
            ')' | ']' => round -= 1,
            ';' if round == 0 && braces == 0 => return None,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces == 0 && round == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The line from which a file holds its own tests; behind the last where it has none.
pub fn tests_from(code: &str) -> usize {
    let at = code.lines().position(|line| line.trim_start().starts_with("#[cfg(test)]"));
    at.map_or(usize::MAX, |index| index + 1)
}

#[test]
fn a_source_is_taken_apart() {
    let text =
        "// a \"b\"\nlet c = \"d // e\"; let f = '\"'; let g: &'a str = r#\"h\"i\"#; /* j */";
    let apart = source(text);
    let texts: Vec<&str> = apart.texts.iter().map(|t| t.text.as_str()).collect();
    assert_eq!(texts, ["d // e", "h\"i"]);
    assert_eq!(apart.comments.len(), 2);
    assert_eq!(apart.code, " \nlet c =  ; let f =  ; let g: &'a str =  ;  ");
}

#[test]
fn functions_are_measured() {
    let code = "fn a(x: [u8; 3]) {\n if x { }\n}\ntrait T { fn b(&self); }\nfn c() {}\n";
    let found: Vec<_> = functions(code).into_iter().map(|f| (f.name, f.line, f.lines)).collect();
    assert_eq!(found, [("a".into(), 1, 3), ("c".into(), 5, 1)]);
}
