//! One client's calls, listeners and promises: where what the core says becomes what the page hears.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Promise};
use offhook_core::{
    Accepted, CallId, CallOptions, CallSnapshot, CallState, Client, Command, Dialect, Error, Event, Misuse, Region,
    Sample, SessId, Ticket,
};
use wasm_bindgen::prelude::*;
use web_sys::PageTransitionEvent;

use crate::call::{Line, first_snapshot};
use crate::driver::listener::Listener;
use crate::driver::live::Live;
use crate::driver::{Audience, Driver, clock};
use crate::error::{misuse, to_js};
use crate::events;
use crate::js::Builder;
use crate::listeners::Listeners;
use crate::options::ConnectOptions;

thread_local! {
    /// Every client that is not closed. Dropping a handle never ends a call.
    static OPEN: RefCell<Vec<Rc<Switchboard>>> = const { RefCell::new(Vec::new()) };
}

/// Listeners that answer each event with a command that causes another must not freeze the page: the rest waits for
/// the browser's next turn.
const MOST_IN_ONE_TURN: usize = 1000;

/// Not in the core's list, because the core knows nothing of loudspeakers.
const PLAYBACK_REFUSED: (f64, &str) =
    (61101.0, "the browser plays no sound before the person has touched the page; it plays at the next click or key");

/// One client.
pub(crate) struct Switchboard {
    driver: Rc<Driver>,
    pub(crate) dialect: Dialect,
    pub(crate) region: Option<Region>,
    url: RefCell<String>,
    sessid: RefCell<Option<String>>,
    ready: Cell<bool>,
    lines: RefCell<Vec<Rc<Line>>>,
    listeners: Rc<Listeners>,
    waiting: RefCell<Vec<(Ticket, Waiting)>>,
    news: RefCell<VecDeque<News>>,
    speaking: Cell<Speaking>,
    next_turn: RefCell<Option<Timeout>>,
    closing: RefCell<Option<Promise>>,
    farewell: Cell<Option<Ticket>>,
    over: Cell<bool>,
    closed: Cell<bool>,
    page: RefCell<Option<Listener>>,
    me: Weak<Self>,
}

/// A promise that the application holds.
struct Waiting {
    resolve: Function,
    reject: Function,
    _live: Live,
}

/// What the application has yet to hear.
enum News {
    Client(&'static str, JsValue),
    Warning(Option<Rc<Line>>, f64, String),
    Error(Option<Rc<Line>>, Error),
    Incoming(Rc<Line>),
    State(Rc<Line>, Box<CallSnapshot>, CallState),
    Updated(Rc<Line>),
    Stats(Rc<Line>, Sample),
    Gone(Rc<Line>),
    Closed,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaking {
    /// `connect()` has not resolved: nobody can have a listener yet, and nothing shall be missed.
    NotYet,
    Silent,
    Now,
}

impl Switchboard {
    pub(crate) fn open(options: ConnectOptions) -> Result<Rc<Self>, Misuse> {
        let (dialect, region) = (options.core.dialect, options.core.region);
        let dialect = dialect.unwrap_or_else(|| Dialect::of(options.core.url.as_deref()));
        let url = options.core.url.clone().unwrap_or_default();
        let [a, b, c, d, e, f, g, h, ..] = clock::random();
        let seed = u64::from_le_bytes([a, b, c, d, e, f, g, h]);
        let core = Client::new(options.core, SessId::from_random(clock::random()), seed)?;
        let board = Rc::new_cyclic(|me: &Weak<Self>| Self {
            driver: Driver::new(core, options.microphone, options.speaker, me.clone()),
            dialect,
            region,
            url: RefCell::new(url),
            sessid: RefCell::default(),
            ready: Cell::new(false),
            lines: RefCell::default(),
            listeners: Rc::default(),
            waiting: RefCell::default(),
            news: RefCell::default(),
            speaking: Cell::new(Speaking::NotYet),
            next_turn: RefCell::default(),
            closing: RefCell::default(),
            farewell: Cell::new(None),
            over: Cell::new(false),
            closed: Cell::new(false),
            page: RefCell::default(),
            me: me.clone(),
        });
        board.watch_page();
        OPEN.with_borrow_mut(|open| open.push(Rc::clone(&board)));
        Ok(board)
    }

    pub(crate) fn driver(&self) -> &Driver {
        &self.driver
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.ready.get()
    }

    pub(crate) fn url(&self) -> String {
        self.url.borrow().clone()
    }

    pub(crate) fn sessid(&self) -> Option<String> {
        self.sessid.borrow().clone()
    }

    pub(crate) fn listeners(&self) -> &Rc<Listeners> {
        &self.listeners
    }

    pub(crate) fn calls(&self) -> Array {
        self.lines.borrow().iter().filter(|line| !line.is_done()).map(|line| line.object()).collect()
    }

    pub(crate) fn new_call(&self, id: Option<CallId>, options: CallOptions) -> Result<JsValue, Misuse> {
        let id = id.unwrap_or_else(|| CallId::from_random(clock::random()));
        let snapshot = first_snapshot(id.clone(), &options);
        self.driver.command(Command::NewCall { call: id, options })?;
        let line = Line::new(snapshot, self.me.clone());
        self.lines.borrow_mut().push(Rc::clone(&line));
        let object = line.object();
        self.driver.run();
        Ok(object)
    }

    /// Puts a wish that has no outcome.
    pub(crate) fn order(&self, command: Command) -> Result<(), Misuse> {
        self.driver.command(command)?;
        self.driver.run();
        Ok(())
    }

    /// Puts a wish; the promise is its outcome.
    pub(crate) fn promise(&self, command: Command) -> Result<Promise, Misuse> {
        let Accepted { ticket } = self.driver.command(command)?;
        let promise = match ticket {
            Some(ticket) => self.wait_for(ticket),
            None => Promise::resolve(&JsValue::UNDEFINED),
        };
        self.driver.run();
        Ok(promise)
    }

    /// Closes once; whoever asks again gets the same promise.
    pub(crate) fn close(&self) -> Promise {
        if let Some(promise) = &*self.closing.borrow() {
            return promise.clone();
        }
        let ticket = self.driver.command(Command::Close).ok().and_then(|accepted| accepted.ticket);
        let promise = ticket.map_or_else(|| Promise::resolve(&JsValue::UNDEFINED), |ticket| self.wait_for(ticket));
        self.closing.replace(Some(promise.clone()));
        self.farewell.set(ticket);
        self.driver.run();
        if ticket.is_none() {
            // The core has nothing left to end.
            self.shut_down();
        }
        promise
    }

    /// `connect()` has resolved. What was said meanwhile is told when its caller had the time to listen.
    pub(crate) fn start_to_speak(&self) {
        self.speaking.set(Speaking::Silent);
        self.speak_later();
    }

    /// Lets go of everything that lives: sockets, tracks, timers, listeners on the page.
    pub(crate) fn shut_down(&self) {
        if self.closed.replace(true) {
            return;
        }
        self.ready.set(false);
        self.driver.shut_down();
        self.page.take();
        for (_, waiting) in self.waiting.take() {
            waiting.settle(Err(misuse(Misuse::Closed)));
        }
        self.news.borrow_mut().push_back(News::Closed);
        OPEN.with_borrow_mut(|open| open.retain(|board| !std::ptr::eq(&**board, self)));
    }

    fn wait_for(&self, ticket: Ticket) -> Promise {
        Promise::new(&mut |resolve, reject| {
            let (resolve, reject): (Function, Function) = (resolve.unchecked_into(), reject.unchecked_into());
            let waiting = Waiting { _live: Live::new(&reject), resolve, reject };
            self.waiting.borrow_mut().push((ticket, waiting));
        })
    }

    fn settle(&self, ticket: Ticket, outcome: Result<(), Error>) {
        let mut waiting = self.waiting.borrow_mut();
        let settled = waiting.iter().position(|(known, _)| *known == ticket).map(|at| waiting.remove(at).1);
        drop(waiting);
        if self.farewell.get() == Some(ticket) {
            self.over.set(true);
        }
        if let Some(settled) = settled {
            settled.settle(outcome.map_err(|error| to_js(&error)));
        }
    }

    fn line(&self, id: &CallId) -> Option<Rc<Line>> {
        self.lines.borrow().iter().find(|line| line.is(id)).cloned()
    }

    fn note(&self, news: News) {
        self.news.borrow_mut().push_back(news);
    }

    fn note_client(&self, event: &'static str, payload: Builder) {
        self.note(News::Client(event, payload.done()));
    }

    fn note_call(&self, id: &CallId, news: impl FnOnce(Rc<Line>) -> News) {
        if let Some(line) = self.line(id) {
            self.note(news(line));
        }
    }

    fn changed(&self, snapshot: Box<CallSnapshot>, previous: CallState) {
        let Some(line) = self.line(&snapshot.id) else { return };
        line.update((*snapshot).clone());
        self.note(News::State(line, snapshot, previous));
    }

    fn speak_later(&self) {
        let me = self.me.clone();
        let turn = Timeout::new(0, move || {
            if let Some(board) = me.upgrade() {
                board.settle_down();
            }
        });
        self.next_turn.replace(Some(turn));
    }

    fn next_news(&self) -> Option<News> {
        self.news.borrow_mut().pop_front()
    }

    /// Runs the application's code: nothing may be borrowed here.
    fn tell(&self, news: News) {
        match news {
            News::Client(event, payload) => self.tell_client(event, &payload),
            News::Warning(line, code, message) => {
                let warning = Builder::new().num("code", code).str("message", &message);
                self.tell_client("warning", &with_call(warning, line.as_deref()));
            }
            News::Error(line, error) => {
                let error = to_js(&error);
                if let Some(line) = &line {
                    line.listeners.tell("error", &Builder::new().with("error", error.clone()).done());
                }
                self.tell_client("error", &with_call(Builder::new().with("error", error), line.as_deref()));
            }
            News::Incoming(line) => self.tell_client("incomingCall", &with_call(Builder::new(), Some(&line))),
            News::State(line, snapshot, previous) => self.tell_state(line, &snapshot, previous),
            News::Updated(line) => line.listeners.tell("updated", &Builder::new().done()),
            News::Stats(line, sample) => line.listeners.tell("stats", &events::stats(&sample)),
            News::Gone(line) => {
                self.lines.borrow_mut().retain(|known| !Rc::ptr_eq(known, &line));
                line.let_go();
            }
            News::Closed => {
                for line in self.lines.take() {
                    line.let_go();
                }
                self.listeners.clear();
            }
        }
    }

    fn tell_state(&self, line: Rc<Line>, snapshot: &CallSnapshot, previous: CallState) {
        line.listeners.tell("state", &events::change(snapshot, previous).done());
        self.tell_client("callState", &with_call(events::change(snapshot, previous), Some(&line)));
        if let Some(reason) = &snapshot.termination {
            line.listeners.tell("ended", &events::termination(reason));
            let ended = Builder::new().with("reason", events::termination(reason));
            self.tell_client("callEnded", &with_call(ended, Some(&line)));
        }
        if snapshot.state == CallState::Done {
            // Last of all, so that an error that comes with the end can still name its call.
            self.note(News::Gone(line));
        }
    }

    fn tell_client(&self, event: &str, payload: &JsValue) {
        self.listeners.tell(event, payload);
    }

    /// A page that goes away must not leave the other side listening to nothing.
    fn watch_page(&self) {
        let Some(window) = web_sys::window() else { return };
        let me = self.me.clone();
        let leaving = move |event: web_sys::Event| {
            let Some(board) = me.upgrade() else { return };
            // A page that may come back keeps its client; its calls end all the same.
            if event.unchecked_ref::<PageTransitionEvent>().persisted() {
                board.hang_up_all();
            } else {
                // The page is gone before this settles.
                let _ = board.close();
            }
        };
        self.page.replace(Some(Listener::new(&window, "pagehide", Box::new(leaving))));
    }

    fn hang_up_all(&self) {
        let calls: Vec<CallId> = self.lines.borrow().iter().map(|line| line.id()).collect();
        for call in calls {
            // A call that has ended meanwhile needs no hangup.
            let _ = self.order(Command::Hangup { call });
        }
    }
}

impl Audience for Switchboard {
    fn hear(&self, event: Event) {
        match event {
            Event::Settled(ticket, outcome) => self.settle(ticket, outcome),
            Event::SocketConnected { url } => {
                self.note_client("socketConnected", Builder::new().str("url", &url));
                self.url.replace(url);
            }
            Event::SocketDisconnected { code, reason } => {
                self.ready.set(false);
                let gone = Builder::new().num("code", f64::from(code)).str("reason", &reason);
                self.note_client("socketDisconnected", gone);
            }
            Event::Session { sessid } => {
                self.note_client("session", Builder::new().str("sessid", &sessid));
                self.sessid.replace(Some(sessid));
            }
            Event::Ready { dc, region } => {
                self.ready.set(true);
                let ready = Builder::new().some_str("dc", dc.as_deref()).some_str("region", region.as_deref());
                self.note_client("ready", ready);
            }
            Event::Error { call, error } => self.note(News::Error(call.and_then(|id| self.line(&id)), error)),
            Event::Warning { call, warning } => {
                let line = call.and_then(|id| self.line(&id));
                self.note(News::Warning(line, f64::from(warning.code()), warning.to_string()));
            }
            Event::IncomingCall(snapshot) => {
                let line = Line::new(*snapshot, self.me.clone());
                self.lines.borrow_mut().push(Rc::clone(&line));
                self.note(News::Incoming(line));
            }
            Event::CallState { snapshot, previous } => self.changed(snapshot, previous),
            Event::CallUpdated(snapshot) => {
                let id = snapshot.id.clone();
                self.note_call(&id, |line| {
                    line.update(*snapshot);
                    News::Updated(line)
                });
            }
            Event::Stats(id, sample) => self.note_call(&id, |line| {
                line.count(sample);
                News::Stats(line, sample)
            }),
            Event::Message { inbound, frame } => {
                if self.listeners.has("message") {
                    self.note(News::Client("message", events::message(inbound, &frame)));
                }
            }
        }
    }

    fn playback_refused(&self, call: &CallId) {
        let (code, message) = PLAYBACK_REFUSED;
        self.note(News::Warning(self.line(call), code, message.into()));
    }

    fn settle_down(&self) {
        // After the orders, so that the last of them went out.
        if self.over.get() {
            self.shut_down();
        }
        if self.speaking.get() != Speaking::Silent {
            return;
        }
        self.speaking.set(Speaking::Now);
        for _ in 0..MOST_IN_ONE_TURN {
            let Some(news) = self.next_news() else { break };
            self.tell(news);
        }
        self.speaking.set(Speaking::Silent);
        if !self.news.borrow().is_empty() {
            self.speak_later();
        }
    }
}

impl Waiting {
    fn settle(self, outcome: Result<(), JsValue>) {
        // The functions of a promise never throw.
        let _ = match outcome {
            Ok(()) => self.resolve.call0(&JsValue::UNDEFINED),
            Err(error) => self.reject.call1(&JsValue::UNDEFINED, &error),
        };
    }
}

fn with_call(payload: Builder, line: Option<&Line>) -> JsValue {
    match line {
        Some(line) => payload.with("call", line.object()).done(),
        None => payload.done(),
    }
}
