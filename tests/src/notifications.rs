//! The desktop's notification service, played by the test: it records what rings and can click it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use zbus::blocking::{Connection, connection};
use zbus::zvariant::OwnedValue;

const PATH: &str = "/org/freedesktop/Notifications";
const NAME: &str = "org.freedesktop.Notifications";

/// One notification that rang.
#[derive(Debug, Clone)]
pub struct Notice {
    /// As the service numbered it.
    pub id: u32,
    /// First line.
    pub title: String,
    /// The rest.
    pub body: String,
    /// Keys and labels of its buttons; `default` is the click on the notification itself.
    pub actions: Vec<(String, String)>,
}

/// The service on one bus.
pub struct Notifications {
    connection: Connection,
    rung: Arc<Mutex<Vec<Notice>>>,
}

struct Service {
    rung: Arc<Mutex<Vec<Notice>>>,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Service {
    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body", "icon-static", "persistence"]
            .map(str::to_owned)
            .to_vec()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("amends-tests".into(), "Amends".into(), "1".into(), "1.2".into())
    }

    // The eight arguments are the protocol's.
    #[allow(clippy::too_many_arguments, reason = "the protocol has eight arguments")]
    fn notify(
        &self,
        _app: String,
        replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut rung = self.rung.lock().expect("the record");
        let id = if replaces > 0 {
            replaces
        } else {
            u32::try_from(rung.len()).unwrap_or(0) + 1
        };
        let actions = actions
            .chunks_exact(2)
            .map(|pair| (pair[0].clone(), pair[1].clone()))
            .collect();
        rung.push(Notice {
            id,
            title,
            body,
            actions,
        });
        id
    }

    fn close_notification(&self, _id: u32) {}
}

impl Notifications {
    /// Serves on the bus at this address.
    pub fn serve(address: &str) -> Notifications {
        let rung = Arc::new(Mutex::new(Vec::new()));
        let connection = connection::Builder::address(address)
            .and_then(|b| {
                b.serve_at(
                    PATH,
                    Service {
                        rung: Arc::clone(&rung),
                    },
                )
            })
            .and_then(|b| b.name(NAME))
            .and_then(|b| b.build())
            .expect("the notification service on the test's bus");
        Notifications { connection, rung }
    }

    /// Everything that rang so far.
    pub fn all(&self) -> Vec<Notice> {
        self.rung.lock().expect("the record").clone()
    }

    /// Waits until one rings that fits, and gives it.
    ///
    /// # Panics
    /// When none did within 15 s.
    pub fn wait_for(&self, what: &str, fits: impl Fn(&Notice) -> bool) -> Notice {
        let begun = Instant::now();
        loop {
            if let Some(notice) = self.all().into_iter().find(&fits) {
                return notice;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(15),
                "no notification {what}; rang: {:#?}",
                self.all()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// A person clicks the notification (its `default` action) or a button of it.
    pub fn click(&self, notice: &Notice, action: &str) {
        self.signal("ActionInvoked", &(notice.id, action));
        self.signal("NotificationClosed", &(notice.id, 2_u32));
    }

    fn signal<B: zbus::export::serde::Serialize + zbus::zvariant::DynamicType>(&self, name: &str, body: &B) {
        self.connection
            .emit_signal(None::<&str>, PATH, NAME, name, body)
            .expect("a signal on the test's bus");
    }
}
