//! A step of a plan, in the world.

use std::time::Duration;

use offhook_core::{AnswerOptions, CallState, Command, Destination, Direction, PageInput};
use offhook_gateway::{Calls, Cause, Fault, Operation};

use crate::browser::Microphone;
use crate::ledger::SessionState;
use crate::link::{Parcel, Stall};
use crate::page::Leaving;
use crate::plan::{Accident, Act, Doing, Fitness, Step};
use crate::world::World;

impl World {
    pub fn live(&mut self, step: &Step) {
        match &step.act {
            Act::Do(doing) => {
                self.act(step.who, doing);
                self.tally.commands += 1;
            }
            Act::Befall(accident) => {
                if self.befall(step.who, accident) {
                    self.tally.accident(accident.kind());
                }
            }
        }
        self.run(step.pause);
    }

    fn act(&mut self, who: usize, doing: &Doing) {
        let index = self.page_of(who);
        let (page, now) = (&mut self.pages[index], self.now);
        if !page.is_awake() {
            return;
        }
        let nth = |n: usize| page.ledger.nth(n);
        let command = match doing {
            Doing::Call(number) => return page.call(number, now),
            Doing::Answer { muted } => {
                let mut calls = page.ledger.calls.values().map(|entry| &entry.last);
                let rings = calls.find(|call| call.state == CallState::Ringing && call.direction == Direction::Inbound);
                let options = AnswerOptions { muted: *muted, ..AnswerOptions::default() };
                rings.map(|call| Command::Answer { call: call.id.clone(), options })
            }
            Doing::Hangup(n) => nth(*n).map(|call| Command::Hangup { call }),
            Doing::Hold(n) => nth(*n).map(|call| Command::Hold { call }),
            Doing::Unhold(n) => nth(*n).map(|call| Command::Unhold { call }),
            Doing::Mute(n, muted) => nth(*n).map(|call| Command::SetMuted { call, muted: *muted }),
            Doing::Dtmf(n) => nth(*n).map(|call| Command::Dtmf { call, digits: "5#".into() }),
            Doing::Transfer(n) => {
                nth(*n).map(|call| Command::Transfer { call, to: Destination::Number("9196".into()) })
            }
            Doing::Prepare => Some(Command::Prepare),
            Doing::ReconnectNow => Some(Command::ReconnectNow),
            Doing::Close => Some(Command::Close),
        };
        if let Some(command) = command {
            page.command(command, now);
        }
    }

    /// Whether it concerned anybody.
    fn befall(&mut self, who: usize, accident: &Accident) -> bool {
        let page = self.page_of(who);
        let stall = |time: Option<Duration>, now: offhook_core::Instant| match time {
            Some(time) => Stall::Until(now.after(time)),
            None => Stall::ForEver,
        };
        match accident {
            Accident::Drop => self.close_link(page, None),
            Accident::CloseFrame(code) => self.close_link(page, Some(*code)),
            Accident::Deaf(time) => self.stall(page, Some(stall(*time, self.now)), None),
            Accident::Dumb(time) => self.stall(page, None, Some(stall(*time, self.now))),
            Accident::Dead => self.stall(page, Some(Stall::ForEver), Some(Stall::ForEver)),
            Accident::Delay(by, time) => {
                let until = self.now.after(*time);
                self.link_of(page).map(|link| [&mut link.up, &mut link.down].map(|way| way.delay(*by, until))).is_some()
            }
            Accident::Garbage(nth) => self.litter(page, *nth),
            Accident::Restart(time) => self.restart_gateway(*time),
            Accident::Forget
            | Accident::Punt
            | Accident::RefuseLogins(_)
            | Accident::ChangeNode
            | Accident::Sever(..)
            | Accident::Reoffer
            | Accident::Kill(_)
            | Accident::Registration(_)
            | Accident::Ring => self.operate(who, accident),
            Accident::Reload { resumes, away } => self.reload(page, *resumes, *away),
            Accident::Duplicate => self.duplicate(page),
            Accident::Sleep { .. } | Accident::Offline { .. } | Accident::NetworkChange { .. } => {
                self.pages[page].is_awake() && self.disturb(page, accident)
            }
            Accident::Microphone(fitness) => {
                let microphone = match fitness {
                    Fitness::Granted => Microphone::Granted,
                    Fitness::Asked => Microphone::Asked(self.random.millis(500, 15_000)),
                    Fitness::Refused => Microphone::Refused,
                    Fitness::Unplugged => Microphone::Unplugged,
                };
                std::mem::replace(&mut self.pages[page].browser.microphone, microphone) != microphone
            }
            Accident::Throttle(time) => {
                let until = self.now.after(*time);
                self.pages[page].throttle(until);
                true
            }
        }
    }

    fn close_link(&mut self, page: usize, code: Option<u16>) -> bool {
        let Some(conn) = self.link_of(page).map(|link| link.conn) else { return false };
        let index = self.links.iter().position(|link| link.conn == conn).unwrap();
        let Some(code) = code else {
            self.break_link(index, true);
            return true;
        };
        if !std::mem::take(&mut self.links[index].has_server) {
            return false;
        }
        let Self { links, random, now, .. } = self;
        links[index].down.send(Parcel::Close(code), random, *now);
        self.serve(offhook_gateway::Input::Disconnected(conn));
        true
    }

    fn litter(&mut self, page: usize, nth: usize) -> bool {
        self.pages[page].ledger.meddled_with = true;
        // A word about a call that nobody has may keep it ringing.
        self.pages[page].ledger.is_forgotten();
        let call = self.pages[page].ledger.nth(nth).map_or("gone".into(), |call| call.to_string());
        let prefix = match self.pages[page].client.dialect() {
            offhook_core::Dialect::FreeSwitch => "verto",
            offhook_core::Dialect::Telnyx => "telnyx_rtc",
        };
        let text = GARBAGE[nth % GARBAGE.len()].replace("CALL", &call).replace("verto", prefix);
        let Self { random, now, .. } = self;
        let (mut random, now) = (random.clone(), *now);
        self.link_of(page).map(|link| link.down.send(Parcel::Text(text), &mut random, now)).is_some()
    }

    fn restart_gateway(&mut self, down: Duration) -> bool {
        self.down_until = Some(self.now.after(down));
        self.gateway.restart(self.seed);
        let Self { links, random, now, .. } = self;
        for link in links {
            link.has_server = false;
            link.up.lose_everything();
            link.down.send(Parcel::Close(random.among(&[1006, 1001, 1012])), random, *now);
        }
        true
    }

    fn operate(&mut self, who: usize, accident: &Accident) -> bool {
        let user = self.people[who].name().to_owned();
        let calls = Calls { user: user.clone(), call_id: None };
        let operation = match accident {
            Accident::Forget => Operation::Fail(Fault::Forget(calls)),
            Accident::Punt => Operation::Fail(Fault::Punt { user }),
            Accident::RefuseLogins(times) => {
                let words = "Authentication Failure".to_owned();
                Operation::Fail(Fault::RefuseLogins { user, times: *times, code: -32001, words })
            }
            Accident::ChangeNode => Operation::Fail(Fault::ChangeNode),
            Accident::Sever(until, time) => Operation::Fail(Fault::Sever { calls, until: *until, time: *time }),
            Accident::Reoffer => Operation::Fail(Fault::Reoffer(calls)),
            Accident::Kill(cause) => Operation::Kill { user, cause: Cause::named(cause).unwrap() },
            Accident::Registration(states) => {
                Operation::Registration { user, states: states.iter().map(|state| (*state).to_owned()).collect() }
            }
            _ => Operation::Ring {
                user,
                caller_name: "Nobody".into(),
                caller_number: "5551234".into(),
                headers: Vec::new(),
                variables: Vec::new(),
            },
        };
        let done = self.with_gateway(|gateway, now, say| gateway.operate(operation, now, say));
        if done && *accident == Accident::Forget {
            self.pages.iter_mut().for_each(|page| page.ledger.is_forgotten());
        }
        done
    }

    fn reload(&mut self, page: usize, resumes: bool, away: Duration) -> bool {
        if !self.pages[page].is_awake() {
            return false;
        }
        let old = &self.pages[page];
        let marker = old.client.marker(self.now).filter(|_| resumes);
        let farewells = old.farewells(!resumes);
        let (user, microphone, ledger) = (old.user, old.browser.microphone, old.ledger.succeed(resumes, self.now));
        self.leave_page(page, &farewells);
        let next = self.open_page(user, microphone, away);
        next.ledger = ledger;
        next.leaving = Leaving::Behind(marker);
        true
    }

    /// The new tab takes the session; the old one is put out, and hears of it.
    fn duplicate(&mut self, page: usize) -> bool {
        if !self.link_of(page).is_some_and(|link| link.is_well()) {
            return false;
        }
        let old = &self.pages[page];
        if !old.is_awake() || old.ledger.session != SessionState::Ready {
            return false;
        }
        let Some(marker) = old.client.marker(self.now) else { return false };
        let (user, microphone, ledger) = (old.user, old.browser.microphone, old.ledger.succeed(true, self.now));
        let next = self.open_page(user, microphone, Duration::from_millis(100));
        next.ledger = ledger;
        next.leaving = Leaving::Behind(Some(marker));
        true
    }

    fn disturb(&mut self, page: usize, accident: &Accident) -> bool {
        let now = self.now;
        match accident {
            Accident::Sleep { time, sockets_die } => {
                self.pages[page].sleep(*time, *time > Duration::from_secs(8), now);
                if *sockets_die {
                    self.close_link(page, None);
                }
            }
            Accident::Offline { time, sockets_die } => {
                let until = now.after(*time);
                self.pages[page].offline_until = Some(until);
                if *sockets_die {
                    self.close_link(page, None);
                } else {
                    self.stall(page, Some(Stall::Until(until)), Some(Stall::Until(until)));
                }
                self.pages[page].input(offhook_core::Input::Page(PageInput::Offline), now);
            }
            _ => {
                self.pages[page].browser.lose_ways();
                self.stall(page, Some(Stall::ForEver), Some(Stall::ForEver));
                if matches!(accident, Accident::NetworkChange { is_noticed: true }) {
                    self.pages[page].input(offhook_core::Input::Page(PageInput::NetworkChanged), now);
                }
            }
        }
        true
    }
}

/// What no gateway says.
const GARBAGE: [&str; 14] = [
    "",
    "not JSON",
    "[]",
    "[[[[[[[[[[[[[[[[",
    "{\"jsonrpc\":\"2.0\"}",
    "{\"jsonrpc\":\"2.0\",\"id\":1e999,\"result\":{}}",
    "{\"jsonrpc\":\"2.0\",\"id\":99999,\"result\":{\"sessid\":7}}",
    "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"verto.conference\",\"params\":[1]}",
    "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"verto.invite\",\"params\":{\"callID\":\"thin air\"}}",
    "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"verto.attach\",\"params\":{\"callID\":\"thin air\",\"sdp\":\"v=0\"}}",
    "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"verto.attach\",\"params\":{\"callID\":\"CALL\"}}",
    "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"verto.media\",\"params\":{\"callID\":\"CALL\",\"sdp\":\"v=0\"}}",
    "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"verto.bye\",\"params\":{\"callID\":7}}",
    "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"verto.display\",\"params\":{\"callID\":\"CALL\",\"display_name\":null}}",
];
