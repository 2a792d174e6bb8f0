//! Things measured against each other on a machine that does other work too: in turns of a few calls, each call timed,
//! medians compared. A disturbance meets all sides alike or is outvoted.

use std::time::Instant;

/// Calls before the next side has its turn.
const TURN: usize = 8;

pub fn rounds() -> usize {
    if is_quick() { 3 } else { 25 }
}

pub fn is_quick() -> bool {
    std::env::var("WXPAY_BENCH_QUICK").is_ok_and(|value| value == "1")
}

/// Sorts, and gives the middle.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

pub type Call<'a> = Box<dyn FnMut() + 'a>;

/// Median microseconds of a call of each side, for each round of `calls` calls.
pub fn in_turn(calls: usize, sides: &mut [Call]) -> Vec<Vec<f64>> {
    let calls = if is_quick() {
        calls.min(2 * TURN)
    } else {
        calls
    };
    for side in sides.iter_mut() {
        turn(side, &mut Vec::new());
    }
    (0..rounds())
        .map(|round| {
            let mut times = vec![Vec::new(); sides.len()];
            for number in 0..calls.div_ceil(TURN) {
                for step in 0..sides.len() {
                    // Each side is first, second, … equally often.
                    let which = (round + number + step) % sides.len();
                    turn(&mut sides[which], &mut times[which]);
                }
            }
            times.iter_mut().map(|one| median(one)).collect()
        })
        .collect()
}

fn turn(side: &mut Call, times: &mut Vec<f64>) {
    for _ in 0..TURN {
        times.push(once(side));
    }
}

pub fn once(call: &mut Call) -> f64 {
    let start = Instant::now();
    call();
    start.elapsed().as_nanos() as f64 / 1000.0
}

/// `[[ours, theirs], …]` of two sides of what `in_turn` gave.
pub fn pairs(times: &[Vec<f64>], ours: usize, theirs: usize) -> serde_json::Value {
    times
        .iter()
        .map(|round| vec![round[ours], round[theirs]])
        .collect::<Vec<_>>()
        .into()
}
