//! Two things `std::net` cannot do: give up a TCP connect while it is under way, and look whether
//! bytes are waiting without changing the socket's mode.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// How long one wait may last before the caller is asked again whether to go on.
pub const SLICE: Duration = Duration::from_millis(100);

/// What a look at a socket's receive queue shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    Nothing,
    Bytes,
    /// FIN or an error: the peer is gone.
    Closed,
}

/// Connects within `until`; `go_on` is asked at least every 100 ms and its error ends the wait.
/// The socket is blocking, close-on-exec, without Nagle's delay, and its reads and writes return
/// after 100 ms so that the caller can look at its deadline.
pub fn connect<E: From<io::Error>>(
    address: SocketAddr,
    until: Instant,
    go_on: impl FnMut() -> Result<(), E>,
) -> Result<TcpStream, E> {
    let socket = system::connect(address, until, go_on)?;
    socket.set_nodelay(true)?;
    socket.set_read_timeout(Some(SLICE))?;
    socket.set_write_timeout(Some(SLICE))?;
    Ok(socket)
}

/// Looks, without waiting and without taking anything.
pub fn waiting(socket: &TcpStream) -> Waiting {
    system::waiting(socket)
}

/// Makes the close of a test server's socket a RST.
#[cfg(all(test, unix))]
pub(crate) fn reset_on_close(socket: &TcpStream) {
    use std::os::fd::AsRawFd;
    let linger = libc::linger {
        l_onoff: 1,
        l_linger: 0,
    };
    // SAFETY: the option's value is a valid linger; the descriptor is open.
    unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_LINGER,
            std::ptr::from_ref(&linger).cast(),
            size_of::<libc::linger>() as libc::socklen_t,
        );
    }
}

/// Connections that fill the listener's queue.
#[cfg(all(test, unix))]
pub(crate) fn fill(listener: &std::net::TcpListener) -> Vec<TcpStream> {
    use std::os::fd::AsRawFd;
    // SAFETY: the descriptor is the listener's; listen() again only changes the backlog.
    unsafe {
        libc::listen(listener.as_raw_fd(), 0);
    }
    let address = listener.local_addr().unwrap();
    let mut held = Vec::new();
    while let Ok(socket) = TcpStream::connect_timeout(&address, Duration::from_millis(150)) {
        held.push(socket);
        assert!(held.len() < 600, "this listener never fills up");
    }
    held
}

#[cfg(unix)]
mod system {
    use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

    use super::*;

    pub(super) fn connect<E: From<io::Error>>(
        address: SocketAddr,
        until: Instant,
        mut go_on: impl FnMut() -> Result<(), E>,
    ) -> Result<TcpStream, E> {
        let socket = open(&address)?;
        let (storage, length) = raw(&address);
        loop {
            // SAFETY: `storage` holds a sockaddr of `length` bytes; the descriptor is ours.
            let done = unsafe {
                libc::connect(
                    socket.as_raw_fd(),
                    std::ptr::from_ref(&storage).cast(),
                    length,
                )
            };
            if done == 0 {
                break;
            }
            let error = io::Error::last_os_error();
            match error.raw_os_error() {
                Some(libc::EINPROGRESS) => {
                    finish(&socket, until, &mut go_on)?;
                    break;
                }
                // An interrupted connect goes on by itself; asking again says how it stands.
                Some(libc::EINTR) => go_on()?,
                Some(libc::EALREADY) => {
                    finish(&socket, until, &mut go_on)?;
                    break;
                }
                Some(libc::EISCONN) => break,
                _ => return Err(error.into()),
            }
        }
        let socket = TcpStream::from(socket);
        socket.set_nonblocking(false)?;
        Ok(socket)
    }

    fn open(address: &SocketAddr) -> io::Result<OwnedFd> {
        let family = if address.is_ipv4() {
            libc::AF_INET
        } else {
            libc::AF_INET6
        };
        #[cfg(any(target_os = "linux", target_os = "android"))]
        let kind = libc::SOCK_STREAM | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        let kind = libc::SOCK_STREAM;
        // SAFETY: plain numbers in, a descriptor or -1 out; a descriptor is owned by us alone.
        let socket = unsafe {
            let descriptor = libc::socket(family, kind, 0);
            if descriptor < 0 {
                return Err(io::Error::last_os_error());
            }
            OwnedFd::from_raw_fd(descriptor)
        };
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        // SAFETY: the descriptor is ours and open; the option's value is a valid int.
        unsafe {
            let descriptor = socket.as_raw_fd();
            libc::fcntl(descriptor, libc::F_SETFD, libc::FD_CLOEXEC);
            let flags = libc::fcntl(descriptor, libc::F_GETFL);
            if flags < 0 || libc::fcntl(descriptor, libc::F_SETFL, flags | libc::O_NONBLOCK) < 0 {
                return Err(io::Error::last_os_error());
            }
            #[cfg(target_vendor = "apple")]
            {
                let on: libc::c_int = 1;
                libc::setsockopt(
                    descriptor,
                    libc::SOL_SOCKET,
                    libc::SO_NOSIGPIPE,
                    std::ptr::from_ref(&on).cast(),
                    size_of::<libc::c_int>() as libc::socklen_t,
                );
            }
        }
        Ok(socket)
    }

    fn finish<E: From<io::Error>>(
        socket: &OwnedFd,
        until: Instant,
        go_on: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<(), E> {
        loop {
            go_on()?;
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::Error::from(io::ErrorKind::TimedOut).into());
            }
            let mut poll = libc::pollfd {
                fd: socket.as_raw_fd(),
                events: libc::POLLOUT,
                revents: 0,
            };
            // Rounded up, so that the last millisecond is not spent in a busy loop.
            let slice = left.min(SLICE).as_millis() as libc::c_int + 1;
            // SAFETY: one valid pollfd.
            let ready = unsafe { libc::poll(&mut poll, 1, slice) };
            if ready < 0 {
                let error = io::Error::last_os_error();
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(error.into());
                }
                continue;
            }
            if ready == 0 {
                continue;
            }
            let mut code: libc::c_int = 0;
            let mut length = size_of::<libc::c_int>() as libc::socklen_t;
            // SAFETY: `code` and `length` are valid places of the sizes given.
            let got = unsafe {
                libc::getsockopt(
                    socket.as_raw_fd(),
                    libc::SOL_SOCKET,
                    libc::SO_ERROR,
                    std::ptr::from_mut(&mut code).cast(),
                    &mut length,
                )
            };
            if got != 0 {
                return Err(io::Error::last_os_error().into());
            }
            if code != 0 {
                return Err(io::Error::from_raw_os_error(code).into());
            }
            return Ok(());
        }
    }

    fn raw(address: &SocketAddr) -> (libc::sockaddr_storage, libc::socklen_t) {
        // SAFETY: all-zero bytes are a valid sockaddr_storage.
        let mut storage: libc::sockaddr_storage = unsafe { std::mem::zeroed() };
        let place = std::ptr::from_mut(&mut storage);
        let length = match address {
            SocketAddr::V4(v4) => {
                // SAFETY: sockaddr_storage is large and aligned enough for every sockaddr.
                let into = unsafe { &mut *place.cast::<libc::sockaddr_in>() };
                into.sin_family = libc::AF_INET as libc::sa_family_t;
                into.sin_port = v4.port().to_be();
                into.sin_addr.s_addr = u32::from_ne_bytes(v4.ip().octets());
                size_of::<libc::sockaddr_in>()
            }
            SocketAddr::V6(v6) => {
                // SAFETY: as above.
                let into = unsafe { &mut *place.cast::<libc::sockaddr_in6>() };
                into.sin6_family = libc::AF_INET6 as libc::sa_family_t;
                into.sin6_port = v6.port().to_be();
                into.sin6_addr.s6_addr = v6.ip().octets();
                into.sin6_flowinfo = v6.flowinfo();
                into.sin6_scope_id = v6.scope_id();
                size_of::<libc::sockaddr_in6>()
            }
        };
        (storage, length as libc::socklen_t)
    }

    pub(super) fn waiting(socket: &TcpStream) -> Waiting {
        let mut byte = 0u8;
        // SAFETY: one valid byte to peek into; MSG_DONTWAIT leaves the socket's mode alone.
        let got = unsafe {
            libc::recv(
                socket.as_raw_fd(),
                std::ptr::from_mut(&mut byte).cast(),
                1,
                libc::MSG_PEEK | libc::MSG_DONTWAIT,
            )
        };
        match got {
            0 => Waiting::Closed,
            1.. => Waiting::Bytes,
            _ => match io::Error::last_os_error().kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Waiting::Nothing,
                _ => Waiting::Closed,
            },
        }
    }
}

#[cfg(not(unix))]
mod system {
    use super::*;

    /// Cannot be cancelled while the connect is under way; bounded by `until`.
    pub(super) fn connect<E: From<io::Error>>(
        address: SocketAddr,
        until: Instant,
        mut go_on: impl FnMut() -> Result<(), E>,
    ) -> Result<TcpStream, E> {
        go_on()?;
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::Error::from(io::ErrorKind::TimedOut).into());
        }
        Ok(TcpStream::connect_timeout(&address, left)?)
    }

    pub(super) fn waiting(socket: &TcpStream) -> Waiting {
        if socket.set_nonblocking(true).is_err() {
            return Waiting::Closed;
        }
        let seen = socket.peek(&mut [0]);
        if socket.set_nonblocking(false).is_err() {
            return Waiting::Closed;
        }
        match seen {
            Ok(0) => Waiting::Closed,
            Ok(_) => Waiting::Bytes,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Waiting::Nothing,
            Err(_) => Waiting::Closed,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_connect_that_hangs_ends_with_its_time_or_when_told_to() {
        // A listener whose queue is full drops SYNs.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let full = fill(&listener);
        let start = Instant::now();
        let result = connect::<io::Error>(address, start + Duration::from_millis(250), || Ok(()));
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(start.elapsed() < Duration::from_millis(600));
        let mut asked = 0;
        let result = connect::<io::Error>(address, start + Duration::from_secs(9), || {
            asked += 1;
            if asked > 2 {
                return Err(io::Error::other("stop"));
            }
            Ok(())
        });
        assert_eq!(result.unwrap_err().to_string(), "stop");
        drop(full);
    }

    #[test]
    fn refused_is_refused() {
        let address = {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap()
        };
        let until = Instant::now() + Duration::from_secs(1);
        let error = connect::<io::Error>(address, until, || Ok(())).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    }

    #[test]
    fn a_look_takes_nothing() {
        use std::io::{Read, Write};
        let listener = TcpListener::bind("[::1]:0")
            .or_else(|_| TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let until = Instant::now() + Duration::from_secs(1);
        let mut ours =
            connect::<io::Error>(listener.local_addr().unwrap(), until, || Ok(())).unwrap();
        let (mut theirs, _) = listener.accept().unwrap();
        assert_eq!(waiting(&ours), Waiting::Nothing);
        theirs.write_all(b"x").unwrap();
        assert_eq!(soon(&ours), Waiting::Bytes);
        let mut byte = [0];
        ours.read_exact(&mut byte).unwrap();
        assert_eq!(waiting(&ours), Waiting::Nothing);
        drop(theirs);
        assert_eq!(soon(&ours), Waiting::Closed);
    }

    /// What is seen once something has arrived.
    fn soon(socket: &TcpStream) -> Waiting {
        let end = Instant::now() + Duration::from_secs(5);
        while waiting(socket) == Waiting::Nothing && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(1));
        }
        waiting(socket)
    }
}
