//! Which path goes where: the API under `/v3/` and `/brand/`, API v2, the simulator's own controls under `/_sim/`.

use super::answer::Answer;
use super::{
    Sim, bills, certificates, control, gate, media, orders, refunds, sensitive, transfers, v2,
};
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Router, middleware};
use std::sync::Arc;

pub fn router(sim: Arc<Sim>) -> Router {
    Router::new()
        .route("/v3/certificates", get(certificates::list))
        .route("/v3/pay/transactions/{kind}", post(orders::create))
        .route(
            "/v3/pay/transactions/id/{transaction_id}",
            get(orders::query_by_transaction),
        )
        .route(
            "/v3/pay/transactions/out-trade-no/{out_trade_no}",
            get(orders::query_by_number),
        )
        .route(
            "/v3/pay/transactions/out-trade-no/{out_trade_no}/close",
            post(orders::close),
        )
        .route("/v3/refund/domestic/refunds", post(refunds::create))
        .route(
            "/v3/refund/domestic/refunds/{out_refund_no}",
            get(refunds::query),
        )
        .route("/v3/_sim/echo-encrypted", post(sensitive::echo))
        .route("/brand/_sim/echo", post(sensitive::echo_body))
        .route("/_sim/pay/{out_trade_no}", post(control::pay))
        .route("/_sim/notify", post(control::notify))
        .route("/_sim/notifications", get(control::notifications))
        .route("/_sim/fault", post(control::fault))
        .route(
            "/_sim/faults",
            get(control::faults)
                .post(control::add_faults)
                .delete(control::clear_faults),
        )
        .route("/_sim/clock", post(control::clock))
        .route(
            "/_sim/merchant-certificate",
            post(control::merchant_certificate),
        )
        .route("/_sim/stats", get(control::stats))
        .merge(bills::routes())
        .merge(media::routes())
        .merge(transfers::routes())
        .merge(v2::routes())
        .fallback(async || no_such_path())
        .method_not_allowed_fallback(async || {
            Answer::error(
                StatusCode::METHOD_NOT_ALLOWED,
                "INVALID_REQUEST",
                "This path takes another method.",
            )
        })
        // The gate has its own, larger limit and hands on a body that was read completely.
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(sim.clone(), gate::gate))
        .with_state(sim)
}

pub fn no_such_path() -> Answer {
    Answer::error(
        StatusCode::NOT_FOUND,
        "NOT_FOUND",
        "The simulator does not know this path.",
    )
}
