//! `dec!`, which hands the name of this crate to the macro behind it.

/// A decimal number, exact and const: `dec!(12.50)`.
///
/// ```
/// use nuages::prelude::*;
///
/// const PRICE: Decimal = dec!(12.50);
/// assert_eq!(PRICE.to_string(), "12.50");
/// assert_eq!(dec!(-1_000), Decimal::from(-1000));
/// ```
#[macro_export]
macro_rules! dec {
    ($($number:tt)*) => {
        $crate::__private::dec!($crate $($number)*)
    };
}
