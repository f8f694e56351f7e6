//! Files of agents: what they may say, and what they are told when they are wrong.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests say so by panicking")]

use offhook_gateway::Agents;

/// A file of one agent with these fields, whatever stands beside it.
fn one(fields: &str) -> String {
    format!(r#"{{"agents":[{{"id":"a"{fields}}}]}}"#)
}

fn read(file: &str) -> Result<Agents, String> {
    let open = |name: &str| match name {
        "hello.opus" => Ok(include_bytes!("../voices/known.opus").to_vec()),
        "hello.ulaw" => Ok(include_bytes!("../voices/known.ulaw").to_vec()),
        "text.opus" => Ok(b"not a sound".to_vec()),
        _ => Err("No such file".to_owned()),
    };
    Agents::read(file, open).map_err(|error| error.to_string())
}

#[test]
fn the_agent_of_the_house_is_written_as_such_a_file() {
    let demo = read(include_str!("../src/agent/demo.json")).unwrap();

    assert_eq!(demo, Agents::demo());
    assert_ne!(demo, Agents::default());
}

#[test]
fn the_example_of_the_documentation_can_be_read() {
    let page = include_str!("../../docs/agents.md");
    let files: Vec<&str> = page.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();

    let agents = files.iter().filter(|file| file.contains("\"agents\""));
    assert_eq!(agents.clone().count(), 1);
    for file in agents {
        read(file).unwrap();
    }
}

#[test]
fn everything_but_the_id_may_be_left_out() {
    for file in [
        one(""),
        one(r#","greeting":[]"#),
        one(r#","turns":[{"reply":{"say":"yes"}}],"after_turns":{"heard":"x","reply":[]}"#),
        one(r#","greeting":[{"wait_ms":5},{"say":"x","clip":"story"},{"clip":"story"},{"hang_up":true}]"#),
        one(r#","texts":[{"keywords":["a"],"reply":{"tool":"t","arguments":{"n":1},"then":{"say":"x"}}}]"#),
        one(r#","delay_ms":0,"silence_ms":60000,"versions":["1"],"number":"3001","widget_settings":{"any":[1]}"#),
        r#"{"agents":[],"clips":{"hello":"hello.opus"}}"#.to_owned(),
    ] {
        assert!(read(&file).is_ok(), "{file}: {:?}", read(&file));
    }
}

#[test]
fn a_wrong_file_is_answered_with_the_field_and_what_it_must_be() {
    for (file, complaint) in [
        ("{\n\"agents\": [\nx]}".to_owned(), "the file is not JSON: line 3"),
        ("[]".to_owned(), "the file must be an object"),
        ("{}".to_owned(), "agents must be given"),
        (r#"{"agents":[],"agent":1}"#.to_owned(), "agent is not known here; known are agents, clips"),
        (r#"{"agents":[{}]}"#.to_owned(), "agents[0].id must be given"),
        (r#"{"agents":[{"id":""}]}"#.to_owned(), "agents[0].id must be a text of 1 to 256 characters"),
        (
            r#"{"agents":[{"id":"a"},{"id":"a"}]}"#.to_owned(),
            "agents[1].id must be the only agent with this id and this number",
        ),
        (
            r#"{"agents":[{"id":"a","number":"1"},{"id":"b","number":"1"}]}"#.to_owned(),
            "agents[1].id must be the only agent with this id and this number",
        ),
        (one(r#","delay_ms":"1""#), "agents[0].delay_ms must be whole milliseconds, 0 to 60000"),
        (one(r#","silence_ms":60001"#), "agents[0].silence_ms must be whole milliseconds, 0 to 60000"),
        (one(r#","versions":[1]"#), "agents[0].versions[0] must be a text"),
        (one(r#","turns":{}"#), "agents[0].turns must be an array"),
        (one(r#","turns":[{}]"#), "agents[0].turns[0].reply must be given"),
        (one(r#","turns":[{"reply":[],"say":1}]"#), "agents[0].turns[0].say is not known here; known are heard, reply"),
        (
            one(r#","greeting":"Hello""#),
            "agents[0].greeting must be an object like {\"say\": \"Hello\"}, or an array of such objects",
        ),
        (
            one(r#","greeting":[{}]"#),
            "agents[0].greeting[0] must be an object with say, clip, wait_ms, tool or hang_up; a clip of your own needs \
             say",
        ),
        (one(r#","greeting":{"hang_up":false}"#), "agents[0].greeting.hang_up must be true"),
        (one(r#","greeting":{"wait_ms":1,"say":"x"}"#), "agents[0].greeting.say is not known here; known are wait_ms"),
        (one(r#","images":{"tool":"t","arguments":[]}"#), "agents[0].images.arguments must be an object"),
        (
            one(r#","images":{"tool":"t","then":{"wait_ms":-1}}"#),
            "agents[0].images.then.wait_ms must be whole milliseconds, 0 to 600000",
        ),
        (
            one(r#","texts":[{"keywords":[""],"reply":[]}]"#),
            "agents[0].texts[0].keywords[0] must be a text of 1 to 256 characters",
        ),
        (one(r#","widget_settings":[]"#), "agents[0].widget_settings must be an object"),
        (
            one(r#","conversations":{"c":[{"role":"system","text":"x"}]}"#),
            "agents[0].conversations.c[0].role must be \"user\" or \"assistant\"",
        ),
        (
            r#"{"agents":[],"clips":{"x":"nothing.opus"}}"#.to_owned(),
            "clips.x must be a file that can be read: No such file",
        ),
        (r#"{"agents":[],"clips":{"x":"text.opus"}}"#.to_owned(), "clips.x must be an Ogg Opus file"),
    ] {
        assert_eq!(read(&file).map(|_| ()), Err(complaint.to_owned()), "{file}");
    }
}

#[test]
fn an_unknown_clip_is_answered_with_those_there_are() {
    let file = r#"{"agents":[{"id":"a","greeting":{"clip":"helo"}}],"clips":{"hello":"hello.opus"}}"#;

    let complaint = read(file).map(|_| ()).unwrap_err();

    assert!(complaint.starts_with("agents[0].greeting.clip must be one of the clips again, first, "), "{complaint}");
    assert!(complaint.contains(", hello, "), "{complaint}");
}
