//! Time-based one-time passwords (RFC 6238 over RFC 4226): six digits, thirty seconds, HMAC-SHA-1,
//! as every app of a telephone has them. Nothing but arithmetic: what is kept is told elsewhere.

use ring::hmac;

/// How long one code counts, in seconds.
pub const PERIOD: i64 = 30;
/// Steps before and after now whose codes are taken: clocks differ, and people type slowly.
const DRIFT: i64 = 1;

/// The step of an instant in microseconds.
pub fn step_of(now: i64) -> i64 {
    now.div_euclid(PERIOD * 1_000_000)
}

/// The code of a step, of so many digits.
fn code(secret: &[u8], step: i64, digits: u32) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let place = usize::from(bytes.last().copied().unwrap_or(0) & 0x0f);
    let four = bytes.get(place..place + 4).unwrap_or(&[0; 4]);
    let number = four.iter().fold(0_u32, |all, byte| all << 8 | u32::from(*byte)) & 0x7fff_ffff;
    format!("{:0width$}", number % 10_u32.pow(digits), width = digits as usize)
}

/// The step whose code this is, of those around now that come after the last one used.
pub fn step_for(secret: &[u8], given: &str, now: i64, last: i64) -> Option<i64> {
    let given: String = given.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let here = step_of(now);
    let steps = (here - DRIFT..=here + DRIFT).filter(|step| *step > last);
    let mut found = None;
    for step in steps {
        // Each is compared to its end: how long it takes tells nothing.
        let own = code(secret, step, 6);
        let differ = own.bytes().zip(given.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
        if differ == 0 && own.len() == given.len() {
            found = Some(step);
        }
    }
    found
}

/// The secret as people type it (RFC 4648, base32 without padding).
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    let bits: Vec<u8> = bits.collect();
    let number = |five: &[u8]| five.iter().fold(0, |all, bit| all << 1 | usize::from(*bit));
    let letter = |five: &[u8]| char::from(LETTERS[number(five) << (5 - five.len())]);
    bits.chunks(5).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        let secret = b"12345678901234567890";
        for (seconds, expected) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code(secret, step_of(seconds * 1_000_000), 8), expected, "{seconds}");
        }
    }

    #[test]
    fn a_code_counts_around_its_time_and_after_the_last_one() {
        let (secret, now) = (b"12345678901234567890", 59_000_000);
        assert_eq!(step_for(secret, "287 082", now, 0), Some(1));
        assert_eq!(step_for(secret, "287082", now + 30_000_000, 0), Some(1));
        assert_eq!(step_for(secret, "287082", now + 61_000_000, 0), None);
        assert_eq!(step_for(secret, "287082", now, 1), None);
        assert_eq!(step_for(secret, "28708", now, 0), None);
    }

    #[test]
    fn base32_is_that_of_rfc_4648() {
        for (plain, written) in
            [("", ""), ("f", "MY"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(plain.as_bytes()), written);
        }
    }
}
