//! What holds for any input: writing and reading are inverse, nothing that
//! arrives makes the decoders panic, and the two spellings agree.

use proptest::prelude::*;
use wechat::crypto::{EncodingAesKey, KeyAge, MsgCipher, envelope};
use wechat::message::{ComponentPush, Event, Kind, Location, Message, Text, decode, encode_json, encode_xml, menu};
use wechat::{Format, OpenId, OriginalId, Reply, reply};

fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,40}", "[\\]>&<!\\[CDAT \r\n\t]{0,40}", "[a-z0-9 ]{0,20}"]
}

fn filled() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[!-~]{1,20}")
}

fn kinds() -> impl Strategy<Value = Kind> {
    let degrees = || (-180_000_000i64..180_000_000).prop_map(|n| n as f64 / 1_000_000.0);
    prop_oneof![
        (texts(), filled()).prop_map(|(content, menu_id)| Kind::Text(Text { content, menu_id })),
        (degrees(), degrees(), texts()).prop_map(|(x, y, label)| Kind::Location(Location {
            x,
            y,
            scale: Some(15),
            label
        })),
        (texts(), filled()).prop_map(|(key, ticket)| Kind::Event(Event::Subscribe { key, ticket })),
        texts().prop_map(|key| Kind::Event(Event::Click { key })),
        (texts(), texts()).prop_map(|(key, result)| {
            let scan = menu::ScanCodeInfo { scan_type: "qrcode".to_owned(), result };
            Kind::Event(Event::ScancodePush { key, scan })
        }),
        (texts(), proptest::collection::vec(texts(), 0..5)).prop_map(|(key, md5s)| {
            let pictures = md5s.into_iter().map(|md5| menu::Picture { md5 }).collect();
            Kind::Event(Event::PicWeixin { key, pictures: menu::SendPicsInfo { count: None, pictures } })
        }),
        (any::<u64>(), texts())
            .prop_map(|(msg_id, status)| Kind::Event(Event::TemplateSendJobFinish { msg_id, status })),
    ]
}

fn messages() -> impl Strategy<Value = Message> {
    ("[a-zA-Z0-9_]{1,20}", "[a-zA-Z0-9_-]{1,28}", any::<i64>(), any::<u64>(), kinds()).prop_map(
        |(to, from, create_time, id, kind)| Message {
            to: OriginalId::try_from(to).expect("an id"),
            from: OpenId::try_from(from).expect("an id"),
            create_time,
            msg_id: kind.event().is_none().then_some(id),
            article: None,
            kind,
        },
    )
}

fn cipher() -> MsgCipher {
    let key = |text| EncodingAesKey::parse(text).expect("a key");
    MsgCipher::new(
        "wxb11529c136998cb6",
        key("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"),
        Some(key("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")),
    )
}

/// Everything that reads what came over the network.
fn read_all(body: &[u8]) {
    let _ = decode(body).map(|message| (message.dedupe(), encode_xml(&message), encode_json(&message)));
    let _ = ComponentPush::decode(body).map(|push| (push.encode(Format::Xml), push.encode(Format::Json)));
    let _ = reply::decode(body);
    let _ = envelope::parse_sealed(body);
    let _ = envelope::parse_reply_envelope(body);
    let _ = wechat::errcode::parse_answer::<wechat::api::user::list_users::Response>(body);
    if let Ok(text) = std::str::from_utf8(body) {
        let _ = cipher().decrypt(text);
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(message in messages()) {
        let xml = encode_xml(&message);
        prop_assert_eq!(&decode(xml.as_bytes()).expect("xml"), &message, "{}", xml);
        let json = encode_json(&message);
        let read = decode(json.as_bytes()).expect("json");
        prop_assert_eq!(&read, &message, "{}", json);
        prop_assert_eq!(read.dedupe(), message.dedupe());
    }

    #[test]
    fn different_messages_are_told_apart(a in messages(), b in messages()) {
        prop_assert_eq!(a == b, a.dedupe() == b.dedupe());
    }

    #[test]
    fn replies_are_read_back(content in texts().prop_filter("empty is silence", |text| !text.is_empty())) {
        let reply = Reply::text(content);
        for body in [reply.encode_xml("oA", "gh_a", 5), reply.encode_json("oA", "gh_a", 5)] {
            let read = reply::decode(body.as_bytes()).expect("a reply").expect("not silence");
            prop_assert_eq!(&read.reply, &reply);
        }
    }

    #[test]
    fn what_is_sealed_opens(message in proptest::collection::vec(any::<u8>(), 0..200), random: [u8; 16], previous: bool) {
        let age = if previous { KeyAge::Previous } else { KeyAge::Current };
        let opened = cipher().decrypt(&cipher().encrypt(&message, random, age)).expect("opens");
        prop_assert_eq!((opened.message, opened.key), (message, age));
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        read_all(&body);
    }

    #[test]
    fn damaged_documents_do_not_panic(message in messages(), at in any::<prop::sample::Index>(), byte: u8, json: bool) {
        let mut body = if json { encode_json(&message) } else { encode_xml(&message) }.into_bytes();
        let at = at.index(body.len());
        body[at] = byte;
        read_all(&body);
        read_all(&body[..at]);
    }
}

#[test]
fn the_corpus_is_replayed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut files = 0;
    for folder in ["xml", "decrypt"] {
        for entry in std::fs::read_dir(root.join(folder)).expect("a folder") {
            read_all(&std::fs::read(entry.expect("an entry").path()).expect("a file"));
            files += 1;
        }
    }
    assert!(files >= 10, "the corpus is gone: {files} files");
}
