//! WeChat's own addresses, and whether it can reach ours.

pub mod check_callback;
pub mod get_api_domain_ip;
pub mod get_callback_ip;
