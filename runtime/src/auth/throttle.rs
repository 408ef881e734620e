//! A bound on guessing passwords, by account and by the address it comes from.
//!
//! Counts are kept in the database, in the table `nuages_login_throttle`, and not
//! in the process: processes keep no state, so that more of them behind a balancer
//! do not multiply the guesses, and a restart does not forget them. What is kept is
//! a hash of the account's name or address, so the table is no list of who tried.
//!
//! An attempt is counted *before* the password is looked at and taken back when it
//! was right. A thousand attempts at the same moment therefore do not slip through
//! between looking and counting.

use crate::backend::{Backend, Statement};
use crate::session::spelled;
use crate::value::{DateTime, Value};
use crate::{Db, Result};
use chrono::{TimeDelta, Utc};
use sha2::{Digest, Sha256};
use std::net::IpAddr;
use std::time::Duration;

/// A subject whose hash begins so sweeps: one attempt of six. What is counted is new to the table only with a new
/// hash, so that the table cannot grow without somebody sweeping.
const SWEEPER: char = '0';
/// How many old counts one attempt deletes at the most. Six attempts leave 18 at the most.
const SWEEP: u32 = 200;

/// How many failed logins are allowed, and in what time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThrottleSettings {
    /// For one account from one address.
    pub account_and_peer: i64,
    /// For one account from anywhere. High enough that a stranger cannot easily
    /// lock somebody out, low enough that guessing gets nowhere.
    pub account: i64,
    /// From one address for any account. An office may share one.
    pub peer: i64,
    /// The time after which counting begins anew.
    pub window: Duration,
}

/// Five, fifty and a hundred in a quarter of an hour.
impl Default for ThrottleSettings {
    fn default() -> Self {
        Self { account_and_peer: 5, account: 50, peer: 100, window: Duration::from_secs(900) }
    }
}

/// One attempt to log in, already counted.
#[derive(Debug)]
#[must_use = "an attempt that succeeded has to be taken back"]
pub struct Attempt {
    subjects: Vec<Subject>,
    retry_after: Option<Duration>,
}

/// What is counted: a hash, and how often it may fail.
#[derive(Clone, Debug)]
struct Subject {
    hash: String,
    limit: i64,
}

impl Attempt {
    /// Counts an attempt for this account, from this address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin(
        db: &Db,
        settings: &ThrottleSettings,
        account: &str,
        peer: Option<IpAddr>,
    ) -> Result<Self> {
        let subjects = subjects(settings, account, peer);
        let (now, window) = (Utc::now(), TimeDelta::from_std(settings.window).unwrap_or(TimeDelta::days(1)));
        let all = &subjects;
        let counted = db.atomic_retry(move |db| async move {
            for subject in all {
                db.execute(count(db.backend(), &subject.hash, now, now - window)).await?;
            }
            db.fetch(read(db.backend(), all)).await
        });
        let found = counted.await?;
        if subjects.iter().any(|subject| subject.hash.starts_with(SWEEPER)) {
            sweep(db, now - window).await;
        }
        let mut retry_after = None;
        for row in &found {
            let (hash, failures) = (row.text(0)?.unwrap_or_default(), row.i64(1)?.unwrap_or_default());
            let limit = subjects.iter().find(|subject| subject.hash == hash).map_or(i64::MAX, |s| s.limit);
            if failures > limit {
                let end = row.datetime(2)?.unwrap_or(now) + window;
                retry_after = retry_after.max(Some((end - now).to_std().unwrap_or_default()));
            }
        }
        Ok(Self { subjects, retry_after })
    }

    /// How long to wait, if there were too many attempts. The password must not be looked at then.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Takes the attempt back, because the password was right; the account's count from this
    /// address begins anew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn succeeded(self, db: &Db) -> Result<()> {
        let all = &self.subjects;
        db.atomic_retry(move |db| async move {
            for (index, subject) in all.iter().enumerate() {
                let sql = if index == 0 {
                    "DELETE FROM nuages_login_throttle WHERE subject = ?"
                } else {
                    "UPDATE nuages_login_throttle SET failures = failures - 1 WHERE subject = ? AND failures > 0"
                };
                db.execute(spelled(db.backend(), sql, vec![subject.hash.clone().into()])).await?;
            }
            Ok(())
        })
        .await
    }

    /// Deletes the counts that no longer matter, and says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear_expired(db: &Db, settings: &ThrottleSettings) -> Result<u64> {
        let window = TimeDelta::from_std(settings.window).unwrap_or(TimeDelta::days(1));
        let sql = "DELETE FROM nuages_login_throttle WHERE since < ?";
        db.execute(spelled(db.backend(), sql, vec![(Utc::now() - window).into()])).await
    }
}

/// Deletes some counts that no longer matter, so that the table does not grow with everybody who ever tried. It stands
/// in nobody's way: rows that others work on are left, and that it failed is for the log alone.
async fn sweep(db: &Db, oldest: DateTime) {
    let swept = db.atomic(async |db| db.execute(delete_some(db.backend(), oldest)).await).await;
    if let Err(error) = swept {
        tracing::warn!(%error, "old counts of failed logins could not be deleted");
    }
}

fn delete_some(backend: Backend, oldest: DateTime) -> Statement {
    let table = "nuages_login_throttle";
    let locked = if backend == Backend::Postgres { " FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = match backend {
        Backend::Mysql => format!("DELETE FROM {table} WHERE since < ? ORDER BY since LIMIT {SWEEP}"),
        Backend::Sqlite | Backend::Postgres => format!(
            "DELETE FROM {table} WHERE subject IN \
            (SELECT subject FROM {table} WHERE since < ? ORDER BY since LIMIT {SWEEP}{locked})"
        ),
    };
    spelled(backend, &sql, vec![oldest.into()])
}

/// The account from this address first, as [`Attempt::succeeded`] wants it.
fn subjects(settings: &ThrottleSettings, account: &str, peer: Option<IpAddr>) -> Vec<Subject> {
    let account = account.trim().to_lowercase();
    let peer = peer.map(network).unwrap_or_default();
    let subject = |parts: [&str; 3], limit| Subject { hash: digest(parts), limit };
    vec![
        subject(["both", &account, &peer], settings.account_and_peer),
        subject(["account", &account, ""], settings.account),
        subject(["peer", "", &peer], settings.peer),
    ]
}

/// The address; of IPv6 the network of one customer, who has 2⁶⁴ addresses in it.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}")
        }
    }
}

fn digest(parts: [&str; 3]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Adds one, in one statement: a count from before the window begins anew.
fn count(backend: Backend, hash: &str, now: DateTime, oldest: DateTime) -> Statement {
    let old = "nuages_login_throttle.since < ?";
    let conflict = match backend {
        Backend::Mysql => "ON DUPLICATE KEY UPDATE",
        Backend::Sqlite | Backend::Postgres => "ON CONFLICT (subject) DO UPDATE SET",
    };
    // `failures` comes first, because MySQL assigns from left to right.
    let sql = format!(
        "INSERT INTO nuages_login_throttle (subject, failures, since) VALUES (?, 1, ?) {conflict} \
        failures = CASE WHEN {old} THEN 1 ELSE nuages_login_throttle.failures + 1 END, \
        since = CASE WHEN {old} THEN ? ELSE nuages_login_throttle.since END"
    );
    let args = vec![hash.into(), now.into(), oldest.into(), oldest.into(), now.into()];
    spelled(backend, &sql, args)
}

fn read(backend: Backend, subjects: &[Subject]) -> Statement {
    let places = vec!["?"; subjects.len()].join(", ");
    let sql =
        format!("SELECT subject, failures, since FROM nuages_login_throttle WHERE subject IN ({places})");
    spelled(backend, &sql, subjects.iter().map(|subject| Value::from(subject.hash.as_str())).collect())
}

#[cfg(test)]
mod tests {
    use super::{ThrottleSettings, network, subjects};

    #[test]
    fn addresses_of_one_customer_count_together() {
        let network = |text: &str| network(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:10.0.0.1"), network("10.0.0.1"));
        assert_ne!(network("10.0.0.1"), network("10.0.0.2"));
    }

    #[test]
    fn accounts_count_together_in_any_case() {
        let of = |account: &str, peer: &str| {
            let subjects = subjects(&ThrottleSettings::default(), account, peer.parse().ok());
            subjects.into_iter().map(|subject| subject.hash).collect::<Vec<_>>()
        };
        assert_eq!(of("Ada", "10.0.0.1"), of(" ada ", "10.0.0.1"));
        let (here, there) = (of("ada", "10.0.0.1"), of("ada", "10.0.0.2"));
        assert_eq!(here[1], there[1], "the account");
        assert!(here[0] != there[0] && here[2] != there[2]);
        assert!(here.iter().all(|hash| hash.len() == 64));
    }
}
