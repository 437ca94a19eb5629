//! How often the API may still be called, and starting the count again.
//!
//! Ten clearings a month for each account, the console's included; then 48006.

pub mod clear_api_quota;
pub mod clear_component_quota;
pub mod clear_quota;
pub mod clear_quota_by_secret;
pub mod get_quota;
pub mod get_rid;
