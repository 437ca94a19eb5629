//! What this process is sending at the moment, so that what it has lost hold of can be told from that.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use entities::messages::sends::Claimed;
use kit::SendId;

#[derive(Default)]
pub struct Hand {
    moving: tokio::sync::Mutex<()>,
    /// How many attempts of each: one that goes back in line may be claimed again before the first is let go of.
    ids: Mutex<HashMap<SendId, u32>>,
}

/// While one has this, nobody else claims.
pub type Still<'a> = tokio::sync::MutexGuard<'a, ()>;

impl Hand {
    pub async fn still(&self) -> Still<'_> {
        self.moving.lock().await
    }

    pub fn take(&self, _still: &Still<'_>, claimed: &[Claimed]) {
        let mut ids = self.ids();
        for send in claimed {
            *ids.entry(send.id).or_default() += 1;
        }
    }

    pub fn holds(&self, id: SendId) -> bool {
        self.ids().contains_key(&id)
    }

    /// How many sends are in hand.
    pub fn count(&self) -> usize {
        self.ids().len()
    }

    /// Lets go of it when this is dropped, also when what is in between ends badly.
    pub fn until_dropped(self: &Arc<Self>, id: SendId) -> Held {
        Held { hand: self.clone(), id }
    }

    fn ids(&self) -> MutexGuard<'_, HashMap<SendId, u32>> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub struct Held {
    hand: Arc<Hand>,
    id: SendId,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut ids = self.hand.ids();
        if let Some(attempts) = ids.get_mut(&self.id) {
            *attempts -= 1;
            if *attempts == 0 {
                ids.remove(&self.id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sending::decide::tests::claimed;

    #[tokio::test]
    async fn p5_what_is_claimed_again_before_it_is_let_go_of_is_still_in_hand() {
        let hand = Arc::new(Hand::default());
        let send = claimed(1_000);
        hand.take(&hand.still().await, std::slice::from_ref(&send));
        let first = hand.until_dropped(send.id);
        hand.take(&hand.still().await, std::slice::from_ref(&send));
        drop(first);
        assert!(hand.holds(send.id), "the second attempt is under way");
        drop(hand.until_dropped(send.id));
        assert!(!hand.holds(send.id));
    }
}
