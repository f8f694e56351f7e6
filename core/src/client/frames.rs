//! What the gateway says of its own accord.

use super::Client;
use crate::agent;
use crate::call::Call;
use crate::config::Dialect;
use crate::error::{Error, PeerMisbehaved};
use crate::event::Event;
use crate::ids::{CallId, SocketId};
use crate::outbox::{Outbox, Purpose};
use crate::sabotage::{self, Sabotage};
use crate::time::Moment;
use crate::verto::frame::{Frame, Received};
use crate::verto::json::Value;
use crate::verto::message::{Invite, Message};
use crate::verto::method::Method;
use crate::verto::params::Cause;
use crate::warning::Warning;

impl Client {
    pub(super) fn received(&mut self, socket: SocketId, text: &str, now: Moment) {
        self.out.observe_frame(true, text);
        let Ok(frames) = Received::parse(text) else {
            self.odd.tell(Warning::BadFrame, &mut self.out);
            return;
        };
        for Received { frame, voice_sdk_id } in frames {
            if voice_sdk_id.is_some() {
                self.out.voice_sdk_id = voice_sdk_id;
            }
            match frame {
                Frame::Request { id, method, params } => self.request(id, &method, &params, now),
                Frame::Response { id, outcome } => {
                    if let Some(purpose) = self.out.answered(&id) {
                        self.session.answered(now);
                        self.reply(purpose, outcome, now);
                    }
                }
            }
            // A frame may have ended the session: the rest of a batch is late.
            if !self.session.is_current(socket) {
                return;
            }
        }
    }

    fn request(&mut self, id: Option<Value>, name: &str, params: &Value, now: Moment) {
        let method = Method::of(name, self.out.dialect);
        match (id, method, self.out.dialect) {
            // Telnyx wants a ping of ours, not a reply.
            (_, Some(Method::Ping), Dialect::Telnyx) => {}
            (Some(id), _, _) => self.out.acknowledge(id, name),
            (None, _, _) => {}
        }
        let Some(method) = method else {
            self.odd.tell(Warning::UnknownMethod, &mut self.out);
            return;
        };
        if let Some(companion) = &mut self.companion
            && let Some(said) = agent::said(method, params, &self.out)
        {
            companion.hear(said, &mut self.out, now);
            return;
        }
        match Message::decode(method, params, self.out.dialect) {
            Ok(message) => self.message(message, now),
            Err(_) => self.odd.tell(Warning::BadField, &mut self.out),
        }
    }

    fn message(&mut self, message: Message, now: Moment) {
        match message {
            Message::ClientReady(kept) => {
                for call in self.calls.iter_mut().filter(|call| kept.contains(call.id())) {
                    call.claim();
                }
                let turn = self.session.client_ready(&mut self.out, now);
                self.turn(turn, now);
            }
            Message::GatewayState(state) => self.registration(state, now),
            Message::Ping if self.out.dialect == Dialect::Telnyx => {
                self.out.request(Method::Ping, Value::empty(), Purpose::Notice, now);
            }
            Message::Punt => {
                let turn = self.session.punted(&mut self.out, now);
                self.turn(turn, now);
            }
            Message::Invite(invite) => self.invited(*invite, now),
            Message::Attach(call, offer) => self.attach_offered(&call, offer.as_deref(), now),
            Message::Call(call, news) => {
                if let Some((call, out)) = self.spoken_of(&call) {
                    call.hear(news, out, now);
                }
            }
            Message::Ping | Message::Other => {}
        }
    }

    /// The call that the server speaks of.
    pub(super) fn spoken_of(&mut self, id: &CallId) -> Option<(&mut Call, &mut Outbox)> {
        match self.calls.iter_mut().find(|call| call.id() == id) {
            Some(call) => {
                call.claim();
                return Some((call, &mut self.out));
            }
            None if self.ended.contains(id) => {}
            None => self.odd.tell(Warning::UnknownCall, &mut self.out),
        }
        None
    }

    fn invited(&mut self, mut invite: Invite, now: Moment) {
        // A repeated invite is the call that is here, or was: it does not come back from the dead.
        if self.knows(&invite.call) {
            self.spoken_of(&invite.call);
            return;
        }
        let Some(offer) = invite.sdp.take() else {
            let error = Error::PeerMisbehaved(PeerMisbehaved::SdpMissing);
            self.out.event(Event::Error { call: Some(invite.call.clone()), error });
            self.out.bye(&invite.call, Cause::INCOMPATIBLE_DESTINATION, now);
            return;
        };
        if !self.session.takes_calls() {
            self.out.bye(&invite.call, Cause::USER_BUSY, now);
            return;
        }
        let mut call = Call::inbound(invite, offer, self.transport.clone(), now);
        self.out.event(Event::IncomingCall(Box::new(call.snapshot())));
        // One at a time is enough: many calls that ring must not fill the page with peer connections.
        if !self.calls.iter().any(Call::stands_by) {
            call.prepare(&mut self.out, now);
        }
        self.calls.push(call);
    }

    /// The server kept a call. Of one that nobody here wants it has to be told: unanswered, its offer would keep that
    /// call for ever.
    fn attach_offered(&mut self, id: &CallId, offer: Option<&str>, now: Moment) {
        match (self.calls.iter_mut().find(|call| call.id() == id), offer) {
            (Some(call), Some(offer)) => call.attach(offer, &mut self.out, now),
            (Some(_), None) => self.odd.tell(Warning::BadField, &mut self.out),
            (None, _) if sabotage::is(Sabotage::IgnoredAttach) => {}
            (None, Some(offer)) if sabotage::is(Sabotage::LiveMicrophone) => {
                sabotage::go_live(id, offer, &mut self.out);
            }
            (None, _) => self.out.bye(id, Cause::NORMAL_CLEARING, now),
        }
    }
}
