//! What is heard: one audio element per peer connection, outside of the page's document.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlAudioElement, MediaStream};

use crate::driver::listener::Listener;
use crate::js::text;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = HtmlAudioElement)]
    type Element;
    #[wasm_bindgen(method, catch, js_name = setSinkId)]
    fn set_sink_id(this: &Element, id: &str) -> Result<Promise, JsValue>;
}

/// Plays one stream.
pub(crate) struct Playback {
    element: HtmlAudioElement,
    waiting: RefCell<Vec<Listener>>,
}

impl Playback {
    /// None where there is no audio element. `refused` is called if the browser does not play before the person has
    /// touched the page; the playback then starts by itself at the next touch.
    pub(crate) fn start(stream: &MediaStream, speaker: Option<&str>, refused: Box<dyn Fn()>) -> Option<Rc<Self>> {
        let element = HtmlAudioElement::new().ok()?;
        element.set_autoplay(true);
        element.set_src_object(Some(stream));
        let playback = Rc::new(Self { element, waiting: RefCell::default() });
        let (weak, speaker) = (Rc::downgrade(&playback), speaker.map(String::from));
        spawn_local(async move {
            let Some(playback) = weak.upgrade() else { return };
            if let Some(id) = speaker {
                // A loudspeaker that was pulled out: the system's plays.
                let _ = set_sink(&playback.element, &id).await;
            }
            if playback.play().await == Some("NotAllowedError".into()) {
                playback.wait_for_a_touch();
                refused();
            }
        });
        Some(playback)
    }

    pub(crate) fn element(&self) -> HtmlAudioElement {
        self.element.clone()
    }

    /// Goes silent for good. Not left to `Drop`: a `play()` under way keeps this alive.
    pub(crate) fn stop(&self) {
        self.waiting.take();
        self.element.set_src_object(None);
    }

    /// The name of what the browser threw, if it did.
    async fn play(&self) -> Option<String> {
        let started = match self.element.play() {
            Ok(promise) => JsFuture::from(promise.unchecked_into::<Promise>()).await,
            Err(error) => Err(error),
        };
        started.err().map(|error| text(&error, "name"))
    }

    fn wait_for_a_touch(self: &Rc<Self>) {
        let Some(window) = web_sys::window() else { return };
        let listen = |event| {
            let playback: Weak<Self> = Rc::downgrade(self);
            let touched = move |_| {
                let Some(playback) = playback.upgrade() else { return };
                playback.waiting.take();
                spawn_local(async move {
                    playback.play().await;
                });
            };
            Listener::new(&window, event, Box::new(touched))
        };
        self.waiting.replace(vec![listen("pointerup"), listen("keydown")]);
    }
}

async fn set_sink(element: &HtmlAudioElement, id: &str) -> Result<(), JsValue> {
    let asked = element.unchecked_ref::<Element>().set_sink_id(id)?;
    JsFuture::from(asked).await.map(drop)
}
