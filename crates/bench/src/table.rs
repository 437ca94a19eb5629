//! Numbers for people: aligned tables, percentiles, thousands.

/// A table that prints itself, first column left, the others right.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new<const N: usize>(head: [&str; N]) -> Self {
        Self { rows: vec![head.iter().map(|cell| (*cell).to_owned()).collect()] }
    }

    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.rows.push(cells.into());
    }

    pub fn print(&self) {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for (number, row) in self.rows.iter().enumerate() {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(column, (cell, width))| padded(cell, *width, column == 0))
                .collect();
            println!("| {} |", cells.join(" | "));
            if number == 0 {
                let line: Vec<String> = widths
                    .iter()
                    .enumerate()
                    .map(|(column, width)| {
                        if column == 0 {
                            "-".repeat(*width)
                        } else {
                            format!("{}:", "-".repeat(width.saturating_sub(1)))
                        }
                    })
                    .collect();
                println!("| {} |", line.join(" | "));
            }
        }
        println!();
    }
}

fn padded(cell: &str, width: usize, left: bool) -> String {
    let space = " ".repeat(width.saturating_sub(cell.chars().count()));
    if left { format!("{cell}{space}") } else { format!("{space}{cell}") }
}

/// Durations in microseconds, of which percentiles are wanted.
#[derive(Debug, Clone, Default)]
pub struct Times {
    sorted: Vec<u32>,
}

impl Times {
    pub fn of(mut microseconds: Vec<u32>) -> Self {
        microseconds.sort_unstable();
        Self { sorted: microseconds }
    }

    pub fn add(&mut self, others: Self) {
        self.sorted.extend(others.sorted);
        self.sorted.sort_unstable();
    }

    /// The time that this share of all does not exceed, in milliseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        if self.sorted.is_empty() {
            return 0.0;
        }
        let at = (share * self.sorted.len() as f64).ceil() as usize;
        f64::from(self.sorted[at.clamp(1, self.sorted.len()) - 1]) / 1000.0
    }

    pub fn max(&self) -> f64 {
        self.percentile(1.0)
    }
}

/// `12,345`
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

pub fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1_048_576.0)
}

/// A share of two numbers; 0 when there is nothing to share.
pub fn per(total: u64, count: u64) -> f64 {
    if count == 0 { 0.0 } else { total as f64 / count as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let times = Times::of((1..=1000).rev().map(|n| n * 1000).collect());
        assert_eq!((times.percentile(0.5), times.percentile(0.99), times.max()), (500.0, 990.0, 1000.0));
        assert_eq!(Times::default().max(), 0.0);
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([7, 999, 1000, 1_234_567].map(thousands), ["7", "999", "1,000", "1,234,567"]);
    }
}
