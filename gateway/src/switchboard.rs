//! Carries facts to the server and its orders out.

use std::collections::BTreeMap;
use std::time::{Instant as Clock, SystemTime, UNIX_EPOCH};

use offhook_core::Instant;
use offhook_gateway::order::{LegId, MediaFact, MediaOrder};
use offhook_gateway::{Calls, ConnId, Input, Operation, Output, Refusal, Server, SocketFault, Traffic};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Sender, UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;

use crate::reports::Reports;
use crate::say;
use crate::socket::Arrival;

/// What the web side tells.
pub(crate) enum Event {
    /// A client connected; it is told its number.
    Connected { arrival: Arrival, client: Client, number: oneshot::Sender<ConnId> },
    /// A client sent this.
    Received(ConnId, String),
    /// A client is gone.
    Disconnected(ConnId),
    /// The operator wants this.
    Operate(Operation, oneshot::Sender<Result<usize, Refusal>>),
    /// Somebody wants to know whether reports are taken under this name.
    Reporter(String, oneshot::Sender<bool>),
    /// The operator wants to know what has gone both ways.
    Count(Calls, oneshot::Sender<Result<Vec<Counted>, Refusal>>),
    /// The server is to be killed and started again; the connections are gone.
    Restart,
}

/// What has gone both ways in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) call_id: String,
    pub(crate) traffic: Traffic,
}

/// The operator's question, while media counts.
struct Count {
    awaited: Vec<(LegId, String)>,
    told: Vec<Counted>,
    outcome: oneshot::Sender<Result<Vec<Counted>, Refusal>>,
}

/// The way to a client.
pub(crate) struct Client {
    pub(crate) messages: Sender<ToClient>,
    pub(crate) faults: UnboundedSender<SocketFault>,
}

/// What a client is sent.
pub(crate) enum ToClient {
    Text(String),
    Close(u16),
}

/// The server with its connections and its clock.
pub(crate) struct Switchboard {
    server: Server,
    /// Makes a server that knows of nothing.
    start: Box<dyn Fn() -> Server + Send>,
    clients: BTreeMap<ConnId, Client>,
    orders: UnboundedSender<MediaOrder>,
    counts: Vec<Count>,
    reports: Reports,
    next: u32,
    started: Clock,
}

impl Switchboard {
    pub(crate) fn new(
        start: Box<dyn Fn() -> Server + Send>,
        orders: UnboundedSender<MediaOrder>,
        reports: Reports,
    ) -> Self {
        let (clients, counts) = (BTreeMap::new(), Vec::new());
        Self { server: start(), start, clients, orders, counts, reports, next: 1, started: Clock::now() }
    }

    /// Runs until nobody can tell it anything any more.
    pub(crate) async fn run(mut self, mut events: UnboundedReceiver<Event>, mut facts: UnboundedReceiver<MediaFact>) {
        loop {
            let timeout = self.server.poll_timeout().map(|deadline| self.started + deadline.at.monotonic);
            let passed = async {
                match timeout {
                    Some(at) => tokio::time::sleep_until(at.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                event = events.recv() => match event {
                    Some(event) => self.take(event, &mut facts),
                    None => return,
                },
                fact = facts.recv() => match fact {
                    Some(MediaFact::Counted { leg, traffic }) => self.counted(leg, traffic),
                    Some(fact) => self.handle(Input::Media(fact)),
                    None => return,
                },
                () = passed => self.handle(Input::Timeout),
            }
        }
    }

    fn take(&mut self, event: Event, facts: &mut UnboundedReceiver<MediaFact>) {
        match event {
            Event::Connected { arrival, client, number } => {
                let id = ConnId(self.next);
                self.next += 1;
                self.clients.insert(id, client);
                self.handle(Input::Connected(id, arrival.dialect));
                if let Some(node) = arrival.node {
                    self.handle(Input::Routed(id, node));
                }
                if number.send(id).is_err() {
                    self.gone(id);
                }
            }
            Event::Received(id, text) => self.handle(Input::Received(id, text)),
            Event::Disconnected(id) => self.gone(id),
            Event::Operate(operation, outcome) => {
                let done = self.server.operate(operation, self.now());
                self.carry_out();
                // Whoever asked may have hung up; it is done all the same.
                let _ = outcome.send(done);
            }
            Event::Count(calls, outcome) => match self.server.count(&calls) {
                Ok(awaited) => {
                    self.counts.push(Count { awaited, told: Vec::new(), outcome });
                    self.carry_out();
                }
                // Whoever asked may have hung up.
                Err(why) => drop(outcome.send(Err(why))),
            },
            // Whoever asked may have hung up.
            Event::Reporter(name, known) => drop(known.send(self.server.takes_reports(&name))),
            Event::Restart => self.restart(facts),
        }
    }

    fn counted(&mut self, leg: LegId, traffic: Traffic) {
        for count in &mut self.counts {
            let named = count.awaited.extract_if(.., |(id, _)| *id == leg);
            count.told.extend(named.map(|(_, call_id)| Counted { call_id, traffic }));
        }
        for Count { told, outcome, .. } in self.counts.extract_if(.., |count| count.awaited.is_empty()) {
            // Whoever asked may have hung up.
            drop(outcome.send(Ok(told)));
        }
    }

    fn restart(&mut self, facts: &mut UnboundedReceiver<MediaFact>) {
        say("the server is killed and starts again");
        let killed = std::mem::replace(&mut self.server, (self.start)());
        for order in killed.vanish() {
            // If media is gone the program is about to end.
            let _ = self.orders.send(order);
        }
        self.clients.clear();
        self.counts.clear();
        // They are of legs that are no more, and numbers come again.
        while facts.try_recv().is_ok() {}
    }

    fn gone(&mut self, id: ConnId) {
        self.clients.remove(&id);
        self.handle(Input::Disconnected(id));
    }

    fn handle(&mut self, input: Input) {
        self.server.handle(input, self.now());
        self.carry_out();
    }

    fn carry_out(&mut self) {
        while let Some(output) = self.server.poll_output() {
            match output {
                Output::Send(id, text) => self.tell(id, ToClient::Text(text)),
                Output::Close(id, code) => {
                    self.tell(id, ToClient::Close(code));
                    self.clients.remove(&id);
                }
                Output::Sabotage(id, fault) => {
                    // A client that is gone says so by `Disconnected`.
                    let _ = self.clients.get(&id).map(|client| client.faults.send(fault));
                }
                // If media is gone the program is about to end.
                Output::Media(order) => drop(self.orders.send(order)),
                Output::DebugReport(frame) => self.reports.debug(&frame),
                Output::Log(line) => say(&line),
            }
        }
    }

    fn tell(&mut self, id: ConnId, message: ToClient) {
        let Some(client) = self.clients.get(&id) else { return };
        match client.messages.try_send(message) {
            // A client that is gone says so by `Disconnected`.
            Ok(()) | Err(TrySendError::Closed(_)) => {}
            // Without its sender the socket closes.
            Err(TrySendError::Full(_)) => {
                say("a client that does not read is closed");
                self.gone(id);
            }
        }
    }

    fn now(&self) -> Instant {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Instant { monotonic: self.started.elapsed(), wall }
    }
}
