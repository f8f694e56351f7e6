//! Runs the core in a browser: carries out its orders, and tells it what the world did.

pub mod clock;
pub mod listener;
pub mod live;
pub(crate) mod media;
pub mod socket;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use offhook_core::{
    Accepted, CallId, CallSnapshot, Command, Dialect, Event, Input, Misuse, Options, Output, SessId, SocketCommand,
    SocketId, SocketInput,
};
use wasm_bindgen::JsValue;

use crate::driver::clock::{Alarm, now};
use crate::driver::media::Media;
use crate::driver::socket::Socket;

/// What thinks. Where that is asked for, it writes down all that it is told.
#[cfg(not(feature = "trace"))]
pub(crate) type Core = offhook_core::Client;
#[cfg(feature = "trace")]
pub(crate) type Core = offhook_core::trace::Recorder;

/// Makes a core; it does nothing yet.
pub(crate) fn core(options: Options, sessid: SessId, seed: u64) -> Result<Core, Misuse> {
    Core::new(
        options,
        sessid,
        seed,
        #[cfg(feature = "trace")]
        now(),
    )
}

/// Where a driver tells what happened.
pub type Sink = Rc<dyn Fn(Input)>;

/// Who hears what the core says.
pub(crate) trait Audience {
    /// Takes an event. No code of the application may run in here: more orders may be waiting.
    fn hear(&self, event: Event);
    /// The application shall get a token. None of its code may run in here either.
    fn fetch_token(&self);
    /// All orders are carried out: the application may be told.
    fn settle_down(&self);
}

/// One core and its socket, peers and timer.
pub(crate) struct Driver {
    core: RefCell<Core>,
    audience: Weak<dyn Audience>,
    /// Facts that came up while orders were carried out.
    facts: RefCell<VecDeque<Input>>,
    running: Cell<bool>,
    /// The newest one. What is told of those before it nobody wants to know.
    socket: RefCell<Option<(SocketId, Rc<Socket>)>>,
    media: Media,
    alarm: Alarm,
    me: Weak<Self>,
}

impl Driver {
    pub(crate) fn new(core: Core, media: Media, audience: Weak<dyn Audience>) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            core: RefCell::new(core),
            audience,
            facts: RefCell::default(),
            running: Cell::new(false),
            socket: RefCell::default(),
            media,
            alarm: Alarm::new(Box::new({
                let me = me.clone();
                move || wake(&me)
            })),
            me: me.clone(),
        })
    }

    /// Puts a wish to the core. [`run`](Self::run) carries out what follows from it.
    pub(crate) fn command(&self, command: Command) -> Result<Accepted, Misuse> {
        self.core.borrow_mut().command(command, now())
    }

    /// Carries out every order, sets the timer, and then lets the audience speak to the application. Where nothing was
    /// ordered there is nothing to say: most frames of a conversation are for nobody.
    ///
    /// An application that is spoken to may come back here; nothing is borrowed at that time.
    pub(crate) fn run(&self) {
        if self.running.replace(true) {
            return;
        }
        let mut is_news = false;
        while let Some(output) = self.next_output() {
            is_news = true;
            match output {
                Output::Socket(id, command) => self.order_socket(id, command),
                Output::Peer(id, command) => media::order(&self.media, id, &command),
                Output::FetchToken => {
                    if let Some(audience) = self.audience.upgrade() {
                        audience.fetch_token();
                    }
                }
                Output::Event(event) => {
                    if let Some(audience) = self.audience.upgrade() {
                        audience.hear(event);
                    }
                }
            }
        }
        self.running.set(false);
        self.alarm.set(self.core.borrow().poll_timeout());
        if is_news && let Some(audience) = self.audience.upgrade() {
            audience.settle_down();
        }
    }

    /// All that the core was told.
    #[cfg(feature = "trace")]
    pub(crate) fn trace(&self) -> String {
        self.core.borrow().text().to_string()
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.core.borrow().dialect()
    }

    /// A call as it is, if it has not ended.
    pub(crate) fn call(&self, id: &CallId) -> Option<CallSnapshot> {
        self.core.borrow().call(id)
    }

    /// The newest socket, and the frames that end every call, or every call that no other page can have back.
    pub(crate) fn farewell(&self, resumable_too: bool) -> (Option<JsValue>, Vec<String>) {
        let socket = self.socket.borrow().as_ref().map(|(_, socket)| socket.object());
        (socket, self.core.borrow().farewells(resumable_too))
    }

    /// What the next page needs to have the calls back.
    pub(crate) fn marker(&self) -> Option<String> {
        self.core.borrow().marker(now())
    }

    /// Takes up what the page before this one left.
    pub(crate) fn resume(&self, marker: &str) -> Result<(), Misuse> {
        self.core.borrow_mut().resume(marker, now())
    }

    /// Lets go of everything. Nothing is heard of it any more.
    pub(crate) fn shut_down(&self) {
        self.alarm.stop();
        self.socket.take();
    }

    fn next_output(&self) -> Option<Output> {
        let mut core = self.core.borrow_mut();
        loop {
            if let Some(output) = core.poll_output() {
                return Some(output);
            }
            let fact = self.facts.borrow_mut().pop_front()?;
            core.handle_input(fact, now());
        }
    }

    fn sink(&self) -> Sink {
        let me = self.me.clone();
        Rc::new(move |input| {
            if let Some(driver) = enter(&me) {
                driver.take_in(input);
            }
        })
    }

    /// Takes a fact.
    pub(crate) fn take_in(&self, input: Input) {
        if let Input::Socket(_, SocketInput::Closed { .. }) = &input {
            self.socket.take();
        }
        self.facts.borrow_mut().push_back(input);
        // While an order is carried out (`Describe` reports at once) this does nothing: the loop takes the fact.
        self.run();
    }

    fn order_socket(&self, id: SocketId, command: SocketCommand) {
        match command {
            SocketCommand::Open { url } => match Socket::open(id, &url, &self.sink()) {
                Ok(socket) => drop(self.socket.replace(Some((id, Rc::new(socket))))),
                Err(reason) => {
                    let closed = SocketInput::Closed { code: 1006, reason };
                    self.facts.borrow_mut().push_back(Input::Socket(id, closed));
                }
            },
            SocketCommand::Send(text) => self.with_socket(id, |socket| socket.send(&text)),
            SocketCommand::Close => self.with_socket(id, Socket::close),
        }
    }

    /// A socket that closed meanwhile takes no more orders; the core hears of that, or has.
    fn with_socket(&self, id: SocketId, order: impl FnOnce(&Socket)) {
        let socket =
            self.socket.borrow().as_ref().filter(|(known, _)| *known == id).map(|(_, socket)| Rc::clone(socket));
        if let Some(socket) = socket {
            order(&socket);
        }
    }
}

/// The way in of timers and sockets, which shuts at a defect.
fn enter(driver: &Weak<Driver>) -> Option<Rc<Driver>> {
    if live::is_shut() { None } else { driver.upgrade() }
}

/// The alarm rang.
fn wake(driver: &Weak<Driver>) {
    if let Some(driver) = enter(driver) {
        driver.alarm.rang();
        driver.take_in(Input::Timeout);
    }
}
