//! What happens, as it happens, for the pages that are open: server-sent events.
//!
//! Nobody listening costs nothing; who listens too slowly misses some and is
//! not told, since the pages read again what they show.

use std::convert::Infallible;
use std::sync::Arc;

use axum::response::sse::{Event, KeepAlive, Sse};
use futures::{Stream, StreamExt};
use serde::Serialize;
use serde_json::json;
use tokio::sync::{broadcast, watch};
use tokio_stream::wrappers::BroadcastStream;

use crate::world::ChatItem;

const WAITING: usize = 1024;

pub(crate) struct Live {
    sender: broadcast::Sender<(&'static str, Arc<str>)>,
    ending: watch::Sender<bool>,
}

impl Live {
    pub fn new() -> Self {
        Self { sender: broadcast::channel(WAITING).0, ending: watch::channel(false).0 }
    }

    /// Ends all streams, which would otherwise keep a server from stopping.
    pub fn end(&self) {
        self.ending.send_replace(true);
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
        let mut ending = self.ending.subscribe();
        let ended = async move {
            // An error means that the sandbox is gone, which is an end too.
            let _ = ending.wait_for(|ending| *ending).await;
        };
        let events = BroadcastStream::new(self.sender.subscribe());
        let events = events.filter_map(|event| async move {
            let (name, data) = event.ok()?;
            Some(Ok(Event::default().event(name).data(&*data)))
        });
        Sse::new(events.take_until(ended)).keep_alive(KeepAlive::default())
    }
}
