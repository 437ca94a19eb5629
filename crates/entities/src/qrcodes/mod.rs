//! QR codes with parameters, as far as others than their own slice know them: by which code a fan came.
//!
//! Making, counting and answering is `features/qrcodes`.

mod store;

pub use store::{FanSource, sources, uses_of_file};
