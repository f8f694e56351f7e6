//! What each number does.

use std::sync::Arc;
use std::time::Duration;

use crate::agent::Agent;
use crate::cause::Cause;
use crate::config::Config;
use crate::order::Sound;

/// One thing done to a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Say that it rings, where the dialect can.
    Ring,
    /// Send early media.
    Progress,
    /// Answer.
    Answer,
    /// Go on once packets can flow.
    Connect,
    /// Let this be heard.
    Play(Sound),
    /// Go on once the sound is over.
    Finish,
    /// Go on after a while.
    Wait(Duration),
    /// Show a name and a number.
    Display(&'static str, &'static str),
    /// Read so many digits, show them, and read again.
    ReadDigits(usize),
    /// Ring a user.
    Dial { user: String, ringback: bool },
    /// Hear when the caller speaks.
    Listen,
    /// Talk to an agent.
    Converse(Arc<Agent>),
    /// Hang up.
    Hangup(Cause),
}

/// What a call to this number does.
pub(crate) fn steps(number: &str, config: &Config) -> Vec<Step> {
    use Step::{Answer, Connect, Display, Hangup, Play, Progress, ReadDigits, Ring, Wait};
    if let Some(agent) = config.agents.by_number(number) {
        return talk(agent);
    }
    match number {
        "" => welcome(),
        "9180" => vec![Progress, Play(Sound::Tone), Connect, Wait(SECOND * 3), Answer, Play(Sound::Echo)],
        "9181" => vec![Ring, Wait(SECOND * 3), Answer, Play(Sound::Echo)],
        "9182" => vec![Ring, Wait(SECOND * 6), Hangup(Cause::NO_ANSWER)],
        "9183" => vec![Answer, Play(Sound::Tone), Wait(SECOND * 4), Hangup(Cause::NORMAL_CLEARING)],
        "9184" => vec![Answer, Play(Sound::Echo), Wait(SECOND), Display("Display Test", "5551234")],
        "9185" => vec![Answer, ReadDigits(4)],
        "9186" => {
            vec![Progress, Play(Sound::Busy), Connect, Wait(Duration::from_millis(1500)), Hangup(Cause::USER_BUSY)]
        }
        "9196" => vec![Answer, Play(Sound::Echo)],
        "9198" => vec![Answer, Play(Sound::Tone)],
        "404" => vec![Hangup(Cause::UNALLOCATED_NUMBER)],
        "486" => vec![Hangup(Cause::USER_BUSY)],
        "503" => vec![Hangup(Cause::NORMAL_TEMPORARY_FAILURE)],
        "603" => vec![Hangup(Cause::CALL_REJECTED)],
        _ => {
            let (user, ringback) = match number.strip_prefix('7') {
                Some(user) if config.user(number).is_none() => (user, false),
                _ => (number, true),
            };
            match config.user(user) {
                Some(user) => vec![Step::Dial { user: user.name.clone(), ringback }],
                None => vec![Hangup(Cause::NO_ROUTE_DESTINATION)],
            }
        }
    }
}

/// A spoken welcome, then the caller's own voice.
pub(crate) fn welcome() -> Vec<Step> {
    vec![Step::Answer, Step::Connect, Step::Play(Sound::Welcome), Step::Finish, Step::Play(Sound::Echo)]
}

/// A conversation with an agent.
pub(crate) fn talk(agent: &Arc<Agent>) -> Vec<Step> {
    vec![Step::Listen, Step::Answer, Step::Connect, Step::Converse(agent.clone())]
}

const SECOND: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_number_rings_that_user_and_a_seven_before_it_does_so_without_ringback() {
        let config = Config::default();

        for (number, ringback) in [("1001", true), ("71001", false), ("1001@127.0.0.1", true)] {
            assert_eq!(steps(number, &config), [Step::Dial { user: "1001".to_owned(), ringback }], "{number}");
        }
    }

    #[test]
    fn any_other_number_has_no_route() {
        for number in ["12345", "7", "1006", "service", "+1 555"] {
            assert_eq!(steps(number, &Config::default()), [Step::Hangup(Cause::NO_ROUTE_DESTINATION)], "{number}");
        }
    }
}
