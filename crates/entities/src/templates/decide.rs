//! From WeChat's text to fields, and what fits into them. Pure.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/template_message/Template_Message_Interface.html>

use wechat::api::template::{key_type, keys};

use super::model::{Field, Found, Template};

/// Of a value in a historical template, so much is shown.
const SHOWN: usize = 20;

/// The fields of a template, in order; `example` is WeChat's, line by line.
pub fn fields(content: &str, example: &str) -> Vec<Field> {
    let lines: Vec<&str> = content.lines().filter(|line| keys(line).next().is_some()).collect();
    let examples: Vec<&str> = example.lines().filter(|line| !line.trim().is_empty()).collect();
    let same = lines.len() == examples.len();
    let mut fields = Vec::with_capacity(lines.len());
    for (n, line) in lines.iter().enumerate() {
        let name = line.split("{{").next().unwrap_or_default().trim().trim_end_matches(['：', ':']).trim();
        for key in keys(line) {
            let kind = key_type(key);
            let shown = !matches!(key, "first" | "remark");
            let given = examples.get(n).filter(|_| same).map(|line| line.trim());
            let given =
                given.map(|line| line.strip_prefix(name).unwrap_or(line).trim_start_matches(['：', ':']).trim());
            fields.push(Field {
                key: key.to_owned(),
                name: name.to_owned(),
                kind: kind.map(str::to_owned),
                longest: if shown { longest(kind) } else { None },
                example: given.filter(|example| !example.is_empty()).map(str::to_owned),
                shown,
            });
        }
    }
    fields
}

/// The most characters of a type; of no type, what is shown.
pub fn longest(kind: Option<&str>) -> Option<usize> {
    match kind {
        None => Some(SHOWN),
        Some("thing" | "const" | "enum" | "name") => Some(20),
        Some("short_thing" | "symbol" | "phrase") => Some(5),
        Some("character_string" | "number" | "letter") => Some(32),
        Some("phone_number") => Some(17),
        Some("car_number") => Some(8),
        Some(_) => None,
    }
}

/// Why WeChat would refuse a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unfit {
    Empty,
    TooLong,
    /// Other characters than its type takes.
    Characters,
    /// No number, amount, day or time.
    Shape,
}

impl Unfit {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::Characters => "characters",
            Self::Shape => "shape",
        }
    }
}

/// Whether WeChat takes this value for the key. In historical templates everything is taken, and cut when shown.
pub fn fits(key: &str, value: &str) -> Result<(), Unfit> {
    let Some(kind) = key_type(key) else { return Ok(()) };
    if value.trim().is_empty() {
        return Err(Unfit::Empty);
    }
    let chars = value.chars().count();
    let most = if kind == "name" && value.chars().any(is_chinese) { Some(10) } else { longest(Some(kind)) };
    if most.is_some_and(|most| chars > most) {
        return Err(Unfit::TooLong);
    }
    let all = |may: fn(char) -> bool| value.chars().all(may).then_some(()).ok_or(Unfit::Characters);
    let shaped = |is: bool| is.then_some(()).ok_or(Unfit::Shape);
    match kind {
        "character_string" => all(|c| c.is_ascii() && !c.is_ascii_control()),
        "letter" => all(|c| c.is_ascii_alphabetic()),
        "symbol" => all(|c| !c.is_alphanumeric()),
        "phone_number" => all(|c| c.is_ascii_digit() || "+-() ".contains(c)),
        "car_number" => all(|c| c.is_ascii_alphanumeric() || is_chinese(c)),
        "name" => all(|c| c.is_alphabetic() || c == ' ' || c == '·'),
        "phrase" => all(is_chinese),
        "number" => shaped(is_number(value)),
        "amount" => shaped(is_amount(value)),
        "time" => shaped(is_span(value, |part| is_clock(part) || is_day(part))),
        "date" => shaped(is_span(value, is_day)),
        _ => Ok(()),
    }
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_number(value: &str) -> bool {
    let bare = value.strip_prefix('-').unwrap_or(value);
    let (whole, fraction) = bare.split_once('.').map_or((bare, None), |(whole, fraction)| (whole, Some(fraction)));
    is_digits(whole) && fraction.is_none_or(is_digits)
}

/// One sign of a currency, at most ten digits, two behind the point, perhaps 元.
fn is_amount(value: &str) -> bool {
    let bare = value.strip_suffix('元').unwrap_or(value);
    let bare = bare.strip_prefix(['￥', '¥', '$', '€', '£']).unwrap_or(bare);
    let (whole, fraction) = bare.split_once('.').map_or((bare, None), |(whole, fraction)| (whole, Some(fraction)));
    is_digits(whole) && whole.len() <= 10 && fraction.is_none_or(|part| is_digits(part) && part.len() <= 2)
}

/// One, or from one to another.
fn is_span(value: &str, is: impl Fn(&str) -> bool) -> bool {
    value.split('~').count() <= 2 && value.split('~').all(|part| is(part.trim()))
}

fn is_clock(value: &str) -> bool {
    let parts: Vec<Option<u32>> = value.split(':').map(|part| part.parse().ok().filter(|_| is_digits(part))).collect();
    let below = |n: usize, most: u32| parts.get(n).copied().flatten().is_some_and(|part| part < most);
    (2..=3).contains(&parts.len()) && below(0, 24) && below(1, 60) && (parts.len() < 3 || below(2, 60))
}

/// Year, month and perhaps the day, with dashes, slashes, points or the Chinese signs; perhaps with a time of the day.
fn is_day(value: &str) -> bool {
    let (day, time) = value.split_once(' ').map_or((value, None), |(day, time)| (day, Some(time.trim())));
    let plain = day.strip_suffix('日').unwrap_or(day);
    let plain = plain.strip_suffix('月').unwrap_or(plain);
    let parts: Vec<u32> = plain
        .split(['-', '/', '年', '月', '.'])
        .map(|part| part.parse().ok().filter(|_| is_digits(part)).unwrap_or(0))
        .collect();
    let sound = match parts.as_slice() {
        [year, month] => (1000..=9999).contains(year) && (1..=12).contains(month),
        [year, month, day] => (1000..=9999).contains(year) && (1..=12).contains(month) && (1..=31).contains(day),
        _ => false,
    };
    sound && time.is_none_or(is_clock)
}

/// What is to be done so that the library is WeChat's.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    Add(&'a Found),
    /// Whether the text that is filled in is another.
    Change(&'a Template, &'a Found, bool),
    Gone(&'a Template),
}

pub(super) fn compare<'a>(known: &'a [Template], found: &'a [Found]) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    for one in found {
        match known.iter().find(|template| template.wechat_id == one.wechat_id) {
            None => steps.push(Step::Add(one)),
            Some(template) => {
                let same = template.title == one.title
                    && template.example == one.example
                    && template.industry == one.industry
                    && template.lasting == one.lasting
                    && template.gone_at.is_none();
                let other_text = template.content != one.content;
                if other_text || !same {
                    steps.push(Step::Change(template, one, other_text));
                }
            }
        }
    }
    let gone = known.iter().filter(|template| !found.iter().any(|one| one.wechat_id == template.wechat_id));
    steps.extend(gone.filter(|template| template.gone_at.is_none()).map(Step::Gone));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_from_wechats_text_with_their_types_and_examples() {
        let found = fields(
            "订单编号：{{character_string1.DATA}}\n商品名称：{{thing2.DATA}}\n支付时间:{{time4.DATA}}\n",
            "订单编号：20261128001\n商品名称：手工陶瓷杯\n支付时间:2026-11-28 10:30\n",
        );
        let seen: Vec<_> = found.iter().map(|field| (&*field.key, &*field.name, field.longest)).collect();
        assert_eq!(
            seen,
            [
                ("character_string1", "订单编号", Some(32)),
                ("thing2", "商品名称", Some(20)),
                ("time4", "支付时间", None)
            ]
        );
        assert_eq!(found[2].example.as_deref(), Some("2026-11-28 10:30"));

        let old =
            fields("{{first.DATA}}\n支付金额：{{keyword1.DATA}}\n{{remark.DATA}}", "您好。\n支付金额：30元\n感谢。");
        assert_eq!(old.iter().map(|field| field.shown).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!((old[1].kind.as_deref(), old[1].longest), (None, Some(20)));
    }

    #[test]
    fn values_fit_by_the_rules_of_their_types() {
        for (key, value) in [
            ("thing2", "手工陶瓷杯"),
            ("character_string1", "2026-A"),
            ("time4", "2026-11-28 10:30"),
            ("time4", "09:00 ~ 10:00"),
            ("date5", "2026年11月28日"),
            ("amount3", "￥68.00"),
            ("amount3", "15元"),
            ("number1", "-12.5"),
            ("phone_number5", "+86 (21) 1234"),
            ("name4", "王小明"),
            ("phrase1", "金卡会员"),
            ("car_number1", "沪A12345"),
            ("keyword1", ""),
        ] {
            assert_eq!(fits(key, value), Ok(()), "{key} {value}");
        }
        for (key, value, why) in [
            ("thing2", " ", Unfit::Empty),
            ("thing2", "一二三四五六七八九十一二三四五六七八九十一", Unfit::TooLong),
            ("character_string1", "订单", Unfit::Characters),
            ("phrase1", "gold", Unfit::Characters),
            ("name4", "一二三四五六七八九十一", Unfit::TooLong),
            ("amount3", "many", Unfit::Shape),
            ("time4", "tomorrow", Unfit::Shape),
            ("date5", "2026-13-01", Unfit::Shape),
            ("number1", "1.", Unfit::Shape),
        ] {
            assert_eq!(fits(key, value), Err(why), "{key} {value}");
        }
    }
}
