use super::*;

#[tokio::test]
async fn a_secret_is_shown_once_and_kept_nowhere() {
    let exchange = Exchange::new();
    let (cx, operator) = (&exchange.cx, caller(Party::Operator));
    let (id, secret) = client(cx, Party::Auditor(Reach::Everything), once("k", 1)).await;
    let (again, hidden) = client(cx, Party::Auditor(Reach::Everything), once("k", 1)).await;
    assert_eq!((&again, hidden.as_str()), (&id, "-"));
    let other = new_client(Party::Operator);
    let mismatch = clients::register(cx, &operator, once("k", 2), other, shown).await;
    assert!(matches!(mismatch, Err(Error::KeyMismatch)));
    let row = {
        let id = id.clone();
        let found = cx.store.read(move |conn| rows::find(conn, &id)).await;
        found.unwrap().unwrap()
    };
    assert!(!format!("{row:?}").contains(&secret));
    assert!(row.secrets.contains(&SecretHash::of(&secret).to_hex()));
    let kept = cx
        .store
        .read(|conn| {
            let by = caller(Party::Operator).client.to_string();
            crate::store::idempotency::find(conn, &by, "k", 0)
        })
        .await;
    let kept: Result<_, StoreError> = kept;
    assert!(!kept.unwrap().unwrap().body.contains(&secret));
}

#[tokio::test]
async fn rotation_leaves_a_day_and_revocation_none() {
    let exchange = Exchange::new();
    let (cx, operator) = (&exchange.cx, caller(Party::Operator));
    let (id, first) = client(cx, Party::Operator, None).await;
    let rotate = |revoke_old| async move {
        let rotation = Rotation {
            keys: None,
            revoke_old,
        };
        let operator = caller(Party::Operator);
        let id = &clients::list(cx, &operator, None, 1).await.unwrap().items[0].id;
        let made = clients::rotate(cx, &operator, id, None, rotation, shown).await;
        made.unwrap().body.split_once(' ').unwrap().1.to_owned()
    };
    let second = rotate(false).await;
    assert_ne!(first, second);
    let now = clients::read(cx, &operator, &id).await.unwrap();
    let left = now.secrets[0].expires_at.unwrap() - cx.now();
    assert!(left <= clients::OVERLAP && left > clients::OVERLAP - chrono::TimeDelta::minutes(1));
    assert_eq!(now.secrets[1].sha256, SecretHash::of(&second).to_hex());
    assert_eq!(now.secrets[1].expires_at, None);
    cx.clock.pass(chrono::TimeDelta::seconds(1));
    let third = rotate(true).await;
    let then = clients::read(cx, &operator, &id).await.unwrap();
    assert_eq!(then.secrets.len(), 1);
    assert_eq!(then.secrets[0].sha256, SecretHash::of(&third).to_hex());
    assert!(then.tokens_not_before > now.tokens_not_before);

    let stopped = clients::suspend(cx, &operator, &id, reason())
        .await
        .unwrap();
    assert!(stopped.suspended && stopped.tokens_not_before >= then.tokens_not_before);
    assert!(
        !clients::reinstate(cx, &operator, &id)
            .await
            .unwrap()
            .suspended
    );
    let history = exchange.history().await;
    assert_eq!(
        history,
        [
            "client.registered",
            "client.credentials_rotated",
            "client.credentials_rotated",
            "client.suspended",
            "client.reinstated"
        ]
    );
}

#[tokio::test]
async fn a_client_acts_for_somebody_who_exists_with_scopes_of_its_role() {
    let exchange = Exchange::new();
    let (cx, operator) = (&exchange.cx, caller(Party::Operator));
    let nobody = takedown_core::id::AgencyId::from_uuid(uuid::Uuid::now_v7());
    let foreign = NewClient {
        scopes: Some([Scope::RegistryWrite].into_iter().collect()),
        ..new_client(Party::Auditor(Reach::Everything))
    };
    for (new, place) in [
        (new_client(Party::Agency(nobody)), "/agency"),
        (
            new_client(Party::Auditor(Reach::Agency(nobody))),
            "/auditor/agency",
        ),
        (foreign, "/scopes"),
    ] {
        let refused = clients::register(cx, &operator, None, new, shown).await;
        let Err(Error::Invalid(errors)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(errors[0].pointer, place);
    }
    assert!(exchange.history().await.is_empty());
}
