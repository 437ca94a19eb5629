//! What a push means for what may be said back: at once, and afterwards.

use super::{Event, Kind};

/// Something a fan did that lets the account write to them for a while.
///
/// <https://developers.weixin.qq.com/doc/service/guide/product/kf/intro.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interaction {
    /// The fan wrote.
    Message,
    /// The fan tapped a menu button that reports taps, or an item of a msgmenu.
    MenuTap,
    Follow,
    /// The fan scanned a code of the account.
    Scan,
}

impl Kind {
    /// What the fan did, if it opens the window for customer-service messages.
    pub fn interaction(&self) -> Option<Interaction> {
        match self {
            // A tap on a msgmenu item looks like a text, and counts as a tap.
            Kind::Text(text) if text.menu_id.is_some() => Some(Interaction::MenuTap),
            Kind::Text(_) | Kind::Image(_) | Kind::Voice(_) | Kind::Video(_) => Some(Interaction::Message),
            Kind::ShortVideo(_) | Kind::Location(_) | Kind::Link(_) => Some(Interaction::Message),
            Kind::Event(event) => match event {
                Event::Subscribe { .. } => Some(Interaction::Follow),
                Event::Scan { .. } => Some(Interaction::Scan),
                Event::Click { .. } | Event::ScancodePush { .. } | Event::ScancodeWaitmsg { .. } => {
                    Some(Interaction::MenuTap)
                }
                _ => None,
            },
            Kind::Card(_) | Kind::Notice(_) | Kind::Unknown(_) => None,
        }
    }

    /// Whether a fan is shown what the push is answered with. The rest takes `success` only.
    pub fn may_be_answered(&self) -> bool {
        match self {
            Kind::Event(event) => matches!(
                event,
                Event::Subscribe { .. }
                    | Event::Scan { .. }
                    | Event::Click { .. }
                    | Event::ScancodePush { .. }
                    | Event::ScancodeWaitmsg { .. }
                    | Event::PicSysphoto { .. }
                    | Event::PicPhotoOrAlbum { .. }
                    | Event::PicWeixin { .. }
                    | Event::LocationSelect { .. }
            ),
            Kind::Card(_) | Kind::Notice(_) => false,
            Kind::Unknown(unknown) => unknown.event.is_none(),
            _ => true,
        }
    }

    /// How many articles a news answer to this may have: one to most messages, since 2018-10-12.
    ///
    /// <https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html>
    pub fn max_articles(&self) -> usize {
        match self {
            Kind::Text(_)
            | Kind::Image(_)
            | Kind::Video(_)
            | Kind::ShortVideo(_)
            | Kind::Link(_)
            | Kind::Location(_) => 1,
            _ => 8,
        }
    }
}
