//! What an application gathers of a call while it lasts.

use std::time::Duration;

use offhook_core::Instant;
use offhook_core::quality::verdict::*;
use offhook_core::quality::*;

use super::world::{Plan, SetUp};

/// What gathers the evidence.
pub struct Page {
    pub evidence: Evidence,
    pub quality: Quality,
    pub timings: Timings,
}

impl Page {
    pub fn new() -> Self {
        let began = instant(0.0);
        Self { evidence: Evidence::new(began), quality: Quality::default(), timings: Timings::default() }
    }

    pub fn fact(&mut self, fact: Fact, at: f64) {
        self.evidence.fact(fact, instant(at));
    }

    fn note(&mut self, milestone: Milestone, at: f64) {
        self.timings.note(milestone, instant(at));
    }

    /// When the call is active.
    pub fn set_up(&mut self, plan: &Plan) -> f64 {
        let SetUp { microphone, gathering, waits, gateway, tells_ringing, person, checks, handshake } = plan.setup;
        for (at, fact) in &plan.before {
            self.fact(*fact, *at);
        }
        let wish = if plan.is_inbound { person } else { 0.0 };
        let is_refused = plan.before.iter().any(|(_, fact)| matches!(fact, Fact::MicrophoneRefused(_)));
        if plan.is_inbound {
            self.note(Milestone::InviteReceived, 0.0);
            if plan.is_active || is_refused {
                self.note(Milestone::AnswerInitiated, wish);
            }
        } else {
            self.note(Milestone::CallInitiated, 0.0);
        }
        if !plan.is_active && (is_refused || plan.is_inbound) {
            return wish;
        }
        let acquired = wish + microphone;
        self.note(Milestone::MediaDevicesAcquired, acquired);
        self.note(Milestone::IceGatheringStarted, acquired + 0.01);
        self.note(Milestone::IceGatheringComplete, acquired + 0.01 + gathering);
        let sent = acquired + if waits { 0.02 + gathering } else { 0.05 };
        let agreed = if plan.is_inbound {
            self.note(Milestone::AnswerSent, sent);
            sent + gateway
        } else {
            self.note(Milestone::InviteSent, sent);
            if tells_ringing {
                self.note(Milestone::RemoteSideRinging, sent + gateway);
            }
            if !plan.is_active {
                return sent + gateway;
            }
            let answered = sent + gateway + person;
            self.note(Milestone::RemoteSdpReceived, answered);
            self.note(Milestone::CallAnsweredByRemote, answered);
            answered
        };
        self.note(Milestone::CallActive, agreed);
        self.note(Milestone::IceChecking, agreed + 0.01);
        self.fact(Fact::Connection(ConnectionState::Connecting), agreed + 0.01);
        if !plan.never_connects() {
            let found = agreed + 0.01 + checks;
            self.note(Milestone::IceConnected, found);
            self.note(Milestone::DtlsConnecting, found);
            self.note(Milestone::DtlsConnected, found + handshake);
            self.note(Milestone::PeerConnected, found + handshake);
        }
        agreed
    }
}

pub fn instant(at: f64) -> Instant {
    let since = Duration::from_secs_f64(at.max(0.0) + 1.0);
    Instant { monotonic: since, wall: since }
}
