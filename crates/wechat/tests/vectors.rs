//! The published vectors of WeChat's signatures and encryption, and a few of
//! our own: what they say must come out to the letter.

use wechat::Format;
use wechat::crypto::envelope::{parse_reply_envelope, parse_sealed, seal_push, seal_reply};
use wechat::crypto::{EncodingAesKey, KeyAge, MsgCipher, Outer, signature};
use wechat::message::{Kind, decode};

const ZERO_KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// Not canonical base64, as most real keys.
const SAMPLE_KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

const V1: &str = "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=";
const V2: &str = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==";
const V4: &str = "D7yzvUNAL930rd28wf21s4hvXhz0L6Uit/p2Di6C5DHyYGpEgdBRnKjBec34JwoQXicwaZC7fOVihW80F4VtsdvE//1vr7oAbqjDv8KenVp+ajKYpJnyQ4zMRhIC+a31fCVOMC03FfzV/QuC94kBP55a+Za3sJgvAn+ZbsNqZI5DkyuzkhQN8OBqCzFhizGmy0xpM0MEA4agpvE+RuNO1rhHTtuJB5yltw1FiYzecSXJ+y/D2r81VkRn2eYjh2ltsoyfbDR7Is6ookXIFxTfyeNyeHxMeT4KN5WpCDmSbTcUYrbBUlkGLJ9n/rU8YOywma6G7aTb7KZKOqCxgfoUlYEZPk4FUL/TK7ShriFDMVCLyjQJ15Ob++agDWtcxhfUfe6HIoIpRW8mKNBQiY/Jd1svvuskA1wLef1RTtzKfMpagSCX/laZINmdnX4zrF6kIaR9P4xQrWXbsTFHTYe0Mg==";
const V5: &str = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==";
const V6: &str = "rTNFcsut4LfGuAFKEUVVpwcaCOTJzOd9twZdIW910jb3k+iicx2uvhttIZ3Qg9Qgty3BEF2xbOrz6boTfb30dMomcgrkTqdFPwnhqbk+kIQ7rZiwny9D7NUrTgA5kpX3KsZvrXzUZyP2x9YOlxbgm572lmxKvM7HAQQhIQ/p6HBmoY30bGXFK0BtIu1pW9TjhOYrLQoU18nWYjWqDA1ynkmOytpv7QRI1P1+0NoxL0q2zO1DgeSvnE8CZGo/o5Ap/WHK5W2RAsinpzN4/LjPnmB6U01I5XCoJoC0GK/yMZycd2Oh8Nq6+wBkC1U85oy0ktOY4nLvsQMLrourmMGdZHuTbqpeJ8Ao/5PRYJ+WBvRUwPfGKBL2+2IKZF49vAJqkcGWSHGE76ZN2erXeuNazf/o9o3lIE3q739o4c8t9QGPe31GT2Go/rOz1BsrASwvauNulCh+++yz+CQzBIuikA==";
const V8: &str = "4ByGGj+sVCYcvGeQYhaKIk1o0pQRNbRjxybjTGblXrBaXlTXeOo1+bXFXDQQb1o6co6Yh9Bv41n7hOchLF6p+Q==";
const V9: &str = "Q3stYC6hdFzMh9T8HCvyDOiBjQaEFsaWKnCQBib4ODAjdHavX3Dl2+fQbYvk/Fo309coj5+B6gkzFKZK+Cr9bvaUcW1J7W89R8sHp2nq8Wuhu0KHLvT+EEf7DzXBtrYFVVPUf0KMbHoddbh0JAPBX0qx2YXhMMpj9+pskVhnF2qRjXUnFzKgNOFO2zVOtk1kJORaEwPbjIXbPI9WEJD7EiQeDndEv57ecNx2RVBc2FCkIbrSsX/AMcqnNI4NW0rNyJfi+oNXZhM9o/P9/eoNcU8nqItzppdoAwG7K+mMeqQvPt0y6mm4gyom/kM3W+a25U9nue0TfEoU2H4d5I6OMw==";

fn cipher(app_id: &str, key: &str) -> MsgCipher {
    MsgCipher::new(app_id, EncodingAesKey::parse(key).expect("a key"), None)
}

fn opened(cipher: &MsgCipher, sealed: &str) -> String {
    let opened = cipher.decrypt(sealed).expect("opens");
    assert_eq!(opened.key, KeyAge::Current);
    String::from_utf8(opened.message).expect("text")
}

/// Opens to a message, which seals to the same letters with the random part of the vector.
fn there_and_back(cipher: &MsgCipher, sealed: &str, random: &[u8; 16]) -> String {
    let message = opened(cipher, sealed);
    assert_eq!(cipher.encrypt(message.as_bytes(), *random, KeyAge::Current), sealed);
    message
}

#[test]
fn url_verification_of_the_official_sample() {
    let signature = signature::sign(&["AAAAA", "1714036504", "1514711492"]);
    assert_eq!(signature, "f464b24fc39322e44b38aa78f5edd27bd1441696");
}

#[test]
fn v1_a_push_in_safe_mode_and_json() {
    let (token, timestamp, nonce) = ("AAAAA", "1714112445", "415670741");
    assert!(signature::verify(&[token, timestamp, nonce], "6c5c811b55cc85e0e1b54100749188c20beb3f5d"));
    let body = format!(r#"{{"ToUserName":"gh_97417a04a28d","Encrypt":"{V1}"}}"#);
    let sealed = parse_sealed(body.as_bytes()).expect("sealed");
    assert_eq!(seal_push(Format::Json, Outer::Account("gh_97417a04a28d"), &sealed.encrypt), body);
    assert!(signature::verify(&[token, timestamp, nonce, &sealed.encrypt], "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"));
    let message = there_and_back(&cipher("wxba5fad812f8e6fb9", ZERO_KEY), &sealed.encrypt, b"a8eedb185eb2fecf");
    assert_eq!(
        message,
        r#"{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}"#
    );
    let message = decode(message.as_bytes()).expect("a push");
    assert_eq!(message.kind.event(), Some("debug_demo"));
    assert!(matches!(message.kind, Kind::Notice(_)));
}

#[test]
fn v2_the_reply_to_it() {
    let cipher = cipher("wxba5fad812f8e6fb9", ZERO_KEY);
    assert_eq!(there_and_back(&cipher, V2, b"707722b803182950"), r#"{"demo_resp":"good luck"}"#);
    let reply = seal_reply(Format::Json, "AAAAA", V2, 1_713_424_427, "415670741");
    assert_eq!(
        reply,
        format!(
            r#"{{"Encrypt":"{V2}","MsgSignature":"1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1","TimeStamp":1713424427,"Nonce":"415670741"}}"#
        )
    );
    assert!(parse_reply_envelope(reply.as_bytes()).expect("an envelope").verify("AAAAA"));
}

#[test]
fn v3_the_signature_of_plain_mode() {
    assert!(signature::verify(&["AAAAA", "1714037059", "486452656"], "899cf89e464efb63f54ddac96b0a0a235f53aa78"));
}

#[test]
fn v4_a_push_through_a_component() {
    let (token, timestamp, nonce) = ("AAAAA", "1715943329", "1590219412");
    assert!(signature::verify(&[token, timestamp, nonce], "cc0c594499c1634947d5b502f158ee518947db27"));
    assert!(signature::verify(&[token, timestamp, nonce, V4], "6c12a4205838198b8fa631b3220723bb07f1015c"));
    let message = there_and_back(&cipher("wx134c8103faa5a59e", ZERO_KEY), V4, b"1205899eaf019bbd");
    assert_eq!(message.len(), 292);
    assert!(decode(message.as_bytes()).is_ok(), "{message}");
}

#[test]
fn v5_the_sample_key_that_is_not_canonical_base64() {
    let message = there_and_back(&cipher("wxb11529c136998cb6", SAMPLE_KEY), V5, b"aaaabbbbccccdddd");
    assert_eq!(message, "我是中文abcd123");
    let signature = signature::sign(&["pamtest", "1409304348", "xxxxxx", V5]);
    assert_eq!(signature, "82c962d39941aa48552f90ef55aa323dc620cc10");
}

#[test]
fn v6_a_text_from_the_debug_tool() {
    assert!(signature::verify(&["pamtest", "1458300676", "260774613", V6], "4f3ad57b6989f09f4eb392acce4f9e93942ed890"));
    let message = there_and_back(&cipher("wxb11529c136998cb6", SAMPLE_KEY), V6, b"d43123b161a4ba84");
    assert_eq!(message.len(), 293);
    let message = decode(message.as_bytes()).expect("a push");
    assert_eq!(message.msg_id, Some(12345));
    let Kind::Text(text) = message.kind else { panic!("a text was expected") };
    assert_eq!(text.content, "hello");
}

#[test]
fn v8_the_same_scheme_at_wecom() {
    let (token, timestamp, nonce) = ("123456", "1411443780", "437374425");
    assert!(signature::verify(&[token, timestamp, nonce, V8], "dd6b9c95b495b3f7e2901bfbc76c664930ffdb96"));
    let cipher = cipher("wx49f0ab532d5d035a", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR");
    assert_eq!(opened(&cipher, V8), "5927782489442352469");
}

#[test]
fn v9_a_reply_with_chinese_in_it() {
    let message = "<xml><ToUserName><![CDATA[oFan01]]></ToUserName><FromUserName><![CDATA[gh_demo01]]></FromUserName><CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[hi 你好]]></Content></xml>";
    assert_eq!(message.len(), 214);
    let cipher = cipher("wx0123456789abcdef", SAMPLE_KEY);
    assert_eq!(there_and_back(&cipher, V9, b"0123456789abcdef"), message);
    let reply = parse_reply_envelope(seal_reply(Format::Xml, "tok3n", V9, 1_700_000_000, "nonce01").as_bytes())
        .expect("an envelope");
    assert_eq!(reply.msg_signature, "3765f38d1ecc249c00c9b0c16f3d8cb5f5b37df6");
    let reply = wechat::reply::decode(message.as_bytes()).expect("a reply").expect("not silence");
    assert_eq!(reply.reply, wechat::Reply::text("hi 你好"));
}

#[test]
fn an_encoding_aes_key_comes_back_letter_by_letter_and_does_not_print() {
    let key = EncodingAesKey::parse(SAMPLE_KEY).expect("a key");
    assert_eq!(key.expose(), SAMPLE_KEY);
    assert_eq!(format!("{key:?}"), "EncodingAesKey(..)");
    for bad in ["", "abc", &SAMPLE_KEY[1..], &format!("{SAMPLE_KEY}="), &format!("{}+", &SAMPLE_KEY[1..])] {
        assert!(EncodingAesKey::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn the_previous_key_still_opens_and_seals() {
    use wechat::crypto::CryptoError;
    let key = |text: &str| EncodingAesKey::parse(text).expect("a key");
    let app_id = "wxb11529c136998cb6";
    let rotated = MsgCipher::new(app_id, key(ZERO_KEY), Some(key(SAMPLE_KEY)));
    let opened = rotated.decrypt(V5).expect("opens");
    assert_eq!(opened.key, KeyAge::Previous);
    assert_eq!(rotated.encrypt(&opened.message, *b"aaaabbbbccccdddd", opened.key), V5);
    assert_eq!(cipher(app_id, ZERO_KEY).decrypt(V5), Err(CryptoError::Decrypt));
    assert_eq!(cipher("wx0000000000000000", SAMPLE_KEY).decrypt(V5), Err(CryptoError::AppId));
}

#[test]
fn damaged_ciphertexts_are_refused() {
    use wechat::crypto::CryptoError;
    let cipher = cipher("wxb11529c136998cb6", SAMPLE_KEY);
    assert_eq!(cipher.decrypt("not base64!"), Err(CryptoError::Base64));
    for short in ["", "AAAA", "AAAAAAAAAAAAAAAAAAAAAA=="] {
        assert_eq!(cipher.decrypt(short), Err(CryptoError::Decrypt), "{short:?}");
    }
    // One block cut off the end.
    assert_eq!(cipher.decrypt(&V6[..V6.len() - 64]), Err(CryptoError::Decrypt));
}
