//! Models of tables that were there, written by `inspectdb`: look them through before you rely on them.
//!
//! While a model says `managed = false` no migration touches its table.

use nuages::prelude::*;

/// A row of `Album`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "Album", managed = false)]
pub struct Album {
    /// The column `AlbumId`.
    #[field(db_column = "AlbumId", auto = false)]
    pub id: i32,
    /// The column `Title`.
    #[field(db_column = "Title", max_length = 160)]
    pub title: String,
    /// The column `ArtistId`.
    #[field(db_column = "ArtistId", on_delete = Protect, related_name = albums)]
    pub artist: ForeignKey<Artist>,
}

/// A row of `Artist`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "Artist", managed = false)]
pub struct Artist {
    /// The column `ArtistId`.
    #[field(db_column = "ArtistId", auto = false)]
    pub id: i32,
    /// The column `Name`.
    #[field(db_column = "Name", max_length = 120)]
    pub name: Option<String>,
}

/// A row of `Customer`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "Customer", managed = false)]
pub struct Customer {
    /// The column `CustomerId`.
    #[field(db_column = "CustomerId", auto = false)]
    pub id: i32,
    /// The column `FirstName`.
    #[field(db_column = "FirstName", max_length = 40)]
    pub first_name: String,
    /// The column `LastName`.
    #[field(db_column = "LastName", max_length = 20)]
    pub last_name: String,
    /// The column `Company`.
    #[field(db_column = "Company", max_length = 80)]
    pub company: Option<String>,
    /// The column `Address`.
    #[field(db_column = "Address", max_length = 70)]
    pub address: Option<String>,
    /// The column `City`.
    #[field(db_column = "City", max_length = 40)]
    pub city: Option<String>,
    /// The column `State`.
    #[field(db_column = "State", max_length = 40)]
    pub state: Option<String>,
    /// The column `Country`.
    #[field(db_column = "Country", max_length = 40)]
    pub country: Option<String>,
    /// The column `PostalCode`.
    #[field(db_column = "PostalCode", max_length = 10)]
    pub postal_code: Option<String>,
    /// The column `Phone`.
    #[field(db_column = "Phone", max_length = 24)]
    pub phone: Option<String>,
    /// The column `Fax`.
    #[field(db_column = "Fax", max_length = 24)]
    pub fax: Option<String>,
    /// The column `Email`.
    #[field(db_column = "Email", max_length = 60)]
    pub email: String,
    /// The column `SupportRepId`.
    #[field(db_column = "SupportRepId", on_delete = Protect, related_name = customers)]
    pub support_rep: Option<ForeignKey<Employee>>,
}

/// A row of `Employee`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "Employee", managed = false)]
pub struct Employee {
    /// The column `EmployeeId`.
    #[field(db_column = "EmployeeId", auto = false)]
    pub id: i32,
    /// The column `LastName`.
    #[field(db_column = "LastName", max_length = 20)]
    pub last_name: String,
    /// The column `FirstName`.
    #[field(db_column = "FirstName", max_length = 20)]
    pub first_name: String,
    /// The column `Title`.
    #[field(db_column = "Title", max_length = 30)]
    pub title: Option<String>,
    /// The column `ReportsTo`.
    #[field(db_column = "ReportsTo", on_delete = Protect, related_name = employees)]
    pub reports_to: Option<ForeignKey<Employee>>,
    /// The column `BirthDate`.
    #[field(db_column = "BirthDate")]
    pub birth_date: Option<DateTime>,
    /// The column `HireDate`.
    #[field(db_column = "HireDate")]
    pub hire_date: Option<DateTime>,
    /// The column `Address`.
    #[field(db_column = "Address", max_length = 70)]
    pub address: Option<String>,
    /// The column `City`.
    #[field(db_column = "City", max_length = 40)]
    pub city: Option<String>,
    /// The column `State`.
    #[field(db_column = "State", max_length = 40)]
    pub state: Option<String>,
    /// The column `Country`.
    #[field(db_column = "Country", max_length = 40)]
    pub country: Option<String>,
    /// The column `PostalCode`.
    #[field(db_column = "PostalCode", max_length = 10)]
    pub postal_code: Option<String>,
    /// The column `Phone`.
    #[field(db_column = "Phone", max_length = 24)]
    pub phone: Option<String>,
    /// The column `Fax`.
    #[field(db_column = "Fax", max_length = 24)]
    pub fax: Option<String>,
    /// The column `Email`.
    #[field(db_column = "Email", max_length = 60)]
    pub email: Option<String>,
}

/// A row of `Genre`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "Genre", managed = false)]
pub struct Genre {
    /// The column `GenreId`.
    #[field(db_column = "GenreId", auto = false)]
    pub id: i32,
    /// The column `Name`.
    #[field(db_column = "Name", max_length = 120)]
    pub name: Option<String>,
}

/// A row of `Invoice`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "Invoice", managed = false)]
pub struct Invoice {
    /// The column `InvoiceId`.
    #[field(db_column = "InvoiceId", auto = false)]
    pub id: i32,
    /// The column `CustomerId`.
    #[field(db_column = "CustomerId", on_delete = Protect, related_name = invoices)]
    pub customer: ForeignKey<Customer>,
    /// The column `InvoiceDate`.
    #[field(db_column = "InvoiceDate")]
    pub invoice_date: DateTime,
    /// The column `BillingAddress`.
    #[field(db_column = "BillingAddress", max_length = 70)]
    pub billing_address: Option<String>,
    /// The column `BillingCity`.
    #[field(db_column = "BillingCity", max_length = 40)]
    pub billing_city: Option<String>,
    /// The column `BillingState`.
    #[field(db_column = "BillingState", max_length = 40)]
    pub billing_state: Option<String>,
    /// The column `BillingCountry`.
    #[field(db_column = "BillingCountry", max_length = 40)]
    pub billing_country: Option<String>,
    /// The column `BillingPostalCode`.
    #[field(db_column = "BillingPostalCode", max_length = 10)]
    pub billing_postal_code: Option<String>,
    /// The column `Total`.
    #[field(db_column = "Total", max_digits = 10, decimal_places = 2)]
    pub total: Decimal,
}

/// A row of `InvoiceLine`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "InvoiceLine", managed = false)]
pub struct InvoiceLine {
    /// The column `InvoiceLineId`.
    #[field(db_column = "InvoiceLineId", auto = false)]
    pub id: i32,
    /// The column `InvoiceId`.
    #[field(db_column = "InvoiceId", on_delete = Protect, related_name = invoice_lines)]
    pub invoice: ForeignKey<Invoice>,
    /// The column `TrackId`.
    #[field(db_column = "TrackId", on_delete = Protect, related_name = invoice_lines)]
    pub track: ForeignKey<Track>,
    /// The column `UnitPrice`.
    #[field(db_column = "UnitPrice", max_digits = 10, decimal_places = 2)]
    pub unit_price: Decimal,
    /// The column `Quantity`.
    #[field(db_column = "Quantity")]
    pub quantity: i32,
}

/// A row of `MediaType`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "MediaType", managed = false)]
pub struct MediaType {
    /// The column `MediaTypeId`.
    #[field(db_column = "MediaTypeId", auto = false)]
    pub id: i32,
    /// The column `Name`.
    #[field(db_column = "Name", max_length = 120)]
    pub name: Option<String>,
}

/// A row of `Playlist`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "Playlist", managed = false)]
pub struct Playlist {
    /// The column `PlaylistId`.
    #[field(db_column = "PlaylistId", auto = false)]
    pub id: i32,
    /// The column `Name`.
    #[field(db_column = "Name", max_length = 120)]
    pub name: Option<String>,
    /// The rows of `PlaylistTrack`.
    #[field(
        db_table = "PlaylistTrack",
        from_column = "PlaylistId",
        to_column = "TrackId",
        related_name = playlists,
    )]
    pub tracks: ManyToMany<Track>,
}

/// A row of `Track`.
#[derive(Model, Clone, Debug)]
#[model(db_table = "Track", managed = false)]
pub struct Track {
    /// The column `TrackId`.
    #[field(db_column = "TrackId", auto = false)]
    pub id: i32,
    /// The column `Name`.
    #[field(db_column = "Name", max_length = 200)]
    pub name: String,
    /// The column `AlbumId`.
    #[field(db_column = "AlbumId", on_delete = Protect, related_name = tracks)]
    pub album: Option<ForeignKey<Album>>,
    /// The column `MediaTypeId`.
    #[field(db_column = "MediaTypeId", on_delete = Protect, related_name = tracks)]
    pub media_type: ForeignKey<MediaType>,
    /// The column `GenreId`.
    #[field(db_column = "GenreId", on_delete = Protect, related_name = tracks)]
    pub genre: Option<ForeignKey<Genre>>,
    /// The column `Composer`.
    #[field(db_column = "Composer", max_length = 220)]
    pub composer: Option<String>,
    /// The column `Milliseconds`.
    #[field(db_column = "Milliseconds")]
    pub milliseconds: i32,
    /// The column `Bytes`.
    #[field(db_column = "Bytes")]
    pub bytes: Option<i32>,
    /// The column `UnitPrice`.
    #[field(db_column = "UnitPrice", max_digits = 10, decimal_places = 2)]
    pub unit_price: Decimal,
}
