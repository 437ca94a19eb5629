pub fn generate(_: &[String]) -> crate::Outcome { Ok(()) }
pub fn check() -> crate::Outcome { Ok(()) }
