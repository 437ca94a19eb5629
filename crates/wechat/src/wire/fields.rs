//! The fields themselves, and how Rust types are taken out of them and put in.

use std::borrow::Cow;

/// One named value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    pub name: Cow<'a, str>,
    pub value: Value<'a>,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// CDATA in XML, a string in JSON.
    Text(Cow<'a, str>),
    /// Bare in XML, a number in JSON. Kept as text: ids exceed 2^53 and coordinates keep their digits.
    Number(Cow<'a, str>),
    /// More fields inside.
    Tree(Fields<'a>),
    /// Only for writing: a list, an array in JSON. In XML its members are elements called `item`
    /// inside the field, or, without that name, repetitions of the field. Parsing gives repeated fields.
    List { item: Option<&'static str>, items: Vec<Value<'a>> },
}

/// Fields in the order of the document. Names may repeat; looking up ignores
/// ASCII case, because WeChat itself writes `MsgId` here and `MsgID` there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields<'a>(pub Vec<Field<'a>>);

impl<'a> Fields<'a> {
    /// The first field of that name.
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.0.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| &field.value)
    }

    /// Every field of that name.
    pub fn each<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f Value<'a>> {
        self.0.iter().filter(move |field| field.name.eq_ignore_ascii_case(name)).map(|field| &field.value)
    }

    /// The text or number of that name, as text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_text)
    }

    /// As [`Fields::text`], but an empty one counts as absent.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.text(name).filter(|text| !text.is_empty())
    }

    /// The fields inside the field of that name.
    pub fn tree(&self, name: &str) -> Option<&Fields<'a>> {
        match self.get(name)? {
            Value::Tree(fields) => Some(fields),
            _ => None,
        }
    }

    pub fn push_text(&mut self, name: &'static str, text: impl Into<Cow<'a, str>>) {
        self.push(name, Value::Text(text.into()));
    }

    pub fn push_number(&mut self, name: &'static str, number: impl ToString) {
        self.push(name, Value::Number(Cow::Owned(number.to_string())));
    }

    pub fn push(&mut self, name: &'static str, value: Value<'a>) {
        self.0.push(Field { name: Cow::Borrowed(name), value });
    }

    /// The same fields, owning all they hold.
    pub fn into_owned(self) -> Fields<'static> {
        let own =
            |field: Field<'a>| Field { name: Cow::Owned(field.name.into_owned()), value: field.value.into_owned() };
        Fields(self.0.into_iter().map(own).collect())
    }
}

impl<'a> Value<'a> {
    /// The text of a text or number.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) | Value::Number(text) => Some(text),
            _ => None,
        }
    }

    fn into_owned(self) -> Value<'static> {
        match self {
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Number(text) => Value::Number(Cow::Owned(text.into_owned())),
            Value::Tree(fields) => Value::Tree(fields.into_owned()),
            Value::List { item, items } => {
                Value::List { item, items: items.into_iter().map(Value::into_owned).collect() }
            }
        }
    }
}

/// A Rust type that lives in a field of a given name.
pub(crate) trait Take: Sized {
    /// `None` when what is there cannot be this type.
    fn take(fields: &Fields<'_>, name: &'static str) -> Option<Self>;
    fn put<'a>(&'a self, name: &'static str, out: &mut Fields<'a>);
}

/// Absent reads as empty: WeChat leaves out empty elements as often as it sends them.
impl Take for String {
    fn take(fields: &Fields<'_>, name: &'static str) -> Option<Self> {
        match fields.get(name) {
            None => Some(String::new()),
            Some(value) => value.as_text().map(str::to_owned),
        }
    }

    fn put<'a>(&'a self, name: &'static str, out: &mut Fields<'a>) {
        out.push_text(name, self.as_str());
    }
}

/// Empty reads as absent, for the same reason.
impl Take for Option<String> {
    fn take(fields: &Fields<'_>, name: &'static str) -> Option<Self> {
        String::take(fields, name).map(|text| Some(text).filter(|text| !text.is_empty()))
    }

    fn put<'a>(&'a self, name: &'static str, out: &mut Fields<'a>) {
        if let Some(text) = self {
            text.put(name, out);
        }
    }
}

macro_rules! take_number {
    ($($number:ty)*) => {$(
        impl Take for $number {
            fn take(fields: &Fields<'_>, name: &'static str) -> Option<Self> {
                fields.text(name)?.trim_ascii().parse().ok()
            }

            fn put<'a>(&'a self, name: &'static str, out: &mut Fields<'a>) {
                out.push_number(name, self);
            }
        }

        impl Take for Option<$number> {
            fn take(fields: &Fields<'_>, name: &'static str) -> Option<Self> {
                match fields.filled(name) {
                    None => Some(None),
                    Some(text) => text.trim_ascii().parse().ok().map(Some),
                }
            }

            fn put<'a>(&'a self, name: &'static str, out: &mut Fields<'a>) {
                if let Some(number) = self {
                    number.put(name, out);
                }
            }
        }
    )*};
}

take_number!(i64 u64 f64);

/// Siblings of one name.
impl Take for Vec<u64> {
    fn take(fields: &Fields<'_>, name: &'static str) -> Option<Self> {
        let filled = fields.each(name).filter(|value| value.as_text() != Some(""));
        filled.map(|value| value.as_text()?.trim_ascii().parse().ok()).collect()
    }

    fn put<'a>(&'a self, name: &'static str, out: &mut Fields<'a>) {
        let items = self.iter().map(|number| Value::Number(Cow::Owned(number.to_string()))).collect();
        out.push(name, Value::List { item: None, items });
    }
}

/// A struct that is the inside of a field.
pub(crate) trait Nested: Sized {
    /// What one of many is called in XML; empty when the field itself repeats.
    const ITEM: &'static str = "item";
    fn from_fields(fields: &Fields<'_>) -> Option<Self>;
    fn to_fields(&self) -> Fields<'_>;
}

impl<T: Nested> Take for T {
    fn take(fields: &Fields<'_>, name: &'static str) -> Option<Self> {
        match fields.get(name)? {
            Value::Tree(fields) => T::from_fields(fields),
            // There, with nothing in it.
            Value::Text(text) if text.is_empty() => T::from_fields(&Fields::default()),
            _ => None,
        }
    }

    fn put<'a>(&'a self, name: &'static str, out: &mut Fields<'a>) {
        out.push(name, Value::Tree(self.to_fields()));
    }
}

impl<T: Nested> Take for Option<T> {
    fn take(fields: &Fields<'_>, name: &'static str) -> Option<Self> {
        match fields.get(name) {
            None => Some(None),
            Some(Value::Tree(fields)) => T::from_fields(fields).map(Some),
            Some(_) => Some(None),
        }
    }

    fn put<'a>(&'a self, name: &'static str, out: &mut Fields<'a>) {
        if let Some(inside) = self {
            inside.put(name, out);
        }
    }
}

/// Many, in any of the ways WeChat has been seen to write them: `item`s inside one field, the field
/// itself repeated (also a JSON array), or the bare items without the field around them.
impl<T: Nested> Take for Vec<T> {
    fn take(fields: &Fields<'_>, name: &'static str) -> Option<Self> {
        let mut items = Vec::new();
        let mut push = |value: &Value<'_>| match value {
            Value::Tree(fields) => T::from_fields(fields).map(|item| items.push(item)),
            // `<item></item>` and `<List></List>`: nothing there.
            _ => Some(()),
        };
        let mut found = false;
        for outer in fields.each(name) {
            found = true;
            match outer {
                Value::Tree(inside) if inside.get(T::ITEM).is_some() => inside.each(T::ITEM).try_for_each(&mut push)?,
                other => push(other)?,
            }
        }
        if !found && T::ITEM != "item" {
            fields.each(T::ITEM).try_for_each(&mut push)?;
        }
        Some(items)
    }

    fn put<'a>(&'a self, name: &'static str, out: &mut Fields<'a>) {
        let items = self.iter().map(|item| Value::Tree(item.to_fields())).collect();
        // Without a name for the items, the field itself repeats.
        let item = Some(T::ITEM).filter(|item| !item.is_empty());
        out.push(name, Value::List { item, items });
    }
}

/// Puts the inside of a field where there is no field around it.
pub(crate) fn put_all<'a, T: Nested>(value: &'a T, out: &mut Fields<'a>) {
    out.0.extend(value.to_fields().0);
}

/// Declares a struct that is the inside of a field: `field: Type = "WireName"`.
macro_rules! nested {
    (
        $(#[$doc:meta])*
        pub struct $name:ident $(in $item:literal)? {
            $( $(#[$fdoc:meta])* pub $field:ident : $ty:ty = $wire:literal, )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name { $( $(#[$fdoc])* pub $field: $ty, )* }

        impl $crate::wire::Nested for $name {
            $(const ITEM: &'static str = $item;)?

            fn from_fields(fields: &$crate::wire::Fields<'_>) -> Option<Self> {
                Some(Self { $( $field: $crate::wire::Take::take(fields, $wire)?, )* })
            }

            fn to_fields(&self) -> $crate::wire::Fields<'_> {
                let mut out = $crate::wire::Fields::default();
                $( $crate::wire::Take::put(&self.$field, $wire, &mut out); )*
                out
            }
        }
    };
}
pub(crate) use nested;
