//! WXBizMsgCrypt: AES-256-CBC over `random(16) | length | message | appid`, padded to 32.
//!
//! <https://developers.weixin.qq.com/doc/subscription/guide/dev/push/encryption.html>

use std::fmt;

use aes::Aes256;
use aes::cipher::array::Array;
use aes::cipher::{Block, BlockModeDecrypt, BlockModeEncrypt, InnerIvInit, KeyInit};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use subtle::ConstantTimeEq;

/// 43 characters are 258 bits for a key of 256: three keys in four are not canonical base64, and
/// strict decoders refuse them. WeChat writes padding; some senders in front of it lose it.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Padding rounds up to this, not to the cipher's block of 16.
const PAD_BLOCK: usize = 32;
/// The random prefix and the length of the message.
const HEAD: usize = 20;

/// Why a ciphertext was not opened, or a key not taken. Carries no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    #[error("an EncodingAESKey is 43 letters and digits")]
    Key,
    #[error("the message belongs to another appid")]
    AppId,
    #[error("the ciphertext was made with another key, or damaged")]
    Decrypt,
    #[error("the ciphertext is not base64")]
    Base64,
}

impl CryptoError {
    /// The code Tencent's sample code gives to this failure. It never travels.
    pub fn code(self) -> i32 {
        match self {
            CryptoError::Key => -40004,
            CryptoError::AppId => -40005,
            CryptoError::Decrypt => -40007,
            CryptoError::Base64 => -40010,
        }
    }
}

/// An EncodingAESKey as the console shows it: 43 letters and digits.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EncodingAesKey {
    text: [u8; 43],
    key: [u8; 32],
}

impl EncodingAesKey {
    pub fn parse(text: &str) -> Result<Self, CryptoError> {
        let text: [u8; 43] = text.as_bytes().try_into().map_err(|_| CryptoError::Key)?;
        if !text.iter().all(u8::is_ascii_alphanumeric) {
            return Err(CryptoError::Key);
        }
        let mut key = [0; 32];
        // The decoder reserves room for whole groups of three.
        let mut room = [0; 33];
        let written = LENIENT.decode_slice(text, &mut room).map_err(|_| CryptoError::Key)?;
        key.copy_from_slice(room.get(..written).filter(|key| key.len() == 32).ok_or(CryptoError::Key)?);
        Ok(Self { text, key })
    }

    /// The 43 characters, as they came in. Never log what comes back.
    pub fn expose(&self) -> &str {
        std::str::from_utf8(&self.text).expect("only letters and digits were let in")
    }
}

impl fmt::Debug for EncodingAesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EncodingAesKey(..)")
    }
}

impl PartialEq for EncodingAesKey {
    fn eq(&self, other: &Self) -> bool {
        self.text.ct_eq(&other.text).into()
    }
}

impl Eq for EncodingAesKey {}

impl std::str::FromStr for EncodingAesKey {
    type Err = CryptoError;

    fn from_str(text: &str) -> Result<Self, CryptoError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for EncodingAesKey {
    type Error = CryptoError;

    fn try_from(text: String) -> Result<Self, CryptoError> {
        Self::parse(&text)
    }
}

impl From<EncodingAesKey> for String {
    fn from(key: EncodingAesKey) -> String {
        key.expose().to_owned()
    }
}

/// Which of the two keys an account may have was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyAge {
    Current,
    Previous,
}

/// An opened message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// The XML or JSON document.
    pub message: Vec<u8>,
    /// The key that opened it; the reply is sealed with the same.
    pub key: KeyAge,
}

/// Opens and seals messages of one receiver. Keys are expanded once, here.
#[derive(Clone)]
pub struct MsgCipher {
    app_id: String,
    current: Expanded,
    previous: Option<Expanded>,
}

#[derive(Clone)]
struct Expanded {
    aes: Aes256,
    iv: [u8; 16],
}

impl Expanded {
    fn new(key: &EncodingAesKey) -> Self {
        let mut iv = [0; 16];
        iv.copy_from_slice(&key.key[..16]);
        Self { aes: Aes256::new(&Array(key.key)), iv }
    }
}

impl fmt::Debug for MsgCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MsgCipher").field("app_id", &self.app_id).finish_non_exhaustive()
    }
}

impl MsgCipher {
    /// `app_id` is the account's, or the component's when it acts for accounts.
    /// `previous` is the key before the last change: messages under way still use it.
    pub fn new(app_id: &str, current: EncodingAesKey, previous: Option<EncodingAesKey>) -> Self {
        Self {
            app_id: app_id.to_owned(),
            current: Expanded::new(&current),
            previous: previous.as_ref().map(Expanded::new),
        }
    }

    /// Opens a ciphertext, with the current key or else the previous one. The appid inside must
    /// be ours. Verify the signature first: this tells a wrong key from a right one, not friend from foe.
    pub fn decrypt(&self, base64: &str) -> Result<Opened, CryptoError> {
        let sealed = LENIENT.decode(base64.trim_ascii()).map_err(|_| CryptoError::Base64)?;
        let Some(previous) = &self.previous else {
            return self.open(&self.current, sealed).map(|message| Opened { message, key: KeyAge::Current });
        };
        match self.open(&self.current, sealed.clone()) {
            Ok(message) => Ok(Opened { message, key: KeyAge::Current }),
            Err(first) => {
                let message = self.open(previous, sealed).map_err(|_| first)?;
                Ok(Opened { message, key: KeyAge::Previous })
            }
        }
    }

    fn open(&self, key: &Expanded, mut buffer: Vec<u8>) -> Result<Vec<u8>, CryptoError> {
        let (blocks, rest) = Block::<Aes256>::slice_as_chunks_mut(&mut buffer);
        if !rest.is_empty() || blocks.len() < 2 {
            return Err(CryptoError::Decrypt);
        }
        cbc::Decryptor::inner_iv_init(&key.aes, &Array(key.iv)).decrypt_blocks(blocks);

        let pad = usize::from(*buffer.last().ok_or(CryptoError::Decrypt)?);
        let full =
            buffer.len().checked_sub(pad).filter(|_| (1..=PAD_BLOCK).contains(&pad)).ok_or(CryptoError::Decrypt)?;
        if buffer[full..].iter().any(|&b| usize::from(b) != pad) {
            return Err(CryptoError::Decrypt);
        }
        let length: [u8; 4] =
            buffer[..full].get(16..HEAD).and_then(|b| b.try_into().ok()).ok_or(CryptoError::Decrypt)?;
        let end = usize::try_from(u32::from_be_bytes(length)).ok().and_then(|length| length.checked_add(HEAD));
        let end = end.filter(|&end| end <= full).ok_or(CryptoError::Decrypt)?;
        if buffer[end..full] != *self.app_id.as_bytes() {
            return Err(CryptoError::AppId);
        }
        buffer.truncate(end);
        buffer.drain(..HEAD);
        Ok(buffer)
    }

    /// Seals a message. `random` must be fresh for every one. With [`KeyAge::Previous`] and no
    /// previous key, the current one is used.
    ///
    /// # Panics
    /// When the message is longer than 4 GiB.
    pub fn encrypt(&self, message: &[u8], random: [u8; 16], key: KeyAge) -> String {
        let length = u32::try_from(message.len()).expect("messages are far shorter than 4 GiB");
        let full = HEAD + message.len() + self.app_id.len();
        let pad = PAD_BLOCK - full % PAD_BLOCK;
        let mut buffer = Vec::with_capacity(full + pad);
        buffer.extend_from_slice(&random);
        buffer.extend_from_slice(&length.to_be_bytes());
        buffer.extend_from_slice(message);
        buffer.extend_from_slice(self.app_id.as_bytes());
        buffer.resize(full + pad, u8::try_from(pad).expect("at most 32"));

        let key = match (key, &self.previous) {
            (KeyAge::Previous, Some(previous)) => previous,
            _ => &self.current,
        };
        let (blocks, _) = Block::<Aes256>::slice_as_chunks_mut(&mut buffer);
        cbc::Encryptor::inner_iv_init(&key.aes, &Array(key.iv)).encrypt_blocks(blocks);
        LENIENT.encode(&buffer)
    }
}
