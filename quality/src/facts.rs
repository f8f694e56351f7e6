//! Facts as numbers. `js/quality/facts.js` writes them.

use offhook_core::By;
use offhook_core::quality::verdict::{CandidateKind, ConnectionState, Ending, Fact, Protocol, Refusal};

/// A fact by its number, with the numbers that belong to it. None of what is not understood.
pub(crate) fn fact(kind: u32, numbers: &[f64]) -> Option<Fact> {
    let number = |place: usize| numbers.get(place).copied().filter(|number| !number.is_nan());
    Some(match kind {
        0 => Fact::MicrophoneRefused(refusal(number(0)?)),
        1 => Fact::MicrophoneOpened,
        2 => Fact::MicrophoneLost,
        3 => Fact::SpokeWhileMuted,
        4 => Fact::PlaybackRefused,
        5 => Fact::PlaybackAllowed,
        6 => Fact::OutputLost,
        7 => Fact::OutputFound,
        8 => Fact::IceServers,
        9 => Fact::Candidate(candidate(number(0)?)?, number(1).and_then(protocol)),
        10 => Fact::CandidateError(number(0)? as u16),
        11 => Fact::Path {
            local: candidate(number(0)?)?,
            remote: candidate(number(1)?)?,
            relay: number(2).and_then(protocol),
        },
        12 => Fact::Connection(connection(number(0)?)?),
        13 => Fact::IceRestarted,
        14 => Fact::NetworkChanged,
        15 => Fact::SocketLost,
        16 => Fact::SocketBack,
        17 => Fact::Paused,
        18 => Fact::NegotiationFailed,
        19 => Fact::Ended(Ending {
            by: by(number(0)?)?,
            cause_code: number(1).map(|code| code as i64),
            sip_code: number(2).map(|code| code as i64),
        }),
        _ => return None,
    })
}

fn refusal(number: f64) -> Refusal {
    let named = [Refusal::Denied, Refusal::Dismissed, Refusal::Blocked, Refusal::NotFound, Refusal::Busy];
    named.into_iter().find(|refusal| f64::from(*refusal as u8) == number).unwrap_or(Refusal::Other)
}

fn candidate(number: f64) -> Option<CandidateKind> {
    let all = [CandidateKind::Host, CandidateKind::Reflexive, CandidateKind::Peer, CandidateKind::Relay];
    all.get(number as usize).copied()
}

fn protocol(number: f64) -> Option<Protocol> {
    let all = [Protocol::Udp, Protocol::Tcp, Protocol::Tls];
    all.into_iter().find(|protocol| f64::from(*protocol as u8) == number)
}

fn connection(number: f64) -> Option<ConnectionState> {
    use ConnectionState::{Connected, Connecting, Disconnected, Failed};
    [Connecting, Connected, Disconnected, Failed].get(number as usize).copied()
}

fn by(number: f64) -> Option<By> {
    [By::Local, By::Remote, By::Server, By::Network, By::Timeout].get(number as usize).copied()
}
