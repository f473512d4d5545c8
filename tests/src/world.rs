//! A small exchange with everyone in it: an operator, two police units of different countries, two platforms, an auditor.

use crate::database::Db;
use crate::seams::{self, Credentials};
use crate::{Api, Filing, Server, filing, shared};
use serde_json::{Value, json};

/// One of the exchange's parties and its client.
#[derive(Debug, Clone)]
pub struct Party {
    /// Its id (`agency_…`, `platform_…`; the client's own for auditor and operator).
    pub id: String,
    /// Its client's connection.
    pub api: Api,
}

/// A server and its parties.
#[derive(Debug)]
pub struct World {
    /// The server.
    pub server: Server,
    /// Somebody without credentials.
    pub anonymous: Api,
    /// Runs the exchange.
    pub operator: Party,
    /// A police unit in Poland, verified.
    pub unit: Party,
    /// A police unit in France, verified; a stranger to the first one's requests.
    pub other_unit: Party,
    /// A one-person paste site: `paste.example` and everything below it.
    pub platform: Party,
    /// A forum, `forum.example`; a stranger to the first one's requests.
    pub other_platform: Party,
    /// Reads everything.
    pub auditor: Party,
}

impl World {
    /// Starts a server on a fresh database and brings everyone in.
    pub async fn new(db: Db) -> World {
        match shared::world(db).await {
            Some(world) => world,
            None => World::with(db, &[]).await,
        }
    }

    /// The same with further settings for the server, under which everyone is brought in.
    pub async fn with(db: Db, settings: &[(String, String)]) -> World {
        World::on(Server::prepare(db, settings)).await
    }

    /// The same, with settings that count from a restart on, once everyone is in (`before` counts until then).
    pub async fn started_with(
        db: Db,
        settings: &[(String, String)],
        before: &[(String, String)],
    ) -> World {
        let mut world = World::with(db, before).await;
        world.server.stop();
        for (name, _) in before {
            world.server.unset(name);
        }
        settings
            .iter()
            .for_each(|setting| world.server.set(setting.clone()));
        world.server.restart();
        world
    }

    /// The same on a server that was prepared but not started.
    pub async fn on(server: Server) -> World {
        let first = seams::first_operator(server.data(), server.database());
        let server = server.started();
        let anonymous = Api::anonymous(server.address());
        let operator = Party {
            id: first.id.clone(),
            api: anonymous.acting_as(first),
        };
        let unit = agency(&operator, "Cyber Unit Kraków", "PL", "unit@police.example").await;
        let other_unit = agency(
            &operator,
            "Unité de Lyon",
            "FR",
            "unite@gendarmerie.example",
        )
        .await;
        let platform = self::platform(
            &operator,
            "Paste",
            "DE",
            "paste.example",
            "owner@paste.example",
            &["en", "de"],
        )
        .await;
        let other_platform = self::platform(
            &operator,
            "Forum",
            "NL",
            "forum.example",
            "team@forum.example",
            &["ar", "en"],
        )
        .await;
        let auditor = client(
            &operator,
            json!({"name": "Court of Auditors", "auditor": {"everything": true}}),
        )
        .await;
        let auditor = Party {
            id: auditor.id.clone(),
            api: anonymous.acting_as(auditor),
        };
        World {
            server,
            anonymous,
            operator,
            unit,
            other_unit,
            platform,
            other_platform,
            auditor,
        }
    }

    /// Everyone with credentials, named by role.
    pub fn everyone(&self) -> [(&'static str, &Party); 6] {
        [
            ("operator", &self.operator),
            ("unit", &self.unit),
            ("other unit", &self.other_unit),
            ("platform", &self.platform),
            ("other platform", &self.other_platform),
            ("auditor", &self.auditor),
        ]
    }

    /// The first unit files; the answer is the request.
    pub async fn file(&self, filing: &Filing) -> Value {
        self.unit
            .api
            .post("/v1/requests", &filing.json())
            .await
            .is(201)
            .json()
    }

    /// A filed request's newest state as the unit sees it (reading as the platform would fetch it).
    pub async fn read(&self, request: &Value) -> Value {
        self.unit.api.get(&path(request)).await.is(200).json()
    }

    /// The platform fetches and acknowledges.
    pub async fn acknowledge(&self, request: &Value) -> Value {
        self.platform.api.get(&path(request)).await.is(200);
        self.platform
            .api
            .put(&format!("{}/acknowledgement", path(request)), &json!({}))
            .await
            .is(200)
            .json()
    }

    /// The platform decides every undecided item alike.
    pub async fn decide_all(&self, request: &Value, outcome: &str) -> Value {
        let decisions = format!("{}/decisions", path(request));
        self.platform
            .api
            .post(&decisions, &filing::decide_all(outcome))
            .if_match("*")
            .await
            .is(201)
            .json()
    }

    /// The platform answers every item alike once more, for instance that it is put back.
    pub async fn decide_all_again(&self, request: &Value, outcome: &str) -> Value {
        let items = request["items"].as_array().expect("items").iter();
        let items: Vec<_> = items.map(|item| &item["id"]).collect();
        let decisions = format!("{}/decisions", path(request));
        self.platform
            .api
            .post(&decisions, &filing::decide(&items, outcome))
            .if_match("*")
            .await
            .is(201)
            .json()
    }

    /// The platform closes.
    pub async fn close(&self, request: &Value) -> Value {
        self.platform
            .api
            .put(&format!("{}/closure", path(request)), &json!({}))
            .if_match("*")
            .await
            .is(200)
            .json()
    }

    /// The request's whole history, as the unit may read it: the names of what happened, oldest first.
    pub async fn history(&self, request: &Value) -> Vec<String> {
        let entries = self
            .unit
            .api
            .list(&format!("{}/history", path(request)))
            .await;
        entries
            .iter()
            .map(|entry| entry["type"].as_str().expect("a type").to_owned())
            .collect()
    }
}

/// Where a request lives.
pub fn path(request: &Value) -> String {
    format!("/v1/requests/{}", request["id"].as_str().expect("an id"))
}

/// The operator registers a client.
pub async fn client(operator: &Party, mut wanted: Value) -> Credentials {
    wanted["authentication"] = json!("secret");
    Credentials::read(
        &operator
            .api
            .post("/v1/clients", &wanted)
            .await
            .is(201)
            .json(),
    )
}

/// How an agency was found to be real: until a year from now.
pub fn verification() -> Value {
    let until = chrono::Utc::now() + chrono::TimeDelta::days(365);
    json!({"method": "call_back", "by": "Duty operator", "expires_at": until.to_rfc3339()})
}

/// The operator registers and verifies an agency and gives it a client.
pub async fn agency(operator: &Party, name: &str, country: &str, mail: &str) -> Party {
    let wanted = json!({
        "name": name, "country": country, "type": "police", "mail": mail, "language": "en", "time_zone": "Europe/Warsaw",
        "complaints": "complaints@police.example",
    });
    let made = operator
        .api
        .post("/v1/agencies", &wanted)
        .await
        .is(201)
        .json();
    let id = made["id"].as_str().expect("an id").to_owned();
    let verification = verification();
    operator
        .api
        .put(&format!("/v1/agencies/{id}/verification"), &verification)
        .await
        .is(200);
    let who = client(
        operator,
        json!({"name": format!("{name} system"), "agency": id}),
    )
    .await;
    Party {
        id,
        api: operator.api.acting_as(who),
    }
}

/// The operator registers a platform and gives it a client.
pub async fn platform(
    operator: &Party,
    name: &str,
    country: &str,
    host: &str,
    mail: &str,
    languages: &[&str],
) -> Party {
    let wanted = json!({
        "name": name, "country": country, "hosts": [host], "languages": languages, "time_zone": "Europe/Berlin",
        "size_class": "micro", "contacts": [mail],
    });
    let made = operator
        .api
        .post("/v1/platforms", &wanted)
        .await
        .is(201)
        .json();
    let id = made["id"].as_str().expect("an id").to_owned();
    let who = client(
        operator,
        json!({"name": format!("{name} inbox"), "platform": id}),
    )
    .await;
    Party {
        id,
        api: operator.api.acting_as(who),
    }
}
