//! What people do and what befalls them, by seed.

use std::time::Duration;

use offhook_gateway::order::Renewal;

use crate::random::Random;

/// One thing that is done or happens, and how long nothing else does after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// To which of the two.
    pub who: usize,
    pub act: Act,
    pub pause: Duration,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    Do(Doing),
    Befall(Accident),
}

/// What a person does. A number says which of the person's calls is meant.
#[derive(Clone, Debug, PartialEq)]
pub enum Doing {
    Call(&'static str),
    Answer { muted: Option<bool> },
    Hangup(usize),
    Hold(usize),
    Unhold(usize),
    Mute(usize, bool),
    Dtmf(usize),
    Transfer(usize),
    Prepare,
    ReconnectNow,
    Close,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Accident {
    /// The connection is gone, without a word.
    Drop,
    /// The gateway closes the connection.
    CloseFrame(u16),
    /// What the page sends does not arrive, for a while or for ever.
    Deaf(Option<Duration>),
    /// What the gateway sends does not arrive.
    Dumb(Option<Duration>),
    /// Neither does.
    Dead,
    Delay(Duration, Duration),
    Garbage(usize),
    /// The gateway is another one, which knows nothing, after a while.
    Restart(Duration),
    Forget,
    /// The server ends the calls.
    Kill(&'static str),
    Punt,
    RefuseLogins(u32),
    Registration(Vec<&'static str>),
    ChangeNode,
    Sever(Renewal, Option<Duration>),
    Reoffer,
    /// The server calls.
    Ring,
    Reload {
        resumes: bool,
        away: Duration,
    },
    /// The tab is opened a second time, with what the first one has stored.
    Duplicate,
    Sleep {
        time: Duration,
        sockets_die: bool,
    },
    Offline {
        time: Duration,
        sockets_die: bool,
    },
    /// The network is another one; the browser may not notice.
    NetworkChange {
        is_noticed: bool,
    },
    Microphone(Fitness),
    /// The tab is in the background.
    Throttle(Duration),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fitness {
    Granted,
    Asked,
    Refused,
    Unplugged,
}

impl Accident {
    pub const KINDS: [&str; 24] = [
        "dropped without a close frame",
        "closed by the gateway",
        "receives and does not send",
        "sends and does not receive",
        "neither sends nor receives",
        "delayed",
        "garbage",
        "gateway restarted",
        "call forgotten",
        "call ended by the server",
        "punted",
        "logins refused",
        "registration in doubt",
        "another node",
        "media dead",
        "media offered anew",
        "rung by the server",
        "page reloaded",
        "tab duplicated",
        "asleep",
        "offline",
        "network changed",
        "microphone changed",
        "throttled",
    ];

    pub fn kind(&self) -> &'static str {
        let index = match self {
            Self::Drop => 0,
            Self::CloseFrame(_) => 1,
            Self::Deaf(_) => 2,
            Self::Dumb(_) => 3,
            Self::Dead => 4,
            Self::Delay(..) => 5,
            Self::Garbage(_) => 6,
            Self::Restart(_) => 7,
            Self::Forget => 8,
            Self::Kill(_) => 9,
            Self::Punt => 10,
            Self::RefuseLogins(_) => 11,
            Self::Registration(_) => 12,
            Self::ChangeNode => 13,
            Self::Sever(..) => 14,
            Self::Reoffer => 15,
            Self::Ring => 16,
            Self::Reload { .. } => 17,
            Self::Duplicate => 18,
            Self::Sleep { .. } => 19,
            Self::Offline { .. } => 20,
            Self::NetworkChange { .. } => 21,
            Self::Microphone(_) => 22,
            Self::Throttle(_) => 23,
        };
        Self::KINDS[index]
    }

    fn any(random: &mut Random) -> Self {
        let a_while = |random: &mut Random| (!random.once_in(3)).then(|| random.millis(500, 40_000));
        let kind = random.below(Self::KINDS.len());
        // What ends calls for good comes more seldom than what they can live through.
        let is_fatal = (7..=11).contains(&kind);
        let kind = if is_fatal && !random.once_in(3) { random.below(Self::KINDS.len()) } else { kind };
        match kind {
            0 => Self::Drop,
            1 => Self::CloseFrame(random.among(&[1000, 1001, 1011, 1012])),
            2 => Self::Deaf(a_while(random)),
            3 => Self::Dumb(a_while(random)),
            4 => Self::Dead,
            5 => Self::Delay(random.millis(300, 8_000), random.millis(1_000, 30_000)),
            6 => Self::Garbage(random.below(usize::MAX)),
            7 => Self::Restart(random.millis(0, 12_000)),
            8 => Self::Forget,
            9 => Self::Kill(random.among(&["NORMAL_CLEARING", "USER_BUSY", "NORMAL_TEMPORARY_FAILURE"])),
            10 => Self::Punt,
            11 => Self::RefuseLogins(random.among(&[1, 1, 1, 2, 3])),
            12 => {
                let states = ["NOREG", "UNREGED", "TRYING", "REGISTER", "FAILED", "FAIL_WAIT", "DOWN", "EXPIRED"];
                Self::Registration((0..=random.below(4)).map(|_| random.among(&states)).collect())
            }
            13 => Self::ChangeNode,
            14 => Self::Sever(random.among(&[Renewal::Restart, Renewal::Attach, Renewal::Never]), a_while(random)),
            15 => Self::Reoffer,
            16 => Self::Ring,
            17 => {
                let away = random.among(&[60, 60, 800, 5_000, 30_000, 75_000, 100_000]);
                Self::Reload { resumes: !random.once_in(4), away: Duration::from_millis(away) }
            }
            18 => Self::Duplicate,
            19 => Self::Sleep { time: random.millis(1_000, 90_000), sockets_die: random.once_in(2) },
            20 => Self::Offline { time: random.millis(200, 50_000), sockets_die: random.once_in(2) },
            21 => Self::NetworkChange { is_noticed: random.once_in(2) },
            22 => {
                let states = [Fitness::Granted, Fitness::Granted, Fitness::Asked, Fitness::Refused, Fitness::Unplugged];
                Self::Microphone(random.among(&states))
            }
            _ => Self::Throttle(random.millis(5_000, 60_000)),
        }
    }
}

impl Doing {
    fn any(random: &mut Random) -> Self {
        let numbers =
            ["1000", "1001", "1000", "1001", "71001", "9196", "9196", "9198", "9180", "9181", "9186", "486", "9183"];
        let which = random.among(&[0, 0, 0, 1, 2]);
        match random.below(26) {
            0..=6 => Self::Call(random.among(&numbers)),
            7..=12 => Self::Answer { muted: random.among(&[None, None, Some(true), Some(false)]) },
            13 | 14 => Self::Hangup(which),
            15..=17 => Self::Hold(which),
            18 | 19 => Self::Unhold(which),
            20 | 21 => Self::Mute(which, random.once_in(2)),
            22 => Self::Dtmf(which),
            23 => Self::Prepare,
            24 => Self::ReconnectNow,
            _ if random.once_in(6) => Self::Close,
            _ if random.once_in(3) => Self::Transfer(which),
            _ => Self::Dtmf(which),
        }
    }
}

/// A life of three minutes and more.
pub fn plan(seed: u64) -> Vec<Step> {
    let mut random = Random::new(seed);
    let count = 30 + random.below(16);
    (0..count)
        .map(|nth| {
            let act = match random.below(9) {
                _ if nth < 2 => Act::Do(Doing::Call(random.among(&["1000", "1001", "9196"]))),
                0..=4 => Act::Do(Doing::any(&mut random)),
                _ => Act::Befall(Accident::any(&mut random)),
            };
            let pause = random.among(&[0, 30, 300, 1_000, 2_500, 2_500, 6_000, 12_000, 20_000]);
            Step { who: random.below(2), act, pause: Duration::from_millis(pause) }
        })
        .collect()
}
