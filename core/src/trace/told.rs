//! What a client did, as a trace keeps it: enough to notice that a replay does something else, and where.

use crate::output::{Output, SocketCommand};

use super::secrets::Secrets;
use super::words::words;

/// The words for an output; those for a frame end in a number of its content, with its secrets hidden.
pub(super) fn of_output(output: &Output, secrets: &mut Secrets) -> Option<String> {
    let words = words(output)?;
    Some(match output {
        Output::Socket(_, SocketCommand::Send(text)) => {
            format!("{words} {:08x}", fingerprint(&secrets.hide_in_frame(text.clone())))
        }
        Output::Socket(..) | Output::Peer(..) | Output::FetchToken | Output::Event(_) => words,
    })
}

/// FNV-1a, of 32 bits: two different frames that look the same would be one accident in four thousand million.
fn fingerprint(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
