//! Carries facts to the server and its orders out.

use std::collections::BTreeMap;
use std::time::{Instant as Clock, SystemTime, UNIX_EPOCH};

use offhook_core::{Dialect, Instant};
use offhook_gateway::order::{MediaFact, MediaOrder};
use offhook_gateway::{ConnId, Input, Operation, Output, Refusal, Server};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Sender, UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;

use crate::say;

/// What the web side tells.
pub(crate) enum Event {
    /// A client connected; it is told its number.
    Connected { dialect: Dialect, client: Sender<ToClient>, number: oneshot::Sender<ConnId> },
    /// A client sent this.
    Received(ConnId, String),
    /// A client is gone.
    Disconnected(ConnId),
    /// The operator wants this.
    Operate(Operation, oneshot::Sender<Result<(), Refusal>>),
}

/// What a client is sent.
pub(crate) enum ToClient {
    Text(String),
    Close(u16),
}

/// The server with its connections and its clock.
pub(crate) struct Switchboard {
    server: Server,
    clients: BTreeMap<ConnId, Sender<ToClient>>,
    orders: UnboundedSender<MediaOrder>,
    next: u32,
    started: Clock,
}

impl Switchboard {
    pub(crate) fn new(server: Server, orders: UnboundedSender<MediaOrder>) -> Self {
        Self { server, clients: BTreeMap::new(), orders, next: 1, started: Clock::now() }
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
                    Some(event) => self.take(event),
                    None => return,
                },
                fact = facts.recv() => match fact {
                    Some(fact) => self.handle(Input::Media(fact)),
                    None => return,
                },
                () = passed => self.handle(Input::Timeout),
            }
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Connected { dialect, client, number } => {
                let id = ConnId(self.next);
                self.next += 1;
                self.clients.insert(id, client);
                self.handle(Input::Connected(id, dialect));
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
        }
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
                // If media is gone the program is about to end.
                Output::Media(order) => drop(self.orders.send(order)),
                Output::Log(line) => say(&line),
            }
        }
    }

    fn tell(&mut self, id: ConnId, message: ToClient) {
        let Some(client) = self.clients.get(&id) else { return };
        match client.try_send(message) {
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
