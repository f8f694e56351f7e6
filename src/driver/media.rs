//! The microphone: opened once, shared by all calls, closed with the last of them.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Object, Promise};
use offhook_core::{MediaError, MediaErrorKind};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    MediaDevices, MediaStream, MediaStreamConstraints, MediaStreamTrack, MediaStreamTrackState, PermissionState,
    PermissionStatus,
};

use crate::driver::listener::Listener;
use crate::driver::live::Live;
use crate::js::{Builder, text};

/// The microphone of one client.
pub struct Microphone {
    source: RefCell<Source>,
    users: Cell<usize>,
    device: RefCell<Option<String>>,
    permission: RefCell<Option<(PermissionStatus, Listener)>>,
    granted: Cell<bool>,
}

enum Source {
    Closed,
    /// The browser was asked; the person may be reading its question.
    Opening(Promise),
    Open(MediaStreamTrack, #[expect(dead_code, reason = "a guard")] Live),
}

impl Microphone {
    /// Opens nothing yet. `device` is a `deviceId`; none is the system's.
    #[must_use]
    pub fn new(device: Option<String>) -> Rc<Self> {
        let microphone = Rc::new(Self {
            source: RefCell::new(Source::Closed),
            users: Cell::new(0),
            device: RefCell::new(device),
            permission: RefCell::new(None),
            granted: Cell::new(false),
        });
        spawn_local(watch_permission(Rc::downgrade(&microphone)));
        microphone
    }

    /// Whether the microphone will open without a question to the person.
    #[must_use]
    pub fn is_granted(&self) -> bool {
        self.granted.get() || matches!(*self.source.borrow(), Source::Open(..))
    }

    /// The chosen device; none is the system's.
    #[must_use]
    pub fn device(&self) -> Option<String> {
        self.device.borrow().clone()
    }

    /// Opens the microphone, or shares it if it is open.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub async fn open(self: &Rc<Self>) -> Result<Lease, MediaError> {
        let lease = Lease::new(self);
        self.track().await?;
        Ok(lease)
    }

    /// Changes to another device; what is open opens there. Peers take their new tracks from their leases.
    ///
    /// # Errors
    /// Why it cannot be had; the old one goes on then.
    pub async fn switch(self: &Rc<Self>, device: Option<String>) -> Result<(), MediaError> {
        if matches!(*self.source.borrow(), Source::Closed) {
            self.device.replace(device);
            return Ok(());
        }
        // If the last call ends meanwhile, this lease closes what was opened.
        let _lease = Lease::new(self);
        let stream = JsFuture::from(ask(device.as_deref())?).await.map_err(|error| microphone_error(&error))?;
        self.device.replace(device);
        self.put(first_track(&stream)?);
        Ok(())
    }

    async fn track(&self) -> Result<MediaStreamTrack, MediaError> {
        if let Some(track) = self.live_track() {
            return Ok(track);
        }
        let asked = self.ask_once()?;
        let answer = JsFuture::from(asked.clone()).await;
        let first = matches!(&*self.source.borrow(), Source::Opening(promise) if Object::is(promise, &asked));
        match answer {
            Ok(stream) if first => {
                let track = first_track(&stream)?;
                self.put(Clone::clone(&track));
                Ok(track)
            }
            Ok(stream) => self.second(&stream),
            Err(error) => {
                if first {
                    self.source.replace(Source::Closed);
                }
                Err(microphone_error(&error))
            }
        }
    }

    /// The stream came to one who was not the first to hear of it, or after a change of the device.
    fn second(&self, stream: &JsValue) -> Result<MediaStreamTrack, MediaError> {
        let track = first_track(stream)?;
        let current = self.live_track();
        if !current.as_ref().is_some_and(|current| Object::is(current, &track)) {
            track.stop();
        }
        current.ok_or_else(|| MediaError { kind: MediaErrorKind::Microphone, message: String::new() })
    }

    fn ask_once(&self) -> Result<Promise, MediaError> {
        if let Source::Opening(promise) = &*self.source.borrow() {
            return Ok(promise.clone());
        }
        let promise = ask(self.device.borrow().as_deref())?;
        self.source.replace(Source::Opening(promise.clone()));
        Ok(promise)
    }

    /// A track ends when its device is pulled out; then the next call asks again.
    fn live_track(&self) -> Option<MediaStreamTrack> {
        match &*self.source.borrow() {
            Source::Open(track, _) if track.ready_state() == MediaStreamTrackState::Live => {
                // Not `track.clone()`: that is JavaScript's, and makes another track.
                Some(Clone::clone(track))
            }
            Source::Open(..) | Source::Opening(_) | Source::Closed => None,
        }
    }

    fn put(&self, track: MediaStreamTrack) {
        let live = Live::new(&track);
        self.end(Source::Open(track, live));
    }

    fn end(&self, next: Source) {
        match self.source.replace(next) {
            Source::Open(track, _) => track.stop(),
            Source::Opening(_) | Source::Closed => {}
        }
    }
}

/// A share of the open microphone. The last one that is dropped closes it.
pub struct Lease {
    microphone: Rc<Microphone>,
}

impl Lease {
    fn new(microphone: &Rc<Microphone>) -> Self {
        microphone.users.set(microphone.users.get() + 1);
        Self { microphone: Rc::clone(microphone) }
    }

    /// A track of one's own, so that muting it mutes nobody else. None after the microphone was pulled out.
    #[must_use]
    pub fn track(&self) -> Option<MediaStreamTrack> {
        self.microphone.live_track().map(|track| MediaStreamTrack::clone(&track))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let users = self.microphone.users.get() - 1;
        self.microphone.users.set(users);
        if users == 0 {
            self.microphone.end(Source::Closed);
        }
    }
}

fn ask(device: Option<&str>) -> Result<Promise, MediaError> {
    let constraints = MediaStreamConstraints::new();
    match device {
        Some(id) => {
            let exact = Builder::new().str("exact", id).done();
            constraints.set_audio(&Builder::new().with("deviceId", exact).done());
        }
        None => constraints.set_audio_bool(true),
    }
    let promise = media_devices()?.get_user_media_with_constraints(&constraints);
    promise.map(JsCast::unchecked_into).map_err(|error| microphone_error(&error))
}

fn media_devices() -> Result<MediaDevices, MediaError> {
    let devices = web_sys::window().and_then(|window| window.navigator().media_devices().ok());
    // Browsers hide it from pages that are not secure.
    let devices = devices.filter(|devices| !devices.is_undefined());
    devices.ok_or_else(|| MediaError { kind: MediaErrorKind::InsecureContext, message: String::new() })
}

fn first_track(stream: &JsValue) -> Result<MediaStreamTrack, MediaError> {
    let track = stream.unchecked_ref::<MediaStream>().get_audio_tracks().get(0);
    track.dyn_into().map_err(|_| MediaError { kind: MediaErrorKind::Microphone, message: String::new() })
}

/// What `getUserMedia` threw, by its name.
fn microphone_error(error: &JsValue) -> MediaError {
    let kind = match text(error, "name").as_str() {
        "NotAllowedError" | "SecurityError" => MediaErrorKind::PermissionDenied,
        "NotFoundError" | "OverconstrainedError" => MediaErrorKind::DeviceNotFound,
        "NotReadableError" | "AbortError" => MediaErrorKind::DeviceBusy,
        _ => MediaErrorKind::Microphone,
    };
    MediaError { kind, message: text(error, "message") }
}

/// Keeps `granted` true to the browser's settings. Where browsers do not tell, the microphone is opened first.
async fn watch_permission(microphone: Weak<Microphone>) {
    let Some(permissions) = web_sys::window().and_then(|window| window.navigator().permissions().ok()) else { return };
    if permissions.is_undefined() {
        return;
    }
    let name = Builder::new().str("name", "microphone").done();
    let Ok(asked) = permissions.query(name.unchecked_ref()) else { return };
    let Ok(status) = JsFuture::from(asked.unchecked_into::<Promise>()).await else { return };
    let status: PermissionStatus = status.unchecked_into();
    let Some(microphone) = microphone.upgrade() else { return };
    microphone.granted.set(status.state() == PermissionState::Granted);
    let (weak, seen) = (Rc::downgrade(&microphone), status.clone());
    let changed = move |_| {
        if let Some(microphone) = weak.upgrade() {
            microphone.granted.set(seen.state() == PermissionState::Granted);
        }
    };
    let listener = Listener::new(&status, "change", Box::new(changed));
    microphone.permission.replace(Some((status, listener)));
}
