#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn agency(n: u128) -> AgencyId {
    AgencyId::from_uuid(Uuid::from_u128(n))
}

fn platform(n: u128) -> PlatformId {
    PlatformId::from_uuid(Uuid::from_u128(n))
}

fn parties() -> Vec<Party> {
    vec![
        Party::Agency(agency(1)),
        Party::Platform(platform(1)),
        Party::Auditor(Reach::Everything),
        Party::Auditor(Reach::Agency(agency(1))),
        Party::Auditor(Reach::Platform(platform(1))),
        Party::Auditor(Reach::Nothing),
        Party::Operator,
        Party::Anonymous,
    ]
}

const FOREIGN: (u128, u128) = (2, 2);

#[test]
fn foreign_requests_are_hidden_from_every_party_for_every_action() {
    let resource = Resource::Request {
        agency: agency(FOREIGN.0),
        platform: platform(FOREIGN.1),
    };
    for party in parties() {
        if party == Party::Auditor(Reach::Everything) {
            continue;
        }
        let actor = Actor::new(party, Scopes::all());
        for action in Action::ALL {
            let needs_scope = matches!(cell(*action, actor.role()), Cell::Own(_));
            let answer = authorize(&actor, *action, &resource);
            if needs_scope {
                assert_eq!(answer, Err(Denied::Hidden), "{party:?} {action}");
            }
        }
    }
}

#[test]
fn no_role_has_all_over_requests_and_the_operator_reads_none() {
    for action in Action::ALL {
        let (_, path) = action.endpoint();
        if path.starts_with("/v1/requests")
            || path == "/v1/inbox"
            || path.starts_with("/v1/exports")
        {
            for role in Role::ALL {
                assert!(!matches!(cell(*action, *role), Cell::All(_) | Cell::Open));
            }
            assert_eq!(cell(*action, Role::Operator), Cell::No);
            assert_eq!(cell(*action, Role::Anonymous), Cell::No);
        }
    }
}

/// But that they ask for copies of what they may read anyway, which exist for them alone.
#[test]
fn auditors_change_nothing() {
    let copies = [
        Action::MakeExport,
        Action::RetryExport,
        Action::ForgetExport,
    ];
    for action in Action::ALL {
        let (verb, path) = action.endpoint();
        if path.starts_with("/v1") && verb != "GET" && !copies.contains(action) {
            assert_eq!(cell(*action, Role::Auditor), Cell::No, "{action}");
        }
    }
}

#[test]
fn role_is_judged_before_existence() {
    let operator = Actor::new(Party::Operator, Scopes::all());
    let resource = Resource::Request {
        agency: agency(1),
        platform: platform(1),
    };
    for resource in [resource, Resource::Exchange] {
        assert_eq!(
            authorize(&operator, Action::ReadRequest, &resource),
            Err(Denied::Forbidden {
                role: Role::Operator,
                action: Action::ReadRequest
            })
        );
    }
}

#[test]
fn every_endpoint_is_named_once() {
    let mut seen = std::collections::HashSet::new();
    for action in Action::ALL {
        assert!(seen.insert(action.endpoint()), "{action}");
    }
}

#[test]
fn a_platform_knows_of_no_other() {
    let actor = Actor::new(Party::Platform(platform(1)), Scopes::all());
    let read = |id| {
        authorize(
            &actor,
            Action::ReadPlatform,
            &Resource::Platform(platform(id)),
        )
    };
    assert!(read(1).is_ok());
    assert_eq!(read(2), Err(Denied::Hidden));
    let asks = Resource::Agency(agency(2));
    assert!(authorize(&actor, Action::ReadAgency, &asks).is_ok());
}

#[test]
fn scopes_are_read_and_written_alike() {
    let all = Scopes::all();
    assert_eq!(Scopes::parse(&all.to_string()).unwrap(), all);
    assert_eq!(Scopes::parse("").unwrap(), Scopes::none());
    let error = Scopes::parse("requests:read everything").unwrap_err();
    assert!(error.to_string().contains("requests:write"), "{error}");
}

#[test]
fn refusals_are_sentences() {
    let reader = Actor::new(
        Party::Platform(platform(1)),
        Scopes::none().with(Scope::RequestsRead),
    );
    let denied = authorize(&reader, Action::Decide, &Resource::Exchange).unwrap_err();
    assert_eq!(denied.to_string(), "decide needs the scope requests:write");
}

proptest! {
    #[test]
    fn a_permit_says_exactly_what_the_table_says(
        party in prop::sample::select(parties()),
        action in prop::sample::select(Action::ALL),
        scopes in prop::collection::vec(prop::sample::select(Scope::ALL), 0..6),
        of in (1u128..3, 1u128..3),
    ) {
        let actor = Actor::new(party, scopes.into_iter().collect());
        let resource = Resource::Request { agency: agency(of.0), platform: platform(of.1) };
        let permitted = authorize(&actor, action, &resource);
        match cell(action, actor.role()) {
            Cell::No => prop_assert!(permitted.is_err()),
            Cell::Open => prop_assert_eq!(permitted.is_ok(), actor.reach().covers(agency(of.0), platform(of.1))),
            Cell::Own(scope) => {
                let own = actor.reach().covers(agency(of.0), platform(of.1));
                prop_assert_eq!(permitted.is_ok(), own && actor.scopes().contains(scope));
            }
            Cell::All(scope) => prop_assert_eq!(permitted.is_ok(), actor.scopes().contains(scope)),
        }
        if let Ok(permit) = permitted {
            prop_assert_eq!(permit.action(), action);
            prop_assert!(permit.reach().covers(agency(of.0), platform(of.1)));
        }
    }
}
