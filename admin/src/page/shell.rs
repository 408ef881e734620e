//! What every page shows around its content: top bar, navigation, messages.

use std::fmt;

use askama::filters::HtmlSafe;

use super::{Link, Tone};
use crate::assets;

/// The frame of a page.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    /// The site's name, on top of the page.
    pub site: String,
    /// The site's name in the title of the document.
    pub site_title: String,
    /// Where the admin is mounted, without a trailing slash.
    pub root: String,
    /// The addresses of the embedded files.
    pub assets: Assets,
    /// A word such as "Staging", with its colour.
    pub environment: Option<(Tone, String)>,
    /// The title of the document, and the page's heading.
    pub title: String,
    /// The way here, the page itself last.
    pub crumbs: Vec<Link>,
    /// The navigation.
    pub nav: Vec<NavGroup>,
    /// Who is logged in; no one on the login page.
    pub user: Option<String>,
    /// What happened at the last request.
    pub messages: Vec<Message>,
    /// The hidden field against forged requests.
    pub csrf: Csrf,
    /// Light, dark, or what the system says.
    pub theme: Theme,
    /// Rows close together.
    pub compact: bool,
    /// Where the preference buttons return to.
    pub here: String,
    /// The language of the page.
    pub language: String,
    /// Whether the language is written from right to left.
    pub right_to_left: bool,
}

/// The addresses of the embedded files.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The stylesheet.
    pub style: String,
    /// The script.
    pub script: String,
    /// The drawings.
    pub icons: String,
    /// The picture in the browser's tab.
    pub favicon: String,
}

impl Assets {
    /// Those of an admin that is mounted here.
    pub(crate) fn of(root: &str) -> Self {
        let url = |asset: &assets::Asset| format!("{root}/assets/{}", asset.name());
        Self {
            style: url(&assets::STYLE),
            script: url(&assets::SCRIPT),
            icons: url(&assets::ICONS),
            favicon: url(&assets::FAVICON),
        }
    }
}

/// The hidden field that proves that a form is ours.
#[derive(Clone, Debug, Default)]
pub struct Csrf {
    /// The name of the field; empty where the project's check needs none.
    pub name: String,
    /// Its value.
    pub token: String,
}

/// A group of the navigation: one app.
#[derive(Clone, Debug, Default)]
pub struct NavGroup {
    /// The app's name.
    pub label: String,
    /// Its models.
    pub items: Vec<NavItem>,
}

/// One model of the navigation.
#[derive(Clone, Debug, Default)]
pub struct NavItem {
    /// Where it is and what it is called.
    pub link: Link,
    /// Whether the page belongs to it.
    pub current: bool,
}

/// News from the last request.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// How good it is.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
    /// The object it is about.
    pub link: Option<Link>,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// What the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme with its word.
    pub const ALL: [(Self, &'static str); 3] =
        [(Self::System, "System"), (Self::Light, "Light"), (Self::Dark, "Dark")];

    /// The word in the cookie and in the page.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme a cookie names; the system's where it names none.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().map(|(theme, _)| theme).find(|theme| theme.word() == word).unwrap_or_default()
    }
}

impl Shell {
    /// Nothing but the drawings, for what stands in a page that has its own frame.
    pub(crate) fn of_assets(root: &str) -> Self {
        Self { assets: Assets::of(root), ..Self::default() }
    }

    /// A drawing from the embedded set.
    #[must_use]
    pub fn icon(&self, name: &'static str) -> Icon<'_> {
        Icon { file: &self.assets.icons, name }
    }

    /// Whether the navigation is long enough to need a filter.
    #[must_use]
    pub fn has_long_nav(&self) -> bool {
        self.nav.iter().map(|group| group.items.len()).sum::<usize>() > 12
    }
}

/// A drawing; always beside a word.
pub struct Icon<'a> {
    file: &'a str,
    name: &'static str,
}

impl fmt::Display for Icon<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = askama::filters::escape(self.file, askama::filters::Html).map_err(|_| fmt::Error)?;
        write!(f, r#"<svg class="icon" aria-hidden="true"><use href="{file}#{}"/></svg>"#, self.name)
    }
}

impl HtmlSafe for Icon<'_> {}
