//! What keeps a production run from starting.

use super::Settings;

/// Everything that is unsafe, each with what to set.
pub(super) fn findings(settings: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    keys(settings, &mut found);
    hosts(settings, &mut found);
    https(settings, &mut found);
    if settings.database.url.is_empty() {
        found.push("no database is named: set DATABASE_URL".to_owned());
    }
    found
}

fn keys(settings: &Settings, found: &mut Vec<String>) {
    if settings.secret_key.expose().is_empty() {
        found.push("there is no secret key: set SECRET_KEY to 50 random characters or more".to_owned());
    } else if let Some(weakness) = settings.secret_key.weakness() {
        found.push(format!("the secret key {weakness}: set SECRET_KEY to 50 random characters or more"));
    }
    for (at, key) in settings.secret_key_fallbacks.iter().enumerate() {
        if let Some(weakness) = key.weakness() {
            found.push(format!(
                "fallback {} of the secret key {weakness}: drop it from NUAGES_SECRET_KEY_FALLBACKS",
                at + 1
            ));
        }
    }
}

fn hosts(settings: &Settings, found: &mut Vec<String>) {
    if settings.hosts.is_empty() {
        found.push("no host name is allowed: set NUAGES_HOSTS, such as `example.org`".to_owned());
    }
    if settings.hosts.iter().any(super::HostPattern::is_any) {
        found.push(
            "every host name is allowed: name the site's own in NUAGES_HOSTS instead of `*`".to_owned(),
        );
    }
}

fn https(settings: &Settings, found: &mut Vec<String>) {
    let https = &settings.https;
    if !https.on && https.hsts.is_none() {
        found.push(
            "cookies would travel over plain http: set NUAGES_HTTPS=true, or NUAGES_ALLOW_HTTP_COOKIES=true \
             in a closed network"
                .to_owned(),
        );
    }
    if https.on && https.hsts.is_none() {
        found.push(
            "nobody decided on HSTS: set NUAGES_HSTS_SECONDS to 31536000, or to 0 to do without".to_owned(),
        );
    }
}
