use std::collections::{BTreeSet, HashMap};

use entities::tags::{DOOMED, WechatTag};
use kit::TagId;
use proptest::prelude::*;

use super::decide::{Step, Theirs, difference, steps};

fn theirs(wechat_id: i64, name: &str) -> Theirs {
    Theirs { wechat_id, name: name.into(), fans: 3 }
}

fn agreed(wechat_id: i64, name: &str, tag: i64) -> WechatTag {
    WechatTag { wechat_id, name: name.into(), fans: 3, tag: Some(TagId(tag)) }
}

fn ours(names: &[(i64, &str)]) -> HashMap<TagId, String> {
    names.iter().map(|(id, name)| (TagId(*id), (*name).to_owned())).collect()
}

#[test]
fn each_side_may_rename_add_and_delete() {
    let check = |known: &[WechatTag], our: &[(i64, &str)], their: &[Theirs], expected: &[Step]| {
        assert_eq!(steps(known, &ours(our), their), expected)
    };
    let keep = Step::Keep(agreed(100, "vip", 1));
    check(&[agreed(100, "vip", 1)], &[(1, "vip")], &[theirs(100, "vip")], &[keep]);
    check(
        &[agreed(100, "vip", 1)],
        &[(1, "vip")],
        &[theirs(100, "gold")],
        &[Step::RenameOurs { tag: TagId(1), theirs: theirs(100, "gold") }],
    );
    let rename = Step::RenameTheirs { wechat_id: 100, tag: TagId(1), name: "gold".into(), fans: 3 };
    check(&[agreed(100, "vip", 1)], &[(1, "gold")], &[theirs(100, "vip")], &[rename]);
    check(&[agreed(100, "vip", 1)], &[(1, "vip")], &[], &[Step::Forget { wechat_id: 100 }]);
    check(&[agreed(100, "vip", DOOMED.0)], &[], &[theirs(100, "vip")], &[Step::DeleteTheirs { wechat_id: 100 }]);
    check(&[agreed(100, "vip", 9)], &[], &[theirs(100, "vip")], &[Step::DeleteTheirs { wechat_id: 100 }]);
    check(&[], &[(1, "vip")], &[theirs(100, "vip")], &[Step::Link { theirs: theirs(100, "vip"), tag: Some(TagId(1)) }]);
    check(&[], &[], &[theirs(100, "vip")], &[Step::Link { theirs: theirs(100, "vip"), tag: None }]);
    check(&[agreed(-1, "vip", 1)], &[(1, "vip")], &[], &[Step::Create { tag: TagId(1), name: "vip".into() }]);
    check(&[agreed(-1, "vip", 1)], &[], &[], &[Step::Forget { wechat_id: -1 }]);
}

#[test]
fn r21_wechats_own_tags_are_never_touched() {
    let starred = WechatTag { wechat_id: 2, name: "星标组".into(), fans: 3, tag: None };
    for known in [vec![], vec![starred.clone()]] {
        assert_eq!(steps(&known, &ours(&[(1, "星标组")]), &[theirs(2, "星标组")]), [Step::Keep(starred.clone())]);
    }
}

#[test]
fn a_wish_that_wechat_fulfilled_meanwhile_is_not_sent() {
    let done = steps(&[agreed(-1, "vip", 1)], &ours(&[(1, "vip")]), &[theirs(100, "vip")]);
    assert_eq!(done, [Step::Link { theirs: theirs(100, "vip"), tag: Some(TagId(1)) }, Step::Forget { wechat_id: -1 }]);
}

#[test]
fn a_name_too_long_for_wechat_is_not_sent() {
    let long = "一二三四五六七八九十一";
    assert_eq!(steps(&[agreed(-1, long, 1)], &ours(&[(1, long)]), &[]), [Step::Refuse { tag: TagId(1) }]);
    assert_eq!(
        steps(&[agreed(100, "vip", 1)], &ours(&[(1, long)]), &[theirs(100, "vip")]),
        [Step::Refuse { tag: TagId(1) }]
    );
}

type Fans = BTreeSet<String>;

fn sorted(fans: &Fans) -> Vec<String> {
    fans.iter().cloned().collect()
}

/// What a whole run does to the fans of one tag: WeChat's changes are taken over, then ours are sent.
fn run(agreed: &mut Fans, ours: &mut Fans, theirs: &mut Fans) -> usize {
    let mut sent = 0;
    let (before, now) = (sorted(agreed), sorted(theirs));
    let (came, went) = difference(&before, &now);
    for fan in came {
        ours.insert(fan.to_owned());
        agreed.insert(fan.to_owned());
    }
    for fan in went {
        ours.remove(fan);
        agreed.remove(fan);
    }
    let (before, now) = (sorted(agreed), sorted(ours));
    let (to_tag, to_untag) = difference(&before, &now);
    for fan in to_tag {
        sent += usize::from(theirs.insert(fan.to_owned()));
        agreed.insert(fan.to_owned());
    }
    for fan in to_untag {
        sent += usize::from(theirs.remove(fan));
        agreed.remove(fan);
    }
    sent
}

proptest! {
    #[test]
    fn r21_both_sides_agree_after_a_run_and_nobodys_change_is_lost(agreed in fans(), mut ours in fans(), mut theirs in fans()) {
        let start = (agreed.clone(), ours.clone(), theirs.clone());
        let mut agreed = agreed;
        let sent = run(&mut agreed, &mut ours, &mut theirs);
        prop_assert_eq!(&ours, &theirs);
        prop_assert_eq!(&ours, &agreed);
        for fan in start.0.union(&start.1).chain(&start.2) {
            let (was, we, they) = (start.0.contains(fan), start.1.contains(fan), start.2.contains(fan));
            // Whoever changed it has their way; both changing it is the same change.
            let expected = if we == was { they } else { we };
            prop_assert_eq!(ours.contains(fan), expected, "{}: was {} we {} they {}", fan, was, we, they);
        }
        // Only what WeChat does not have right already is sent.
        prop_assert_eq!(sent, start.2.symmetric_difference(&theirs).count());
        prop_assert_eq!(run(&mut agreed, &mut ours, &mut theirs), 0);
    }
}

fn fans() -> impl Strategy<Value = Fans> {
    prop::collection::btree_set((0u8..12).prop_map(|n| format!("o{n}")), 0..8)
}
