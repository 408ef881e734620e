//! The log: lines for people in debug, JSON in production.

use tracing_subscriber::EnvFilter;

/// Starts the log, unless the program has started one. `NUAGES_LOG` chooses what is in it.
pub(super) fn start(debug: bool) {
    let filter = EnvFilter::try_from_env("NUAGES_LOG")
        .or_else(|_| EnvFilter::try_from_default_env())
        .unwrap_or_else(|_| EnvFilter::new(format!("info,{}", crate::backend::LOG_FILTER)));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A subscriber that is there already is the program's own choice.
    let _ = if debug { log.without_time().with_target(false).try_init() } else { log.json().try_init() };
}
