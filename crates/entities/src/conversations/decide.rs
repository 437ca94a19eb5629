//! From what was heard to what a conversation becomes. Pure.

use std::collections::BTreeMap;

use kit::Millis;
use wechat::message::{Kind, Message};

use super::{
    arrivals::{Arrival, Heard, HeardFile},
    model::{News, beginning},
};
use crate::{
    accounts::Allowance,
    reach::{self, Opening},
    received::{Expected, FileKind},
};

/// What the inbox has to know of a push that happened at `at`; `caught` when a keyword answered it.
pub fn arrival(message: &Message, at: Millis, caught: bool) -> Option<Arrival> {
    let did: Option<Opening> = message.kind.interaction().map(Opening::from);
    let heard = heard(&message.kind, !caught);
    (did.is_some() || heard.is_some()).then(|| Arrival { openid: message.from.as_str().to_owned(), at, did, heard })
}

fn heard(kind: &Kind, asks: bool) -> Option<Heard> {
    let said = |kind: &str, text: &str, file: Option<(&str, FileKind)>| {
        let file = file.map(|(media, kind)| HeardFile { media: media.to_owned(), kind });
        Some(Heard { kind: kind.to_owned(), text: beginning(text), asks, file })
    };
    match kind {
        Kind::Text(text) => said("text", &text.content, None),
        Kind::Image(image) => said("image", "", Some((&image.media_id, FileKind::Image))),
        Kind::Voice(voice) => {
            said("voice", voice.recognition.as_deref().unwrap_or(""), Some((&voice.media_id, FileKind::Voice)))
        }
        Kind::Video(video) | Kind::ShortVideo(video) => said("video", "", Some((&video.media_id, FileKind::Video))),
        Kind::Location(place) => said("location", &place.label, None),
        Kind::Link(link) => said("link", &link.title, None),
        _ => None,
    }
}

/// What each conversation of an account hears, by openid: the order in which it is told does not matter.
pub fn fold(table: Allowance, arrivals: Vec<Arrival>) -> BTreeMap<String, News> {
    let mut out: BTreeMap<String, News> = BTreeMap::new();
    for Arrival { openid, at, did, heard } in arrivals {
        let news = out.entry(openid).or_default();
        if let Some(did) = did {
            news.window_until = news.window_until.max(at + reach::lasts(table, did.into()));
            match did {
                Opening::Message => news.message_at = news.message_at.max(Some(at)),
                Opening::MenuTap | Opening::Follow | Opening::Scan => news.act_at = news.act_at.max(at),
            }
        }
        let Some(heard) = heard else { continue };
        if heard.asks {
            news.asks += 1;
            news.asked_at = Some(news.asked_at.map_or(at, |first| first.min(at)));
        }
        if news.last.as_ref().is_none_or(|(last, _)| *last <= at) {
            news.last = Some((at, heard));
        }
    }
    out
}

/// The files that were sent.
pub fn files(arrivals: &[Arrival]) -> Vec<Expected> {
    let file = |arrival: &Arrival| {
        let file = arrival.heard.as_ref()?.file.as_ref()?;
        (!file.media.is_empty()).then(|| Expected {
            openid: arrival.openid.clone(),
            wechat_media_id: file.media.clone(),
            kind: file.kind,
            sent_at: arrival.at,
        })
    };
    arrivals.iter().filter_map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::model::SHOWN, *};

    fn wrote(openid: &str, at: Millis, text: &str, asks: bool) -> Arrival {
        let heard = Heard { kind: "text".into(), text: text.into(), asks, file: None };
        Arrival { openid: openid.into(), at, did: Some(Opening::Message), heard: Some(heard) }
    }

    fn did(openid: &str, at: Millis, did: Opening) -> Arrival {
        Arrival { openid: openid.into(), at, did: Some(did), heard: None }
    }

    #[test]
    fn r3_a_batch_is_folded_by_fan_in_whatever_order_it_is_told() {
        let all = vec![
            wrote("b", 5, "other", true),
            wrote("a", 3, "second", true),
            did("a", 9, Opening::Scan),
            wrote("a", 2, "first", true),
            wrote("a", 4, "price", false),
        ];
        let folded = fold(Allowance::June2023, all.clone());
        let mut turned = all;
        turned.reverse();
        assert_eq!(folded, fold(Allowance::June2023, turned));
        let a = &folded["a"];
        assert_eq!((a.asks, a.asked_at, a.message_at, a.act_at), (2, Some(2), Some(4), 9));
        assert_eq!(a.window_until, 4 + 48 * 3_600_000, "a scan opens a minute, and the longer end stays");
        assert_eq!(a.last.as_ref().map(|(at, heard)| (*at, heard.text.as_str())), Some((4, "price")));
        let classic = fold(Allowance::Classic, vec![did("a", 9, Opening::MenuTap)]);
        assert_eq!((classic["a"].window_until, classic["a"].last.is_none()), (9 + 48 * 3_600_000, true));
    }

    #[test]
    fn what_a_keyword_answered_asks_nobody() {
        let folded = fold(Allowance::June2023, vec![wrote("a", 3, "price", false)]);
        assert_eq!((folded["a"].asks, folded["a"].asked_at), (0, None));
    }

    #[test]
    fn a_list_shows_the_beginning_on_one_line() {
        assert_eq!(beginning(" a\n\nb  c "), "a b c");
        assert_eq!(beginning(&"字".repeat(300)).chars().count(), SHOWN);
    }
}
