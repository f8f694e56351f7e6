//! The clock, the links, the gateway and everybody's pages.

use std::collections::BTreeSet;
use std::time::Duration;

use offhook_core::{Command, Dialect, Instant, PeerId, SocketCommand, SocketId, SocketInput};
use offhook_gateway::order::LegId;
use offhook_gateway::{ConnId, Input};

use crate::browser::Microphone;
use crate::gateway::{Gateway, Said};
use crate::ledger::SessionState;
use crate::link::{Link, Parcel, Stall};
use crate::page::{Page, Person};
use crate::random::Random;
use crate::tally::Tally;

pub struct World {
    pub now: Instant,
    pub gateway: Gateway,
    pub people: [Person; 2],
    /// Also those that are gone: a number names one for ever.
    pub pages: Vec<Page>,
    pub links: Vec<Link>,
    /// Until when nobody gets through to the gateway.
    pub down_until: Option<Instant>,
    pub random: Random,
    pub tally: Tally,
    pub seed: u64,
    /// Whether everything is printed.
    aloud: bool,
    said: Vec<Said>,
    last_conn: u32,
}

impl World {
    pub fn new(seed: u64, aloud: bool) -> Self {
        let of = |bit: u64| if seed & bit == 0 { Dialect::FreeSwitch } else { Dialect::Telnyx };
        let mut world = Self {
            now: Instant { monotonic: Duration::ZERO, wall: Duration::from_secs(1_795_000_000) },
            gateway: Gateway::new(seed),
            people: [Person { user: 0, dialect: of(1) }, Person { user: 1, dialect: of(2) }],
            pages: Vec::new(),
            links: Vec::new(),
            down_until: None,
            random: Random::new(!seed),
            tally: Tally::default(),
            seed,
            aloud,
            said: Vec::new(),
            last_conn: 0,
        };
        for user in 0..2 {
            world.open_page(user, Microphone::Granted, Duration::ZERO);
        }
        world
    }

    pub fn open_page(&mut self, user: usize, microphone: Microphone, after: Duration) -> &mut Page {
        let random = Random::new(self.random.next());
        let number = u32::try_from(self.pages.len()).unwrap() + 1;
        let mut page = Page::new(&self.people[user], number, microphone, random, self.now.after(after));
        page.aloud = self.aloud;
        self.pages.push(page);
        self.pages.last_mut().unwrap()
    }

    /// The page that a person looks at. One whose session is over is loaded again.
    pub fn page_of(&mut self, user: usize) -> usize {
        let page = self.pages.iter().rposition(|page| page.user == user && !page.is_gone).unwrap();
        if self.pages[page].ledger.session == SessionState::Over {
            self.leave_page(page, &[]);
            let microphone = self.pages[page].browser.microphone;
            let ledger = self.pages[page].ledger.succeed(false, self.now);
            self.open_page(user, microphone, Duration::from_millis(200)).ledger = ledger;
            return self.pages.len() - 1;
        }
        page
    }

    /// The page goes, with everything that is in it.
    pub fn leave_page(&mut self, page: usize, farewells: &[String]) {
        self.pages[page].is_gone = true;
        let Self { links, random, now, .. } = self;
        for link in links.iter_mut().filter(|link| link.page == page && link.has_client) {
            for text in farewells {
                link.up.send(Parcel::Text(text.clone()), random, *now);
            }
            link.up.send(Parcel::Close(1001), random, *now);
            link.has_client = false;
        }
    }

    /// The connection that a page speaks over.
    pub fn link_of(&mut self, page: usize) -> Option<&mut Link> {
        let socket = self.pages[page].socket()?;
        self.links.iter_mut().find(|link| link.page == page && link.socket == socket && link.has_client)
    }

    /// Lets time pass, with everything that happens meanwhile, in order.
    pub fn run(&mut self, time: Duration) {
        let until = self.now.after(time);
        for _ in 0..30_000 {
            self.flush();
            self.connect();
            for page in &self.pages {
                page.is_in_time(self.now);
            }
            let next = self.next().filter(|next| until.reached(*next));
            self.now = next.map_or(until, |next| next.max(self.now));
            if next.is_none() {
                return;
            }
            self.step();
        }
        panic!("the world never rests");
    }

    fn next(&self) -> Option<Instant> {
        let pages = self.pages.iter().filter_map(Page::next);
        let links = self.links.iter().filter_map(|link| self.next_of(link));
        pages.chain(links).chain(self.gateway.next()).chain(self.down_until).min()
    }

    fn next_of(&self, link: &Link) -> Option<Instant> {
        let page = &self.pages[link.page];
        let down = match page.asleep_until {
            Some(until) => link.down.next().map(|at| at.max(until)),
            None => link.down.next(),
        };
        [link.up.next(), down.filter(|_| link.has_client), link.closing].into_iter().flatten().min()
    }

    fn step(&mut self) {
        let now = self.now;
        self.down_until.take_if(|until| now.reached(*until));
        for page in &mut self.pages {
            page.wake(now);
        }
        self.gateway.wake(now, &mut self.said);
        for index in 0..self.links.len() {
            self.carry(index);
        }
        self.links.retain(|link| !link.is_gone());
    }

    fn carry(&mut self, index: usize) {
        let now = self.now;
        while let Some(parcel) = self.links[index].up.arrived(now) {
            self.take_up(index, parcel);
        }
        while self.links[index].has_client && self.pages[self.links[index].page].asleep_until.is_none() {
            let Some(parcel) = self.links[index].down.arrived(now) else { break };
            let input = match parcel {
                Parcel::Open => SocketInput::Opened,
                Parcel::Text(text) => SocketInput::Received(text),
                Parcel::Close(code) => {
                    self.links[index].has_client = false;
                    SocketInput::Closed { code, reason: String::new() }
                }
            };
            let (page, socket) = (self.links[index].page, self.links[index].socket);
            self.tell(page, socket, input);
        }
        if self.links[index].closing.take_if(|at| now.reached(*at)).is_some() {
            self.break_link(index, true);
        }
    }

    fn take_up(&mut self, index: usize, parcel: Parcel) {
        let Self { links, random, now, .. } = self;
        let link = &mut links[index];
        let (conn, dialect) = (link.conn, self.people[self.pages[link.page].user].dialect);
        match parcel {
            Parcel::Open if self.down_until.is_some() => link.down.send(Parcel::Close(1006), random, *now),
            Parcel::Open => {
                link.has_server = true;
                link.down.send(Parcel::Open, random, *now);
                let node = link.node.take();
                self.serve(Input::Connected(conn, dialect));
                if let Some(node) = node {
                    self.serve(Input::Routed(conn, node));
                }
            }
            Parcel::Text(text) => self.serve(Input::Received(conn, text)),
            Parcel::Close(_) => {
                link.has_server = false;
                link.down.send(Parcel::Close(1000), random, *now);
                self.serve(Input::Disconnected(conn));
            }
        }
        // An answer is on its way before anything else is asked.
        self.flush_said();
    }

    /// Ends a connection without a word; whoever is told, and can be, hears that it is gone.
    pub fn break_link(&mut self, index: usize, server_too: bool) {
        let Link { conn, page, socket, has_client, has_server, .. } = self.links[index];
        let link = &mut self.links[index];
        link.up.lose_everything();
        link.down.lose_everything();
        link.closing = None;
        link.has_client = false;
        if server_too && has_server {
            link.has_server = false;
            self.serve(Input::Disconnected(conn));
        }
        if has_client {
            if self.pages[page].asleep_until.is_some() {
                // It hears of that when it wakes.
                let Self { links, random, now, .. } = self;
                links[index].has_client = true;
                links[index].down.send(Parcel::Close(1006), random, *now);
            } else {
                self.tell(page, socket, SocketInput::Closed { code: 1006, reason: String::new() });
            }
        }
    }

    fn tell(&mut self, page: usize, socket: SocketId, input: SocketInput) {
        let page = &mut self.pages[page];
        if !page.is_gone {
            page.input(offhook_core::Input::Socket(socket, input), self.now);
        }
    }

    pub fn serve(&mut self, input: Input) {
        self.gateway.serve(input, self.now, &mut self.said);
    }

    pub fn with_gateway<T>(&mut self, act: impl FnOnce(&mut Gateway, Instant, &mut Vec<Said>) -> T) -> T {
        act(&mut self.gateway, self.now, &mut self.said)
    }

    /// Puts on the links what pages and gateway want sent.
    pub fn flush(&mut self) {
        self.flush_said();
        for page in 0..self.pages.len() {
            while let Some((socket, command)) = self.pages[page].orders.pop_front() {
                self.obey(page, socket, command);
            }
        }
    }

    fn flush_said(&mut self) {
        let Self { links, random, now, .. } = self;
        for said in self.said.drain(..) {
            let (conn, parcel) = match said {
                Said::Text(conn, text) => (conn, Parcel::Text(text)),
                Said::Close(conn, code) => (conn, Parcel::Close(code)),
            };
            if let Some(link) = links.iter_mut().find(|link| link.conn == conn) {
                link.has_server &= matches!(parcel, Parcel::Text(_));
                link.down.send(parcel, random, *now);
            }
        }
    }

    fn obey(&mut self, page: usize, socket: SocketId, command: SocketCommand) {
        let Self { links, random, now, .. } = self;
        let found = links.iter_mut().find(|link| link.page == page && link.socket == socket && link.has_client);
        match (command, found) {
            (SocketCommand::Open { url }, None) => {
                self.last_conn += 1;
                let mut link = Link::new(page, socket, ConnId(self.last_conn), &url, random, *now);
                if self.pages[page].offline_until.is_some() {
                    link.up.lose_everything();
                    link.down.send(Parcel::Close(1006), random, *now);
                }
                links.push(link);
            }
            (SocketCommand::Send(text), Some(link)) => link.up.send(Parcel::Text(text), random, *now),
            (SocketCommand::Close, Some(link)) => link.close(random, *now),
            (SocketCommand::Open { .. }, Some(_)) => panic!("{socket:?} was opened twice"),
            // It broke in the same moment.
            (SocketCommand::Send(_) | SocketCommand::Close, None) => {}
        }
    }

    /// Lets media flow where both ends know of each other.
    fn connect(&mut self) {
        let ways = self.ways();
        self.gateway.meet(ways.iter().filter_map(|(.., leg)| *leg).collect(), self.now);
        for (page, peer, leg) in ways {
            let heard = leg.is_some_and(|leg| self.gateway.is_heard_on(leg));
            let Some(peer) = self.pages[page].browser.peers.get_mut(&peer) else { continue };
            peer.see(leg.is_some(), heard, self.now);
            if let (Some(leg), Some((ours, _)), true) = (leg, peer.looks_for(), peer.is_connected()) {
                self.gateway.carried(leg, ours);
            }
        }
    }

    /// Every peer connection, with the leg that it reaches.
    pub fn ways(&self) -> Vec<(usize, PeerId, Option<LegId>)> {
        let mut ways = Vec::new();
        for (number, page) in self.pages.iter().enumerate().filter(|(_, page)| !page.is_gone) {
            for (id, peer) in &page.browser.peers {
                let sought = peer.looks_for().filter(|_| page.offline_until.is_none());
                let leg = sought.and_then(|(ours, theirs)| self.gateway.reached_by(ours, theirs));
                ways.push((number, *id, leg));
            }
        }
        ways
    }

    /// Everything that was broken is mended, and for a while nothing happens.
    pub fn calm_down(&mut self) {
        for index in 0..self.links.len() {
            let (has_client, is_well) = (self.links[index].has_client, self.links[index].is_well());
            if !has_client || !is_well {
                self.break_link(index, true);
            }
        }
        for page in self.pages.iter_mut().filter(|page| !page.is_gone) {
            page.browser.microphone = Microphone::Granted;
            for call in page.ledger.given_up() {
                page.command(Command::Hangup { call }, self.now);
            }
        }
        self.run(CALM);
    }

    /// Both ends have the same idea of what is up between them.
    pub fn agree(&self) {
        let mut legs: BTreeSet<LegId> = self.gateway.legs().collect();
        for (page, peer, leg) in self.ways() {
            let page = &self.pages[page];
            let Some(call) = page.browser.peers.get(&peer).and_then(|peer| peer.call.clone()) else { continue };
            let Some(entry) = page.ledger.calls.get(&call) else { continue };
            let Some(leg) = leg else { panic!("{call} is {:?} and reaches nobody", entry.last.state) };
            assert!(legs.remove(&leg), "{call} shares its leg with another call");
            assert_eq!(self.gateway.is_silent(leg), entry.held, "{call}: the gateway holds it, or should");
        }
        for page in self.pages.iter().filter(|page| !page.is_gone) {
            page.is_settled();
        }
        assert!(legs.is_empty(), "nobody wants {legs:?} of the gateway any more");
    }

    pub fn leave(&mut self) {
        for page in &mut self.pages {
            if !page.is_gone {
                page.command(Command::Close, self.now);
            }
        }
        self.run(Duration::from_secs(4));
        for page in self.pages.iter().filter(|page| !page.is_gone) {
            page.nothing_is_left();
        }
        for index in 0..self.links.len() {
            self.break_link(index, true);
        }
        // Past the time for which calls wait for their client.
        self.run(Duration::from_secs(70));
        let legs: Vec<LegId> = self.gateway.legs().collect();
        assert!(legs.is_empty(), "{legs:?} are left open");
        assert!(self.gateway.server.poll_timeout().is_none(), "the gateway waits");
    }

    /// What happened here, with what happened on every page.
    pub fn tally(mut self) -> Tally {
        self.tally.seeds = 1;
        self.tally.time = self.now.monotonic;
        for page in &mut self.pages {
            let tally = std::mem::take(&mut page.ledger.tally);
            self.tally.add(tally);
            self.tally.replayed += u64::from(page.client.replays());
        }
        self.tally
    }

    pub fn stall(&mut self, page: usize, up: Option<Stall>, down: Option<Stall>) -> bool {
        self.link_of(page).map(|link| link.stall(up, down)).is_some()
    }
}

/// Past every deadline: of a call that was lost, of one that rings, and of the longest wait before a try.
const CALM: Duration = Duration::from_secs(150);
