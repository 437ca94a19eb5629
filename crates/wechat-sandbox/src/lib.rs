//! A WeChat that fits in a process: a server with a memory, as strict as WeChat.
//!
//! It speaks the API that official accounts and third-party platforms call, and
//! acts as the fans who make pushes come: they follow, write, scan and tap, and
//! see what the account answers. Open one with [`Sandbox::open`], serve it with
//! [`Sandbox::serve`]; drive it in process through the same handle, or from
//! outside through the control API under `/sandbox/api`.
//!
//! It is written from WeChat's documents alone and shares nothing with the
//! programs tested against it but the message crypto.

mod act;
mod article_page;
mod chance;
mod clock;
mod control;
mod faults;
mod journal;
mod keep;
mod listener;
mod live;
mod once_page;
mod pages;
mod people;
mod permute;
mod portrait;
mod push;
mod release_test;
mod routes;
mod sandbox;
mod world;
mod wx;

pub use act::article::Reading;
pub use act::authorize::{PushOrder, Role};
pub use act::{AccountKind, ActError, Choice, Heard, Sent, Tap};
pub use control::mass::{MassArticleView, MassView};
pub use control::views::{
    AccountPatch, AccountView, AuthorizationView, ComponentPatch, ComponentView, FanView, MassPatch, NewAccount,
    QuotaPatch, WindowView,
};
pub use faults::{Fault, FaultKind, NewFault, What, Where};
pub use journal::{Call, Total};
pub use push::{Outcome, PushRecord};
pub use release_test::{ReleaseCase, ReleaseReport};
pub use sandbox::{Error, Options, Sandbox};
pub use world::PushSettings;
pub use world::account::Mode;
pub use world::chat::{Article, ChatItem, FormLine, From};
pub use world::fans::Allowance;
pub use world::forms::{Consent, Form, FormKey};
pub use world::library::{PublishOutcome, Publishing};
pub use world::mass::{MassCounts, MassSettings, MassState, Originality};
