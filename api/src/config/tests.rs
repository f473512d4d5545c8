#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::Path;
use std::time::Duration;

use secrecy::ExposeSecret;

use super::database::DatabaseUrl;
use super::mail::{Tls, Transport};
use super::*;

fn config(file: &str, env: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let mut layers = Layers::default();
    layers.file("takedown.toml", file);
    layers.environment(env.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
    Config::from_layers(layers)
}

fn mistakes(file: &str, env: &[(&str, &str)]) -> Vec<String> {
    let error = config(file, env).expect_err("the configuration is wrong");
    error.0.iter().map(ToString::to_string).collect()
}

#[test]
fn nothing_set_is_a_working_configuration() {
    let config = config("", &[]).unwrap();
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.server.public_url, "http://127.0.0.1:8080");
    assert_eq!(config.oauth.issuer, "http://127.0.0.1:8080");
    assert_eq!(config.server.body_limit, 65_536);
    assert_eq!(config.oauth.token_lifetime, Duration::from_secs(300));
    assert!(
        matches!(&config.database.url, DatabaseUrl::Sqlite(path) if path == Path::new("./data/takedown.db"))
    );
    assert!(
        matches!(&config.mail.transport, Transport::Directory(path) if path == Path::new("./data/mail"))
    );
    assert_eq!(config.worker.retry_schedule.len(), 8);
    assert!(config.limits.enabled);
}

#[test]
fn the_environment_wins_over_the_file_and_both_over_the_default() {
    let config = config(
        "data_dir = '/srv/a'\n[server]\nlisten = '127.0.0.1:9000'\nworkers = 3\ntrusted_proxies = ['10.0.0.0/8', '::1']\n",
        &[("TAKEDOWN_SERVER_LISTEN", "127.0.0.1:9001"), ("TAKEDOWN_SERVER_WORKERS", "")],
    )
    .unwrap();
    assert_eq!(config.server.listen.port(), 9001);
    assert_eq!(config.server.workers, 3);
    assert_eq!(config.server.trusted_proxies.len(), 2);
    assert_eq!(config.data_dir, Path::new("/srv/a"));
    let masked = config.masked();
    assert!(
        masked.contains("# environment TAKEDOWN_SERVER_LISTEN"),
        "{masked}"
    );
    assert!(masked.contains("# takedown.toml:4"), "{masked}");
    assert!(masked.contains("# default"), "{masked}");
}

#[test]
fn all_mistakes_are_reported_at_once_with_their_source() {
    let found = mistakes(
        "[server]\nlisten = 'everywhere'\nbody_limit = '1TiB'\n\n[oauth]\ntoken_lifetime = 7200\n",
        &[("TAKEDOWN_WORKER_ENABLED", "perhaps")],
    );
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(found.iter().any(|m| m
        == "server.listen (takedown.toml:2): \"everywhere\" is not accepted; give an IP address and a port, such as 127.0.0.1:8080 or [::]:8080"));
    assert!(
        found
            .iter()
            .any(|m| m.starts_with("server.body_limit (takedown.toml:3): "))
    );
    assert!(found.iter().any(|m| m
        == "oauth.token_lifetime (takedown.toml:6): \"7200\" is not accepted: it is too long; give a duration from 60s to 3600s, such as 300s"));
    assert!(found.iter().any(|m| m
        == "worker.enabled (environment TAKEDOWN_WORKER_ENABLED): \"perhaps\" is not accepted; give true or false"));
}

#[test]
fn unknown_keys_are_refused_with_a_suggestion() {
    let found = mistakes(
        "[server]\nlisen = 1\n[databse]\nurl = 'x'\n[zzz]\n",
        &[
            ("TAKEDOWN_MAIL_SMPT_HOST", "x"),
            ("TAKEDOWN_CLIENT_ID", "client_x"),
            ("TAKEDOWN_PORT_80_TCP", "tcp://10.0.0.1:80"),
            ("TAKEDOWN_SERVICE_HOST", "10.0.0.1"),
            ("HOME", "/nowhere"),
        ],
    );
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(found.iter().any(
        |m| m.contains("lisen (takedown.toml:2)") && m.contains("did you mean server.listen?")
    ));
    assert!(found.iter().any(|m| m.contains("did you mean database?")));
    assert!(
        found
            .iter()
            .any(|m| m.starts_with("zzz (takedown.toml:5): there is no such section"))
    );
    assert!(
        found
            .iter()
            .any(|m| m.contains("did you mean TAKEDOWN_MAIL_SMTP_HOST?"))
    );
}

#[test]
fn a_misspelt_database_never_becomes_a_file() {
    for url in [
        "postgers://u:geheim@db.example/x",
        "takedown.db",
        "mysql://db.example/x",
        "sqlite://",
        "sqlite://:memory:",
        "postgres://db.example",
        "file://x",
    ] {
        let found = mistakes("", &[("TAKEDOWN_DATABASE_URL", url)]);
        assert_eq!(found.len(), 1, "{url}");
        assert!(
            found[0].contains("sqlite://PATH, or postgres://"),
            "{}",
            found[0]
        );
        assert!(!found[0].contains("geheim"), "{}", found[0]);
    }
    assert!(
        mistakes("", &[("TAKEDOWN_DATABASE_URL", "postgers://x/y")])[0]
            .contains("did you mean postgres?")
    );
}

#[test]
fn secrets_are_never_shown() {
    let config = config(
        "[database]\nurl = 'postgresql://takedown:geheim1@db.example/takedown'\n[mail]\nsmtp_host = 'smtp.example'\nsmtp_tls = 'required'\nsmtp_user = 'u'\n",
        &[("TAKEDOWN_MAIL_SMTP_PASSWORD", "geheim2")],
    )
    .unwrap();
    for text in [config.masked(), format!("{config:?}")] {
        assert!(!text.contains("geheim"), "{text}");
    }
    assert!(
        config
            .masked()
            .contains("url = \"postgresql://takedown:********@db.example/takedown\"")
    );
    let Transport::Smtp(smtp) = &config.mail.transport else {
        panic!("smtp");
    };
    assert_eq!((smtp.port, smtp.tls), (465, Tls::Required));
    assert_eq!(
        smtp.login.as_ref().unwrap().password.expose_secret(),
        "geheim2"
    );
    let DatabaseUrl::Postgres(url) = &config.database.url else {
        panic!("postgres");
    };
    assert!(url.expose_secret().contains("geheim1"));
}

#[test]
fn a_replica_is_of_postgresql() {
    let postgres = "[database]\nurl = 'postgres://db.example/t'\nreplica = 'postgres://u:geheim@copy.example/t'\n";
    let config = config(postgres, &[]).unwrap();
    assert!(config.database.replica.is_some());
    assert!(!config.masked().contains("geheim"));
    let found = mistakes("[database]\nreplica = 'postgres://copy.example/t'\n", &[]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("database.replica (takedown.toml:2)"));
    assert!(
        found[0].contains("only PostgreSQL has replicas, and database.url"),
        "{found:#?}"
    );
    let found = mistakes(
        "[database]\nurl = 'postgres://db.example/t'\nreplica = 'sqlite://copy.db'\n",
        &[],
    );
    assert!(
        found[0].contains("only PostgreSQL has replicas"),
        "{found:#?}"
    );
}

#[test]
fn values_that_contradict_each_other_are_named() {
    let found = mistakes(
        "[mail]\nsmtp_host = 'smtp.example'\nsmtp_user = 'u'\n[server]\nbody_limit = '1MiB'\nbatch_limit = '64KiB'\n",
        &[],
    );
    assert_eq!(found.len(), 2, "{found:#?}");
    let found = mistakes(
        "[mail]\nsmtp_host = 'smtp.example'\nsmtp_tls = 'none'\nsmtp_user = 'u'\nsmtp_password = 'p'\n",
        &[],
    );
    assert!(found[0].contains("unprotected"), "{found:#?}");
}

#[test]
fn a_broken_file_names_its_line() {
    let found = mistakes("[server]\nlisten = \n", &[]);
    assert!(
        found[0].starts_with("takedown.toml (takedown.toml:2): is not valid TOML"),
        "{found:#?}"
    );
    let found = mistakes("[server]\nlisten = { a = 1 }\n", &[]);
    assert!(
        found[0].contains("server.listen (takedown.toml:2): is a table"),
        "{found:#?}"
    );
}

#[test]
fn a_command_has_the_last_word_but_not_with_unknown_keys() {
    let mut layers = Layers::default();
    layers.set("data_dir", "/tmp/demo");
    layers.set("nonsense", "x");
    let error = Config::from_layers(layers).expect_err("unknown key");
    assert_eq!(error.0.len(), 1);
    let mut layers = Layers::default();
    layers.environment([("TAKEDOWN_DATA_DIR".to_owned(), "/srv".to_owned())]);
    layers.set("data_dir", "/tmp/demo");
    assert_eq!(
        Config::from_layers(layers).unwrap().data_dir,
        Path::new("/tmp/demo")
    );
}

#[test]
fn each_class_has_its_time_and_never_keeps_it() {
    let all = config("", &[]).unwrap().retention.times;
    assert_eq!(all.len(), takedown_core::retention::Class::ALL.len());
    let file = "[retention]\nrequests = '90d'\nmails = 'never'\n";
    let some = config(file, &[]).unwrap().retention.times;
    assert_eq!(some.len(), all.len() - 1, "never is no time");
    assert!(some.contains(&(
        takedown_core::retention::Class::Requests,
        Duration::from_secs(90 * 86_400)
    )));
    let wrong = mistakes("[retention]\nrequests = 'forever'\nlookups = '0s'\n", &[]);
    assert_eq!(wrong.len(), 2, "{wrong:#?}");
    assert!(
        wrong[0].contains("retention.requests (takedown.toml:2)") && wrong[0].contains("never"),
        "{wrong:#?}"
    );
    assert!(
        wrong[1].contains("retention.lookups (takedown.toml:3)"),
        "{wrong:#?}"
    );
}

#[test]
fn the_page_of_what_is_kept_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/retention.md");
    let fresh = retention::page();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == fresh,
        "docs/retention.md is stale: run the tests with UPDATE_GOLDEN=1"
    );
}

#[test]
fn the_reference_page_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/configuration.md");
    let fresh = reference();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &fresh).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == fresh,
        "docs/configuration.md is stale: run the tests with UPDATE_GOLDEN=1"
    );
}
