//! How long a call took to be set up, and where the time went.

use crate::time::{Instant, Moment};

/// Something that happens once while a client signs in or a call is set up.
///
/// The numbers are stable: they are what crosses to JavaScript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Milestone {
    /// The sign-in was asked for.
    LoginInitiated = 0,
    /// The socket is open.
    SocketConnected = 1,
    /// The login went out.
    LoginSent = 2,
    /// Calls can be made.
    ClientReady = 3,
    /// Outbound: the call was asked for.
    CallInitiated = 4,
    /// Inbound: the INVITE came.
    InviteReceived = 5,
    /// Inbound: the person answered.
    AnswerInitiated = 6,
    /// There is a peer connection.
    PeerConnectionCreated = 7,
    /// It has all that it needs to negotiate.
    PeerSetupComplete = 8,
    /// The microphone is open.
    MediaDevicesAcquired = 9,
    /// The offer or the answer is being made.
    SdpNegotiationStarted = 10,
    /// It is made.
    LocalSdpCreated = 11,
    /// It is applied.
    LocalSdpSet = 12,
    /// Outbound: the INVITE went out.
    InviteSent = 13,
    /// Inbound: the answer went out.
    AnswerSent = 14,
    /// The other side's description came.
    RemoteSdpReceived = 15,
    /// It is applied.
    RemoteSdpSet = 16,
    /// Outbound: it rings there.
    RemoteSideRinging = 17,
    /// Outbound: the other side answered.
    CallAnsweredByRemote = 18,
    /// Candidates are being gathered.
    IceGatheringStarted = 19,
    /// The first of them.
    FirstIceCandidate = 20,
    /// The first that a STUN server has told.
    FirstReflexiveCandidate = 21,
    /// The first on a TURN server.
    FirstRelayCandidate = 22,
    /// There will be no more.
    IceGatheringComplete = 23,
    /// Ways are being tried.
    IceChecking = 24,
    /// One works.
    IceConnected = 25,
    /// All were tried.
    IceCompleted = 26,
    /// Keys are being exchanged.
    DtlsConnecting = 27,
    /// There are keys.
    DtlsConnected = 28,
    /// The peer connection says that it is connected.
    PeerConnected = 29,
    /// The first packet of audio went out.
    FirstRtpSent = 30,
    /// The first packet of audio came.
    FirstRtpReceived = 31,
    /// Audio flows both ways.
    MediaActive = 32,
    /// The call is active.
    CallActive = 33,
}

/// A while between two milestones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// From the wish to sign in until calls can be made.
    Registration,
    /// From the wish to call, or to answer, until the call is active. It holds the time that it rang.
    CallSetup,
    /// From the wish to call, or to answer, until the first packet of audio came.
    TimeToFirstRtp,
    /// From the first to the last candidate.
    IceGathering,
    /// From the INVITE to the answer. It holds the time that a person took to answer.
    Signalling,
    /// From the first try of a way until audio flows; where that was not seen, until the connection stood.
    MediaEstablishment,
    /// Inbound: how long it rang here.
    AnswerDelay,
}

impl Milestone {
    /// All of them, by number.
    pub const ALL: [Self; 34] = [
        Self::LoginInitiated,
        Self::SocketConnected,
        Self::LoginSent,
        Self::ClientReady,
        Self::CallInitiated,
        Self::InviteReceived,
        Self::AnswerInitiated,
        Self::PeerConnectionCreated,
        Self::PeerSetupComplete,
        Self::MediaDevicesAcquired,
        Self::SdpNegotiationStarted,
        Self::LocalSdpCreated,
        Self::LocalSdpSet,
        Self::InviteSent,
        Self::AnswerSent,
        Self::RemoteSdpReceived,
        Self::RemoteSdpSet,
        Self::RemoteSideRinging,
        Self::CallAnsweredByRemote,
        Self::IceGatheringStarted,
        Self::FirstIceCandidate,
        Self::FirstReflexiveCandidate,
        Self::FirstRelayCandidate,
        Self::IceGatheringComplete,
        Self::IceChecking,
        Self::IceConnected,
        Self::IceCompleted,
        Self::DtlsConnecting,
        Self::DtlsConnected,
        Self::PeerConnected,
        Self::FirstRtpSent,
        Self::FirstRtpReceived,
        Self::MediaActive,
        Self::CallActive,
    ];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LoginInitiated => "loginInitiated",
            Self::SocketConnected => "socketConnected",
            Self::LoginSent => "loginSent",
            Self::ClientReady => "clientReady",
            Self::CallInitiated => "callInitiated",
            Self::InviteReceived => "inviteReceived",
            Self::AnswerInitiated => "answerInitiated",
            Self::PeerConnectionCreated => "peerConnectionCreated",
            Self::PeerSetupComplete => "peerSetupComplete",
            Self::MediaDevicesAcquired => "mediaDevicesAcquired",
            Self::SdpNegotiationStarted => "sdpNegotiationStarted",
            Self::LocalSdpCreated => "localSdpCreated",
            Self::LocalSdpSet => "localSdpSet",
            Self::InviteSent => "inviteSent",
            Self::AnswerSent => "answerSent",
            Self::RemoteSdpReceived => "remoteSdpReceived",
            Self::RemoteSdpSet => "remoteSdpSet",
            Self::RemoteSideRinging => "remoteSideRinging",
            Self::CallAnsweredByRemote => "callAnsweredByRemote",
            Self::IceGatheringStarted => "iceGatheringStarted",
            Self::FirstIceCandidate => "firstIceCandidate",
            Self::FirstReflexiveCandidate => "firstReflexiveCandidate",
            Self::FirstRelayCandidate => "firstRelayCandidate",
            Self::IceGatheringComplete => "iceGatheringComplete",
            Self::IceChecking => "iceChecking",
            Self::IceConnected => "iceConnected",
            Self::IceCompleted => "iceCompleted",
            Self::DtlsConnecting => "dtlsConnecting",
            Self::DtlsConnected => "dtlsConnected",
            Self::PeerConnected => "peerConnected",
            Self::FirstRtpSent => "firstRtpSent",
            Self::FirstRtpReceived => "firstRtpReceived",
            Self::MediaActive => "mediaActive",
            Self::CallActive => "callActive",
        }
    }
}

impl Span {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Registration,
        Self::CallSetup,
        Self::TimeToFirstRtp,
        Self::IceGathering,
        Self::Signalling,
        Self::MediaEstablishment,
        Self::AnswerDelay,
    ];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::CallSetup => "callSetup",
            Self::TimeToFirstRtp => "timeToFirstRtp",
            Self::IceGathering => "iceGathering",
            Self::Signalling => "signalling",
            Self::MediaEstablishment => "mediaEstablishment",
            Self::AnswerDelay => "answerDelay",
        }
    }
}

/// When each milestone was reached.
///
/// The first time counts: what an ICE restart or another connection does once more was no part of the set-up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timings {
    at: Moments,
}

#[derive(Clone, Debug, PartialEq)]
struct Moments([Option<Instant>; Milestone::ALL.len()]);

impl Default for Moments {
    fn default() -> Self {
        Self([None; Milestone::ALL.len()])
    }
}

impl Timings {
    /// A milestone is reached. Whether it is the first time.
    pub fn note(&mut self, milestone: Milestone, now: Instant) -> bool {
        match self.at.0.get_mut(milestone as usize) {
            Some(at @ None) => {
                *at = Some(now);
                true
            }
            Some(Some(_)) | None => false,
        }
    }

    /// When it was reached.
    #[must_use]
    pub fn at(&self, milestone: Milestone) -> Option<Instant> {
        self.at.0.get(milestone as usize).copied().flatten()
    }

    /// How long it took, in seconds. None while one of its ends was not seen, or if they came the other way round.
    #[must_use]
    pub fn seconds(&self, span: Span) -> Option<f64> {
        match span {
            Span::Registration => self.between(Milestone::LoginInitiated, Milestone::ClientReady),
            Span::CallSetup => self.between(self.wish(), Milestone::CallActive),
            Span::TimeToFirstRtp => self.between(self.wish(), Milestone::FirstRtpReceived),
            Span::IceGathering => self.between(Milestone::IceGatheringStarted, Milestone::IceGatheringComplete),
            Span::Signalling => match self.at(Milestone::InviteReceived) {
                None => self.between(Milestone::InviteSent, Milestone::CallAnsweredByRemote),
                Some(_) => self.between(Milestone::InviteReceived, Milestone::AnswerSent),
            },
            Span::MediaEstablishment => self
                .between(Milestone::IceChecking, Milestone::MediaActive)
                .or_else(|| self.between(Milestone::IceChecking, Milestone::PeerConnected)),
            Span::AnswerDelay => self.between(Milestone::InviteReceived, Milestone::AnswerInitiated),
        }
    }

    /// In seconds.
    #[must_use]
    pub fn between(&self, from: Milestone, to: Milestone) -> Option<f64> {
        seconds_between(self.at(from)?, self.at(to)?)
    }

    /// Whose wish it is that there be a call: until then nobody waits.
    pub(super) fn wish(&self) -> Milestone {
        match self.at(Milestone::InviteReceived) {
            None => Milestone::CallInitiated,
            Some(_) => Milestone::AnswerInitiated,
        }
    }
}

/// None if the end came before the beginning.
pub(super) fn seconds_between(from: Instant, to: Instant) -> Option<f64> {
    let (from, to) = (Moment::from(from), Moment::from(to));
    (from <= to).then(|| from.until(to).as_secs_f64())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn noted(milestones: &[(Milestone, u64)]) -> Timings {
        let mut timings = Timings::default();
        for (milestone, millis) in milestones {
            timings.note(*milestone, Instant::START.after(Duration::from_millis(*millis)));
        }
        timings
    }

    fn close(value: Option<f64>, expected: f64) -> bool {
        value.is_some_and(|value| (value - expected).abs() < 1e-9)
    }

    #[test]
    fn every_milestone_stands_at_its_number() {
        for (number, milestone) in Milestone::ALL.into_iter().enumerate() {
            assert_eq!(milestone as usize, number, "{milestone:?}");
        }
    }

    #[test]
    fn an_outbound_call_is_timed_from_the_wish_to_call() {
        let timings = noted(&[
            (Milestone::LoginInitiated, 0),
            (Milestone::ClientReady, 700),
            (Milestone::CallInitiated, 5000),
            (Milestone::IceGatheringStarted, 5020),
            (Milestone::InviteSent, 5100),
            (Milestone::IceGatheringComplete, 5320),
            (Milestone::IceChecking, 9000),
            (Milestone::CallAnsweredByRemote, 9100),
            (Milestone::CallActive, 9150),
            (Milestone::FirstRtpReceived, 9400),
            (Milestone::MediaActive, 9500),
        ]);

        assert!(close(timings.seconds(Span::Registration), 0.7));
        assert!(close(timings.seconds(Span::CallSetup), 4.15));
        assert!(close(timings.seconds(Span::TimeToFirstRtp), 4.4));
        assert!(close(timings.seconds(Span::IceGathering), 0.3));
        assert!(close(timings.seconds(Span::Signalling), 4.0));
        assert!(close(timings.seconds(Span::MediaEstablishment), 0.5));
        assert_eq!(timings.seconds(Span::AnswerDelay), None);
    }

    #[test]
    fn an_inbound_call_is_timed_from_the_answer_and_its_ringing_apart() {
        let timings = noted(&[
            (Milestone::InviteReceived, 1000),
            (Milestone::AnswerInitiated, 8000),
            (Milestone::AnswerSent, 8200),
            (Milestone::IceChecking, 8250),
            (Milestone::PeerConnected, 8500),
            (Milestone::CallActive, 8300),
            (Milestone::FirstRtpReceived, 8600),
        ]);

        assert!(close(timings.seconds(Span::AnswerDelay), 7.0));
        assert!(close(timings.seconds(Span::CallSetup), 0.3));
        assert!(close(timings.seconds(Span::TimeToFirstRtp), 0.6));
        assert!(close(timings.seconds(Span::Signalling), 7.2));
        assert!(close(timings.seconds(Span::MediaEstablishment), 0.25), "audio both ways was not seen");
    }

    #[test]
    fn an_ice_restart_changes_no_time_of_the_set_up() {
        let mut timings = noted(&[(Milestone::IceChecking, 1000), (Milestone::PeerConnected, 1200)]);
        let restarted = Instant::START.after(Duration::from_secs(60));

        assert!(!timings.note(Milestone::IceChecking, restarted));
        assert!(!timings.note(Milestone::PeerConnected, restarted));

        assert!(close(timings.seconds(Span::MediaEstablishment), 0.2));
    }

    #[test]
    fn what_came_the_other_way_round_took_no_time() {
        // A prepared connection gathers before anybody calls.
        let timings = noted(&[(Milestone::CallInitiated, 3000), (Milestone::CallActive, 2000)]);

        assert_eq!(timings.seconds(Span::CallSetup), None);
    }
}
