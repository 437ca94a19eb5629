//! Events of the card and gift-card product. Amounts are in fen.
//!
//! <https://developers.weixin.qq.com/doc/service/guide/product/cards/Coupons_Vouchers_and_Cards_Event_Push_Messages.html>

use super::events::events;

events! {
    /// An event about cards.
    pub enum CardEvent {
        "card_pass_check" => PassCheck { card_id: String = "CardId" },
        "card_not_pass_check" => NotPassCheck {
            card_id: String = "CardId",
            refuse_reason: Option<String> = "RefuseReason",
        },
        "user_get_card" => UserGet {
            card_id: String = "CardId",
            is_give_by_friend: Option<i64> = "IsGiveByFriend",
            friend_user_name: Option<String> = "FriendUserName",
            user_card_code: String = "UserCardCode",
            old_user_card_code: Option<String> = "OldUserCardCode",
            outer_id: Option<String> = "OuterId",
            outer_str: Option<String> = "OuterStr",
            is_restore_member_card: Option<i64> = "IsRestoreMemberCard",
            is_recommend_by_friend: Option<i64> = "IsRecommendByFriend",
            source_scene: Option<String> = "SourceScene",
            union_id: Option<String> = "UnionId",
        },
        "user_gifting_card" => UserGifting {
            card_id: String = "CardId",
            user_card_code: String = "UserCardCode",
            is_return_back: Option<i64> = "IsReturnBack",
            friend_user_name: Option<String> = "FriendUserName",
            is_chat_room: Option<i64> = "IsChatRoom",
        },
        "user_del_card" => UserDel {
            card_id: String = "CardId",
            user_card_code: String = "UserCardCode",
        },
        "user_consume_card" => UserConsume {
            card_id: String = "CardId",
            user_card_code: String = "UserCardCode",
            /// `FROM_API`, `FROM_MP` or `FROM_MOBILE_HELPER`.
            consume_source: Option<String> = "ConsumeSource",
            location_name: Option<String> = "LocationName",
            staff_open_id: Option<String> = "StaffOpenId",
            verify_code: Option<String> = "VerifyCode",
            remark_amount: Option<String> = "RemarkAmount",
            outer_str: Option<String> = "OuterStr",
        },
        "user_pay_from_pay_cell" => UserPayFromPayCell {
            card_id: String = "CardId",
            user_card_code: String = "UserCardCode",
            trans_id: Option<String> = "TransId",
            location_id: Option<String> = "LocationId",
            fee: Option<i64> = "Fee",
            original_fee: Option<i64> = "OriginalFee",
        },
        "user_view_card" => UserView {
            card_id: String = "CardId",
            user_card_code: String = "UserCardCode",
            outer_str: Option<String> = "OuterStr",
        },
        "user_enter_session_from_card" => UserEnterSession {
            card_id: String = "CardId",
            user_card_code: String = "UserCardCode",
        },
        "update_member_card" => UpdateMemberCard {
            card_id: String = "CardId",
            user_card_code: String = "UserCardCode",
            modify_bonus: Option<i64> = "ModifyBonus",
            modify_balance: Option<i64> = "ModifyBalance",
        },
        "card_sku_remind" => SkuRemind {
            card_id: String = "CardId",
            detail: Option<String> = "Detail",
        },
        "card_pay_order" => PayOrder {
            order_id: String = "OrderId",
            status: String = "Status",
            create_order_time: Option<i64> = "CreateOrderTime",
            pay_finish_time: Option<i64> = "PayFinishTime",
            desc: Option<String> = "Desc",
            free_coin_count: Option<i64> = "FreeCoinCount",
            pay_coin_count: Option<i64> = "PayCoinCount",
            refund_free_coin_count: Option<i64> = "RefundFreeCoinCount",
            refund_pay_coin_count: Option<i64> = "RefundPayCoinCount",
            order_type: Option<String> = "OrderType",
            memo: Option<String> = "Memo",
            receipt_info: Option<String> = "ReceiptInfo",
        },
        "submit_membercard_user_info" => SubmitMembercardUserInfo {
            card_id: String = "CardId",
            user_card_code: String = "UserCardCode",
        },
        "giftcard_pay_done" => GiftcardPayDone {
            page_id: String = "PageId",
            order_id: String = "OrderId",
        },
        "giftcard_send_to_friend" => GiftcardSendToFriend {
            page_id: String = "PageId",
            order_id: String = "OrderId",
            /// `true` or `false`.
            is_chat_room: Option<String> = "IsChatRoom",
            /// `true` or `false`.
            is_return_back: Option<String> = "IsReturnBack",
        },
        "giftcard_user_accept" => GiftcardUserAccept {
            page_id: String = "PageId",
            order_id: String = "OrderId",
            /// `true` or `false`.
            is_chat_room: Option<String> = "IsChatRoom",
        },
    }
}
