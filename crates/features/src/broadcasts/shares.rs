//! What share of a group did something, how sure one is of it, and whether two groups differ. Pure.
//!
//! Intervals are of 95 %: a share's is Wilson's, that of a difference is Newcombe's, put together from the two (his method
//! 10). Both hold for small groups and for shares near 0 and 1, where the usual ones do not.
//!
//! E. B. Wilson, JASA 22 (1927); R. G. Newcombe, Statistics in Medicine 17 (1998), 857–872 and 873–890.

/// Of 95 %, on two sides.
const Z: f64 = 1.959_963_984_540_054;

/// So many of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub n: i64,
    pub of: i64,
}

/// A share or a difference of shares, and between which bounds the true one is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Estimate {
    /// The whole interval is on one side of none.
    pub fn is_clear(self) -> bool {
        self.low > 0.0 || self.high < 0.0
    }
}

impl Counted {
    /// None when the group is empty, or when more did it than there are: then one of the counts is of others.
    pub fn share(self) -> Option<Estimate> {
        if self.of <= 0 || !(0..=self.of).contains(&self.n) {
            return None;
        }
        let (x, n) = (self.n as f64, self.of as f64);
        let (share, square) = (x / n, Z * Z);
        let middle = x + square / 2.0;
        let reach = Z * (square / 4.0 + x * (1.0 - share)).sqrt();
        let at = |top: f64| (top / (n + square)).clamp(0.0, 1.0);
        // At the ends the bound is the end itself, which the arithmetic only comes near.
        let low = if self.n == 0 { 0.0 } else { at(middle - reach) };
        let high = if self.n == self.of { 1.0 } else { at(middle + reach) };
        Some(Estimate { value: share, low, high })
    }

    /// By how much this share is larger than another.
    pub fn above(self, other: Self) -> Option<Estimate> {
        let (one, two) = (self.share()?, other.share()?);
        let value = one.value - two.value;
        Some(Estimate {
            value,
            low: value - (one.value - one.low).hypot(two.high - two.value),
            high: value + (one.high - one.value).hypot(two.value - two.low),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, wanted: f64) -> bool {
        (found - wanted).abs() < 0.000_06
    }

    /// The examples of Newcombe's first paper, table I.
    #[test]
    fn a_share_lies_between_the_bounds_that_newcombe_prints_for_wilsons_method() {
        for (n, of, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)]
        {
            let share = Counted { n, of }.share().unwrap();
            assert!(near(share.low, low) && near(share.high, high), "{n} of {of}: {share:?}");
        }
        let all = Counted { n: 29, of: 29 }.share().unwrap();
        assert!(near(all.low, 0.8830) && (all.value, all.high) == (1.0, 1.0), "{all:?}");
    }

    /// The examples of the second one, table II, method 10.
    #[test]
    fn a_difference_lies_between_the_bounds_that_newcombe_prints() {
        for (one, two, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((6, 7), (2, 7), 0.0582, 0.8062),
            ((5, 56), (0, 29), -0.0381, 0.1926),
            ((0, 10), (0, 20), -0.1611, 0.2775),
            ((10, 10), (0, 20), 0.6791, 1.0),
            ((10, 10), (0, 10), 0.6075, 1.0),
        ] {
            let of = |(n, of)| Counted { n, of };
            let found = of(one).above(of(two)).unwrap();
            assert!(near(found.low, low) && near(found.high, high), "{one:?} and {two:?}: {found:?}");
            let back = of(two).above(of(one)).unwrap();
            assert!(near(back.low, -found.high) && near(back.high, -found.low), "the other way round: {back:?}");
        }
    }

    #[test]
    fn a_difference_is_clear_when_none_is_not_among_what_it_may_be() {
        let of = |n, of| Counted { n, of };
        assert!(of(56, 70).above(of(48, 80)).unwrap().is_clear());
        assert!(of(48, 80).above(of(56, 70)).unwrap().is_clear());
        assert!(!of(5, 56).above(of(0, 29)).unwrap().is_clear());
    }

    #[test]
    fn nothing_is_said_of_an_empty_group_and_of_counts_that_do_not_fit() {
        assert_eq!(Counted { n: 0, of: 0 }.share(), None);
        assert_eq!(Counted { n: 3, of: 2 }.share(), None);
        assert_eq!(Counted { n: 1, of: 2 }.above(Counted { n: 0, of: 0 }), None);
    }
}
