//! The port: it can be shut for a while, and what came in by it can be cut.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, oneshot};

/// As many as the system lets wait by default.
const BACKLOG: u32 = 1024;

/// Takes connections in.
pub(crate) struct Door {
    address: SocketAddr,
    /// None while it is shut.
    listener: Option<TcpListener>,
    orders: mpsc::UnboundedReceiver<Order>,
    lines: Vec<Weak<Mutex<Wire>>>,
}

/// Shuts the door.
#[derive(Clone)]
pub(crate) struct Porter(mpsc::UnboundedSender<Order>);

enum Order {
    /// Cut every connection but one and refuse new ones, for a while; say when it is so.
    Shut { time: Duration, except: Cutter, done: oneshot::Sender<()> },
    /// Leave whoever comes waiting.
    Stall { time: Duration },
}

/// A connection.
pub(crate) struct Line {
    stream: TcpStream,
    cutter: Cutter,
}

/// Cuts a connection.
#[derive(Clone)]
pub(crate) struct Cutter(Arc<Mutex<Wire>>);

struct Wire {
    state: Whole,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

/// Whether a connection is whole.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    Yes,
    /// Its end is said to the other side, as the system does for a program that is killed.
    Ended,
    /// It is reset.
    Reset,
}

impl Door {
    /// # Errors
    /// If there is no such address, or somebody listens there.
    pub(crate) async fn open(address: SocketAddr) -> io::Result<(Self, Porter)> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (order, orders) = mpsc::unbounded_channel();
        Ok((Self { address, listener: Some(listener), orders, lines: Vec::new() }, Porter(order)))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Refuses whoever comes, for a while. The port stays ours.
    async fn shut(&mut self, time: Duration, except: Cutter, done: oneshot::Sender<()>) {
        self.listener = None;
        let kept = hold(self.address);
        for line in self.lines.drain(..).filter_map(|line| line.upgrade()).filter(|line| !Arc::ptr_eq(line, &except.0))
        {
            Cutter(line).cut(Whole::Ended);
        }
        // Whoever asked may be gone.
        let _ = done.send(());
        tokio::time::sleep(time).await;
        match kept.and_then(|socket| socket.listen(BACKLOG)) {
            Ok(listener) => self.listener = Some(listener),
            Err(error) => {
                crate::fail(&format!("cannot listen at {} again: {error}", self.address));
                std::process::exit(1)
            }
        }
    }

    fn admit(&mut self, stream: TcpStream) -> Line {
        // A small frame right after another must not wait for the acknowledgement of that one: clients delay it by
        // 40 ms. A socket that cannot is only slower.
        let _ = stream.set_nodelay(true);
        let wire = Arc::new(Mutex::new(Wire { state: Whole::Yes, reader: None, writer: None }));
        self.lines.retain(|line| line.strong_count() > 0);
        self.lines.push(Arc::downgrade(&wire));
        Line { stream, cutter: Cutter(wire) }
    }
}

/// Has the port without listening: the system refuses connections.
fn hold(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Connections that were closed a moment ago still have it.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

impl Listener for Door {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        loop {
            let accepted = async {
                match &mut self.listener {
                    Some(listener) => Listener::accept(listener).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                // Who comes after an order comes too late.
                biased;
                Some(order) = self.orders.recv() => match order {
                    Order::Shut { time, except, done } => self.shut(time, except, done).await,
                    // The system connects them, and nobody hears what they say.
                    Order::Stall { time } => tokio::time::sleep(time).await,
                },
                (stream, from) = accepted => return (self.admit(stream), from),
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

impl Porter {
    /// Cuts every connection but one and refuses new ones, for a while. Returns as soon as it is so.
    pub(crate) async fn shut(&self, time: Duration, except: Cutter) {
        let (done, is_shut) = oneshot::channel();
        if self.0.send(Order::Shut { time, except, done }).is_ok() {
            // Without a door nobody comes in anyway.
            let _ = is_shut.await;
        }
    }

    /// Leaves whoever comes waiting, for a while.
    pub(crate) fn stall(&self, time: Duration) {
        // Without a door nobody comes in anyway.
        let _ = self.0.send(Order::Stall { time });
    }
}

impl Connected<IncomingStream<'_, Door>> for Cutter {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.io().cutter.clone()
    }
}

impl Cutter {
    /// Resets the connection.
    pub(crate) fn reset(&self) {
        self.cut(Whole::Reset);
    }

    fn cut(&self, state: Whole) {
        let mut wire = self.wire();
        wire.state = state;
        let waiting = [wire.reader.take(), wire.writer.take()];
        drop(wire);
        waiting.into_iter().flatten().for_each(Waker::wake);
    }

    fn wire(&self) -> MutexGuard<'_, Wire> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    /// # Errors
    /// If it is cut.
    fn writable(&self, context: &Context<'_>) -> io::Result<()> {
        let mut wire = self.cutter.wire();
        match wire.state {
            Whole::Yes => {
                wire.writer = Some(context.waker().clone());
                Ok(())
            }
            Whole::Ended | Whole::Reset => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.cutter.wire().state == Whole::Reset {
            // Without it the connection just ends.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let line = self.get_mut();
        let mut wire = line.cutter.wire();
        match wire.state {
            Whole::Yes => wire.reader = Some(context.waker().clone()),
            Whole::Ended | Whole::Reset => return Poll::Ready(Ok(())),
        }
        drop(wire);
        Pin::new(&mut line.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let line = self.get_mut();
        line.writable(context)?;
        Pin::new(&mut line.stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let line = self.get_mut();
        line.writable(context)?;
        Pin::new(&mut line.stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let line = self.get_mut();
        line.writable(context)?;
        Pin::new(&mut line.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let line = self.get_mut();
        line.writable(context)?;
        Pin::new(&mut line.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
