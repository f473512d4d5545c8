use super::*;

#[tokio::test]
async fn deliveries_tell_an_agency_only_of_its_own() {
    let exchange = Exchange::new();
    let cx = &exchange.cx;
    let row = |id: &str, status: &str| OutboxRow {
        id: format!("dlv_{id:0>26}"),
        request_id: "req_00000000000000000000000001".into(),
        party_id: "platform_00000000000000000000000001".into(),
        side: "platform".into(),
        event: "request.filed".into(),
        facts: "{}".into(),
        status: status.into(),
        attempts: 1,
        next_at: 5,
        lease: None,
        lease_until: 0,
        last_error: Some("550 5.1.1 <team@forum.example>: nobody".into()),
        created_at: 1,
        settled_at: None,
        withheld: false,
    };
    let rows = [row("1", "failed"), row("2", "sent"), row("3", "pending")];
    let stored = cx
        .store
        .write(move |conn| rows.iter().try_for_each(|row| outbox::insert(conn, row)));
    let stored: Result<(), StoreError> = stored.await;
    stored.unwrap();
    let operator = caller(Party::Operator);
    let filter = deliveries::Filter::default;
    let page = deliveries::list(cx, &operator, filter(), 1).await.unwrap();
    assert!(page.more && page.items[0].status == "pending");
    assert!(page.items[0].last_error.as_ref().unwrap().contains("team@"));
    let before = Some(page.items[0].id.to_string());
    let next = deliveries::Filter { before, ..filter() };
    let page = deliveries::list(cx, &operator, next, 10).await.unwrap();
    assert_eq!(page.items.len(), 1);
    assert_eq!(
        (page.items[0].status.as_str(), page.items[0].next_at),
        ("failed", None)
    );
    let sent = deliveries::Filter {
        status: Some(deliveries::Status::Sent),
        ..filter()
    };
    assert_eq!(
        deliveries::list(cx, &operator, sent, 10)
            .await
            .unwrap()
            .items
            .len(),
        1
    );
    let stranger = caller(Party::Agency(agency(cx).await.id));
    let none = deliveries::list(cx, &stranger, filter(), 10).await.unwrap();
    assert!(none.items.is_empty());
    let id = takedown_core::id::PlatformId::from_uuid(uuid::Uuid::from_u128(1));
    let platform = caller(Party::Platform(id));
    assert!(deliveries::list(cx, &platform, filter(), 10).await.is_err());
}
