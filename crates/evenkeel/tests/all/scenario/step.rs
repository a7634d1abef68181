//! The words of a step: names, texts in quotes, objects of fields.

/// One word of a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Word {
    Bare(String),
    Quoted(String),
    Object(Vec<(String, Raw)>),
}

/// A value as it is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Raw {
    Bare(String),
    Quoted(String),
    List(Vec<Raw>),
}

impl Word {
    /// The name it writes, quoted or not.
    pub fn name(&self) -> &str {
        match self {
            Word::Bare(text) | Word::Quoted(text) => text,
            Word::Object(_) => panic!("a name was expected, not an object"),
        }
    }
}

/// Takes the words of a step apart.
pub fn words(text: &str) -> Vec<Word> {
    let mut reader = Reader { rest: text };
    let mut words = Vec::new();
    loop {
        reader.blanks();
        match reader.peek() {
            None => return words,
            Some('"') => words.push(Word::Quoted(reader.quoted())),
            Some('{') => words.push(Word::Object(reader.object())),
            Some(_) => words.push(Word::Bare(reader.until(|c| c.is_whitespace()))),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn until(&mut self, end: impl Fn(char) -> bool) -> String {
        let at = self.rest.find(end).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(at);
        self.rest = rest;
        taken.trim().to_string()
    }

    fn take(&mut self, letter: char) {
        self.blanks();
        self.rest = self
            .rest
            .strip_prefix(letter)
            .unwrap_or_else(|| panic!("`{letter}` is missing before: {}", self.rest));
    }

    fn quoted(&mut self) -> String {
        self.take('"');
        let end = self.rest.find('"').unwrap_or_else(|| panic!("an open quote: {}", self.rest));
        let text = self.rest[..end].to_string();
        self.rest = &self.rest[end + 1..];
        text
    }

    fn object(&mut self) -> Vec<(String, Raw)> {
        self.take('{');
        let mut fields = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                Some('}') => break,
                Some(',') => self.take(','),
                _ => {
                    let name = self.until(|c| c == ':');
                    self.take(':');
                    fields.push((name, self.value()));
                }
            }
        }
        self.take('}');
        fields
    }

    fn value(&mut self) -> Raw {
        self.blanks();
        match self.peek() {
            Some('"') => Raw::Quoted(self.quoted()),
            Some('[') => self.list(),
            _ => Raw::Bare(self.until(|c| ",}]".contains(c))),
        }
    }

    fn list(&mut self) -> Raw {
        self.take('[');
        let mut all = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                Some(']') => break,
                Some(',') => self.take(','),
                _ => all.push(self.value()),
            }
        }
        self.take(']');
        Raw::List(all)
    }
}

#[test]
fn a_step_is_taken_apart() {
    let step = r#"link "Chat 1.0" { a: 2026-03-01 09:00, b: "x, y", c: [d, "e"] }"#;
    let bare = |text: &str| Raw::Bare(text.into());
    let fields = vec![
        ("a".into(), bare("2026-03-01 09:00")),
        ("b".into(), Raw::Quoted("x, y".into())),
        ("c".into(), Raw::List(vec![bare("d"), Raw::Quoted("e".into())])),
    ];
    let wanted = [Word::Bare("link".into()), Word::Quoted("Chat 1.0".into()), Word::Object(fields)];
    assert_eq!(words(step), wanted);
}
