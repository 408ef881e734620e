//! Who asks, and what every page needs: nobody gets past here who is not staff.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{self, HeaderName};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use nuages::admin::{AdminRequest, Tone};
use nuages::auth::{RequestUser, get_user};
use nuages::backend::Db;
use nuages::form::{FormData, UploadedFile, Zone};
use nuages::http::{CSRF_FIELD, RequestContext, redirect};
use nuages::messages::{Level, Messages};
use nuages::model::ModelEntry;
use nuages::session::Session;
use nuages::signing::Signer;
use nuages::site::Site;
use nuages::{Error, ErrorKind, Result};
use nuages_schema::ModelSchema;
use serde::{Deserialize, Serialize};

use crate::address::{Address, pairs};
use crate::list;
use crate::page::shell::{Csrf, Message, NavGroup, NavItem, Shell, Theme};
use crate::page::{Link, error::ErrorPage};
use crate::registry;
use crate::shell::{self, THEME_COOKIE};
use crate::site::Admin;
use crate::text;

/// In debug, how many statements a page took.
const STATEMENTS: HeaderName = HeaderName::from_static("x-nuages-statements");
/// Where news for the next page are kept in the session.
const NOTICES: &str = "_admin_notices";

/// A request of somebody who is staff.
pub(crate) struct Asked {
    pub(crate) context: RequestContext,
    pub(crate) db: Db,
    pub(crate) user: RequestUser,
    pub(crate) by: AdminRequest,
    /// Where the admin is mounted, without a slash at the end.
    pub(crate) root: String,
    pub(crate) session: Session,
    /// What was said of the admin when it was mounted.
    pub(crate) admin: Admin,
    messages: Messages,
}

/// News for the next page.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Notice {
    good: bool,
    text: String,
    label: String,
    url: String,
}

impl FromRequestParts<Site> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let context = RequestContext::of(&parts.extensions).map_err(Error::into_response)?.clone();
        let root = shell::root(site);
        let Some(user) = get_user(&context).await.map_err(Error::into_response)? else {
            return Err(to_login(&root, parts));
        };
        let admin = parts.extensions.get::<Admin>().copied().unwrap_or_default();
        if !user.is_staff() {
            return Err(shell::refuse(&context, admin, "Your account may not enter the admin."));
        }
        let session = Session::from_request_parts(parts, site).await.map_err(Error::into_response)?;
        let messages = Messages::from_request_parts(parts, site).await.map_err(Error::into_response)?;
        let by = request_of(context.db(), &user).await.map_err(Error::into_response)?;
        Ok(Self { db: context.db().clone(), context, user, by, root, session, admin, messages })
    }
}

fn to_login(root: &str, parts: &Parts) -> Response {
    let mut url = format!("{root}/login/");
    if parts.method == Method::GET {
        // The router below the prefix sees a shorter path; the original one leads back.
        let original = parts.extensions.get::<axum::extract::OriginalUri>().map_or(&parts.uri, |uri| &uri.0);
        let here = original.path_and_query().map_or("/", |path| path.as_str());
        url.push_str(&Address::default().with("next", here).url());
    }
    redirect(url).into_response()
}

async fn request_of(db: &Db, user: &RequestUser) -> Result<AdminRequest> {
    let permissions = user.permissions(db).await?.get_all_permissions();
    Ok(AdminRequest {
        username: user.name().to_owned(),
        user_key: text::plain(&user.key()),
        is_superuser: user.is_superuser(),
        permissions: permissions.into_iter().map(str::to_owned).collect(),
        object: None,
    })
}

impl Asked {
    /// The zone in which the user reads and writes times.
    pub(crate) fn zone(&self) -> Zone {
        self.context.zone()
    }

    /// Who asks, about the row with this key.
    pub(crate) fn by_for(&self, key: &str) -> AdminRequest {
        AdminRequest { object: Some(key.to_owned()), ..self.by.clone() }
    }

    /// Signs for one purpose: places in lists, what was looked at before something is done.
    pub(crate) fn signer(&self, purpose: &str) -> Signer {
        self.context.site().keyring().signer(purpose)
    }

    /// The model of an address, if the user may do this with it. What may not be seen is not there.
    ///
    /// # Errors
    /// Not found, or refused.
    pub(crate) fn model(&self, app: &str, slug: &str, verb: &str) -> Result<&'static ModelEntry> {
        let missing = || Error::new(ErrorKind::NotFound, "There is no such page in the admin.");
        let entry = registry::find(self.context.site(), app, slug).ok_or_else(missing)?;
        if !self.may(verb, entry.schema) {
            let (app, slug) = (entry.schema.app, entry.schema.slug());
            let text =
                format!("This needs the permission “{app}.{verb}_{slug}”. A superuser can give it to you.");
            return Err(Error::new(ErrorKind::PermissionDenied, text));
        }
        Ok(entry)
    }

    /// Whether the user may do this; who may change rows may see them.
    pub(crate) fn may(&self, verb: &str, schema: &ModelSchema) -> bool {
        if verb == "view" { list::may_see(&self.by, schema) } else { self.by.may(verb, schema) }
    }

    /// Tells something on the next page, with the object it is about.
    pub(crate) fn tell(&self, good: bool, text: impl Into<String>, link: Option<Link>) -> Result<()> {
        let mut notices: Vec<Notice> = self.session.get(NOTICES).ok().flatten().unwrap_or_default();
        let Link { label, url } = link.unwrap_or_default();
        notices.push(Notice { good, text: text.into(), label, url });
        self.context.touch();
        self.session.set(NOTICES, notices)
    }

    fn news(&self) -> Result<Vec<Message>> {
        let notices: Vec<Notice> = self.session.get(NOTICES).ok().flatten().unwrap_or_default();
        if !notices.is_empty() {
            self.session.remove(NOTICES)?;
        }
        let of_admin = notices.into_iter().map(|notice| Message {
            tone: if notice.good { Tone::Good } else { Tone::Bad },
            text: notice.text,
            link: (!notice.url.is_empty()).then(|| Link::new(notice.label, notice.url)),
        });
        let of_site = self.messages.take()?.into_iter().map(|message| Message {
            tone: tone(message.level),
            text: message.text,
            link: None,
        });
        Ok(of_admin.chain(of_site).collect())
    }

    /// The frame of a page. `crumbs` are the steps after the first page, the page itself last.
    pub(crate) fn shell(
        &self,
        title: &str,
        crumbs: &[(&str, &str)],
        model: Option<&ModelSchema>,
    ) -> Result<Shell> {
        let mut all = vec![Link::new("Home", format!("{}/", self.root))];
        all.extend(crumbs.iter().map(|(label, url)| Link::new(*label, *url)));
        Ok(Shell {
            title: title.to_owned(),
            crumbs: all,
            nav: self.nav(model),
            user: Some(self.user.display_name()),
            messages: self.news()?,
            csrf: Csrf { name: CSRF_FIELD.to_owned(), token: self.context.csrf_token()? },
            theme: self.context.cookie(THEME_COOKIE).map_or(Theme::System, Theme::from_word),
            here: self.here(),
            ..shell::plain(&self.context, self.admin)
        })
    }

    /// How long a statement of a list may take.
    pub(crate) const fn limit(&self) -> Option<Duration> {
        self.admin.limit
    }

    /// The address of the page, for the way back.
    pub(crate) fn here(&self) -> String {
        self.context.head().uri.path_and_query().map_or_else(String::new, ToString::to_string)
    }

    fn nav(&self, current: Option<&ModelSchema>) -> Vec<NavGroup> {
        let groups = registry::shown(self.context.site()).into_iter().map(|(label, entries)| NavGroup {
            label,
            items: entries
                .into_iter()
                .filter(|entry| self.may("view", entry.schema))
                .map(|entry| NavItem {
                    link: Link::new(
                        registry::heading(entry.schema),
                        registry::list_url(&self.root, entry.schema),
                    ),
                    current: current == Some(entry.schema),
                })
                .collect(),
        });
        groups.filter(|group| !group.items.is_empty()).collect()
    }

    /// A page.
    pub(crate) fn page(&self, page: &impl askama::Template) -> Result<Response> {
        self.page_with(StatusCode::OK, page)
    }

    /// A page with a status of its own.
    pub(crate) fn page_with(&self, status: StatusCode, page: &impl askama::Template) -> Result<Response> {
        let mut response = shell::html(status, page)?;
        if self.context.site().is_debug() {
            response.headers_mut().insert(STATEMENTS, HeaderValue::from(self.db.queries().len()));
        }
        Ok(response)
    }

    /// The answer of a handler: what can be said in words becomes a page of its own.
    pub(crate) fn answer(&self, result: Result<Response>) -> Response {
        let error = match result {
            Ok(response) => return response,
            Err(error) => error,
        };
        let status = match error.kind() {
            ErrorKind::NotFound | ErrorKind::DoesNotExist => StatusCode::NOT_FOUND,
            ErrorKind::PermissionDenied => StatusCode::FORBIDDEN,
            ErrorKind::BadRequest => StatusCode::BAD_REQUEST,
            // The project's own page says it, with the id that stands in the log.
            _ => return error.into_response(),
        };
        let title = match status {
            StatusCode::NOT_FOUND => "This does not exist",
            StatusCode::FORBIDDEN => "You may not do this",
            _ => "This request makes no sense",
        };
        let page = ErrorPage {
            shell: Shell { title: title.to_owned(), ..shell::plain(&self.context, self.admin) },
            status: status.as_u16(),
            text: vec![error.to_string()],
            links: vec![Link::new("Home", format!("{}/", self.root))],
        };
        shell::html(status, &page).unwrap_or_else(IntoResponse::into_response)
    }
}

fn tone(level: Level) -> Tone {
    match level {
        Level::Success => Tone::Good,
        Level::Warning => Tone::Warning,
        Level::Error => Tone::Bad,
        _ => Tone::Note,
    }
}

/// The most fields of a form that was posted: 10,000 rows may be ticked, with what stands around them.
const MOST_FIELDS: usize = 20_000;

/// A form that was posted, and that came from one of our pages.
pub(crate) struct Posted(pub(crate) Vec<(String, String)>, Vec<(String, UploadedFile)>);

impl FromRequest<Site> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Response> {
        let context = RequestContext::of(request.extensions()).map_err(Error::into_response)?.clone();
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            let error =
                Error::new(ErrorKind::BadRequest, "a form is posted as application/x-www-form-urlencoded");
            return Err(error.into_response());
        }
        let body = Bytes::from_request(request, site).await.map_err(IntoResponse::into_response)?;
        if body.split(|byte| *byte == b'&').count() > MOST_FIELDS {
            let error = Error::new(ErrorKind::BadRequest, format!("a form has at most {MOST_FIELDS} fields"));
            return Err(error.into_response());
        }
        let posted = Self(pairs(&String::from_utf8_lossy(&body)), Vec::new());
        context.verify_csrf(posted.get(CSRF_FIELD)).map_err(Error::into_response)?;
        Ok(posted)
    }
}

/// A form of one row, which may have files with it. Whoever asks is known by then, so it may be larger than others.
pub(crate) struct PostedRow(pub(crate) Posted);

impl FromRequest<Site> for PostedRow {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Response> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            return Posted::from_request(request, site).await.map(Self);
        }
        let context = RequestContext::of(request.extensions()).map_err(Error::into_response)?;
        context.set_body_limit(site.settings().limits.upload.max(site.settings().limits.body));
        let data = FormData::from_request(request, site).await.map_err(Error::into_response)?;
        Ok(Self(Posted(data.fields().to_vec(), data.files().to_vec())))
    }
}

impl Posted {
    /// The file of a name.
    pub(crate) fn file(&self, name: &str) -> Option<&UploadedFile> {
        self.1.iter().rev().find(|(known, _)| known == name).map(|(_, file)| file)
    }

    /// The last value of a name, as everywhere in forms.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).last()
    }

    /// Every value of a name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a button or a box of this name was posted.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Everything but some names and the token, to carry along in another form.
    pub(crate) fn carried(&self, without: &[&str]) -> Vec<(String, String)> {
        let keep = |name: &str| name != CSRF_FIELD && !without.contains(&name);
        self.0.iter().filter(|(name, _)| keep(name)).cloned().collect()
    }
}
