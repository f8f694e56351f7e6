//! The client of a page. One in some hundred is recorded, and at the end its trace has to do the same again.

use std::ops::Deref;

use offhook_core::trace::{Recorder, replay};
use offhook_core::*;

/// Recording costs more than living: so many clients of a million are recorded.
const RECORDED: u64 = 2_500;

pub enum Subject {
    Plain(Box<Client>),
    Recorded {
        recorder: Box<Recorder>,
        /// All that it told.
        told: Vec<Event>,
    },
}

impl Subject {
    pub fn new(options: Options, sessid: SessId, seed: u64, now: Instant) -> Self {
        if seed % 1_000_000 < RECORDED {
            let recorder = Recorder::new(options, sessid, seed, now).unwrap();
            return Self::Recorded { recorder: Box::new(recorder), told: Vec::new() };
        }
        Self::Plain(Box::new(Client::new(options, sessid, seed).unwrap()))
    }

    pub fn resume(&mut self, marker: &str, now: Instant) -> Result<(), Misuse> {
        match self {
            Self::Plain(client) => client.resume(marker, now),
            Self::Recorded { recorder, .. } => recorder.resume(marker, now),
        }
    }

    pub fn command(&mut self, command: Command, now: Instant) -> Result<Accepted, Misuse> {
        match self {
            Self::Plain(client) => client.command(command, now),
            Self::Recorded { recorder, .. } => recorder.command(command, now),
        }
    }

    pub fn handle_input(&mut self, input: Input, now: Instant) {
        match self {
            Self::Plain(client) => client.handle_input(input, now),
            Self::Recorded { recorder, .. } => recorder.handle_input(input, now),
        }
    }

    pub fn poll_output(&mut self) -> Option<Output> {
        match self {
            Self::Plain(client) => client.poll_output(),
            Self::Recorded { recorder, told } => {
                let output = recorder.poll_output();
                if let Some(Output::Event(event)) = &output {
                    told.push(event.clone());
                }
                output
            }
        }
    }

    /// A trace does the same again. Whether there is one.
    pub fn replays(&self) -> bool {
        let Self::Recorded { recorder, told } = self else { return false };
        let mut again = Vec::new();
        let outcome = replay(recorder.text(), |_, output| {
            if let Output::Event(event) = output {
                again.push(event.clone());
            }
        });
        assert_eq!(outcome, Ok(()));
        assert!(again == *told, "its trace does not do the same again");
        true
    }
}

impl Deref for Subject {
    type Target = Client;

    fn deref(&self) -> &Client {
        match self {
            Self::Plain(client) => client,
            Self::Recorded { recorder, .. } => recorder,
        }
    }
}
