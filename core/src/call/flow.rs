//! Whether the media of a call that is up flows.

use std::time::Duration;

use crate::quality::Row;
use crate::time::Moment;

/// A connection that lost its way mostly finds it again by itself within this.
const GRACE: Duration = Duration::from_secs(3);
/// How long packets, and reports about them, may stay away.
const STOPPED: Duration = Duration::from_secs(5);

/// What shows that packets come, and that the other side hears ours.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Counted {
    pub(super) packets: f64,
    /// RTCP reports received, in a number that grows with each.
    pub(super) reports: f64,
    pub(super) over_vpn: bool,
}

impl From<&Row> for Counted {
    fn from(row: &Row) -> Self {
        Self { packets: row.packets_received(), reports: row.reports(), over_vpn: row.is_over_vpn() }
    }
}

/// What is known of the media of one peer connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flow {
    packets: f64,
    packets_at: Moment,
    reports: f64,
    reports_at: Moment,
    /// Whether it was told that no packets come.
    warned: bool,
    /// Until when the connection may find its way again.
    grace: Option<Moment>,
}

/// What a look at the counters says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Flowing,
    /// No packets come, for the first time: nobody may be speaking.
    Quiet,
    /// It does not come back by itself.
    Stopped,
}

impl Flow {
    pub(super) fn new(now: Moment) -> Self {
        Self { packets: 0.0, packets_at: now, reports: 0.0, reports_at: now, warned: false, grace: None }
    }

    /// No packets alone mean little: there may be nothing to hear. Without reports, or without a connection, they mean
    /// that the media is gone. Whoever never sent reports is not missed.
    pub(super) fn look(&mut self, counted: Counted, connected: bool, now: Moment) -> Verdict {
        if counted.packets != self.packets {
            (self.packets, self.packets_at, self.warned) = (counted.packets, now, false);
        }
        if counted.reports > self.reports {
            (self.reports, self.reports_at) = (counted.reports, now);
        }
        if !now.reached(self.packets_at.after(STOPPED)) {
            return Verdict::Flowing;
        }
        let unreported = self.reports > 0.0 && now.reached(self.reports_at.after(STOPPED));
        if !connected || unreported {
            return Verdict::Stopped;
        }
        if std::mem::replace(&mut self.warned, true) { Verdict::Flowing } else { Verdict::Quiet }
    }

    /// Nothing is expected while the call is on hold: its silence counts from the end of that.
    pub(super) fn forgive(&mut self, now: Moment) {
        (self.packets_at, self.reports_at) = (now, now);
    }

    pub(super) fn connected(&mut self) {
        self.grace = None;
    }

    pub(super) fn disconnected(&mut self, now: Moment) {
        self.grace = self.grace.or(Some(now.after(GRACE)));
    }

    pub(super) fn grace(&self) -> Option<Moment> {
        self.grace
    }
}
