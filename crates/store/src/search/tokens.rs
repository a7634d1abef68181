//! Tokens: what is indexed and searched for.
//!
//! | text | tokens of a document | tokens of a query |
//! | --- | --- | --- |
//! | `Printers printed` | `printer`, `print` | the same |
//! | `srv-01.example` | `srv`, `01`, `exampl` | the same |
//! | `变更管理` | each character, each pair: `变 更 管 理 变更 更管 管理` | the pairs |
//! | `变` | `变` | `变` |
//!
//! Words are lower case after NFKC and stemmed as English; only the stem is kept, so that a word
//! finds its other forms and the index stays small. Stemming is the same for a document and a
//! query, so a word of another language is found by itself all the same. Chinese, Japanese and
//! Korean have no spaces: pairs of characters stand for their words, without a dictionary.
//!
//! A token holds letters and digits only, so a token of rights ([`RightToken`]) is never made by
//! anybody's text.

use model::{Key, Name};
use rust_stemmers::{Algorithm, Stemmer};
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use unicode_normalization::{UnicodeNormalization, char, is_nfkc};
use unicode_segmentation::UnicodeSegmentation;

/// A longer token is cut here, in characters.
pub const LONGEST: usize = 64;
/// A document has no more different tokens than this; later ones are left out.
pub const MOST: usize = 16_383;
/// Nor more bytes of them: PostgreSQL takes 1 MiB.
pub const MOST_BYTES: usize = 512 * 1024;
/// A query has no more tokens than this; later ones are left out.
pub const MOST_ASKED: usize = 32;

/// A word of a text in its place, or a run of Chinese, Japanese or Korean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Word {
        stem: String,
        at: Range<usize>,
    },
    /// Each character with its place, as normalized.
    Run(Vec<(char, Range<usize>)>),
}

/// A right that a document carries: `§field·key`, found by whoever holds it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RightToken(String);

impl RightToken {
    /// Everybody whose rights name this field with this record: `team`, 12.
    pub fn of(field: &Name, key: Key) -> RightToken {
        RightToken(format!("§{field}·{}", key.0).replace('_', "‿"))
    }

    /// Everybody whose rights name this word: a state, a role, a record type.
    pub fn named(field: &Name, name: &Name) -> RightToken {
        RightToken(format!("§{field}·{name}").replace('_', "‿"))
    }

    /// Every document carries its record type, so that a search can be for one type.
    pub(super) fn of_type(record_type: &Name) -> RightToken {
        RightToken(format!("§type·{record_type}").replace('_', "‿"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RightToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The tokens of a document, each once, in the order of bytes; at most [`MOST`] and
/// [`MOST_BYTES`], those that stand first in the text.
pub fn tokens(text: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut bytes = 0;
    for token in pieces(text).into_iter().flat_map(of_piece) {
        let length = token.len();
        if all.len() >= MOST || bytes + length > MOST_BYTES {
            break;
        }
        if all.insert(token) {
            bytes += length;
        }
    }
    all
}

fn of_piece(piece: Piece) -> Vec<String> {
    match piece {
        Piece::Word { stem, .. } => vec![stem],
        Piece::Run(run) => {
            let single = run.iter().map(|(character, _)| character.to_string());
            single.chain(pairs(&run)).collect()
        }
    }
}

/// The tokens that a document must all hold for these words; at most [`MOST_ASKED`].
pub fn asked(words: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for piece in pieces(words) {
        match piece {
            Piece::Word { stem, .. } => all.push(stem),
            Piece::Run(run) if run.len() == 1 => all.extend(run.iter().map(|(c, _)| c.to_string())),
            Piece::Run(run) => all.extend(pairs(&run)),
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|token| seen.insert(token.clone()));
    all.truncate(MOST_ASKED);
    all
}

fn pairs(run: &[(char, Range<usize>)]) -> impl Iterator<Item = String> {
    run.windows(2).map(|two| [two[0].0, two[1].0].iter().collect())
}

/// The words and runs of a text, in order, with their places in it.
pub fn pieces(text: &str) -> Vec<Piece> {
    let stemmer = Stemmer::create(Algorithm::English);
    let mut pieces = Vec::new();
    let mut run: Vec<(char, Range<usize>)> = Vec::new();
    for (start, word) in text.split_word_bound_indices() {
        // Nothing else changes under NFKC or in case, and most words are plain.
        if word.bytes().all(|b| b.is_ascii_alphanumeric()) {
            close(&mut run, &mut pieces);
            let stem = stem(&stemmer, &word.to_ascii_lowercase());
            pieces.push(Piece::Word { stem, at: start..start + word.len() });
        } else {
            split(word, start, &stemmer, &mut run, &mut pieces);
        }
    }
    close(&mut run, &mut pieces);
    pieces
}

fn close(run: &mut Vec<(char, Range<usize>)>, pieces: &mut Vec<Piece>) {
    if !run.is_empty() {
        pieces.push(Piece::Run(std::mem::take(run)));
    }
}

/// Splits at everything that is no letter or digit, and between other writing and the runs.
fn split(
    word: &str,
    start: usize,
    stemmer: &Stemmer,
    run: &mut Vec<(char, Range<usize>)>,
    pieces: &mut Vec<Piece>,
) {
    let mut plain = String::new();
    let mut from = start;
    for (at, original) in word.char_indices() {
        let place = start + at..start + at + original.len_utf8();
        for character in normalized(original) {
            let in_run = is_run(character);
            if in_run || !belongs(character) {
                push_word(&mut plain, from..place.start, stemmer, pieces);
            }
            if in_run {
                push_run(run, character, place.clone());
            } else {
                close(run, pieces);
                if belongs(character) {
                    from = if plain.is_empty() { place.start } else { from };
                    plain.push(character);
                }
            }
        }
    }
    push_word(&mut plain, from..start + word.len(), stemmer, pieces);
}

/// Adds a character to a run; a voicing mark written apart joins the one before (`カ゛` as `ガ`).
fn push_run(run: &mut Vec<(char, Range<usize>)>, character: char, at: Range<usize>) {
    let composed = run.last().and_then(|(last, _)| char::compose(*last, character));
    match (run.last_mut(), composed) {
        (Some(last), Some(composed)) => *last = (composed, last.1.start..at.end),
        _ => run.push((character, at)),
    }
}

/// The character under NFKC in lower case. Character by character, so that places are kept; what
/// is composed of several is put together with its word.
fn normalized(character: char) -> impl Iterator<Item = char> {
    let mut buffer = [0; 4];
    let text = character.encode_utf8(&mut buffer);
    let whole: String =
        if is_nfkc(text) { text.to_string() } else { text.nfkc().collect::<String>() };
    whole.to_lowercase().chars().collect::<Vec<_>>().into_iter()
}

fn push_word(word: &mut String, at: Range<usize>, stemmer: &Stemmer, pieces: &mut Vec<Piece>) {
    if !word.is_empty() {
        let composed: String = word.nfc().collect();
        pieces.push(Piece::Word { stem: stem(stemmer, &composed), at });
        word.clear();
    }
}

fn stem(stemmer: &Stemmer, word: &str) -> String {
    let stem = stemmer.stem(word);
    match stem.char_indices().nth(LONGEST) {
        Some((end, _)) => stem[..end].to_string(),
        None => stem.into_owned(),
    }
}

/// Letters, digits and the marks that letters of many writings carry.
fn belongs(character: char) -> bool {
    character.is_alphanumeric() || char::is_combining_mark(character)
}

/// Written without spaces between words.
fn is_run(character: char) -> bool {
    matches!(
        u32::from(character),
        0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
            | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        tokens(text).into_iter().collect()
    }

    #[test]
    fn words_are_folded_split_and_stemmed() {
        assert_eq!(of("Printers printed; PRINTING"), ["print", "printer"]);
        assert_eq!(of("srv-01.example.com can't"), ["01", "can", "com", "exampl", "srv", "t"]);
        assert_eq!(of("ＶＰＮ ﬁle №5"), ["5", "file", "no", "vpn"]);
        assert_eq!(of("Größe déjà"), ["déjà", "größe"]);
        assert_eq!(of("de\u{301}ja\u{300}"), of("déjà"));
        assert_eq!(of("?!, '\" * ( ) \0"), Vec::<String>::new());
    }

    #[test]
    fn chinese_is_characters_and_pairs() {
        assert_eq!(of("变更"), ["变", "变更", "更"]);
        assert_eq!(asked("变更管理"), ["变更", "更管", "管理"]);
        assert_eq!(asked("变"), ["变"]);
        assert_eq!(asked("VPN连接 变"), ["vpn", "连接", "变"]);
        assert_eq!(asked("ﾌﾟﾘﾝﾀ"), asked("プリンタ"));
        assert_eq!(asked("プリンタ"), ["プリ", "リン", "ンタ"]);
    }

    #[test]
    fn nobody_writes_a_right() {
        let token = RightToken::of(&Name::new("assigned_team").unwrap(), Key(12));
        assert_eq!(token.as_str(), "§assigned‿team·12");
        assert!(of(token.as_str()).iter().all(|token| !token.contains(['§', '·'])));
    }

    #[test]
    fn limits_hold() {
        let long = "x".repeat(500);
        assert_eq!(of(&long)[0].len(), LONGEST);
        let many: String = (0..40_000).map(|n| format!("w{n} ")).collect();
        assert_eq!(tokens(&many).len(), MOST);
        let wide: String = (0..15_000).map(|n| format!("{n}{} ", "é".repeat(60))).collect();
        assert!(tokens(&wide).iter().map(String::len).sum::<usize>() <= MOST_BYTES);
        assert_eq!(asked(&many).len(), MOST_ASKED);
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "Ｖpn 变更";
        let Piece::Word { at, .. } = &pieces(text)[0] else { panic!() };
        assert_eq!(&text[at.clone()], "Ｖpn");
        let Piece::Run(run) = &pieces(text)[1] else { panic!() };
        assert_eq!(&text[run[1].1.clone()], "更");
    }
}
