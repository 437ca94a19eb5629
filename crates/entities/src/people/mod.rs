//! The console's users, their tenants, sessions and keys.
