//! What a scan means, what a figure means. Pure.

use chrono::{Days, NaiveDate, TimeZone};
use chrono_tz::Tz;
use entities::messages::Content;
use kit::{FieldError, Millis};

use super::model::{Budget, MOST_PERMANENT, OnScan};

pub const DAY_MS: Millis = 86_400_000;

/// WeChat may take a few seconds to tell of a scan that was just in time.
const LATE_MS: Millis = 60_000;

/// Whether a scan of the code at `at` still does what the code is for.
pub fn acts(archived: bool, expires_at: Option<Millis>, at: Millis) -> bool {
    !archived && expires_at.is_none_or(|expires| at <= expires + LATE_MS)
}

/// What is said to whoever scanned; nothing leaves the word to the replies, which welcome new fans.
pub fn says(on_scan: &OnScan, follows_by_it: bool) -> Option<&[Content]> {
    match (follows_by_it, &on_scan.new_fans) {
        (true, own) => own.as_deref(),
        (false, _) if on_scan.following.is_empty() => None,
        (false, _) => Some(&on_scan.following),
    }
}

/// A scene: nothing that a stranger could read anything from, and easy to say on the telephone.
pub fn scene(random: [u8; 16]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    random.iter().take(14).map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

/// What is left of the account's permanent codes.
pub fn budget(used: i64) -> Budget {
    Budget { limit: MOST_PERMANENT, used, left: (MOST_PERMANENT - used).max(0) }
}

/// The day that an instant is in.
pub fn day_of(at: Millis, zone: Tz) -> NaiveDate {
    zone.timestamp_millis_opt(at).single().map_or_else(NaiveDate::default, |at| at.date_naive())
}

/// How long after a follow figures look whether it still holds, in days.
pub const KEPT_AFTER: [u64; 3] = [1, 7, 30];

/// Which of [`KEPT_AFTER`] a follow did not live to see.
pub fn gone_within(followed_at: Millis, left_at: Millis) -> [bool; 3] {
    KEPT_AFTER.map(|days| left_at - followed_at < days as i64 * DAY_MS)
}

/// Whether all follows of `day` have had `days` days by now.
pub fn is_ripe(day: NaiveDate, days: u64, today: NaiveDate) -> bool {
    day.checked_add_days(Days::new(days)).is_some_and(|then| then < today)
}

/// The longest stretch that figures are asked for at once.
const LONGEST: i64 = 366;

/// The days that figures are asked for: `YYYY-MM-DD`, both included; the last thirty when absent.
pub fn stretch(from: Option<&str>, to: Option<&str>, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), FieldError> {
    let date = |field: &str, text: &str| {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map_err(|_| FieldError::new(field, "date", "must be a day, like 2026-11-27"))
    };
    let to = to.map(|text| date("to", text)).transpose()?.unwrap_or(today);
    let from = match from {
        Some(text) => date("from", text)?,
        None => to - Days::new(29),
    };
    if from > to || (to - from).num_days() >= LONGEST {
        return Err(FieldError::new("from", "range", format!("from must be before to, and at most {LONGEST} days")));
    }
    Ok((from, to))
}

/// Every day of a stretch.
pub fn days((from, to): (NaiveDate, NaiveDate)) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().take_while(move |day| *day <= to)
}
