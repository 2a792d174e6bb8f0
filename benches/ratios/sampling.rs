//! Two things measured against each other on a machine that does other work too: in turns of a few
//! calls, each call timed, medians compared. A disturbance meets both sides alike or is outvoted.

use std::hint::black_box;
use std::time::Instant;

/// Enough for a spread that means something.
const ROUNDS: usize = 25;

/// Calls before the other side has its turn.
const TURN: usize = 8;

/// Sorts, and gives the middle.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Median nanoseconds of a call of each, for each round of `calls` calls.
pub fn side_by_side<A, B>(
    calls: usize,
    mut ours: impl FnMut() -> A,
    mut reference: impl FnMut() -> B,
) -> Vec<(f64, f64)> {
    turn(calls, &mut ours, &mut Vec::new());
    turn(calls, &mut reference, &mut Vec::new());
    (0..ROUNDS)
        .map(|round| {
            let (mut our_times, mut reference_times) = (Vec::new(), Vec::new());
            for number in 0..calls.div_ceil(TURN) {
                if (round + number) % 2 == 0 {
                    turn(TURN, &mut ours, &mut our_times);
                    turn(TURN, &mut reference, &mut reference_times);
                } else {
                    turn(TURN, &mut reference, &mut reference_times);
                    turn(TURN, &mut ours, &mut our_times);
                }
            }
            (median(&mut our_times), median(&mut reference_times))
        })
        .collect()
}

fn turn<T>(calls: usize, run: &mut impl FnMut() -> T, times: &mut Vec<f64>) {
    for _ in 0..calls {
        let start = Instant::now();
        let result = black_box(run());
        times.push(start.elapsed().as_nanos() as f64);
        drop(result);
    }
}
