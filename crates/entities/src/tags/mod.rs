//! A tenant's own tags, and WeChat's beside them.
