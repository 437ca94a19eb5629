//! A WeChat that says yes to everything as fast as it can: what comes between it and a caller is the caller's own.

use std::{
    net::SocketAddr,
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{
    Result,
    load::Line,
    machine::{Child, Cost, free_address},
};

#[derive(clap::Args)]
pub struct Arguments {
    #[arg(long)]
    listen: SocketAddr,
}

/// Serves until it is killed.
pub async fn run(arguments: Arguments) -> Result {
    let listener = TcpListener::bind(arguments.listen).await?;
    let sends = Arc::new(AtomicU64::new(0));
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        // A caller who goes away is no error.
        tokio::spawn(talk(stream, sends.clone()));
    }
}

async fn talk(mut stream: TcpStream, sends: Arc<AtomicU64>) -> std::io::Result<()> {
    let (mut buffer, mut out) = (Vec::with_capacity(4096), Vec::with_capacity(512));
    loop {
        let length = loop {
            if let Some(length) = whole(&buffer) {
                break length;
            }
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        };
        let body = answer(&buffer[..length], &sends);
        buffer.drain(..length);
        out.clear();
        out.extend_from_slice(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ");
        out.extend_from_slice(format!("{}\r\n\r\n{body}", body.len()).as_bytes());
        stream.write_all(&out).await?;
    }
}

/// How long the first request is, once it is there.
fn whole(buffer: &[u8]) -> Option<usize> {
    let end = buffer.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&buffer[..end]).ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let length = end + length.unwrap_or(0);
    (buffer.len() >= length).then_some(length)
}

fn answer(request: &[u8], sends: &AtomicU64) -> String {
    let is = |path: &[u8]| request.windows(path.len().min(request.len())).take(8).any(|window| window == path);
    if is(b"/cgi-bin/message/template/send") {
        let id = sends.fetch_add(1, Ordering::Relaxed);
        return format!(r#"{{"errcode":0,"errmsg":"ok","msgid":{}}}"#, 4_000_000_000_000 + id);
    }
    if is(b"/cgi-bin/message/custom/send") {
        sends.fetch_add(1, Ordering::Relaxed);
        return r#"{"errcode":0,"errmsg":"ok"}"#.to_owned();
    }
    if is(b"/cgi-bin/stable_token") {
        return r#"{"access_token":"84_bare_responder","expires_in":7200}"#.to_owned();
    }
    if is(b"/sends") {
        return sends.load(Ordering::Relaxed).to_string();
    }
    r#"{"errcode":0,"errmsg":"ok"}"#.to_owned()
}

/// The child, from outside.
pub struct Responder {
    pub url: String,
    address: SocketAddr,
    child: Child,
}

impl Responder {
    pub async fn start(folder: &Path) -> Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["responder", "--listen", &address.to_string()]);
        let mut child = Child::start("responder", &mut command, folder)?;
        child.ready(address, "/ready", Duration::from_secs(20)).await?;
        Ok(Self { url: format!("http://{address}"), address, child })
    }

    /// Messages it was asked to send so far.
    pub async fn sends(&self) -> Result<u64> {
        let mut line = Line::open(self.address).await?;
        let request = format!("GET /sends HTTP/1.1\r\nhost: {}\r\n\r\n", self.address);
        let answer = line.exchange(request.as_bytes()).await?;
        Ok(std::str::from_utf8(answer.body)?.trim().parse()?)
    }

    pub fn cost(&self) -> Cost {
        self.child.cost()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_whole_when_its_body_is_there_and_is_known_by_its_path() {
        let request = b"POST /cgi-bin/message/custom/send?access_token=t HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}GET ";
        assert_eq!(whole(request), Some(request.len() - 4));
        assert_eq!(whole(&request[..request.len() - 5]), None);
        let sends = AtomicU64::new(0);
        assert_eq!(answer(request, &sends), r#"{"errcode":0,"errmsg":"ok"}"#);
        assert!(answer(b"POST /cgi-bin/message/template/send HTTP/1.1", &sends).contains("\"msgid\":4000000000001"));
        assert!(answer(b"POST /cgi-bin/stable_token HTTP/1.1", &sends).contains("access_token"));
        assert_eq!(answer(b"GET /sends HTTP/1.1", &sends), "2");
    }
}
