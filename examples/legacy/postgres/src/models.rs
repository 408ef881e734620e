//! The Chinook store as its PostgreSQL script makes it: the same tables as in `legacy`, spelled in snake case.
//!
//! No table is ours (`managed = false`), so no migration touches one. Keys are plain numbers
//! that the program gives (`auto = false`), as the scripts made them.

use nuages::prelude::*;

/// Somebody who made music.
#[derive(Model, Clone, Debug)]
#[model(db_table = "artist", managed = false, ordering(name), display = "{name}")]
#[admin(list_display(name), search_fields(name), inlines(Album))]
pub struct Artist {
    /// The number of the artist.
    #[field(db_column = "artist_id", auto = false)]
    pub id: i32,
    /// The name on the cover.
    #[field(max_length = 120)]
    pub name: Option<String>,
}

/// A record.
#[derive(Model, Clone, Debug)]
#[model(db_table = "album", managed = false, ordering(title), display = "{title}")]
#[admin(list_display(title, artist.name), search_fields(title, artist.name), autocomplete_fields(artist))]
pub struct Album {
    /// The number of the album.
    #[field(db_column = "album_id", auto = false)]
    pub id: i32,
    /// The title on the cover.
    #[field(max_length = 160)]
    pub title: String,
    /// Who made it.
    #[field(on_delete = Protect, related_name = albums)]
    pub artist: ForeignKey<Artist>,
}

/// A kind of music.
#[derive(Model, Clone, Debug)]
#[model(db_table = "genre", managed = false, ordering(name), display = "{name}")]
pub struct Genre {
    /// The number of the genre.
    #[field(db_column = "genre_id", auto = false)]
    pub id: i32,
    /// What it is called.
    #[field(max_length = 120)]
    pub name: Option<String>,
}

/// A kind of file.
#[derive(Model, Clone, Debug)]
#[model(db_table = "media_type", managed = false, ordering(name), display = "{name}")]
pub struct MediaType {
    /// The number of the media type.
    #[field(db_column = "media_type_id", auto = false)]
    pub id: i32,
    /// What it is called.
    #[field(max_length = 120)]
    pub name: Option<String>,
}

/// A piece of music or film that is sold.
#[derive(Model, Clone, Debug)]
#[model(db_table = "track", managed = false, ordering(name), display = "{name}")]
#[admin(
    list_display(name, album.title, genre, unit_price),
    list_filter(genre, media_type),
    search_fields(name, album.title, composer),
    autocomplete_fields(album),
)]
pub struct Track {
    /// The number of the track.
    #[field(db_column = "track_id", auto = false)]
    pub id: i32,
    /// What it is called.
    #[field(max_length = 200)]
    pub name: String,
    /// The album it is on, if it is on one.
    #[field(on_delete = SetNull, related_name = tracks)]
    pub album: Option<ForeignKey<Album>>,
    /// What sort of file it is.
    #[field(on_delete = Protect, related_name = tracks)]
    pub media_type: ForeignKey<MediaType>,
    /// The kind of music.
    #[field(on_delete = SetNull, related_name = tracks)]
    pub genre: Option<ForeignKey<Genre>>,
    /// Who wrote it.
    #[field(max_length = 220)]
    pub composer: Option<String>,
    /// How long it plays.
    pub milliseconds: i32,
    /// How large the file is.
    pub bytes: Option<i32>,
    /// What it costs.
    #[field(max_digits = 10, decimal_places = 2)]
    pub unit_price: Decimal,
}

/// Tracks that somebody put together.
#[derive(Model, Clone, Debug)]
#[model(db_table = "playlist", managed = false, ordering(name), display = "{name}")]
pub struct Playlist {
    /// The number of the playlist.
    #[field(db_column = "playlist_id", auto = false)]
    pub id: i32,
    /// What it is called.
    #[field(max_length = 120)]
    pub name: Option<String>,
    /// What is on it: a table of two columns.
    #[field(db_table = "playlist_track", from_column = "playlist_id", to_column = "track_id", related_name = playlists)]
    pub tracks: ManyToMany<Track>,
}

/// Somebody who works for the store.
#[derive(Model, Clone, Debug)]
#[model(
    db_table = "employee",
    managed = false,
    ordering(last_name, first_name),
    display = "{first_name} {last_name}"
)]
#[admin(list_display(last_name, first_name, title, reports_to), search_fields(last_name, first_name))]
pub struct Employee {
    /// The number of the employee.
    #[field(db_column = "employee_id", auto = false)]
    pub id: i32,
    /// The family name.
    #[field(max_length = 20)]
    pub last_name: String,
    /// The given name.
    #[field(max_length = 20)]
    pub first_name: String,
    /// The position in the store.
    #[field(max_length = 30)]
    pub title: Option<String>,
    /// The manager; one person has none.
    #[field(db_column = "reports_to", on_delete = SetNull, related_name = reports)]
    pub reports_to: Option<ForeignKey<Employee>>,
    /// When the employee was born.
    pub birth_date: Option<DateTime>,
    /// When the employee joined.
    pub hire_date: Option<DateTime>,
    /// Street and number.
    #[field(max_length = 70)]
    pub address: Option<String>,
    /// The town.
    #[field(max_length = 40)]
    pub city: Option<String>,
    /// The state or province.
    #[field(max_length = 40)]
    pub state: Option<String>,
    /// The country.
    #[field(max_length = 40)]
    pub country: Option<String>,
    /// The postal code.
    #[field(max_length = 10)]
    pub postal_code: Option<String>,
    /// A telephone number.
    #[field(max_length = 24)]
    pub phone: Option<String>,
    /// A fax number.
    #[field(max_length = 24)]
    pub fax: Option<String>,
    /// An address for mail.
    #[field(max_length = 60)]
    pub email: Option<String>,
}

/// Somebody who buys.
#[derive(Model, Clone, Debug)]
#[model(
    db_table = "customer",
    managed = false,
    ordering(last_name, first_name),
    display = "{first_name} {last_name}"
)]
#[admin(
    list_display(last_name, first_name, country, support_rep),
    list_filter(support_rep),
    search_fields(last_name, first_name, email)
)]
pub struct Customer {
    /// The number of the customer.
    #[field(db_column = "customer_id", auto = false)]
    pub id: i32,
    /// The given name.
    #[field(max_length = 40)]
    pub first_name: String,
    /// The family name.
    #[field(max_length = 20)]
    pub last_name: String,
    /// Where the customer works.
    #[field(max_length = 80)]
    pub company: Option<String>,
    /// Street and number.
    #[field(max_length = 70)]
    pub address: Option<String>,
    /// The town.
    #[field(max_length = 40)]
    pub city: Option<String>,
    /// The state or province.
    #[field(max_length = 40)]
    pub state: Option<String>,
    /// The country.
    #[field(max_length = 40)]
    pub country: Option<String>,
    /// The postal code.
    #[field(max_length = 10)]
    pub postal_code: Option<String>,
    /// A telephone number.
    #[field(max_length = 24)]
    pub phone: Option<String>,
    /// A fax number.
    #[field(max_length = 24)]
    pub fax: Option<String>,
    /// An address for mail.
    #[field(max_length = 60)]
    pub email: String,
    /// Who looks after the customer.
    #[field(on_delete = SetNull, related_name = customers)]
    pub support_rep: Option<ForeignKey<Employee>>,
}

/// What a customer bought at one time.
#[derive(Model, Clone, Debug)]
#[model(db_table = "invoice", managed = false, ordering(-invoice_date, -id), display = "Invoice {id}")]
#[admin(
    list_display(id, customer, invoice_date, billing_country, total),
    search_fields(customer.last_name, billing_city),
    date_hierarchy = invoice_date,
    autocomplete_fields(customer),
    inlines(InvoiceLine),
)]
pub struct Invoice {
    /// The number of the invoice.
    #[field(db_column = "invoice_id", auto = false)]
    pub id: i32,
    /// Who bought.
    #[field(on_delete = Protect, related_name = invoices)]
    pub customer: ForeignKey<Customer>,
    /// When.
    pub invoice_date: DateTime,
    /// Street and number.
    #[field(max_length = 70)]
    pub billing_address: Option<String>,
    /// The town.
    #[field(max_length = 40)]
    pub billing_city: Option<String>,
    /// The state or province.
    #[field(max_length = 40)]
    pub billing_state: Option<String>,
    /// The country.
    #[field(max_length = 40)]
    pub billing_country: Option<String>,
    /// The postal code.
    #[field(max_length = 10)]
    pub billing_postal_code: Option<String>,
    /// The sum of the lines.
    #[field(max_digits = 10, decimal_places = 2)]
    pub total: Decimal,
}

/// One line of an invoice.
#[derive(Model, Clone, Debug)]
#[model(db_table = "invoice_line", managed = false, ordering(id), display = "Line {id}")]
#[admin(autocomplete_fields(track))]
pub struct InvoiceLine {
    /// The number of the line.
    #[field(db_column = "invoice_line_id", auto = false)]
    pub id: i32,
    /// The invoice it stands on.
    #[field(on_delete = Cascade, related_name = lines)]
    pub invoice: ForeignKey<Invoice>,
    /// What was bought.
    #[field(on_delete = Protect, related_name = invoice_lines)]
    pub track: ForeignKey<Track>,
    /// What it cost then.
    #[field(max_digits = 10, decimal_places = 2)]
    pub unit_price: Decimal,
    /// How many.
    pub quantity: i32,
}
