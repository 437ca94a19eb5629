//! Where browsers find the pictures that WeChat knows: at the hub itself, never at WeChat's hosts.

use kit::{AccountId, CustomerId};
use sha2::{Digest, Sha256};

/// Of a customer; none when WeChat told of none.
pub fn of_customer(id: CustomerId, at_wechat: Option<&str>) -> Option<String> {
    ours("customers", id.0, at_wechat)
}

/// Of an account; none when WeChat told of none.
pub fn of_account(id: AccountId, at_wechat: Option<&str>) -> Option<String> {
    ours("accounts", id.0, at_wechat)
}

/// Another picture has another address here, so that browsers may keep what they have.
fn ours(things: &str, id: i64, at_wechat: Option<&str>) -> Option<String> {
    let at_wechat = at_wechat.filter(|address| !address.is_empty())?;
    let digest = Sha256::digest(at_wechat.as_bytes());
    let version = digest.iter().take(5).fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    Some(format!("/api/v1/{things}/{id}/avatar?v={version}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_ours_and_changes_with_the_picture() {
        let of = |address| of_customer(CustomerId(7), address);
        assert_eq!(of(None).or(of(Some(""))), None);
        let (one, two) = (of(Some("http://wx.qlogo.cn/1")).unwrap(), of(Some("http://wx.qlogo.cn/2")).unwrap());
        assert!(one.starts_with("/api/v1/customers/7/avatar?v=") && one != two);
    }
}
