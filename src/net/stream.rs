//! One byte stream to the peer: TCP, or TLS over a stream (TLS within TLS when the proxy itself
//! is reached over https). Reads and writes return `WouldBlock` after a slice of 100 ms; every
//! state survives that, so the caller simply asks again. rustls computes inside the fork gate and
//! never touches the socket there.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, IoState};

use super::context::{Stop, Watch, slice_over};
use crate::sys::fork_gate;
use crate::sys::socket::{self, Waiting};

#[derive(Debug)]
pub(super) enum Stream {
    Tcp(TcpStream),
    Tls(Box<TlsStream>),
}

#[derive(Debug)]
pub(super) struct TlsStream {
    pub connection: ClientConnection,
    inner: Stream,
}

/// How an operation on a stream ended when it did not succeed.
#[derive(Debug)]
pub(super) enum Broken {
    Stopped(Stop),
    Tls(rustls::Error),
    Io(io::Error),
}

impl From<Stop> for Broken {
    fn from(stop: Stop) -> Broken {
        Broken::Stopped(stop)
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Broken {
        match error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>())
        {
            Some(tls) => Broken::Tls(tls.clone()),
            None => Broken::Io(error),
        }
    }
}

/// Repeats `step` while it only runs out of its slice, until the watch says stop.
pub(super) fn patiently<T>(
    watch: &Watch,
    mut step: impl FnMut() -> io::Result<T>,
) -> Result<T, Broken> {
    loop {
        watch.check()?;
        match step() {
            Err(error) if slice_over(&error) => {}
            Err(error) => return Err(error.into()),
            Ok(value) => return Ok(value),
        }
    }
}

impl Stream {
    /// The TLS handshake over this stream.
    pub fn handshake(
        self,
        config: &Arc<ClientConfig>,
        name: ServerName<'static>,
        watch: &Watch,
    ) -> Result<TlsStream, Broken> {
        let mut stream = self.begin(config, name)?;
        stream.finish(watch)?;
        Ok(stream)
    }

    /// TLS over this stream, before its first byte.
    pub fn begin(
        self,
        config: &Arc<ClientConfig>,
        name: ServerName<'static>,
    ) -> Result<TlsStream, Broken> {
        let _inside = fork_gate::enter();
        let connection = ClientConnection::new(Arc::clone(config), name).map_err(Broken::Tls)?;
        Ok(TlsStream {
            connection,
            inner: self,
        })
    }

    fn tcp(&self) -> &TcpStream {
        match self {
            Stream::Tcp(socket) => socket,
            Stream::Tls(tls) => tls.inner.tcp(),
        }
    }

    /// Writes all of it, as one TLS record where it fits.
    pub fn send(&mut self, mut bytes: &[u8], watch: &Watch) -> Result<(), Broken> {
        while !bytes.is_empty() {
            let taken = patiently(watch, || self.write(bytes))?;
            if taken == 0 {
                return Err(Broken::Io(io::ErrorKind::WriteZero.into()));
            }
            bytes = &bytes[taken..];
        }
        patiently(watch, || self.flush())
    }

    /// Can take another request: open, and nothing in it that nobody asked for.
    pub fn is_clean(&mut self) -> bool {
        // Late session tickets and key updates are read; a few at most.
        for _ in 0..4 {
            match socket::waiting(self.tcp()) {
                Waiting::Nothing => return self.quiet(),
                Waiting::Closed => return false,
                Waiting::Bytes => match self {
                    Stream::Tcp(_) => return false,
                    Stream::Tls(tls) => {
                        if tls.pump().is_err() || !tls.quiet() {
                            return false;
                        }
                    }
                },
            }
        }
        false
    }

    /// What is already here, without looking at the socket.
    pub fn quiet(&mut self) -> bool {
        match self {
            Stream::Tcp(_) => true,
            Stream::Tls(tls) => tls.quiet(),
        }
    }

    /// The peer has begun to answer. Waits for nothing, loses nothing.
    pub fn has_answer(&mut self) -> bool {
        let bytes = socket::waiting(self.tcp()) == Waiting::Bytes;
        match self {
            Stream::Tcp(_) => bytes,
            Stream::Tls(tls) => {
                if bytes {
                    // An error here comes back at the next read.
                    let _ = tls.pump();
                }
                tls.plaintext() > 0
            }
        }
    }
}

impl TlsStream {
    /// The handshake, to its end.
    pub fn finish(&mut self, watch: &Watch) -> Result<(), Broken> {
        while self.connection.is_handshaking() || self.connection.wants_write() {
            patiently(watch, || self.shake())?;
        }
        Ok(())
    }

    /// One step of the handshake: writes what there is to write, then reads once.
    fn shake(&mut self) -> io::Result<()> {
        self.write_pending()?;
        self.inner.flush()?;
        if self.connection.is_handshaking() {
            self.take()?;
        }
        Ok(())
    }

    /// Takes what the socket has into rustls, and no more than one read.
    fn pump(&mut self) -> io::Result<()> {
        match self.take() {
            Err(error) if slice_over(&error) => Ok(()),
            other => other,
        }
    }

    fn take(&mut self) -> io::Result<()> {
        match self.connection.read_tls(&mut self.inner)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => self.process(),
        }
    }

    /// An alert that is already here when the connection has broken. Waits for nothing.
    pub fn last_words(&mut self) -> Option<rustls::Error> {
        for _ in 0..4 {
            if socket::waiting(self.inner.tcp()) != Waiting::Bytes {
                return None;
            }
            if let Err(error) = self.pump() {
                return match Broken::from(error) {
                    Broken::Tls(alert) => Some(alert),
                    _ => None,
                };
            }
        }
        None
    }

    fn process(&mut self) -> io::Result<()> {
        if let Err(error) = self.compute() {
            // The alert that says why; the peer may not want it any more.
            let _ = self.connection.write_tls(&mut self.inner);
            let _ = self.inner.flush();
            return Err(io::Error::new(io::ErrorKind::InvalidData, error));
        }
        Ok(())
    }

    fn compute(&mut self) -> Result<IoState, rustls::Error> {
        let _inside = fork_gate::enter();
        self.connection.process_new_packets()
    }

    fn plaintext(&mut self) -> usize {
        self.compute()
            .map_or(0, |state| state.plaintext_bytes_to_read())
    }

    fn quiet(&mut self) -> bool {
        match self.compute() {
            Ok(state) => {
                !state.peer_has_closed()
                    && state.plaintext_bytes_to_read() == 0
                    && self.inner.quiet()
            }
            Err(_) => false,
        }
    }

    fn write_pending(&mut self) -> io::Result<()> {
        while self.connection.wants_write() {
            if self.connection.write_tls(&mut self.inner)? == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
        }
        Ok(())
    }
}

impl Read for TlsStream {
    /// 0 is a close_notify; a connection cut without one is `UnexpectedEof`.
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.connection.reader().read(into) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                other => return other,
            }
            if self.connection.wants_write() {
                self.write_pending()?;
                self.inner.flush()?;
            }
            match self.connection.read_tls(&mut self.inner) {
                // rustls has seen the end; its reader says which kind of end it is.
                Ok(_) => self.process()?,
                Err(error) => return Err(error),
            }
        }
    }
}

impl Write for TlsStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Nothing new is taken before the old is gone, so that `WouldBlock` means nothing taken.
        self.write_pending()?;
        let taken = {
            // Encrypts into a buffer.
            let _inside = fork_gate::enter();
            self.connection.writer().write(bytes)?
        };
        match self.write_pending() {
            Err(error) if slice_over(&error) => Ok(taken),
            Err(error) => Err(error),
            Ok(()) => Ok(taken),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write_pending()?;
        self.inner.flush()
    }
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Tcp(socket) => socket.read(into),
            Stream::Tls(tls) => tls.read(into),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Stream::Tcp(socket) => socket.write(bytes),
            Stream::Tls(tls) => tls.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Stream::Tcp(socket) => socket.flush(),
            Stream::Tls(tls) => tls.flush(),
        }
    }
}
