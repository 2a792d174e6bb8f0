//! Names to addresses: by literal, by `bind_host`, or by the system's resolver in a helper
//! thread, so that a resolver that hangs cannot hold a call beyond its deadline. Answers are kept
//! for a short time and dropped on any connect failure, because WeChat Pay's addresses change.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::context::{Stop, Watch};
use crate::panic;
use crate::sys::Stamped;
use crate::sys::socket::SLICE;
use crate::sys::thread::spawn_quiet;

/// How long an answer is used.
const KEEP: Duration = Duration::from_secs(10);
/// Look-ups that outlived everyone who waited for them; `getaddrinfo` cannot be stopped.
const MOST_STUCK: usize = 4;
/// ureq's limit too; more addresses than this are not tried.
const MOST_ADDRESSES: usize = 16;

/// One a process: what a name resolves to does not depend on who asks. Bindings do, and are not
/// kept here.
#[derive(Default)]
struct Names {
    known: HashMap<String, (Instant, Vec<IpAddr>)>,
    /// One look-up a name, however many wait for it.
    running: HashMap<String, Arc<Lookup>>,
}

#[derive(Default)]
struct Lookup {
    answer: Mutex<Progress>,
    done: Condvar,
}

#[derive(Default)]
struct Progress {
    answer: Option<Result<Vec<IpAddr>, String>>,
    waiting: usize,
}

static NAMES: Stamped<Mutex<Names>> = Stamped::new();

pub(super) enum Unresolved {
    Stopped(Stop),
    /// Why, for people.
    Failed(String),
}

/// Addresses of `host`, which is no literal or else answered at once.
pub(super) fn resolve(host: &str, port: u16, watch: &Watch) -> Result<Vec<SocketAddr>, Unresolved> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    watch.check().map_err(Unresolved::Stopped)?;
    // Other tests must not feel the look-ups that one test lets hang.
    #[cfg(test)]
    if let Some(answer) = tests::planted(host).filter(|_| !host.starts_with("hang")) {
        return answer
            .map(|addresses| with_port(&addresses, port))
            .map_err(Unresolved::Failed);
    }
    let lookup = {
        let mut names = lock(names());
        crate::panic::strike!("with the names locked");
        if let Some((at, addresses)) = names.known.get(host) {
            if at.elapsed() < KEEP {
                return Ok(with_port(addresses, port));
            }
            names.known.remove(host);
        }
        let lookup = match names.running.get(host) {
            Some(running) => Arc::clone(running),
            None => start(&mut names, host)?,
        };
        lock(&lookup.answer).waiting += 1;
        lookup
    };
    let mut progress = lock(&lookup.answer);
    let result = loop {
        if let Some(answer) = &progress.answer {
            break answer.clone().map_err(Unresolved::Failed);
        }
        if let Err(stop) = watch.check() {
            break Err(Unresolved::Stopped(stop));
        }
        let left = watch.deadline.saturating_duration_since(Instant::now());
        progress = lookup
            .done
            .wait_timeout(progress, left.min(SLICE))
            .unwrap_or_else(PoisonError::into_inner)
            .0;
    };
    progress.waiting -= 1;
    drop(progress);
    result.map(|addresses| with_port(&addresses, port))
}

/// After a connect failure: the next connection asks again.
pub(super) fn forget(host: &str) {
    lock(names()).known.remove(host);
}

#[cfg(test)]
pub(super) fn forget_for_test(host: &str) {
    forget(host);
}

fn names() -> &'static Mutex<Names> {
    NAMES.get_or_init(Mutex::default)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn with_port(addresses: &[IpAddr], port: u16) -> Vec<SocketAddr> {
    addresses
        .iter()
        .map(|address| SocketAddr::new(*address, port))
        .collect()
}

fn start(names: &mut Names, host: &str) -> Result<Arc<Lookup>, Unresolved> {
    let stuck = names
        .running
        .values()
        .filter(|lookup| lock(&lookup.answer).waiting == 0)
        .count();
    if stuck >= MOST_STUCK {
        return Err(Unresolved::Failed(format!(
            "{stuck} earlier look-ups of this process are still waiting for the resolver"
        )));
    }
    let lookup = Arc::new(Lookup::default());
    names.running.insert(host.to_owned(), Arc::clone(&lookup));
    let (shared, name) = (Arc::clone(&lookup), host.to_owned());
    let started = spawn_quiet("wxpay-dns", move || {
        // Caught here, or the host would read of it on stderr and the look-up would never end.
        let answer = panic::catch(|| {
            panic::strike!("on the resolver's thread");
            Ok(look_up(&name))
        })
        .unwrap_or_else(|error| Err(error.to_string()));
        {
            let mut names = lock(self::names());
            names.running.remove(&name);
            if let Ok(addresses) = &answer {
                names
                    .known
                    .insert(name, (Instant::now(), addresses.clone()));
            }
        }
        lock(&shared.answer).answer = Some(answer);
        shared.done.notify_all();
    });
    if let Err(error) = started {
        names.running.remove(host);
        return Err(Unresolved::Failed(format!(
            "the system refuses a thread for the look-up: {error}"
        )));
    }
    Ok(lookup)
}

fn look_up(host: &str) -> Result<Vec<IpAddr>, String> {
    #[cfg(test)]
    if let Some(answer) = tests::planted(host) {
        std::thread::sleep(Duration::from_secs(2));
        return answer;
    }
    let found = (host, 0)
        .to_socket_addrs()
        .map_err(|error| error.to_string())?;
    let mut addresses: Vec<IpAddr> = Vec::new();
    for address in found {
        if !addresses.contains(&address.ip()) && addresses.len() < MOST_ADDRESSES {
            addresses.push(address.ip());
        }
    }
    if addresses.is_empty() {
        return Err("the name exists but has no address".to_owned());
    }
    Ok(addresses)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::http::Cancel;

    /// Names under `.test` for the other tests of this module tree: `hang*.test` never answers,
    /// `panic.test` panics, `A_B.test` (dots written `-`) has the addresses A and B.
    pub(super) fn planted(host: &str) -> Option<Result<Vec<IpAddr>, String>> {
        let name = host.strip_suffix(".test")?;
        if name.starts_with("hang") {
            return Some(Err("no answer".to_owned()));
        }
        assert!(!name.starts_with("panic"), "a panic on purpose");
        if name.starts_with("none") {
            return Some(Err("Name or service not known".to_owned()));
        }
        let addresses = name.split('_').map(|part| part.replace('-', ".").parse());
        Some(Ok(addresses.collect::<Result<_, _>>().ok()?))
    }

    fn watch(ms: u64) -> Watch {
        Watch {
            cancel: Cancel::default(),
            deadline: Instant::now() + Duration::from_millis(ms),
        }
    }

    #[test]
    fn literals_and_names() {
        let answer = resolve("127.0.0.9", 7, &watch(1000)).ok().unwrap();
        assert_eq!(answer, ["127.0.0.9:7".parse().unwrap()]);
        let answer = resolve("127-0-0-1_127-0-0-2.test", 7, &watch(1000))
            .ok()
            .unwrap();
        assert_eq!(answer.len(), 2);
        assert!(matches!(
            resolve("none.test", 7, &watch(1000)),
            Err(Unresolved::Failed(_))
        ));
    }

    /// In one test because stuck look-ups are counted for the whole process.
    #[test]
    fn a_resolver_that_hangs_holds_nobody_and_is_not_asked_for_ever() {
        for name in ["hang1.test", "hang2.test", "hang3.test", "hang4.test"] {
            let start = Instant::now();
            assert!(matches!(
                resolve(name, 1, &watch(120)),
                Err(Unresolved::Stopped(Stop::Deadline))
            ));
            assert!(start.elapsed() < Duration::from_millis(400));
        }
        let cancelled = watch(2000);
        let cancel = cancelled.cancel.clone();
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(50));
            cancel.cancel();
        });
        // Joins the look-up that is under way.
        let start = Instant::now();
        assert!(matches!(
            resolve("hang1.test", 1, &cancelled),
            Err(Unresolved::Stopped(Stop::Cancelled))
        ));
        assert!(start.elapsed() < Duration::from_millis(400));
        let Err(Unresolved::Failed(why)) = resolve("hang5.test", 1, &watch(500)) else {
            panic!("a fifth stuck look-up was started");
        };
        assert!(why.contains("4 earlier look-ups"), "{why}");
        assert!(resolve("127.0.0.1", 1, &watch(100)).is_ok());
    }
}
