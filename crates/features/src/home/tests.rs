use chrono_tz::Asia::Shanghai;

use super::{days::days_until, figures::trend, store::Quarter};

#[test]
fn quarters_of_an_hour_add_up_to_the_tenants_days() {
    // 2026-11-23T16:00Z is midnight of the 24th in Shanghai.
    let midnight = 1_795_449_600_000i64;
    let days = days_until(midnight + 1, Shanghai, 2);
    let quarter = |kind: &str, quarter, times| Quarter { kind: kind.into(), quarter, times };
    let at = midnight / 900_000;
    let quarters = [
        quarter("follow", at, 3),
        quarter("follow", at - 1, 2),
        quarter("unfollow", at - 96, 1),
        quarter("message_in", at, 5),
        quarter("follow", at - 97, 9),
    ];
    let trend = trend(&days, quarters.iter());
    assert_eq!((trend[0].day.as_str(), trend[0].new, trend[0].lost, trend[0].messages), ("2026-11-23", 2, 1, 0));
    assert_eq!((trend[1].day.as_str(), trend[1].new, trend[1].lost, trend[1].messages), ("2026-11-24", 3, 0, 5));
}
