//! An account's own access token, got with its app secret. A component never
//! calls these; see [`super::component`].

pub mod get_stable_token;
pub mod get_token;
