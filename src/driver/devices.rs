//! Which microphones and loudspeakers there are.

use offhook_core::{MediaError, MediaErrorKind};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MediaDeviceInfo, MediaDeviceKind};

use crate::driver::media::{media_devices, microphone_error};

/// The devices of one kind. Opens nothing.
///
/// # Errors
/// The page is not secure, or the browser refuses.
pub async fn list(kind: MediaDeviceKind) -> Result<Vec<MediaDeviceInfo>, MediaError> {
    let asked = media_devices()?.enumerate_devices().map_err(|error| microphone_error(&error))?;
    let listed = JsFuture::from(asked.unchecked_into::<js_sys::Promise>()).await;
    let listed = listed.map_err(|error| microphone_error(&error))?;
    let devices = listed.unchecked_ref::<js_sys::Array>().iter().map(JsCast::unchecked_into::<MediaDeviceInfo>);
    Ok(devices.filter(|device| device.kind() == kind).collect())
}

/// Before the permission is granted browsers hide the ids, and then nothing can be said against one.
pub(crate) async fn check_microphone(device: Option<&str>) -> Result<(), MediaError> {
    let Some(id) = device else { return Ok(()) };
    let ids: Vec<String> = list(MediaDeviceKind::Audioinput).await?.iter().map(MediaDeviceInfo::device_id).collect();
    if ids.iter().all(String::is_empty) || ids.iter().any(|known| known == id) {
        return Ok(());
    }
    Err(MediaError { kind: MediaErrorKind::DeviceNotFound, message: String::new() })
}
