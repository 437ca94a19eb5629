//! What a program tells of the event that caused a message. Pure.

use std::collections::BTreeMap;

use kit::http::Faults;

use super::model::EventValue;

/// An event is told in so many values at most.
const MOST_VALUES: usize = 50;
const LONGEST_NAME: usize = 40;
const LONGEST_VALUE: usize = 500;
/// From here on JSON's numbers leave whole ones out.
const LARGEST: f64 = 9_007_199_254_740_991.0;

/// What is known of the event that caused a message, by the names behind `event.`.
#[derive(Debug, Default)]
pub struct Event(BTreeMap<String, String>);

impl Event {
    /// What can be put into a text, and says what cannot.
    pub fn read(values: BTreeMap<String, EventValue>, faults: &mut Faults) -> Self {
        if values.len() > MOST_VALUES {
            faults.add("event", "range", format!("at most {MOST_VALUES} values"));
            return Self::default();
        }
        let mut known = BTreeMap::new();
        for (name, value) in values {
            if !is_name(&name) {
                let rule = format!("a name has 1 to {LONGEST_NAME} letters, digits and underscores");
                faults.add("event", "name", format!("{rule}, not so {name:.LONGEST_NAME$}"));
                continue;
            }
            let field = format!("event.{name}");
            let text = match value {
                EventValue::Text(text) => text,
                EventValue::Truth(truth) => truth.to_string(),
                EventValue::Number(number) if number.abs() <= LARGEST => number.to_string(),
                EventValue::Number(_) => {
                    faults.add(&field, "shape", "JSON loses digits of such a number: send it as a text");
                    continue;
                }
            };
            if text.chars().count() > LONGEST_VALUE {
                faults.add(&field, "too_long", format!("at most {LONGEST_VALUE} characters"));
            }
            known.insert(name, text);
        }
        Self(known)
    }

    /// What is put into a text under this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// Whether there can be a value of this name.
pub fn is_name(name: &str) -> bool {
    (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: [&str; 0] = [];

    fn event(values: serde_json::Value) -> (Event, Vec<String>) {
        let mut faults = Faults::default();
        let event = Event::read(serde_json::from_value(values).unwrap(), &mut faults);
        let wrong = faults.into_list().into_iter().map(|fault| format!("{}: {}", fault.field, fault.code));
        (event, wrong.collect())
    }

    #[test]
    fn an_event_is_flat_and_has_its_limits() {
        assert_eq!(event(serde_json::json!({ "a": 12, "b": -0.5, "c": "x", "D_2": false })).1, NOTHING);
        assert_eq!(event(serde_json::json!({ "a b": 1 })).1, ["event: name"]);
        assert_eq!(event(serde_json::json!({ "a": 90_071_992_547_409_931_i64 })).1, ["event.a: shape"]);
        assert_eq!(event(serde_json::json!({ "a": "x".repeat(501) })).1, ["event.a: too_long"]);
        let many: BTreeMap<_, _> = (0..51).map(|n| (format!("n{n}"), n)).collect();
        assert_eq!(event(serde_json::json!(many)).1, ["event: range"]);
        assert_eq!(event(serde_json::json!({ "a": 12.0, "b": 1e15 })).0.get("b"), Some("1000000000000000"));
        for nested in
            [serde_json::json!({ "a": {} }), serde_json::json!({ "a": [1] }), serde_json::json!({ "a": null })]
        {
            assert!(serde_json::from_value::<BTreeMap<String, EventValue>>(nested).is_err());
        }
    }
}
