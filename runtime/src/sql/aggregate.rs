//! Aggregates and window functions as SQL.

use nuages_schema::{Backend, ColumnKind};

use super::Writer;
use super::kind::kind_of;
use super::walk::columns_of_aggregate;
use crate::error::{Error, ErrorKind, Result};
use crate::expr::{Aggregate, AggregateFunction, Exclusion, Expr, Frame, Ranking, WindowFunction, Windowed};
use crate::value::Value;

impl Writer {
    pub(super) fn aggregate(&mut self, aggregate: &Aggregate) -> Result<()> {
        let to_many =
            columns_of_aggregate(aggregate).into_iter().find_map(|column| self.first_to_many(column.hops));
        match to_many {
            // One subquery per aggregate: two of them over different relations do not multiply each other's rows.
            Some(hop) => super::select::related(self, hop, |w| w.plain_aggregate(aggregate, None), None),
            None => self.plain_aggregate(aggregate, None),
        }
    }

    fn plain_aggregate(&mut self, aggregate: &Aggregate, over: Option<&Windowed>) -> Result<()> {
        let kind = aggregate.argument.as_ref().map_or(ColumnKind::BigInt, kind_of);
        let result = match aggregate.function {
            AggregateFunction::Sum if kind.is_integer() => Some(ColumnKind::BigInt),
            AggregateFunction::Avg if kind != ColumnKind::Decimal => Some(ColumnKind::Double),
            AggregateFunction::StdDev
            | AggregateFunction::SampleStdDev
            | AggregateFunction::Variance
            | AggregateFunction::SampleVariance => Some(ColumnKind::Double),
            _ => None,
        };
        match result {
            Some(kind) => self.cast(|w| w.bare_aggregate(aggregate, over), kind),
            None => self.bare_aggregate(aggregate, over),
        }
    }

    fn bare_aggregate(&mut self, aggregate: &Aggregate, over: Option<&Windowed>) -> Result<()> {
        let name = self.aggregate_name(aggregate)?;
        self.push(name);
        if aggregate.distinct {
            self.push("DISTINCT ");
        }
        match (&aggregate.argument, &aggregate.filter) {
            (None, None) => self.push("*"),
            (Some(argument), None) => self.argument(argument, aggregate)?,
            // CASE works on all three; FILTER does not.
            (argument, Some(filter)) => {
                self.push("CASE WHEN ");
                self.condition(filter)?;
                self.push(" THEN ");
                match argument {
                    Some(argument) => self.argument(argument, aggregate)?,
                    None => self.push("1"),
                }
                self.push(" END");
            }
        }
        if aggregate.function == AggregateFunction::StringAgg {
            self.strung_together(aggregate)?;
        }
        self.push(")");
        over.map_or(Ok(()), |window| self.over(window))
    }

    /// Writes what an aggregate is of. Keys are counted by their first part, which is NULL where the row is not there.
    fn argument(&mut self, argument: &Expr, aggregate: &Aggregate) -> Result<()> {
        match argument {
            Expr::Column(column) if column.is_composite() => {
                if aggregate.distinct || aggregate.function != AggregateFunction::Count {
                    let text =
                        "keys of several columns are counted as they are; count or compare one of the parts";
                    return Err(Error::new(ErrorKind::NotSupported, text));
                }
                self.column(column.first())
            }
            other => self.expr(other),
        }
    }

    fn aggregate_name(&self, aggregate: &Aggregate) -> Result<&'static str> {
        let sqlite = self.backend == Backend::Sqlite;
        Ok(match aggregate.function {
            AggregateFunction::Count => "COUNT(",
            AggregateFunction::Sum => "SUM(",
            AggregateFunction::Avg => "AVG(",
            AggregateFunction::Min => "MIN(",
            AggregateFunction::Max => "MAX(",
            AggregateFunction::StringAgg if sqlite && aggregate.distinct => {
                return Err(self.lacks("`distinct` texts strung together with a separator"));
            }
            AggregateFunction::StringAgg if self.backend == Backend::Postgres => "STRING_AGG(",
            AggregateFunction::StringAgg => "GROUP_CONCAT(",
            _ if sqlite => return Err(self.lacks("a variance or a standard deviation")),
            AggregateFunction::StdDev => "STDDEV_POP(",
            AggregateFunction::SampleStdDev => "STDDEV_SAMP(",
            AggregateFunction::Variance => "VAR_POP(",
            AggregateFunction::SampleVariance => "VAR_SAMP(",
        })
    }

    /// Writes the separator and the order of `string_agg`.
    fn strung_together(&mut self, aggregate: &Aggregate) -> Result<()> {
        let separator = aggregate.separator.clone().unwrap_or_default();
        if self.backend != Backend::Mysql {
            self.push(", ");
            self.value(Value::Text(separator.clone()));
        }
        let mut word = " ORDER BY ";
        for term in &aggregate.order {
            self.push(word);
            super::order::order_term(self, term, false, None)?;
            word = ", ";
        }
        if self.backend == Backend::Mysql {
            // It takes no placeholder here; digits need no quoting.
            let digits: String = separator.bytes().map(|byte| format!("{byte:02x}")).collect();
            self.push(&if digits.is_empty() {
                " SEPARATOR ''".to_owned()
            } else {
                format!(" SEPARATOR 0x{digits}")
            });
        }
        Ok(())
    }

    /// Writes a window function.
    pub(super) fn windowed(&mut self, window: &Windowed) -> Result<()> {
        match &window.function {
            WindowFunction::Aggregate(aggregate) => {
                if aggregate.distinct || aggregate.function == AggregateFunction::StringAgg {
                    return Err(Error::new(
                        ErrorKind::NotSupported,
                        "through a window there is no `distinct` and no `string_agg`",
                    ));
                }
                self.plain_aggregate(aggregate, Some(window))
            }
            WindowFunction::Ranking(ranking, arguments) => {
                self.push(ranking_name(*ranking));
                for (at, argument) in arguments.iter().enumerate() {
                    self.push(if at > 0 { ", " } else { "" });
                    match argument {
                        // The numbers of rows are literals: MariaDB takes no placeholder for them.
                        Expr::Value(Value::Int(number)) => self.push(&number.to_string()),
                        argument => self.expr(argument)?,
                    }
                }
                self.push(")");
                self.over(window)
            }
        }
    }

    fn over(&mut self, window: &Windowed) -> Result<()> {
        self.push(" OVER (");
        let mut word = "PARTITION BY ";
        for part in &window.partition {
            self.push(word);
            self.expr(part)?;
            word = ", ";
        }
        word = if window.partition.is_empty() { "ORDER BY " } else { " ORDER BY " };
        for term in &window.order {
            self.push(word);
            super::order::order_term(self, term, false, None)?;
            word = ", ";
        }
        if let Some(frame) = &window.frame {
            self.frame(frame)?;
        }
        self.push(")");
        Ok(())
    }

    fn frame(&mut self, frame: &Frame) -> Result<()> {
        let edge = |at: Option<i64>, open: &str| match at {
            None => format!("UNBOUNDED {open}"),
            Some(0) => "CURRENT ROW".to_owned(),
            Some(at) if at < 0 => format!("{} PRECEDING", at.unsigned_abs()),
            Some(at) => format!("{at} FOLLOWING"),
        };
        let unit = if frame.by_value { "RANGE" } else { "ROWS" };
        let (from, to) = (edge(frame.from, "PRECEDING"), edge(frame.to, "FOLLOWING"));
        self.push(&format!(" {unit} BETWEEN {from} AND {to}"));
        match frame.exclude {
            None => {}
            Some(_) if self.backend == Backend::Mysql => {
                return Err(self.lacks("rows left out of a window's frame"));
            }
            Some(Exclusion::CurrentRow) => self.push(" EXCLUDE CURRENT ROW"),
            Some(Exclusion::Group) => self.push(" EXCLUDE GROUP"),
            Some(Exclusion::Ties) => self.push(" EXCLUDE TIES"),
        }
        Ok(())
    }
}

const fn ranking_name(ranking: Ranking) -> &'static str {
    match ranking {
        Ranking::Rank => "RANK(",
        Ranking::DenseRank => "DENSE_RANK(",
        Ranking::RowNumber => "ROW_NUMBER(",
        Ranking::PercentRank => "PERCENT_RANK(",
        Ranking::CumeDist => "CUME_DIST(",
        Ranking::Ntile => "NTILE(",
        Ranking::Lag => "LAG(",
        Ranking::Lead => "LEAD(",
        Ranking::FirstValue => "FIRST_VALUE(",
        Ranking::LastValue => "LAST_VALUE(",
        Ranking::NthValue => "NTH_VALUE(",
    }
}
