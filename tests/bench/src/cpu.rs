//! CPU time of processes, as the kernel counts it.

use std::fs;
use std::time::Duration;

/// What the threads of a process have spent on a processor, to the nanosecond. `stat` counts in steps of 10 ms,
/// which is too long for one round; a thread that has ended is missing here, and none of ours end in a round.
pub(crate) fn of_process(pid: u32) -> Duration {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return Duration::ZERO };
    let spent = threads.flatten().filter_map(|thread| {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(spent.sum())
}

/// User and system time of the children of this process that ended and were waited for.
pub(crate) fn of_children() -> Duration {
    stat("self", 13, 14)
}

/// User and system time of the PostgreSQL backends that serve a database.
pub(crate) fn of_backends(database: &str) -> Duration {
    backends(database).into_iter().map(of_process).sum()
}

/// The resident memory of a process, in KiB.
pub(crate) fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn backends(database: &str) -> Vec<u32> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| serves(*pid, database)).collect()
}

/// A backend's title reads `postgres: 15/main: user database address state`.
fn serves(pid: u32, database: &str) -> bool {
    let title = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    title.starts_with("postgres:") && title.split(' ').any(|word| word == database)
}

/// Two fields of `/proc/…/stat`, counted after the program's name, which may hold anything.
fn stat(process: &str, user: usize, system: usize) -> Duration {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let Some((_, rest)) = text.rsplit_once(") ") else { return Duration::ZERO };
    let fields: Vec<&str> = rest.split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    // The kernel shows clock ticks, 100 a second on every Linux that matters.
    Duration::from_millis((ticks(user) + ticks(system)) * 10)
}
