//! Whose turn it is in a conversation with an AI agent, told by ear: states, barge-in, latency.

use offhook_core::*;

use crate::agent::Talk;

pub const QUIET: i8 = -75;
pub const LOUD: i8 = -22;

impl Talk {
    /// So many milliseconds in which the person and the agent are as loud as that.
    pub fn sound(&mut self, milliseconds: u64, local: i8, remote: i8) {
        for _ in 0..milliseconds / 50 {
            self.advance(50);
            self.bench.input(Input::Levels(Levels { local, remote }));
            self.listen();
        }
    }

    pub fn states(&mut self) -> Vec<String> {
        let state =
            |told: String| told.trim_start_matches(r#"{"kind":"state","state":""#).trim_end_matches("\"}").to_string();
        self.told("state").into_iter().map(state).collect()
    }
}

#[test]
fn an_agent_greets_listens_thinks_and_answers_and_both_latencies_are_told() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    assert_eq!(talk.states(), ["thinking"], "the greeting is due");

    talk.sound(600, QUIET, QUIET);
    talk.sound(2_000, QUIET, LOUD);
    talk.sound(1_000, QUIET, QUIET);
    assert_eq!(talk.states(), ["speaking", "listening"]);
    assert_eq!(talk.told("latency"), [r#"{"kind":"latency","of":"greeting","milliseconds":650}"#]);
    talk.sound(1_500, LOUD, QUIET);
    talk.sound(800, QUIET, QUIET);
    assert_eq!(talk.states(), ["thinking"]);
    talk.sound(1_000, QUIET, LOUD);

    assert_eq!(talk.states(), ["speaking"]);
    assert_eq!(talk.told("latency"), [r#"{"kind":"latency","of":"turn","milliseconds":850}"#]);
    assert!(talk.told("bargeIn").is_empty());
}

#[test]
fn an_answer_that_comes_at_once_has_its_latency_too() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.sound(200, QUIET, LOUD);
    talk.sound(800, QUIET, QUIET);
    talk.told("latency");

    talk.sound(1_500, LOUD, QUIET);
    talk.sound(250, QUIET, QUIET);
    talk.sound(500, QUIET, LOUD);

    assert_eq!(talk.told("latency"), [r#"{"kind":"latency","of":"turn","milliseconds":300}"#]);
}

#[test]
fn speaking_into_the_agents_speech_is_told_and_what_was_not_heard_is_marked() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.hear(r#"{"type":"response.text.delta","item_id":"a-1","delta":"A long story about a ship that sailed the seven seas."}"#);

    talk.sound(1_000, QUIET, LOUD);
    talk.sound(400, LOUD, LOUD);
    assert_eq!(talk.told("bargeIn"), [r#"{"kind":"bargeIn","id":"a-1"}"#]);
    talk.sound(800, LOUD, QUIET);

    let said = talk.said();
    assert!(said[0].contains("interrupted unheard from 2"), "{said:?}: 1.4 to 1.9 seconds at 15 characters each");
    assert_eq!(talk.states().last().unwrap(), "listening");
    talk.sound(800, QUIET, QUIET);
    assert_eq!(talk.states(), ["thinking"]);
}

#[test]
fn a_yes_into_the_agents_speech_interrupts_nothing() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.hear(r#"{"type":"response.text.delta","item_id":"a-1","delta":"A long story."}"#);

    talk.sound(1_000, QUIET, LOUD);
    talk.sound(400, LOUD, LOUD);
    talk.sound(4_000, QUIET, LOUD);
    talk.sound(3_000, QUIET, QUIET);

    assert_eq!(talk.said(), ["assistant: A long story. (final)"]);
    assert_eq!(talk.told("bargeIn").len(), 1, "it is told all the same");
}

#[test]
fn noise_is_no_speech() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.sound(500, QUIET, LOUD);
    talk.sound(1_000, QUIET, QUIET);
    talk.states();

    for level in [-52, -50, -48, -46, -44, -43, -42] {
        talk.sound(1_000, level, QUIET);
    }
    talk.sound(50, LOUD, QUIET);
    talk.sound(1_000, -42, QUIET);

    assert!(talk.states().is_empty(), "a fan that spins up, and a click");
}

#[test]
fn an_agent_that_never_answers_is_not_taken_to_think_for_ever() {
    let mut talk = Talk::begun(Dialect::Telnyx);

    talk.advance(14_900);
    assert_eq!(talk.states(), ["thinking"]);
    talk.advance(200);

    assert_eq!(talk.states(), ["listening"]);
}

#[test]
fn without_ears_the_text_tells_who_speaks() {
    let mut talk = Talk::begun(Dialect::Telnyx);

    talk.hear(r#"{"type":"response.text.delta","item_id":"a-1","delta":"Hello."}"#);
    talk.advance(2_000);
    talk.hear(
        r#"{"type":"conversation.item.created","item":{"id":"u-1","type":"message","role":"user","content":"Hi"}}"#,
    );
    assert_eq!(talk.states(), ["thinking", "speaking", "listening", "thinking"]);
    talk.hear(r#"{"type":"response.text.delta","item_id":"a-2","delta":"Yes?"}"#);

    assert_eq!(talk.states(), ["speaking"]);
    assert!(talk.told("latency").is_empty(), "nothing was heard that could be measured");
}

#[test]
fn text_that_comes_before_anybody_can_hear_makes_no_flicker() {
    let mut talk = Talk::begun(Dialect::Telnyx);

    talk.hear(r#"{"type":"response.text.delta","item_id":"a-1","delta":"Hello."}"#);
    talk.sound(200, QUIET, QUIET);
    talk.sound(1_000, QUIET, LOUD);
    talk.sound(1_000, QUIET, QUIET);

    assert_eq!(talk.states(), ["thinking", "speaking", "listening"]);
}

#[test]
fn a_call_on_hold_or_being_brought_back_waits_and_goes_on() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.sound(1_000, QUIET, LOUD);
    talk.sound(1_000, QUIET, QUIET);
    talk.states();
    let call = talk.call.clone();

    talk.bench.command(Command::Hold { call: call.clone() }).unwrap();
    let (id, _) = talk.bench.sent_request("telnyx_rtc.modify");
    talk.bench.reply(&id, r#"{"holdState":"held"}"#);
    talk.listen();
    talk.sound(1_000, LOUD, LOUD);
    assert_eq!(talk.states(), ["waiting"], "what is heard on hold is music");
    talk.bench.command(Command::Unhold { call }).unwrap();
    let (id, _) = talk.bench.sent_request("telnyx_rtc.modify");
    talk.bench.reply(&id, r#"{"holdState":"active"}"#);
    talk.listen();
    assert_eq!(talk.states(), ["listening"]);
    talk.bench.cut();
    talk.listen();

    assert!(talk.told("latency").len() == 1, "the greeting's, once");
}

#[test]
fn nothing_is_left_waiting_after_the_call() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.hear(r#"{"type":"response.text.delta","item_id":"a-1","delta":"Hello."}"#);
    talk.hear(r#"{"type":"conversation.item.created","item":{"type":"function_call","call_id":"f-1","name":"page","arguments":"{}"}}"#);
    let call = talk.call.clone();

    talk.bench.tell(&call, "bye", &[]);
    talk.listen();

    assert_ne!(talk.bench.waits_for(), Some(Reason::Agent));
    assert_eq!(talk.states().last().unwrap(), "ended");
    assert_eq!(talk.said(), ["assistant: Hello. (final)"]);
}
