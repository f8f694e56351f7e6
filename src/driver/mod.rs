//! Runs the core in a browser: carries out its orders, and tells it what the world did.

pub(crate) mod browser;
pub mod clock;
pub(crate) mod facts;
pub(crate) mod media;

use std::cell::{Cell, RefCell, RefMut};
use std::collections::VecDeque;
use std::process::abort;

use offhook_core::{Accepted, CallId, CallSnapshot, Command, Dialect, Input, Misuse, Options, Output, SessId};

use crate::driver::browser::Browser;
use crate::driver::clock::{Alarm, now};

/// What thinks. Where that is asked for, it writes down all that it is told.
#[cfg(not(feature = "trace"))]
pub(crate) type Core = offhook_core::Client;
#[cfg(feature = "trace")]
pub(crate) type Core = offhook_core::trace::Recorder;

/// Makes a core; it does nothing yet.
pub(crate) fn core(options: Options, sessid: SessId, seed: u64) -> Result<Core, Misuse> {
    let core = Core::new(
        options,
        sessid,
        seed,
        #[cfg(feature = "trace")]
        now(),
    );
    #[cfg(feature = "agent")]
    let core = core.map(conversing);
    core
}

/// The core, listening to what is said to and by an agent.
#[cfg(feature = "agent")]
fn conversing(mut core: Core) -> Core {
    core.converse(
        #[cfg(feature = "trace")]
        now(),
    );
    core
}

/// One core, and the browser that it works in.
pub(crate) struct Driver {
    core: RefCell<Core>,
    /// Facts that came up while orders were carried out.
    facts: Cell<VecDeque<Input>>,
    running: Cell<bool>,
    browser: Browser,
    alarm: Alarm,
}

impl Driver {
    pub(crate) fn new(core: Core, browser: Browser) -> Self {
        Self {
            core: RefCell::new(core),
            facts: Cell::default(),
            running: Cell::new(false),
            browser,
            alarm: Alarm::default(),
        }
    }

    /// Puts a wish to the core. [`run`](Self::run) carries out what follows from it.
    pub(crate) fn command(&self, command: Command) -> Result<Accepted, Misuse> {
        self.core().command(command, now())
    }

    /// Carries out every order, sets the timer, and then lets the entry speak to the application. Where nothing was
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
                Output::Socket(id, command) => browser::order_socket(&self.browser, id, &command),
                Output::Peer(id, command) => media::order(&self.browser, id, &command),
                Output::FetchToken => self.tell("fetchToken"),
                Output::Event(event) => self.browser.hear(&facts::event(&event)),
            }
        }
        self.running.set(false);
        self.alarm.set(self.core().poll_timeout(), &self.browser);
        if is_news {
            self.tell("rest");
        }
    }

    fn tell(&self, kind: &str) {
        self.browser.hear(&facts::fact(kind, None, "null"));
    }

    /// All that the core was told.
    #[cfg(feature = "trace")]
    pub(crate) fn trace(&self) -> String {
        self.core().text().to_string()
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.core().dialect()
    }

    /// A call as it is, if it has not ended.
    pub(crate) fn call(&self, id: &CallId) -> Option<CallSnapshot> {
        self.core().call(id)
    }

    /// The frames that end every call, or every call that no other page can have back.
    pub(crate) fn farewell(&self, resumable_too: bool) -> Vec<String> {
        self.core().farewells(resumable_too)
    }

    /// What the next page needs to have the calls back.
    pub(crate) fn marker(&self) -> Option<String> {
        self.core().marker(now())
    }

    /// Takes up what the page before this one left.
    pub(crate) fn resume(&self, marker: &str) -> Result<(), Misuse> {
        self.core().resume(marker, now())
    }

    /// Nothing that it does comes back here: whoever asks finds it free. `borrow_mut` would say otherwise in more words.
    fn core(&self) -> RefMut<'_, Core> {
        self.core.try_borrow_mut().unwrap_or_else(|_| abort())
    }

    fn next_output(&self) -> Option<Output> {
        let mut core = self.core();
        loop {
            if let Some(output) = core.poll_output() {
                return Some(output);
            }
            let mut facts = self.facts.take();
            let fact = facts.pop_front();
            self.facts.set(facts);
            let fact = fact?;
            core.handle_input(fact, now());
        }
    }

    /// Takes a fact.
    pub(crate) fn take_in(&self, input: Input) {
        if input == Input::Timeout {
            self.alarm.rang();
        }
        let mut facts = self.facts.take();
        facts.push_back(input);
        self.facts.set(facts);
        // While an order is carried out (`Describe` reports at once) this does nothing: the loop takes the fact.
        self.run();
    }
}
