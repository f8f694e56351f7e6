//! What may have been wrong with a call, by number and by name.

/// Why a call was bad.
///
/// The numbers and the names are stable, and so is the order of the evidence. Of the evidence, `seconds` are seconds as
/// are `rtt`, `jitter` and `buffer`; `loss`, `concealed`, `share`, `starved` and `received` are shares from 0 to 1;
/// `times`, `errors`, `restarts` and the candidates (`host`, `reflexive`, `relay`) are counts; `fromStart`,
/// `toldBySystem`, `replaced` and `ownVoice` are 1 for yes and 0 for no; `loudest` is a level from 0 to 1; `refusal` is the number
/// of a [`Refusal`](super::Refusal), `protocol` that of a [`Protocol`](super::Protocol). `worst` is of the kind of what
/// stands first beside it, and for the round trip's spikes it is seconds, as `usual` is. What is not known is absent.
///
/// A sentence for each stands with it, in which the evidence has its place.
///
/// | code | name | evidence |
/// |---|---|---|
/// | 0 | `nothingWrong` | `measuredSeconds`, `mos`, `loss`, `rtt`, `jitter` |
/// | 1 | `notMeasured` | `activeSeconds` |
/// | 2 | `unexplained` | `seconds`, `mos` |
/// | 101 | `microphoneMutedInHardware` | `seconds`, `longestSeconds`, `times`, `toldBySystem` |
/// | 102 | `microphoneSilent` | `seconds`, `loudest` |
/// | 103 | `microphoneDenied` | `refusal`, `seconds` |
/// | 104 | `microphoneUnavailable` | `refusal`, `seconds` |
/// | 105 | `microphoneLost` | `seconds`, `times`, `replaced` |
/// | 106 | `spokeWhileMuted` | `times`, `mutedSeconds` |
/// | 107 | `echo` | `seconds`, `times`, `ownVoice` |
/// | 108 | `playbackBlocked` | `seconds` |
/// | 109 | `outputLost` | `seconds`, `times` |
/// | 201 | `nothingReceived` | `seconds`, `share`, `fromStart`, `packets` |
/// | 202 | `otherSideSilent` | `seconds`, `fromStart` |
/// | 203 | `nothingReachesOtherSide` | `seconds`, `loss`, `fromStart` |
/// | 204 | `nothingSent` | `seconds`, `fromStart` |
/// | 301 | `lossInbound` | `loss`, `worst`, `seconds`, `concealed`, `lossOverall` |
/// | 302 | `lossOutbound` | `loss`, `worst`, `seconds` |
/// | 303 | `congestion` | `rtt`, `rttLeast`, `jitter`, `loss`, `seconds` |
/// | 304 | `jitter` | `jitter`, `worst`, `buffer`, `concealed`, `seconds` |
/// | 305 | `longWay` | `rtt`, `rttLeast` |
/// | 306 | `relayDetour` | `rtt`, `rttLeast` |
/// | 307 | `rttSpikes` | `worst`, `usual`, `times`, `seconds` |
/// | 308 | `networkChanged` | `times`, `lostSeconds` |
/// | 309 | `mediaInterrupted` | `seconds`, `longestSeconds`, `times`, `restarts` |
/// | 310 | `mediaLost` | `seconds`, `restarts` |
/// | 401 | `udpBlocked` | `protocol`, `setupSeconds`, `rtt` |
/// | 402 | `onlyHostCandidates` | `errors`, `errorCode` |
/// | 403 | `iceNeverConnected` | `seconds`, `host`, `reflexive`, `relay` |
/// | 404 | `relayRefused` | `errorCode`, `errors` |
/// | 501 | `socketLost` | `times`, `seconds`, `longestSeconds` |
/// | 502 | `slowMicrophone` | `seconds`, `setupSeconds` |
/// | 503 | `slowGathering` | `seconds`, `setupSeconds`, `errors` |
/// | 504 | `slowSignalling` | `seconds`, `setupSeconds` |
/// | 505 | `slowChecks` | `seconds`, `setupSeconds` |
/// | 506 | `slowHandshake` | `seconds`, `setupSeconds` |
/// | 601 | `cpuOverloaded` | `seconds`, `share`, `starved`, `criticalSeconds` |
/// | 602 | `browserThrottled` | `seconds`, `longestSeconds`, `times`, `received` |
/// | 701 | `busy` | `causeCode`, `sipCode` |
/// | 702 | `declined` | `causeCode`, `sipCode` |
/// | 703 | `notFound` | `causeCode`, `sipCode` |
/// | 704 | `notAllowed` | `causeCode`, `sipCode` |
/// | 705 | `noCredit` | `causeCode`, `sipCode` |
/// | 706 | `serverTrouble` | `causeCode`, `sipCode` |
/// | 707 | `notAnswered` | `causeCode`, `sipCode`, `seconds` |
/// | 708 | `notNegotiated` | `causeCode`, `sipCode` |
/// | 709 | `endedByNetwork` | `seconds`, `causeCode` |
/// | 710 | `sessionEnded` | `causeCode`, `sipCode` |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Nothing of all this.
    ///
    /// `Nothing was wrong in {measuredSeconds} s: MOS {mos}, loss {loss}, round trip {rtt}.`
    NothingWrong = 0,
    /// Nobody measured it, as on hold: nothing can be said.
    ///
    /// `The call was active for {activeSeconds} s, and nothing of it was measured.`
    NotMeasured = 1,
    /// The score was low, and nothing here explains it.
    ///
    /// `The quality was poor for {seconds} s (MOS {mos}), and nothing seen explains it.`
    Unexplained = 2,
    /// The headset or the system gave silence while the call was unmuted.
    ///
    /// `Headset muted in hardware: the track was enabled and silent for {seconds} s.`
    MicrophoneMutedInHardware = 101,
    /// Nothing was ever heard from the microphone: it may be the wrong one.
    ///
    /// `Nothing was heard from the microphone in {seconds} s: is it the right one?`
    MicrophoneSilent = 102,
    /// The browser was not allowed to open the microphone.
    ///
    /// `The microphone was not allowed ({refusal}), for {seconds} s.`
    MicrophoneDenied = 103,
    /// There was no microphone, or it could not be opened.
    ///
    /// `The microphone could not be opened ({refusal}), for {seconds} s.`
    MicrophoneUnavailable = 104,
    /// The microphone was unplugged, or taken away.
    ///
    /// `The microphone was unplugged; {replaced: another took over after | none took over for} {seconds} s.`
    MicrophoneLost = 105,
    /// The person spoke into a call that was muted.
    ///
    /// `You spoke {times} times while muted.`
    SpokeWhileMuted = 106,
    /// One side hears itself: the other one's loudspeaker gets into that one's microphone.
    ///
    /// `{ownVoice: You heard yourself | The other side heard itself} for {seconds} s.`
    Echo = 107,
    /// The browser played nothing before the person clicked.
    ///
    /// `The browser played nothing for {seconds} s, until you clicked.`
    PlaybackBlocked = 108,
    /// The loudspeaker or headset went away.
    ///
    /// `The loudspeaker was gone for {seconds} s.`
    OutputLost = 109,
    /// No packets came, though the connection stood.
    ///
    /// `No audio came for {seconds} s{fromStart: , from the start: a firewall or NAT}.`
    NothingReceived = 201,
    /// Packets came with silence in them.
    ///
    /// `The other side was silent for {seconds} s, though its packets came.`
    OtherSideSilent = 202,
    /// None of our packets arrived.
    ///
    /// `Next to nothing you said arrived for {seconds} s: {loss} of the packets were lost.`
    NothingReachesOtherSide = 203,
    /// The browser sent nothing, though it should have.
    ///
    /// `The browser sent no audio for {seconds} s, though it was not muted.`
    NothingSent = 204,
    /// Packets got lost on their way here.
    ///
    /// `{loss} of what came was lost for {seconds} s, {worst} at its worst.`
    LossInbound = 301,
    /// Packets got lost on their way there.
    ///
    /// `{loss} of what you said was lost for {seconds} s, {worst} at its worst.`
    LossOutbound = 302,
    /// Packets waited in a line that grew: somebody else fills the connection.
    ///
    /// `The connection was full for {seconds} s: the round trip rose from {rttLeast} to {rtt}.`
    Congestion = 303,
    /// Packets came unevenly, as over a bad radio link.
    ///
    /// `Packets came unevenly for {seconds} s (jitter {jitter}, up to {worst}).`
    Jitter = 304,
    /// The way to the other side is long, all the time.
    ///
    /// `The way is long: {rtt} there and back, never below {rttLeast}.`
    LongWay = 305,
    /// The way is long, and it leads over a relay.
    ///
    /// `The way over the relay is long: {rtt} there and back, never below {rttLeast}.`
    RelayDetour = 306,
    /// The way was long at times, and nothing else was wrong then.
    ///
    /// `The delay rose {times} times, to {worst} instead of {usual}, for {seconds} s in all.`
    RttSpikes = 307,
    /// The network became another one, as from Wi-Fi to mobile.
    ///
    /// `The network changed {times} times; the audio was gone for {lostSeconds} s.`
    NetworkChanged = 308,
    /// The connection for the audio was lost, and came back.
    ///
    /// `The audio was lost {times} times, for {seconds} s in all, and came back.`
    MediaInterrupted = 309,
    /// The connection for the audio was lost, and did not come back.
    ///
    /// `The audio was lost, and had not come back after {seconds} s.`
    MediaLost = 310,
    /// The audio had to go over TCP or TLS, by way of a relay.
    ///
    /// `UDP was blocked: relay over {protocol} after {setupSeconds} s.`
    UdpBlocked = 401,
    /// Neither STUN nor TURN servers were reached.
    ///
    /// `Neither STUN nor TURN was reached ({errors} errors): only addresses of this network were known.`
    OnlyHostCandidates = 402,
    /// No way for the audio was found.
    ///
    /// `In {seconds} s no way for the audio was found.`
    IceNeverConnected = 403,
    /// A TURN server was reached, and refused.
    ///
    /// `The TURN server refused ({errorCode}): are its credentials right?`
    RelayRefused = 404,
    /// The connection to the gateway was lost.
    ///
    /// `The connection to the server was lost {times} times, for {seconds} s in all.`
    SocketLost = 501,
    /// Setting up the call waited for the microphone, or for the person to allow it.
    ///
    /// `The microphone took {seconds} s to open: was the question for it read late?`
    SlowMicrophone = 502,
    /// Setting up the call waited for candidates: a STUN or TURN server did not answer.
    ///
    /// `Setting up waited {seconds} s for STUN and TURN servers.`
    SlowGathering = 503,
    /// Setting up the call waited for the gateway.
    ///
    /// `Setting up waited {seconds} s for the server.`
    SlowSignalling = 504,
    /// Setting up the call waited until a way for the audio was found.
    ///
    /// `It took {seconds} s to find a way for the audio.`
    SlowChecks = 505,
    /// Setting up the call waited for keys to be exchanged.
    ///
    /// `It took {seconds} s to exchange keys (DTLS).`
    SlowHandshake = 506,
    /// The machine was too busy to keep up with the audio.
    ///
    /// `This machine was too busy for {seconds} s: up to {starved} of the sound was missing.`
    CpuOverloaded = 601,
    /// The browser or the machine slept: nobody measured meanwhile.
    ///
    /// `The browser slept {times} times, for {seconds} s in all; {received} of the audio came meanwhile.` Where that is
    /// absent, the audio went on, and only the page was held back.
    BrowserThrottled = 602,
    /// The other side was busy.
    ///
    /// `The other side was busy ({causeCode}, {sipCode}).`
    Busy = 701,
    /// The other side declined.
    ///
    /// `The other side declined ({causeCode}, {sipCode}).`
    Declined = 702,
    /// There is nobody at that number.
    ///
    /// `There is nobody at this number ({causeCode}, {sipCode}).`
    NotFound = 703,
    /// The account may not make this call.
    ///
    /// `This account may not make this call ({causeCode}, {sipCode}).`
    NotAllowed = 704,
    /// The account has no money left.
    ///
    /// `This account has no credit left ({causeCode}, {sipCode}).`
    NoCredit = 705,
    /// The gateway, or the network of telephones, was in trouble.
    ///
    /// `The server or the telephone network was in trouble ({causeCode}, {sipCode}).`
    ServerTrouble = 706,
    /// Nobody answered, or nobody was to be reached.
    ///
    /// `Nobody answered within {seconds} s.`
    NotAnswered = 707,
    /// The two sides, or the browser, could not agree on the audio.
    ///
    /// `The two sides could not agree on the audio ({causeCode}, {sipCode}).`
    NotNegotiated = 708,
    /// The connection was lost for so long that the call ended.
    ///
    /// `The connection was lost for {seconds} s, and the call ended.`
    EndedByNetwork = 709,
    /// The gateway ended the session, or had lost the call.
    ///
    /// `The server ended the session, or had lost the call.`
    SessionEnded = 710,
}

impl Cause {
    /// All of them.
    pub const ALL: [Self; 48] = [
        Self::NothingWrong,
        Self::NotMeasured,
        Self::Unexplained,
        Self::MicrophoneMutedInHardware,
        Self::MicrophoneSilent,
        Self::MicrophoneDenied,
        Self::MicrophoneUnavailable,
        Self::MicrophoneLost,
        Self::SpokeWhileMuted,
        Self::Echo,
        Self::PlaybackBlocked,
        Self::OutputLost,
        Self::NothingReceived,
        Self::OtherSideSilent,
        Self::NothingReachesOtherSide,
        Self::NothingSent,
        Self::LossInbound,
        Self::LossOutbound,
        Self::Congestion,
        Self::Jitter,
        Self::LongWay,
        Self::RelayDetour,
        Self::RttSpikes,
        Self::NetworkChanged,
        Self::MediaInterrupted,
        Self::MediaLost,
        Self::UdpBlocked,
        Self::OnlyHostCandidates,
        Self::IceNeverConnected,
        Self::RelayRefused,
        Self::SocketLost,
        Self::SlowMicrophone,
        Self::SlowGathering,
        Self::SlowSignalling,
        Self::SlowChecks,
        Self::SlowHandshake,
        Self::CpuOverloaded,
        Self::BrowserThrottled,
        Self::Busy,
        Self::Declined,
        Self::NotFound,
        Self::NotAllowed,
        Self::NoCredit,
        Self::ServerTrouble,
        Self::NotAnswered,
        Self::NotNegotiated,
        Self::EndedByNetwork,
        Self::SessionEnded,
    ];

    /// The stable number.
    #[must_use]
    pub fn code(self) -> u32 {
        self as u32
    }

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NothingWrong => "nothingWrong",
            Self::NotMeasured => "notMeasured",
            Self::Unexplained => "unexplained",
            Self::MicrophoneMutedInHardware => "microphoneMutedInHardware",
            Self::MicrophoneSilent => "microphoneSilent",
            Self::MicrophoneDenied => "microphoneDenied",
            Self::MicrophoneUnavailable => "microphoneUnavailable",
            Self::MicrophoneLost => "microphoneLost",
            Self::SpokeWhileMuted => "spokeWhileMuted",
            Self::Echo => "echo",
            Self::PlaybackBlocked => "playbackBlocked",
            Self::OutputLost => "outputLost",
            Self::NothingReceived => "nothingReceived",
            Self::OtherSideSilent => "otherSideSilent",
            Self::NothingReachesOtherSide => "nothingReachesOtherSide",
            Self::NothingSent => "nothingSent",
            Self::LossInbound => "lossInbound",
            Self::LossOutbound => "lossOutbound",
            Self::Congestion => "congestion",
            Self::Jitter => "jitter",
            Self::LongWay => "longWay",
            Self::RelayDetour => "relayDetour",
            Self::RttSpikes => "rttSpikes",
            Self::NetworkChanged => "networkChanged",
            Self::MediaInterrupted => "mediaInterrupted",
            Self::MediaLost => "mediaLost",
            Self::UdpBlocked => "udpBlocked",
            Self::OnlyHostCandidates => "onlyHostCandidates",
            Self::IceNeverConnected => "iceNeverConnected",
            Self::RelayRefused => "relayRefused",
            Self::SocketLost => "socketLost",
            Self::SlowMicrophone => "slowMicrophone",
            Self::SlowGathering => "slowGathering",
            Self::SlowSignalling => "slowSignalling",
            Self::SlowChecks => "slowChecks",
            Self::SlowHandshake => "slowHandshake",
            Self::CpuOverloaded => "cpuOverloaded",
            Self::BrowserThrottled => "browserThrottled",
            Self::Busy => "busy",
            Self::Declined => "declined",
            Self::NotFound => "notFound",
            Self::NotAllowed => "notAllowed",
            Self::NoCredit => "noCredit",
            Self::ServerTrouble => "serverTrouble",
            Self::NotAnswered => "notAnswered",
            Self::NotNegotiated => "notNegotiated",
            Self::EndedByNetwork => "endedByNetwork",
            Self::SessionEnded => "sessionEnded",
        }
    }

    /// The names of its evidence, in order.
    #[must_use]
    pub fn fields(self) -> &'static [&'static str] {
        match self {
            Self::NothingWrong => &["measuredSeconds", "mos", "loss", "rtt", "jitter"],
            Self::NotMeasured => &["activeSeconds"],
            Self::Unexplained => &["seconds", "mos"],
            Self::MicrophoneMutedInHardware => &["seconds", "longestSeconds", "times", "toldBySystem"],
            Self::MicrophoneSilent => &["seconds", "loudest"],
            Self::MicrophoneDenied | Self::MicrophoneUnavailable => &["refusal", "seconds"],
            Self::MicrophoneLost => &["seconds", "times", "replaced"],
            Self::SpokeWhileMuted => &["times", "mutedSeconds"],
            Self::Echo => &["seconds", "times", "ownVoice"],
            Self::OutputLost => &["seconds", "times"],
            Self::PlaybackBlocked => &["seconds"],
            Self::NothingReceived => &["seconds", "share", "fromStart", "packets"],
            Self::OtherSideSilent | Self::NothingSent => &["seconds", "fromStart"],
            Self::NothingReachesOtherSide => &["seconds", "loss", "fromStart"],
            Self::LossInbound => &["loss", "worst", "seconds", "concealed", "lossOverall"],
            Self::LossOutbound => &["loss", "worst", "seconds"],
            Self::Congestion => &["rtt", "rttLeast", "jitter", "loss", "seconds"],
            Self::Jitter => &["jitter", "worst", "buffer", "concealed", "seconds"],
            Self::LongWay | Self::RelayDetour => &["rtt", "rttLeast"],
            Self::RttSpikes => &["worst", "usual", "times", "seconds"],
            Self::NetworkChanged => &["times", "lostSeconds"],
            Self::MediaInterrupted => &["seconds", "longestSeconds", "times", "restarts"],
            Self::MediaLost => &["seconds", "restarts"],
            Self::UdpBlocked => &["protocol", "setupSeconds", "rtt"],
            Self::OnlyHostCandidates => &["errors", "errorCode"],
            Self::IceNeverConnected => &["seconds", "host", "reflexive", "relay"],
            Self::RelayRefused => &["errorCode", "errors"],
            Self::SocketLost => &["times", "seconds", "longestSeconds"],
            Self::SlowMicrophone | Self::SlowSignalling | Self::SlowChecks | Self::SlowHandshake => {
                &["seconds", "setupSeconds"]
            }
            Self::SlowGathering => &["seconds", "setupSeconds", "errors"],
            Self::CpuOverloaded => &["seconds", "share", "starved", "criticalSeconds"],
            Self::BrowserThrottled => &["seconds", "longestSeconds", "times", "received"],
            Self::Busy
            | Self::Declined
            | Self::NotFound
            | Self::NotAllowed
            | Self::NoCredit
            | Self::ServerTrouble
            | Self::NotNegotiated
            | Self::SessionEnded => &["causeCode", "sipCode"],
            Self::NotAnswered => &["causeCode", "sipCode", "seconds"],
            Self::EndedByNetwork => &["seconds", "causeCode"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_what_the_code_says() {
        let source = include_str!("cause.rs");
        let rows: Vec<&str> = source.lines().filter(|line| line.starts_with("/// | ")).skip(1).collect();
        let said = Cause::ALL.map(|cause| {
            let fields: Vec<String> = cause.fields().iter().map(|field| format!("`{field}`")).collect();
            format!("/// | {} | `{}` | {} |", cause.code(), cause.name(), fields.join(", "))
        });

        assert_eq!(rows, said);
    }

    #[test]
    fn numbers_and_names_are_one_each() {
        for (i, cause) in Cause::ALL.into_iter().enumerate() {
            let twins =
                Cause::ALL.into_iter().filter(|twin| twin.code() == cause.code() || twin.name() == cause.name());
            assert_eq!(twins.count(), 1, "{i}: {cause:?}");
            assert!(cause.fields().len() <= super::super::EVIDENCE, "{cause:?}");
        }
    }
}
