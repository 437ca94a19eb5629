//! Sets of people as ranges of their numbers: a million who got a broadcast are two numbers, and
//! each one who did not is two more.

use serde::{Deserialize, Serialize};

/// A set of people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Crowd {
    /// Where it begins and ends, in turn, ascending: `[2, 5, 9, 10]` is 2, 3, 4 and 9.
    edges: Vec<u64>,
}

impl Crowd {
    /// All from one number up to, but not including, another.
    pub fn range(from: u64, to: u64) -> Self {
        Self { edges: if from < to { vec![from, to] } else { Vec::new() } }
    }

    /// People whose numbers ascend.
    pub fn of_sorted(people: impl IntoIterator<Item = u64>) -> Self {
        let mut edges: Vec<u64> = Vec::new();
        for person in people {
            match edges.last_mut() {
                Some(end) if *end == person => *end += 1,
                Some(end) if *end > person => {}
                _ => edges.extend([person, person + 1]),
            }
        }
        Self { edges }
    }

    pub fn contains(&self, person: u64) -> bool {
        self.edges.partition_point(|&edge| edge <= person) % 2 == 1
    }

    pub fn len(&self) -> u64 {
        self.edges.chunks_exact(2).map(|range| range[1] - range[0]).sum()
    }

    pub fn or(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a || b)
    }

    pub fn and(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a && b)
    }

    pub fn without(&self, other: &Self) -> Self {
        self.combine(other, |a, b| a && !b)
    }

    /// Whoever is kept, given who is in the one and in the other. Whoever is in neither is not.
    fn combine(&self, other: &Self, keep: impl Fn(bool, bool) -> bool) -> Self {
        let (a, b) = (&self.edges, &other.edges);
        let (mut i, mut j) = (0, 0);
        let mut edges = Vec::with_capacity(a.len().max(b.len()));
        while let Some(at) = a.get(i).into_iter().chain(b.get(j)).min().copied() {
            i += usize::from(a.get(i) == Some(&at));
            j += usize::from(b.get(j) == Some(&at));
            let inside = edges.len() % 2 == 1;
            if keep(i % 2 == 1, j % 2 == 1) != inside {
                edges.push(at);
            }
        }
        Self { edges }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn crowd(people: &BTreeSet<u64>) -> Crowd {
        Crowd::of_sorted(people.iter().copied())
    }

    proptest! {
        #[test]
        fn crowds_are_sets(a in prop::collection::btree_set(0_u64..40, 0..30), b in prop::collection::btree_set(0_u64..40, 0..30)) {
            let (x, y) = (crowd(&a), crowd(&b));
            prop_assert_eq!(x.len(), a.len() as u64);
            for person in 0..41 {
                prop_assert_eq!(x.contains(person), a.contains(&person));
            }
            prop_assert_eq!(x.or(&y), crowd(&a.union(&b).copied().collect()));
            prop_assert_eq!(x.and(&y), crowd(&a.intersection(&b).copied().collect()));
            prop_assert_eq!(x.without(&y), crowd(&a.difference(&b).copied().collect()));
        }
    }

    #[test]
    fn a_million_are_two_numbers() {
        let all = Crowd::range(0, 1_000_000);
        let some = all.without(&Crowd::of_sorted([5, 6, 999_999]));
        assert_eq!((all.edges.len(), some.edges.len(), some.len()), (2, 4, 999_997));
        assert_eq!(Crowd::range(3, 3).len(), 0);
    }
}
