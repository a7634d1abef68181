//! The tables of the door: what counts once counts once, whoever comes at the same time; wrong
//! guesses add up; what is over is forgotten.

use model::Key;
use store::testing::on_each;
use store::{
    Database, Failure, Unit, factor, identity, login_event, one_time, setting, throttle, token,
};

fn write(db: &Database, fill: impl Fn(&mut Unit)) -> Result<(), Failure> {
    let mut unit = Unit::new();
    fill(&mut unit);
    db.write(unit)
}

fn is_conflict(done: Result<(), Failure>) -> bool {
    matches!(done, Err(Failure::Conflict { .. }))
}

#[test]
fn what_counts_once_is_taken_once() {
    on_each(|world| {
        let db = &world.database;
        let link = |byte: u8, kind: &str, expires_at| one_time::OneTime {
            hash: [byte; 32],
            kind: kind.into(),
            account_key: Some(Key(3)),
            body: "anna".into(),
            made_by: None,
            created_at: 1,
            expires_at,
        };
        write(db, |unit| {
            one_time::insert(unit, &link(1, "enter", 50));
            one_time::insert(unit, &link(2, "enter", 90));
            one_time::insert(unit, &link(3, "half", 90));
        })
        .unwrap();
        assert!(one_time::find(db, &[1; 32], 49).unwrap().is_some());
        assert!(one_time::find(db, &[1; 32], 50).unwrap().is_none(), "over");
        assert_eq!(one_time::of_account(db, Key(3), "enter", 60).unwrap().len(), 1);
        write(db, |unit| one_time::take(unit, &[2; 32])).unwrap();
        assert!(is_conflict(write(db, |unit| one_time::take(unit, &[2; 32]))));
        write(db, |unit| one_time::sweep(unit, 60)).unwrap();
        write(db, |unit| one_time::drop_all(unit, Key(3), "half")).unwrap();
        assert!(is_conflict(write(db, |unit| one_time::take(unit, &[3; 32]))));

        write(db, |unit| setting::claim(unit, "first", "1")).unwrap();
        let again = write(db, |unit| setting::claim(unit, "first", "2"));
        assert!(matches!(again, Err(Failure::Duplicate { .. })), "{again:?}");
    });
}

#[test]
fn wrong_guesses_add_up_and_a_lock_is_never_shortened() {
    on_each(|world| {
        let db = &world.database;
        assert_eq!(throttle::find(db, "a").unwrap(), throttle::Throttle::default());
        for until in [None, Some(90), None, Some(80)] {
            write(db, |unit| throttle::failed(unit, "a", until, 5)).unwrap();
        }
        let found = throttle::find(db, "a").unwrap();
        assert_eq!((found.failed_count, found.locked_until), (4, Some(90)));
        write(db, |unit| throttle::failed(unit, "b", None, 9)).unwrap();
        write(db, |unit| throttle::sweep(unit, 7)).unwrap();
        assert_eq!(throttle::find(db, "a").unwrap().failed_count, 0);
        write(db, |unit| throttle::cleared(unit, "b")).unwrap();
        assert_eq!(throttle::find(db, "b").unwrap().failed_count, 0);
    });
}

#[test]
fn a_step_a_recovery_code_and_a_counter_are_used_once() {
    on_each(|world| {
        let (db, me) = (&world.database, Key(3));
        let totp = factor::Totp { secret: [1, 2].as_slice().into(), last_step: 7, created_at: 1 };
        let passkey = factor::Passkey {
            id: b"id".as_slice().into(),
            account_key: me,
            name: "laptop".into(),
            body: "0".into(),
            created_at: 1,
            last_used_at: None,
        };
        write(db, |unit| {
            factor::set_totp(unit, me, &totp);
            factor::set_recovery(unit, me, &[[1; 32], [2; 32]], 1);
            factor::add_passkey(unit, &passkey);
        })
        .unwrap();
        assert_eq!(factor::totp(db, me).unwrap(), Some(totp.clone()));
        assert!(is_conflict(write(db, |unit| factor::use_step(unit, me, 7))));
        write(db, |unit| factor::use_step(unit, me, 8)).unwrap();
        assert!(is_conflict(write(db, |unit| factor::use_step(unit, me, 8))));

        assert!(factor::has_recovery(db, me, &[1; 32]).unwrap());
        assert!(!factor::has_recovery(db, Key(4), &[1; 32]).unwrap());
        write(db, |unit| factor::use_recovery(unit, me, &[1; 32])).unwrap();
        assert!(is_conflict(write(db, |unit| factor::use_recovery(unit, me, &[1; 32]))));
        assert_eq!(factor::count_recovery(db, me).unwrap(), 1);

        write(db, |unit| factor::use_passkey(unit, &passkey, "1", 9)).unwrap();
        assert!(is_conflict(write(db, |unit| factor::use_passkey(unit, &passkey, "2", 9))));
        assert_eq!(factor::find_passkey(db, b"id").unwrap().unwrap().last_used_at, Some(9));
        assert!(is_conflict(write(db, |unit| factor::remove_passkey(unit, Key(4), b"id"))));
        write(db, |unit| factor::remove_passkey(unit, me, b"id")).unwrap();
        assert!(factor::passkeys(db, me).unwrap().is_empty());
    });
}

#[test]
fn a_subject_of_an_issuer_is_one_account() {
    on_each(|world| {
        let db = &world.database;
        let bound = |subject: &str, account, at| identity::Identity {
            issuer: "https://id.example".into(),
            subject: subject.into(),
            account_key: Key(account),
            provider: "office".into(),
            bound_at: at,
        };
        write(db, |unit| identity::insert(unit, &bound("one", 3, 10))).unwrap();
        write(db, |unit| identity::insert(unit, &bound("two", 3, 5))).unwrap();
        let again = write(db, |unit| identity::insert(unit, &bound("one", 4, 20)));
        assert!(matches!(again, Err(Failure::Duplicate { .. })), "{again:?}");
        let find = |issuer, subject| identity::find(db, issuer, subject).unwrap();
        assert_eq!(find("https://id.example", "one"), Some(bound("one", 3, 10)));
        assert_eq!(find("https://other.example", "one"), None);
        let all = identity::of_account(db, Key(3)).unwrap();
        assert_eq!(all, [bound("two", 3, 5), bound("one", 3, 10)], "the oldest first");
        write(db, |unit| identity::drop_all(unit, Key(3))).unwrap();
        assert_eq!(find("https://id.example", "one"), None);
    });
}

#[test]
fn events_are_read_newest_first_and_sessions_end_but_one() {
    on_each(|world| {
        let db = &world.database;
        let event = |byte: u8, at, account| login_event::LoginEvent {
            id: [byte; 16],
            at,
            kind: "login".into(),
            account_key: account,
            login: "anna".into(),
            by_key: None,
            address: "::1".into(),
            browser: "Firefox".into(),
        };
        let session = |byte: u8| token::Token {
            hash: [byte; 32],
            account_key: Key(3),
            kind: "session".into(),
            name: "Firefox".into(),
            scopes: "".into(),
            created_at: 1,
            expires_at: Some(50),
            last_used_at: None,
            revoked_at: None,
        };
        write(db, |unit| {
            for (byte, at, account) in [(1, 10, Some(Key(3))), (2, 20, None), (3, 30, Some(Key(3)))]
            {
                login_event::insert(unit, &event(byte, at, account));
            }
            (1..4).for_each(|byte| token::insert(unit, &session(byte)));
            token::revoke_others(unit, Key(3), "session", &[2; 32], 9);
        })
        .unwrap();
        let ats = |account, before, most| -> Vec<i64> {
            let found = login_event::newest(db, account, before, most).unwrap();
            found.iter().map(|event| event.at).collect()
        };
        assert_eq!(ats(None, i64::MAX, 2), [30, 20]);
        assert_eq!(ats(None, 20, 2), [10]);
        assert_eq!(ats(Some(Key(3)), i64::MAX, 9), [30, 10]);
        write(db, |unit| login_event::sweep(unit, 25)).unwrap();
        assert_eq!(ats(None, i64::MAX, 9), [30]);
        let all = token::of_account(db, Key(3)).unwrap();
        let open: Vec<u8> =
            all.iter().filter(|one| one.revoked_at.is_none()).map(|one| one.hash[0]).collect();
        assert_eq!(open, [2]);
    });
}
