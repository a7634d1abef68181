//! Texts of incidents: made-up words with the spread of a real language (a few very common, many
//! rare), and two words whose share of the texts is known, for the search.

use crate::random::Random;

/// A word in 5 % of the texts, and one in 0.5 %.
pub const COMMON: &str = "printer";
pub const RARE: &str = "turbine";
const COMMON_PER_1000: usize = 50;
const RARE_PER_1000: usize = 5;

/// How many different words there are beside the two.
const WORDS: usize = 20_000;

const FIRST: [&str; 20] = [
    "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va",
    "we", "xi", "yo", "zu",
];
const LAST: [&str; 10] = ["bor", "dan", "fel", "gim", "kon", "lur", "mar", "nel", "pim", "rat"];

/// The word of a rank; 0 is the most common. Different for each rank.
fn word(rank: usize) -> String {
    let mut left = rank / LAST.len();
    let mut word = String::new();
    for _ in 0..3 {
        word += FIRST[left % FIRST.len()];
        left /= FIRST.len();
        if left == 0 {
            break;
        }
        left -= 1;
    }
    word + LAST[rank % LAST.len()]
}

/// A rank with the chance of about one over itself (the law of Zipf).
fn rank(random: &mut Random) -> usize {
    let unit = (random.next() >> 11) as f64 / (1u64 << 53) as f64;
    let rank = ((WORDS as f64).powf(unit) - 1.0) as usize;
    rank.min(WORDS - 1)
}

/// What an incident says: 4 to 9 words in the summary, 25 to 90 in the description, of which one
/// may be [`COMMON`] and one [`RARE`].
pub fn texts(random: &mut Random) -> (String, String) {
    let sentence = |random: &mut Random, low, high| -> Vec<String> {
        (0..random.between(low, high)).map(|_| word(rank(random))).collect()
    };
    let summary = sentence(random, 4, 9);
    let mut description = sentence(random, 25, 90);
    for (marked, share) in [(COMMON, COMMON_PER_1000), (RARE, RARE_PER_1000)] {
        if random.chance(share, 1000) {
            let at = random.below(description.len());
            description[at] = marked.to_string();
        }
    }
    (summary.join(" "), description.join(" "))
}

#[cfg(test)]
mod tests {
    use super::{COMMON, RARE, WORDS, texts, word};
    use crate::random::Random;
    use std::collections::BTreeSet;

    #[test]
    fn words_are_different() {
        let all: BTreeSet<String> = (0..WORDS).map(word).collect();
        assert_eq!(all.len(), WORDS);
        assert!(!all.contains(COMMON) && !all.contains(RARE));
    }

    #[test]
    fn texts_have_their_lengths_and_shares() {
        let mut random = Random::new(42);
        let (mut common, mut rare) = (0, 0);
        for _ in 0..20_000 {
            let (summary, description) = texts(&mut random);
            assert!((4..=9).contains(&summary.split(' ').count()));
            assert!((25..=90).contains(&description.split(' ').count()));
            common += usize::from(description.split(' ').any(|word| word == COMMON));
            rare += usize::from(description.split(' ').any(|word| word == RARE));
        }
        assert!((900..1100).contains(&common), "{common} of 20,000");
        assert!((70..130).contains(&rare), "{rare} of 20,000");
    }
}
