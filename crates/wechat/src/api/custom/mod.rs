//! Customer-service messages: what an account may say for a while after a fan
//! did something. See [`crate::message::Interaction`].

pub mod send_message;
pub mod set_typing;
