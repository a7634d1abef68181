//! What an import cannot take: which row, which column, why.

use crate::file::FileSlip;
use model::Language;
use serde_json::{Value as Json, json};

/// How many refusals are kept with their words; the rest are counted.
pub const KEPT: usize = 1000;

/// One row that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// As a spreadsheet counts: the header is row 1.
    pub row: usize,
    /// Empty where the row as a whole is meant.
    pub column: String,
    pub en: String,
    pub zh: String,
}

/// All of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusals {
    pub count: usize,
    /// The first [`KEPT`].
    pub list: Vec<Refused>,
}

impl Refused {
    /// The whole sentence, row and column first.
    pub fn text(&self, language: Language) -> String {
        let column = (!self.column.is_empty()).then(|| self.column.clone());
        let slip =
            FileSlip { row: Some(self.row), column, en: self.en.clone(), zh: self.zh.clone() };
        slip.text(language)
    }

    /// Why, without row and column.
    pub fn said(&self, language: Language) -> &str {
        if language == Language::ZH { &self.zh } else { &self.en }
    }

    pub fn to_json(&self) -> Json {
        json!({"row": self.row, "column": self.column, "en": self.en, "zh": self.zh})
    }
}

impl From<FileSlip> for Refused {
    fn from(slip: FileSlip) -> Refused {
        Refused {
            row: slip.row.unwrap_or(0),
            column: slip.column.unwrap_or_default(),
            en: slip.en,
            zh: slip.zh,
        }
    }
}

impl Refusals {
    pub fn add(&mut self, refused: Refused) {
        self.count += 1;
        if self.list.len() < KEPT {
            self.list.push(refused);
        }
    }
}
