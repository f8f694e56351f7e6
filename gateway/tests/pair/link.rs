//! One WebSocket between a page and the gateway: ordered, as TCP is, slow, and breakable in every way.

use std::collections::VecDeque;
use std::time::Duration;

use offhook_core::{Instant, SocketId};
use offhook_gateway::ConnId;

use crate::random::Random;

/// How long browsers wait for the other side's closing handshake.
const CLOSING: Duration = Duration::from_secs(60);

pub struct Link {
    /// Which page's.
    pub page: usize,
    pub socket: SocketId,
    pub conn: ConnId,
    /// The node that the page asked for.
    pub node: Option<String>,
    pub up: Way,
    pub down: Way,
    /// Whether the page was told to close it.
    pub closing: Option<Instant>,
    /// Whether the page still listens.
    pub has_client: bool,
    /// Whether the gateway knows of it.
    pub has_server: bool,
}

/// What travels.
pub enum Parcel {
    Open,
    Text(String),
    Close(u16),
}

/// One direction.
pub struct Way {
    latency: Duration,
    travelling: VecDeque<(Instant, Parcel)>,
    /// Until when nothing arrives.
    stalled: Stall,
    /// Until when everything is so much slower.
    slow: Option<(Instant, Duration)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stall {
    No,
    Until(Instant),
    ForEver,
}

impl Link {
    pub fn new(page: usize, socket: SocketId, conn: ConnId, url: &str, random: &mut Random, now: Instant) -> Self {
        let latency = Duration::from_millis(random.among(&[1, 30, 200]));
        let mut link = Self {
            page,
            socket,
            conn,
            node: url.split_once("voice_sdk_id=").map(|(_, node)| node.to_owned()),
            up: Way::new(latency),
            down: Way::new(latency),
            closing: None,
            has_client: true,
            has_server: false,
        };
        link.up.send(Parcel::Open, random, now);
        link
    }

    /// The page closes it.
    pub fn close(&mut self, random: &mut Random, now: Instant) {
        if self.closing.is_none() {
            self.closing = Some(now.after(CLOSING));
            self.up.send(Parcel::Close(1000), random, now);
        }
    }

    pub fn is_gone(&self) -> bool {
        !self.has_client && !self.has_server && self.up.travelling.is_empty()
    }

    pub fn stall(&mut self, up: Option<Stall>, down: Option<Stall>) {
        self.up.stalled = up.unwrap_or(self.up.stalled);
        self.down.stalled = down.unwrap_or(self.down.stalled);
    }

    pub fn is_well(&self) -> bool {
        self.up.stalled == Stall::No && self.down.stalled == Stall::No
    }
}

impl Way {
    fn new(latency: Duration) -> Self {
        Self { latency, travelling: VecDeque::new(), stalled: Stall::No, slow: None }
    }

    pub fn send(&mut self, parcel: Parcel, random: &mut Random, now: Instant) {
        let slow = self.slow.filter(|(until, _)| !now.reached(*until)).map_or(Duration::ZERO, |(_, by)| by);
        let arrives = now.after(self.latency + slow + random.millis(0, 40));
        // In order, whatever the jitter.
        let arrives = self.travelling.back().map_or(arrives, |(last, _)| arrives.max(*last));
        self.travelling.push_back((arrives, parcel));
    }

    pub fn delay(&mut self, by: Duration, until: Instant) {
        self.slow = Some((until, by));
    }

    pub fn next(&self) -> Option<Instant> {
        let (at, _) = self.travelling.front()?;
        match self.stalled {
            Stall::No => Some(*at),
            Stall::Until(until) => Some(until.max(*at)),
            Stall::ForEver => None,
        }
    }

    pub fn arrived(&mut self, now: Instant) -> Option<Parcel> {
        let at = self.next()?;
        if let Stall::Until(until) = self.stalled
            && now.reached(until)
        {
            self.stalled = Stall::No;
        }
        if !now.reached(at) {
            return None;
        }
        self.travelling.pop_front().map(|(_, parcel)| parcel)
    }

    /// What never arrives.
    pub fn lose_everything(&mut self) {
        self.travelling.clear();
    }
}
