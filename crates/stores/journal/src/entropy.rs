//! Randomness as an argument.

use std::fmt;

/// Where random bytes come from: the system, or a seed in tests and demo.
pub struct Entropy(Box<Fill>);

/// Fills bytes.
type Fill = dyn FnMut(&mut [u8]) + Send;

impl Entropy {
    /// Bytes that somebody gives.
    pub fn new(fill: impl FnMut(&mut [u8]) + Send + 'static) -> Self {
        Self(Box::new(fill))
    }

    /// Bytes of the system.
    #[must_use]
    pub fn system() -> Self {
        #[expect(clippy::expect_used, reason = "a system that gives no random bytes cannot keep a secret")]
        Self::new(|bytes| getrandom_4::fill(bytes).expect("the system gives random bytes"))
    }

    /// The next bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Entropy")
    }
}
