//! Lets effects leave: mails and files that acts have ordered.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use courier::{Courier, Stepped};
use intake::Stop;
use model::hash::Sha256;
use tracing::{error, info, warn};

use super::wait;
use crate::books::{look, now, with_cause};
use crate::holder::Held;
use crate::settings::Settings;

/// Time between two looks at what was ordered.
const LOOK: Duration = Duration::from_secs(1);

/// Carries out what is due until the process is to end.
pub fn carry(held: &Arc<Held>, settings: &Settings, stop: &Stop) {
    let open = |hash: &Sha256| -> Result<Option<Box<dyn Read>>, String> {
        let file = look(|who| files::open(held.home(), held.journal().reader(), who, hash));
        let file = file.map_err(|error| with_cause(&error))?;
        Ok(file.map(|file| Box::new(file) as Box<dyn Read>))
    };
    let courier = match Courier::new(held.journal(), settings.courier(), &open) {
        Ok(courier) => courier,
        Err(error) => {
            error!(reason = with_cause(&error), "nothing leaves");
            return;
        }
    };
    loop {
        match courier.step(now(), stop.flag()) {
            Ok(Stepped { delivered, partly, kept, failed, given_up, .. }) => {
                if delivered + kept > 0 {
                    info!(delivered, kept, "carried out");
                }
                if partly > 0 {
                    warn!(partly, "some addresses refused a mail; noroshi outbox --all tells why");
                }
                if failed + given_up > 0 {
                    warn!(failed, given_up, "not carried out; noroshi outbox tells why");
                }
            }
            Err(error) => error!(reason = with_cause(&error), "the outbox cannot be used"),
        }
        if !wait(stop, LOOK) {
            return;
        }
    }
}
