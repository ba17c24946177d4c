//! Numbers for Prometheus on a listener of their own.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::routing::get;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

use crate::app::App;
use crate::app::limits::Openings;
use crate::edge::http::{Door, Limits};

/// The door with `GET /metrics`. The recorder is one for the whole process.
pub fn door(listener: TcpListener, app: &Arc<App>) -> anyhow::Result<Door> {
    let handle = recorder()?;
    let upkeep = handle.clone();
    let uptime = Arc::clone(app);
    let render = move || async move {
        metrics::gauge!("uptime_seconds").set(uptime.clock.uptime().as_secs_f64());
        upkeep.run_upkeep();
        (
            [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
            handle.render(),
        )
    };
    Ok(Door {
        listener,
        tls: None,
        router: Router::new().route("/metrics", get(render)),
        limits: Limits {
            tls_handshake: PATIENCE,
            header: PATIENCE,
            keep_alive: PATIENCE,
            write_stall: PATIENCE,
            header_bytes_max: 8 * 1024,
        },
        openings: Openings::new(CONNECTIONS_MAX, CONNECTIONS_MAX, true),
        name: "metrics",
    })
}

fn recorder() -> anyhow::Result<PrometheusHandle> {
    static HANDLE: OnceLock<Result<PrometheusHandle, String>> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            PrometheusBuilder::new()
                .install_recorder()
                .map_err(|it| it.to_string())
        })
        .clone()
        .map_err(|text| anyhow::anyhow!("cannot record metrics: {text}"))
}

const CONNECTIONS_MAX: usize = 16;
const PATIENCE: Duration = Duration::from_secs(10);
