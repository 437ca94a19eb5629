use kit::Millis;

use super::FanStatus;

/// The status that stands when two are known, each with the instant it is from.
///
/// The later one wins, whichever arrived first. In one and the same second, having left wins: we then
/// say nothing to somebody who may not want it, and the next thing they do puts it right.
pub fn later(known: (FanStatus, Millis), heard: (FanStatus, Millis)) -> (FanStatus, Millis) {
    if known.0 == FanStatus::Frozen {
        return known;
    }
    let rank = |(status, at): (FanStatus, Millis)| {
        (at, u8::from(status == FanStatus::Left), u8::from(status != FanStatus::Unknown))
    };
    if rank(heard) > rank(known) { heard } else { known }
}

#[cfg(test)]
mod tests {
    use super::*;
    use FanStatus::*;

    #[test]
    fn p14_any_order_of_arrival_ends_in_the_same_status() {
        let heard = [(Following, 10), (Left, 20), (Following, 30), (Left, 30), (Unknown, 40), (Following, 25)];
        let all = |order: &[usize]| order.iter().fold((Unknown, 0), |known, n| later(known, heard[*n]));
        let expected = all(&[0, 1, 2, 3, 4, 5]);
        let mut order = [0, 1, 2, 3, 4, 5];
        // Every permutation, by Heap's method.
        fn permute(k: usize, order: &mut [usize; 6], check: &mut impl FnMut(&[usize])) {
            if k == 1 {
                return check(order);
            }
            for i in 0..k {
                permute(k - 1, order, check);
                order.swap(if k.is_multiple_of(2) { i } else { 0 }, k - 1);
            }
        }
        permute(6, &mut order, &mut |order| assert_eq!(all(order), expected, "{order:?}"));
    }

    #[test]
    fn r20_a_frozen_status_never_changes() {
        assert_eq!(later((Frozen, 5), (Following, 50)), (Frozen, 5));
    }
}
