//! Forms without a database.

use super::*;
use crate::value::{ColumnKind, Date, DateTime, Decimal, Duration, Json, Time, Uuid, Value};

/// What hostile people type.
const HOSTILE: [&str; 5] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'; DROP TABLE book; --",
    "{{ 7 * 7 }} </textarea> &amp;",
    "\u{202e}\u{0}\r\n",
];

struct Review {
    reader: String,
    stars: i16,
    price: Option<Decimal>,
}

impl FormFields for Review {
    fn fields() -> Vec<FormField> {
        vec![
            FormField::of::<String>("reader").max_length(20).help_text("As on the cover."),
            FormField::of::<i16>("stars").min(1).max(5),
            FormField::of::<Option<Decimal>>("price").digits(5, 2),
        ]
    }

    fn from_values(values: &FormValues<'_>) -> Option<Self> {
        Some(Self { reader: values.get("reader")?, stars: values.get("stars")?, price: values.get("price")? })
    }

    fn clean(&mut self, form: &mut FormState) {
        if self.stars == 1 && self.price.is_none() {
            form.add_error("price", "Say what you paid for it.");
        }
        if self.reader == "Nobody" {
            form.add_error("", "Nobody reads here.");
        }
    }
}

fn send(pairs: &[(&str, &str)]) -> Form<Review> {
    Review::bind(&pairs.iter().copied().collect())
}

#[test]
fn what_is_valid_becomes_the_struct() {
    let form = send(&[("reader", "  Ada "), ("stars", "4"), ("price", "")]);
    assert!(form.is_valid());
    let data = form.into_data().unwrap();
    assert_eq!((data.reader.as_str(), data.stars, data.price), ("Ada", 4, None));
}

#[test]
fn every_field_says_what_is_wrong_with_it() {
    let form = send(&[("reader", &"x".repeat(21)), ("stars", "6"), ("price", "1000.001")]);
    assert_eq!(form.errors_of("reader"), ["Write at most 20 characters (this has 21)."]);
    assert_eq!(form.errors_of("stars"), ["Enter a number of at most 5."]);
    assert_eq!(
        form.errors_of("price"),
        ["Write at most 2 digits after the point.", "Write at most 3 digits before the point."]
    );
    assert!(!form.is_valid() && form.cleaned_data().is_none());
    let missing = send(&[]);
    assert_eq!(missing.errors_of("reader"), ["Fill in this field."]);
    assert!(missing.errors_of("price").is_empty());
}

#[test]
fn fields_are_looked_at_together_once_each_is_valid() {
    let form = send(&[("reader", "Nobody"), ("stars", "1")]);
    assert_eq!(form.errors_of("price"), ["Say what you paid for it."]);
    assert_eq!(form.non_field_errors(), ["Nobody reads here."]);
    assert!(form.cleaned_data().is_none());
    assert!(send(&[("reader", "Nobody"), ("stars", "9")]).non_field_errors().is_empty());
}

#[test]
fn a_form_that_was_not_sent_has_no_errors_and_no_data() {
    let form = Review::new().initial("reader", "Ada".to_owned());
    assert!(!form.is_bound() && !form.is_valid() && !form.has_errors() && form.cleaned_data().is_none());
    let html = form.render(None).to_string();
    assert!(
        html.contains("value=\"Ada\"") && !html.contains("aria-invalid") && !html.contains("role=\"alert\"")
    );
}

#[test]
fn what_was_typed_is_kept_and_escaped() {
    for text in HOSTILE {
        let form = send(&[("reader", text), ("stars", text), ("price", text)]);
        let html = form.render(Some("token")).to_string();
        assert!(
            !html.contains("<script") && !html.contains("<img") && !html.contains("</textarea"),
            "{html}"
        );
        assert!(!html.contains("value=\"\">"), "{html}");
        if !text.contains('\0') {
            let escaped = text.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;");
            let escaped = escaped.replace('"', "&#34;").replace('\'', "&#39;");
            assert_eq!(html.matches(escaped.as_str()).count(), 3, "{html}");
        }
    }
}

#[test]
fn hostile_text_is_escaped_wherever_it_may_stand() {
    let text = "\"><b>'&";
    let kinds =
        ["text", "textarea", "select", "radio", "checkbox_multiple", "hidden", "email", "url", "password"];
    for widget in kinds {
        let mut field = FormField::new(text, ColumnKind::Text).label(text).help_text(text).widget(widget);
        field.choices = Some(vec![Choice::new(text, text)]);
        field.autocomplete = text.into();
        field.validators.push(std::sync::Arc::new(|_| Some(FormError::custom("\"><b>'&"))));
        let mut form = FormState::new([field]).prefix(text);
        form.bind(&FormData::from_iter([(format!("{text}-{text}"), text)]));
        form.add_error("", text);
        let html = form.render(Some(text)).to_string();
        assert!(!html.contains("<b>") && !html.contains("'"), "{widget}: {html}");
    }
}

#[test]
fn a_wrong_field_is_told_to_everybody() {
    let html = send(&[("stars", "0")]).render(Some("t0k")).to_string();
    for part in [
        "<input type=\"hidden\" name=\"csrf_token\" value=\"t0k\">",
        "role=\"alert\"",
        "<a href=\"#id_stars\">Stars: Enter a number of at least 1.</a>",
        "<label for=\"id_stars\">Stars",
        "aria-describedby=\"id_stars_error\" aria-invalid=\"true\"",
        "<ul class=\"errors\" id=\"id_stars_error\">",
        "aria-describedby=\"id_reader_error id_reader_help\"",
        "id=\"id_reader_help\">As on the cover.",
        "min=\"1\" max=\"5\"",
        "step=\"0.01\"",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(html.contains("2 things need your attention"));
}

#[test]
fn a_field_that_is_not_there_fails_the_page() {
    use std::fmt::Write;
    let mut out = String::new();
    assert!(write!(out, "{}", Review::new().field("tittle")).is_err());
    assert!(write!(out, "{}", Review::new().field("reader")).is_ok());
}

/// What a field of a kind makes of a text.
fn value(kind: ColumnKind, text: &str) -> Option<Value> {
    let mut form = FormState::new([FormField::new("f", kind)]).zone(Zone::from_minutes(120));
    form.bind(&FormData::from_iter([("f", text)]));
    form.value("f").cloned()
}

#[test]
fn each_kind_takes_its_own_texts_only() {
    let date = Date::from_ymd_opt(2026, 2, 28).unwrap();
    let noon = Time::from_hms_opt(12, 30, 0).unwrap();
    let at: DateTime = "2026-02-28T10:30:00Z".parse().unwrap();
    let good = [
        (ColumnKind::SmallInt, "-7", Value::Int(-7)),
        (ColumnKind::BigInt, "9223372036854775807", Value::Int(i64::MAX)),
        (ColumnKind::Double, "1e3", Value::Float(1000.0)),
        (ColumnKind::Decimal, "-1.50", Value::Decimal("-1.50".parse().unwrap())),
        (ColumnKind::Bool, "on", Value::Bool(true)),
        (ColumnKind::Date, "2026-02-28", Value::Date(date)),
        (ColumnKind::Time, "12:30", Value::Time(noon)),
        (ColumnKind::DateTime, "2026-02-28T12:30", Value::DateTime(at)),
        (ColumnKind::DateTime, "2026-02-28 12:30:00", Value::DateTime(at)),
        (ColumnKind::DateTime, "2026-02-28T10:30:00Z", Value::DateTime(at)),
        (ColumnKind::Duration, "1 02:03:04.5", Value::Duration(Duration::milliseconds(93_784_500))),
        (ColumnKind::Duration, "-90", Value::Duration(Duration::seconds(-90))),
        (ColumnKind::Uuid, "00000000-0000-0000-0000-000000000005", Value::Uuid(Uuid::from_u128(5))),
        (ColumnKind::Json, "{\"a\": [1]}", Value::Json(serde_json::json!({"a": [1]}))),
        (ColumnKind::Json, "null", Value::Json(Json::Null)),
    ];
    for (kind, text, wanted) in good {
        assert_eq!(value(kind, text), Some(wanted), "{kind:?} {text}");
    }
    let long = "9".repeat(100_000);
    let deep = "[".repeat(100_000);
    let bad = [
        (ColumnKind::SmallInt, "32768"),
        (ColumnKind::Integer, "1.0"),
        (ColumnKind::BigInt, &*long),
        (ColumnKind::Double, "nan"),
        (ColumnKind::Double, "inf"),
        (ColumnKind::Double, "1e999"),
        (ColumnKind::Decimal, "1e5"),
        (ColumnKind::Decimal, "1,5"),
        (ColumnKind::Decimal, &*long),
        (ColumnKind::Decimal, "."),
        (ColumnKind::Bool, "maybe"),
        (ColumnKind::Date, "2026-02-30"),
        (ColumnKind::Date, "26-2-3"),
        (ColumnKind::Date, "+2026-1-01"),
        (ColumnKind::Time, "25:00"),
        (ColumnKind::Time, "23:59:60"),
        (ColumnKind::DateTime, "2026-02-28"),
        (ColumnKind::Duration, "1:2:3:4"),
        (ColumnKind::Duration, "9223372036854775807 0:0:0"),
        (ColumnKind::Uuid, "5"),
        (ColumnKind::Json, "{"),
        (ColumnKind::Json, &*deep),
        (ColumnKind::Text, "a\0b"),
        (ColumnKind::Binary, "x"),
    ];
    for (kind, text) in bad {
        assert_eq!(value(kind, text), None, "{kind:?} {text:.20}");
    }
}

#[test]
fn what_is_shown_parses_back() {
    let values = [
        Value::Int(-5),
        Value::Float(0.1),
        Value::Decimal("0.10".parse().unwrap()),
        Value::Bool(true),
        Value::Text("a".to_owned()),
        Value::Date(Date::from_ymd_opt(1999, 1, 2).unwrap()),
        Value::Time(Time::from_hms_micro_opt(1, 2, 3, 4).unwrap()),
        Value::DateTime(DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap()),
        Value::Duration(Duration::microseconds(-86_400_000_001)),
        Value::Uuid(Uuid::from_u128(7)),
        Value::Json(serde_json::json!([1, "two", null])),
    ];
    for wanted in values {
        assert_eq!(value(wanted.kind(), &show::show(&wanted, Zone::from_minutes(120))), Some(wanted));
    }
}

#[test]
fn changes_are_seen() {
    let start = || {
        FormState::new([
            FormField::new("n", ColumnKind::Decimal).required(false),
            FormField::new("t", ColumnKind::Text).required(false),
            FormField::new("b", ColumnKind::Bool),
        ])
        .initial("n", Value::Decimal("1.50".parse().unwrap()))
        .initial("b", Value::Bool(true))
    };
    let changed = |pairs: &[(&str, &str)]| {
        let mut form = start();
        form.bind(&pairs.iter().copied().collect());
        form.changed_data().map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(changed(&[("n", "1.50"), ("b", "on")]).is_empty());
    assert!(changed(&[("n", " 1.5 "), ("b", "true"), ("t", " ")]).is_empty());
    assert_eq!(changed(&[("n", "x"), ("t", "new")]), ["n", "t", "b"]);
}

#[test]
fn a_value_that_was_not_touched_stays_as_it_was() {
    let at = DateTime::from_timestamp_nanos(1_700_000_000_123_456_789);
    let mut form =
        FormState::new([FormField::new("at", ColumnKind::DateTime)]).initial("at", Value::DateTime(at));
    let shown = form.bound_field("at").unwrap().text();
    form.bind(&FormData::from_iter([("at", shown)]));
    assert_eq!(form.value("at"), Some(&Value::DateTime(at)));
    assert!(!form.has_changed());
}

#[test]
fn choices_are_closed() {
    let field = FormField::new("c", ColumnKind::Text).choices([Choice::new("a", "A"), Choice::new("b", "B")]);
    let mut form = FormState::new([field.clone()]);
    form.bind(&FormData::from_iter([("c", "z")]));
    assert_eq!(form.errors_of("c"), ["Choose one of the values that are offered."]);
    let mut many = FormState::new([FormField { many: true, ..field }]);
    many.bind(&FormData::from_iter([("c", "a"), ("c", "b"), ("c", "a")]));
    assert_eq!(Many::<String>::from_form(&many, "c"), Some(Many(vec!["a".to_owned(), "b".to_owned()])));
    many.fields[0].value = None;
    assert!(many.render(None).to_string().contains("<option value=\"b\" selected>B</option>"));
}

#[test]
fn a_type_refuses_what_its_column_would_take() {
    let mut form = FormState::new([FormField::of::<u8>("n")]);
    form.bind(&FormData::from_iter([("n", "300")]));
    assert_eq!(form.errors_of("n"), ["This value is not allowed here."]);
}

#[test]
fn own_sentences_and_own_rules() {
    let rule = |text: &String| if text == "no" { Err("Say yes.") } else { Ok(()) };
    let field = FormField::of::<String>("f").message(ErrorCode::Required, "Well?").validator(rule);
    let mut form = FormState::new([field.clone()]);
    form.bind(&FormData::new());
    assert_eq!(form.errors_of("f"), ["Well?"]);
    let mut form = FormState::new([field.widget("email")]);
    form.bind(&FormData::from_iter([("f", "no")]));
    assert_eq!(form.errors_of("f"), ["Enter a valid e-mail address."]);
}

#[test]
fn disabled_fields_do_not_listen_and_passwords_do_not_talk() {
    let fields = [
        FormField::of::<String>("d").initial("kept".to_owned()).disabled(),
        FormField::of::<String>("p").widget("password"),
    ];
    let mut form = FormState::new(fields);
    form.bind(&FormData::from_iter([("d", "changed"), ("p", " secret ")]));
    assert_eq!(form.value("d"), Some(&Value::Text("kept".to_owned())));
    assert_eq!(form.value("p"), Some(&Value::Text(" secret ".to_owned())));
    assert!(!form.render(None).to_string().contains("secret"));
}

#[test]
fn bodies_are_limited_and_broken_ones_do_no_harm() {
    let body = |count: usize| "a=1&".repeat(count).into_bytes();
    assert!(FormData::from_urlencoded(&body(MAX_FIELDS)).is_ok());
    let error = FormData::from_urlencoded(&body(MAX_FIELDS + 1)).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::BadRequest);
    for broken in [&b"%"[..], b"%zz=%", b"&&&=", b"\xff\xfe=\x80", b"a=%ff", b"reader"] {
        let data = FormData::from_urlencoded(broken).unwrap();
        assert!(!Review::bind(&data).is_valid());
    }
}

#[test]
fn names_of_files_have_no_folder() {
    let mut data = FormData::new();
    let file = |name: &str| UploadedFile {
        name: name.to_owned(),
        content_type: String::new(),
        content: bytes::Bytes::from_static(b"x"),
    };
    data.push_file("f", file("../../etc/pass\nwd")).unwrap();
    data.push_file("g", file("C:\\x\\y.txt")).unwrap();
    data.push_file("h", file("")).unwrap();
    assert_eq!(data.file("f").unwrap().name, "passwd");
    assert_eq!(data.file("g").unwrap().name, "y.txt");
    assert!(data.file("h").is_none());
    let mut form = FormState::new([FormField::of::<UploadedFile>("g"), FormField::of::<UploadedFile>("h")]);
    form.bind(&data);
    assert!(form.is_multipart() && form.file("g").is_some());
    assert_eq!(form.errors_of("h"), ["Fill in this field."]);
}

mod formsets {
    use super::*;

    fn set(options: FormSetOptions) -> FormSet {
        let make = || FormState::new([FormField::of::<String>("name"), FormField::of::<Option<i32>>("age")]);
        let there = make().initial("name", Value::Text("Ada".to_owned()));
        FormSet::new("p", options, make).with_initial(vec![there])
    }

    fn bound(options: FormSetOptions, pairs: &[(&str, &str)]) -> FormSet {
        let mut set = set(options);
        set.bind(&pairs.iter().copied().collect());
        set
    }

    const TWO: [(&str, &str); 2] = [("p-TOTAL_FORMS", "3"), ("p-INITIAL_FORMS", "1")];

    #[test]
    fn empty_forms_do_not_count_and_half_filled_ones_do() {
        let mut sent = TWO.to_vec();
        sent.extend([("p-0-name", "Ada"), ("p-1-name", ""), ("p-2-name", ""), ("p-2-age", "7")]);
        let set = bound(FormSetOptions::default(), &sent);
        assert!(!set.is_valid());
        assert!(set.forms()[1].form.errors_of("name").is_empty());
        assert_eq!(set.forms()[2].form.errors_of("name"), ["Fill in this field."]);
        sent.push(("p-2-name", "Ben"));
        let set = bound(FormSetOptions::default(), &sent);
        assert!(set.is_valid() && set.has_changed());
        assert_eq!(set.filled().count(), 2);
    }

    #[test]
    fn rows_are_deleted_and_ordered() {
        let mut sent = TWO.to_vec();
        sent.extend([("p-0-name", ""), ("p-0-DELETE", "on"), ("p-1-name", "Ben"), ("p-1-ORDER", "9")]);
        sent.extend([("p-2-name", "Cy"), ("p-2-ORDER", "2")]);
        let options = FormSetOptions { can_delete: true, can_order: true, ..FormSetOptions::default() };
        let set = bound(options, &sent);
        assert!(set.is_valid(), "{set:?}");
        assert_eq!(set.deleted().count(), 1);
        let names: Vec<_> =
            set.ordered().iter().map(|form| String::from_form(form, "name").unwrap()).collect();
        assert_eq!(names, ["Cy", "Ben"]);
    }

    #[test]
    fn numbers_that_were_tampered_with_are_refused() {
        for numbers in [
            &[][..],
            &[("p-TOTAL_FORMS", "1")],
            &[("p-TOTAL_FORMS", "x"), ("p-INITIAL_FORMS", "1")],
            &[("p-TOTAL_FORMS", "-1"), ("p-INITIAL_FORMS", "1")],
            &[("p-TOTAL_FORMS", "1"), ("p-INITIAL_FORMS", "0")],
            &[("p-TOTAL_FORMS", "99999999999"), ("p-INITIAL_FORMS", "1")],
        ] {
            let set = bound(FormSetOptions::default(), &[numbers, &[("p-0-name", "Ada")]].concat());
            assert!(!set.is_valid() && set.forms().len() <= MAX_FIELDS, "{numbers:?}");
        }
    }

    #[test]
    fn least_and_most() {
        let mut sent = TWO.to_vec();
        sent.extend([("p-0-name", "Ada"), ("p-1-name", "Ben")]);
        let few = FormSetOptions { max: 1, ..FormSetOptions::default() };
        assert_eq!(bound(few, &sent).errors(), ["Fill in at most 1 form."]);
        let many = FormSetOptions { min: 3, ..FormSetOptions::default() };
        assert_eq!(bound(many, &sent).errors(), ["Fill in at least 3 forms."]);
        assert_eq!(set(many).forms().len(), 4);
        assert_eq!(set(few).forms().len(), 1);
    }

    #[test]
    fn it_is_shown_with_its_numbers_and_an_empty_form_for_scripts() {
        let options = FormSetOptions { can_delete: true, extra: 2, ..FormSetOptions::default() };
        let html = set(options).to_string();
        for part in [
            "name=\"p-TOTAL_FORMS\" id=\"id_p-TOTAL_FORMS\" value=\"3\"",
            "name=\"p-0-DELETE\"",
            "id=\"id_p-2-name\"",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(set(options).empty_form().render(None).to_string().contains("name=\"p-__prefix__-name\""));
    }
}
