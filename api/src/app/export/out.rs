//! Where the bytes of a file go on their way to the database: as they are, or encrypted to a recipient of age.

mod sealing;

use std::io::{self, Write};

use takedown_core::age::Recipient;

use self::sealing::Sealing;

/// Takes bytes and gives them out again, encrypted where somebody asked for that.
pub(super) struct Out {
    ready: Vec<u8>,
    sealing: Option<Sealing>,
}

impl Out {
    /// For whom it is encrypted, if for anybody.
    ///
    /// # Errors
    /// When the system has no randomness, or nothing can be encrypted to this recipient.
    pub(super) fn new(recipient: Option<&Recipient>) -> io::Result<Self> {
        let mut ready = Vec::new();
        let sealing = recipient
            .map(|recipient| Sealing::begin(recipient, &mut ready))
            .transpose()?;
        Ok(Self { ready, sealing })
    }

    /// What is ready to be stored.
    pub(super) fn drain(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.ready)
    }

    /// Ends what was encrypted; what is ready then is the rest.
    pub(super) fn finish(mut self) -> io::Result<Vec<u8>> {
        if let Some(sealing) = self.sealing.take() {
            sealing.end(&mut self.ready)?;
        }
        Ok(self.ready)
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.sealing {
            Some(sealing) => sealing.take(bytes, &mut self.ready)?,
            None => self.ready.extend_from_slice(bytes),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
