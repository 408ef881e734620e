//! Lists cut into pages.

use std::ops::RangeInclusive;

use crate::backend::Db;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::query::{QuerySet, Shape};

/// How a number of things is cut into pages.
///
/// ```
/// use nuages::views::Paginator;
///
/// let paginator = Paginator::new(25, 10).orphans(2);
/// assert_eq!(paginator.num_pages(), 3);
/// let last = paginator.page(3)?;
/// assert_eq!((last.start_index(), last.end_index(), last.has_next()), (21, 25, false));
/// assert!(paginator.page(4).is_err());
/// # nuages::Result::<()>::Ok(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paginator {
    count: u64,
    per_page: u64,
    orphans: u64,
    allow_empty_first_page: bool,
}

impl Paginator {
    /// So many things, so many of them on a page; at least one.
    #[must_use]
    pub const fn new(count: u64, per_page: u64) -> Self {
        let per_page = if per_page == 0 { 1 } else { per_page };
        Self { count, per_page, orphans: 0, allow_empty_first_page: true }
    }

    /// A last page with at most so many things joins the page before it.
    #[must_use]
    pub const fn orphans(mut self, orphans: u64) -> Self {
        self.orphans = orphans;
        self
    }

    /// Whether there is a first page when there is nothing.
    #[must_use]
    pub const fn allow_empty_first_page(mut self, allow: bool) -> Self {
        self.allow_empty_first_page = allow;
        self
    }

    /// How many things there are.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// How many things a page has.
    #[must_use]
    pub const fn per_page(&self) -> u64 {
        self.per_page
    }

    /// How many pages there are.
    #[must_use]
    pub const fn num_pages(&self) -> u64 {
        if self.count == 0 {
            return self.allow_empty_first_page as u64;
        }
        let hits = self.count.saturating_sub(self.orphans);
        if hits == 0 { 1 } else { hits.div_ceil(self.per_page) }
    }

    /// The numbers of the pages.
    #[must_use]
    pub const fn page_range(&self) -> RangeInclusive<u64> {
        1..=self.num_pages()
    }

    /// A page by its number.
    ///
    /// # Errors
    /// `NotFound` if there is none.
    pub fn page(&self, number: u64) -> Result<PagePosition> {
        if self.page_range().contains(&number) {
            return Ok(PagePosition { paginator: *self, number });
        }
        Err(Error::new(ErrorKind::NotFound, "there is no page of this number"))
    }

    /// A page by the text of an address: a number, or `last`.
    ///
    /// # Errors
    /// `NotFound` if there is none.
    pub fn page_of(&self, text: &str) -> Result<PagePosition> {
        let number = if text == "last" { Some(self.num_pages()) } else { text.parse().ok() };
        self.page(number.unwrap_or(0))
    }

    /// A page whatever is asked for: the first for what is no number, the last for one that is too large.
    #[must_use]
    pub fn get_page(&self, text: &str) -> PagePosition {
        let number = match text.parse::<u64>() {
            Ok(0) => self.num_pages(),
            Ok(number) => number.min(self.num_pages()),
            Err(_) => 1,
        };
        PagePosition { paginator: *self, number: number.max(1) }
    }

    /// The numbers around a page and at both ends; `None` stands for those left out.
    #[must_use]
    pub fn elided_page_range(&self, number: u64, on_each_side: u64, on_ends: u64) -> Vec<Option<u64>> {
        let pages = self.num_pages();
        let near = number.saturating_sub(on_each_side)..=number.saturating_add(on_each_side);
        let mut range = Vec::new();
        let ends = (1..=on_ends.min(pages))
            .chain(near)
            .chain(pages.saturating_sub(on_ends).saturating_add(1)..=pages);
        let mut last = 0;
        for page in ends.filter(|page| (1..=pages).contains(page)) {
            if page <= last {
                continue;
            }
            match page - last {
                1 => {}
                // One page needs no more room than the dots.
                2 => range.push(Some(page - 1)),
                _ => range.push(None),
            }
            range.push(Some(page));
            last = page;
        }
        range
    }

    /// The things on a page.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn load<M: Model, S: Shape>(
        &self,
        db: &Db,
        query: QuerySet<M, S>,
        position: PagePosition,
    ) -> Result<PageObject<S::Item>> {
        let start = position.offset();
        let objects = in_some_order(query).slice(start..start + position.len()).all(db).await?;
        Ok(PageObject { objects, position })
    }
}

/// Pages of a query without an order would overlap.
fn in_some_order<M: Model, S>(query: QuerySet<M, S>) -> QuerySet<M, S> {
    let mut select = query.into_select();
    let own = select.order.as_ref().map_or(!select.model.ordering.is_empty(), |terms| !terms.is_empty());
    if !own && !select.grouped {
        select.order = Some(select.key_order());
    }
    QuerySet::from_select(select)
}

/// Where a page stands among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PagePosition {
    paginator: Paginator,
    number: u64,
}

impl PagePosition {
    /// Its number, from 1.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// How everything is cut into pages.
    #[must_use]
    pub const fn paginator(&self) -> &Paginator {
        &self.paginator
    }

    /// Whether there is a page after it.
    #[must_use]
    pub const fn has_next(&self) -> bool {
        self.number < self.paginator.num_pages()
    }

    /// Whether there is a page before it.
    #[must_use]
    pub const fn has_previous(&self) -> bool {
        self.number > 1
    }

    /// Whether there is another page.
    #[must_use]
    pub const fn has_other_pages(&self) -> bool {
        self.has_next() || self.has_previous()
    }

    /// The number of the page after it.
    #[must_use]
    pub fn next_page_number(&self) -> Option<u64> {
        self.has_next().then_some(self.number + 1)
    }

    /// The number of the page before it.
    #[must_use]
    pub fn previous_page_number(&self) -> Option<u64> {
        self.has_previous().then(|| self.number - 1)
    }

    /// The number of its first thing among all, from 1; 0 if there is none.
    #[must_use]
    pub const fn start_index(&self) -> u64 {
        if self.paginator.count == 0 { 0 } else { self.offset() + 1 }
    }

    /// The number of its last thing among all.
    #[must_use]
    pub const fn end_index(&self) -> u64 {
        if self.has_next() { self.number * self.paginator.per_page } else { self.paginator.count }
    }

    const fn offset(&self) -> u64 {
        (self.number - 1).saturating_mul(self.paginator.per_page)
    }

    /// How many things it has.
    const fn len(&self) -> u64 {
        self.end_index().saturating_sub(self.offset())
    }
}

/// A page with the things on it. It dereferences to its [`PagePosition`].
#[derive(Clone, Debug)]
pub struct PageObject<T> {
    objects: Vec<T>,
    position: PagePosition,
}

impl<T> PageObject<T> {
    /// The things on it.
    #[must_use]
    pub fn objects(&self) -> &[T] {
        &self.objects
    }
}

impl<T> std::ops::Deref for PageObject<T> {
    type Target = PagePosition;

    fn deref(&self) -> &PagePosition {
        &self.position
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thing_is_on_exactly_one_page() {
        for count in 0..40 {
            for (per_page, orphans) in [(1, 0), (3, 0), (10, 0), (10, 3), (3, 2), (5, 9)] {
                let paginator = Paginator::new(count, per_page).orphans(orphans);
                let mut next = 1;
                for number in paginator.page_range() {
                    let page = paginator.page(number).unwrap();
                    if count > 0 {
                        assert_eq!(page.start_index(), next, "{count} {per_page} {orphans}");
                        assert!(page.len() > 0 && page.len() <= per_page + orphans);
                    }
                    next = page.end_index() + 1;
                }
                assert_eq!(next, count + 1);
            }
        }
    }

    #[test]
    fn what_is_asked_for_is_found_or_not() {
        let paginator = Paginator::new(21, 10);
        assert!(
            ["0", "4", "x", "-1", "", "99999999999999999999"]
                .iter()
                .all(|text| paginator.page_of(text).is_err())
        );
        assert_eq!(paginator.page_of("last").unwrap().number(), 3);
        let asked = ["x", "0", "2", "99"].map(|text| paginator.get_page(text).number());
        assert_eq!(asked, [1, 3, 2, 3]);
        assert!(Paginator::new(0, 10).page(1).is_ok());
        assert!(Paginator::new(0, 10).allow_empty_first_page(false).page(1).is_err());
        assert_eq!(Paginator::new(5, 0).num_pages(), 5);
    }

    #[test]
    fn ranges_leave_out_the_middle() {
        let range = |number| Paginator::new(500, 10).elided_page_range(number, 2, 1);
        let some = |numbers: &[u64]| numbers.iter().map(|n| (*n > 0).then_some(*n)).collect::<Vec<_>>();
        assert_eq!(range(1), some(&[1, 2, 3, 0, 50]));
        assert_eq!(range(5), some(&[1, 2, 3, 4, 5, 6, 7, 0, 50]));
        assert_eq!(range(25), some(&[1, 0, 23, 24, 25, 26, 27, 0, 50]));
        assert_eq!(range(50), some(&[1, 0, 48, 49, 50]));
    }
}
