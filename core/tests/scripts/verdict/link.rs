//! Packets on their way, one by one, and the jitter buffer at its end.

use std::collections::VecDeque;

use super::dice::Dice;

/// In seconds, of audio in one packet.
pub const PACKET: f64 = 0.02;

/// One direction of a network. All times are in seconds.
#[derive(Clone, Debug)]
pub struct Way {
    /// Propagation, and what goes on top of it while the packets take a longer way.
    pub base: f64,
    pub longer: f64,
    /// The mean of what each packet waits for others.
    pub noise: f64,
    /// What is lost by chance, one packet at a time.
    pub background: f64,
    pub loss: Option<Loss>,
    pub queue: Option<Queue>,
    pub holds: Option<Holds>,
    /// Nothing gets through.
    pub is_cut: bool,
    is_bad: bool,
    /// What waits at the bottleneck, in seconds.
    waiting: f64,
    overflows_until: f64,
    held_until: f64,
    last: f64,
}

/// Gilbert's model: the share that is lost, in bursts of so many packets.
#[derive(Clone, Copy, Debug)]
pub struct Loss {
    pub share: f64,
    pub burst: f64,
}

/// Somebody else's transfer through the same bottleneck: it fills the queue until that overflows, and holds back.
#[derive(Clone, Copy, Debug)]
pub struct Queue {
    /// Seconds that fit into it.
    pub most: f64,
    /// Seconds that it grows in a second.
    pub growth: f64,
    /// Seconds that one large packet takes through the bottleneck.
    pub serial: f64,
}

/// A radio that is busy, or sleeps: nothing goes for a while, then all at once.
#[derive(Clone, Copy, Debug)]
pub struct Holds {
    /// In a second.
    pub rate: f64,
    pub length: f64,
}

impl Way {
    pub fn new(base: f64, noise: f64, background: f64) -> Self {
        Self {
            base,
            longer: 0.0,
            noise,
            background,
            loss: None,
            queue: None,
            holds: None,
            is_cut: false,
            is_bad: false,
            waiting: 0.0,
            overflows_until: 0.0,
            held_until: 0.0,
            last: 0.0,
        }
    }

    /// When a packet arrives. None if it never does.
    pub fn carry(&mut self, sent: f64, dice: &mut Dice) -> Option<f64> {
        let delay = self.delay(sent, dice);
        let is_lost = self.is_lost(sent, dice);
        // What was sent first comes first.
        self.last = (sent + delay).max(self.last + 0.0002);
        (!is_lost).then_some(self.last)
    }

    /// How long a packet would take just now.
    pub fn now(&self) -> f64 {
        self.base + self.longer + self.waiting
    }

    fn delay(&mut self, sent: f64, dice: &mut Dice) -> f64 {
        let mut delay = self.base + self.longer + dice.exponential(self.noise);
        match self.queue {
            Some(queue) => {
                self.waiting += queue.growth * PACKET;
                if self.waiting > queue.most {
                    self.waiting = 0.7 * queue.most;
                    self.overflows_until = sent + dice.between(0.1, 0.3);
                }
                let ahead = dice.exponential(3.0);
                delay += self.waiting + queue.serial * ahead;
            }
            // It drains.
            None => self.waiting = (self.waiting - PACKET).max(0.0),
        }
        if let Some(holds) = self.holds {
            if sent > self.held_until && dice.chance(holds.rate * PACKET) {
                self.held_until = sent + dice.exponential(holds.length);
            }
            delay += (self.held_until - sent).max(0.0);
        }
        delay
    }

    fn is_lost(&mut self, sent: f64, dice: &mut Dice) -> bool {
        if let Some(Loss { share, burst }) = self.loss {
            let leave = 1.0 / burst;
            let enter = leave * share / (1.0 - share).max(0.01);
            self.is_bad = if self.is_bad { !dice.chance(leave) } else { dice.chance(enter) };
        } else {
            self.is_bad = false;
        }
        let overflows = sent < self.overflows_until && dice.chance(0.4);
        self.is_cut || self.is_bad || overflows || dice.chance(self.background)
    }
}

/// One stream: what left, and what came of it.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    on_the_way: VecDeque<Packet>,
    pub received: f64,
    /// Known by the numbers of the packets that came.
    pub lost: f64,
    missing: f64,
    /// RFC 3550, 6.4.1.
    pub jitter: f64,
    transit: Option<f64>,
    /// The fastest packet of this second, and of the one before.
    fastest: (f64, f64),
    since: f64,
    /// What the buffer holds.
    target: f64,
    pub samples: f64,
    pub concealed: f64,
    pub buffered: f64,
    pub emitted: f64,
}

#[derive(Clone, Copy, Debug)]
struct Packet {
    sent: f64,
    arrives: f64,
    /// How many before it were lost.
    missing: f64,
}

const RATE: f64 = 48_000.0;
const LEAST_TARGET: f64 = 0.03;

impl Stream {
    pub fn send(&mut self, way: &mut Way, sent: f64, dice: &mut Dice) {
        match way.carry(sent, dice) {
            None => self.missing += 1.0,
            Some(arrives) => {
                let missing = std::mem::take(&mut self.missing);
                self.on_the_way.push_back(Packet { sent, arrives, missing });
            }
        }
    }

    pub fn arrive(&mut self, now: f64) {
        while let Some(packet) = self.on_the_way.front().copied()
            && packet.arrives <= now
        {
            self.on_the_way.pop_front();
            self.take(packet);
        }
    }

    fn take(&mut self, packet: Packet) {
        let transit = packet.arrives - packet.sent;
        if self.transit.is_none() {
            (self.fastest, self.since) = ((transit, transit), packet.sent);
        }
        if let Some(before) = self.transit {
            self.jitter += ((transit - before).abs() - self.jitter) / 16.0;
        }
        self.transit = Some(transit);
        if packet.sent >= self.since + 1.0 {
            (self.fastest, self.since) = ((transit, self.fastest.0), packet.sent);
        }
        self.fastest.0 = self.fastest.0.min(transit);
        let fastest = self.fastest.0.min(self.fastest.1);
        self.received += 1.0;
        self.lost += packet.missing;
        // Nobody makes up minutes: the decoder's concealment fades away.
        let gap = packet.missing.min(50.0);
        let late = transit - fastest;
        let is_late = late > self.target + PACKET;
        // It forgets within ten seconds or so.
        self.target = if is_late { late } else { (self.target * 0.998).max(LEAST_TARGET) };
        let frames = 1.0 + gap;
        let concealed = gap + if is_late { 1.0 } else { 0.0 };
        self.samples += frames * PACKET * RATE;
        self.concealed += concealed * PACKET * RATE;
        self.buffered += PACKET * RATE * (self.target + PACKET);
        self.emitted += PACKET * RATE;
    }

    /// The machine was too slow to play: made up instead.
    pub fn make_up(&mut self, seconds: f64) {
        self.concealed += seconds * RATE;
    }
}
