use super::{
    decide::{OVER_MS, of_campaign},
    model::{Campaign, Problem},
};

const NOW: i64 = 1_795_449_600_000;

fn problem(campaign: &Campaign) -> Option<(Problem, i64, i64)> {
    of_campaign(campaign, NOW).map(|fault| (fault.problem, fault.accepted, fault.found))
}

#[test]
fn p3_a_line_too_few_or_too_many_is_a_fault_and_so_is_one_in_line_for_what_is_over() {
    let whole = Campaign { accepted: Some(9), settled: 5, open: 3, under_way: 1, ..Campaign::default() };
    assert_eq!(problem(&whole), None);
    assert_eq!(problem(&Campaign { settled: 4, ..whole.clone() }), Some((Problem::Missing, 9, 8)));
    assert_eq!(problem(&Campaign { under_way: 2, ..whole.clone() }), Some((Problem::TooMany, 9, 10)));
    let over = Campaign { ended_at: Some(NOW - OVER_MS), ..whole.clone() };
    assert_eq!(problem(&over), None, "what is under way is recorded after the end");
    let long_over = Campaign { ended_at: Some(NOW - OVER_MS - 1), ..whole.clone() };
    assert_eq!(problem(&long_over), Some((Problem::StillOpen, 0, 4)));
    // Of one from before lines were counted nobody knows how many there were; of nobody there are none.
    assert_eq!(problem(&Campaign { accepted: None, ..whole.clone() }), None);
    assert_eq!(problem(&Campaign { accepted: None, is_untouched: true, ..whole }), Some((Problem::TooMany, 0, 9)));
}
