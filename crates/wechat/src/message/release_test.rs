//! The accounts by which WeChat tries a component before it goes live (全网发布检测).
//!
//! One of five pairs authorizes the component silently and plays a fan. They
//! belong to no tenant, so what they send is answered before anything else looks.
//!
//! <https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/operation/thirdparty/releases_instructions.html>

/// One pair of test accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestAccounts {
    pub official_account: TestAccount,
    pub mini_program: TestAccount,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestAccount {
    pub appid: &'static str,
    pub original_id: &'static str,
}

/// The five pairs, in WeChat's order.
pub const TEST_ACCOUNTS: [TestAccounts; 5] = [
    pair("wx570bc396a51b8ff8", "gh_3c884a361561", "wxd101a85aa106f53e", "gh_8dad206e9538"),
    pair("wx9252c5e0bb1836fc", "gh_c0f28a78b318", "wxc39235c15087f6f3", "gh_905ae9d01059"),
    pair("wx8e1097c5bc82cde9", "gh_3f222ed8d140", "wx7720d01d4b2a4500", "gh_393666f1fdf4"),
    pair("wx14550af28c71a144", "gh_26128078e9ab", "wx05d483572dcd5d8b", "gh_39abb5d4e1b7"),
    pair("wxa35b9c23cfe664eb", "gh_2b3713f184a6", "wx5910277cae6fd970", "gh_7818dcb60240"),
];

const fn pair(
    appid: &'static str,
    original_id: &'static str,
    mini_appid: &'static str,
    mini_original_id: &'static str,
) -> TestAccounts {
    TestAccounts {
        official_account: TestAccount { appid, original_id },
        mini_program: TestAccount { appid: mini_appid, original_id: mini_original_id },
    }
}

/// Whether an appid is one of the ten.
pub fn is_test_account(appid: &str) -> bool {
    TEST_ACCOUNTS.iter().any(|pair| pair.official_account.appid == appid || pair.mini_program.appid == appid)
}

/// The text that is to be answered with itself and `_callback`.
pub const TEXT: &str = "TESTCOMPONENT_MSG_TYPE_TEXT";

/// What is answered to [`TEXT`].
pub const TEXT_ANSWER: &str = "TESTCOMPONENT_MSG_TYPE_TEXT_callback";

/// The code in a text `QUERY_AUTH_CODE:<code>`: answer nothing, turn it into a
/// token, and with that token send the fan the text `<code>_from_api`.
pub fn query_auth_code(text: &str) -> Option<&str> {
    let (head, code) = text.split_once(':')?;
    (head.trim() == "QUERY_AUTH_CODE").then(|| code.trim()).filter(|code| !code.is_empty())
}

/// What is answered to an event, an older case that costs nothing to keep.
pub fn event_answer(event: &str) -> String {
    format!("{event}from_callback")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_everything_after_the_first_colon() {
        assert_eq!(query_auth_code("QUERY_AUTH_CODE: queryauthcode@@@a:b "), Some("queryauthcode@@@a:b"));
        assert_eq!(query_auth_code("QUERY_AUTH_CODE:"), None);
        assert_eq!(query_auth_code("hello: world"), None);
    }

    #[test]
    fn only_the_ten_accounts_are_test_accounts() {
        assert!(is_test_account("wx8e1097c5bc82cde9"));
        assert!(is_test_account("wx7720d01d4b2a4500"));
        assert!(!is_test_account("wx0000000000000001"));
    }
}
