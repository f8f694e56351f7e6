//! Prints every error and warning of the core, one JSON object a line: what the table in `docs/errors.md` is made of.
//!
//! A variant that is added does not compile here until it has its place, a sample and an advice.

use offhook_core::quality;
use offhook_core::{Asked, Error, Lost, MediaError, MediaErrorKind, Misuse, PeerMisbehaved, Refused, Warning};
use serde_json::json;

/// Stands in a message for what differs each time.
const ANY: &str = "…";

fn main() {
    let errors = every(misuse).into_iter().map(Error::Misuse);
    let errors = errors.chain(every(asked).into_iter().map(refused));
    let errors = errors.chain(every(peer_misbehaved).into_iter().map(Error::PeerMisbehaved));
    let errors = errors.chain(every(media).into_iter().map(failed));
    let errors = errors.chain(every(lost).into_iter().map(Error::Lost));
    for error in errors {
        let (kind, advice) = kind_and_advice(&error);
        let (code, fatal, message) = (error.code(), error.fatal(), error.to_string());
        println!("{}", json!({ "code": code, "kind": kind, "fatal": fatal, "message": message, "advice": advice }));
    }
    for warning in every(warning) {
        let (code, message) = (warning.code(), warning.to_string());
        println!("{}", json!({ "code": code, "kind": "warning", "message": message, "advice": heed(warning) }));
    }
    for warning in quality::Warning::ALL {
        let (code, message, advice) = (warning.code(), warning.words(), show(warning));
        println!("{}", json!({ "code": code, "kind": "warning", "message": message, "advice": advice }));
    }
}

/// All values, each after the one before it.
fn every<T: Clone>(next: impl Fn(Option<&T>) -> Option<T>) -> Vec<T> {
    std::iter::successors(next(None), |last| next(Some(last))).collect()
}

fn misuse(last: Option<&Misuse>) -> Option<Misuse> {
    let option = |name: &str| Misuse::Option { name: name.into(), was: ANY.into(), expected: ANY };
    Some(match last {
        None => option(ANY),
        Some(Misuse::Option { name, .. }) if name == ANY => option("token"),
        Some(Misuse::Option { .. }) => Misuse::AlreadyConnected,
        Some(Misuse::AlreadyConnected) => Misuse::NotReady,
        Some(Misuse::NotReady) => Misuse::Closed,
        Some(Misuse::Closed) => Misuse::CallEnded,
        Some(Misuse::CallEnded) => Misuse::DuplicateCall,
        Some(Misuse::DuplicateCall) => Misuse::WrongState { asked: ANY, allowed: ANY },
        Some(Misuse::WrongState { .. }) => Misuse::Unsupported { asked: ANY, dialect: ANY },
        Some(Misuse::Unsupported { .. }) => return None,
    })
}

fn asked(last: Option<&Asked>) -> Option<Asked> {
    Some(match last {
        None => Asked::Login,
        Some(Asked::Login) => Asked::ExpiredLogin,
        Some(Asked::ExpiredLogin) => Asked::Renewal,
        Some(Asked::Renewal) => Asked::Registration,
        Some(Asked::Registration) => Asked::Reregistration,
        Some(Asked::Reregistration) => Asked::Call,
        Some(Asked::Call) => Asked::Answer,
        Some(Asked::Answer) => Asked::Hold,
        Some(Asked::Hold) => Asked::Hangup,
        Some(Asked::Hangup) => Asked::Dtmf,
        Some(Asked::Dtmf) => Asked::Transfer,
        Some(Asked::Transfer) => Asked::Message,
        Some(Asked::Message) => Asked::Media,
        Some(Asked::Media) => Asked::Session,
        Some(Asked::Session) => return None,
    })
}

fn refused(of: Asked) -> Error {
    Error::Refused(Refused { of, server_code: None, server_message: ANY.into() })
}

fn peer_misbehaved(last: Option<&PeerMisbehaved>) -> Option<PeerMisbehaved> {
    Some(match last {
        None => PeerMisbehaved::SdpMissing,
        Some(PeerMisbehaved::SdpMissing) => PeerMisbehaved::SessionMissing,
        Some(PeerMisbehaved::SessionMissing) => return None,
    })
}

fn media(last: Option<&MediaErrorKind>) -> Option<MediaErrorKind> {
    Some(match last {
        None => MediaErrorKind::PermissionDenied,
        Some(MediaErrorKind::PermissionDenied) => MediaErrorKind::PermissionDismissed,
        Some(MediaErrorKind::PermissionDismissed) => MediaErrorKind::PermissionBlocked,
        Some(MediaErrorKind::PermissionBlocked) => MediaErrorKind::DeviceNotFound,
        Some(MediaErrorKind::DeviceNotFound) => MediaErrorKind::DeviceBusy,
        Some(MediaErrorKind::DeviceBusy) => MediaErrorKind::InsecureContext,
        Some(MediaErrorKind::InsecureContext) => MediaErrorKind::Microphone,
        Some(MediaErrorKind::Microphone) => MediaErrorKind::Offer,
        Some(MediaErrorKind::Offer) => MediaErrorKind::Answer,
        Some(MediaErrorKind::Answer) => MediaErrorKind::LocalDescription,
        Some(MediaErrorKind::LocalDescription) => MediaErrorKind::RemoteDescription,
        Some(MediaErrorKind::RemoteDescription) => MediaErrorKind::Stalled,
        Some(MediaErrorKind::Stalled) => MediaErrorKind::Connection,
        Some(MediaErrorKind::Connection) => return None,
    })
}

fn failed(kind: MediaErrorKind) -> Error {
    Error::Media(MediaError { kind, message: String::new() })
}

fn lost(last: Option<&Lost>) -> Option<Lost> {
    Some(match last {
        None => Lost::CannotConnect { url: ANY.into() },
        Some(Lost::CannotConnect { .. }) => Lost::ConnectTimeout { url: ANY.into() },
        Some(Lost::ConnectTimeout { .. }) => Lost::Closed { code: 1006 },
        Some(Lost::Closed { .. }) => Lost::NoReply { to: Asked::Call },
        Some(Lost::NoReply { .. }) => Lost::GaveUp { attempts: 10 },
        Some(Lost::GaveUp { .. }) => Lost::NotReattached,
        Some(Lost::NotReattached) => Lost::NotRecovered,
        Some(Lost::NotRecovered) => Lost::Interrupted,
        Some(Lost::Interrupted) => Lost::NoToken { of: Asked::Login, message: ANY.into() },
        Some(Lost::NoToken { of: Asked::Login, message }) => {
            Lost::NoToken { of: Asked::Renewal, message: message.clone() }
        }
        Some(Lost::NoToken { .. }) => return None,
    })
}

fn warning(last: Option<&Warning>) -> Option<Warning> {
    Some(match last {
        None => Warning::BadFrame,
        Some(Warning::BadFrame) => Warning::UnknownMethod,
        Some(Warning::UnknownMethod) => Warning::UnknownCall,
        Some(Warning::UnknownCall) => Warning::BadField,
        Some(Warning::BadField) => Warning::ConnectivityLost,
        Some(Warning::ConnectivityLost) => Warning::RegionFallback,
        Some(Warning::RegionFallback) => Warning::Offline,
        Some(Warning::Offline) => Warning::TokenExpiring,
        Some(Warning::TokenExpiring) => Warning::NoAudio,
        Some(Warning::NoAudio) => return None,
    })
}

/// The kind as the application sees it, and what whoever can mend it does.
fn kind_and_advice(error: &Error) -> (&'static str, &'static str) {
    match error {
        Error::Misuse(misuse) => ("misuse", correct(misuse)),
        Error::Refused(refused) => ("refused", comply(refused.of)),
        Error::PeerMisbehaved(what) => ("peerMisbehaved", report(*what)),
        Error::Media(media) => ("media", permit(media.kind)),
        Error::Lost(lost) => ("lost", retry(lost)),
    }
}

fn correct(misuse: &Misuse) -> &'static str {
    match misuse {
        Misuse::Option { name, .. } if name == "token" => {
            "Give exactly one of `login` with `password`, `token` or `getToken`, and `anonymous`. The value itself is never in the \
             message."
        }
        Misuse::Option { .. } => "Correct the option that `option` names.",
        Misuse::AlreadyConnected => "Nothing: `connect()` makes a new client each time, and so never tells this.",
        Misuse::NotReady => "Wait until `connect()` has resolved.",
        Misuse::Closed => "Make a new client with `connect()`.",
        Misuse::CallEnded => "Check `call.state` before; only `hangup()` may be called on a call that is over.",
        Misuse::DuplicateCall => "Leave `callId` out, or choose a new random one for each call.",
        Misuse::WrongState { .. } => "Offer the button only in the states that the message names.",
        Misuse::Unsupported { .. } => "Leave what the message names out, or connect to a gateway that has it.",
    }
}

fn comply(asked: Asked) -> &'static str {
    match asked {
        Asked::Login => "Check user, password and domain, or fetch a fresh token: it lasts a day at most.",
        Asked::ExpiredLogin => "Fetch a fresh token, and connect again; with `getToken` that happens by itself.",
        Asked::Renewal => "The session goes on as it was. Fetch a fresh token and give it to `updateToken()`.",
        Asked::Registration => "See `serverMessage` for the registrar's state, and try again later.",
        Asked::Reregistration => "Nothing: the session is brought back, and calls that are up go along.",
        Asked::Call => {
            "See `serverMessage`, and `call.reason` for the cause: a number that may not be called, a caller number \
             that is not yours, no codec in common."
        }
        Asked::Answer => {
            "The caller hung up first, or the gateway cannot use the browser's answer: see `serverMessage`."
        }
        Asked::Hold => "Nothing is lost: the call goes on as before. Try again.",
        Asked::Hangup => "Nothing: here the call is over. The gateway's own clocks end its side.",
        Asked::Dtmf => "What followed was not sent. Ask the person to press again.",
        Asked::Transfer => {
            "Nothing is lost: the call goes on as before. \"call is not bridged\" says that the gateway itself is the other \
             party, such as a recording: only a call between two parties can be handed on."
        }
        Asked::Message => "The message is not in the transcript. See `serverMessage`.",
        Asked::Media => {
            "The gateway could not use the browser's answer when the call was to be brought back: see `serverMessage`."
        }
        Asked::Session => {
            "The same session was opened elsewhere. Do not connect again by yourself: the two would take it from \
             each other in turn."
        }
    }
}

fn report(what: PeerMisbehaved) -> &'static str {
    match what {
        PeerMisbehaved::SdpMissing => "Tell who runs the gateway; the `message` event shows the frame.",
        PeerMisbehaved::SessionMissing => "Tell who runs the gateway: a proxy may have changed the reply to the login.",
    }
}

fn permit(kind: MediaErrorKind) -> &'static str {
    match kind {
        MediaErrorKind::PermissionDenied => {
            "Show the person how to allow the microphone in the site's settings; check `Permissions-Policy` and an \
             iframe's `allow`."
        }
        MediaErrorKind::PermissionDismissed => "Tell what it is for, and ask again at a click.",
        MediaErrorKind::PermissionBlocked => {
            "Give the frame `allow=\"microphone\"`, and do not forbid it by the header `Permissions-Policy`."
        }
        MediaErrorKind::DeviceNotFound => "Connect a microphone, or choose another with `setMicrophone()`.",
        MediaErrorKind::DeviceBusy => "Close the program that uses the microphone, then call again.",
        MediaErrorKind::InsecureContext => "Serve the page over HTTPS, or from localhost.",
        MediaErrorKind::Microphone => {
            "See the browser's words in brackets; connect the microphone anew, or restart the browser."
        }
        MediaErrorKind::Offer | MediaErrorKind::Answer | MediaErrorKind::LocalDescription => {
            "Try once more; if it stays so, report it with the browser's words."
        }
        MediaErrorKind::RemoteDescription => "The gateway offers nothing that this browser speaks: check its codecs.",
        MediaErrorKind::Stalled => {
            "Call again: the person did not answer the browser's question within a minute, or the browser hangs."
        }
        MediaErrorKind::Connection => {
            "The network broke or changed: call again. If no call ever connects, a firewall lets no UDP through: give \
             `iceServers` a TURN server over TCP or TLS."
        }
    }
}

fn retry(lost: &Lost) -> &'static str {
    match lost {
        Lost::CannotConnect { .. } => {
            "Check `url`, the network, the certificate, and `connect-src` of the page's policy; then connect again, \
             each time a little later."
        }
        Lost::ConnectTimeout { .. } => {
            "Connect again. If it stays so, the address is of something that speaks no Verto."
        }
        Lost::Closed { .. } => {
            "Nothing: the client connects again by itself, and `reconnecting` tells how. Calls that nobody had answered \
             have ended with `by: \"network\"`; digits may be sent again when the call is `active`."
        }
        Lost::NoReply { .. } => {
            "Try again. A call or an answer that was not replied to has ended; anything else is as it was."
        }
        Lost::GaveUp { .. } => "Show it, with a button that connects again. `reconnectAttempts: 0` tries without end.",
        Lost::NotReattached => "Offer to call again: a gateway that was restarted has forgotten its calls.",
        Lost::NotRecovered => "Offer to call again. `recoverySeconds` is how long a call may take to come back.",
        Lost::NoToken { of: Asked::Login, .. } => "`connect()` failed: see its words in the message.",
        Lost::NoToken { .. } => "See its words in the message. The session goes on, and it is asked again.",
        Lost::Interrupted => "Wait until the call is `active`, and send the digits again.",
    }
}

fn heed(warning: Warning) -> &'static str {
    match warning {
        Warning::BadFrame | Warning::UnknownMethod | Warning::UnknownCall | Warning::BadField => {
            "Nothing; told once for each socket. Tell who runs the gateway if something is missing; the `message` \
             event shows the frame."
        }
        Warning::ConnectivityLost => "Show it. A call that was answered is brought back if its connection does not.",
        Warning::RegionFallback => "Nothing; `client.region` is `\"auto\"` from here on.",
        Warning::Offline => "Show it. What can be saved is brought back once there is a network.",
        Warning::TokenExpiring => {
            "Fetch a fresh token and give it to `updateToken()`, or give `connect()` a `getToken`."
        }
        Warning::NoAudio => "Show it if the other side should be heard: it may be on hold there, or silent.",
    }
}

/// What to do about a warning of `offhook/quality`, which is told as raised and as cleared.
fn show(warning: quality::Warning) -> &'static str {
    use quality::Warning;
    match warning {
        Warning::HighRtt => {
            "Show it while it stands: the two sides talk over each other. A VPN or a relay may be in the way."
        }
        Warning::HighJitter | Warning::HighLoss | Warning::LowMos => {
            "Show it while it stands, with `advice`: words go missing."
        }
        Warning::SilentMicrophone => "Show which microphone is in use, and let the person choose another.",
        Warning::SilentInbound => "Nothing, as a rule: the other side may be muted, or listen.",
        Warning::OneWay => "Offer to call again; if it stays so, a firewall lets the audio through one way only.",
        Warning::NothingReceived => "Wait: the call is brought back if the audio does not return.",
        Warning::NothingSent => "Let the person choose another microphone.",
        Warning::PairChanged => "Nothing: it explains what may be heard in these seconds.",
        Warning::Echo => "Recommend a headset.",
        Warning::MutedInHardware => "Show it at once: the person speaks, and nobody hears it.",
        Warning::CpuLimited => "Do less in the page; recommend to close other programs.",
        Warning::HighOutboundLoss => {
            "Tell the person that the other side hears them badly; a cable or another network may help."
        }
    }
}
