//! What fans decide about subscription notices, and what became of them.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/subscription_messages/push.html>

use crate::wire::nested;

nested! {
    /// A fan answered the question whether to take notices of a template.
    pub struct Choice in "List" {
        pub template_id: String = "TemplateId",
        /// `accept` or `reject`.
        pub status: String = "SubscribeStatusString",
        /// 1 a web page, 2 an article, 0 a mini program.
        pub popup_scene: Option<i64> = "PopupScene",
    }
}

nested! {
    /// A fan took a consent back.
    pub struct Change in "List" {
        pub template_id: String = "TemplateId",
        /// Only `reject` is pushed.
        pub status: String = "SubscribeStatusString",
    }
}

nested! {
    /// A notice was sent, or not.
    pub struct Sent in "List" {
        pub template_id: String = "TemplateId",
        pub msg_id: u64 = "MsgID",
        /// 0 when it was sent.
        pub error_code: Option<i64> = "ErrorCode",
        /// `success`, or a reason.
        pub error_status: String = "ErrorStatus",
    }
}
