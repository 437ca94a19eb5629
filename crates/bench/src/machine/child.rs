use std::{
    fs::{self, File},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use super::{Cost, cost};
use crate::Result;

/// A process of ours. Killed when dropped.
pub struct Child {
    name: &'static str,
    process: std::process::Child,
    log: PathBuf,
}

/// An address on this machine that nobody listens on now.
pub fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

impl Child {
    /// Starts a process; what it says is added to `<name>.log` in the folder.
    pub fn start(name: &'static str, command: &mut Command, folder: &Path) -> Result<Self> {
        let log = folder.join(format!("{name}.log"));
        let file = File::options().create(true).append(true).open(&log)?;
        let process = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .map_err(|error| format!("{name} ({:?}) does not start: {error}", command.get_program()))?;
        Ok(Self { name, process, log })
    }

    pub fn cost(&self) -> Cost {
        cost(self.process.id())
    }

    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// The end of what it has said, for an error that is to be understood.
    pub fn last_words(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }

    /// Waits until the address answers GET `path` with 200. How long it took.
    pub async fn ready(&mut self, address: SocketAddr, path: &str, patience: Duration) -> Result<Duration> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait()? {
                return Err(
                    format!("{} ended with {status} before it was ready:\n{}", self.name, self.last_words()).into()
                );
            }
            if answers(address, path).await {
                return Ok(begun.elapsed());
            }
            if begun.elapsed() > patience {
                return Err(format!("{} was not ready within {patience:?}:\n{}", self.name, self.last_words()).into());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Waits until it has ended by itself. False when it has not after so long.
    pub async fn ended(&mut self, patience: Duration) -> Result<bool> {
        let begun = Instant::now();
        while begun.elapsed() < patience {
            if self.process.try_wait()?.is_some() {
                return Ok(true);
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(false)
    }

    /// SIGKILL: no chance to write anything more.
    pub fn kill(&mut self) {
        // Gone already is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// SIGSTOP: it stands still, and loses nothing.
    pub fn pause(&self) -> Result {
        self.signal("STOP")
    }

    pub fn resume(&self) -> Result {
        self.signal("CONT")
    }

    fn signal(&self, name: &str) -> Result {
        let sent = Command::new("kill").args(["-s", name, &self.process.id().to_string()]).status()?;
        if sent.success() { Ok(()) } else { Err(format!("{} could not be sent SIG{name}", self.name).into()) }
    }

    /// SIGTERM, and waits until it has ended by itself. How long that took.
    pub async fn stop(mut self) -> Result<Duration> {
        let begun = Instant::now();
        self.signal("TERM")?;
        while begun.elapsed() < Duration::from_secs(30) {
            if self.process.try_wait()?.is_some() {
                return Ok(begun.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err(format!("{} does not end when told to:\n{}", self.name, self.last_words()).into())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
    }
}

async fn answers(address: SocketAddr, path: &str) -> bool {
    let asked = async {
        let mut line = crate::load::Line::open(address).await?;
        let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
        Ok::<_, std::io::Error>(line.exchange(request.as_bytes()).await?.status == 200)
    };
    matches!(tokio::time::timeout(Duration::from_millis(1000), asked).await, Ok(Ok(true)))
}
