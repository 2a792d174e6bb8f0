//! The table at the end.

pub struct Row {
    pub name: &'static str,
    pub outcome: Outcome,
    /// What is counted on each side, and how.
    pub note: String,
}

pub enum Outcome {
    Measured {
        ours: String,
        reference: String,
        /// One a round.
        ratios: Vec<f64>,
        /// None for a figure that has none.
        target: Option<f64>,
    },
    Skipped(String),
}

impl Row {
    /// Times in nanoseconds, one pair a round.
    pub fn of_times(
        name: &'static str,
        rounds: &[(f64, f64)],
        target: Option<f64>,
        note: impl Into<String>,
    ) -> Row {
        let middle = |side: fn(&(f64, f64)) -> f64| {
            let mut times: Vec<f64> = rounds.iter().map(side).collect();
            microseconds(super::sampling::median(&mut times))
        };
        Row {
            name,
            outcome: Outcome::Measured {
                ours: middle(|round| round.0),
                reference: middle(|round| round.1),
                ratios: rounds
                    .iter()
                    .map(|(ours, reference)| ours / reference)
                    .collect(),
                target,
            },
            note: note.into(),
        }
    }
}

fn microseconds(nanoseconds: f64) -> String {
    format!("{:.1} µs", nanoseconds / 1000.0)
}

pub fn print(rows: &[Row]) {
    println!();
    println!(
        "{:<34} {:>11} {:>11}   {:<20} {:>7}",
        "", "ours", "reference", "ratio min/med/max", "target"
    );
    for row in rows {
        match &row.outcome {
            Outcome::Measured {
                ours,
                reference,
                ratios,
                target,
            } => {
                let mut ratios = ratios.clone();
                let middle = super::sampling::median(&mut ratios);
                let spread = format!(
                    "{:.2} / {middle:.2} / {:.2}",
                    ratios[0],
                    ratios[ratios.len() - 1]
                );
                let verdict = match target {
                    Some(target) if middle <= *target => format!("{target:>7.2}  hit"),
                    Some(target) => format!("{target:>7.2}  miss"),
                    None => "      -".to_owned(),
                };
                println!(
                    "{:<34} {ours:>11} {reference:>11}   {spread:<20} {verdict}",
                    row.name
                );
            }
            Outcome::Skipped(why) => println!("{:<34} skipped: {why}", row.name),
        }
    }
    println!();
    for row in rows {
        println!("{}: {}", row.name, row.note);
    }
}
