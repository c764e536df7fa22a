//! What this desktop offers: a notification service, a tray host.

/// A service shows notifications on this desktop (it runs, or the bus would start it).
#[cfg(target_os = "linux")]
pub fn has_notification_service() -> bool {
    on_bus("org.freedesktop.Notifications", true)
}

/// A tray host shows our icon. Without one, closing the window minimises it (ui.md).
#[cfg(target_os = "linux")]
pub fn has_tray_host() -> bool {
    on_bus("org.kde.StatusNotifierWatcher", false)
}

/// The session bus can be reached at all.
#[cfg(target_os = "linux")]
pub fn has_session_bus() -> bool {
    zbus::blocking::Connection::session().is_ok()
}

#[cfg(target_os = "linux")]
fn on_bus(name: &str, or_activatable: bool) -> bool {
    let Ok(connection) = zbus::blocking::Connection::session() else {
        return false;
    };
    let Ok(bus) = zbus::blocking::fdo::DBusProxy::new(&connection) else {
        return false;
    };
    let Ok(bus_name) = zbus::names::BusName::try_from(name) else {
        return false;
    };
    bus.name_has_owner(bus_name).unwrap_or(false)
        || or_activatable
            && bus
                .list_activatable_names()
                .is_ok_and(|names| names.iter().any(|known| known.as_str() == name))
}

/// Other systems always have one.
#[cfg(not(target_os = "linux"))]
pub fn has_notification_service() -> bool {
    true
}

/// Other systems always have one.
#[cfg(not(target_os = "linux"))]
pub fn has_tray_host() -> bool {
    true
}

/// Not needed on other systems.
#[cfg(not(target_os = "linux"))]
pub fn has_session_bus() -> bool {
    true
}
