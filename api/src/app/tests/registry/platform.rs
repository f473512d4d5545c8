use super::*;

#[tokio::test]
async fn a_host_leads_to_one_platform() {
    let exchange = Exchange::new();
    let (cx, operator) = (&exchange.cx, caller(Party::Operator));
    let first = platform(cx, &["b.example", "a.example", "a.example"])
        .await
        .unwrap();
    assert_eq!(first.hosts, ["a.example", "b.example"]);
    let taken = platform(cx, &["c.example", "a.example"]).await;
    let Err(Error::Conflict(why)) = taken else {
        panic!("{taken:?}")
    };
    assert!(
        why.contains(&format!("a.example belongs to {}", first.id)),
        "{why}"
    );
    let second = platform(cx, &["c.example"]).await.unwrap();

    // What one gives up the other may take.
    let hosts = |hosts: &[&str]| PlatformChange {
        hosts: Some(hosts.iter().map(|h| HostName::parse(h).unwrap()).collect()),
        ..PlatformChange::default()
    };
    let (one, two) = (first.id.to_string(), second.id.to_string());
    let wanted = hosts(&["a.example", "c.example"]);
    let refused = platforms::change(cx, &operator, &two, Expected::Any, wanted.clone()).await;
    assert!(matches!(refused, Err(Error::Conflict(_))));
    let given_up = platforms::change(cx, &operator, &one, Expected::Any, hosts(&["b.example"]));
    assert_eq!(given_up.await.unwrap().hosts, ["b.example"]);
    let taken = platforms::change(cx, &operator, &two, Expected::Any, wanted);
    assert_eq!(taken.await.unwrap().hosts, ["a.example", "c.example"]);
    let leads = cx
        .registry
        .platforms_of(&["x.a.example".parse_host()])
        .await;
    assert_eq!(leads.unwrap(), [Some(two)]);
}

trait ParseHost {
    fn parse_host(&self) -> takedown_core::locator::Host;
}

impl ParseHost for str {
    fn parse_host(&self) -> takedown_core::locator::Host {
        takedown_core::locator::Host::parse(self).unwrap()
    }
}

#[tokio::test]
async fn being_in_charge_is_proved_not_said() {
    let exchange = Exchange::new();
    let (cx, operator) = (&exchange.cx, caller(Party::Operator));
    let id = platform(cx, &["a.example"]).await.unwrap().id.to_string();
    let standing = |standing| PlatformChange {
        standing: Some(standing),
        ..PlatformChange::default()
    };
    let change = |change| platforms::change(cx, &operator, &id, Expected::Any, change);
    let refused = change(standing(Standing::Active)).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    assert!(change(standing(Standing::Contacted)).await.is_ok());
    let method = ControlMethod::DnsTxt;
    let proved = platforms::verify(cx, &operator, &id, Expected::Nothing, method, None).await;
    assert_eq!(proved.unwrap().standing, Standing::Claimed);
    assert_eq!(
        change(standing(Standing::Active)).await.unwrap().standing,
        Standing::Active
    );
    let again = platforms::verify(cx, &operator, &id, Expected::Nothing, method, None).await;
    assert_eq!(again.unwrap().standing, Standing::Active);
}

#[tokio::test]
async fn everybody_sees_who_asks_and_platforms_not_each_other() {
    let exchange = Exchange::new();
    let cx = &exchange.cx;
    let unit = agency(cx).await;
    let own = platform(cx, &["a.example"]).await.unwrap();
    let other = platform(cx, &["b.example"]).await.unwrap();
    let as_platform = caller(Party::Platform(own.id));
    let as_agency = caller(Party::Agency(unit.id));
    for who in [
        &as_platform,
        &as_agency,
        &caller(Party::Auditor(Reach::Everything)),
    ] {
        assert!(agencies::read(cx, who, &unit.id.to_string()).await.is_ok());
        let id = unit.id.to_string();
        let refused = agencies::suspend(cx, who, &id, Expected::Any, reason());
        assert!(matches!(refused.await, Err(Error::Denied(_))));
    }
    let list = platforms::list(cx, &as_platform, None, 10).await.unwrap();
    assert_eq!(
        list.items.iter().map(|p| p.id).collect::<Vec<_>>(),
        [own.id]
    );
    let foreign = platforms::read(cx, &as_platform, &other.id.to_string()).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    for wrong in ["platform_1", "agency_x", ""] {
        let never = platforms::read(cx, &as_agency, wrong).await;
        assert!(matches!(never, Err(Error::NotFound)));
    }
    let page = platforms::list(cx, &as_agency, None, 1).await.unwrap();
    assert!(page.more && page.items[0].hosts == ["a.example"]);
    let after = Some(page.items[0].id.to_string());
    let page = platforms::list(cx, &as_agency, after, 1).await.unwrap();
    assert!(!page.more && page.items[0].hosts == ["b.example"]);
    assert!(clients::list(cx, &as_agency, None, 1).await.is_err());
}
