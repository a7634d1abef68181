//! Labels: what people read, in each language. Names are for programs, labels for people.

use std::fmt;

/// A language of labels and texts, as a BCP 47 primary tag (`en`, `zh`). English and Chinese are
/// always present; overlays may add others.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language([u8; 2]);

impl Language {
    /// English.
    pub const EN: Language = Language(*b"en");
    /// Chinese.
    pub const ZH: Language = Language(*b"zh");
    /// The languages every label must have.
    pub const REQUIRED: [Language; 2] = [Language::EN, Language::ZH];

    /// `None` where the tag is not two lower-case letters.
    pub fn new(tag: &str) -> Option<Language> {
        let bytes: [u8; 2] = tag.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_lowercase).then_some(Language(bytes))
    }

    /// The two letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("en")
    }
}

impl fmt::Display for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// One text in several languages, sorted by language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label(Vec<(Language, String)>);

impl Label {
    /// Of several texts in one language the first by byte order stays.
    pub fn new(texts: impl IntoIterator<Item = (Language, String)>) -> Label {
        let mut texts: Vec<_> = texts.into_iter().collect();
        texts.sort();
        texts.dedup_by_key(|(language, _)| *language);
        Label(texts)
    }

    /// The text in the language; English, then any, where it has none.
    pub fn text(&self, language: Language) -> &str {
        let exact = |wanted| self.0.iter().find(|(l, _)| *l == wanted).map(|(_, t)| t.as_str());
        exact(language)
            .or_else(|| exact(Language::EN))
            .or_else(|| self.0.first().map(|(_, t)| t.as_str()))
            .unwrap_or("")
    }

    /// Each language with its text, sorted by language.
    pub fn texts(&self) -> impl Iterator<Item = (Language, &str)> {
        self.0.iter().map(|(language, text)| (*language, text.as_str()))
    }
}
