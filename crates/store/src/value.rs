//! What is bound to a `?`, and what a column holds.

/// One value, of a type that both databases know. A null knows its type too: PostgreSQL wants it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null(Kind),
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Bool,
    Int,
    Real,
    Text,
    Blob,
}

impl Value {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Null(kind) => *kind,
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) => Kind::Int,
            Self::Real(_) => Kind::Real,
            Self::Text(_) => Kind::Text,
            Self::Blob(_) => Kind::Blob,
        }
    }
}

/// A Rust type that has a place in a column.
pub trait Column {
    const KIND: Kind;
}

macro_rules! columns {
    ($($from:ty => $kind:ident, $value:ident => $made:expr;)*) => {
        $(
            impl Column for $from {
                const KIND: Kind = Kind::$kind;
            }
            impl From<$from> for Value {
                fn from($value: $from) -> Self {
                    Self::$kind($made)
                }
            }
        )*
    };
}

columns! {
    bool => Bool, value => value;
    i64 => Int, value => value;
    i32 => Int, value => value.into();
    u32 => Int, value => value.into();
    u16 => Int, value => value.into();
    f64 => Real, value => value;
    String => Text, value => value;
    &str => Text, value => value.to_owned();
    &String => Text, value => value.clone();
    Vec<u8> => Blob, value => value;
    &[u8] => Blob, value => value.to_vec();
}

impl<T: Column + Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null(T::KIND), Into::into)
    }
}
