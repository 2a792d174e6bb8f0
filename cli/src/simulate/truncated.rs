//! A body that promises more than it gives: its bytes, then the end of the connection.

use axum::body::{Bytes, HttpBody};
use hyper::body::Frame;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

pub struct Truncated {
    bytes: Option<Bytes>,
    // Time for the bytes to leave: the error after them drops whatever is still buffered.
    pause: Pin<Box<tokio::time::Sleep>>,
}

impl Truncated {
    pub fn new(bytes: Bytes) -> Self {
        Self {
            bytes: Some(bytes),
            pause: Box::pin(tokio::time::sleep(Duration::from_millis(50))),
        }
    }
}

impl HttpBody for Truncated {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Some(bytes) = self.bytes.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        self.pause
            .as_mut()
            .poll(context)
            .map(|()| Some(Err(std::io::ErrorKind::ConnectionAborted.into())))
    }
}
