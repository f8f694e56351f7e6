//! The UDP sockets that all legs share.

use std::{
    future::poll_fn,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    task::{Context, Poll},
};

use tokio::{io::ReadBuf, net::UdpSocket};

/// One socket for each address.
pub struct Sockets(Vec<(SocketAddr, UdpSocket)>);

/// A datagram that lies in the buffer.
pub struct Received {
    /// The client's address.
    pub from: SocketAddr,
    /// Ours.
    pub to: SocketAddr,
    /// In bytes.
    pub length: usize,
}

impl Sockets {
    /// Binds the machine's own address, if it has one, and 127.0.0.1.
    ///
    /// # Errors
    /// If 127.0.0.1 cannot be bound.
    pub async fn bind() -> io::Result<Self> {
        let mut sockets = Vec::new();
        for ip in own_address().await.into_iter().chain([IpAddr::V4(Ipv4Addr::LOCALHOST)]) {
            let socket = UdpSocket::bind((ip, 0)).await?;
            sockets.push((socket.local_addr()?, socket));
        }
        Ok(Self(sockets))
    }

    /// Where datagrams are taken, the best first.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.0.iter().map(|(address, _)| *address).collect()
    }

    /// Awaits a datagram at any of them.
    pub async fn receive(&self, buffer: &mut [u8]) -> Received {
        poll_fn(|context| {
            for (to, socket) in &self.0 {
                if let Poll::Ready((from, length)) = poll_receive(socket, buffer, context) {
                    return Poll::Ready(Received { from, to: *to, length });
                }
            }
            Poll::Pending
        })
        .await
    }

    /// Sends a datagram from one of them.
    pub fn send(&self, from: SocketAddr, to: SocketAddr, bytes: &[u8]) {
        if let Some((_, socket)) = self.0.iter().find(|(address, _)| *address == from) {
            // A datagram may get lost: in a full queue as well as on its way.
            let _ = socket.try_send_to(bytes, to);
        }
    }
}

/// More errors in a row than a few legs cause.
const MOST_ERRORS: usize = 64;

fn poll_receive(socket: &UdpSocket, buffer: &mut [u8], context: &mut Context) -> Poll<(SocketAddr, usize)> {
    for _ in 0..MOST_ERRORS {
        let mut read = ReadBuf::new(buffer);
        match socket.poll_recv_from(context, &mut read) {
            Poll::Ready(Ok(from)) => return Poll::Ready((from, read.filled().len())),
            // A client whose port is closed shows as an error on the next read; the others go on.
            Poll::Ready(Err(_)) => {}
            Poll::Pending => return Poll::Pending,
        }
    }
    // The others have their turn first.
    context.waker().wake_by_ref();
    Poll::Pending
}

/// Whether this machine has an address besides 127.0.0.1 for media. Firefox does not connect to loopback.
pub async fn has_own_address() -> bool {
    own_address().await.is_some()
}

/// The address that this machine uses towards the world. Connecting a UDP socket sends nothing; the address asked for
/// is one of those kept for documentation (RFC 5737).
async fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).await.ok()?;
    socket.connect((Ipv4Addr::new(198, 51, 100, 1), 9)).await.ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}
