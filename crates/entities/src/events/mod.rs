//! The event log and the timeline made from it.
