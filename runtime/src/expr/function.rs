//! Functions of the databases, by name: the ones that come with the framework.

/// A function that the databases have, in whatever spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The first argument that is not NULL.
    Coalesce,
    /// Lower case.
    Lower,
    /// Upper case.
    Upper,
    /// The number of characters.
    Length,
    /// All arguments as one text; NULL counts as nothing.
    Concat,
    /// Without blanks at both ends.
    Trim,
    /// Without blanks at the start.
    TrimStart,
    /// Without blanks at the end.
    TrimEnd,
    /// So many characters from the start.
    Left,
    /// So many characters from the end.
    Right,
    /// So many characters from a position, counted from 1.
    Substr,
    /// A text in place of another.
    Replace,
    /// The position of a text, counted from 1; 0 where it is not.
    StrIndex,
    /// So many times the same.
    Repeat,
    /// Filled up at the start to a length.
    PadStart,
    /// Filled up at the end to a length.
    PadEnd,
    /// Backwards.
    Reverse,
    /// The MD5 digest in hexadecimal digits.
    Md5,
    /// The SHA-256 digest in hexadecimal digits.
    Sha256,
    /// Compared and ordered by a collation of the database.
    Collate(&'static str),
    /// The instant of the statement.
    Now,
    /// The absolute value.
    Abs,
    /// The next whole number.
    Ceil,
    /// The whole number before.
    Floor,
    /// Rounded to a number of decimal places.
    Round,
    /// -1, 0 or 1.
    Sign,
    /// To the power of a number.
    Power,
    /// The square root.
    Sqrt,
    /// e to the power of a number.
    Exp,
    /// The natural logarithm.
    Ln,
    /// Without what is behind the point.
    Truncate,
    /// A number from 0 to 1, another one in each row.
    Random,
    /// The greatest; NULL where any is.
    Greatest,
    /// The least; NULL where any is.
    Least,
    /// NULL where the two are equal.
    NullIf,
    /// The calendar date of an instant.
    Date,
    /// The time of day of an instant.
    Time,
    /// A part of a date or a time.
    Extract(DatePart),
    /// The first day, or moment, of a part.
    Truncated(DatePart),
    /// A JSON object of names and values in turn.
    JsonObject,
    /// A JSON list.
    JsonArray,
}

/// A part of a date or a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatePart {
    /// The year.
    Year,
    /// The year that the ISO week belongs to.
    IsoYear,
    /// 1 to 4.
    Quarter,
    /// 1 to 12.
    Month,
    /// The ISO week, 1 to 53; it begins on a Monday.
    Week,
    /// The day of the month.
    Day,
    /// 1 for Sunday to 7 for Saturday, as in Django.
    WeekDay,
    /// 1 for Monday to 7 for Sunday.
    IsoWeekDay,
    /// 0 to 23.
    Hour,
    /// 0 to 59.
    Minute,
    /// 0 to 59, without a fraction.
    Second,
}
