//! A call, as the page holds it.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Date, Function, Promise};
use offhook_core::{
    CallId, CallOptions, CallSnapshot, CallState, Command, Direction, Misuse, Sample, TelnyxIds, Termination,
};
use wasm_bindgen::prelude::*;
use web_sys::MediaStream;

use crate::error::misuse;
use crate::events;
use crate::listeners::Listeners;
use crate::options;
use crate::switchboard::Switchboard;

/// What is known of a call, from its first moment to its last.
pub(crate) struct Line {
    snapshot: RefCell<CallSnapshot>,
    stats: Cell<Option<Sample>>,
    pub(crate) listeners: Rc<Listeners>,
    /// The one object that the page sees. Let go of when the call ends, or it could never be collected: a listener
    /// holds the object, and the object holds the listeners.
    object: RefCell<JsValue>,
}

impl Line {
    pub(crate) fn new(snapshot: CallSnapshot, board: Weak<Switchboard>) -> Rc<Self> {
        let line = Rc::new(Self {
            snapshot: RefCell::new(snapshot),
            stats: Cell::new(None),
            listeners: Rc::default(),
            object: RefCell::new(JsValue::UNDEFINED),
        });
        line.object.replace(Call { line: Rc::clone(&line), board }.into());
        line
    }

    pub(crate) fn object(&self) -> JsValue {
        self.object.borrow().clone()
    }

    pub(crate) fn id(&self) -> CallId {
        self.snapshot.borrow().id.clone()
    }

    pub(crate) fn is(&self, id: &CallId) -> bool {
        self.snapshot.borrow().id == *id
    }

    pub(crate) fn update(&self, snapshot: CallSnapshot) {
        self.snapshot.replace(snapshot);
    }

    pub(crate) fn count(&self, sample: Sample) {
        self.stats.set(Some(sample));
    }

    /// The call is over, and everybody was told.
    pub(crate) fn let_go(&self) {
        self.listeners.clear();
        self.object.replace(JsValue::UNDEFINED);
    }

    pub(crate) fn is_done(&self) -> bool {
        self.snapshot.borrow().state == CallState::Done
    }
}

/// A call that was made just now, before the core has said anything of it.
pub(crate) fn first_snapshot(id: CallId, options: &CallOptions) -> CallSnapshot {
    let number = options.destination_number.clone();
    let number = (!number.is_empty()).then_some(number);
    CallSnapshot {
        id,
        direction: Direction::Outbound,
        state: CallState::New,
        early_media: false,
        media_connected: false,
        muted: options.muted,
        remote_name: None,
        remote_number: number.clone(),
        destination_number: number,
        client_state: options.client_state.clone(),
        custom_headers: options.custom_headers.clone(),
        telnyx_ids: TelnyxIds::default(),
        started_connecting_at: None,
        connected_at: None,
        answered_at: None,
        termination: None,
    }
}

/// One call: `Call` in `types.d.ts`.
#[wasm_bindgen(skip_typescript)]
pub struct Call {
    line: Rc<Line>,
    board: Weak<Switchboard>,
}

#[wasm_bindgen]
#[expect(missing_docs, reason = "types.d.ts documents it, for those who see it")]
impl Call {
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> String {
        self.line.snapshot.borrow().id.to_string()
    }

    #[wasm_bindgen(getter)]
    pub fn direction(&self) -> String {
        events::direction(self.line.snapshot.borrow().direction).into()
    }

    #[wasm_bindgen(getter)]
    pub fn state(&self) -> String {
        events::state(self.line.snapshot.borrow().state).into()
    }

    #[wasm_bindgen(getter, js_name = earlyMedia)]
    pub fn early_media(&self) -> bool {
        self.line.snapshot.borrow().early_media
    }

    #[wasm_bindgen(getter, js_name = mediaConnected)]
    pub fn media_connected(&self) -> bool {
        self.line.snapshot.borrow().media_connected
    }

    #[wasm_bindgen(getter)]
    pub fn muted(&self) -> bool {
        self.line.snapshot.borrow().muted
    }

    #[wasm_bindgen(getter, js_name = remoteName)]
    pub fn remote_name(&self) -> Option<String> {
        self.line.snapshot.borrow().remote_name.clone()
    }

    #[wasm_bindgen(getter, js_name = remoteNumber)]
    pub fn remote_number(&self) -> Option<String> {
        self.line.snapshot.borrow().remote_number.clone()
    }

    #[wasm_bindgen(getter, js_name = destinationNumber)]
    pub fn destination_number(&self) -> Option<String> {
        self.line.snapshot.borrow().destination_number.clone()
    }

    #[wasm_bindgen(getter, js_name = clientState)]
    pub fn client_state(&self) -> Option<String> {
        self.line.snapshot.borrow().client_state.clone()
    }

    #[wasm_bindgen(getter, js_name = customHeaders)]
    pub fn custom_headers(&self) -> JsValue {
        events::headers(&self.line.snapshot.borrow().custom_headers)
    }

    #[wasm_bindgen(getter, js_name = telnyxIds)]
    pub fn telnyx_ids(&self) -> JsValue {
        events::telnyx_ids(&self.line.snapshot.borrow().telnyx_ids)
    }

    #[wasm_bindgen(getter, js_name = startedConnectingAt)]
    pub fn started_connecting_at(&self) -> Option<Date> {
        events::date(self.line.snapshot.borrow().started_connecting_at)
    }

    #[wasm_bindgen(getter, js_name = connectedAt)]
    pub fn connected_at(&self) -> Option<Date> {
        events::date(self.line.snapshot.borrow().connected_at)
    }

    #[wasm_bindgen(getter, js_name = answeredAt)]
    pub fn answered_at(&self) -> Option<Date> {
        events::date(self.line.snapshot.borrow().answered_at)
    }

    #[wasm_bindgen(getter)]
    pub fn reason(&self) -> JsValue {
        let snapshot = self.line.snapshot.borrow();
        snapshot.termination.as_ref().map_or(JsValue::UNDEFINED, |reason: &Termination| events::termination(reason))
    }

    #[wasm_bindgen(getter)]
    pub fn stats(&self) -> JsValue {
        self.line.stats.get().map_or(JsValue::UNDEFINED, |sample| events::stats(&sample))
    }

    #[wasm_bindgen(getter, js_name = remoteStream)]
    pub fn remote_stream(&self) -> Option<MediaStream> {
        self.board.upgrade()?.driver().peer_of(&self.line.id())?.remote_stream()
    }

    #[wasm_bindgen(getter, js_name = localStream)]
    pub fn local_stream(&self) -> Option<MediaStream> {
        self.board.upgrade()?.driver().peer_of(&self.line.id())?.local_stream()
    }

    pub fn answer(&self, options: &JsValue) -> Promise {
        let options = options::answer(options);
        self.promise(|call| Ok(Command::Answer { call, options: options? }))
    }

    pub fn hangup(&self) -> Result<(), JsValue> {
        if self.line.is_done() {
            return Ok(());
        }
        self.order(|call| Command::Hangup { call })
    }

    pub fn hold(&self) -> Promise {
        self.promise(|call| Ok(Command::Hold { call }))
    }

    pub fn unhold(&self) -> Promise {
        self.promise(|call| Ok(Command::Unhold { call }))
    }

    pub fn mute(&self) -> Result<(), JsValue> {
        self.order(|call| Command::SetMuted { call, muted: true })
    }

    pub fn unmute(&self) -> Result<(), JsValue> {
        self.order(|call| Command::SetMuted { call, muted: false })
    }

    pub fn dtmf(&self, digits: &JsValue) -> Promise {
        let digits = options::text("digits", digits);
        self.promise(|call| Ok(Command::Dtmf { call, digits: digits? }))
    }

    pub fn on(&self, event: &JsValue, listener: &JsValue, options: &JsValue) -> Result<Function, JsValue> {
        let add = || {
            self.board()?;
            let event = options::event(&events::CALL_EVENTS, events::CALL_EVENT_NAMES, event)?;
            Ok(self.line.listeners.add(event, options::listener(listener)?, options::listen(options)?))
        };
        add().map_err(misuse)
    }

    /// What never awaits its outcome throws; what returns a promise rejects it.
    fn order(&self, command: impl FnOnce(CallId) -> Command) -> Result<(), JsValue> {
        self.board().and_then(|board| board.order(command(self.line.id()))).map_err(misuse)
    }

    fn promise(&self, command: impl FnOnce(CallId) -> Result<Command, Misuse>) -> Promise {
        let promise = self.board().and_then(|board| board.promise(command(self.line.id())?));
        promise.unwrap_or_else(|error| Promise::reject(&misuse(error)))
    }

    fn board(&self) -> Result<Rc<Switchboard>, Misuse> {
        if self.line.is_done() {
            return Err(Misuse::CallEnded);
        }
        self.board.upgrade().filter(|board| !board.is_closed()).ok_or(Misuse::Closed)
    }
}
