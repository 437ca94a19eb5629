//! Followers of an account, past and present, and which customer each is.
