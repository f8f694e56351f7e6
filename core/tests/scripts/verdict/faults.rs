//! What can go wrong with a call, each in a strength that a person would notice, or in one at the border.

use offhook_core::By;
use offhook_core::quality::verdict::*;

use super::dice::Dice;
use super::link::{Holds, Loss, Queue};
use super::world::{Browser, Effect, Episode, Plan};

/// What a verdict has to find.
pub struct Fault {
    pub cause: Cause,
    /// What belongs to it, and may be found or not.
    pub also: &'static [Cause],
    pub subject: Subject,
    pub befall: fn(&mut Plan, &mut Dice, Strength),
}

/// How strong it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// A person would notice it, or somebody who looks would.
    Plain,
    /// Opinions differ.
    Borderline,
}

/// What it befalls: of two faults of one subject the one hides the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Microphone,
    Loudspeaker,
    Streams,
    Network,
    Way,
    Relay,
    Session,
    SetUp,
    Machine,
    /// There is no call.
    Call,
}

impl Subject {
    /// Whether what befalls the one can be seen while the other is so.
    pub fn goes_with(self, other: Self) -> bool {
        let is = |one, two| (self, other) == (one, two) || (other, self) == (one, two);
        self != other
            && self != Self::Call
            && other != Self::Call
            // Nothing comes that could be lost, late, or heard again.
            && !is(Self::Streams, Self::Network)
            && !is(Self::Streams, Self::Way)
            && !is(Self::Streams, Self::Microphone)
            // A busy machine loses packets and is late, too; a relay over TCP is far; both are told, and not these.
            && !is(Self::Machine, Self::Network)
            && !is(Self::Relay, Self::Network)
            // A sleeping machine loses its connection.
            && !is(Self::Machine, Self::Way)
            && !is(Self::Machine, Self::Streams)
    }
}

impl Strength {
    /// A number from one range or the other.
    fn scaled(self, dice: &mut Dice, plain: (f64, f64), borderline: (f64, f64)) -> f64 {
        match self {
            Self::Plain => dice.scaled(plain.0, plain.1),
            Self::Borderline => dice.scaled(borderline.0, borderline.1),
        }
    }

    fn is_plain(self) -> bool {
        self == Self::Plain
    }
}

impl Fault {
    /// How long a call has to be for it.
    pub fn seconds(&self) -> f64 {
        match self.cause {
            Cause::Echo | Cause::RttSpikes => 90.0,
            Cause::OtherSideSilent => 120.0,
            _ => 45.0,
        }
    }
}

/// All of them.
pub fn all() -> Vec<Fault> {
    let fault = |cause, subject, befall| Fault { cause, also: &[], subject, befall };
    let with = |cause, also, subject, befall| Fault { cause, also, subject, befall };
    let mut all = vec![
        fault(Cause::MicrophoneMutedInHardware, Subject::Microphone, muted_in_hardware),
        fault(Cause::MicrophoneSilent, Subject::Microphone, wrong_microphone),
        fault(Cause::MicrophoneLost, Subject::Microphone, unplugged),
        fault(Cause::SpokeWhileMuted, Subject::Microphone, forgot_to_unmute),
        fault(Cause::Echo, Subject::Microphone, echo),
        with(Cause::MicrophoneDenied, &[Cause::SlowMicrophone], Subject::Call, denied),
        fault(Cause::MicrophoneUnavailable, Subject::Call, unavailable),
        fault(Cause::PlaybackBlocked, Subject::Loudspeaker, playback_blocked),
        fault(Cause::OutputLost, Subject::Loudspeaker, output_lost),
        fault(Cause::NothingReceived, Subject::Streams, nothing_received),
        fault(Cause::OtherSideSilent, Subject::Streams, other_side_silent),
        with(Cause::NothingReachesOtherSide, &[Cause::LossOutbound], Subject::Streams, nothing_arrives),
        fault(Cause::NothingSent, Subject::Streams, nothing_sent),
        fault(Cause::LossInbound, Subject::Network, loss_inbound),
        fault(Cause::LossOutbound, Subject::Network, loss_outbound),
        fault(Cause::Congestion, Subject::Network, congestion),
        fault(Cause::Jitter, Subject::Network, jitter),
        fault(Cause::LongWay, Subject::Network, long_way),
        fault(Cause::RelayDetour, Subject::Network, relay_detour),
        fault(Cause::RttSpikes, Subject::Network, rtt_spikes),
        fault(Cause::NetworkChanged, Subject::Way, network_changed),
        fault(Cause::MediaInterrupted, Subject::Way, interrupted),
        with(Cause::MediaLost, &[Cause::EndedByNetwork], Subject::Way, lost_for_good),
        fault(Cause::UdpBlocked, Subject::Relay, udp_blocked),
        with(Cause::OnlyHostCandidates, &[Cause::SlowGathering], Subject::Relay, only_hosts),
        fault(Cause::RelayRefused, Subject::Relay, relay_refused),
        fault(Cause::IceNeverConnected, Subject::Call, never_connected),
        fault(Cause::SocketLost, Subject::Session, socket_lost),
        fault(Cause::SlowMicrophone, Subject::SetUp, slow_microphone),
        fault(Cause::SlowGathering, Subject::SetUp, slow_gathering),
        fault(Cause::SlowSignalling, Subject::SetUp, slow_signalling),
        fault(Cause::SlowChecks, Subject::SetUp, slow_checks),
        fault(Cause::SlowHandshake, Subject::SetUp, slow_handshake),
        fault(Cause::CpuOverloaded, Subject::Machine, overloaded),
        fault(Cause::BrowserThrottled, Subject::Machine, asleep),
    ];
    all.extend(super::endings::all());
    all
}

/// From one time to another, in the midst of the call; at least so long.
fn window(plan: &Plan, dice: &mut Dice, least: f64) -> (f64, f64) {
    let length = dice.between(least, (plan.seconds - 15.0).max(least + 1.0));
    let from = dice.between(6.0, (plan.seconds - length - 2.0).max(7.0));
    (from, (from + length).min(plan.seconds))
}

fn happen(plan: &mut Plan, (from, to): (f64, f64), effect: Effect) {
    plan.happens.push(Episode { from, to, effect });
}

fn for_all_time(plan: &mut Plan, effect: Effect) {
    happen(plan, (0.0, f64::INFINITY), effect);
}

/// So long, somewhere in the midst.
fn span(plan: &Plan, dice: &mut Dice, length: f64) -> (f64, f64) {
    let from = dice.between(6.0, (plan.seconds - length - 2.0).max(7.0));
    (from, from + length)
}

/// Nobody mutes the call meanwhile, nor puts it on hold: that would hide it.
fn attentive(plan: &mut Plan) {
    plan.happens.retain(|episode| !matches!(episode.effect, Effect::MutedByPerson | Effect::OnHold));
}

fn muted_in_hardware(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    attentive(plan);
    plan.people.take_part();
    let tells = dice.chance(0.4) || plan.people.has_gate();
    let length = strength.scaled(dice, (15.0, 35.0), (4.0, 12.0));
    let when = span(plan, dice, length);
    happen(plan, when, Effect::MutedInHardware { tells });
}

fn wrong_microphone(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    attentive(plan);
    plan.people.take_part();
    let effect = if strength.is_plain() && dice.chance(0.4) {
        // A virtual device.
        Effect::WrongMicrophone { share: 0.0, noise: 0.0 }
    } else {
        // Under a lid, or in another room: 46 to 66 decibels less; at the border 34 to 46.
        let share = strength.scaled(dice, (0.000_5, 0.005), (0.005, 0.02));
        Effect::WrongMicrophone { share, noise: dice.scaled(0.000_02, 0.000_5) }
    };
    for_all_time(plan, effect);
}

fn unplugged(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    let from = dice.between(5.0, plan.seconds - 25.0);
    let without = strength.scaled(dice, (0.3, 15.0), (0.05, 0.3));
    plan.facts.push((from, Fact::MicrophoneLost));
    let comes_back = !strength.is_plain() || dice.chance(0.7);
    let to = if comes_back { from + without } else { plan.seconds };
    if comes_back {
        plan.facts.push((to, Fact::MicrophoneOpened));
    }
    happen(plan, (from, to), Effect::NoMicrophone);
}

fn forgot_to_unmute(plan: &mut Plan, dice: &mut Dice, _: Strength) {
    let (from, to) = window(plan, dice, 6.0);
    happen(plan, (from, to), Effect::MutedByPerson);
    plan.facts.push((dice.between(from, to), Fact::SpokeWhileMuted));
}

fn echo(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    attentive(plan);
    plan.happens.retain(|episode| !matches!(episode.effect, Effect::Echo { .. } | Effect::Noise(_)));
    // It comes with a loudspeaker, at the beginning or when somebody takes off the headset, and stays.
    let from = if dice.chance(0.6) { 0.0 } else { dice.between(0.0, plan.seconds - 80.0) };
    let when = (from, plan.seconds);
    // 6 to 22 decibels less than what the loudspeaker got; at the border down to 40.
    let mut share = strength.scaled(dice, (0.08, 0.5), (0.01, 0.08));
    if strength.is_plain() {
        // What the noise of the room drowns is not heard over there.
        share = share.max(10.0 * plan.people.drowned());
    }
    happen(plan, when, Effect::Echo { share, delay: dice.between(0.05, 0.3) });
}

fn denied(plan: &mut Plan, dice: &mut Dice, _: Strength) {
    refuse(plan, dice, &[Refusal::Denied, Refusal::Dismissed, Refusal::Blocked]);
}

fn unavailable(plan: &mut Plan, dice: &mut Dice, _: Strength) {
    refuse(plan, dice, &[Refusal::NotFound, Refusal::Busy, Refusal::Other]);
}

fn refuse(plan: &mut Plan, dice: &mut Dice, refusals: &[Refusal]) {
    let refusal = dice.one_of(refusals);
    let at = plan.setup.person + dice.between(0.1, 8.0);
    plan.before.push((at, Fact::MicrophoneRefused(refusal)));
    if dice.chance(0.3) {
        // The person mends it.
        plan.before.push((at + dice.between(2.0, 20.0), Fact::MicrophoneOpened));
    } else {
        plan.is_active = false;
        plan.ending = Ending { by: By::Local, cause_code: Some(88), sip_code: None };
    }
}

fn playback_blocked(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    let heard = strength.scaled(dice, (2.0, 30.0), (0.2, 2.0));
    plan.facts.push((0.0, Fact::PlaybackRefused));
    if !strength.is_plain() || dice.chance(0.8) {
        plan.facts.push((heard, Fact::PlaybackAllowed));
    }
}

fn output_lost(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    let from = dice.between(5.0, plan.seconds - 20.0);
    plan.facts.push((from, Fact::OutputLost));
    plan.facts.push((from + strength.scaled(dice, (0.5, 15.0), (0.05, 0.5)), Fact::OutputFound));
}

fn nothing_received(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    attentive(plan);
    let effect = if dice.chance(0.5) { Effect::PartyGone } else { Effect::CutDown };
    let length = strength.scaled(dice, (7.0, 35.0), (1.5, 6.0));
    let when = if strength.is_plain() && dice.chance(0.4) { (0.0, plan.seconds) } else { span(plan, dice, length) };
    happen(plan, when, effect);
}

fn other_side_silent(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    attentive(plan);
    let level = dice.scaled(0.000_001, 0.000_8);
    let when = if strength.is_plain() && dice.chance(0.6) {
        (0.0, plan.seconds)
    } else {
        let length = strength.scaled(dice, (60.0, 90.0), (25.0, 55.0));
        span(plan, dice, length)
    };
    happen(plan, when, Effect::PartySilent { level });
}

fn nothing_arrives(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    attentive(plan);
    let length = strength.scaled(dice, (25.0, 40.0), (6.0, 15.0));
    let when = if strength.is_plain() && dice.chance(0.5) { (0.0, plan.seconds) } else { span(plan, dice, length) };
    // A port that is rewritten, a key that does not fit: a few get through now and then, and are reported.
    happen(plan, when, Effect::LossUp(Loss { share: dice.between(0.975, 0.99), burst: 60.0 }));
}

fn nothing_sent(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    attentive(plan);
    let length = strength.scaled(dice, (7.0, 35.0), (1.5, 6.0));
    let when = if strength.is_plain() && dice.chance(0.4) { (0.0, plan.seconds) } else { span(plan, dice, length) };
    happen(plan, when, Effect::Unsent);
}

fn lossy(dice: &mut Dice, strength: Strength) -> Loss {
    // From two in a hundred on, concealment is heard; a lone one in a hundred is not.
    Loss { share: strength.scaled(dice, (0.035, 0.3), (0.008, 0.035)), burst: dice.between(1.1, 6.0) }
}

fn loss_inbound(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    attentive(plan);
    let when = window(plan, dice, 15.0);
    let loss = lossy(dice, strength);
    happen(plan, when, Effect::LossDown(loss));
}

fn loss_outbound(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    attentive(plan);
    let when = window(plan, dice, 25.0);
    let loss = lossy(dice, strength);
    happen(plan, when, Effect::LossUp(loss));
}

fn congestion(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    attentive(plan);
    let when = window(plan, dice, 25.0);
    // Buffers of home routers: Gettys and Nichols measured from a half to several seconds.
    let most = strength.scaled(dice, (0.5, 2.0), (0.15, 0.5));
    let queue = Queue { most, growth: dice.between(0.1, 0.5) * most, serial: dice.between(0.002, 0.008) };
    happen(plan, when, if dice.chance(0.5) { Effect::QueueUp(queue) } else { Effect::QueueDown(queue) });
}

fn jitter(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    attentive(plan);
    let when = window(plan, dice, 20.0);
    // A radio that shares its channel with many.
    let holds = Holds {
        rate: strength.scaled(dice, (4.0, 8.0), (1.5, 4.0)),
        length: strength.scaled(dice, (0.15, 0.3), (0.05, 0.15)),
    };
    happen(plan, when, Effect::HoldsDown(holds));
    if dice.chance(0.5) {
        happen(plan, when, Effect::HoldsUp(holds));
    }
}

fn long_way(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    // Satellites: a quarter of a second up and down, each way.
    let extra = strength.scaled(dice, (0.4, 0.8), (0.18, 0.35));
    for_all_time(plan, Effect::Longer(extra));
}

fn relay_detour(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    long_way(plan, dice, strength);
    let (local, remote) = (CandidateKind::Relay, CandidateKind::Host);
    plan.before.push((0.4, Fact::Candidate(CandidateKind::Relay, Some(Protocol::Udp))));
    plan.before.push((0.5, Fact::Path { local, remote, relay: Some(Protocol::Udp) }));
}

fn rtt_spikes(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    attentive(plan);
    let extra = strength.scaled(dice, (0.5, 1.5), (0.2, 0.4));
    let mut at = dice.between(8.0, 20.0);
    for _ in 0..3 {
        let to = at + dice.between(9.0, 15.0);
        happen(plan, (at, to), Effect::Longer(extra));
        at = to + dice.between(8.0, 12.0);
    }
}

/// Nothing gets through for a while; the browser notices it some seconds later.
fn cut(plan: &mut Plan, dice: &mut Dice, (from, to): (f64, f64), comes_back: bool) {
    for effect in [Effect::CutUp, Effect::CutDown] {
        happen(plan, (from, to), effect);
    }
    let noticed = from + dice.between(3.0, 6.0);
    if noticed < to {
        plan.facts.push((noticed, Fact::Connection(ConnectionState::Disconnected)));
        plan.facts.push((noticed + 0.2, Fact::IceRestarted));
        if comes_back {
            plan.facts.push((to + 0.2, Fact::Connection(ConnectionState::Connected)));
        }
    }
}

fn network_changed(plan: &mut Plan, dice: &mut Dice, _: Strength) {
    attentive(plan);
    let lost = if dice.chance(0.4) { dice.between(0.1, 0.8) } else { dice.between(4.0, 12.0) };
    let when = span(plan, dice, lost);
    plan.facts.push((when.0 + dice.between(0.1, 2.5), Fact::NetworkChanged));
    cut(plan, dice, when, true);
    happen(plan, (when.1, plan.seconds), Effect::AnotherPair);
}

fn interrupted(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    attentive(plan);
    let length = strength.scaled(dice, (8.0, 25.0), (2.0, 7.0));
    let when = span(plan, dice, length);
    cut(plan, dice, when, true);
}

fn lost_for_good(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    attentive(plan);
    let length = strength.scaled(dice, (9.0, 30.0), (3.0, 8.0));
    let end = plan.seconds;
    cut(plan, dice, (end - length, end), false);
    plan.ending = Ending { by: dice.one_of(&[By::Local, By::Timeout, By::Network]), cause_code: None, sip_code: None };
}

fn udp_blocked(plan: &mut Plan, dice: &mut Dice, _: Strength) {
    let protocol = dice.one_of(&[Protocol::Tcp, Protocol::Tls]);
    plan.before
        .retain(|(_, fact)| !matches!(fact, Fact::Candidate(CandidateKind::Reflexive | CandidateKind::Relay, _)));
    plan.before.push((0.0, Fact::IceServers));
    plan.before.push((0.3, Fact::Candidate(CandidateKind::Relay, Some(protocol))));
    let (local, remote) = (CandidateKind::Relay, CandidateKind::Host);
    plan.before.push((0.5, Fact::Path { local, remote, relay: Some(protocol) }));
    // What UDP could do is tried first.
    plan.setup.checks = dice.between(0.5, 7.0);
}

fn only_hosts(plan: &mut Plan, dice: &mut Dice, _: Strength) {
    plan.before
        .retain(|(_, fact)| !matches!(fact, Fact::Candidate(CandidateKind::Reflexive | CandidateKind::Relay, _)));
    plan.before.push((0.0, Fact::IceServers));
    for _ in 0..dice.one_of(&[1, 2, 4]) {
        plan.before.push((9.9, Fact::CandidateError(701)));
    }
    plan.setup.gathering = dice.one_of(&[plan.setup.gathering, 9.9]);
}

fn relay_refused(plan: &mut Plan, dice: &mut Dice, _: Strength) {
    plan.before.retain(|(_, fact)| !matches!(fact, Fact::Candidate(CandidateKind::Relay, _)));
    plan.before.push((0.0, Fact::IceServers));
    plan.before.push((0.3, Fact::CandidateError(dice.one_of(&[401, 403, 437, 441, 486, 508]))));
}

fn never_connected(plan: &mut Plan, dice: &mut Dice, _: Strength) {
    attentive(plan);
    plan.seconds = dice.between(12.0, 40.0);
    plan.facts.clear();
    plan.happens.clear();
    for_all_time(plan, Effect::NoWay);
    if dice.chance(0.6) {
        plan.facts.push((dice.between(8.0, 11.0), Fact::Connection(ConnectionState::Failed)));
    }
    plan.ending = Ending { by: dice.one_of(&[By::Local, By::Timeout]), cause_code: None, sip_code: None };
}

fn socket_lost(plan: &mut Plan, dice: &mut Dice, _: Strength) {
    let mut at = dice.between(3.0, 15.0);
    for _ in 0..dice.one_of(&[1, 1, 2, 3]) {
        plan.facts.push((at, Fact::SocketLost));
        at += dice.scaled(0.3, 10.0);
        plan.facts.push((at, Fact::SocketBack));
        at += dice.between(1.0, 10.0);
    }
}

fn slow_microphone(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    // A question that has to be read, or a headset that has to be connected.
    plan.setup.microphone = strength.scaled(dice, (4.0, 30.0), (2.2, 4.0));
}

fn slow_gathering(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    plan.setup.waits = true;
    plan.setup.gathering = strength.scaled(dice, (3.0, 40.0), (1.0, 3.0));
}

fn slow_signalling(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    plan.setup.tells_ringing = true;
    plan.setup.gateway = strength.scaled(dice, (8.0, 30.0), (3.5, 8.0));
}

fn slow_checks(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    plan.setup.checks = strength.scaled(dice, (3.5, 15.0), (0.8, 3.5));
}

fn slow_handshake(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    // Flights that are lost once, twice, three times: they are repeated after 1, 2, 4 seconds.
    let lost = if strength.is_plain() { dice.one_of(&[3.0, 7.0, 15.0]) } else { 1.0 };
    plan.setup.handshake += lost;
}

fn overloaded(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    // Others do not tell.
    plan.browser = Browser::Chromium;
    attentive(plan);
    let when = window(plan, dice, 12.0);
    let starved = strength.scaled(dice, (0.12, 0.6), (0.01, 0.12));
    let is_critical = strength.is_plain() && dice.chance(0.7);
    happen(plan, when, Effect::Slow { starved, is_critical });
    // Packets are looked at when there is time.
    let holds = Holds { rate: dice.between(2.0, 6.0), length: dice.between(0.05, 0.2) };
    happen(plan, when, Effect::HoldsDown(holds));
    happen(plan, when, Effect::LossDown(Loss { share: dice.between(0.001, 0.04), burst: 3.0 }));
}

fn asleep(plan: &mut Plan, dice: &mut Dice, strength: Strength) {
    attentive(plan);
    for _ in 0..dice.one_of(&[1, 1, 2]) {
        let length = strength.scaled(dice, (6.0, 25.0), (2.0, 5.0));
        let when = span(plan, dice, length);
        happen(plan, when, Effect::Asleep { plays: dice.chance(0.6) });
    }
}
