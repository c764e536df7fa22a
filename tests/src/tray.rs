//! The desktop's tray, played by the test: it only notes which programs put an icon into it.

use std::sync::{Arc, Mutex};
use zbus::blocking::{Connection, connection};

/// A tray on one bus.
pub struct Tray {
    items: Arc<Mutex<Vec<String>>>,
    _connection: Connection,
}

struct Watcher {
    items: Arc<Mutex<Vec<String>>>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String) {
        self.items.lock().expect("the record").push(service);
    }

    fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.items.lock().expect("the record").clone()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

impl Tray {
    /// Serves on the bus at this address.
    pub fn serve(address: &str) -> Tray {
        let items = Arc::new(Mutex::new(Vec::new()));
        let connection = connection::Builder::address(address)
            .and_then(|b| {
                b.serve_at(
                    "/StatusNotifierWatcher",
                    Watcher {
                        items: Arc::clone(&items),
                    },
                )
            })
            .and_then(|b| b.name("org.kde.StatusNotifierWatcher"))
            .and_then(|b| b.build())
            .expect("the tray on the test's bus");
        Tray {
            items,
            _connection: connection,
        }
    }

    /// How many icons are in it.
    pub fn icons(&self) -> usize {
        self.items.lock().expect("the record").len()
    }
}
