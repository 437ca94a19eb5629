//! Files kept for sending.
