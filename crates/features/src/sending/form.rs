//! A template message or a notice as one customer hears it: its places filled with what is known of them and of the event that caused
//! it, and what is wrong with it then. Pure.

use std::collections::BTreeMap;

use entities::{
    campaigns::words,
    customers::Customer,
    messages::{
        Message, MiniProgram, NoticeMessage, TemplateMessage,
        places::{self, Piece},
    },
    templates::{self, Template, TemplateKind, Unfit},
};
use kit::http::Faults;

use super::event::{Event, is_name};

/// What is filled in.
#[derive(Debug)]
pub struct Form {
    pub kind: TemplateKind,
    pub template_id: String,
    pub title: Option<String>,
    pub data: BTreeMap<String, String>,
    pub url: Option<String>,
    pub mini_program: Option<MiniProgram>,
}

impl From<TemplateMessage> for Form {
    fn from(message: TemplateMessage) -> Self {
        let TemplateMessage { word: _, template_id, title, data, url, mini_program } = message;
        Self { kind: TemplateKind::Template, template_id, title, data, url, mini_program }
    }
}

impl From<NoticeMessage> for Form {
    fn from(message: NoticeMessage) -> Self {
        let NoticeMessage { word: _, template_id, title, data, url, mini_program } = message;
        Self { kind: TemplateKind::Notice, template_id, title, data, url, mini_program }
    }
}

impl From<Form> for Message {
    fn from(form: Form) -> Self {
        let Form { kind, template_id, title, data, url, mini_program } = form;
        match kind {
            TemplateKind::Template => {
                let word = Default::default();
                Self::Template(TemplateMessage { word, template_id, title, data, url, mini_program })
            }
            TemplateKind::Notice => {
                let word = Default::default();
                Self::Notice(NoticeMessage { word, template_id, title, data, url, mini_program })
            }
        }
    }
}

/// What the library says of the template that is filled in.
#[derive(Debug)]
pub enum Shelf {
    Has(Template),
    /// It was compared with WeChat's, and this one is not in it.
    HasNot,
    /// It was never compared: whether there is such a template, only WeChat knows.
    Unread,
}

/// The message as this customer hears it, and what is wrong with it, at the fields of `message`.
pub fn fill_in(message: Form, shelf: &Shelf, customer: &Customer, event: &Event, faults: &mut Faults) -> Form {
    if message.data.is_empty() {
        faults.add("message.data", "empty", "there is nothing to fill the template with");
    }
    let mut filled = BTreeMap::new();
    for (key, text) in &message.data {
        templates::check_length(text, &at(key), faults);
        match fill(text, |name| value(name, customer, event)) {
            Ok(text) => {
                filled.insert(key.clone(), text);
            }
            Err(holes) => holes.into_iter().for_each(|hole| faults.add(at(key), hole.code(), hole.detail())),
        }
    }
    templates::check_links(message.url.as_deref(), message.mini_program.as_ref(), faults);
    check_template(&message, shelf, &filled, faults);
    let title = match shelf {
        Shelf::Has(template) => Some(template.title.clone()),
        Shelf::HasNot | Shelf::Unread => message.title,
    };
    Form { title, data: filled, ..message }
}

fn at(key: &str) -> String {
    format!("message.data.{key}")
}

/// What stands under a name; an empty value is none.
fn value<'a>(name: &str, customer: &'a Customer, event: &'a Event) -> Option<&'a str> {
    let value = match name.strip_prefix("event.") {
        Some(name) => event.get(name),
        None => words::field(name).and_then(|field| customer.get(field)),
    };
    value.filter(|value| !value.is_empty())
}

/// A place that cannot be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Hole {
    /// There is no such variable.
    Strange(String),
    /// Nothing is known under its name, and nothing is to be said instead.
    Missing(String),
    /// Braces that nothing closes.
    Open,
}

impl Hole {
    fn code(&self) -> &'static str {
        match self {
            Self::Strange(_) | Self::Open => "variable",
            Self::Missing(_) => "missing_value",
        }
    }

    fn detail(&self) -> String {
        match self {
            Self::Strange(name) => format!("{name} is nothing that is known of a customer or an event"),
            Self::Missing(name) => format!("{name} has no value, and nothing is said instead"),
            Self::Open => "{{ is not closed".to_owned(),
        }
    }
}

/// The text with its places filled, or those that cannot be, each name once.
fn fill<'a>(text: &str, known: impl Fn(&str) -> Option<&'a str>) -> Result<String, Vec<Hole>> {
    let mut holes = Vec::new();
    for piece in places::pieces(text) {
        let hole = match piece {
            Piece::Place { name, .. } if !is_variable(name) => Hole::Strange(name.to_owned()),
            Piece::Place { name, otherwise } if known(name).is_none() && otherwise.is_none_or(str::is_empty) => {
                Hole::Missing(name.to_owned())
            }
            Piece::Open(_) => Hole::Open,
            Piece::Place { .. } | Piece::Text(_) => continue,
        };
        if !holes.contains(&hole) {
            holes.push(hole);
        }
    }
    if holes.is_empty() { Ok(places::fill(text, known)) } else { Err(holes) }
}

fn is_variable(name: &str) -> bool {
    words::field(name).is_some() || name.strip_prefix("event.").is_some_and(is_name)
}

/// What WeChat would refuse: by the template's own fields where we know them, by the types of the keys otherwise. A key
/// that could not be filled has been spoken of.
fn check_template(message: &Form, shelf: &Shelf, filled: &BTreeMap<String, String>, faults: &mut Faults) {
    let field = "message.template_id";
    match shelf {
        _ if message.template_id.trim().is_empty() => faults.add(field, "empty", "which template?"),
        Shelf::Has(template) if template.gone_at.is_some() => {
            faults.add(field, "template_gone", "WeChat has this template no more");
        }
        Shelf::HasNot => {
            faults.add(field, "not_found", "the account has no such template; compare the library first");
        }
        Shelf::Has(template) => {
            let fields = templates::fields(&template.content, &template.example);
            let sound = |key: &String| filled.contains_key(key) || !message.data.contains_key(key);
            for field in fields.iter().filter(|field| field.shown && sound(&field.key)) {
                let text = filled.get(&field.key).map(String::as_str).unwrap_or_default();
                if let Some(why) = templates::flaw(field, text).and_then(templates::Flaw::refused) {
                    note(&field.key, why, faults);
                }
            }
            for key in templates::strange_keys(&fields, &message.data) {
                faults.add(at(key), "no_such_key", "the template has no such key");
            }
            return;
        }
        Shelf::Unread => {}
    }
    for (key, text) in filled {
        if let Err(why) = templates::fits(key, text) {
            note(key, why, faults);
        }
    }
}

/// Says why WeChat refuses a value.
fn note(key: &str, why: Unfit, faults: &mut Faults) {
    let detail = match why {
        Unfit::Empty => "WeChat refuses an empty value",
        Unfit::TooLong => "longer than WeChat takes for a key of this type",
        Unfit::Characters => "other characters than WeChat takes for a key of this type",
        Unfit::Shape => "no number, amount, day or time as WeChat takes it",
    };
    faults.add(at(key), why.as_str(), detail);
}

#[cfg(test)]
mod tests {
    use entities::{
        customers::{Field, Fields, Provenance},
        templates::TemplateKind,
    };
    use kit::{AccountId, CustomerId, TemplateId};

    use super::*;

    const NOTHING: [&str; 0] = [];

    fn anne() -> Customer {
        Customer {
            id: CustomerId(1),
            fields: Fields::from([(Field::Name, "安妮".to_owned())]),
            provenance: Provenance::default(),
            merged_into: None,
            last_seen_at: None,
            created_at: 0,
        }
    }

    fn order() -> Template {
        Template {
            id: TemplateId(1),
            account: AccountId(1),
            kind: TemplateKind::Template,
            wechat_id: "t".into(),
            title: "订单支付成功通知".into(),
            content: "订单编号：{{character_string1.DATA}}\n商品名称：{{thing2.DATA}}\n".into(),
            example: String::new(),
            industry: None,
            lasting: false,
            seen_at: 0,
            changed_at: None,
            gone_at: None,
        }
    }

    /// What is said, and what is wrong with it.
    fn filled(shelf: &Shelf, pairs: &[(&str, &str)]) -> (Form, Vec<String>) {
        let mut faults = Faults::default();
        let values = serde_json::json!({ "order": "A-1", "sum": 68.5, "paid": true, "note": "" });
        let event = Event::read(serde_json::from_value(values).unwrap(), &mut faults);
        let data: BTreeMap<_, _> = pairs.iter().map(|(key, text)| (*key, *text)).collect();
        let message = serde_json::json!({ "type": "template", "template_id": "t", "data": data });
        let message: TemplateMessage = serde_json::from_value(message).unwrap();
        let message = fill_in(message.into(), shelf, &anne(), &event, &mut faults);
        let wrong = faults.into_list().into_iter().map(|fault| format!("{}: {}", fault.field, fault.code));
        (message, wrong.collect())
    }

    #[test]
    fn places_are_filled_with_the_customer_and_the_event_or_what_stands_behind_the_bar() {
        let known = |text: &str| filled(&Shelf::Unread, &[("keyword1", text)]).0.data.remove("keyword1");
        assert_eq!(known("{{customer.name|朋友}}, {{ event.order }}"), Some("安妮, A-1".into()));
        assert_eq!(known("{{event.sum}} {{event.paid}}"), Some("68.5 true".into()));
        assert_eq!(known("{{event.note|—}} {{event.shoe|none}} {{customer.city | 本地}}"), Some("— none 本地".into()));
        assert_eq!(known("no places"), Some("no places".into()));
    }

    #[test]
    fn a_place_without_a_value_and_without_anything_instead_is_named_with_its_field() {
        for (text, code) in [
            ("{{event.shoe}}", "missing_value"),
            ("{{event.note}}", "missing_value"),
            ("{{event.note|}}", "missing_value"),
            ("{{customer.city}}", "missing_value"),
            ("{{customer.shoe|x}}", "variable"),
            ("{{event.a b|x}}", "variable"),
            ("{{order}}", "variable"),
            ("{{event.order", "variable"),
        ] {
            let wanted = format!("message.data.thing2: {code}");
            assert_eq!(filled(&Shelf::Unread, &[("thing2", text)]).1, [wanted], "{text}");
        }
        let holes = fill("{{event.a}} {{event.b}} {{event.a}} {{x}}", |_| None).unwrap_err();
        let named: Vec<_> = holes.iter().map(Hole::detail).collect();
        assert_eq!(holes.len(), 3);
        assert!(named[0].starts_with("event.a ") && named[1].starts_with("event.b "), "{named:?}");
    }

    #[test]
    fn what_is_said_in_the_end_has_to_fit_its_type_and_the_template() {
        let wrong = |shelf: &Shelf, pairs: &[(&str, &str)]| filled(shelf, pairs).1;
        let has = Shelf::Has(order());
        let long = "一二三四五六七八九十一二三四五六七八九{{customer.name}}";
        assert_eq!(wrong(&has, &[("character_string1", "{{event.order}}"), ("thing2", "杯")]), NOTHING);
        assert_eq!(
            wrong(&has, &[("character_string1", "{{customer.name}}"), ("thing2", long), ("colour", "red")]),
            [
                "message.data.character_string1: characters",
                "message.data.thing2: too_long",
                "message.data.colour: no_such_key",
            ]
        );
        assert_eq!(wrong(&has, &[("character_string1", "A1")]), ["message.data.thing2: empty"]);
        // What could not be filled is not called empty besides.
        assert_eq!(
            wrong(&has, &[("character_string1", "A1"), ("thing2", "{{event.shoe}}")]),
            ["message.data.thing2: missing_value"]
        );
        // Of a template that we do not know, the types of its keys are known.
        assert_eq!(wrong(&Shelf::Unread, &[("thing2", long)]), ["message.data.thing2: too_long"]);
        assert_eq!(wrong(&Shelf::Unread, &[("thing2", "杯"), ("colour", "red")]), NOTHING);
        assert_eq!(wrong(&Shelf::HasNot, &[("thing2", "杯")]), ["message.template_id: not_found"]);
        let gone = Shelf::Has(Template { gone_at: Some(1), ..order() });
        assert_eq!(wrong(&gone, &[("thing2", "杯")]), ["message.template_id: template_gone"]);
        let (said, _) = filled(&has, &[("character_string1", "A1"), ("thing2", "杯")]);
        assert_eq!(said.title.as_deref(), Some("订单支付成功通知"));
    }
}
