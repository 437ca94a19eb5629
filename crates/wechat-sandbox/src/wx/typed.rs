//! What a value of each type of key may be. WeChat refuses the message when one is not.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/template_message/Template_Message_Interface.html>

/// Whether a key's value fits its type; keys of historical templates have none, and everything fits.
pub(super) fn fits(key: &str, value: &str) -> bool {
    let kind = key.trim_end_matches(|c: char| c.is_ascii_digit());
    let chars = value.chars().count();
    if kind == key || !KINDS.contains(&kind) {
        return true;
    }
    if value.trim().is_empty() {
        return false;
    }
    match kind {
        "thing" | "const" | "enum" => chars <= 20,
        "short_thing" => chars <= 5,
        "character_string" => chars <= 32 && value.chars().all(|c| c.is_ascii() && !c.is_ascii_control()),
        "number" => chars <= 32 && number(value),
        "letter" => chars <= 32 && value.chars().all(|c| c.is_ascii_alphabetic()),
        "symbol" => chars <= 5 && value.chars().all(|c| !c.is_alphanumeric()),
        "time" => value.split('~').count() <= 2 && value.split('~').all(|part| instant(part.trim())),
        "date" => value.split('~').count() <= 2 && value.split('~').all(|part| dated(part.trim())),
        "amount" => amount(value),
        "phone_number" => chars <= 17 && value.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c)),
        "car_number" => chars <= 8 && value.chars().all(|c| c.is_ascii_alphanumeric() || is_chinese(c)),
        "name" => name(value),
        "phrase" => chars <= 5 && value.chars().all(is_chinese),
        _ => true,
    }
}

const KINDS: [&str; 15] = [
    "thing",
    "short_thing",
    "character_string",
    "number",
    "letter",
    "symbol",
    "time",
    "date",
    "amount",
    "phone_number",
    "car_number",
    "name",
    "phrase",
    "const",
    "enum",
];

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn number(value: &str) -> bool {
    let bare = value.strip_prefix('-').unwrap_or(value);
    let (whole, fraction) = bare.split_once('.').map_or((bare, None), |(whole, fraction)| (whole, Some(fraction)));
    digits(whole) && fraction.is_none_or(digits)
}

/// One sign of a currency, at most ten digits, perhaps with a fraction, perhaps with 元.
fn amount(value: &str) -> bool {
    let bare = value.strip_suffix('元').unwrap_or(value);
    let bare = bare.strip_prefix(['￥', '¥', '$', '€', '£']).unwrap_or(bare);
    let (whole, fraction) = bare.split_once('.').map_or((bare, None), |(whole, fraction)| (whole, Some(fraction)));
    digits(whole) && whole.len() <= 10 && fraction.is_none_or(|fraction| digits(fraction) && fraction.len() <= 2)
}

/// Ten letters when there is Chinese in it, twenty when there is not.
fn name(value: &str) -> bool {
    let most = if value.chars().any(is_chinese) { 10 } else { 20 };
    value.chars().count() <= most && value.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '·')
}

/// `15:01`, `2026-11-28`, `2026年11月28日 15:01`….
fn instant(value: &str) -> bool {
    clock(value) || dated(value)
}

/// A day, perhaps with a time of it.
fn dated(value: &str) -> bool {
    let (day, time) = match value.split_once(' ') {
        Some((day, time)) => (day, Some(time.trim())),
        None => (value, None),
    };
    calendar(day) && time.is_none_or(clock)
}

fn clock(value: &str) -> bool {
    let mut parts = value.split(':').map(|part| part.parse::<u32>().ok().filter(|_| digits(part)));
    let (hour, minute, second) = (parts.next().flatten(), parts.next().flatten(), parts.next());
    hour.is_some_and(|hour| hour < 24)
        && minute.is_some_and(|minute| minute < 60)
        && second.is_none_or(|second| second.is_some_and(|second| second < 60))
        && parts.next().is_none()
}

/// Year, month and day, with dashes, slashes or the Chinese signs; perhaps without the day.
fn calendar(value: &str) -> bool {
    let plain = value.strip_suffix('日').unwrap_or(value);
    let plain = plain.strip_suffix('月').unwrap_or(plain);
    let parts: Vec<&str> = plain.split(['-', '/', '年', '月', '.']).collect();
    let within = |part: &&str, from: u32, to: u32| {
        digits(part) && part.parse::<u32>().is_ok_and(|number| (from..=to).contains(&number))
    };
    match parts.as_slice() {
        [year, month] => within(year, 1900, 9999) && within(month, 1, 12),
        [year, month, day] => within(year, 1900, 9999) && within(month, 1, 12) && within(day, 1, 31),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_what_their_keys_say() {
        let good = [
            ("thing2", "手工陶瓷杯"),
            ("thing1", "一二三四五六七八九十一二三四五六七八九十"),
            ("character_string1", "SF-1234_5"),
            ("number3", "-12.5"),
            ("time4", "2024-01-05 10:00"),
            ("time4", "15:01"),
            ("time4", "2019年10月1日 15:01~2019年10月2日 15:01"),
            ("time4", "2019年10月1日"),
            ("date5", "2026-11-28"),
            ("amount3", "￥68.00"),
            ("amount3", "15元"),
            ("phone_number5", "+86-021-66888888"),
            ("car_number1", "粤A8Z888挂"),
            ("name2", "阿凡提·买买提"),
            ("phrase1", "配送中"),
            ("short_thing5", "B2-17"),
            ("keyword1", ""),
            ("first", "anything at all, however long it may be"),
        ];
        for (key, value) in good {
            assert!(fits(key, value), "{key} {value}");
        }
        let bad = [
            ("thing2", ""),
            ("thing2", "一二三四五六七八九十一二三四五六七八九十一"),
            ("character_string1", "订单"),
            ("number3", "twelve"),
            ("time4", "tomorrow"),
            ("time4", "2024-13-05"),
            ("date5", "15:01"),
            ("amount3", "12.345"),
            ("amount3", "about 12"),
            ("phone_number5", "138000000001380000000"),
            ("car_number1", "粤A8Z888挂挂"),
            ("phrase1", "on the way"),
            ("short_thing5", "B2-171"),
            ("name2", "王小明王小明王小明王小明"),
        ];
        for (key, value) in bad {
            assert!(!fits(key, value), "{key} {value}");
        }
    }
}
