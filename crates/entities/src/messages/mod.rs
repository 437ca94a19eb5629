//! What fans sent and what we send: the inbox keys and the send ledger.
