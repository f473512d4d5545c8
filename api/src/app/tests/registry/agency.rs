use super::*;

#[tokio::test]
async fn an_agency_from_registration_to_suspension_and_back() {
    let exchange = Exchange::new();
    let (cx, operator) = (&exchange.cx, caller(Party::Operator));
    let made = agency(cx).await;
    let id = made.id.to_string();
    assert_eq!((made.status, made.version), (AgencyStatus::Pending, 1));
    assert!(!made.may_file(cx.now()));

    let verified = agencies::verify(cx, &operator, &id, Expected::Nothing, verification(cx, 365));
    let verified = verified.await.unwrap();
    assert_eq!(
        (verified.status, verified.version),
        (AgencyStatus::Verified, 2)
    );
    assert!(verified.may_file(cx.now()));

    let (client, _) = client(cx, Party::Agency(made.id), None).await;
    let before = clients::read(cx, &operator, &client).await.unwrap();
    cx.clock.pass(chrono::TimeDelta::seconds(1));
    for _ in 0..2 {
        let suspended = agencies::suspend(cx, &operator, &id, Expected::Nothing, reason());
        let suspended = suspended.await.unwrap();
        assert_eq!(
            (suspended.status, suspended.version),
            (AgencyStatus::Suspended, 3)
        );
    }
    let after = clients::read(cx, &operator, &client).await.unwrap();
    assert!(after.tokens_not_before > before.tokens_not_before);
    let remembered = cx.registry.agency(&id).await.unwrap().unwrap();
    assert_eq!(
        remembered.status,
        AgencyStatus::Suspended,
        "at once, on this node"
    );

    let again = agencies::verify(cx, &operator, &id, Expected::Nothing, verification(cx, 30));
    assert_eq!(again.await.unwrap().status, AgencyStatus::Suspended);
    let back = agencies::reinstate(cx, &operator, &id, Expected::Version(4));
    assert_eq!(back.await.unwrap().status, AgencyStatus::Verified);
    assert_eq!(
        exchange.history().await,
        [
            "agency.registered",
            "agency.verified",
            "client.registered",
            "agency.suspended",
            "agency.verified",
            "agency.reinstated"
        ]
    );
}

#[tokio::test]
async fn a_change_names_what_changes_and_the_version_it_was_decided_on() {
    let exchange = Exchange::new();
    let (cx, operator) = (&exchange.cx, caller(Party::Operator));
    let made = agency(cx).await;
    let id = made.id.to_string();
    let change = |name_: &str| AgencyChange {
        name: Some(name(name_)),
        ..AgencyChange::default()
    };
    let refused = agencies::change(cx, &operator, &id, Expected::Nothing, change("New")).await;
    assert!(matches!(refused, Err(Error::VersionRequired)));
    let changed = agencies::change(cx, &operator, &id, Expected::Version(1), change("New")).await;
    let changed = changed.unwrap();
    assert_eq!((changed.name.as_str(), changed.version), ("New", 2));
    assert_eq!((changed.mail, changed.country), (made.mail, made.country));
    let stale = agencies::change(cx, &operator, &id, Expected::Version(1), change("Other")).await;
    assert!(matches!(stale, Err(Error::StaleVersion(2))));
    let same = agencies::change(cx, &operator, &id, Expected::Any, change("New")).await;
    assert_eq!(
        same.unwrap().version,
        2,
        "nothing changed, so nothing happened"
    );
    assert_eq!(
        exchange.history().await,
        ["agency.registered", "agency.changed"]
    );
}

#[tokio::test]
async fn a_verification_ends_within_five_years_and_was_not_made_in_the_future() {
    let exchange = Exchange::new();
    let (cx, operator) = (&exchange.cx, caller(Party::Operator));
    let id = agency(cx).await.id.to_string();
    let future = NewVerification {
        verified_at: Some(cx.now() + chrono::TimeDelta::hours(1)),
        ..verification(cx, 10)
    };
    for (wrong, place) in [
        (verification(cx, -1), "/expires_at"),
        (verification(cx, 6 * 365), "/expires_at"),
        (future, "/verified_at"),
    ] {
        let refused = agencies::verify(cx, &operator, &id, Expected::Any, wrong).await;
        let Err(Error::Invalid(errors)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(errors[0].pointer, place);
    }
    assert_eq!(exchange.history().await, ["agency.registered"]);
}
