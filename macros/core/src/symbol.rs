//! Every word of our attributes, with how it is written. No other file spells one.

/// A word of an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word itself.
    pub name: &'static str,
    /// How it is written, for messages.
    pub usage: &'static str,
}

impl PartialEq<Word> for syn::Ident {
    fn eq(&self, word: &Word) -> bool {
        self == word.name
    }
}

/// An attribute or macro and the words that it takes.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// How messages call it, such as `#[field(…)]`.
    pub title: &'static str,
    /// The path of the attribute.
    pub name: &'static str,
    /// The words.
    pub words: &'static [Word],
}

impl Place {
    /// The names of the words.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.words.iter().map(|word| word.name)
    }
}

macro_rules! words {
    ($(#[$place_doc:meta] $place:ident $title:literal $attribute:literal { $($word:ident $name:literal $usage:literal;)* })*) => {
        $(
            #[$place_doc]
            pub mod $place {
                use super::{Place, Word};

                $(
                    #[doc = concat!("`", $usage, "`")]
                    pub const $word: Word = Word { name: $name, usage: $usage };
                )*

                /// The place and all its words.
                pub const PLACE: Place = Place { title: $title, name: $attribute, words: &[$($word),*] };
            }
        )*
    };
}

words! {
    /// Words of `#[model(…)]`.
    model "#[model(…)]" "model" {
        DB_TABLE "db_table" "db_table = \"shop_book\"";
        APP_LABEL "app_label" "app_label = \"shop\"";
        PRIMARY_KEY "primary_key" "primary_key(order, position)";
        ORDERING "ordering" "ordering(name, -published)";
        DISPLAY "display" "display = \"{name}\"";
        VERBOSE_NAME "verbose_name" "verbose_name = \"book\"";
        VERBOSE_NAME_PLURAL "verbose_name_plural" "verbose_name_plural = \"books\"";
        UNIQUE_TOGETHER "unique_together" "unique_together(author, title)";
        UNIQUE "unique" "unique(fields(author, title), name = \"one_title_per_author\")";
        INDEX "index" "index(fields(author, -published), name = \"by_author\")";
        CHECK "check" "check(name = \"price_is_positive\", \"price > 0\")";
        ONLY "only" "only(postgres)";
        MANAGED "managed" "managed = false";
        DEFAULT_RELATED_NAME "default_related_name" "default_related_name = books";
        GENERIC_FOREIGN_KEY "generic_foreign_key" "generic_foreign_key(content_type, object_id)";
        GENERIC_RELATION "generic_relation" "generic_relation(tags = TaggedItem)";
        PERMISSIONS "permissions" "permissions(publish_book = \"Can publish books\")";
        DEFAULT_PERMISSIONS "default_permissions" "default_permissions(add, change)";
        USER "user" "user";
        WAS "was" "was = \"OldName\"";
        DROP "drop" "drop(old_field)";
        CRATE "crate" "crate = path::to::nuages";
    }
    /// Words inside `unique(…)`.
    unique "unique(…)" "" {
        FIELDS "fields" "fields(author, title)";
        NAME "name" "name = \"one_title_per_author\"";
        CONDITION "condition" "condition = \"status = 'live'\"";
        INCLUDE "include" "include(price)";
        NULLS_DISTINCT "nulls_distinct" "nulls_distinct = false";
        DEFERRABLE "deferrable" "deferrable = Deferred";
        MESSAGE "message" "message = \"This title is taken.\"";
    }
    /// Words inside `index(…)`.
    index "index(…)" "" {
        FIELDS "fields" "fields(author, -published)";
        NAME "name" "name = \"by_author\"";
        CONDITION "condition" "condition = \"status = 'live'\"";
        INCLUDE "include" "include(price)";
    }
    /// Words inside `check(…)`.
    check "check(…)" "" {
        NAME "name" "name = \"price_is_positive\"";
        MESSAGE "message" "message = \"A price is above zero.\"";
    }
    /// Words of `#[field(…)]`.
    field "#[field(…)]" "field" {
        PRIMARY_KEY "primary_key" "primary_key";
        AUTO "auto" "auto";
        UNIQUE "unique" "unique";
        INDEX "index" "index";
        DB_INDEX "db_index" "db_index";
        MAX_LENGTH "max_length" "max_length = 200";
        MAX_DIGITS "max_digits" "max_digits = 8";
        DECIMAL_PLACES "decimal_places" "decimal_places = 2";
        MIN "min" "min = 0";
        MAX "max" "max = 100";
        DB_COLUMN "db_column" "db_column = \"title\"";
        DB_COLLATION "db_collation" "db_collation = \"nocase\"";
        COLUMN "column" "column = text";
        DEFAULT "default" "default = Status::Draft";
        DB_DEFAULT "db_default" "db_default = 0";
        GENERATED "generated" "generated = \"price * pages\"";
        PERSIST "persist" "persist = false";
        AUTO_NOW "auto_now" "auto_now";
        AUTO_NOW_ADD "auto_now_add" "auto_now_add";
        BLANK "blank" "blank";
        EDITABLE "editable" "editable = false";
        LABEL "label" "label = \"Title\"";
        VERBOSE_NAME "verbose_name" "verbose_name = \"title\"";
        HELP_TEXT "help_text" "help_text = \"As printed on the cover\"";
        WIDGET "widget" "widget = textarea";
        VALIDATORS "validators" "validators(path::to::function)";
        ON_DELETE "on_delete" "on_delete = Cascade";
        DB_CONSTRAINT "db_constraint" "db_constraint = false";
        LIMIT_CHOICES_TO "limit_choices_to" "limit_choices_to = |a| a.active.eq(true)";
        RELATED_NAME "related_name" "related_name = books";
        SYMMETRICAL "symmetrical" "symmetrical";
        THROUGH "through" "through = Membership";
        THROUGH_FIELDS "through_fields" "through_fields(band, person)";
        TO "to" "to = \"people.Author\"";
        DB_TABLE "db_table" "db_table = \"shop_book_tags\"";
        FROM_COLUMN "from_column" "from_column = \"book_id\"";
        TO_COLUMN "to_column" "to_column = \"tag_id\"";
        WAS "was" "was = \"old_name\"";
        CHECK_CHOICES "check_choices" "check_choices";
        BACKFILL "backfill" "backfill = 0";
        NARROW "narrow" "narrow";
        VERSION "version" "version";
        ERROR_MESSAGES "error_messages" "error_messages(required = \"Say a title.\", unique = \"This title is taken.\")";
        FLATTEN "flatten" "flatten";
        REQUIRED "required" "required";
        UPLOAD_TO "upload_to" "upload_to = \"covers/%Y\"";
        MAX_SIZE "max_size" "max_size = 5_000_000";
        EXTENSIONS "extensions" "extensions(\"pdf\", \"epub\")";
        WIDTH_FIELD "width_field" "width_field = cover_width";
        HEIGHT_FIELD "height_field" "height_field = cover_height";
    }
    /// Words of `#[admin(…)]`.
    admin "#[admin(…)]" "admin" {
        LIST_DISPLAY "list_display" "list_display(title, author.name, fn(path::to::function))";
        LIST_DISPLAY_LINKS "list_display_links" "list_display_links(title, author.name)";
        SORTABLE_BY "sortable_by" "sortable_by(title, price)";
        EMPTY_VALUE_DISPLAY "empty_value_display" "empty_value_display = \"unknown\"";
        LIST_FILTER "list_filter" "list_filter(status, author)";
        SEARCH_FIELDS "search_fields" "search_fields(title, author.name)";
        ORDERING "ordering" "ordering(-published, title)";
        DATE_HIERARCHY "date_hierarchy" "date_hierarchy = published";
        LIST_PER_PAGE "list_per_page" "list_per_page = 50";
        FIELDS "fields" "fields(title, author)";
        FIELDSETS "fieldsets" "fieldsets(\"Book\"(title, author), \"Sale\"(price))";
        READONLY_FIELDS "readonly_fields" "readonly_fields(created)";
        EXCLUDE "exclude" "exclude(created)";
        AUTOCOMPLETE_FIELDS "autocomplete_fields" "autocomplete_fields(author)";
        INLINES "inlines" "inlines(Review)";
        ACTIONS "actions" "actions(path::to::function)";
    }
    /// Words of a group of `fieldsets(…)`.
    fieldset "fieldsets(…)" "fieldsets" {
        DESCRIPTION "description" "description = \"What readers pay.\"";
        CLASSES "classes" "classes(collapse)";
    }
    /// Words of a model of `inlines(…)`.
    inline "inlines(…)" "inlines" {
        FIELDS "fields" "fields(reader, stars)";
        FK_NAME "fk_name" "fk_name = book";
        EXTRA "extra" "extra = 0";
        MIN_NUM "min_num" "min_num = 1";
        MAX_NUM "max_num" "max_num = 5";
        CAN_DELETE "can_delete" "can_delete = false";
        STACKED "stacked" "stacked";
    }
    /// Words of `#[choice(…)]`.
    choice "#[choice(…)]" "choice" {
        LABEL "label" "label = \"Out of print\"";
        VALUE "value" "value = \"out_of_print\"";
    }
    /// Words of `#[choices(…)]` on an enumeration.
    choices "#[choices(…)]" "choices" {
        CRATE "crate" "crate = path::to::nuages";
    }
    /// Words of `#[field(…)]` on a newtype.
    newtype "#[field(…)]" "field" {
        CRATE "crate" "crate = path::to::nuages";
    }
    /// Words of `#[fields(…)]` on a group of fields.
    fields "#[fields(…)]" "fields" {
        CRATE "crate" "crate = path::to::nuages";
    }
    /// Words of `#[row(…)]`.
    row "#[row(…)]" "row" {
        CRATE "crate" "crate = path::to::nuages";
    }
    /// Words of `#[view(…)]`.
    view "#[view(…)]" "view" {
        GET "get" "get";
        POST "post" "post";
        PUT "put" "put";
        PATCH "patch" "patch";
        DELETE "delete" "delete";
        NAME "name" "name = book_detail";
        LOGIN_REQUIRED "login_required" "login_required";
        PERMISSION "permission" "permission = \"shop.change_book\"";
        CSRF_EXEMPT "csrf_exempt" "csrf_exempt = \"why no form of ours sends this\"";
        CRATE "crate" "crate = path::to::nuages";
    }
    /// Words of `#[receiver(…)]`: the signals.
    receiver "#[receiver(…)]" "receiver" {
        PRE_SAVE "pre_save" "pre_save";
        POST_SAVE "post_save" "post_save";
        PRE_DELETE "pre_delete" "pre_delete";
        POST_DELETE "post_delete" "post_delete";
        M2M_CHANGED "m2m_changed" "m2m_changed";
        CRATE "crate" "crate = path::to::nuages";
    }
    /// Words of `#[command(…)]`.
    command "#[command(…)]" "command" {
        NAME "name" "name = \"import-books\"";
        ABOUT "about" "about = \"reads books from a file\"";
        CRATE "crate" "crate = path::to::nuages";
    }
    /// Words of `#[data_step(…)]`.
    data_step "#[data_step(…)]" "data_step" {
        APP "app" "app = \"shop\"";
        CRATE "crate" "crate = path::to::nuages_migrate";
    }
    /// Words of `#[form(…)]` on a struct.
    form "#[form(…)]" "form" {
        MODEL "model" "model = Book";
        CLEAN "clean" "clean = path::to::function";
        CRATE "crate" "crate = path::to::nuages";
    }
    /// Words of `#[form(…)]` on a field.
    form_field "#[form(…)]" "form" {
        LABEL "label" "label = \"Your name\"";
        HELP_TEXT "help_text" "help_text = \"As on your passport\"";
        REQUIRED "required" "required = false";
        DISABLED "disabled" "disabled";
        WIDGET "widget" "widget = textarea";
        INITIAL "initial" "initial = 1";
        MIN_LENGTH "min_length" "min_length = 8";
        MAX_LENGTH "max_length" "max_length = 200";
        MIN "min" "min = 1";
        MAX "max" "max = 10";
        STEP "step" "step = 5";
        MAX_DIGITS "max_digits" "max_digits = 8";
        DECIMAL_PLACES "decimal_places" "decimal_places = 2";
        AUTOCOMPLETE "autocomplete" "autocomplete = \"email\"";
        VALIDATORS "validators" "validators(path::to::function)";
    }
    /// Words of `app!(…)`.
    app "app!(…)" "app" {
        LABEL "label" "label = \"shop\"";
        ONLY "only" "only(postgres)";
        DROP "drop" "drop(OldModel)";
        MOVED "moved" "moved(other_app::Model)";
        CRATE "crate" "crate = path::to::nuages";
    }
}

/// The derives that the build looks for.
pub mod derive {
    /// `#[derive(Model)]`.
    pub const MODEL: &str = "Model";
    /// `#[derive(Choices)]`.
    pub const CHOICES: &str = "Choices";
    /// `#[derive(Form)]`.
    pub const FORM: &str = "Form";
    /// `#[derive(Row)]`.
    pub const ROW: &str = "Row";
    /// `#[derive(Field)]`.
    pub const FIELD: &str = "Field";
    /// `#[derive(Fields)]`.
    pub const FIELDS: &str = "Fields";
}

/// Words that are neither options nor names of the user's.
pub mod word {
    /// `backfill = sql("…")`.
    pub const SQL: &str = "sql";
    /// `dec!(12.50)`.
    pub const DEC: &str = "dec";
    /// `on_delete = Set(7)`.
    pub const SET: &str = "Set";
    /// `on_delete = SetWith(path::to::function)`.
    pub const SET_WITH: &str = "SetWith";
    /// `related_name = none`.
    pub const NONE: &str = "none";
    /// The field that is the key unless another says so.
    pub const ID: &str = "id";
    /// The rules whose sentence `error_messages` changes, as Django and our forms call them.
    pub const ERROR_CODES: [&str; 13] = [
        "required",
        "invalid",
        "max_length",
        "min_length",
        "max_value",
        "min_value",
        "max_digits",
        "decimal_places",
        "choice",
        "null_character",
        "unique",
        "missing",
        "refused",
    ];
    /// The functions that an index may be over, which the databases have under one name.
    pub const INDEX_FUNCTIONS: [&str; 4] = ["lower", "upper", "trim", "abs"];
    /// What a model has a permission for, unless it says otherwise.
    pub const ACTIONS: [&str; 4] = ["add", "change", "delete", "view"];
    /// `Option<T>`.
    pub const OPTION: &str = "Option";
    /// `ForeignKey<T>`.
    pub const FOREIGN_KEY: &str = "ForeignKey";
    /// `OneToOne<T>`.
    pub const ONE_TO_ONE: &str = "OneToOne";
    /// `ManyToMany<T>`.
    pub const MANY_TO_MANY: &str = "ManyToMany";
    /// The widgets of a form's field.
    pub const FORM_WIDGETS: [&str; 15] = [
        "text",
        "email",
        "url",
        "slug",
        "number",
        "password",
        "hidden",
        "textarea",
        "checkbox",
        "checkbox_multiple",
        "select",
        "select_multiple",
        "radio",
        "date",
        "datetime",
    ];
    /// The widgets that `widget = …` names.
    pub const WIDGETS: [&str; 5] = ["email", "url", "slug", "textarea", "password"];
}
