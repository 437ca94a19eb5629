//! Permanent material: pictures, voices, films and thumbs that stay until they are deleted.
//!
//! Articles are drafts now ([`super::draft`]); what used to be added as news is only read here.

pub mod add_material;
pub mod batch_get_materials;
pub mod delete_material;
pub mod get_material;
pub mod get_material_count;

/// Pictures an account may keep; articles too.
pub const MAX_IMAGES: usize = 100_000;
/// Voices an account may keep; films and thumbs the same, each for itself.
pub const MAX_OTHERS: usize = 1000;
/// The most items of one page.
pub const MAX_PAGE: usize = 20;
