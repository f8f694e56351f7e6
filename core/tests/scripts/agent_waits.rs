//! How long somebody waits for an AI agent, and for what: calls on hold, tools, what comes late, and what comes again.

use offhook_core::*;

use crate::agent::{Talk, created, delta};
use crate::agent_turns::{LOUD, QUIET};
use crate::wish::Wish;

const TOOL: &str = r#"{"type":"conversation.item.created","item":{"type":"function_call","call_id":"f-1","name":"page","arguments":"{}"}}"#;

impl Talk {
    /// The greeting is over, and the person has asked something.
    fn asked() -> Self {
        let mut talk = Self::begun(Dialect::Telnyx);
        talk.sound(500, QUIET, LOUD);
        talk.sound(1_000, QUIET, QUIET);
        talk.sound(1_000, LOUD, QUIET);
        talk.sound(600, QUIET, QUIET);
        assert_eq!(talk.states().last().unwrap(), "thinking");
        talk.told("latency");
        talk
    }

    fn hold(&mut self, is_on: bool) {
        let call = self.call.clone();
        let (command, state) =
            if is_on { (Command::Hold { call }, "held") } else { (Command::Unhold { call }, "active") };
        self.bench.command(command).unwrap();
        let (id, _) = self.bench.sent_request("telnyx_rtc.modify");
        self.bench.reply(&id, &format!(r#"{{"holdState":"{state}"}}"#));
        self.listen();
    }
}

#[test]
fn the_time_on_hold_is_no_time_that_the_agent_took() {
    let mut talk = Talk::asked();
    talk.hold(true);
    talk.advance(5_000);
    talk.hold(false);
    talk.sound(1_000, QUIET, LOUD);

    assert!(talk.told("latency").is_empty());
    assert_eq!(talk.states().last().unwrap(), "speaking");
}

#[test]
fn what_comes_long_after_is_no_answer() {
    let mut talk = Talk::asked();

    talk.sound(20_000, QUIET, QUIET);
    talk.sound(1_000, QUIET, LOUD);

    assert!(talk.told("latency").is_empty(), "somebody coughed, and later the agent asks whether anybody is there");
}

#[test]
fn an_answer_that_took_a_tool_took_as_long_as_the_person_waited() {
    let mut talk = Talk::asked();

    talk.hear(TOOL);
    talk.sound(16_000, QUIET, QUIET);
    assert_eq!(talk.states().last().unwrap(), "toolRunning");
    talk.wish(Wish::ToolOutput { id: "f-1", output: "5" }).unwrap();
    assert_eq!(talk.states(), ["thinking"]);
    talk.sound(1_000, QUIET, LOUD);

    assert_eq!(talk.told("latency"), [r#"{"kind":"latency","of":"turn","milliseconds":16650}"#]);
}

#[test]
fn a_tool_that_is_called_long_after_is_no_answer_either() {
    let mut talk = Talk::asked();

    talk.sound(20_000, QUIET, QUIET);
    talk.hear(TOOL);
    talk.wish(Wish::ToolOutput { id: "f-1", output: "5" }).unwrap();
    talk.sound(1_000, QUIET, LOUD);

    assert!(talk.told("latency").is_empty());
}

#[test]
fn of_two_answers_in_a_row_only_the_second_ones_time_counts_for_what_was_heard_of_it() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.hear(&delta("a-1", 0, "A greeting that takes all of four seconds, and so is quite long."));
    talk.sound(4_000, QUIET, LOUD);
    talk.sound(700, QUIET, QUIET);
    talk.sound(300, LOUD, QUIET);
    talk.hear(&delta("a-2", 0, "A story of a ship that sailed all of the seven seas and came home."));
    talk.sound(1_000, QUIET, LOUD);
    talk.sound(400, LOUD, LOUD);
    talk.sound(800, LOUD, QUIET);

    let said = talk.said();
    assert!(said[1].contains("(interrupted unheard from 2"), "{said:?}: 1.4 to 1.9 seconds at 15 characters each");
}

#[test]
fn who_begins_to_speak_at_the_very_end_interrupts_nothing() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.hear(&created("a-1", "", "assistant", "completed", "What is your name?"));

    talk.sound(1_000, QUIET, LOUD);
    talk.sound(400, LOUD, LOUD);
    talk.sound(1_000, LOUD, QUIET);

    assert_eq!(talk.said(), ["assistant: What is your name? (final)"]);
}

#[test]
fn a_page_that_is_hidden_and_looks_once_a_second_is_measured_all_the_same() {
    let mut talk = Talk::asked();
    for _ in 0..3 {
        talk.advance(1_050);
        talk.bench.input(Input::Levels(Levels { local: QUIET, remote: QUIET }));
    }
    talk.advance(1_050);
    talk.hear(&created("u-1", "", "user", "completed", "Hello?"));
    talk.sound(1_000, QUIET, LOUD);

    assert_eq!(talk.told("latency").len(), 1, "the text says nothing that was not heard");
}

#[test]
fn a_conversation_that_is_told_again_is_not_taken_for_a_question() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.advance(20_000);
    talk.states();

    let frames = [
        created("a-1", "", "assistant", "completed", "Hello."),
        created("u-1", "a-1", "user", "completed", "What is it?"),
        created("a-2", "u-1", "assistant", "completed", "Late."),
    ];
    for frame in frames.iter().chain(&frames) {
        talk.hear(frame);
    }

    assert_eq!(talk.states(), ["thinking", "listening"], "the last word is the agent's");
}

#[test]
fn pieces_that_come_twice_or_late_are_no_speech() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.hear(&delta("a-1", 0, "Hello."));
    talk.hear(&created("a-2", "a-1", "assistant", "completed", "Ask me."));
    talk.advance(20_000);
    assert_eq!(talk.states().last().unwrap(), "listening");

    talk.hear(&delta("a-1", 0, "Hello."));
    talk.hear(&delta("a-2", 0, "Ask"));
    talk.advance(100);

    assert!(talk.states().is_empty());
    assert_eq!(talk.said(), ["assistant: Hello. (final)", "assistant: Ask me. (final)"]);
}

#[test]
fn an_agent_that_finishes_what_it_said_before_still_thinks_of_what_was_asked() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.hear(&delta("a-1", 0, "Hello."));
    talk.wish(Wish::Say { id: "m-1", text: "Hi", images: &[], is_turn: true }).unwrap();
    talk.hear(&created("a-1", "", "assistant", "completed", "Hello."));
    talk.advance(1_600);

    assert_eq!(talk.states().last().unwrap(), "thinking");
}

#[test]
fn nobody_thinks_of_what_could_not_be_delivered() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.advance(20_000);
    talk.wish(Wish::Say { id: "m-1", text: "Hi", images: &[], is_turn: true }).unwrap();
    assert_eq!(talk.states().last().unwrap(), "thinking");

    talk.wish(Wish::Settle { id: "m-1", is_delivered: false }).unwrap();

    assert_eq!(talk.states(), ["listening"]);
}

#[test]
fn who_listens_anew_to_the_same_call_changes_nothing_of_it() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.sound(1_000, QUIET, LOUD);
    talk.sound(1_000, QUIET, QUIET);
    talk.hear(TOOL);
    talk.states();
    talk.told("latency");

    talk.wish(Wish::Attach).unwrap();
    talk.hear(TOOL);
    assert!(talk.states().is_empty(), "the tool runs");
    talk.wish(Wish::ToolOutput { id: "f-1", output: "5" }).unwrap();
    talk.sound(1_000, QUIET, LOUD);

    assert_eq!(talk.told("tool").len(), 1, "once");
    assert!(talk.told("latency").is_empty(), "nobody greets twice");
}

#[test]
fn a_tool_is_called_with_whatever_it_is_called_and_never_after_the_call() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    let called = |id: &str, arguments: &str| {
        let item = format!(r#"{{"type":"function_call","call_id":"{id}","name":"page"{arguments}}}"#);
        format!(r#"{{"type":"conversation.item.created","item":{item}}}"#)
    };
    talk.hear(&called("1", r#","arguments":{"a":1}"#));
    talk.hear(&called("2", ""));
    let call = talk.call.clone();
    talk.bench.tell(&call, "bye", &[]);
    talk.listen();
    talk.hear(&called("3", r#","arguments":"{}""#));

    let told =
        |id: &str, arguments: &str| format!(r#"{{"kind":"tool","id":"{id}","name":"page","arguments":{arguments}}}"#);
    assert_eq!(talk.told("tool"), [told("1", r#"{"a":1}"#), told("2", "null")]);
    assert_eq!(talk.states().last().unwrap(), "ended");
}
