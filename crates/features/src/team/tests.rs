use std::net::{IpAddr, Ipv4Addr};

use kit::Error;

use super::{
    attempts::{Attempts, ClientAddress},
    words,
};

const MINUTE: i64 = 60_000;

#[test]
fn an_email_is_closed_after_ten_wrong_passwords_and_opens_after_a_quarter_of_an_hour() {
    let attempts = Attempts::default();
    for _ in 0..10 {
        attempts.begin("a@x", None, 0).unwrap();
    }
    assert!(matches!(attempts.begin("a@x", None, MINUTE), Err(Error::RateLimited { seconds: 840 })));
    attempts.begin("b@x", None, MINUTE).unwrap();
    attempts.begin("a@x", None, 15 * MINUTE).unwrap();
}

#[test]
fn a_right_password_wipes_the_slate_of_its_email_only() {
    let attempts = Attempts::default();
    let here = Some(ClientAddress(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    for n in 0..59 {
        attempts.begin(&format!("{n}@x"), here, 0).unwrap();
    }
    attempts.begin("me@x", here, 0).unwrap();
    attempts.right("me@x", here, 0);
    attempts.begin("me@x", here, 0).unwrap();
    assert!(attempts.begin("you@x", here, 0).is_err(), "the sixtieth wrong try from one address was the last");
}

#[tokio::test]
async fn a_password_is_kept_as_a_hash_that_only_it_opens() {
    let password: words::Password = serde_json::from_str("\"correct horse\"").unwrap();
    let hash = words::hash(&password).await.unwrap();
    assert!(hash.starts_with("$argon2id$") && !hash.contains("horse"));
    assert!(words::verify(&"correct horse".into(), Some(hash.clone())).await.unwrap());
    assert!(!words::verify(&"correct hors".into(), Some(hash)).await.unwrap());
    assert!(!words::verify(&"correct horse".into(), None).await.unwrap());
    assert!(serde_json::from_str::<words::Password>("\"short\"").is_err());
}
