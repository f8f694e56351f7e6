//! Oddities of the server: every one is counted, each kind is told once per socket.

use crate::event::Event;
use crate::outbox::Outbox;
use crate::warning::Warning;

/// What was odd on one socket.
#[derive(Debug, Default)]
pub(crate) struct Odd {
    seen: Vec<(Warning, u32)>,
}

impl Odd {
    pub(crate) fn tell(&mut self, warning: Warning, out: &mut Outbox) {
        if let Some((_, count)) = self.seen.iter_mut().find(|(seen, _)| *seen == warning) {
            *count = count.saturating_add(1);
            return;
        }
        self.seen.push((warning, 1));
        out.event(Event::Warning { call: None, warning });
    }
}
