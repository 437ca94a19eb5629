//! The whole program, against a WeChat that listens beside it: what users and WeChat can see, on both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]
#![expect(clippy::disallowed_methods, reason = "tests bring their own client")]

mod hub;

mod articles;
mod binding;
mod broadcasts;
mod callbacks;
mod campaigns;
mod clock;
mod conservation;
mod customers;
mod doors;
mod fan_import;
mod gates;
mod held;
mod home;
mod idempotency;
mod inbox;
mod interrupted;
mod ledger;
mod media;
mod menus;
mod merges;
mod misbehaviour;
mod notices;
mod pictures;
mod qrcodes;
mod reach;
mod replies;
mod reported;
mod sending_screens;
mod sends;
mod tags;
mod team;
mod template_messages;
mod templates;
mod tenants;
mod unasked;
