//! Personal fields: acts are never edited, and yet people can be forgotten.
//!
//! In the act stands a [`Personal`]: whose the value is, for which retention class it is kept, and a
//! commitment, sha256(32 bytes of salt ‖ value). Salt and value lie beside the act, sealed with
//! XChaCha20-Poly1305 under a key of the subject and class, a file of its own (`<home>/keys/personal`).
//! To forget is to destroy the key: acts and hashes stay as they are, and the commitment tells nobody
//! anything.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::entropy::Entropy;
use crate::error::JournalError;

/// Bytes of a salt.
const SALT: usize = 32;
/// Bytes of a nonce.
const NONCE: usize = 24;

/// Whose a personal value is, and how long it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Subject {
    /// The person, by an id that is no name: `local:1000`.
    pub subject: String,
    /// The retention class: values of one class are forgotten together.
    pub class: String,
}

/// What stands in an act, a state or a row for a personal value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Personal {
    /// Whose it is.
    #[serde(flatten)]
    pub subject: Subject,
    /// sha256(salt ‖ value).
    pub commitment: Commitment,
}

/// The salted hash of a personal value.
pub type Commitment = model::hash::Sha256;

/// A personal value on its way into the journal.
pub(crate) struct Clear {
    personal: Personal,
    salted: Zeroizing<Vec<u8>>,
}

/// The key of a subject and class.
pub(crate) type SubjectKey = Zeroizing<[u8; 32]>;

fn commitment(salted: &[u8]) -> Commitment {
    <[u8; 32]>::from(Sha256::digest(salted)).into()
}

impl Clear {
    pub(crate) fn new(subject: Subject, value: &str, entropy: &mut Entropy) -> Self {
        let mut salted = Zeroizing::new(entropy.bytes::<SALT>().to_vec());
        salted.extend_from_slice(value.as_bytes());
        let commitment = commitment(&salted);
        Self { personal: Personal { subject, commitment }, salted }
    }

    pub(crate) fn personal(&self) -> Personal {
        self.personal.clone()
    }

    /// The value.
    pub(crate) fn value(&self) -> &str {
        // It was made from a text.
        std::str::from_utf8(&self.salted[SALT..]).unwrap_or_default()
    }

    /// Nonce and sealed salt and value; bound to the commitment.
    pub(crate) fn seal(&self, key: &SubjectKey, entropy: &mut Entropy) -> Result<Vec<u8>, JournalError> {
        let nonce = entropy.bytes::<NONCE>();
        let cipher = XChaCha20Poly1305::new(&Key::from(**key));
        let payload = Payload { msg: &self.salted, aad: self.personal.commitment.bytes() };
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| JournalError::Unsealed)?;
        Ok([&nonce[..], &sealed].concat())
    }
}

/// The value of sealed bytes; none when key, bytes and commitment do not belong together.
pub(crate) fn unseal(commitment: &Commitment, sealed: &[u8], key: &SubjectKey) -> Option<String> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
    let cipher = XChaCha20Poly1305::new(&Key::from(**key));
    let payload = Payload { msg: sealed, aad: commitment.bytes() };
    let salted = Zeroizing::new(cipher.decrypt(&XNonce::from(*nonce), payload).ok()?);
    if self::commitment(&salted) != *commitment {
        return None;
    }
    String::from_utf8(salted.get(SALT..)?.to_vec()).ok()
}

/// Never the value.
impl fmt::Debug for Clear {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.personal, formatter)
    }
}
