//! Faults of this client, for tests that have to notice them. Without the feature there are none, and nothing of them is
//! compiled.

use crate::ids::CallId;
use crate::outbox::Outbox;
use crate::output::{PeerCommand, PeerConfig};

/// Something that this client does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sabotage {
    /// What a socket says that was given up is believed.
    LateClose,
    /// A hang-up is forgotten while the call is being brought back.
    ForgottenHangup,
    /// An offer for a call that is over is not answered.
    IgnoredAttach,
    /// An offer for a call that is over is answered, and the microphone is live.
    LiveMicrophone,
    /// Each loss gives a call its whole time anew.
    EndlessBudget,
    /// A reload does.
    RefreshedBudget,
    /// A call that comes back is not muted.
    LostMute,
    /// A call that comes back is not on hold.
    LostHold,
    /// A call is said to be back before anything is heard.
    UnprovenSuccess,
    /// What digits became of is not told if the socket is lost.
    UnsettledPromise,
    /// The peer connection that carried a call before stays open.
    LeakedPeer,
    /// Attempts to connect follow each other without a pause.
    NoPause,
    /// Whoever is put out by another connection comes back.
    Fight,
}

#[cfg(feature = "sabotage")]
impl Sabotage {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::LateClose,
        Self::ForgottenHangup,
        Self::IgnoredAttach,
        Self::LiveMicrophone,
        Self::EndlessBudget,
        Self::RefreshedBudget,
        Self::LostMute,
        Self::LostHold,
        Self::UnprovenSuccess,
        Self::UnsettledPromise,
        Self::LeakedPeer,
        Self::NoPause,
        Self::Fight,
    ];

    /// From here on every client of this thread has this fault, or none.
    pub fn commit(fault: Option<Self>) {
        COMMITTED.set(fault);
    }
}

#[cfg(feature = "sabotage")]
thread_local! {
    static COMMITTED: std::cell::Cell<Option<Sabotage>> = const { std::cell::Cell::new(None) };
}

#[cfg(feature = "sabotage")]
pub(crate) fn is(fault: Sabotage) -> bool {
    COMMITTED.get() == Some(fault)
}

#[cfg(not(feature = "sabotage"))]
pub(crate) const fn is(_: Sabotage) -> bool {
    false
}

/// Answers an offer that nobody wants.
pub(crate) fn go_live(call: &CallId, offer: &str, out: &mut Outbox) {
    let peer = out.new_peer();
    out.peer(peer, PeerCommand::Open(PeerConfig { ice_servers: [].into(), relay_only: false }));
    out.peer(peer, PeerCommand::Answer { offer: offer.to_string() });
    out.peer(peer, PeerCommand::Engage { call: call.clone(), muted: false });
}
