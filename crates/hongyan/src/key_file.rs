//! The file that holds the keys secrets are sealed with. Made at the first start, readable by its owner only.

use std::{io::Write, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use kit::Keyring;
use rand::RngCore;

/// Reads the key file. Makes it when there is none and `may_make`.
pub fn keyring(file: &Path, may_make: bool) -> Result<Keyring, String> {
    if !file.exists() {
        if !may_make {
            return Err(format!(
                "the key file {} is missing, and the database holds secrets sealed with it. Put the file back from your backup",
                file.display()
            ));
        }
        make(file).map_err(|error| format!("cannot make the key file {}: {error}", file.display()))?;
    }
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("cannot read the key file {}: {error}", file.display()))?;
    read(&text).ok_or_else(|| {
        format!(
            "the key file {} is not one: each line must be a number, a colon and 32 bytes in base64",
            file.display()
        )
    })
}

fn read(text: &str) -> Option<Keyring> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let keys: Option<Vec<(u8, [u8; 32])>> = lines
        .map(|line| {
            let (number, key) = line.split_once(':')?;
            Some((number.trim().parse().ok()?, STANDARD.decode(key.trim()).ok()?.try_into().ok()?))
        })
        .collect();
    keys.filter(|keys| !keys.is_empty()).map(Keyring::new)
}

#[expect(clippy::disallowed_methods, reason = "the master key must be unguessable")]
fn make(file: &Path) -> std::io::Result<()> {
    let mut key = [0u8; 32];
    rand::rng().fill_bytes(&mut key);
    let text = format!(
        "# Hongyan's master key. Secrets in the database cannot be read without it: back it up, apart from the database.\n\
         # To change it, add a line with the next number; the last line seals, the others still open.\n1:{}\n",
        STANDARD.encode(key)
    );
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    file.write_all(text.as_bytes())?;
    // A secret sealed with a key that a power cut took away would be lost.
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p25_the_key_file_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("master.key");
        assert!(keyring(&file, false).is_err(), "a missing key is not replaced when secrets need it");
        let sealed = keyring(&file, true).unwrap().seal("here", "word");
        assert_eq!(keyring(&file, false).unwrap().open("here", &sealed).unwrap().expose(), "word");
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions()) & 0o777, 0o600);
        let rotated = format!("{}2:{}\n", std::fs::read_to_string(&file).unwrap(), STANDARD.encode([9u8; 32]));
        std::fs::write(&file, rotated).unwrap();
        assert_eq!(keyring(&file, false).unwrap().open("here", &sealed).unwrap().expose(), "word");
        std::fs::write(&file, "1:short").unwrap();
        assert!(keyring(&file, true).is_err());
    }
}
