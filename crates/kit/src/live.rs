//! What the console hears without asking. Told after the commit, never before; lost on a restart, which is
//! why every page also asks.

use std::sync::Arc;

use tokio::sync::broadcast;

use crate::TenantId;

/// What a live message is about; the name of the server-sent event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    Account,
    Binding,
    Import,
    Event,
    Tags,
    Menu,
    Qrcodes,
    /// Articles, their publications, and the comparison with the draft box.
    Articles,
    /// Conversations of the inbox are not as they were.
    Conversations,
    /// Somebody writes in a conversation, or has stopped.
    Typing,
}

impl Topic {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Binding => "binding",
            Self::Import => "import",
            Self::Event => "event",
            Self::Tags => "tags",
            Self::Menu => "menu",
            Self::Qrcodes => "qrcodes",
            Self::Articles => "articles",
            Self::Conversations => "conversations",
            Self::Typing => "typing",
        }
    }
}

/// One message to the consoles of one tenant.
#[derive(Debug, Clone)]
pub struct Live {
    pub tenant: TenantId,
    pub topic: Topic,
    /// JSON.
    pub data: Arc<str>,
}

/// Carries live messages inside this process.
#[derive(Clone)]
pub struct LiveBus {
    sender: broadcast::Sender<Live>,
}

impl Default for LiveBus {
    fn default() -> Self {
        Self { sender: broadcast::channel(1024).0 }
    }
}

impl LiveBus {
    pub fn tell(&self, live: Live) {
        // Nobody listening is the usual case.
        let _ = self.sender.send(live);
    }

    pub fn listen(&self) -> broadcast::Receiver<Live> {
        self.sender.subscribe()
    }

    /// Whether anybody listens; saves making messages for nobody.
    pub fn heard(&self) -> bool {
        self.sender.receiver_count() > 0
    }
}
