//! Tables of codes to make: CSV in the encodings that spreadsheets write, and XLSX. Whatever a stranger's file claims
//! of itself is not believed: what comes out of it is counted, and reading stops at the limits.

use std::{
    collections::{HashMap, HashSet},
    io::{Cursor, Read},
};

use calamine::{DataRef, Reader, Xlsx};
use encoding_rs::{GB18030, UTF_8, UTF_16BE, UTF_16LE};
use kit::{Error, FieldError};

use super::{
    check::LONGEST_TAG,
    model::{CodeName, FolderName, Line, LineFault, MOST_TAGS, Note, SourceName},
};

/// Bytes of a file.
pub const LARGEST: usize = 8 << 20;
/// Bytes that an XLSX may hold when unpacked, in all its parts.
const LARGEST_UNPACKED: u64 = 96 << 20;
/// Lines of a table, without the heading.
pub const MOST_LINES: usize = 10_000;
/// Columns that are looked at.
const MOST_COLUMNS: usize = 50;
/// Characters of a cell that are read at all.
const LONGEST_CELL: usize = 4_000;

/// A table that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    pub lines: Vec<Line>,
    pub faults: Vec<LineFault>,
}

/// Reads a table by its first bytes; what it is called does not matter.
pub fn read(bytes: &[u8]) -> Result<Table, Error> {
    if bytes.len() > LARGEST {
        return Err(Error::TooLarge);
    }
    let rows = match bytes {
        [b'P', b'K', 3, 4, ..] => sheet(bytes)?,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            return Err(wrong(
                "old_excel",
                "an old or protected Excel file: save it as XLSX without a password, or as CSV",
            ));
        }
        _ => text(bytes)?,
    };
    lines(rows)
}

fn wrong(code: &'static str, why: &str) -> Error {
    Error::Invalid(vec![FieldError::new("file", code, why)])
}

/// Rows with the numbers they have in the file.
type Rows = Vec<(i64, Vec<String>)>;

fn push(rows: &mut Rows, line: i64, cells: Vec<String>) -> Result<(), Error> {
    if cells.iter().all(|cell| cell.trim().is_empty()) {
        return Ok(());
    }
    // The heading is one of them.
    if rows.len() > MOST_LINES {
        return Err(wrong("too_many_lines", &format!("a table has at most {MOST_LINES} lines")));
    }
    rows.push((line, cells));
    Ok(())
}

fn short(cell: &str) -> String {
    cell.chars().filter(|c| !c.is_control()).take(LONGEST_CELL).collect()
}

/// Bytes as text: by the mark at the beginning, else UTF-8 if it is, else as Chinese Windows writes.
fn decoded(bytes: &[u8]) -> Result<String, Error> {
    let encoding = match bytes {
        [0xEF, 0xBB, 0xBF, ..] => UTF_8,
        [0xFF, 0xFE, ..] => UTF_16LE,
        [0xFE, 0xFF, ..] => UTF_16BE,
        _ if std::str::from_utf8(bytes).is_ok() => UTF_8,
        _ => GB18030,
    };
    let (text, _, had_errors) = encoding.decode(bytes);
    if had_errors || text.contains('\0') {
        return Err(wrong("not_text", "this is no table: send CSV (UTF-8 or GBK) or XLSX"));
    }
    Ok(text.into_owned())
}

fn text(bytes: &[u8]) -> Result<Rows, Error> {
    let text = decoded(bytes)?;
    let heading = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    // What stands most often in the heading separates.
    let separator = [b',', b'\t', b';']
        .into_iter()
        .max_by_key(|mark| (heading.bytes().filter(|byte| byte == mark).count(), *mark == b','))
        .unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut rows = Rows::new();
    let mut record = csv::StringRecord::new();
    let (mut counted, mut line) = (0, 1);
    while reader.read_record(&mut record).map_err(|_| wrong("not_text", "the CSV cannot be read"))? {
        // Empty lines belong to nobody, and a cell may hold line breaks: the line is the one it begins on.
        let begins = record.position().map_or(0, csv::Position::byte) as usize;
        let begins = begins + text[begins..].bytes().take_while(|byte| b"\r\n".contains(byte)).count();
        line += text[counted..begins].bytes().filter(|byte| *byte == b'\n').count() as i64;
        counted = begins;
        push(&mut rows, line, record.iter().take(MOST_COLUMNS).map(short).collect())?;
    }
    Ok(rows)
}

fn sheet(bytes: &[u8]) -> Result<Rows, Error> {
    let bad = || wrong("not_xlsx", "the file cannot be read as XLSX");
    unpacked_fits(bytes)?;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|_| bad())?;
    let name = book.sheet_names().into_iter().next().ok_or_else(bad)?;
    // Cell by cell: a sheet that claims a cell in its last corner would else be given memory for all before it.
    let mut cells = book.worksheet_cells_reader(&name).map_err(|_| bad())?;
    let mut rows = Rows::new();
    let (mut at, mut row) = (0, Vec::new());
    while let Some(cell) = cells.next_cell().map_err(|_| bad())? {
        let (line, column) = cell.get_position();
        if line != at {
            push(&mut rows, i64::from(at) + 1, std::mem::take(&mut row))?;
            at = line;
        }
        let column = column as usize;
        if column >= MOST_COLUMNS {
            continue;
        }
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        row[column] = short(&said(cell.get_value()));
    }
    push(&mut rows, i64::from(at) + 1, row)?;
    Ok(rows)
}

/// A cell as people see it. Shop numbers are numbers to Excel.
fn said(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::DateTime(_) | DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// Unpacks everything once into nothing, and counts: sizes in a ZIP are only claims.
fn unpacked_fits(bytes: &[u8]) -> Result<(), Error> {
    let bad = || wrong("not_xlsx", "the file cannot be read as XLSX");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| bad())?;
    if archive.len() > 2_000 {
        return Err(wrong("unpacks_too_large", "the XLSX has too many parts"));
    }
    let mut left = LARGEST_UNPACKED;
    for n in 0..archive.len() {
        let part = archive.by_index(n).map_err(|_| bad())?;
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| bad())?;
        left = left
            .checked_sub(size)
            .ok_or_else(|| wrong("unpacks_too_large", "the XLSX unpacks to more than such a table can need"))?;
    }
    Ok(())
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Column {
    Name,
    Source,
    Folder,
    Tags,
    Note,
}

/// What a heading may say, in Chinese and English.
const HEADINGS: [(Column, &[&str]); 5] = [
    (
        Column::Name,
        &[
            "名称",
            "名字",
            "姓名",
            "二维码名称",
            "门店",
            "门店名称",
            "店铺",
            "店铺名称",
            "name",
            "code name",
            "shop",
            "store",
            "shop name",
            "store name",
        ],
    ),
    (Column::Source, &["来源", "渠道", "来源名称", "渠道名称", "source", "channel"]),
    (Column::Folder, &["分组", "文件夹", "分类", "区域", "folder", "group"]),
    (Column::Tags, &["标签", "标签名", "tags", "tag"]),
    (Column::Note, &["备注", "说明", "note", "notes", "remark", "memo"]),
];

fn column(heading: &str) -> Option<Column> {
    let heading = heading.trim().trim_end_matches(['*', '＊', ':', '：']).trim().to_lowercase();
    HEADINGS.iter().find(|(_, words)| words.contains(&heading.as_str())).map(|(column, _)| *column)
}

fn lines(rows: Rows) -> Result<Table, Error> {
    let mut rows = rows.into_iter();
    let Some((_, heading)) = rows.next() else {
        return Err(wrong("empty", "the table is empty"));
    };
    let mut columns: HashMap<Column, usize> = HashMap::new();
    for (n, cell) in heading.iter().enumerate() {
        if let Some(column) = column(cell) {
            columns.entry(column).or_insert(n);
        }
    }
    if !columns.contains_key(&Column::Name) {
        return Err(wrong("no_name_column", "no column is headed name (名称)"));
    }
    let mut table = Table::default();
    let mut names: HashSet<String> = HashSet::new();
    for (line, cells) in rows {
        let cell = |column: Column| {
            let text = columns.get(&column).and_then(|n| cells.get(*n)).map(|text| text.trim()).unwrap_or_default();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let before = table.faults.len();
        let mut fault = |column: &str, code: &str, value: &str| {
            table.faults.push(LineFault {
                line,
                column: column.to_owned(),
                code: code.to_owned(),
                value: value.chars().take(40).collect(),
            });
        };
        let name = cell(Column::Name).unwrap_or_default();
        match CodeName::try_from(name.clone()) {
            Err(_) if name.is_empty() => fault("name", "empty", ""),
            Err(_) => fault("name", "too_long", &name),
            Ok(_) if !names.insert(name.to_lowercase()) => fault("name", "twice", &name),
            Ok(_) => {}
        }
        let source = cell(Column::Source);
        if source.clone().is_some_and(|text| SourceName::try_from(text).is_err()) {
            fault("source", "too_long", source.as_deref().unwrap_or_default());
        }
        let folder = cell(Column::Folder);
        if folder.clone().is_some_and(|text| FolderName::try_from(text).is_err()) {
            fault("folder", "too_long", folder.as_deref().unwrap_or_default());
        }
        let note = cell(Column::Note);
        if note.clone().is_some_and(|text| Note::try_from(text).is_err()) {
            fault("note", "too_long", note.as_deref().unwrap_or_default());
        }
        let tags = tags(cell(Column::Tags).as_deref().unwrap_or_default());
        if tags.len() > MOST_TAGS {
            fault("tags", "too_many", &tags.join(", "));
        }
        if let Some(long) = tags.iter().find(|tag| tag.chars().count() > LONGEST_TAG) {
            fault("tags", "too_long", long);
        }
        if table.faults.len() == before {
            table.lines.push(Line { line, name, source, folder, tags, note });
        }
    }
    if table.lines.is_empty() && table.faults.is_empty() {
        return Err(wrong("empty", "the table has a heading and no lines"));
    }
    Ok(table)
}

fn tags(cell: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    cell.split([',', '，', ';', '；', '、', '|', '/'])
        .map(str::trim)
        .filter(|tag| !tag.is_empty() && seen.insert(*tag))
        .map(str::to_owned)
        .collect()
}
