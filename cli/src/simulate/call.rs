//! One request on its way through: WeChat Pay's own checks on the way in, the action, and WeChat Pay's signature on the
//! way out; faults are worked in here, and the log line is written.

use super::answer::{Answer, Number, Signing, number};
use super::authorization;
use super::connection::Connection;
use super::faults::{self, Struck};
use super::gate::{append, finish};
use super::identity::Platform;
use super::kind::{Kind, Stage, When, Wire};
use super::refusal::Language;
use super::signer::{Rotation, Spoil};
use super::wire::Script;
use super::{Sim, log, signer, spoilt, upload, v2};
use axum::body::{self, Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;
use std::time::{Duration, Instant};
use time::OffsetDateTime;

/// The largest upload is a video of 5 MB.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// One request on its way through.
pub struct Call<'a> {
    sim: &'a Arc<Sim>,
    connection: &'a Connection,
    method: String,
    pub path: String,
    /// As it came
    target: String,
    /// The key that the request names for the answer
    serial: Option<String>,
    since: Instant,
    /// For the log
    pub verdict: String,
    details: Vec<String>,
    fault: Option<String>,
    /// Not a GET, and carried out
    done: bool,
}

impl<'a> Call<'a> {
    pub fn new(sim: &'a Arc<Sim>, connection: &'a Connection, request: &Request) -> Self {
        let path = request.uri().path().to_owned();
        let target = request
            .uri()
            .path_and_query()
            .map_or_else(|| path.clone(), |target| target.as_str().to_owned());
        Self {
            sim,
            connection,
            method: request.method().as_str().to_owned(),
            path,
            target,
            serial: text(request.headers(), "Wechatpay-Serial").map(str::to_owned),
            since: Instant::now(),
            verdict: String::new(),
            details: Vec::new(),
            fault: None,
            done: false,
        }
    }

    /// Writes the log line, with the answer's status or what became of it.
    fn log(&self, answer: &str) {
        self.sim.log.line(|| {
            let mut line = format!(
                "#{} {} {} -> {answer}, {} ms; {}",
                self.connection.number,
                log::shown(&self.method),
                log::shown(&self.target),
                self.since.elapsed().as_millis(),
                self.verdict,
            );
            if self.done {
                line.push_str("; done");
            }
            if let Some(fault) = &self.fault {
                line.push_str(&format!("; fault {}", log::shown(fault)));
            }
            for detail in &self.details {
                line.push_str(&format!("\n    {detail}"));
            }
            line
        });
    }

    pub fn ended(&self, response: Response) -> Response {
        self.log(response.status().as_str());
        response
    }

    /// Leaves the connection to a script.
    async fn play(&self, script: Script) -> Response {
        self.log("fault");
        self.connection.play(script).await
    }

    pub async fn api(&mut self, request: Request, next: Next) -> Response {
        let (parts, body) = request.into_parts();
        self.sim.stats.request(&self.method, &self.path);
        let asked = text(&parts.headers, "X-Sim-Fault").map(str::to_owned);
        match self.fault(When::Head, asked.as_deref()) {
            Ok(None) => {}
            Ok(Some(Kind::End(how, _))) => {
                "nothing was looked at".clone_into(&mut self.verdict);
                return self.play(Script::end(how)).await;
            }
            Ok(Some(Kind::Wire(wire @ Wire::Early(status)))) => {
                "answered before the body was read".clone_into(&mut self.verdict);
                let response = spoilt::status_answer(status).into_response();
                let response = self.signed(response, None).await;
                return self.play(Script::of(wire, response).await).await;
            }
            Ok(Some(_)) => {}
            Err(message) => {
                return self
                    .refused(Answer::invalid_request(&message, number::PARAMETER))
                    .await;
            }
        }
        let Ok(body) = body::to_bytes(body, MAX_BODY_BYTES).await else {
            let answer = Answer::error(
                StatusCode::PAYLOAD_TOO_LARGE,
                "PARAM_ERROR",
                "The body is larger than 16 MiB.",
            );
            return self.refused(answer).await;
        };
        if let Err(answer) = self.checks(&parts.headers, &body) {
            return self.signed(answer.into_response(), None).await;
        }
        let kind = match self.fault(When::Answer, asked.as_deref()) {
            Ok(kind) => kind,
            Err(message) => {
                return self
                    .refused(Answer::invalid_request(&message, number::PARAMETER))
                    .await;
            }
        };
        match &kind {
            Some(Kind::End(how, Stage::Request)) => return self.play(Script::end(*how)).await,
            Some(Kind::Delay(ms)) => tokio::time::sleep(Duration::from_millis(*ms)).await,
            Some(Kind::Rotate(rotation)) => {
                if let Err(message) = rotate(self.sim, *rotation) {
                    return self.refused(Answer::system_error(&message)).await;
                }
            }
            _ => {}
        }
        let response = match kind.as_ref().and_then(spoilt::instead_of_the_action) {
            Some(response) => response,
            None => {
                self.sim.stats.action(&self.method, &self.path);
                let response = next.run(Request::from_parts(parts, Body::from(body))).await;
                self.done = self.method != "GET" && response.status().is_success();
                response
            }
        };
        self.answered(kind, response).await
    }

    /// What of a right answer goes out.
    async fn answered(&self, kind: Option<Kind>, response: Response) -> Response {
        match kind {
            Some(Kind::End(how, Stage::Action)) => return self.play(Script::end(how)).await,
            Some(Kind::Html(status)) => return finish(self.sim, spoilt::html(status), 0),
            _ => {}
        }
        let response = spoilt::before_signing(kind.as_ref(), &self.target, response).await;
        let spoil = match &kind {
            Some(Kind::Spoilt(spoil)) => Some(*spoil),
            _ => None,
        };
        let response = self.signed(response, spoil).await;
        let response = spoilt::after_signing(kind.as_ref(), response).await;
        match kind {
            Some(Kind::End(how, stage)) => {
                self.play(Script::cut_short(how, stage, response).await)
                    .await
            }
            Some(Kind::Wire(wire)) => self.play(Script::of(wire, response).await).await,
            _ => response,
        }
    }

    /// The fault that strikes now: the one that the request itself asks for, else one that was asked for before.
    fn fault(&mut self, when: When, asked: Option<&str>) -> Result<Option<Kind>, String> {
        let struck = match asked {
            Some(asked) => faults::of_header(asked, when)?,
            None => self.sim.faults.take(when, &self.method, &self.path),
        };
        Ok(struck.map(|Struck { kind, name }| {
            self.fault = Some(name);
            kind
        }))
    }

    async fn refused(&mut self, answer: Answer) -> Response {
        if let Some(message) = answer
            .body
            .as_ref()
            .and_then(|body| body["message"].as_str())
        {
            self.details.push(log::shown(message));
        }
        self.signed(answer.into_response(), None).await
    }

    /// The basic rules and the Authorization header, neither of which API v2 has.
    fn checks(&mut self, headers: &HeaderMap, body: &Bytes) -> Result<(), Answer> {
        let sim = self.sim;
        if v2::is_path(&self.target) {
            self.verdict = format!("API v2{}", v2::number_shown(body));
            return Ok(());
        }
        let accept = text(headers, "Accept").unwrap_or("");
        let accept = accept.contains("application/json") || accept.contains("*/*");
        let user_agent = text(headers, "User-Agent").is_some_and(|agent| !agent.trim().is_empty());
        sim.stats.basic_rules(accept, user_agent);
        if !accept || !user_agent {
            "Accept or User-Agent is missing".clone_into(&mut self.verdict);
            let message = "The error is caused by the wrongly set basic rules. Both Accept and User-Agent need to be set.";
            return Err(Answer::invalid_request(message, number::PARAMETER));
        }
        let mut authorization = headers.get_all(header::AUTHORIZATION).iter();
        let header = authorization.next().and_then(|value| value.to_str().ok());
        // Two headers are as good as a malformed one.
        let header = if authorization.next().is_some() {
            None
        } else {
            header
        };
        let content_type = text(headers, "Content-Type").unwrap_or("").trim();
        let request = authorization::Request {
            method: &self.method,
            target: &self.target,
            body: upload::signed_part(content_type, body),
            whole_body: body,
            host: text(headers, "Host").unwrap_or(""),
        };
        let now = sim.clock.now();
        match authorization::check(
            &sim.identity,
            &sim.merchant_certificate,
            now,
            header,
            &request,
        ) {
            Ok(nonce) => {
                "signature verifies".clone_into(&mut self.verdict);
                sim.stats.nonce(nonce);
                Ok(())
            }
            Err(refusal) => {
                sim.stats.sign_error();
                refusal.english().clone_into(&mut self.verdict);
                self.details = refusal.log.iter().map(|line| line.to_owned()).collect();
                let language = Language::of(text(headers, "Accept-Language").unwrap_or(""));
                Err(refusal.answer(language))
            }
        }
    }

    /// Signs the answer with the key that is wanted, spoilt as asked.
    pub async fn signed(&self, response: Response, spoil: Option<Spoil>) -> Response {
        let sim = self.sim;
        let (parts, body) = response.into_parts();
        // What axum itself answers, a path that is no UTF-8 say, is text; WeChat Pay answers JSON only.
        let (parts, body) = if parts.extensions.get::<Number>().is_some() {
            (parts, body)
        } else {
            Answer::error(parts.status, "PARAM_ERROR", "The request cannot be read.")
                .number(number::PARAMETER)
                .into_response()
                .into_parts()
        };
        let body = body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        let skew = match spoil {
            Some(Spoil::Skew(seconds)) => seconds,
            _ => 0,
        };
        let signed = match parts.extensions.get::<Signing>() {
            Some(Signing::None) => {
                let body = v2::spoilt(body, spoil);
                return finish(sim, Response::from_parts(parts, Body::from(body)), skew);
            }
            Some(Signing::Over(bytes)) => &bytes[..],
            None => &body[..],
        };
        // Only now: a rotation changes what signs this very answer.
        let key = sim.signer.for_request(&self.path, self.serial.as_deref());
        let headers = match signer::headers(&key, sim.clock.now(), signed, spoil) {
            Ok(headers) => headers,
            Err(message) => {
                return finish(sim, Answer::system_error(&message).into_response(), skew);
            }
        };
        let mut response = Response::from_parts(parts, Body::from(body));
        for (name, value) in headers {
            append(response.headers_mut(), name, &value);
        }
        finish(sim, response, skew)
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn rotate(sim: &Sim, rotation: Rotation) -> Result<(), String> {
    let now =
        OffsetDateTime::from_unix_timestamp(sim.clock.now()).map_err(|error| error.to_string())?;
    sim.signer.rotate(rotation, || Platform::new(now))
}
