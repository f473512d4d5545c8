//! Who is suspended, and who may know why.

use serde_json::{Value, json};
use takedown_tests::{Db, World, both_databases};

both_databases!(why_somebody_is_suspended_is_for_the_operator_alone);

async fn why_somebody_is_suspended_is_for_the_operator_alone(db: Db) {
    let w = World::new(db).await;
    let client = &w.other_unit.api.credentials().id;
    let why = "offered-for-sale-7731";
    for place in [
        format!("/v1/agencies/{}", w.other_unit.id),
        format!("/v1/platforms/{}", w.other_platform.id),
        format!("/v1/clients/{client}"),
    ] {
        let operator = &w.operator.api;
        let suspension = format!("{place}/suspension");
        let suspend = operator.put(&suspension, &json!({ "reason": why })).await;
        assert_eq!(suspend.is(200).json()["suspension_reason"], why);
        assert_eq!(
            operator.get(&place).await.is(200).json()["suspension_reason"],
            why
        );
        let (list, id) = place.rsplit_once('/').unwrap();
        let listed = operator.list(list).await;
        let listed = listed.iter().find(|one| one["id"] == id).unwrap();
        assert_eq!(listed["suspension_reason"], why);
        for party in [&w.unit, &w.platform, &w.auditor] {
            for address in [place.as_str(), list] {
                let told = party.api.get(address).await;
                assert!(matches!(told.status, 200 | 403 | 404), "{}", told.text());
                assert!(!told.text().contains(why), "{}", told.text());
            }
        }
        operator.delete(&suspension).await.is(200);
        let after = operator.get(&place).await.is(200).json();
        assert_eq!(after["suspension_reason"], Value::Null);
    }
}
