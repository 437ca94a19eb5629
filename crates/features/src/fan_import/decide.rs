//! What a fan's row becomes when WeChat tells of them, how long to wait, and what stops an import. Pure.

use entities::{
    customers::{Field, Fields, Gender},
    fans::{Fan, FanStatus, later},
};
use kit::Millis;
use wechat_client::{Failure, Next};

use super::model::Told;

/// What the profile says, as far as WeChat says anything (R15).
pub fn fields_of(told: &Told) -> Fields {
    let mut fields = Fields::new();
    let mut put = |field, value: Option<&str>| {
        if let Some(value) = value {
            fields.insert(field, value.to_owned());
        }
    };
    put(Field::Name, told.name.as_deref());
    put(Field::City, told.city.as_deref());
    put(Field::Province, told.province.as_deref());
    put(Field::Country, told.country.as_deref());
    put(Field::Language, told.language.as_deref());
    put(Field::AvatarUrl, told.avatar_url.as_deref());
    match Gender::of_wechat(told.sex) {
        Gender::Unknown => {}
        gender => put(Field::Gender, Some(gender.as_str())),
    }
    fields
}

/// The status WeChat tells, with the instant it is from: of a follow its own, of an absence when we looked.
pub fn status_of(told: &Told, as_of: Millis) -> (FanStatus, Millis) {
    match told.following {
        true => (FanStatus::Following, told.subscribed_at.unwrap_or(as_of)),
        false => (FanStatus::Left, as_of),
    }
}

/// The longest that lists ask back for activity ("not for 90 days").
const LATELY: Millis = 90 * 24 * 3_600_000;

/// When a new customer was last seen, in milliseconds: their follow, if it was lately; 0 is never.
///
/// Fans come in the order of their openids, which is none in time: an entry in the index by last-seen lands on a page
/// of its own, and costs as much as everything else about a fan. So only those get one whom a list could ask for.
pub fn last_seen(told: &Told, as_of: Millis) -> Millis {
    told.subscribed_at.filter(|at| *at >= as_of - LATELY).unwrap_or(0)
}

/// What becomes of a fan we know.
#[derive(Debug, PartialEq, Eq)]
pub struct Updated {
    pub fan: Fan,
    /// The timeline has something to say: the status changed, or a first follow is known now.
    pub news: bool,
}

/// The fan after WeChat told of them; nothing when that changes nothing.
pub fn updated(known: &Fan, told: &Told, as_of: Millis) -> Option<Updated> {
    // Hearing the same again is no news, unless it is another follow.
    let same = told.following == (known.status == FanStatus::Following)
        && matches!(known.status, FanStatus::Following | FanStatus::Left);
    let chosen = match told.subscribed_at.filter(|_| told.following) {
        None if same => (known.status, known.status_at),
        _ => later((known.status, known.status_at), status_of(told, as_of)),
    };
    let mut fan = Fan { status: chosen.0, status_at: chosen.1, ..known.clone() };
    if told.following {
        fan.subscribed_at = told.subscribed_at.or(fan.subscribed_at);
        fan.scene = told.scene.clone().or(fan.scene);
        fan.qr_scene = told.qr_scene.clone().or(fan.qr_scene);
        fan.remark.clone_from(&told.remark);
        fan.wechat_tags.clone_from(&told.wechat_tags);
    }
    fan.unionid = told.unionid.clone().or(fan.unionid);
    if fan == *known && known.info_at.is_some() {
        return None;
    }
    fan.info_at = Some(as_of);
    let first_follow = known.subscribed_at.is_none() && fan.subscribed_at.is_some();
    Some(Updated { news: fan.status != known.status || first_follow, fan })
}

/// Tags that came and went at WeChat since both sides agreed.
pub fn tag_changes<'a>(
    agreed: &'a [i64],
    now: &'a [i64],
) -> (impl Iterator<Item = i64> + 'a, impl Iterator<Item = i64> + 'a) {
    let without = |list: &'a [i64], other: &'a [i64]| list.iter().copied().filter(move |tag| !other.contains(tag));
    (without(now, agreed), without(agreed, now))
}

/// What to do after a call failed.
#[derive(Debug, PartialEq, Eq)]
pub enum Then {
    /// Go on at this instant; the word is shown until then.
    Wait { until: Millis, problem: &'static str },
    /// The account no longer authorises us.
    Lost,
    /// Somebody has to put something right.
    Stop { problem: &'static str },
}

/// How long nothing was heard from WeChat before it is tried again.
const AWAY_MS: Millis = 15_000;

pub fn after(failure: &Failure, now: Millis) -> Then {
    match failure.next() {
        Next::WaitMinute => Then::Wait { until: now + 60_000, problem: "wechat_minute" },
        Next::WaitDay | Next::WaitMonth => Then::Wait { until: next_day(now), problem: "wechat_day" },
        Next::Unauthorized => Then::Lost,
        Next::NotAllowed => Then::Stop { problem: "not_allowed" },
        Next::TellPerson | Next::FixRequest | Next::GiveUpRecipient => Then::Stop { problem: "wechat_refused" },
        Next::FreshToken | Next::Unclear | Next::AlreadyDone | Next::SameIdTooSoon => {
            Then::Wait { until: now + AWAY_MS, problem: "wechat_away" }
        }
    }
}

/// WeChat's days begin at midnight in China, which has no summer time.
const CHINA_MS: Millis = 8 * 3_600_000;
const DAY_MS: Millis = 24 * 3_600_000;

/// A minute into the next day in China.
fn next_day(now: Millis) -> Millis {
    ((now + CHINA_MS).div_euclid(DAY_MS) + 1) * DAY_MS - CHINA_MS + 60_000
}
