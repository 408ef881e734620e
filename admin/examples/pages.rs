//! Writes every page with fixed content, to look at and to put through axe: `cargo run -p nuages-admin --example pages -- <folder>`.

use std::{fs, path::Path};

use nuages::admin::Cell;
use nuages_admin::{
    assets,
    page::{
        Link, Tone,
        delete::{DeletePage, Effect, Sample, Wrong},
        error::ErrorPage,
        field::{Choice, Combo, Control, Field, Line},
        form::{FormPage, Group, Inline, InlineRow, Summary, Tool},
        history::{Change, Event, HistoryPage},
        home::{AppGroup, HomePage, ModelEntry, Recent},
        list::{Chip, Column, Dates, Filter, FilterKind, ListPage, Pager, Row, Search, Sort},
        login::LoginPage,
        lookup::LookupPage,
        merge::{Difference, MergePage},
        password::PasswordPage,
        shell::{Assets, Message, NavGroup, NavItem, Shell, Theme},
    },
};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/pages".into());
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for asset in assets::ALL {
        fs::write(folder.join("assets").join(asset.name()), asset.content)?;
    }
    for theme in [Theme::Light, Theme::Dark] {
        write_pages(folder, theme)?;
    }
    Ok(())
}

fn write_pages(folder: &Path, theme: Theme) -> Outcome {
    let save = |name: &str, page: &dyn askama::DynTemplate| -> Outcome {
        fs::write(folder.join(format!("{name}-{}.html", theme.word())), page.dyn_render()?)?;
        Ok(())
    };
    save("login", &login(theme))?;
    save("home", &home(theme))?;
    save("list", &list(theme))?;
    save("list-empty", &ListPage { rows: Vec::new(), count: "0 books".into(), ..list(theme) })?;
    save("list-new", &new_list(theme))?;
    save("form", &form(theme, false))?;
    save("form-errors", &form(theme, true))?;
    save("delete", &delete(theme, false))?;
    save("delete-blocked", &delete(theme, true))?;
    save("history", &history(theme))?;
    save("password", &password(theme))?;
    save("lookup", &lookup(theme))?;
    save("merge", &merge(theme))?;
    save("error", &error(theme))
}

fn shell(theme: Theme, title: &str, crumbs: &[(&str, &str)]) -> Shell {
    let nav = |label: &str, items: &[&str]| NavGroup {
        label: label.into(),
        items: items
            .iter()
            .map(|item| NavItem {
                link: Link::new(*item, format!("/admin/{item}/")),
                current: *item == "Books" && crumbs.len() > 1,
            })
            .collect(),
    };
    Shell {
        site: "Bookshop".into(),
        root: "/admin".into(),
        assets: Assets {
            style: format!("/assets/{}", assets::STYLE.name()),
            script: format!("/assets/{}", assets::SCRIPT.name()),
            icons: format!("/assets/{}", assets::ICONS.name()),
            favicon: format!("/assets/{}", assets::FAVICON.name()),
        },
        environment: Some((Tone::Warning, "Staging".into())),
        title: title.into(),
        crumbs: crumbs.iter().map(|(label, url)| Link::new(*label, *url)).collect(),
        nav: vec![
            nav("Bookshop", &["Authors", "Books", "Customers", "Orders", "Reviews", "Tags"]),
            nav("System", &["Users", "Groups", "Sessions", "Audit log"]),
        ],
        user: Some("reinhardt".into()),
        theme,
        language: "en".into(),
        here: "/admin/".into(),
        ..Shell::default()
    }
}

fn login(theme: Theme) -> LoginPage {
    let line = |kind, autocomplete| Control::Line(Line { autocomplete, ..Line::new(kind, "") });
    LoginPage {
        shell: Shell { nav: Vec::new(), user: None, ..shell(theme, "Log in", &[]) },
        fields: vec![
            Field::new("username", "Username", line("text", "username")),
            Field::new("password", "Password", line("password", "current-password")),
        ],
        error: Some("That username and password do not match an account that may log in here.".into()),
        next: "/admin/".into(),
        first_run: None,
    }
}

fn home(theme: Theme) -> HomePage {
    let entry = |label: &str, noun: &str, add: bool| ModelEntry {
        list: Link::new(label, format!("/admin/shop/{noun}/")),
        add: add.then(|| format!("/admin/shop/{noun}/add")),
        noun: noun.into(),
    };
    let recent = |icon, verb: &str, label: &str, url: &str, noun: &str, when: &str| Recent {
        icon,
        verb: verb.into(),
        object: Link::new(label, url),
        noun: noun.into(),
        when: when.into(),
    };
    HomePage {
        shell: shell(theme, "Bookshop admin", &[("Home", "/admin/")]),
        apps: vec![
            AppGroup {
                label: "Bookshop".into(),
                models: vec![
                    entry("Authors", "author", true),
                    entry("Books", "book", true),
                    entry("Customers", "customer", true),
                    entry("Orders", "order", false),
                    entry("Reviews", "review", true),
                    entry("Tags", "tag", true),
                ],
            },
            AppGroup {
                label: "System".into(),
                models: vec![
                    entry("Users", "user", true),
                    entry("Groups", "group", true),
                    entry("Audit log", "logentry", false),
                ],
            },
        ],
        recent: vec![
            recent("edit", "Changed", "The Left Hand of Darkness", "/b/1", "book", "today, 14:02"),
            recent("plus", "Added", "Ursula K. Le Guin", "/a/1", "author", "today, 13:51"),
            recent(
                "trash",
                "Deleted",
                "A draft nobody wanted, with a rather long title",
                "",
                "book",
                "yesterday, 18:20",
            ),
            recent("edit", "Changed", "Order 2026-1107", "/o/1", "order", "17 November, 09:12"),
        ],
    }
}

fn columns() -> Vec<Column> {
    let column = |label: &str, class, active: Option<bool>, place| Column {
        label: label.into(),
        class,
        sort: Some(Sort { url: "?sort=x".into(), active, place }),
    };
    vec![
        column("Title", "", None, 0),
        column("Author", "", None, 0),
        column("Price", "num", Some(true), 1),
        column("Status", "", None, 0),
        column("In stock", "", None, 0),
        column("Published", "date", Some(false), 2),
        Column { label: "Tags".into(), ..Column::default() },
        column("Created", "date", None, 0),
    ]
}

fn rows() -> Vec<Row> {
    let titles = [
        ("The Left Hand of Darkness", "Ursula K. Le Guin"),
        ("The Dispossessed", "Ursula K. Le Guin"),
        ("Nuages: a life of Django Reinhardt", "Charles Delaunay"),
        ("Invisible Cities", "Italo Calvino"),
        ("If on a winter's night a traveler", "Italo Calvino"),
        ("The Periodic Table", "Primo Levi"),
        ("<script>alert(\"title\")</script>", "O'Brien & Söhne"),
        ("Solaris", "Stanisław Lem"),
    ];
    let status = [(Tone::Good, "Published"), (Tone::Plain, "Draft"), (Tone::Warning, "Out of print")];
    (0..25)
        .map(|n| {
            let (title, author) = titles[n % titles.len()];
            let (tone, word) = status[n % status.len()];
            let published =
                Cell::Date { text: format!("{:02} Nov 2026", n + 1), exact: format!("2026-11-{:02}", n + 1) };
            Row {
                key: n.to_string(),
                url: format!("/admin/shop/book/{n}/"),
                label: title.into(),
                cells: vec![
                    Cell::Text(title.into()),
                    Cell::Text(author.into()),
                    Cell::Number(format!("{}.50", 48 - n)),
                    Cell::Badge(tone, word.into()),
                    Cell::Bool(n % 4 != 1),
                    if n % 3 == 1 { Cell::Empty } else { published },
                    if n % 2 == 0 { Cell::Text("fiction, science".into()) } else { Cell::Empty },
                    Cell::Date { text: "20 Nov 2026, 14:02".into(), exact: "2026-11-20 14:02:11 UTC".into() },
                ],
            }
        })
        .collect()
}

fn filters() -> Vec<Filter> {
    let filter = |name: &str, label: &str, kind| Filter { name: name.into(), label: label.into(), kind };
    vec![
        filter(
            "f.status",
            "Status",
            FilterKind::Any(vec![
                Choice::new("draft", "Draft", true),
                Choice::new("published", "Published", false),
                Choice::new("out", "Out of print", false),
            ]),
        ),
        filter(
            "f.in_stock",
            "In stock",
            FilterKind::One(vec![
                Choice::new("", "Any", true),
                Choice::new("1", "Yes", false),
                Choice::new("0", "No", false),
            ]),
        ),
        filter(
            "f.author",
            "Author",
            FilterKind::Combo(Combo {
                chosen: vec![Choice::new("12", "Italo Calvino", true)],
                options_url: "/options.json".into(),
                many: true,
                noun: "author".into(),
            }),
        ),
        filter("f.price", "Price", FilterKind::Range { kind: "number", from: "5".into(), to: String::new() }),
        filter(
            "f.published",
            "Published",
            FilterKind::Range { kind: "date", from: String::new(), to: String::new() },
        ),
    ]
}

fn list(theme: Theme) -> ListPage {
    let chip =
        |label: &str, value: &str| Chip { label: label.into(), value: value.into(), remove: "?".into() };
    ListPage {
        seal: String::new(),
        facets: None,
        counted: false,
        gave_up: false,
        limit: String::new(),
        shell: Shell {
            messages: vec![Message {
                tone: Tone::Good,
                text: "The book was saved:".into(),
                link: Some(Link::new("The Left Hand of Darkness", "/admin/shop/book/1/")),
            }],
            ..shell(
                theme,
                "Books",
                &[("Home", "/admin/"), ("Bookshop", "/admin/"), ("Books", "/admin/Books/")],
            )
        },
        noun: "book".into(),
        nouns: "books".into(),
        count: "10,000+ books".into(),
        sorted: ", sorted by price descending".into(),
        add: Some("/admin/shop/book/add".into()),
        no_add: None,
        search: Some(Search { value: String::new(), fields: "title, author".into() }),
        filters: filters(),
        filters_open: false,
        keep: vec![("sort".into(), "-price".into())],
        chips: vec![chip("Status", "Draft"), chip("Author", "Italo Calvino"), chip("Price", "at least 5")],
        clear_all: "?".into(),
        dates: Some(Dates {
            label: "Published".into(),
            up: vec![Link::new("All dates", "?"), Link::new("2026", "?d=2026")],
            here: Some("November".into()),
            down: (1..8).map(|day| Link::new(day.to_string(), format!("?d=2026-11-{day:02}"))).collect(),
        }),
        columns: columns(),
        rows: rows(),
        actions: vec![
            Choice::new("delete_selected", "Delete", true),
            Choice::new("publish", "Publish", false),
            Choice::new("take_out", "Take out of stock", false),
        ],
        all_matching: Some("All 10,000+ that match".into()),
        pager: Pager {
            range: "1–25 of 10,000+".into(),
            first: None,
            previous: None,
            next: Some("?after=x".into()),
            last: Some("?last=1".into()),
        },
        advice: None,
    }
}

fn new_list(theme: Theme) -> ListPage {
    ListPage {
        rows: Vec::new(),
        chips: Vec::new(),
        dates: None,
        filters: Vec::new(),
        search: None,
        count: "0 books".into(),
        ..list(theme)
    }
}

fn book_fields(errors: bool) -> Vec<Vec<Field>> {
    let author = Combo {
        chosen: vec![Choice::new("12", "Ursula K. Le Guin", true)],
        options_url: "/options.json".into(),
        many: false,
        noun: "author".into(),
    };
    let tags = Combo {
        chosen: vec![Choice::new("1", "fiction", true), Choice::new("2", "science", true)],
        options_url: "/options.json".into(),
        many: true,
        noun: "tag".into(),
    };
    let mut title = Field::new(
        "title",
        "Title",
        Control::Line(Line { max_length: Some(200), ..Line::new("text", "The Left Hand of Darkness") }),
    )
    .required();
    let mut price =
        Field::new("price", "Price", Control::Line(Line { mode: "decimal", ..Line::new("text", "12.50") }))
            .required();
    if errors {
        title = title.error("Another book has this title.");
        price = price.error("Write a number, such as 12.50.");
    }
    let status = vec![
        Choice::new("draft", "Draft", false),
        Choice::new("published", "Published", true),
        Choice::new("out", "Out of print", false),
    ];
    vec![
        vec![title.help("As it stands on the cover, without the subtitle.")],
        vec![Field::new("author", "Author", Control::Combo(author)).required()],
        vec![price, Field::new("status", "Status", Control::Select(status)).required()],
        vec![
            Field::new("in_stock", "In stock", Control::Checkbox(true))
                .help("Shown as available in the shop."),
        ],
        vec![Field::new("published", "Published", Control::Line(Line::new("date", "1969-03-01")))],
        vec![Field::new("tags", "Tags", Control::Combo(tags))],
    ]
}

fn form(theme: Theme, errors: bool) -> FormPage {
    let groups = vec![
        Group { lines: book_fields(errors), ..Group::default() },
        Group {
            title: "For the shop window".into(),
            about: "Everything here may stay empty.".into(),
            folded: Some(errors),
            lines: vec![vec![Field::new(
                "blurb",
                "Blurb",
                Control::Lines { value: String::new(), mono: false, max_length: None },
            )]],
        },
    ];
    let mut summary = Summary::default();
    for group in &groups {
        summary.collect(group.lines.iter().flatten());
    }
    FormPage {
        was: String::new(),
        shell: shell(
            theme,
            "The Left Hand of Darkness",
            &[("Home", "/admin/"), ("Books", "/admin/Books/"), ("The Left Hand of Darkness", "")],
        ),
        noun: "book".into(),
        lede: "Changed today, 14:02, by reinhardt".into(),
        summary,
        groups,
        inlines: vec![reviews()],
        version: "abc".into(),
        back: String::new(),
        can_save: true,
        can_add: true,
        tools: vec![
            Tool { icon: "clock", link: Link::new("History", "history"), danger: false },
            Tool { icon: "trash", link: Link::new("Delete", "delete"), danger: true },
        ],
        facts: vec![
            ("ID".into(), Cell::Code("812".into())),
            (
                "Created".into(),
                Cell::Date { text: "20 Nov 2026, 14:02".into(), exact: "2026-11-20 14:02:11 UTC".into() },
            ),
        ],
        related: vec![
            Link::new("Reviews", "/admin/shop/review/?f.book=812"),
            Link::new("Order lines", "/admin/"),
        ],
    }
}

fn reviews() -> Inline {
    let row = |n: &str, key: &str, label: &str, text: &str| InlineRow {
        prefix: format!("reviews-{n}"),
        key: key.into(),
        label: label.into(),
        url: (!key.is_empty()).then(|| "/admin/shop/review/1/".into()),
        fields: vec![
            Field::new(
                format!("reviews-{n}-stars"),
                format!("Stars of {label}"),
                Control::Line(Line {
                    min: Some("1".into()),
                    max: Some("5".into()),
                    ..Line::new("number", if key.is_empty() { "" } else { "4" })
                }),
            ),
            Field::new(
                format!("reviews-{n}-text"),
                format!("Text of {label}"),
                Control::Line(Line::new("text", text)),
            ),
        ],
        ..InlineRow::default()
    };
    Inline {
        title: "Reviews".into(),
        noun: "review".into(),
        prefix: "reviews".into(),
        columns: vec![("Stars".into(), true), ("Text".into(), false)],
        rows: vec![
            row("0", "4", "Review by Ada", "Cold, and warm."),
            row("1", "9", "Review by Stéphane", "Swings."),
            row("2", "", "New review", ""),
        ],
        blank: Some(row("__n__", "", "New review", "")),
        can_delete: true,
        initial: 2,
        count: "2".into(),
        pages: Vec::new(),
    }
}

fn delete(theme: Theme, blocked: bool) -> DeletePage {
    let effect = |nouns: &str, count: &str, tone, what: &str| Effect {
        nouns: nouns.into(),
        count: count.into(),
        tone,
        what: what.into(),
    };
    let mut effects = vec![
        effect("Author", "1", Tone::Bad, "deleted"),
        effect("Books", "36", Tone::Bad, "deleted with it"),
        effect("Reviews", "10,000+", Tone::Bad, "deleted with it"),
        effect("Interviews", "4", Tone::Note, "kept, author set empty"),
        effect("Tags of books", "81", Tone::Note, "unlinked"),
    ];
    if blocked {
        effects.push(effect("Order lines", "7", Tone::Warning, "in the way"));
    }
    DeletePage {
        shell: shell(
            theme,
            "Delete “Italo Calvino”?",
            &[("Home", "/admin/"), ("Authors", "/"), ("Italo Calvino", "/"), ("Delete", "")],
        ),
        action: String::new(),
        carry: vec![],
        effects,
        samples: vec![Sample {
            title: "Books to be deleted".into(),
            objects: (1..21).map(|n| Link::new(format!("The Paper City {n}"), "/")).collect(),
            more: "and 16 more".into(),
        }],
        blocked: if blocked {
            vec!["7 order lines need this author's books and are protected.".into()]
        } else {
            vec![]
        },
        confirm: Some("10,000+".into()),
        at_least: false,
        wrong: Wrong::Nothing,
        button: "Delete author and 36 books".into(),
        cancel: "/".into(),
    }
}

fn history(theme: Theme) -> HistoryPage {
    let change = |label: &str, was: &str, now: &str| Change {
        label: label.into(),
        was: (!was.is_empty()).then(|| was.into()),
        now: (!now.is_empty()).then(|| now.into()),
    };
    let event = |icon, verb: &str, from: &str, changes| Event {
        icon,
        verb: verb.into(),
        who: "reinhardt".into(),
        when: "20 Nov 2026, 14:02".into(),
        exact: "2026-11-20 14:02:11 UTC".into(),
        from: from.into(),
        changes,
    };
    HistoryPage {
        shell: shell(
            theme,
            "History of “The Dispossessed”",
            &[("Home", "/"), ("Books", "/"), ("The Dispossessed", "/"), ("History", "")],
        ),
        noun: "book".into(),
        object: Some(Link::new("The Dispossessed", "/")),
        events: vec![
            event(
                "edit",
                "Changed",
                "in the form",
                vec![
                    change("Price", "9.99", "11.11"),
                    change("Published", "", "1974-05-01"),
                    change("Title", "The Disposessed", "The Dispossessed: an ambiguous utopia"),
                ],
            ),
            event("edit", "Changed", "by the action Publish", vec![change("Status", "Draft", "Published")]),
            event("plus", "Added", "in the form", vec![]),
        ],
        older: Some("?before=1".into()),
    }
}

fn password(theme: Theme) -> PasswordPage {
    let line = |autocomplete| Control::Line(Line { autocomplete, ..Line::new("password", "") });
    PasswordPage {
        shell: shell(theme, "Change password", &[("Home", "/"), ("Change password", "")]),
        fields: vec![
            Field::new("old", "Current password", line("current-password")).required(),
            Field::new("new", "New password", line("new-password"))
                .required()
                .help("At least 8 characters, and not one that many people use."),
            Field::new("again", "New password again", line("new-password")).required(),
        ],
        summary: Summary::default(),
        rules: vec![],
        cancel: "/".into(),
    }
}

fn lookup(theme: Theme) -> LookupPage {
    LookupPage {
        shell: shell(theme, "Choose an author", &[("Home", "/"), ("Books", "/"), ("Choose an author", "")]),
        action: "/".into(),
        carry: vec![("title".into(), "x".into())],
        field: "author".into(),
        noun: "author".into(),
        query: "ca".into(),
        found: vec![
            Choice::new("1", "Italo Calvino", true),
            Choice::new("2", "Angela Carter", false),
            Choice::new("3", "Albert Camus", false),
        ],
        more: true,
        many: false,
        optional: true,
    }
}

fn merge(theme: Theme) -> MergePage {
    let pair = |posted: &str, read: &str| (posted.into(), read.into());
    MergePage {
        shell: shell(
            theme,
            "Two versions of “The Dispossessed”",
            &[("Home", "/"), ("Books", "/"), ("The Dispossessed", "")],
        ),
        noun: "book".into(),
        who: Some("grappelli".into()),
        action: "/".into(),
        carry: vec![],
        fields: vec![
            Difference {
                was: Some("12.50".into()),
                name: "price".into(),
                label: "Price".into(),
                theirs: pair("11.11", "11.11"),
                yours: pair("9.99", "9.99"),
                keep_yours: false,
            },
            Difference {
                was: Some("12.50".into()),
                name: "title".into(),
                label: "Title".into(),
                theirs: pair("a", "The Dispossessed"),
                yours: pair("b", "The Dispossessed: an ambiguous utopia"),
                keep_yours: true,
            },
        ],
        theirs: Link::new("theirs", "/"),
    }
}

fn error(theme: Theme) -> ErrorPage {
    ErrorPage {
        shell: shell(theme, "Book 812 does not exist", &[]),
        status: 404,
        text: vec!["It may have been deleted, or the address has a typing mistake in it.".into()],
        links: vec![Link::new("All books", "/"), Link::new("Home", "/")],
    }
}
