//! From a number to an id and back, without a table.
//!
//! A person is a number. What an account calls them (openid), and what all the
//! accounts of one Open Platform call them (unionid), is that number put through
//! a keyed permutation of 128 bits, so that ten million fans need no row, and an
//! id that was not made with the key is recognised as foreign. It is not a
//! cipher: nothing here keeps a secret.

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const ROUNDS: usize = 4;
/// `o`, five letters naming the key, twenty-two for the number.
const LENGTH: usize = 28;
const HEAD: usize = 6;

/// SplitMix64's finisher: every bit of the input moves about half of the output's.
pub(crate) fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A number from a seed, a word and a number; the same every time.
pub(crate) fn derive(seed: u64, word: &str, n: u64) -> u64 {
    word.bytes().fold(mix(seed ^ mix(n)), |h, b| mix(h ^ u64::from(b)))
}

/// The ids of one account, or the unionids of one sandbox.
#[derive(Clone)]
pub(crate) struct Ids {
    keys: [u64; ROUNDS],
    head: [u8; HEAD],
}

impl Ids {
    pub fn new(seed: u64, word: &str) -> Self {
        let keys = std::array::from_fn(|i| derive(seed, word, i as u64));
        let name = derive(seed, word, 99);
        let mut head = [b'o'; HEAD];
        for (i, letter) in head.iter_mut().enumerate().skip(1) {
            *letter = letter_of(name >> (6 * i));
        }
        Self { keys, head }
    }

    /// Writes the 28 characters of a person's id.
    pub fn write(&self, person: u64, out: &mut Vec<u8>) {
        let (mut left, mut right) = (person, 0_u64);
        for key in self.keys {
            (left, right) = (right, left ^ mix(right ^ key));
        }
        let block = (u128::from(left) << 64) | u128::from(right);
        let mut id = [0; LENGTH];
        id[..HEAD].copy_from_slice(&self.head);
        for (i, letter) in id[HEAD..LENGTH - 1].iter_mut().enumerate() {
            *letter = letter_of((block >> (122 - 6 * i)) as u64);
        }
        // The last letter holds the two bits that are left, and nothing else.
        id[LENGTH - 1] = LETTERS[((block & 3) << 4) as usize];
        out.extend_from_slice(&id);
    }

    pub fn id(&self, person: u64) -> String {
        let mut out = Vec::with_capacity(LENGTH);
        self.write(person, &mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    /// The person an id belongs to; `None` when it was not made with this key.
    pub fn person(&self, id: &str) -> Option<u64> {
        let id = id.as_bytes();
        if id.len() != LENGTH || id[..HEAD] != self.head {
            return None;
        }
        let mut block = 0_u128;
        for &letter in &id[HEAD..LENGTH - 1] {
            block = (block << 6) | u128::from(value_of(letter)?);
        }
        let last = value_of(id[LENGTH - 1])?;
        if last & 0b1111 != 0 {
            return None;
        }
        block = (block << 2) | u128::from(last >> 4);
        let (mut left, mut right) = ((block >> 64) as u64, block as u64);
        for key in self.keys.iter().rev() {
            (left, right) = (right ^ mix(left ^ key), left);
        }
        (right == 0).then_some(left)
    }
}

fn letter_of(bits: u64) -> u8 {
    LETTERS[(bits & 63) as usize]
}

fn value_of(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    }
}

/// Text of so many letters and digits out of a seed, for secrets and names of things.
pub(crate) fn letters(seed: u64, count: usize) -> String {
    spell(seed, count, &LETTERS[..62])
}

/// As [`letters`], with `-` and `_`.
pub(crate) fn url_letters(seed: u64, count: usize) -> String {
    spell(seed, count, LETTERS)
}

/// As [`letters`], lower-case hexadecimal digits.
pub(crate) fn hex(seed: u64, count: usize) -> String {
    spell(seed, count, b"0123456789abcdef")
}

fn spell(seed: u64, count: usize, alphabet: &[u8]) -> String {
    let of = |i: usize| char::from(alphabet[(mix(seed ^ mix(i as u64)) % alphabet.len() as u64) as usize]);
    (0..count).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_leads_back_to_its_person(seed: u64, person: u64) {
            let ids = Ids::new(seed, "wx1");
            let id = ids.id(person);
            prop_assert_eq!(id.len(), LENGTH);
            prop_assert!(id.starts_with('o'));
            prop_assert_eq!(ids.person(&id), Some(person));
        }

        #[test]
        fn an_id_of_another_account_is_foreign(seed: u64, person: u64) {
            let id = Ids::new(seed, "wx1").id(person);
            prop_assert_eq!(Ids::new(seed, "wx2").person(&id), None);
        }

        #[test]
        fn an_id_with_one_letter_changed_is_foreign(person: u64, at in 0..LENGTH, to in 0..64_usize) {
            let ids = Ids::new(7, "wx1");
            let mut id = ids.id(person).into_bytes();
            prop_assume!(id[at] != LETTERS[to]);
            id[at] = LETTERS[to];
            prop_assert_eq!(ids.person(std::str::from_utf8(&id).expect("ascii")), None);
        }

        #[test]
        fn any_text_is_read_without_a_panic(text: String) {
            let _ = Ids::new(7, "wx1").person(&text);
        }
    }
}
