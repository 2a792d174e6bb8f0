//! Orders of API v2: the same book as API v3's, so either version sees what the other did.

use super::{Call, Failure, Fields, answer, failure, fields};
use crate::simulate::book::{self, Book, Order, PAYER, Refusal, TradeState, Wanted};
use crate::simulate::refunds::order_of;
use crate::simulate::{Sim, clock};
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use std::sync::Arc;

/// `POST /pay/unifiedorder`
pub async fn unifiedorder(State(sim): State<Arc<Sim>>, body: Bytes) -> Response {
    answer(&sim, &body, |call| {
        let trade_type = match call.text("trade_type", 16)? {
            "JSAPI" => "JSAPI",
            "NATIVE" => "NATIVE",
            "APP" => "APP",
            "MWEB" => "MWEB",
            _ => return Err(failure("PARAM_ERROR", "trade_type is unknown")),
        };
        let notify_url = call.text("notify_url", 255)?;
        if !notify_url.starts_with("http") || notify_url.contains(['?', '#']) {
            return Err(failure(
                "PARAM_ERROR",
                "notify_url must be an absolute URL without a query",
            ));
        }
        if trade_type == "JSAPI" {
            call.text("openid", 128)?;
        }
        if trade_type == "NATIVE" {
            call.text("product_id", 32)?;
        }
        let order = book::enter(&sim, &mut sim.book(), wanted(call, trade_type)?)?;
        let mut answer = fields([("trade_type", trade_type), ("prepay_id", &order.prepay_id)]);
        for (name, from) in [("code_url", "code_url"), ("mweb_url", "h5_url")] {
            if let Some(url) = order.answer[from].as_str() {
                answer.insert(name.to_owned(), url.to_owned());
            }
        }
        Ok(answer)
    })
}

fn wanted(call: &Call, trade_type: &'static str) -> Result<Wanted, Failure> {
    call.text("appid", 32)?;
    call.text("body", 128)?;
    call.text("spbill_create_ip", 64)?;
    let number = call.text("out_trade_no", 32)?;
    if !number
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-|*@".contains(&byte))
    {
        return Err(failure("PARAM_ERROR", "out_trade_no has a wrong character"));
    }
    // In the words of API v3, which a query of that version answers with.
    let mut request = json!({
        "appid": call.optional("appid"),
        "description": call.optional("body"),
        "attach": call.optional("attach").unwrap_or(""),
        "v2": call.content(),
    });
    if let Some(url) = call.optional("notify_url") {
        request["notify_url"] = json!(url);
    }
    if let Some(openid) = call.optional("openid") {
        request["payer"] = json!({"openid": openid});
    }
    Ok(Wanted {
        request,
        trade_type,
        out_trade_no: number.to_owned(),
        total: call.fen("total_fee")?,
        v2: Some(call.sign_type),
    })
}

/// `POST /pay/micropay`: paid at once, but for an `auth_code` that ends in 99, whose payer must first be asked.
pub async fn micropay(State(sim): State<Arc<Sim>>, body: Bytes) -> Response {
    answer(&sim, &body, |call| {
        let auth_code = call.text("auth_code", 32)?;
        let known = auth_code.len() == 18
            && auth_code.bytes().all(|byte| byte.is_ascii_digit())
            && matches!(
                auth_code.get(..2),
                Some("10" | "11" | "12" | "13" | "14" | "15")
            );
        if !known {
            return Err(failure(
                "AUTH_CODE_INVALID",
                "auth_code must be 18 digits that begin with 10 to 15",
            ));
        }
        let wanted = wanted(call, "MICROPAY")?;
        let number = wanted.out_trade_no.clone();
        let mut book = sim.book();
        book::enter(&sim, &mut book, wanted)?;
        if auth_code.ends_with("99") {
            return Err(failure(
                "USERPAYING",
                "The payer has to confirm; query the order.",
            ));
        }
        book::settle(&sim, &mut book, &number)?;
        let order = book.orders.get(&number).ok_or(Refusal::NoOrder)?;
        Ok(payment(&number, order))
    })
}

/// out_trade_no of the order that a request names by either number.
pub fn named(book: &Book, call: &Call) -> Result<String, Failure> {
    Ok(order_of(
        book,
        call.optional("out_trade_no"),
        call.optional("transaction_id"),
    )?)
}

/// `POST /pay/orderquery`
pub async fn orderquery(State(sim): State<Arc<Sim>>, body: Bytes) -> Response {
    answer(&sim, &body, |call| {
        let book = sim.book();
        let number = named(&book, call)?;
        let order = book.orders.get(&number).ok_or(Refusal::NoOrder)?;
        let (state, description) = order.state.names();
        let (state, description) = match order.state {
            TradeState::NotPay if order.trade_type == "MICROPAY" => ("USERPAYING", "用户支付中"),
            _ => (state, description),
        };
        let mut answer = payment(&number, order);
        answer.extend(fields([
            ("trade_state", state),
            ("trade_state_desc", description),
        ]));
        Ok(answer)
    })
}

/// `POST /pay/closeorder`
pub async fn closeorder(State(sim): State<Arc<Sim>>, body: Bytes) -> Response {
    answer(&sim, &body, |call| {
        let number = call.text("out_trade_no", 32)?;
        book::shut(&mut sim.book(), number)?;
        Ok(Fields::new())
    })
}

/// What a query, an answer to micropay and a notification say of an order; of an unpaid one only its numbers.
pub fn payment(out_trade_no: &str, order: &Order) -> Fields {
    let total = order.total.to_string();
    let mut payment = fields([("out_trade_no", out_trade_no), ("total_fee", &total)]);
    if let Some(attach) = order.request["attach"].as_str().filter(|a| !a.is_empty()) {
        payment.insert("attach".to_owned(), attach.to_owned());
    }
    if let Some((transaction_id, time)) = &order.paid {
        let openid = order
            .request
            .pointer("/payer/openid")
            .and_then(Value::as_str);
        payment.extend(fields([
            ("transaction_id", transaction_id),
            ("time_end", &clock::compact(*time)),
            ("openid", openid.unwrap_or(PAYER)),
            ("is_subscribe", "N"),
            ("trade_type", order.trade_type),
            ("bank_type", "OTHERS"),
            ("fee_type", "CNY"),
            ("cash_fee", &total),
        ]));
    }
    payment
}
