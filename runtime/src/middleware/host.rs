//! The host that a request names: only the site's own are answered.

use crate::error::ErrorKind;
use crate::http::{RequestHead, fail};
use crate::settings::{HostPattern, Settings, is_host};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::net::{IpAddr, SocketAddr};

/// The host of a request with its port: of the address if it has one, else the header.
/// Two `Host` headers, or none, are no host.
pub(super) fn of(request: &Request) -> HeaderValue {
    const NONE: HeaderValue = HeaderValue::from_static("");
    if let Some(authority) = request.uri().authority() {
        return HeaderValue::from_str(authority.as_str()).unwrap_or(NONE);
    }
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.clone(),
        _ => NONE,
    }
}

/// Refuses a host that is not the site's; sends http to https where that is wanted.
#[expect(clippy::result_large_err, reason = "it is returned as the response at once")]
pub(super) fn check(settings: &Settings, head: &RequestHead) -> Result<(), Response> {
    // The name of the site just as it was set is what most requests bring.
    let exact = |pattern: &HostPattern| pattern.is_exactly(head.host.as_bytes());
    if !settings.https.redirect && settings.hosts.iter().any(exact) {
        return Ok(());
    }
    let name = without_port(head.host.to_str().unwrap_or_default());
    if !settings.hosts.iter().any(|pattern| pattern.matches(name)) || !is_host(name) {
        let text = format!(
            "the host `{}` is not one of this site; add it to NUAGES_HOSTS if it should be",
            name.escape_debug()
        );
        return Err(fail(StatusCode::BAD_REQUEST, ErrorKind::BadRequest, text));
    }
    if settings.https.redirect && !head.secure {
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        // The host was checked just above, so this leads to the site itself.
        let location = HeaderValue::from_str(&format!("https://{name}{path}"));
        return Err(match location {
            Ok(location) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response(),
            Err(_) => fail(StatusCode::BAD_REQUEST, ErrorKind::BadRequest, "the address is malformed"),
        });
    }
    Ok(())
}

/// `example.org:8000` and `[::1]:8000` without the port.
pub(super) fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !is_bare_v6(name) => name,
        _ => host,
    }
}

/// `::1` without brackets: the colon before the last part is none of a port.
fn is_bare_v6(name: &str) -> bool {
    name.contains(':') && !name.ends_with(']')
}

/// The client's address: what a trusted proxy appended last, else the peer.
pub(super) fn client(headers: &HeaderMap, peer: Option<SocketAddr>, trusted: bool) -> Option<IpAddr> {
    let peer = peer.map(|peer| peer.ip());
    if !trusted {
        return peer;
    }
    // What stands further left was written by the client.
    let last = headers.get_all("x-forwarded-for").iter().next_back();
    let told = last.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    told.or(peer)
}

/// How the client reached the trusted proxy: what it appended last.
pub(super) fn forwarded_proto(headers: &HeaderMap) -> Option<&str> {
    let last = headers.get_all("x-forwarded-proto").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_no_part_of_the_name() {
        assert_eq!(without_port("example.org:8000"), "example.org");
        assert_eq!(without_port("example.org"), "example.org");
        assert_eq!(without_port("[::1]:8000"), "[::1]");
        assert_eq!(without_port("[::1]"), "[::1]");
        assert_eq!(without_port("example.org:80@evil"), "example.org:80@evil");
    }

    #[test]
    fn only_a_trusted_proxy_says_where_the_client_is() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("6.6.6.6, 1.2.3.4"));
        let peer: SocketAddr = "10.0.0.1:5".parse().unwrap();
        assert_eq!(client(&headers, Some(peer), false), Some(peer.ip()));
        assert_eq!(client(&headers, Some(peer), true), Some("1.2.3.4".parse().unwrap()));
        headers.append("x-forwarded-proto", HeaderValue::from_static("https"));
        headers.append("x-forwarded-proto", HeaderValue::from_static("http"));
        assert_eq!(forwarded_proto(&headers), Some("http"), "the first was the client's own");
    }
}
