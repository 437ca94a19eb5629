//! A table's codes as one ZIP, written while it is being read: pictures named by their lines, and a list of them.

use std::{
    collections::{HashMap, HashSet},
    io::{self, Write},
};

use bytes::Bytes;
use kit::{Error, MediaId};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{
    draw::{self, Logo},
    model::PictureFormat,
    store::Packed,
};

/// Bytes that go out at a time, and how many such wait for a slow reader.
const PIECE: usize = 64 << 10;
const WAITING: usize = 8;

/// The ZIP as it is drawn, in a thread of its own. Should the reader go away, the drawing ends.
pub fn stream(
    codes: Vec<Packed>,
    logos: HashMap<MediaId, Vec<u8>>,
    format: PictureFormat,
    size: u32,
) -> ReceiverStream<io::Result<Bytes>> {
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let pipe = Pipe { sender: sender.clone(), piece: Vec::with_capacity(PIECE) };
        if let Err(error) = write(pipe, &codes, &logos, format, size) {
            // A broken stream is what tells the reader that the archive is not whole.
            let _ = sender.blocking_send(Err(io::Error::other(error.to_string())));
        }
    });
    ReceiverStream::new(receiver)
}

struct Pipe {
    sender: mpsc::Sender<io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = Bytes::from(std::mem::take(&mut self.piece));
        self.sender.blocking_send(Ok(piece)).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }
}

fn write(
    pipe: Pipe,
    codes: &[Packed],
    logos: &HashMap<MediaId, Vec<u8>>,
    format: PictureFormat,
    size: u32,
) -> Result<(), Error> {
    let logos: HashMap<MediaId, Logo> =
        logos.iter().map(|(id, bytes)| Ok((*id, Logo::read(bytes)?))).collect::<Result<_, Error>>()?;
    let mut zip = ZipWriter::new_stream(pipe);
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut taken = HashSet::new();
    let mut list = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    list.write_record(["file", "name", "source", "url"]).map_err(Error::internal)?;
    for code in codes {
        let file = format!("{}.{}", file_stem(&code.name, &mut taken), format.ending());
        let logo = code.logo_media_id.and_then(|id| logos.get(&MediaId(id)));
        let bytes = match format {
            PictureFormat::Png => draw::png(&code.url, size, logo)?,
            PictureFormat::Svg => draw::svg(&code.url, logo)?.into_bytes(),
        };
        zip.start_file(file.as_str(), stored).map_err(Error::internal)?;
        zip.write_all(&bytes).map_err(Error::internal)?;
        let row = [file.as_str(), &code.name, code.source.as_deref().unwrap_or_default(), &code.url];
        list.write_record(row.map(harmless)).map_err(Error::internal)?;
    }
    zip.start_file("codes.csv", stored).map_err(Error::internal)?;
    let list = list.into_inner().map_err(|error| Error::internal(error.error()))?;
    zip.write_all(&list).map_err(Error::internal)?;
    let mut pipe = zip.finish().map_err(Error::internal)?.into_inner();
    pipe.flush().map_err(Error::internal)
}

/// A cell that no spreadsheet takes for a formula.
pub fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// A name that every system takes for a file's, once.
pub fn file_stem(name: &str, taken: &mut HashSet<String>) -> String {
    let clean: String =
        name.chars().map(|c| if c.is_control() || "/\\:*?\"<>|".contains(c) { '_' } else { c }).take(80).collect();
    let clean = clean.trim().trim_matches('.').trim();
    let clean = if clean.is_empty() { "code" } else { clean };
    let mut stem = clean.to_owned();
    let mut n = 1;
    while !taken.insert(stem.to_lowercase()) {
        n += 1;
        stem = format!("{clean} ({n})");
    }
    stem
}
