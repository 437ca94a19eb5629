//! What happens, as it happens, for the pages that are open: server-sent events.
//!
//! Nobody listening costs nothing; who listens too slowly misses some and is
//! not told, since the pages read again what they show.

use std::convert::Infallible;

use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt};
use serde::Serialize;
use serde_json::json;
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

use crate::world::ChatItem;

const WAITING: usize = 1024;

pub(crate) struct Live {
    sender: broadcast::Sender<(&'static str, std::sync::Arc<str>)>,
}

impl Live {
    pub fn new() -> Self {
        Self { sender: broadcast::channel(WAITING).0 }
    }

    /// Tells all pages. `data` is made only if there is one.
    pub fn tell<T: Serialize>(&self, event: &'static str, data: impl FnOnce() -> T) {
        if self.sender.receiver_count() == 0 {
            return;
        }
        if let Ok(text) = serde_json::to_string(&data()) {
            let _ = self.sender.send((event, text.into()));
        }
    }

    pub fn chat(&self, appid: &str, openid: &str, person: u64, item: &ChatItem) {
        self.tell("chat", || json!({"appid": appid, "openid": openid, "person": person, "item": item}));
    }

    pub fn stream(&self) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
        let events = BroadcastStream::new(self.sender.subscribe());
        let events = events.filter_map(|event| async move {
            let (name, data) = event.ok()?;
            Some(Ok(Event::default().event(name).data(&*data)))
        });
        Sse::new(events).keep_alive(KeepAlive::default())
    }
}
