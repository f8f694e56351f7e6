//! One client's WebSocket: carries messages both ways, and fails on command.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use offhook_core::Dialect;
use offhook_gateway::{ConnId, SocketFault};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};

use crate::door::Cutter;
use crate::switchboard::{Client, Event, ToClient};

/// How many messages may wait for a client: a call is a dozen.
const MOST_WAITING: usize = 1_000;

/// How long a client may take to make room for a message.
const LONGEST_SEND: Duration = Duration::from_secs(30);

/// A fault without an end: longer than any connection.
const FOR_EVER: Duration = Duration::from_secs(86_400 * 365);

/// Where a client came in, and whom it asked for.
pub(crate) struct Arrival {
    pub(crate) dialect: Dialect,
    /// The node named in its URL.
    pub(crate) node: Option<String>,
}

/// A connection under way.
struct Conversation {
    id: ConnId,
    socket: WebSocket,
    cutter: Cutter,
    events: mpsc::UnboundedSender<Event>,
    /// On its way to the client, with the time from which on it may be written.
    waiting: VecDeque<(Instant, ToClient)>,
    deaf_until: Option<Instant>,
    mute_until: Option<Instant>,
    /// How much later everything is written, and until when that is so.
    delay: Option<(Duration, Instant)>,
}

/// What happens next.
enum Next {
    Fault(SocketFault),
    /// The switchboard has no use for the connection any more.
    Dismissed,
    Message(Option<ToClient>),
    Received(Option<Result<Message, axum::Error>>),
    /// A fault is over, or a message is due.
    Passed,
}

/// Carries messages between a client and the switchboard until one of them goes.
pub(crate) async fn converse(
    socket: WebSocket,
    arrival: Arrival,
    events: mpsc::UnboundedSender<Event>,
    cutter: Cutter,
) {
    let (messages, mut to_client) = mpsc::channel(MOST_WAITING);
    let (fault, mut faults) = mpsc::unbounded_channel();
    let (number, numbered) = oneshot::channel();
    let client = Client { messages, faults: fault };
    if events.send(Event::Connected { arrival, client, number }).is_err() {
        return;
    }
    let Ok(id) = numbered.await else { return };
    let mut conversation = Conversation {
        id,
        socket,
        cutter,
        events,
        waiting: VecDeque::new(),
        deaf_until: None,
        mute_until: None,
        delay: None,
    };
    while conversation.step(&mut to_client, &mut faults).await.is_continue() {}
    // Without a switchboard nobody needs to know.
    let _ = conversation.events.send(Event::Disconnected(id));
}

impl Conversation {
    /// Awaits and takes one thing, then writes what is due.
    async fn step(
        &mut self,
        messages: &mut mpsc::Receiver<ToClient>,
        faults: &mut mpsc::UnboundedReceiver<SocketFault>,
    ) -> ControlFlow<()> {
        let now = Instant::now();
        self.deaf_until = self.deaf_until.filter(|until| *until > now);
        self.mute_until = self.mute_until.filter(|until| *until > now);
        let due = self.waiting.front().map(|(at, _)| *at).filter(|_| self.mute_until.is_none());
        let passes = [self.deaf_until, self.mute_until, due].into_iter().flatten().min();
        let is_closing = matches!(self.waiting.back(), Some((_, ToClient::Close(_))));
        let (hears, speaks) = (self.deaf_until.is_none(), self.mute_until.is_none() && !is_closing);
        let is_dismissed = faults.is_closed() && faults.is_empty();
        let next = tokio::select! {
            fault = faults.recv(), if !is_dismissed => fault.map_or(Next::Dismissed, Next::Fault),
            message = messages.recv(), if speaks => Next::Message(message),
            received = self.socket.recv(), if hears => Next::Received(received),
            () = sleep_until(passes.unwrap_or_else(|| now + FOR_EVER)), if passes.is_some() => Next::Passed,
            // Nothing that is waited for can come.
            else => return ControlFlow::Break(()),
        };
        match next {
            Next::Fault(fault) => self.suffer(fault)?,
            // What it wanted to be written last cannot be.
            Next::Dismissed if self.mute_until.is_some() => return ControlFlow::Break(()),
            Next::Dismissed | Next::Passed => {}
            Next::Message(Some(message)) => self.queue(message),
            // The switchboard stopped.
            Next::Message(None) => return self.send(ToClient::Close(1001)).await,
            Next::Received(received) => self.receive(received)?,
        }
        self.write().await
    }

    fn suffer(&mut self, fault: SocketFault) -> ControlFlow<()> {
        let until = |time: Option<Duration>| Instant::now() + time.unwrap_or(FOR_EVER);
        match fault {
            SocketFault::Drop => return ControlFlow::Break(()),
            SocketFault::Reset => {
                self.cutter.reset();
                return ControlFlow::Break(());
            }
            SocketFault::Close { code } => self.queue(ToClient::Close(code)),
            SocketFault::Deaf { time } => self.deaf_until = Some(until(time)),
            SocketFault::Mute { time } => self.mute_until = Some(until(time)),
            SocketFault::Delay { by, time } => self.delay = Some((by, until(time))),
            SocketFault::Garbage { text } => self.queue(ToClient::Text(text)),
        }
        ControlFlow::Continue(())
    }

    fn receive(&mut self, received: Option<Result<Message, axum::Error>>) -> ControlFlow<()> {
        let text = match received {
            Some(Ok(Message::Text(text))) => text.to_string(),
            // mod_verto treats both kinds alike.
            Some(Ok(Message::Binary(bytes))) => String::from_utf8_lossy(&bytes).into_owned(),
            // The library answers pings.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return ControlFlow::Continue(()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return ControlFlow::Break(()),
        };
        // Without a switchboard the end comes anyway.
        let _ = self.events.send(Event::Received(self.id, text));
        ControlFlow::Continue(())
    }

    fn queue(&mut self, message: ToClient) {
        let now = Instant::now();
        self.delay = self.delay.filter(|(_, until)| *until > now);
        let due = now + self.delay.map_or(Duration::ZERO, |(by, _)| by);
        // In order, also when a delay ends.
        let due = self.waiting.back().map_or(due, |(last, _)| due.max(*last));
        self.waiting.push_back((due, message));
    }

    async fn write(&mut self) -> ControlFlow<()> {
        while self.mute_until.is_none()
            && self.waiting.front().is_some_and(|(due, _)| *due <= Instant::now())
            && let Some((_, message)) = self.waiting.pop_front()
        {
            self.send(message).await?;
        }
        ControlFlow::Continue(())
    }

    async fn send(&mut self, message: ToClient) -> ControlFlow<()> {
        let (message, is_last) = match message {
            ToClient::Text(text) => (Message::Text(text.into()), false),
            ToClient::Close(code) => (Message::Close(Some(CloseFrame { code, reason: "".into() })), true),
        };
        match timeout(LONGEST_SEND, self.socket.send(message)).await {
            Ok(Ok(())) if !is_last => ControlFlow::Continue(()),
            // Nothing follows, or whoever was there is gone.
            Ok(Ok(()) | Err(_)) | Err(_) => ControlFlow::Break(()),
        }
    }
}
