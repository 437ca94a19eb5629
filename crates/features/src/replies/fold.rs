//! The one spelling used on both sides of a comparison.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Full and half width, case and outer space made one: `ＡＢＣ ` and `abc` are the same word.
pub fn fold(text: &str) -> String {
    let text = text.trim();
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    if is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        text.to_lowercase()
    } else {
        text.nfkc().collect::<String>().trim().to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn width_case_and_outer_space_do_not_matter() {
        let check = |a: &str, b: &str| assert_eq!(fold(a), fold(b), "{a:?} {b:?}");
        check("ＰＲＩＣＥ", "price");
        check("  Price　", "price");
        check("价格？", "价格?");
        check("ｶﾞ", "ガ");
        assert_ne!(fold("价格"), fold("价 格"));
    }
}
