//! A platform that group bots speak to, played by the test: it records what it hears and answers as it is told.

use serde_json::Value;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Path and query.
    pub path: String,
    /// Request line and headers.
    pub head: String,
    /// Body.
    pub body: String,
}

impl Heard {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a JSON body")
    }
}

/// A server on this computer.
pub struct Platform {
    /// Scheme and host.
    pub base: String,
    heard: Arc<Mutex<Vec<Heard>>>,
    answer: Arc<Mutex<Answer>>,
}

/// What the platform says to a request.
type Answer = Box<dyn Fn(&Heard) -> String + Send>;

impl Platform {
    /// Starts answering `{"errcode":0,"code":0}`, until the test ends.
    pub fn start() -> Platform {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("its address"));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let content: Answer = Box::new(|_| r#"{"errcode":0,"code":0}"#.to_owned());
        let answer = Arc::new(Mutex::new(content));
        let (record, say) = (Arc::clone(&heard), Arc::clone(&answer));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let Some(request) = read(&mut stream) else {
                    continue;
                };
                let words = say.lock().expect("the answer")(&request);
                // Recorded before it is answered, so that who has the answer finds the record.
                record.lock().expect("the record").push(request);
                answer_with(&mut stream, &words);
            }
        });
        Platform { base, heard, answer }
    }

    /// Answers this from now on, always with HTTP 200.
    pub fn answer(&self, words: &str) {
        let words = words.to_owned();
        self.answer_by(move |_| words.clone());
    }

    /// Answers what this makes of each request from now on, always with HTTP 200.
    pub fn answer_by(&self, say: impl Fn(&Heard) -> String + Send + 'static) {
        *self.answer.lock().expect("the answer") = Box::new(say);
    }

    /// Everything heard so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("the record").clone()
    }
}

fn read(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    let (head, body_at, length) = loop {
        let read = stream.read(&mut piece).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(end) = text.find("\r\n\r\n") {
            let length = text[..end]
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .and_then(|(_, value)| value.trim().parse::<usize>().ok())
                .unwrap_or(0);
            break (text[..end].to_owned(), end + 4, length);
        }
    };
    while bytes.len() < body_at + length {
        let read = stream.read(&mut piece).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&piece[..read]);
    }
    Some(Heard {
        path: head.split(' ').nth(1).unwrap_or_default().to_owned(),
        body: String::from_utf8_lossy(&bytes[body_at..body_at + length]).into_owned(),
        head,
    })
}

fn answer_with(stream: &mut TcpStream, words: &str) {
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{words}",
        words.len()
    );
    // A client that went away needs no answer.
    let _ = stream.write_all(answer.as_bytes());
}
