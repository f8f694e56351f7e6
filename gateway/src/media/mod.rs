//! The gateway's media: real WebRTC legs that play, echo and talk to each other.
//!
//! Nothing is transcoded. A leg whose client offers gets the first codec of the client's that the gateway has; one
//! that is offered to takes any of ours that its client accepts.
// Not handled: a bridge between a client with nothing but G.711 and one that sends Opus (packets in a codec that the
// other leg has not agreed to are dropped), because it would take an Opus codec or a renegotiation.
// Not handled: telephone-events are told to the server and not sent on, because browsers do not play them.

mod codec;
mod counting;
mod datagram;
mod digits;
mod exchange;
mod g711;
mod leg;
mod outgoing;
mod pacer;
mod sdp;
mod socket;
mod sounds;
mod transport;
mod voice;
mod way;

use std::{io, time::Instant};

use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender},
    time::sleep_until,
};

use crate::{
    media::{
        datagram::Datagram,
        exchange::{Exchange, Output},
        socket::Sockets,
    },
    order::{MediaFact, MediaOrder},
};

pub use socket::has_own_address;

/// Larger than any datagram of a browser's.
const DATAGRAM: usize = 2048;

/// All legs, on one task.
pub struct Media {
    exchange: Exchange,
    sockets: Sockets,
    facts: UnboundedSender<MediaFact>,
}

impl Media {
    /// Carries out orders until no more can come.
    ///
    /// Takes datagrams at 127.0.0.1 and, as Firefox does not connect to loopback, at the address that this machine
    /// uses towards the world, if it has one; at a port each that the system chooses. Every leg shares them.
    ///
    /// # Errors
    /// If no socket can be bound, or no certificate can be made.
    pub async fn run(mut orders: UnboundedReceiver<MediaOrder>, facts: UnboundedSender<MediaFact>) -> io::Result<()> {
        let sockets = Sockets::bind().await?;
        let exchange = Exchange::new(sockets.addresses(), Instant::now())?;
        let mut media = Self { exchange, sockets, facts };
        let mut buffer = vec![0; DATAGRAM];
        while media.step(&mut orders, &mut buffer).await {
            media.carry_out();
        }
        Ok(())
    }

    /// Awaits and takes one input. False when no more orders can come.
    async fn step(&mut self, orders: &mut UnboundedReceiver<MediaOrder>, buffer: &mut [u8]) -> bool {
        let timeout = self.exchange.timeout();
        let passed = async {
            match timeout {
                Some(deadline) => sleep_until(deadline.into()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            order = orders.recv() => match order {
                Some(order) => self.exchange.handle_order(order, Instant::now()),
                None => return false,
            },
            received = self.sockets.receive(buffer) => {
                let bytes = buffer.get(..received.length).unwrap_or_default().to_vec();
                let datagram = Datagram { from: received.from, to: received.to, bytes };
                self.exchange.handle_datagram(datagram, Instant::now());
            }
            () = passed => self.exchange.handle_timeout(Instant::now()),
        }
        true
    }

    fn carry_out(&mut self) {
        while let Some(output) = self.exchange.poll() {
            match output {
                Output::Datagram(Datagram { from, to, bytes }) => self.sockets.send(from, to, &bytes),
                // Nobody is left to be told when the server stops.
                Output::Fact(fact) => drop(self.facts.send(fact)),
            }
        }
    }
}
