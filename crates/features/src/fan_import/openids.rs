//! A long list of openids, packed: 32 bytes a fan, so that a million are 32 MB.

/// Openids in byte order, each once, after [`Openids::sorted`].
#[derive(Debug, Default, Clone)]
pub struct Openids(Vec<Packed>);

type Packed = [u8; LONGEST];

/// WeChat's have 28 characters.
const LONGEST: usize = 32;

/// An openid that does not fit.
#[derive(Debug, PartialEq, Eq)]
pub struct TooLong;

impl Openids {
    /// Room for so many, so that it does not grow to twice that on the way.
    pub fn with_capacity(openids: usize) -> Self {
        Self(Vec::with_capacity(openids.min(100_000_000)))
    }

    /// Takes in a page: openids between line breaks, those after `after` only.
    pub fn take_page(&mut self, page: &str, after: &str) -> Result<(), TooLong> {
        for openid in page.split('\n').filter(|openid| !openid.is_empty() && *openid > after) {
            self.0.push(packed(openid).ok_or(TooLong)?);
        }
        Ok(())
    }

    /// In byte order, without repetitions.
    pub fn sorted(mut self) -> Self {
        self.0.sort_unstable();
        self.0.dedup();
        self
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn get(&self, n: usize) -> Option<&str> {
        let packed = self.0.get(n)?;
        let end = packed.iter().position(|byte| *byte == 0).unwrap_or(LONGEST);
        Some(std::str::from_utf8(&packed[..end]).expect("only whole texts are packed"))
    }

    /// Those that are not marked.
    pub fn without(&self, marked: &[bool]) -> Self {
        Self(self.0.iter().zip(marked).filter(|(_, marked)| !**marked).map(|(openid, _)| *openid).collect())
    }

    /// Where this openid stands, if it does.
    pub fn position(&self, openid: &str) -> Option<usize> {
        self.0.binary_search(&packed(openid)?).ok()
    }
}

fn packed(openid: &str) -> Option<Packed> {
    let mut packed = [0; LONGEST];
    packed.get_mut(..openid.len())?.copy_from_slice(openid.as_bytes());
    (!openid.contains('\0')).then_some(packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openids_come_out_in_byte_order_once_each() {
        let mut list = Openids::default();
        list.take_page("ob\noa\noB\n", "").unwrap();
        list.take_page("oa\no_", "").unwrap();
        let list = list.sorted();
        let all: Vec<&str> = (0..list.len()).filter_map(|n| list.get(n)).collect();
        assert_eq!(all, ["oB", "o_", "oa", "ob"]);
        assert_eq!(list.position("oa"), Some(2));
        assert_eq!(list.position("oc"), None);
        assert_eq!(list.position(&"x".repeat(40)), None);
    }

    #[test]
    fn a_resumed_import_takes_only_what_comes_after_its_place() {
        let mut list = Openids::default();
        list.take_page("ob\noa\noc", "ob").unwrap();
        assert_eq!(list.sorted().get(0), Some("oc"));
        assert_eq!(Openids::default().take_page(&"o".repeat(33), ""), Err(TooLong));
    }
}
