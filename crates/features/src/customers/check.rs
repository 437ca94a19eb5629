//! What a person may write into a customer's fields. Pure.

use chrono::NaiveDate;
use entities::customers::{Field, Gender};
use kit::{Error, http::Faults};

use super::model::CustomerPatch;

/// The changes a patch asks for, well formed, or everything that is wrong with it.
pub fn changes(patch: CustomerPatch) -> Result<Vec<(Field, Option<String>)>, Error> {
    let given = [
        (Field::Name, patch.name),
        (Field::Gender, patch.gender),
        (Field::Phone, patch.phone),
        (Field::Email, patch.email),
        (Field::City, patch.city),
        (Field::Province, patch.province),
        (Field::Country, patch.country),
        (Field::Birthday, patch.birthday),
        (Field::Note, patch.note),
    ];
    let mut faults = Faults::default();
    let mut changes = Vec::new();
    for (field, value) in given {
        let Some(value) = value else { continue };
        let value = value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        match value.map(|value| tidy(field, value)).transpose() {
            Ok(value) => changes.push((field, value)),
            Err((code, message)) => faults.add(field.as_str(), code, message),
        }
    }
    faults.check()?;
    Ok(changes)
}

type Fault = (&'static str, &'static str);

fn tidy(field: Field, value: String) -> Result<String, Fault> {
    let characters = value.chars().count();
    match field {
        Field::Gender if Gender::parse(&value).is_none() => Err(("unknown", "gender must be male, female or unknown")),
        Field::Phone => phone(&value),
        Field::Email if !is_email(&value) => Err(("format", "email must look like name@example.com")),
        Field::Email => Ok(value.to_lowercase()),
        Field::Birthday if NaiveDate::parse_from_str(&value, "%Y-%m-%d").is_err() || value.len() != 10 => {
            Err(("format", "birthday must be YYYY-MM-DD"))
        }
        Field::Note if characters > 2000 => Err(("length", "note must be at most 2000 characters")),
        Field::Note => Ok(value),
        _ if characters > 100 => Err(("length", "this must be at most 100 characters")),
        _ => Ok(value),
    }
}

/// Digits, with a plus in front for another country's; spaces and dashes are for reading only.
fn phone(value: &str) -> Result<String, Fault> {
    let fault = ("format", "phone must be 5 to 20 digits, with + in front of a country's number");
    let plain: String = value.chars().filter(|char| !matches!(char, ' ' | '-' | '(' | ')')).collect();
    let digits = plain.strip_prefix('+').unwrap_or(&plain);
    let fits = (5..=20).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits { Ok(plain) } else { Err(fault) }
}

fn is_email(value: &str) -> bool {
    let Some((name, host)) = value.rsplit_once('@') else { return false };
    let plain = |text: &str| !text.is_empty() && !text.chars().any(|char| char.is_whitespace() || char.is_control());
    value.len() <= 200
        && plain(name)
        && plain(host)
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patched(patch: serde_json::Value) -> Result<Vec<(Field, Option<String>)>, Error> {
        changes(serde_json::from_value(patch).unwrap())
    }

    #[test]
    fn null_clears_and_absence_leaves() {
        assert_eq!(
            patched(json!({ "name": " 小明 ", "note": null, "city": "" })).unwrap(),
            [(Field::Name, Some("小明".to_owned())), (Field::City, None), (Field::Note, None)]
        );
        assert_eq!(patched(json!({})).unwrap(), []);
    }

    #[test]
    fn contacts_are_written_in_one_way() {
        assert_eq!(
            patched(json!({ "phone": "138 0013-8000" })).unwrap(),
            [(Field::Phone, Some("13800138000".to_owned()))]
        );
        assert_eq!(
            patched(json!({ "email": "A@Example.COM" })).unwrap(),
            [(Field::Email, Some("a@example.com".to_owned()))]
        );
    }

    #[test]
    fn everything_wrong_is_said_at_once() {
        let bad = json!({ "phone": "12", "email": "a@b", "birthday": "1990-02-30", "gender": "x" });
        let Err(Error::Invalid(errors)) = patched(bad) else { panic!("it was accepted") };
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["gender", "phone", "email", "birthday"]);
    }
}
