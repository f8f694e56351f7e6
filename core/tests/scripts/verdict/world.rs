//! A whole call, second by second: what its browser would have counted, and what it would have told.

use offhook_core::PeerId;
use offhook_core::quality::verdict::*;
use offhook_core::quality::*;

use super::dice::Dice;
use super::link::{Holds, Loss, PACKET, Queue, Stream, Way};
use super::page::{Page, instant};
use super::people::People;

/// Which counters there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    Chromium,
    Firefox,
    Safari,
}

/// A call as it will be. All times are in seconds, of the set-up since the call began, of the rest since it was active.
#[derive(Clone, Debug)]
pub struct Plan {
    pub browser: Browser,
    pub is_inbound: bool,
    pub is_active: bool,
    pub setup: SetUp,
    /// How long it is active.
    pub seconds: f64,
    pub up: Way,
    pub down: Way,
    pub people: People,
    pub happens: Vec<Episode>,
    /// What the page is told before the call is active.
    pub before: Vec<(f64, Fact)>,
    /// What it is told while the call is active.
    pub facts: Vec<(f64, Fact)>,
    pub ending: Ending,
}

/// How long each stage of the set-up takes.
#[derive(Clone, Copy, Debug)]
pub struct SetUp {
    pub microphone: f64,
    pub gathering: f64,
    /// Whether the description waits until all candidates are there.
    pub waits: bool,
    pub gateway: f64,
    /// Whether the gateway says that it rings.
    pub tells_ringing: bool,
    pub person: f64,
    pub checks: f64,
    pub handshake: f64,
}

/// Something that is so for a while.
#[derive(Clone, Debug)]
pub struct Episode {
    pub from: f64,
    pub to: f64,
    pub effect: Effect,
}

#[derive(Clone, Debug)]
pub enum Effect {
    /// The device gives nothing; whether the system tells.
    MutedInHardware {
        tells: bool,
    },
    /// What it hears of the person, as a share, and its own noise.
    WrongMicrophone {
        share: f64,
        noise: f64,
    },
    /// Unplugged.
    NoMicrophone,
    MutedByPerson,
    /// At the microphone, beside what is said.
    Noise(f64),
    OnHold,
    /// How much of the loudspeaker's sound gets into the microphone.
    Echo {
        share: f64,
        delay: f64,
    },
    PartySilent {
        level: f64,
    },
    /// The other side sends nothing.
    PartyGone,
    Unsent,
    LossUp(Loss),
    LossDown(Loss),
    /// No way is found at all.
    NoWay,
    CutUp,
    CutDown,
    QueueUp(Queue),
    QueueDown(Queue),
    HoldsUp(Holds),
    HoldsDown(Holds),
    Longer(f64),
    /// The machine is too slow: what share of the time there is nothing to play, and whether it is critical.
    Slow {
        starved: f64,
        is_critical: bool,
    },
    /// Nobody reads; whether audio goes on.
    Asleep {
        plays: bool,
    },
    /// Another pair of candidates from here on.
    AnotherPair,
}

/// What the verdict was, with the sum of the set-up.
pub fn live(mut plan: Plan, dice: &mut Dice) -> Verdict {
    if !plan.never_connects() {
        let connected = plan.setup.checks + plan.setup.handshake;
        plan.facts.push((connected, Fact::Connection(ConnectionState::Connected)));
    }
    plan.before.sort_by(|one, other| one.0.total_cmp(&other.0));
    plan.facts.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut page = Page::new();
    let active_at = page.set_up(&plan);
    if plan.is_active {
        World::new(plan.clone()).run(&mut page, active_at, dice);
    }
    let last = plan.before.last().map_or(active_at, |(at, _)| at.max(active_at));
    let over = if plan.is_active { active_at + plan.seconds } else { last + 0.1 };
    page.fact(Fact::Ended(plan.ending), over);
    page.evidence.verdict(&page.timings, instant(over))
}

impl Plan {
    pub fn never_connects(&self) -> bool {
        self.happens.iter().any(|episode| matches!(episode.effect, Effect::NoWay))
    }
}

/// The media of a call, and its counters.
struct World {
    plan: Plan,
    reading: Reading,
    inbound: Stream,
    outbound: Stream,
    sent: f64,
    bytes_in: f64,
    /// The other side's levels of late, for an echo that comes later.
    earlier: Vec<f64>,
    next_report: f64,
    at_report: (f64, f64),
    next_check: f64,
    next_spike: f64,
    next_burst: f64,
    pair: u32,
    told: usize,
}

/// What is so just now.
#[derive(Default)]
struct Now {
    muted: bool,
    tells: bool,
    wrong: Option<(f64, f64)>,
    noise: f64,
    enabled: bool,
    on_hold: bool,
    echo: Option<(f64, f64)>,
    party: Option<f64>,
    is_party_gone: bool,
    is_unsent: bool,
    starved: f64,
    is_critical: bool,
    asleep: Option<bool>,
}

impl World {
    fn new(plan: Plan) -> Self {
        Self {
            plan,
            reading: Reading::default(),
            inbound: Stream::default(),
            outbound: Stream::default(),
            sent: 0.0,
            bytes_in: 0.0,
            earlier: Vec::new(),
            next_report: 0.0,
            at_report: (0.0, 0.0),
            next_check: 0.0,
            next_spike: 0.0,
            next_burst: 0.0,
            pair: 1,
            told: 0,
        }
    }

    fn run(mut self, page: &mut Page, active_at: f64, dice: &mut Dice) {
        self.next_report = dice.between(2.0, 6.0);
        self.next_spike = dice.exponential(60.0);
        self.next_burst = dice.exponential(120.0);
        let setup = self.plan.setup;
        let connected = if self.plan.never_connects() { f64::INFINITY } else { setup.checks + setup.handshake };
        let mut read_at = dice.between(0.3, 1.0);
        let mut at = 0.0;
        let mut paused = false;
        while at < self.plan.seconds {
            let now = self.now(at);
            self.tenth(at, at >= connected, &now, dice);
            at += 0.1;
            self.tell(page, at, active_at);
            if now.on_hold != paused {
                paused = now.on_hold;
                page.fact(Fact::Paused, active_at + at);
                page.quality.pause();
            }
            if at >= read_at {
                // Timers are late now and then.
                read_at += if dice.chance(0.02) { dice.between(1.1, 1.6) } else { 1.0 };
                if !paused && now.asleep.is_none() {
                    self.read(page, active_at + at, &now);
                }
            }
        }
    }

    fn tell(&mut self, page: &mut Page, at: f64, active_at: f64) {
        while let Some((when, fact)) = self.plan.facts.get(self.told).copied()
            && when <= at
        {
            page.fact(fact, active_at + when);
            self.told += 1;
        }
    }

    fn now(&mut self, at: f64) -> Now {
        let mut now = Now { enabled: true, ..Now::default() };
        let (up, down) = (&mut self.plan.up, &mut self.plan.down);
        for way in [&mut *up, &mut *down] {
            (way.longer, way.loss, way.queue, way.holds, way.is_cut) = (0.0, None, None, None, false);
        }
        let mut pair = 1;
        for Episode { effect, .. } in
            self.plan.happens.iter().filter(|episode| (episode.from..episode.to).contains(&at))
        {
            match *effect {
                Effect::MutedInHardware { tells } => (now.muted, now.tells) = (true, tells),
                Effect::WrongMicrophone { share, noise } => now.wrong = Some((share, noise)),
                Effect::NoMicrophone => now.muted = true,
                Effect::Noise(level) => now.noise = level,
                Effect::MutedByPerson => now.enabled = false,
                Effect::OnHold => now.on_hold = true,
                Effect::Echo { share, delay } => now.echo = Some((share, delay)),
                Effect::PartySilent { level } => now.party = Some(level),
                Effect::PartyGone => now.is_party_gone = true,
                Effect::Unsent => now.is_unsent = true,
                Effect::LossUp(loss) => up.loss = Some(loss),
                Effect::LossDown(loss) => down.loss = Some(loss),
                Effect::NoWay => {}
                Effect::CutUp => up.is_cut = true,
                Effect::CutDown => down.is_cut = true,
                Effect::QueueUp(queue) => up.queue = Some(queue),
                Effect::QueueDown(queue) => down.queue = Some(queue),
                Effect::HoldsUp(holds) => up.holds = Some(holds),
                Effect::HoldsDown(holds) => down.holds = Some(holds),
                Effect::Longer(extra) => (up.longer, down.longer) = (extra / 2.0, extra / 2.0),
                Effect::Slow { starved, is_critical } => (now.starved, now.is_critical) = (starved, is_critical),
                Effect::Asleep { plays } => {
                    now.asleep = Some(plays);
                    down.is_cut |= !plays;
                }
                Effect::AnotherPair => pair += 1,
            }
        }
        self.pair = pair;
        now
    }

    /// Five packets each way, and what is said meanwhile.
    fn tenth(&mut self, at: f64, is_connected: bool, now: &Now, dice: &mut Dice) {
        let stands_still = now.asleep == Some(false);
        self.disturb(at, dice);
        let heard = self.plan.people.talk(at, dice);
        let there = now.party.map_or(heard.there, |level| level * dice.between(0.7, 1.4));
        if is_connected {
            for packet in 0..5 {
                let sent = at + f64::from(packet) * PACKET;
                if !now.is_party_gone {
                    self.inbound.send(&mut self.plan.down, sent, dice);
                }
                if !now.is_unsent && !stands_still {
                    self.outbound.send(&mut self.plan.up, sent, dice);
                    self.sent += 1.0;
                }
            }
            let before = self.inbound.received;
            self.inbound.arrive(at + 0.1);
            self.outbound.arrive(at + 0.1);
            let came = self.inbound.received - before;
            self.bytes_in += came * 80.0;
            let audible = (came / 5.0).min(1.0);
            add(&mut self.reading.inbound.energy, there * there * 0.1 * audible);
            add(&mut self.reading.inbound.duration, 0.1);
            self.inbound.make_up(now.starved * 0.1);
            self.report(at, dice);
        }
        self.speak(heard.here, there, now, dice);
        let starved = if now.starved > 0.0 { (now.starved * dice.between(0.5, 1.5)).min(1.0) } else { 0.0 };
        add(&mut self.reading.machine.synthesized, starved * 0.1);
        add(&mut self.reading.machine.played, 0.1);
    }

    /// What befalls every network: a packet that waits, a few that are lost.
    fn disturb(&mut self, at: f64, dice: &mut Dice) {
        if at >= self.next_spike {
            self.next_spike = at + dice.exponential(60.0);
            let length = dice.between(0.02, 0.15);
            for way in [&mut self.plan.up, &mut self.plan.down] {
                way.holds = way.holds.or(Some(Holds { rate: 20.0, length }));
            }
        }
        if at >= self.next_burst {
            self.next_burst = at + dice.exponential(120.0);
            let way = if dice.chance(0.5) { &mut self.plan.up } else { &mut self.plan.down };
            way.loss = way.loss.or(Some(Loss { share: 0.8, burst: 8.0 }));
        }
    }

    fn speak(&mut self, here: f64, there: f64, now: &Now, dice: &mut Dice) {
        self.earlier.push(there);
        let here = here.hypot(now.noise * dice.between(0.8, 1.2));
        let mut level = match now.wrong {
            Some((share, noise)) => here * share + noise * dice.between(0.7, 1.4),
            None => here,
        };
        if let Some((share, delay)) = now.echo {
            let back = (delay * 10.0) as usize + 1;
            let sound = self.earlier.iter().rev().nth(back).copied().unwrap_or(0.0);
            level = level.hypot(share * sound);
        }
        if now.muted || !now.enabled {
            level = 0.0;
        }
        add(&mut self.reading.microphone.energy, level * level * 0.1);
        add(&mut self.reading.microphone.duration, 0.1);
    }

    /// RTCP, from the other side; and the browser's own checks of the pair.
    fn report(&mut self, at: f64, dice: &mut Dice) {
        let (up, down) = (&self.plan.up, &self.plan.down);
        let rtt = up.now() + down.now() + dice.exponential(up.noise + down.noise);
        if at >= self.next_check {
            self.next_check = at + 2.5;
            if !up.is_cut && !down.is_cut {
                self.reading.pair.rtt = Some(rtt);
            }
        }
        if at < self.next_report {
            return;
        }
        self.next_report = at + dice.between(2.5, 7.5);
        let (received, lost) = (self.outbound.received, self.outbound.lost);
        let (more, gone) = (received - self.at_report.0, lost - self.at_report.1);
        // Who received nothing says nothing of it, and a report can be lost, too.
        if more <= 0.0 || self.plan.down.carry(at, dice).is_none() {
            return;
        }
        self.at_report = (received, lost);
        let remote = &mut self.reading.remote;
        remote.reported = Some(1000.0 * at);
        remote.lost = Some(lost);
        // Eight bits of it.
        remote.fraction = Some((gone / (more + gone) * 256.0).floor() / 256.0);
        (remote.jitter, remote.rtt) = (Some(self.outbound.jitter), Some(rtt));
    }

    fn read(&mut self, page: &mut Page, at: f64, now: &Now) {
        let stream = &self.inbound;
        let inbound = &mut self.reading.inbound;
        (inbound.packets, inbound.bytes) = (Some(stream.received), Some(self.bytes_in));
        (inbound.lost, inbound.jitter) = (Some(stream.lost), Some(stream.jitter));
        (inbound.samples, inbound.concealed, inbound.silent) =
            (Some(stream.samples), Some(stream.concealed), Some(0.0));
        (inbound.buffered, inbound.emitted) = (Some(stream.buffered), Some(stream.emitted));
        self.reading.outbound = Outbound { packets: Some(self.sent), bytes: Some(self.sent * 80.0) };
        self.reading.microphone.enabled = Some(now.enabled);
        self.reading.microphone.muted = Some(now.tells);
        self.reading.pair.id = Some(f64::from(self.pair));
        self.reading.machine.pressure = Some(if now.is_critical { Pressure::Critical } else { Pressure::Nominal });
        self.reading.codec = Some(Codec::Opus);
        let reading = as_told_by(self.plan.browser, &self.reading);
        let now = instant(at);
        if let Some(measured) = page.quality.take(PeerId(1), &reading, now) {
            page.evidence.measured(&measured, now);
        }
    }
}

/// What each browser leaves out.
fn as_told_by(browser: Browser, reading: &Reading) -> Reading {
    let mut reading = *reading;
    if reading.inbound.packets == Some(0.0) {
        // There is no such stream before its first packet.
        reading.inbound = Inbound::default();
    }
    match browser {
        Browser::Chromium => {}
        Browser::Firefox => {
            reading.machine = Machine::default();
            reading.remote.fraction = None;
        }
        Browser::Safari => {
            reading.machine = Machine::default();
            reading.remote.jitter = None;
        }
    }
    reading
}

fn add(counter: &mut Option<f64>, more: f64) {
    *counter = Some(counter.unwrap_or(0.0) + more);
}
