//! What becomes of a customer's fields when somebody tells something new. Pure.

use kit::Millis;

use super::{Change, Field, Fields, Origin, Provenance, Source};

/// What is known of a customer, and from whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    pub fields: Fields,
    pub provenance: Provenance,
}

/// Takes in what `source` tells and says what changed.
///
/// An empty value clears a field only when a person or a program of the tenant's gives it: WeChat's empty
/// fields mean "not told" (R15). A value never replaces one from a source of higher rank; a field that a
/// person has cleared counts as theirs.
pub fn told(
    known: &mut Known,
    news: &[(Field, Option<String>)],
    source: Source,
    by: Option<&str>,
    at: Millis,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for (field, value) in news {
        let value = value
            .as_deref()
            .map(str::trim)
            .filter(|value| !(value.is_empty() || (*field == Field::Gender && *value == "unknown")));
        let speaks_for_the_tenant = source.rank() == Source::Person.rank();
        if value.is_none() && !speaks_for_the_tenant {
            continue;
        }
        if known.provenance.get(field).is_some_and(|origin| origin.source.rank() > source.rank()) {
            continue;
        }
        let from = known.fields.get(field).cloned();
        if from.as_deref() == value {
            continue;
        }
        match value {
            Some(value) => known.fields.insert(*field, value.to_owned()),
            None => known.fields.remove(field),
        };
        known.provenance.insert(*field, Origin { source, by: by.map(str::to_owned), at });
        changes.push(Change { field: *field, from, to: value.map(str::to_owned) });
    }
    changes
}

/// What is known of two customers who are one: the kept one's values, and the other's where it has none or
/// only ones of a lower rank.
pub fn merged_fields(kept: &mut Known, other: &Known) -> Vec<Change> {
    let mut changes = Vec::new();
    for (field, value) in &other.fields {
        let Some(origin) = other.provenance.get(field) else { continue };
        let stands = match (kept.fields.get(field), kept.provenance.get(field)) {
            (_, Some(own)) => own.source.rank() >= origin.source.rank(),
            (Some(_), None) => true,
            (None, None) => false,
        };
        if stands {
            continue;
        }
        let from = kept.fields.insert(*field, value.clone());
        kept.provenance.insert(*field, origin.clone());
        changes.push(Change { field: *field, from, to: Some(value.clone()) });
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(known: &mut Known, source: Source, field: Field, value: &str) -> usize {
        told(known, &[(field, Some(value.to_owned()))], source, None, 1).len()
    }

    #[test]
    fn r15_wechats_silence_never_overwrites_what_is_known() {
        let mut known = Known::default();
        assert_eq!(say(&mut known, Source::Wechat, Field::Name, "小明"), 1);
        assert_eq!(say(&mut known, Source::Wechat, Field::Name, ""), 0);
        assert_eq!(say(&mut known, Source::Wechat, Field::Gender, "unknown"), 0);
        assert_eq!(told(&mut known, &[(Field::Name, None)], Source::Import, None, 2), []);
        assert_eq!(known.fields[&Field::Name], "小明");
        assert_eq!(say(&mut known, Source::Wechat, Field::Name, "大明"), 1);
        assert_eq!(say(&mut known, Source::Wechat, Field::Name, "大明"), 0);
    }

    #[test]
    fn r15_a_persons_edit_outranks_wechats_even_when_it_cleared_the_field() {
        let mut known = Known::default();
        say(&mut known, Source::Wechat, Field::Name, "小明");
        say(&mut known, Source::Person, Field::Name, "Ming Li");
        assert_eq!(say(&mut known, Source::Wechat, Field::Name, "小明"), 0);
        assert_eq!(known.fields[&Field::Name], "Ming Li");
        assert_eq!(known.provenance[&Field::Name].source, Source::Person);
        let cleared = told(&mut known, &[(Field::Name, None)], Source::Person, Some("Ann"), 5);
        assert_eq!(cleared, [Change { field: Field::Name, from: Some("Ming Li".into()), to: None }]);
        assert_eq!(say(&mut known, Source::Wechat, Field::Name, "小明"), 0);
        assert_eq!(say(&mut known, Source::Api, Field::Name, "Ming"), 1);
    }

    #[test]
    fn r26_two_who_are_one_keep_the_better_word_for_each_field() {
        let (mut kept, mut other) = (Known::default(), Known::default());
        say(&mut kept, Source::Wechat, Field::Name, "小明");
        say(&mut kept, Source::Person, Field::Phone, "1");
        say(&mut other, Source::Person, Field::Name, "Ming");
        say(&mut other, Source::Person, Field::Phone, "2");
        say(&mut other, Source::Wechat, Field::City, "深圳");
        let changed: Vec<Field> = merged_fields(&mut kept, &other).into_iter().map(|change| change.field).collect();
        assert_eq!(changed, [Field::Name, Field::City]);
        assert_eq!(kept.fields[&Field::Phone], "1");
        assert_eq!(kept.fields[&Field::Name], "Ming");
    }
}
