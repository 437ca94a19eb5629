use super::*;

#[test]
fn xml_and_json_of_the_same_document_have_the_same_fields() {
    let xml = parse(b"<xml><A><![CDATA[x]]></A>\n<N>24350012345678901</N><T><U>1.5</U></T></xml>").expect("xml");
    let json = parse(br#"{"A":"x","N":24350012345678901,"T":{"U":1.5}}"#).expect("json");
    assert_eq!(xml, json);
    assert_eq!(xml.text("n"), Some("24350012345678901"));
}

#[test]
fn cdata_keeps_its_blanks_and_bare_text_loses_them() {
    let fields = parse(b"<xml><A> <![CDATA[ a\r\nb ]]> </A><B> 7 </B></xml>").expect("xml");
    assert_eq!(fields.get("A"), Some(&Value::Text(" a\r\nb ".into())));
    assert_eq!(fields.get("B"), Some(&Value::Number("7".into())));
}

#[test]
fn entities_and_character_references_are_resolved() {
    let fields = parse(b"<xml><A>a &lt; b &amp;&#x4f60;</A></xml>").expect("xml");
    assert_eq!(fields.text("A"), Some("a < b &你"));
    assert_eq!(parse(b"<xml><A>&evil;</A></xml>"), Err(DecodeError::Xml));
}

#[test]
fn a_document_type_is_refused() {
    let body = br#"<!DOCTYPE x [<!ENTITY a "b">]><xml><A>&a;</A></xml>"#;
    assert_eq!(parse(body), Err(DecodeError::DocType));
}

#[test]
fn limits_hold_in_both_spellings() {
    assert_eq!(parse(&vec![b' '; MAX_BODY + 1]), Err(DecodeError::TooLong));
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(MAX_DEPTH + 1), close.repeat(MAX_DEPTH + 1));
    assert_eq!(parse(deep("<a>", "</a>").as_bytes()), Err(DecodeError::TooDeep));
    assert_eq!(parse(deep("{\"a\":", "}").replace(":}", ":1}").as_bytes()), Err(DecodeError::TooDeep));
    assert_eq!(
        parse(format!("<xml>{}</xml>", "<a/>".repeat(MAX_FIELDS + 1)).as_bytes()),
        Err(DecodeError::TooManyFields)
    );
    assert_eq!(parse(format!("{{\"a\":[{}1]}}", "1,".repeat(MAX_FIELDS)).as_bytes()), Err(DecodeError::TooManyFields));
}

#[test]
fn broken_documents_are_refused() {
    for body in ["", "success", "<xml>", "<xml></xml><xml></xml>", "<xml></xml>x", "<a></b>"] {
        assert_eq!(parse(body.as_bytes()), Err(DecodeError::Xml), "{body:?}");
    }
    for body in ["{", "{}x", "{\"a\"}"] {
        assert_eq!(parse(body.as_bytes()), Err(DecodeError::Json), "{body:?}");
    }
    assert_eq!(parse(b"<xml>\xff</xml>"), Err(DecodeError::NotUtf8));
}

#[test]
fn cdata_end_marks_inside_a_text_survive() {
    for text in ["]]>", "a]]>b]]>", "]]]>", "]]", "]]>]]>", "<![CDATA[x]]>"] {
        let mut fields = Fields::default();
        fields.push_text("A", text);
        let xml = to_xml(&fields);
        assert_eq!(parse(xml.as_bytes()).expect("well-formed").text("A"), Some(text), "{xml}");
    }
}

#[test]
fn fields_of_unknown_documents_are_written_back_unchanged() {
    let xml =
        "<xml><A><![CDATA[5]]></A>\n<B>5</B>\n<L><item><C>1</C></item><item><C><![CDATA[x]]></C></item></L>\n</xml>";
    let fields = parse(xml.as_bytes()).expect("xml");
    assert_eq!(to_xml(&fields), xml);
    assert_eq!(to_json(&fields), r#"{"A":"5","B":5,"L":{"item":[{"C":1},{"C":"x"}]}}"#);
    assert_eq!(parse(to_json(&fields).as_bytes()).expect("json"), fields);
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let fields = parse(b"\xef\xbb\xbf<xml><A>1</A></xml>").expect("xml");
    assert_eq!(fields.text("A"), Some("1"));
    assert_eq!(Format::of(b"\xef\xbb\xbf {"), Format::Json);
}
