//! Microphones and loudspeakers, as the page holds them.

use std::rc::Rc;

use js_sys::Array;
use offhook_core::{Error, MediaError, Misuse};
use wasm_bindgen::prelude::*;
use web_sys::MediaDeviceKind;

use crate::driver::devices::list;
use crate::driver::playback::{can_choose_speaker, check_speaker};
use crate::error::{misuse, to_js};
use crate::js::Builder;
use crate::options;
use crate::switchboard::Switchboard;

/// Microphones and loudspeakers: `Devices` in `types.d.ts`.
#[wasm_bindgen(skip_typescript)]
pub struct Devices {
    board: Rc<Switchboard>,
}

impl Devices {
    pub(crate) fn new(board: Rc<Switchboard>) -> Self {
        Self { board }
    }

    fn check_open(&self) -> Result<(), JsValue> {
        if self.board.is_closed() { Err(misuse(Misuse::Closed)) } else { Ok(()) }
    }
}

#[wasm_bindgen]
#[expect(missing_docs, reason = "types.d.ts documents it, for those who see it")]
impl Devices {
    pub async fn microphones(&self) -> Result<Array, JsValue> {
        self.check_open()?;
        devices(MediaDeviceKind::Audioinput).await
    }

    pub async fn speakers(&self) -> Result<Array, JsValue> {
        self.check_open()?;
        devices(MediaDeviceKind::Audiooutput).await
    }

    #[wasm_bindgen(getter, js_name = microphoneId)]
    pub fn microphone_id(&self) -> Option<String> {
        self.board.driver().microphone().device()
    }

    #[wasm_bindgen(getter, js_name = speakerId)]
    pub fn speaker_id(&self) -> Option<String> {
        self.board.driver().speaker()
    }

    #[wasm_bindgen(js_name = setMicrophone)]
    pub async fn set_microphone(&self, id: JsValue) -> Result<(), JsValue> {
        self.check_open()?;
        let id = options::device(&id).map_err(misuse)?;
        let driver = self.board.driver();
        driver.microphone().switch(id).await.map_err(media)?;
        for peer in driver.peers() {
            peer.change_microphone().await;
        }
        Ok(())
    }

    #[wasm_bindgen(js_name = setSpeaker)]
    pub async fn set_speaker(&self, id: JsValue) -> Result<(), JsValue> {
        self.check_open()?;
        let speaker = options::device(&id).map_err(misuse)?;
        if !can_choose_speaker() {
            return match speaker {
                Some(_) => Err(refuse(&id, "undefined: this browser does not let pages choose the loudspeaker")),
                None => Ok(()),
            };
        }
        // The empty id is the system's.
        let sink = speaker.clone().unwrap_or_default();
        let refused = |_| refuse(&id, "the id of a loudspeaker that `speakers()` lists");
        check_speaker(&sink).await.map_err(refused)?;
        for playback in self.board.driver().peers().iter().filter_map(|peer| peer.playback()) {
            playback.set_speaker(&sink).await.map_err(refused)?;
        }
        self.board.driver().set_speaker(speaker);
        Ok(())
    }
}

async fn devices(kind: MediaDeviceKind) -> Result<Array, JsValue> {
    let devices = list(kind).await.map_err(media)?;
    let device = |device: &web_sys::MediaDeviceInfo| {
        Builder::new().str("deviceId", &device.device_id()).str("label", &device.label()).done()
    };
    Ok(devices.iter().map(device).collect())
}

fn media(error: MediaError) -> JsValue {
    to_js(&Error::Media(error))
}

fn refuse(id: &JsValue, expected: &'static str) -> JsValue {
    misuse(options::refuse("deviceId", id, expected))
}
