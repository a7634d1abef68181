//! Licence expressions (SPDX 2.3, annex D): names joined by `OR`, `AND`, `WITH` and brackets. The
//! old form with a slash means `OR`.

/// Whether the allowed licences suffice.
///
/// | expression | allowed | holds |
/// | --- | --- | --- |
/// | `MIT OR GPL-3.0` | MIT | yes |
/// | `MIT AND GPL-3.0` | MIT | no |
/// | `(MIT OR GPL-3.0) AND Zlib` | MIT, Zlib | yes |
/// | `A WITH B` | A | no: the exception is part of the name |
/// | nothing | all | no |
pub fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    let holds = reader.any();
    holds && reader.words.is_empty()
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a [String],
}

impl Reader<'_> {
    fn next_is(&mut self, word: &str) -> bool {
        let is = self.words.first() == Some(&word);
        if is {
            self.words = &self.words[1..];
        }
        is
    }

    fn any(&mut self) -> bool {
        let mut holds = self.all();
        while self.next_is("OR") {
            holds |= self.all();
        }
        holds
    }

    fn all(&mut self) -> bool {
        let mut holds = self.one();
        while self.next_is("AND") {
            holds &= self.one();
        }
        holds
    }

    fn one(&mut self) -> bool {
        if self.next_is("(") {
            let holds = self.any();
            return self.next_is(")") && holds;
        }
        let Some((name, rest)) = self.words.split_first() else { return false };
        self.words = rest;
        let mut name = name.to_string();
        if self.next_is("WITH")
            && let Some((exception, rest)) = self.words.split_first()
        {
            name = format!("{name} WITH {exception}");
            self.words = rest;
        }
        self.allowed.contains(&name)
    }
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn expressions_hold_as_the_table_says() {
        let check = |expression, allowed: &[&str]| {
            let allowed: Vec<String> = allowed.iter().map(ToString::to_string).collect();
            is_allowed(expression, &allowed)
        };
        assert!(check("MIT OR GPL-3.0", &["MIT"]));
        assert!(check("Apache-2.0/MIT", &["MIT"]));
        assert!(!check("MIT AND GPL-3.0", &["MIT"]));
        assert!(check("(MIT OR GPL-3.0) AND Zlib", &["MIT", "Zlib"]));
        assert!(!check("A WITH B", &["A"]));
        assert!(check("A WITH B OR C", &["A WITH B"]));
        assert!(!check("", &["MIT"]));
        assert!(!check("MIT OR", &["GPL"]));
    }
}
