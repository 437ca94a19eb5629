//! The things: what a row means, and the statements about it. An entity may use those declared above it.
//!
//! Slices get in by functions that take a [`kit::Work`]. Nothing here reads a request or shapes a
//! response, and nothing speaks to WeChat except the token keeper in [`accounts`].

pub mod people;

pub mod terms;

pub mod calendar;

pub mod avatars;

pub mod accounts;

pub mod events;

pub mod customers;

pub mod fans;

pub mod tags;

pub mod media;

pub mod qrcodes;

pub mod articles;

pub mod messages;

pub mod campaigns;

pub mod reach;

pub mod received;

pub mod conversations;

pub mod imports;
