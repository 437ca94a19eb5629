use std::{collections::HashSet, io::Cursor, io::Write};

use entities::messages::Content;
use image::{DynamicImage, ImageFormat, RgbaImage};
use kit::http::Faults;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    check,
    counts::DayRow,
    decide::{self, DAY_MS},
    draw::{self, Logo},
    model::OnScan,
    pack, stats, table,
};

const URL: &str = "http://weixin.qq.com/q/02AbCdEfGhIjKlMnOpQrSt";

/// What a scanner reads in a PNG.
fn read(png: &[u8]) -> String {
    let picture = image::load_from_memory(png).unwrap().into_luma8();
    let (width, height) = picture.dimensions();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width as usize, height as usize, |x, y| {
        picture.get_pixel(x as u32, y as u32)[0]
    });
    let grids = prepared.detect_grids();
    assert_eq!(grids.len(), 1, "one code in the picture");
    grids[0].decode().unwrap().1
}

fn logo() -> Logo {
    let red = RgbaImage::from_pixel(300, 200, image::Rgba([200, 30, 30, 255]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgba8(red).write_to(&mut bytes, ImageFormat::Png).unwrap();
    Logo::read(bytes.get_ref()).unwrap()
}

#[test]
fn a_drawn_code_says_what_wechat_gave_in_every_size_and_with_a_logo() {
    for size in [128, 300, 600, 1181, 2362] {
        let png = draw::png(URL, size, None).unwrap();
        assert_eq!(read(&png), URL, "{size}");
        let info = png::Decoder::new(Cursor::new(&png)).read_info().unwrap().info().clone();
        assert_eq!((info.width, info.height), (size, size));
        assert_eq!(info.pixel_dims.unwrap().xppu, 11_811, "300 dpi");
        if size >= 300 {
            assert_eq!(read(&draw::png(URL, size, Some(&logo())).unwrap()), URL, "{size} with a logo");
        }
    }
}

#[test]
fn an_svg_draws_the_same_modules_as_the_png() {
    let svg = draw::svg(URL, None).unwrap();
    let modules: usize =
        svg.split("v1h-").skip(1).map(|part| part.split('z').next().unwrap().parse::<usize>().unwrap()).sum();
    let code = fast_qr::QRBuilder::new(URL).ecl(fast_qr::ECL::Q).build().unwrap();
    let dark = (0..code.size).flat_map(|row| (0..code.size).map(move |column| (row, column)));
    assert_eq!(modules, dark.filter(|(row, column)| code[*row][*column].value()).count());
    assert!(draw::svg(URL, Some(&logo())).unwrap().contains("data:image/png;base64,"));
}

#[test]
fn a_picture_that_is_none_is_no_logo() {
    assert!(Logo::read(b"\x89PNG\r\n\x1a\n0000").is_err());
    assert!(Logo::read(b"<svg onload=alert(1)>").is_err());
}

#[test]
fn f3_new_fans_inherit_the_welcome_unless_the_code_says_something_of_its_own() {
    let text = |text: &str| Content::Text { text: text.into() };
    let inherit = OnScan::default();
    assert_eq!(decide::says(&inherit, true), None);
    assert_eq!(decide::says(&inherit, false), None);
    let own = OnScan { new_fans: Some(vec![text("new")]), following: vec![text("old")] };
    assert_eq!(decide::says(&own, true), Some([text("new")].as_slice()));
    assert_eq!(decide::says(&own, false), Some([text("old")].as_slice()));
    let silent = OnScan { new_fans: Some(Vec::new()), following: Vec::new() };
    assert_eq!(decide::says(&silent, true), Some([].as_slice()), "an empty list is said: nothing, and no welcome");
}

#[test]
fn f1_a_scene_is_short_opaque_and_drawn_from_all_its_letters() {
    let scenes: HashSet<String> = (0..=255u8).map(|byte| decide::scene([byte; 16])).collect();
    assert_eq!(scenes.len(), 32);
    for scene in scenes {
        assert_eq!(scene.len(), 14);
        assert!(scene.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()), "{scene}");
    }
}

#[test]
fn a_code_acts_until_its_time_is_over_and_not_when_put_away() {
    assert!(decide::acts(false, None, 5));
    assert!(decide::acts(false, Some(1000), 1000));
    assert!(!decide::acts(false, Some(1000), 1000 + 60_001));
    assert!(!decide::acts(true, None, 5));
}

#[test]
fn f5_days_turn_at_the_tenants_midnight_and_a_follow_is_kept_by_the_hour() {
    // 2026-11-23T16:30Z is half past midnight of the 24th in Shanghai.
    let at = 1_795_451_400_000;
    assert_eq!(decide::day_of(at, chrono_tz::Asia::Shanghai).to_string(), "2026-11-24");
    assert_eq!(decide::day_of(at, chrono_tz::UTC).to_string(), "2026-11-23");
    assert_eq!(decide::gone_within(0, DAY_MS - 1), [true, true, true]);
    assert_eq!(decide::gone_within(0, DAY_MS), [false, true, true]);
    assert_eq!(decide::gone_within(0, 30 * DAY_MS), [false, false, false]);
    let day = |text: &str| text.parse().unwrap();
    assert!(!decide::is_ripe(day("2026-11-01"), 1, day("2026-11-02")));
    assert!(decide::is_ripe(day("2026-11-01"), 1, day("2026-11-03")));
}

#[test]
fn f5_only_follows_that_have_had_their_days_count_as_kept_or_not() {
    let row = |day: &str, follows, gone: [i64; 3]| DayRow {
        folder: None,
        day: day.into(),
        scans: follows,
        follows,
        firsts: follows,
        lost: 0,
        gone_1: gone[0],
        gone_7: gone[1],
        gone_30: gone[2],
    };
    let rows = [row("2026-10-01", 10, [1, 3, 4]), row("2026-11-20", 5, [1, 1, 1]), row("2026-11-26", 2, [1, 1, 1])];
    let figures = stats::figures(&rows, "2026-11-27".parse().unwrap()).unwrap();
    let kept: Vec<(u64, i64, i64)> = figures.kept.iter().map(|kept| (kept.days, kept.of, kept.kept)).collect();
    assert_eq!(kept, [(1, 15, 13), (7, 10, 7), (30, 10, 6)]);
    assert_eq!((figures.scans, figures.follows), (17, 17));

    // The same day by day; a day of two folders is one day, and a day that is not so far back says nothing yet.
    let day = |text: &str| text.parse().unwrap();
    let rows = [row("2026-11-18", 10, [1, 3, 0]), row("2026-11-18", 5, [1, 1, 1]), row("2026-11-26", 2, [1, 1, 1])];
    let days = stats::days(&rows, (day("2026-11-18"), day("2026-11-26")), day("2026-11-27"));
    let kept: Vec<_> = days.iter().map(|day| (day.follows, day.kept_1, day.kept_7, day.kept_30)).collect();
    assert_eq!(days.len(), 9);
    assert_eq!((days[0].day.as_str(), kept[0]), ("2026-11-18", (15, Some(13), Some(11), None)));
    assert_eq!(kept[7], (0, Some(0), None, None));
    assert_eq!((days[8].day.as_str(), kept[8]), ("2026-11-26", (2, None, None, None)));
}

#[test]
fn a_stretch_of_days_is_thirty_when_nothing_is_said_and_never_without_end() {
    let today = "2026-11-27".parse().unwrap();
    let (from, to) = decide::stretch(None, None, today).unwrap();
    assert_eq!((from.to_string().as_str(), decide::days((from, to)).count()), ("2026-10-29", 30));
    assert!(decide::stretch(Some("2020-01-01"), None, today).is_err());
    assert!(decide::stretch(Some("27.11.2026"), None, today).is_err());
    assert!(decide::stretch(Some("2026-11-28"), None, today).is_err());
}

#[test]
fn f4_a_table_is_read_in_every_encoding_that_spreadsheets_write() {
    let text = "门店名称,渠道,标签,备注\n徐汇店,地推,VIP、徐汇,靠窗\n\n浦东店,,，,\n";
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let (gbk, _, _) = encoding_rs::GBK.encode(text);
    let tabs = text.replace(',', "\t");
    let marked = format!("\u{feff}{text}");
    let all = [text.as_bytes(), &gbk, &utf16, tabs.as_bytes(), marked.as_bytes()];
    for (n, bytes) in all.into_iter().enumerate() {
        let table = table::read(bytes).unwrap_or_else(|error| panic!("{n}: {error:?}"));
        assert_eq!(table.faults, [], "{n}");
        let lines: Vec<_> = table.lines.iter().map(|line| (line.line, line.name.as_str(), line.tags.len())).collect();
        assert_eq!(lines, [(2, "徐汇店", 2), (4, "浦东店", 0)], "{n}");
        assert_eq!(table.lines[0].source.as_deref(), Some("地推"), "{n}");
    }
}

#[test]
fn f4_every_fault_is_told_at_its_line() {
    let long = "长".repeat(61);
    let text = format!("Name*,Tags\nOne,a\none,b\n,c\n{long},d\nTwo,{}\n", "t".repeat(31));
    let table = table::read(text.as_bytes()).unwrap();
    let faults: Vec<_> =
        table.faults.iter().map(|fault| (fault.line, fault.column.as_str(), fault.code.as_str())).collect();
    assert_eq!(faults, [(3, "name", "twice"), (4, "name", "empty"), (5, "name", "too_long"), (6, "tags", "too_long")]);
    assert_eq!(table.lines.len(), 1);
    let code = |bytes: &[u8]| match table::read(bytes) {
        Err(kit::Error::Invalid(errors)) => errors[0].code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(b"colour\nred\n"), "no_name_column");
    assert_eq!(code(b"name\n"), "empty");
    assert_eq!(code(b""), "empty");
    assert_eq!(code(b"\x89PNG\r\n\x1a\n\0\0\0\0"), "not_text");
    assert_eq!(code(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1]), "old_excel");
    let many: String = std::iter::once("name\n".to_owned()).chain((0..10_001).map(|n| format!("s{n}\n"))).collect();
    assert_eq!(code(many.as_bytes()), "too_many_lines");
}

/// A workbook with one sheet of this XML.
fn workbook(sheet: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        (
            "[Content_Types].xml",
            r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#,
        ),
        (
            "_rels/.rels",
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn sheet(cells: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>"#
    )
}

#[test]
fn f4_a_workbook_is_read_and_one_that_claims_the_last_cell_costs_nothing() {
    let text = |cell: &str, text: &str| format!(r#"<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>"#);
    let cells = format!(
        r#"<row r="1">{}{}</row><row r="2">{}<c r="B2"><v>1001</v></c></row><row r="1048576">{}{}</row>"#,
        text("A1", "门店"),
        text("B1", "来源"),
        text("A2", "徐汇店"),
        text("A1048576", "最后一行"),
        text("XFD1048576", "角落"),
    );
    let table = table::read(&workbook(&sheet(&cells))).unwrap();
    let lines: Vec<_> =
        table.lines.iter().map(|line| (line.line, line.name.as_str(), line.source.as_deref())).collect();
    assert_eq!(lines, [(2, "徐汇店", Some("1001")), (1_048_576, "最后一行", None)]);
}

#[test]
fn f4_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_read() {
    let bomb = workbook(&sheet(&" ".repeat(100 << 20)));
    assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());
    match table::read(&bomb) {
        Err(kit::Error::Invalid(errors)) => assert_eq!(errors[0].code, "unpacks_too_large"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn files_are_named_by_their_lines_once_and_harmlessly() {
    let mut taken = HashSet::new();
    let names: Vec<String> = ["徐汇店", "a/b\\c:d", "徐汇店", "..", "A/B\\c:d", " . "]
        .into_iter()
        .map(|name| pack::file_stem(name, &mut taken))
        .collect();
    assert_eq!(names, ["徐汇店", "a_b_c_d", "徐汇店 (2)", "code", "A_B_c_d (2)", "code (2)"]);
    assert_eq!(pack::harmless("=HYPERLINK(1)"), "'=HYPERLINK(1)");
    assert_eq!(pack::harmless("徐汇店"), "徐汇店");
}

#[test]
fn a_temporary_code_lives_one_to_thirty_days() {
    let life = |permanent, days| {
        let mut faults = Faults::default();
        let life = check::life(permanent, days, &mut faults);
        faults.is_empty().then_some(life)
    };
    assert_eq!(life(true, None), Some(None));
    assert_eq!(life(true, Some(3)), None);
    assert_eq!(life(false, None), Some(Some(2_592_000)));
    assert_eq!(life(false, Some(1)), Some(Some(86_400)));
    assert_eq!(life(false, Some(31)), None);
}
