//! What this process is sending at the moment, so that what it has lost hold of can be told from that.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use entities::messages::sends::Claimed;
use kit::SendId;

#[derive(Default)]
pub struct Hand {
    moving: tokio::sync::Mutex<()>,
    ids: Mutex<HashSet<SendId>>,
}

/// While one has this, nobody else claims.
pub type Still<'a> = tokio::sync::MutexGuard<'a, ()>;

impl Hand {
    pub async fn still(&self) -> Still<'_> {
        self.moving.lock().await
    }

    pub fn take(&self, _still: &Still<'_>, claimed: &[Claimed]) {
        self.ids().extend(claimed.iter().map(|send| send.id));
    }

    pub fn holds(&self, id: SendId) -> bool {
        self.ids().contains(&id)
    }

    /// Lets go of it when this is dropped, also when what is in between ends badly.
    pub fn until_dropped(self: &Arc<Self>, id: SendId) -> Held {
        Held { hand: self.clone(), id }
    }

    fn ids(&self) -> MutexGuard<'_, HashSet<SendId>> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub struct Held {
    hand: Arc<Hand>,
    id: SendId,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.hand.ids().remove(&self.id);
    }
}
