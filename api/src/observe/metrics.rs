//! Prometheus metrics. Labels are route patterns, methods and statuses: never a path, an id or a host.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use actix_web::{HttpResponse, web};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::http::problem::Problem;

const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    method: &'static str,
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LimitLabels {
    policy: &'static str,
}

/// All metrics of this process.
pub struct Metrics {
    registry: Registry,
    calls: Family<CallLabels, Counter>,
    latency: Family<RouteLabels, Histogram, fn() -> Histogram>,
    limited: Family<LimitLabels, Counter>,
    replica_passed_over: Counter,
    /// Calls that are being answered now.
    pub in_flight: Gauge<i64, AtomicI64>,
    /// Deliveries that wait to be made.
    pub outbox_waiting: Gauge<i64, AtomicI64>,
    /// Deliveries that failed for good.
    pub outbox_dead: Gauge<i64, AtomicI64>,
    /// Age of the oldest waiting delivery, in seconds.
    pub outbox_oldest: Gauge<i64, AtomicI64>,
    /// Changes that wait for the writer of the embedded database.
    pub writer_queue: Gauge<i64, AtomicI64>,
    /// Deliveries made since the start.
    pub delivered: Counter,
    /// Attempts to deliver that failed since the start.
    pub delivery_failures: Counter,
}

/// From a tenth of a millisecond to ten seconds.
fn latency_buckets() -> Histogram {
    Histogram::new([
        0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0,
    ])
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("takedown");
        let metrics = Self {
            calls: Family::default(),
            latency: Family::new_with_constructor(latency_buckets),
            limited: Family::default(),
            replica_passed_over: Counter::default(),
            in_flight: Gauge::default(),
            outbox_waiting: Gauge::default(),
            outbox_dead: Gauge::default(),
            outbox_oldest: Gauge::default(),
            writer_queue: Gauge::default(),
            delivered: Counter::default(),
            delivery_failures: Counter::default(),
            registry: Registry::default(),
        };
        registry.register(
            "build",
            "Version of the exchange",
            Info::new([("version", env!("CARGO_PKG_VERSION"))]),
        );
        registry.register("http_requests", "Calls answered", metrics.calls.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Time until the answer began",
            Unit::Seconds,
            metrics.latency.clone(),
        );
        registry.register(
            "http_rate_limited",
            "Calls turned away by a rate limit",
            metrics.limited.clone(),
        );
        registry.register(
            "replica_passed_over",
            "Exports that read from the database itself although there is a replica",
            metrics.replica_passed_over.clone(),
        );
        registry.register(
            "http_in_flight",
            "Calls being answered now",
            metrics.in_flight.clone(),
        );
        registry.register(
            "outbox_waiting",
            "Deliveries that wait",
            metrics.outbox_waiting.clone(),
        );
        registry.register(
            "outbox_dead",
            "Deliveries that failed for good",
            metrics.outbox_dead.clone(),
        );
        registry.register_with_unit(
            "outbox_oldest",
            "Age of the oldest waiting delivery",
            Unit::Seconds,
            metrics.outbox_oldest.clone(),
        );
        registry.register(
            "writer_queue",
            "Changes that wait for the database's writer",
            metrics.writer_queue.clone(),
        );
        registry.register("deliveries", "Deliveries made", metrics.delivered.clone());
        registry.register(
            "delivery_failures",
            "Attempts to deliver that failed",
            metrics.delivery_failures.clone(),
        );
        Self {
            registry,
            ..metrics
        }
    }
}

impl Metrics {
    /// Counts an answered call. `route` is the pattern that matched, `None` when none did.
    pub fn answered(&self, method: &str, route: Option<String>, status: u16, took: Duration) {
        let method = known_method(method);
        let route = route.unwrap_or_else(|| "unmatched".to_owned());
        self.latency
            .get_or_create(&RouteLabels {
                method,
                route: route.clone(),
            })
            .observe(took.as_secs_f64());
        self.calls
            .get_or_create(&CallLabels {
                method,
                route,
                status,
            })
            .inc();
    }

    /// Counts a call that was turned away by the limit of this name.
    pub fn turned_away(&self, policy: &'static str) {
        self.limited.get_or_create(&LimitLabels { policy }).inc();
    }

    /// So often by now a replica could not be used.
    pub fn replica_passed_over(&self, times: u64) {
        self.replica_passed_over
            .inner()
            .store(times, Ordering::Relaxed);
    }

    /// The text that Prometheus reads.
    ///
    /// # Errors
    /// Never in practice: writing to a string does not fail.
    pub fn text(&self) -> Result<String, std::fmt::Error> {
        let mut out = String::new();
        encode(&mut out, &self.registry)?;
        Ok(out)
    }
}

/// Methods are chosen by callers, so only known ones become labels.
fn known_method(method: &str) -> &'static str {
    ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
        .into_iter()
        .find(|known| *known == method)
        .unwrap_or("OTHER")
}

/// `GET /metrics`.
///
/// # Errors
/// When the text cannot be made.
pub async fn metrics_page(metrics: web::Data<Metrics>) -> Result<HttpResponse, Problem> {
    let text = metrics.text().map_err(Problem::internal)?;
    Ok(HttpResponse::Ok().content_type(CONTENT_TYPE).body(text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn calls_are_counted_by_pattern_and_labels_stay_few() {
        let metrics = Metrics::default();
        let took = Duration::from_millis(2);
        metrics.answered("GET", Some("/v1/requests/{id}".to_owned()), 200, took);
        metrics.answered("GET", Some("/v1/requests/{id}".to_owned()), 200, took);
        metrics.answered("BREW\"\n", None, 404, took);
        metrics.turned_away("client");
        metrics.outbox_waiting.set(7);
        let text = metrics.text().unwrap();
        assert!(text.contains(r#"takedown_http_requests_total{method="GET",route="/v1/requests/{id}",status="200"} 2"#), "{text}");
        assert!(
            text.contains(r#"{method="OTHER",route="unmatched",status="404"} 1"#),
            "{text}"
        );
        assert!(
            text.contains(r#"takedown_http_rate_limited_total{policy="client"} 1"#),
            "{text}"
        );
        assert!(text.contains("takedown_outbox_waiting 7"), "{text}");
        assert!(
            text.contains(r#"takedown_http_request_duration_seconds_bucket{le="0.003","#),
            "{text}"
        );
        assert!(text.ends_with("# EOF\n"));
    }
}
