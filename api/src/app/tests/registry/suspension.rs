//! Why somebody is suspended is kept beside the fact.

use super::*;
use crate::app::tests::fixture::{Db, World, on_both};
use crate::store::backend;

on_both!(the_reason_of_a_suspension_stays_as_long_as_it_does_and_was_kept_before_it_had_a_place,);

async fn the_reason_of_a_suspension_stays_as_long_as_it_does_and_was_kept_before_it_had_a_place(
    db: Db,
) {
    let world = World::on(db).await;
    let (cx, operator) = (&world.cx, caller(Party::Operator));
    let any = Expected::Any;
    let agency = world.agency.actor.agency().unwrap().to_string();
    let platform = world.platform.actor.platform().unwrap().to_string();
    let (client, _) = client(cx, Party::Operator, None).await;
    let reasons = async || {
        [
            agencies::read(cx, &operator, &agency)
                .await
                .unwrap()
                .suspension_reason,
            platforms::read(cx, &operator, &platform)
                .await
                .unwrap()
                .suspension_reason,
            clients::read(cx, &operator, &client)
                .await
                .unwrap()
                .suspension_reason,
        ]
    };
    for _ in 0..2 {
        agencies::suspend(cx, &operator, &agency, any, reason())
            .await
            .unwrap();
        platforms::suspend(cx, &operator, &platform, any, reason())
            .await
            .unwrap();
        clients::suspend(cx, &operator, &client, reason())
            .await
            .unwrap();
        let why = Some(reason().as_str().to_owned());
        assert_eq!(reasons().await, [why.clone(), why.clone(), why.clone()]);

        // As it was before the columns were there.
        let mut conn = world.connection();
        while backend::revert_last(&mut conn).unwrap() != "0003" {}
        let done = backend::migrate(&mut conn).unwrap();
        assert_eq!(done[0], "0003");
        assert_eq!(reasons().await, [why.clone(), why.clone(), why]);

        agencies::reinstate(cx, &operator, &agency, any)
            .await
            .unwrap();
        platforms::reinstate(cx, &operator, &platform, any)
            .await
            .unwrap();
        clients::reinstate(cx, &operator, &client).await.unwrap();
        assert_eq!(reasons().await, [None, None, None]);
    }
}
