/// A text that cannot exist out of bounds: `text_type!(Keyword, "keyword", 1..=30, str::trim)`.
///
/// The last argument tidies the text before it is measured, in characters.
#[macro_export]
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $label:literal, $lo:tt..=$hi:tt, $tidy:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(try_from = "String")]
        #[schema(value_type = String, min_length = $lo, max_length = $hi)]
        pub struct $name(String);

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                let text: String = ($tidy)(text.as_str()).into();
                match text.chars().count() {
                    $lo..=$hi => Ok(Self(text)),
                    _ => Err(format!("{} must be {} to {} characters", $label, $lo, $hi)),
                }
            }
        }
        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
            pub fn into_string(self) -> String {
                self.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
