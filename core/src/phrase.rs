//! What is said in words. A page has the words in its scripts, and its module only says which (feature `numbered`): text
//! among text is smaller than text among code.

/// All of them. What is added is written to `js/phrases.js` by `cargo run --package offhook-core --example phrases`.
pub const PHRASES: &[&str] = &[
    "option `",
    "` was ",
    ", but must be ",
    "the client is connected already",
    "the client is not ready: wait for connect() to resolve",
    "the client was closed: connect() makes a new one",
    "the call has ended",
    "a call with this id exists already",
    " is possible only while the call is ",
    "` must be left out: the dialect ",
    " has no such thing",
    "the gateway refused ",
    "the sign-in",
    "the sign-in: the token has expired",
    "the new token",
    "the registration",
    "the call",
    "the answer",
    "to change the hold",
    "to end the call",
    "the digits",
    "the transfer",
    "the message",
    "to bring the audio back",
    "to keep the session",
    "the gateway sent no SDP where one is needed",
    "the gateway signed in without a sessid",
    "microphone permission denied: allow it in the browser's site settings",
    "the question for the microphone was closed: ask again",
    "this page may not use the microphone: its frame needs allow=\"microphone\"",
    "no microphone found: connect one or choose another",
    "the microphone is in use by another program",
    "the microphone needs a page served over HTTPS or from localhost",
    "the microphone could not be opened",
    "the browser could not make an offer",
    "the browser could not make an answer",
    "the browser refused its own description",
    "the browser refused the gateway's description",
    "the browser did not finish the negotiation in time",
    "no connection for the audio could be made",
    "cannot connect to ",
    "no session within ten seconds from ",
    "the connection to the gateway was lost (",
    "the gateway did not answer in time when asked for ",
    "the connection to the gateway was lost, and attempts to connect again failed: ",
    "the gateway lost the call while it could not be reached",
    "the call was lost and could not be brought back in time",
    "the call is being brought back; try again when it is active",
    "getToken() gave no token: ",
    "the gateway sent a frame that is not JSON-RPC; it was skipped",
    "the gateway sent a method that this client does not know; it was skipped",
    "the gateway sent a frame for a call that is not here; it was skipped",
    "the gateway sent a field of the wrong type; the frame was skipped",
    "the audio lost its connection and tries to find it again",
    "the chosen region could not be reached; the nearest one is tried",
    "the token expires within two minutes: updateToken() takes another",
    "the browser says that there is no network",
    "no audio packets come, though the connection stands",
    "the address of your FreeSWITCH, such as wss://pbx.example:8082",
    "an address that begins with ws:// or wss://",
    "a SIP user name",
    "a JSON Web Token",
    "an assistant's id",
    "one or more addresses",
    "addresses that begin with stun:, stuns:, turn: or turns:",
    "given, with a credential, for turn: and turns:",
    "a number, a user or a SIP URI",
    "names that begin with X-, of letters, digits and hyphens",
    "one line, without control characters",
    "one or more of 0-9, A-D, *, # and the comma",
    "active, held or in early media",
    "a number, a user or a SIP URI, or another call",
    "active or held",
    "active",
    "ringing here",
    "active or held, and the other call too",
    "signed in with a token",
    "active, and the conversation",
    "it took longer than ten seconds",
    "the session was taken over by another connection",
    "hold()",
    "unhold()",
    "dtmf()",
    "answer()",
    "transfer()",
    "updateToken()",
    "a message",
];

/// Of words in [`PHRASES`]: the words, or the character that stands for them.
macro_rules! phrase {
    ($words:literal) => {
        const { $crate::phrase::of($words) }
    };
}
pub(crate) use phrase;

/// The first of the characters that stand for phrases: nobody else's, as they are for private use.
pub const FIRST: u32 = 0xE000;

/// In UTF-8.
static MARKS: [[u8; 3]; PHRASES.len()] = marks();

#[allow(clippy::indexing_slicing, reason = "at compile time")]
const fn marks() -> [[u8; 3]; PHRASES.len()] {
    let mut marks = [[0; 3]; PHRASES.len()];
    let mut place = 0;
    while place < PHRASES.len() {
        let mark = FIRST + place as u32;
        marks[place] = [0xE0 | (mark >> 12) as u8, 0x80 | (mark >> 6 & 0x3F) as u8, 0x80 | (mark & 0x3F) as u8];
        place += 1;
    }
    marks
}

#[allow(clippy::indexing_slicing, clippy::panic, reason = "at compile time")]
pub(crate) const fn of(words: &'static str) -> &'static str {
    let mut place = 0;
    while place < PHRASES.len() {
        if are_same(PHRASES[place].as_bytes(), words.as_bytes()) {
            return match str::from_utf8(&MARKS[place]) {
                Ok(mark) if cfg!(feature = "numbered") => mark,
                Ok(_) | Err(_) => words,
            };
        }
        place += 1;
    }
    panic!("not one of the phrases")
}

#[allow(clippy::indexing_slicing, reason = "at compile time")]
const fn are_same(one: &[u8], other: &[u8]) -> bool {
    let mut place = 0;
    while place < one.len() && place < other.len() && one[place] == other[place] {
        place += 1;
    }
    place == one.len() && place == other.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_the_same_words_in_the_same_order() {
        let page = include_str!("../../js/phrases.js").lines().filter(|line| line.starts_with("  \""));
        let words: Vec<String> = page.map(|line| serde_json::from_str(line.trim_end_matches(',')).unwrap()).collect();

        assert_eq!(words, PHRASES, "cargo run --package offhook-core --example phrases > js/phrases.js");
    }

    #[test]
    fn each_phrase_has_a_character_of_its_own() {
        for (mark, place) in MARKS.iter().zip(FIRST..) {
            assert_eq!(str::from_utf8(mark).unwrap().chars().next(), char::from_u32(place));
        }
    }
}
