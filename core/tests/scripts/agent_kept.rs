//! What an earlier page knew of a conversation with an AI agent, and what the server tells of it again.

use std::time::{Duration, Instant};

use offhook_core::*;

use crate::agent::{Talk, created, delta};
use crate::wish::Wish;

fn restored(items: &str) -> Talk {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.restore(items);
    talk
}

impl Talk {
    fn restore(&mut self, items: &str) {
        self.wish(Wish::Restore { items }).unwrap();
    }
}

#[test]
fn what_the_agent_was_saying_during_a_reload_goes_on() {
    let half = r#"[{"id":"a-1","role":"assistant","text":"It is on","images":[],"status":"partial","at":5}]"#;
    let mut talk = restored(half);
    assert_eq!(talk.said(), ["assistant: It is on (final)"]);

    talk.hear(&delta("a-1", 7, " the shelf."));
    assert_eq!(talk.said(), ["assistant: It is on the shelf. (partial)"]);
    talk.hear(r#"{"type":"response.text.delta","item_id":"a-1","delta":" There."}"#);
    assert_eq!(talk.said(), ["assistant: It is on the shelf. There. (partial)"]);
    talk.hear(&created("a-1", "", "assistant", "completed", "All of it."));
    assert_eq!(talk.said(), ["assistant: All of it. (final)"]);

    let mut talk = restored(half);
    talk.hear(&delta("a-1", 1, " is on"));
    talk.hear(&delta("a-1", 0, "It"));
    assert_eq!(talk.said(), ["assistant: It is on (partial)"], "where the server begins anew, nothing is said twice");
}

#[test]
fn what_was_not_heard_before_a_reload_stays_though_the_server_repeats_only_what_was() {
    let cut = r#"[{"id":"a-1","role":"assistant","text":"Über 😀 hills","images":[],"status":"interrupted","unheardFrom":7,"at":5}]"#;
    let mut talk = restored(cut);
    let said = ["assistant: Über 😀 hills (interrupted unheard from 7)"];
    assert_eq!(talk.said(), said);

    talk.hear(&created("a-1", "", "assistant", "incomplete", "Über 😀"));
    assert_eq!(talk.said(), said);
    talk.hear(&created("a-1", "", "assistant", "incomplete", "Über"));
    assert_eq!(talk.said(), ["assistant: Über 😀 hills (interrupted unheard from 4)"], "the server knows better");

    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.hear(&created("a-1", "", "assistant", "completed", "Über 😀 hills"));
    talk.restore(cut);
    assert_eq!(talk.said(), said, "whichever came first");
}

#[test]
fn what_was_said_on_an_earlier_page_stands_before_what_was_heard_on_this_one() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    talk.hear(&created("b", "", "user", "completed", "2"));
    talk.hear(&created("d", "", "user", "completed", "4"));

    let kept =
        |id: &str, text: &str| format!(r#"{{"id":"{id}","role":"user","text":"{text}","status":"final","at":9}}"#);
    let items = ["a", "b", "c", "a"].map(|id| kept(id, "?")).join(",").replacen('?', "1", 1);
    talk.restore(&format!("[{items}]"));

    let said: Vec<_> = talk.transcript.iter().map(|item| item.str("text").unwrap()).collect();
    assert_eq!(said, ["1", "2", "?", "4"]);
    assert_eq!(talk.transcript[1].int("at"), Some(9), "it was first seen then");
}

#[test]
fn what_was_kept_may_be_anything() {
    let talk = restored(
        r#"[{"id":"a","role":7,"text":"x","images":"no","status":[],"at":99999999999999999},
        {"id":"b","role":"user","text":"y","images":[1,"https://x.example/"],"status":"interrupted","unheardFrom":-3,"at":-5},
        {"id":{},"text":"z"},{"id":"c","text":5},null,[[]]]"#,
    );

    assert_eq!(talk.said(), ["assistant: x (final)", "user: y (interrupted unheard from 0 1 images)"]);
    assert_eq!(talk.transcript[0].int("at"), Some(8_640_000_000_000_000), "the last day of JavaScript");
    assert_eq!(talk.transcript[1].int("at"), Some(0));
}

#[test]
fn a_place_that_is_said_later_tells_all_only_where_something_moves() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    for (id, text) in [("a", "1"), ("b", "2"), ("c", "3")] {
        talk.hear(&created(id, "", "user", "completed", text));
    }
    let told = |talk: &Talk| talk.bench.events.len();
    assert_eq!(told(&talk), 0);

    let heard = |talk: &mut Talk, previous: &str| {
        talk.bench.receive(&format!(
            r#"{{"jsonrpc":"2.0","method":"ai_conversation","params":{}}}"#,
            created("b", previous, "user", "completed", "2")
        ));
        let told = talk.bench.events.iter().filter(|event| matches!(event, Event::Conversation(_))).count();
        talk.listen();
        told
    };
    assert_eq!(heard(&mut talk, "a"), 0, "it stands there already");

    let mut talk = restored(r#"[{"id":"b","role":"user","text":"2"},{"id":"a","role":"user","text":"1"}]"#);
    assert_eq!(heard(&mut talk, "a"), 2);
    assert_eq!(talk.said(), ["user: 1 (final)", "user: 2 (final)"]);
}

#[test]
fn a_long_transcript_takes_what_comes_as_quickly_as_a_short_one() {
    let mut talk = Talk::begun(Dialect::Telnyx);
    let began = Instant::now();

    for number in 0..4_000 {
        let (id, previous) = (format!("a-{number}"), format!("a-{}", number - 1));
        let params = created(&id, &previous, "assistant", "completed", "Hello.");
        talk.bench.receive(&[r#"{"jsonrpc":"2.0","method":"ai_conversation","params":"#, &params, "}"].concat());
    }
    talk.listen();

    assert_eq!(talk.said().len(), 4_000);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}
