//! The API that official accounts and platforms call.
//!
//! Every call comes in through [`gate::call`], is found in [`table::TABLE`], passes
//! the checks in WeChat's order, and is answered by one function that has the
//! world to itself for as long as it runs. One file per area.

mod answer;
mod base;
mod clean;
mod comment;
mod component;
mod custom;
mod datacube;
pub(crate) mod draft;
mod files;
mod form;
mod gate;
mod mass;
mod mass_content;
mod material;
mod media;
mod menu;
mod menu_check;
mod notice;
mod publish;
mod qrcode;
mod quota;
mod refusal;
mod spoil;
mod table;
mod tags;
mod template;
mod template_library;
mod token;
mod typed;
mod users;

pub(crate) use component::new_refresh_token;
pub(crate) use gate::call;
pub(crate) use menu::trim_buttons;
pub(crate) use qrcode::picture;
pub(crate) use refusal::Refusal;
