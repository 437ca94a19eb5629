use kit::AccountId;

use super::*;

fn account(mode: Mode, service_type: i64, verify_type: i64, sets: &[i64]) -> Account {
    Account {
        id: AccountId(1),
        mode,
        app_id: "wx1".into(),
        original_id: None,
        callback_key: "k".into(),
        nick_name: "n".into(),
        alias: String::new(),
        principal_name: String::new(),
        avatar_url: None,
        service_type,
        verify_type,
        verification_source: VerificationSource::Given,
        status: Status::Bound,
        encryption: Encryption::Safe,
        permission_sets: sets.to_vec(),
        listen_only: false,
        allowance: Allowance::June2023,
        version: 1,
        callback_verified_at: None,
        last_callback_at: None,
        problem: None,
        problem_errcode: None,
        bound_at: 0,
        unbound_at: None,
        created_at: 0,
    }
}

#[test]
fn r5_qualification_alone_is_enough_and_weibo_is_not() {
    let verified: Vec<i64> = (-1..=5).filter(|verify| account(Mode::Direct, 2, *verify, &[]).is_verified()).collect();
    assert_eq!(verified, [0, 3, 4, 5]);
}

#[test]
fn r8_the_matrix_is_the_table_of_the_rules() {
    use Function::*;
    let denied_to_subscriptions = [Qrcode, IdentityQrcode, Template, Notice, Coupon, PageAuth, PageVisitor, Journeys];
    for service_type in [0, 1] {
        let subscription = account(Mode::Direct, service_type, 0, &[]);
        for function in Function::ALL {
            assert_eq!(
                subscription.may(*function).is_err(),
                denied_to_subscriptions.contains(function),
                "{function:?}"
            );
        }
    }
    let service = account(Mode::Direct, 2, 3, &[]);
    for function in Function::ALL {
        assert_eq!(service.may(*function), Ok(()), "{function:?}");
    }
    let template = account(Mode::Direct, 0, 0, &[]).may(Template).expect_err("R4");
    assert_eq!((template.code, template.rule), (DeniedCode::Type, Some("R4")));
}

#[test]
fn r5_an_account_whose_verification_lapsed_may_answer_and_nothing_else() {
    let lapsed = account(Mode::Direct, 2, -1, &[]);
    let may: Vec<Function> = Function::ALL.iter().copied().filter(|function| lapsed.may(*function).is_ok()).collect();
    assert_eq!(may, [Function::ReplyFollow, Function::ReplyKeyword]);
}

#[test]
fn r11_a_missing_set_denies_its_functions_and_says_which() {
    let all: Vec<i64> = ASKED_SETS.iter().map(|set| set.0).collect();
    assert_eq!(all, [1, 15, 4, 7, 2, 3, 11, 8]);
    let whole = account(Mode::Platform, 2, 0, &all);
    let denied: Vec<Function> =
        Function::ALL.iter().copied().filter(|function| whole.may(*function).is_err()).collect();
    assert_eq!(denied, [Function::Notice], "its set is not asked for");
    let asked = || Function::ALL.iter().filter(|function| **function != Function::Notice);
    for missing in ASKED_SETS {
        let sets: Vec<i64> = all.iter().copied().filter(|set| *set != missing.0).collect();
        let degraded = account(Mode::Platform, 2, 0, &sets);
        let broken: Vec<Function> = functions_of(missing).collect();
        assert!(!broken.is_empty(), "{missing:?}");
        for function in asked() {
            match degraded.could(*function) {
                Ok(()) => assert!(!broken.contains(function), "{function:?}"),
                Err(denied) => {
                    assert!(broken.contains(function), "{function:?}");
                    assert_eq!((denied.code, denied.rule, denied.set), (DeniedCode::Set, Some("R11"), Some(missing.0)));
                }
            }
        }
    }
}

#[test]
fn r17_the_states_lead_only_where_the_rules_say() {
    assert_eq!(Status::Bound.unbind(), Ok(Status::Unbound));
    assert_eq!(Status::Unbound.unbind(), Ok(Status::Unbound));
    assert_eq!(Status::Unbound.rebind(), Ok(Status::Bound));
    assert_eq!(Status::Unbound.delete(), Ok(Status::Deleted));
    assert_eq!(Status::Bound.delete(), Err(WrongStatus(Status::Bound)));
    assert!(
        Status::Deleted.unbind().is_err() && Status::Deleted.rebind().is_err() && Status::Deleted.delete().is_err()
    );
    assert_eq!(Error::from(WrongStatus(Status::Bound)).code(), "account_bound");
}

#[test]
fn an_unbound_account_may_nothing_but_could() {
    let unbound = Account { status: Status::Unbound, ..account(Mode::Direct, 2, 0, &[]) };
    let denied = unbound.may(Function::CustomMessage).expect_err("unbound");
    assert_eq!(denied.code, DeniedCode::Unbound);
    assert_eq!(unbound.could(Function::CustomMessage), Ok(()));
}

#[test]
fn listening_only_stops_what_fans_notice() {
    let listening = Account { listen_only: true, ..account(Mode::Direct, 2, 0, &[]) };
    for (function, may) in [
        (Function::ReplyKeyword, false),
        (Function::CustomMessage, false),
        (Function::Menu, false),
        (Function::FanImport, true),
        (Function::Tags, true),
    ] {
        assert_eq!(listening.may(function).is_ok(), may, "{function:?}");
    }
}
