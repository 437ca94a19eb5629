//! The capabilities, one folder each: model, decide, store, api, jobs, tests. A slice may use entities, never another slice.

pub mod team;

pub mod binding;

pub mod fan_import;

pub mod replies;

pub mod menus;

pub mod qrcodes;

pub mod articles;

pub mod media;

pub mod sending;

pub mod inbox;

pub mod customers;

pub mod tags;

pub mod pictures;

pub mod home;
