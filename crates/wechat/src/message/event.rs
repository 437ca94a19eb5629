//! The everyday events of an account.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_event_pushes.html>

use super::events::events;
use super::job::{ArticleUrlResult, CopyrightCheckResult, PublishEventInfo};
use super::menu::{ScanCodeInfo, SendLocationInfo, SendPicsInfo};
use super::subscription::{Change, Choice, Sent};

events! {
    /// An event. Names compare without case; they are written with the case shown.
    pub enum Event {
        /// A follow.
        "subscribe" => Subscribe {
            /// Empty, or `qrscene_` and the scene of the code that was scanned; see [`Event::scene`].
            key: String = "EventKey",
            /// Of the code that was scanned.
            ticket: Option<String> = "Ticket",
        },
        "unsubscribe" => Unsubscribe { key: String = "EventKey" },
        /// A fan, following already, scanned a code.
        "SCAN" => Scan {
            /// The scene, without prefix.
            key: String = "EventKey",
            ticket: Option<String> = "Ticket",
        },
        /// Where the fan is, on entering the chat or every 5 s in it.
        "LOCATION" => Location {
            latitude: f64 = "Latitude",
            longitude: f64 = "Longitude",
            /// Metres.
            precision: f64 = "Precision",
        },
        /// The fan opened the chat. No longer documented.
        "ENTER" => Enter {},

        // Menu taps.
        "CLICK" => Click { key: String = "EventKey" },
        "VIEW" => View {
            url: String = "EventKey",
            menu_id: Option<u64> = "MenuId",
        },
        "view_miniprogram" => ViewMiniprogram {
            path: String = "EventKey",
            menu_id: Option<u64> = "MenuId",
        },
        "scancode_push" => ScancodePush {
            key: String = "EventKey",
            scan: ScanCodeInfo = "ScanCodeInfo",
        },
        /// The fan's phone shows "receiving" until something is answered.
        "scancode_waitmsg" => ScancodeWaitmsg {
            key: String = "EventKey",
            scan: ScanCodeInfo = "ScanCodeInfo",
        },
        "pic_sysphoto" => PicSysphoto {
            key: String = "EventKey",
            pictures: SendPicsInfo = "SendPicsInfo",
        },
        "pic_photo_or_album" => PicPhotoOrAlbum {
            key: String = "EventKey",
            pictures: SendPicsInfo = "SendPicsInfo",
        },
        "pic_weixin" => PicWeixin {
            key: String = "EventKey",
            pictures: SendPicsInfo = "SendPicsInfo",
        },
        "location_select" => LocationSelect {
            key: String = "EventKey",
            place: SendLocationInfo = "SendLocationInfo",
        },

        // What became of a job.
        /// A broadcast is done. `from` is the operator, not a recipient.
        "MASSSENDJOBFINISH" => MassSendJobFinish {
            msg_id: u64 = "MsgID",
            /// See [`super::job::MassStatus::of`].
            status: String = "Status",
            /// The audience.
            total_count: Option<i64> = "TotalCount",
            /// The audience after filtering: sent and failed together.
            filter_count: Option<i64> = "FilterCount",
            sent_count: Option<i64> = "SentCount",
            error_count: Option<i64> = "ErrorCount",
            copyright: Option<CopyrightCheckResult> = "CopyrightCheckResult",
            articles: Option<ArticleUrlResult> = "ArticleUrlResult",
        },
        /// A template message reached its recipient, who is `from`, or did not.
        "TEMPLATESENDJOBFINISH" => TemplateSendJobFinish {
            msg_id: u64 = "MsgID",
            /// See [`super::job::TemplateStatus::of`].
            status: String = "Status",
        },
        "PUBLISHJOBFINISH" => PublishJobFinish { info: PublishEventInfo = "PublishEventInfo" },

        // Subscription notices.
        "subscribe_msg_popup_event" => SubscribeMsgPopup { list: Vec<Choice> = "SubscribeMsgPopupEvent" },
        "subscribe_msg_change_event" => SubscribeMsgChange { list: Vec<Change> = "SubscribeMsgChangeEvent" },
        "subscribe_msg_sent_event" => SubscribeMsgSent { list: Vec<Sent> = "SubscribeMsgSentEvent" },

        // Sessions with WeChat's own web agents.
        "kf_create_session" => KfCreateSession { kf_account: String = "KfAccount" },
        "kf_close_session" => KfCloseSession {
            kf_account: String = "KfAccount",
            close_type: Option<String> = "CloseType",
        },
        "kf_switch_session" => KfSwitchSession {
            from: String = "FromKfAccount",
            to: String = "ToKfAccount",
        },
    }
}

impl Event {
    /// The scene of the parametric QR code behind a follow or scan.
    pub fn scene(&self) -> Option<&str> {
        match self {
            Event::Subscribe { key, .. } => key.strip_prefix("qrscene_"),
            Event::Scan { key, .. } => Some(key),
            _ => None,
        }
    }
}
