//! The people a tenant knows, and the identities that lead to them.
