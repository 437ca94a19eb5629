//! Pictures of customers and accounts, from the hub itself: browsers call no foreign host, and nobody at WeChat
//! learns who is looked at.
//!
//! One gets in by [`router`]. A picture is fetched when somebody first looks at it, kept in memory for a while, and
//! stored nowhere. Nobody waits long for one: who comes too early hears that there is none, and finds it the next time.

mod shelf;

mod api;

pub use api::router;
