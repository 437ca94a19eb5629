//! Official accounts and what authorises us to act for them.
