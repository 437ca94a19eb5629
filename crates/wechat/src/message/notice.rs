//! Events about consents taken back, verification, invoices, stores and
//! devices. Many are not from a fan: read the fields, not `from`.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_event_pushes.html>

use super::events::events;
use crate::wire::nested;

nested! {
    /// A beacon near a phone.
    pub struct Beacon in "AroundBeacon" {
        pub uuid: String = "Uuid",
        pub major: Option<i64> = "Major",
        pub minor: Option<i64> = "Minor",
        /// Metres.
        pub distance: Option<f64> = "Distance",
    }
}

events! {
    /// A rarer event.
    pub enum Notice {
        /// WeChat cleaned a fan's profile.
        "user_info_modified" => UserInfoModified {
            open_id: Option<String> = "OpenID",
            union_id: Option<String> = "UnionID",
            app_id: Option<String> = "AppID",
            revoke_info: Option<String> = "RevokeInfo",
        },
        /// A fan took back a consent: what is known by it must be deleted.
        "user_authorization_revoke" => UserAuthorizationRevoke {
            open_id: Option<String> = "OpenID",
            union_id: Option<String> = "UnionID",
            app_id: Option<String> = "AppID",
            /// 201 address, 202 invoice, 203 cards, 204 microphone, 205 name and avatar, 206 location, 207 pictures.
            revoke_info: Option<String> = "RevokeInfo",
        },
        /// A fan closed their WeChat account.
        "user_authorization_cancellation" => UserAuthorizationCancellation {
            open_id: Option<String> = "OpenID",
            union_id: Option<String> = "UnionID",
            app_id: Option<String> = "AppID",
        },
        "qualification_verify_success" => QualificationVerifySuccess { expired_time: Option<i64> = "ExpiredTime" },
        "qualification_verify_fail" => QualificationVerifyFail {
            fail_time: Option<i64> = "FailTime",
            fail_reason: Option<String> = "FailReason",
        },
        "naming_verify_success" => NamingVerifySuccess { expired_time: Option<i64> = "ExpiredTime" },
        "naming_verify_fail" => NamingVerifyFail {
            fail_time: Option<i64> = "FailTime",
            fail_reason: Option<String> = "FailReason",
        },
        "annual_renew" => AnnualRenew { expired_time: Option<i64> = "ExpiredTime" },
        "verify_expired" => VerifyExpired { expired_time: Option<i64> = "ExpiredTime" },
        "user_authorize_invoice" => UserAuthorizeInvoice {
            success_order_id: Option<String> = "SuccOrderId",
            fail_order_id: Option<String> = "FailOrderId",
            authorize_app_id: Option<String> = "AuthorizeAppId",
            app_id: Option<String> = "AppId",
            /// `web` or `app`.
            source: Option<String> = "Source",
        },
        "update_invoice_status" => UpdateInvoiceStatus {
            status: Option<String> = "Status",
            card_id: Option<String> = "CardId",
            code: Option<String> = "Code",
        },
        "submit_invoice_title" => SubmitInvoiceTitle {
            title: Option<String> = "title",
            phone: Option<String> = "phone",
            tax_no: Option<String> = "tax_no",
            addr: Option<String> = "addr",
            bank_type: Option<String> = "bank_type",
            bank_no: Option<String> = "bank_no",
            attach: Option<String> = "attach",
            title_type: Option<String> = "title_type",
        },
        "poi_check_notify" => PoiCheckNotify {
            uniq_id: Option<String> = "UniqId",
            poi_id: Option<String> = "PoiId",
            /// `succ` or `fail`.
            result: Option<String> = "Result",
            msg: Option<String> = "Msg",
        },
        "merchant_order" => MerchantOrder {
            order_id: Option<String> = "OrderId",
            order_status: Option<i64> = "OrderStatus",
            product_id: Option<String> = "ProductId",
            sku_info: Option<String> = "SkuInfo",
        },
        "WifiConnected" => WifiConnected {
            connect_time: Option<i64> = "ConnectTime",
            expire_time: Option<i64> = "ExpireTime",
            vendor_id: Option<String> = "VendorId",
            place_id: Option<String> = "PlaceId",
            device_no: Option<String> = "DeviceNo",
        },
        "ShakearoundUserShake" => ShakearoundUserShake {
            chosen_beacon: Option<Beacon> = "ChosenBeacon",
            around_beacons: Vec<Beacon> = "AroundBeacons",
        },
        /// Sent by the console's debug tool.
        "debug_demo" => DebugDemo { debug_str: Option<String> = "debug_str" },
    }
}
