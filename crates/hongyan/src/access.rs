//! Who may do each operation. The handlers ask for themselves (`kit::Allowed`); this list says the same to
//! readers of the API document, and the tenant tests hold the two against each other.

use kit::Capability::{self, *};

/// What it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nobody has to be signed in.
    Public,
    /// Anybody who is signed in, in whatever role, and any key.
    SignedIn,
    /// Only a person: it is about themselves.
    Person,
    Needs(Capability),
}

use Access::{Needs, Person, Public, SignedIn};

/// Every operation of the API, by its id.
pub const ACCESS: &[(&str, Access)] = &[
    // team
    ("get_setup", Public),
    ("create_setup", Public),
    ("create_session", Public),
    ("get_session", Person),
    ("update_session", Person),
    ("change_password", Person),
    ("delete_session", SignedIn),
    ("list_people", Needs(TeamRead)),
    ("create_person", Needs(TeamWrite)),
    ("update_person", Needs(TeamWrite)),
    ("delete_person", Needs(TeamWrite)),
    ("list_api_keys", Needs(TeamRead)),
    ("create_api_key", Needs(TeamWrite)),
    ("delete_api_key", Needs(TeamWrite)),
    ("get_tenant", SignedIn),
    ("update_tenant", Needs(TeamWrite)),
    // binding
    ("list_accounts", Needs(AccountsRead)),
    ("create_account", Needs(AccountsBind)),
    ("get_account", Needs(AccountsRead)),
    ("update_account", Needs(AccountsWrite)),
    ("delete_account", Needs(AccountsBind)),
    ("unbind_account", Needs(AccountsBind)),
    ("rebind_account", Needs(AccountsBind)),
    ("preview_deletion", Needs(AccountsRead)),
    ("check_account", Needs(AccountsWrite)),
    ("create_binding", Needs(AccountsBind)),
    ("get_binding", Needs(AccountsRead)),
    // sending
    ("get_held_sends", Needs(AccountsRead)),
    ("release_held_sends", Needs(AccountsWrite)),
    ("cancel_held_sends", Needs(AccountsWrite)),
    ("create_message", Needs(MessagesWrite)),
    ("create_template_message", Needs(MessagesWrite)),
    ("leave_send", Needs(MessagesWrite)),
    ("resend_send", Needs(MessagesWrite)),
    ("get_sending", Needs(MessagesRead)),
    ("resume_sending", Needs(AccountsWrite)),
    ("open_gate", Needs(AccountsWrite)),
    ("list_sends", Needs(MessagesRead)),
    ("get_send", Needs(MessagesRead)),
    // inbox
    ("get_inbox", Needs(MessagesRead)),
    ("list_conversations", Needs(MessagesRead)),
    ("get_conversation", Needs(MessagesRead)),
    ("list_conversation_messages", Needs(MessagesRead)),
    ("read_conversation", Needs(MessagesWrite)),
    ("assign_conversation", Needs(MessagesWrite)),
    ("set_conversation_state", Needs(MessagesWrite)),
    ("create_conversation_note", Needs(MessagesWrite)),
    ("set_conversation_typing", Needs(MessagesWrite)),
    ("get_received_file", Needs(MessagesRead)),
    ("list_canned_answers", Needs(MessagesRead)),
    ("create_canned_answer", Needs(MessagesWrite)),
    ("replace_canned_answer", Needs(MessagesWrite)),
    ("delete_canned_answer", Needs(MessagesWrite)),
    // import
    ("get_import", Needs(AccountsRead)),
    ("start_import", Needs(AccountsWrite)),
    ("pause_import", Needs(AccountsWrite)),
    ("resume_import", Needs(AccountsWrite)),
    // customers
    ("list_customers", Needs(CustomersRead)),
    ("get_customer", Needs(CustomersRead)),
    ("update_customer", Needs(CustomersWrite)),
    ("list_timeline", Needs(CustomersRead)),
    ("get_reach", Needs(MessagesRead)),
    ("list_merges", Needs(CustomersRead)),
    ("join_merge", Needs(CustomersWrite)),
    ("part_merge", Needs(CustomersWrite)),
    // pictures
    ("get_customer_avatar", Needs(CustomersRead)),
    ("get_account_avatar", Needs(AccountsRead)),
    // tags
    ("list_tags", Needs(CustomersRead)),
    ("create_tag", Needs(CustomersWrite)),
    ("update_tag", Needs(CustomersWrite)),
    ("delete_tag", Needs(CustomersWrite)),
    ("put_customer_tag", Needs(CustomersWrite)),
    ("remove_customer_tag", Needs(CustomersWrite)),
    ("list_wechat_tags", Needs(CustomersRead)),
    ("sync_wechat_tags", Needs(CustomersWrite)),
    // replies
    ("list_replies", Needs(RepliesRead)),
    ("create_reply", Needs(RepliesWrite)),
    ("get_reply", Needs(RepliesRead)),
    ("replace_reply", Needs(RepliesWrite)),
    ("update_reply", Needs(RepliesWrite)),
    ("delete_reply", Needs(RepliesWrite)),
    ("order_replies", Needs(RepliesWrite)),
    ("test_replies", Needs(RepliesRead)),
    ("find_reply_conflicts", Needs(RepliesRead)),
    ("list_unmatched", Needs(RepliesRead)),
    ("dismiss_unmatched", Needs(RepliesWrite)),
    // menus
    ("get_menu", Needs(MenusRead)),
    ("replace_menu", Needs(MenusWrite)),
    ("delete_menu", Needs(MenusWrite)),
    ("publish_menu", Needs(MenusWrite)),
    ("import_menu", Needs(MenusWrite)),
    ("list_menu_versions", Needs(MenusRead)),
    ("rollback_menu", Needs(MenusWrite)),
    ("schedule_menu", Needs(MenusWrite)),
    ("cancel_menu_schedule", Needs(MenusWrite)),
    ("create_conditional_menu", Needs(MenusWrite)),
    ("delete_conditional_menu", Needs(MenusWrite)),
    ("see_menu_as", Needs(MenusRead)),
    ("get_menu_taps", Needs(MenusRead)),
    // qrcodes
    ("list_qrcodes", Needs(QrcodesRead)),
    ("create_qrcode", Needs(QrcodesWrite)),
    ("get_qrcode", Needs(QrcodesRead)),
    ("update_qrcode", Needs(QrcodesWrite)),
    ("make_qrcode", Needs(QrcodesWrite)),
    ("get_qrcode_picture", Needs(QrcodesRead)),
    ("get_qrcode_stats", Needs(QrcodesRead)),
    ("get_account_qrcode_stats", Needs(QrcodesRead)),
    ("get_qrcode_overview", Needs(QrcodesRead)),
    ("list_qrcode_batches", Needs(QrcodesRead)),
    ("create_qrcode_batch", Needs(QrcodesWrite)),
    ("get_qrcode_batch", Needs(QrcodesRead)),
    ("delete_qrcode_batch", Needs(QrcodesWrite)),
    ("start_qrcode_batch", Needs(QrcodesWrite)),
    ("stop_qrcode_batch", Needs(QrcodesWrite)),
    ("get_qrcode_batch_zip", Needs(QrcodesRead)),
    // articles
    ("list_articles", Needs(RepliesRead)),
    ("create_article", Needs(RepliesWrite)),
    ("get_article", Needs(RepliesRead)),
    ("replace_article", Needs(RepliesWrite)),
    ("delete_article", Needs(RepliesWrite)),
    ("push_article", Needs(RepliesWrite)),
    ("resolve_article", Needs(RepliesWrite)),
    ("preview_article", Needs(MessagesWrite)),
    ("publish_article", Needs(MessagesWrite)),
    ("copy_article", Needs(RepliesWrite)),
    ("get_article_sync", Needs(RepliesRead)),
    ("sync_articles", Needs(RepliesWrite)),
    ("get_material_budget", Needs(RepliesRead)),
    ("get_wechat_picture", Needs(RepliesRead)),
    ("list_publications", Needs(RepliesRead)),
    ("unpublish", Needs(MessagesWrite)),
    ("list_comments", Needs(RepliesRead)),
    ("switch_comments", Needs(RepliesWrite)),
    ("elect_comment", Needs(RepliesWrite)),
    ("reply_comment", Needs(MessagesWrite)),
    ("delete_comment_reply", Needs(RepliesWrite)),
    ("delete_comment", Needs(RepliesWrite)),
    // media
    ("list_media_folders", Needs(RepliesRead)),
    ("update_media", Needs(RepliesWrite)),
    ("list_media", Needs(RepliesRead)),
    ("upload_media", Needs(RepliesWrite)),
    ("get_media_file", Needs(RepliesRead)),
    ("get_media_uses", Needs(RepliesRead)),
    ("delete_media", Needs(RepliesWrite)),
    // home
    ("get_home", Needs(CustomersRead)),
    ("search", Needs(CustomersRead)),
    ("get_platform", Needs(AccountsRead)),
    ("get_stream", Needs(CustomersRead)),
];

/// What an operation takes; none when the list does not know it.
pub fn access(operation: &str) -> Option<Access> {
    ACCESS.iter().find(|(name, _)| *name == operation).map(|(_, access)| *access)
}
