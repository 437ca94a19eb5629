//! The table form in which kinds of events are declared: wire name, variant,
//! and each field with its type and wire name, in WeChat's order.

macro_rules! events {
    (
        $(#[$doc:meta])*
        pub enum $Enum:ident {
            $(
                $(#[$vdoc:meta])*
                $event:literal => $Variant:ident { $( $(#[$fdoc:meta])* $field:ident : $ty:ty = $wire:literal ),* $(,)? }
            ),* $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub enum $Enum {
            $( $(#[$vdoc])* $Variant { $( $(#[$fdoc])* $field: $ty, )* }, )*
        }

        impl $Enum {
            /// `Event` as WeChat writes it.
            pub fn name(&self) -> &'static str {
                match self { $( Self::$Variant { .. } => $event, )* }
            }

            /// Every event of this family, as WeChat writes it.
            pub const NAMES: &'static [&'static str] = &[$($event),*];

            /// `None` when the event is not of this family, or not in its shape.
            pub(super) fn take(event: &str, fields: &$crate::wire::Fields<'_>) -> Option<Self> {
                $(
                    if event.eq_ignore_ascii_case($event) {
                        return Some(Self::$Variant { $( $field: $crate::wire::Take::take(fields, $wire)?, )* });
                    }
                )*
                let _ = fields;
                None
            }

            pub(super) fn put<'a>(&'a self, out: &mut $crate::wire::Fields<'a>) {
                match self {
                    $( Self::$Variant { $( $field, )* } => { $( $crate::wire::Take::put($field, $wire, out); )* } )*
                }
                let _ = out;
            }
        }
    };
}
pub(super) use events;
