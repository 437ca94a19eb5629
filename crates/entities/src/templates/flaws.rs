//! What is wrong with what is put into a template: by the rules of its types, and by its own fields. Pure.

use std::collections::BTreeMap;

use super::{
    decide::{Unfit, fits},
    model::Field,
};

/// What is wrong with the text of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing is put in, and the field has a type.
    Empty,
    /// Nothing is put in: a line of a historical template stays empty.
    EmptyLine,
    Unfit(Unfit),
    /// Longer than what is shown of a line of a historical template.
    Cut,
}

impl Flaw {
    /// A stable word for it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty_value",
            Self::EmptyLine => "empty_line",
            Self::Unfit(_) => "unfit_value",
            Self::Cut => "cut_value",
        }
    }

    /// In English, for logs and programs.
    pub fn detail(self) -> &'static str {
        match self {
            Self::Empty => "WeChat refuses an empty value",
            Self::EmptyLine => "the line stays empty",
            Self::Unfit(_) => "WeChat refuses this value",
            Self::Cut => "WeChat shows twenty characters of it",
        }
    }

    /// Why WeChat refuses the message for it; none when it takes it all the same.
    pub fn refused(self) -> Option<Unfit> {
        match self {
            Self::Empty => Some(Unfit::Empty),
            Self::Unfit(why) => Some(why),
            Self::EmptyLine | Self::Cut => None,
        }
    }
}

/// What is wrong with what is put into a field. Of those that are not shown nobody asks.
pub fn flaw(field: &Field, text: &str) -> Option<Flaw> {
    if text.trim().is_empty() {
        return Some(if field.kind.is_some() { Flaw::Empty } else { Flaw::EmptyLine });
    }
    if let Err(why) = fits(&field.key, text) {
        return Some(Flaw::Unfit(why));
    }
    let cut = field.kind.is_none() && field.longest.is_some_and(|most| text.chars().count() > most);
    cut.then_some(Flaw::Cut)
}

/// The keys that are no field of the template.
pub fn strange_keys<'a>(fields: &[Field], data: &'a BTreeMap<String, String>) -> Vec<&'a String> {
    data.keys().filter(|key| !fields.iter().any(|field| field.key == **key)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::fields;

    #[test]
    fn a_typed_field_refuses_what_a_historical_one_leaves_empty_or_cuts() {
        let fields = fields("商品：{{thing2.DATA}}\n金额：{{keyword1.DATA}}", "");
        let long = "一二三四五六七八九十一二三四五六七八九十一";
        let seen = |text: &str| [flaw(&fields[0], text), flaw(&fields[1], text)];
        assert_eq!(seen("杯"), [None, None]);
        assert_eq!(seen(" "), [Some(Flaw::Empty), Some(Flaw::EmptyLine)]);
        assert_eq!(seen(long), [Some(Flaw::Unfit(Unfit::TooLong)), Some(Flaw::Cut)]);
        assert_eq!(seen(long).map(|flaw| flaw.and_then(Flaw::refused)), [Some(Unfit::TooLong), None]);
        let data = BTreeMap::from([("thing2".to_owned(), String::new()), ("thing9".to_owned(), String::new())]);
        assert_eq!(strange_keys(&fields, &data), ["thing9"]);
    }
}
