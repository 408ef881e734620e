//! Models of tables that were there, written by `inspectdb`: look them through before you rely on them.
//!
//! While a model says `managed = false` no migration touches its table.

use nuages::prelude::*;

/// A row of `album`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "album", managed = false)]
pub struct Album {
    /// The column `album_id`.
    #[field(db_column = "album_id", auto = false)]
    pub id: i32,
    /// The column `title`.
    #[field(max_length = 160)]
    pub title: String,
    /// The column `artist_id`.
    #[field(on_delete = Protect, related_name = albums)]
    pub artist: ForeignKey<Artist>,
}

/// A row of `artist`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "artist", managed = false)]
pub struct Artist {
    /// The column `artist_id`.
    #[field(db_column = "artist_id", auto = false)]
    pub id: i32,
    /// The column `name`.
    #[field(max_length = 120)]
    pub name: Option<String>,
}

/// A row of `customer`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "customer", managed = false)]
pub struct Customer {
    /// The column `customer_id`.
    #[field(db_column = "customer_id", auto = false)]
    pub id: i32,
    /// The column `first_name`.
    #[field(max_length = 40)]
    pub first_name: String,
    /// The column `last_name`.
    #[field(max_length = 20)]
    pub last_name: String,
    /// The column `company`.
    #[field(max_length = 80)]
    pub company: Option<String>,
    /// The column `address`.
    #[field(max_length = 70)]
    pub address: Option<String>,
    /// The column `city`.
    #[field(max_length = 40)]
    pub city: Option<String>,
    /// The column `state`.
    #[field(max_length = 40)]
    pub state: Option<String>,
    /// The column `country`.
    #[field(max_length = 40)]
    pub country: Option<String>,
    /// The column `postal_code`.
    #[field(max_length = 10)]
    pub postal_code: Option<String>,
    /// The column `phone`.
    #[field(max_length = 24)]
    pub phone: Option<String>,
    /// The column `fax`.
    #[field(max_length = 24)]
    pub fax: Option<String>,
    /// The column `email`.
    #[field(max_length = 60)]
    pub email: String,
    /// The column `support_rep_id`.
    #[field(on_delete = Protect, related_name = customers)]
    pub support_rep: Option<ForeignKey<Employee>>,
}

/// A row of `employee`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "employee", managed = false)]
pub struct Employee {
    /// The column `employee_id`.
    #[field(db_column = "employee_id", auto = false)]
    pub id: i32,
    /// The column `last_name`.
    #[field(max_length = 20)]
    pub last_name: String,
    /// The column `first_name`.
    #[field(max_length = 20)]
    pub first_name: String,
    /// The column `title`.
    #[field(max_length = 30)]
    pub title: Option<String>,
    /// The column `reports_to`.
    #[field(db_column = "reports_to", on_delete = Protect, related_name = employees)]
    pub reports_to: Option<ForeignKey<Employee>>,
    /// The column `birth_date`.
    pub birth_date: Option<DateTime>,
    /// The column `hire_date`.
    pub hire_date: Option<DateTime>,
    /// The column `address`.
    #[field(max_length = 70)]
    pub address: Option<String>,
    /// The column `city`.
    #[field(max_length = 40)]
    pub city: Option<String>,
    /// The column `state`.
    #[field(max_length = 40)]
    pub state: Option<String>,
    /// The column `country`.
    #[field(max_length = 40)]
    pub country: Option<String>,
    /// The column `postal_code`.
    #[field(max_length = 10)]
    pub postal_code: Option<String>,
    /// The column `phone`.
    #[field(max_length = 24)]
    pub phone: Option<String>,
    /// The column `fax`.
    #[field(max_length = 24)]
    pub fax: Option<String>,
    /// The column `email`.
    #[field(max_length = 60)]
    pub email: Option<String>,
}

/// A row of `genre`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "genre", managed = false)]
pub struct Genre {
    /// The column `genre_id`.
    #[field(db_column = "genre_id", auto = false)]
    pub id: i32,
    /// The column `name`.
    #[field(max_length = 120)]
    pub name: Option<String>,
}

/// A row of `invoice`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "invoice", managed = false)]
pub struct Invoice {
    /// The column `invoice_id`.
    #[field(db_column = "invoice_id", auto = false)]
    pub id: i32,
    /// The column `customer_id`.
    #[field(on_delete = Protect, related_name = invoices)]
    pub customer: ForeignKey<Customer>,
    /// The column `invoice_date`.
    pub invoice_date: DateTime,
    /// The column `billing_address`.
    #[field(max_length = 70)]
    pub billing_address: Option<String>,
    /// The column `billing_city`.
    #[field(max_length = 40)]
    pub billing_city: Option<String>,
    /// The column `billing_state`.
    #[field(max_length = 40)]
    pub billing_state: Option<String>,
    /// The column `billing_country`.
    #[field(max_length = 40)]
    pub billing_country: Option<String>,
    /// The column `billing_postal_code`.
    #[field(max_length = 10)]
    pub billing_postal_code: Option<String>,
    /// The column `total`.
    #[field(max_digits = 10, decimal_places = 2)]
    pub total: Decimal,
}

/// A row of `invoice_line`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "invoice_line", managed = false)]
pub struct InvoiceLine {
    /// The column `invoice_line_id`.
    #[field(db_column = "invoice_line_id", auto = false)]
    pub id: i32,
    /// The column `invoice_id`.
    #[field(on_delete = Protect, related_name = invoice_lines)]
    pub invoice: ForeignKey<Invoice>,
    /// The column `track_id`.
    #[field(on_delete = Protect, related_name = invoice_lines)]
    pub track: ForeignKey<Track>,
    /// The column `unit_price`.
    #[field(max_digits = 10, decimal_places = 2)]
    pub unit_price: Decimal,
    /// The column `quantity`.
    pub quantity: i32,
}

/// A row of `media_type`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "media_type", managed = false)]
pub struct MediaType {
    /// The column `media_type_id`.
    #[field(db_column = "media_type_id", auto = false)]
    pub id: i32,
    /// The column `name`.
    #[field(max_length = 120)]
    pub name: Option<String>,
}

/// A row of `playlist`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "playlist", managed = false)]
pub struct Playlist {
    /// The column `playlist_id`.
    #[field(db_column = "playlist_id", auto = false)]
    pub id: i32,
    /// The column `name`.
    #[field(max_length = 120)]
    pub name: Option<String>,
    /// The rows of `playlist_track`.
    #[field(
        db_table = "playlist_track",
        from_column = "playlist_id",
        to_column = "track_id",
        related_name = playlists,
    )]
    pub tracks: ManyToMany<Track>,
}

/// A row of `track`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "track", managed = false)]
pub struct Track {
    /// The column `track_id`.
    #[field(db_column = "track_id", auto = false)]
    pub id: i32,
    /// The column `name`.
    #[field(max_length = 200)]
    pub name: String,
    /// The column `album_id`.
    #[field(on_delete = Protect, related_name = tracks)]
    pub album: Option<ForeignKey<Album>>,
    /// The column `media_type_id`.
    #[field(on_delete = Protect, related_name = tracks)]
    pub media_type: ForeignKey<MediaType>,
    /// The column `genre_id`.
    #[field(on_delete = Protect, related_name = tracks)]
    pub genre: Option<ForeignKey<Genre>>,
    /// The column `composer`.
    #[field(max_length = 220)]
    pub composer: Option<String>,
    /// The column `milliseconds`.
    pub milliseconds: i32,
    /// The column `bytes`.
    pub bytes: Option<i32>,
    /// The column `unit_price`.
    #[field(max_digits = 10, decimal_places = 2)]
    pub unit_price: Decimal,
}
