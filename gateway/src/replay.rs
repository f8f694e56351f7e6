//! Tells a client again what a trace holds, and prints what it tells in return.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use offhook_core::trace;

/// What the client told and did, a line each; and whether all was so that is expected in the trace.
///
/// # Errors
/// What is wrong with the file, in words.
pub(crate) fn replay(file: &Path) -> Result<(String, bool), String> {
    let shown = file.display();
    let trace = std::fs::read_to_string(file).map_err(|error| format!("cannot read {shown}: {error}"))?;
    narrate(&trace).map_err(|error| format!("{shown} is no trace: {error}"))
}

fn narrate(trace: &str) -> Result<(String, bool), trace::BadTrace> {
    let (mut story, mut start) = (String::new(), None);
    trace::replay(trace, |at, output| {
        let since = at.monotonic.saturating_sub(*start.get_or_insert(at.monotonic));
        if let Some(line) = trace::words(output) {
            tell(&mut story, since, &line);
        }
    })?;
    let findings = trace::check(trace)?;
    for finding in &findings {
        // Writing to a string cannot fail.
        let _ = writeln!(story, "{}: {finding}", if finding.is_met { "as expected" } else { "NOT AS EXPECTED" });
    }
    Ok((story, findings.iter().all(|finding| finding.is_met)))
}

fn tell(story: &mut String, since: Duration, line: &str) {
    let _ = writeln!(story, "{:>10.3} s  {line}", since.as_secs_f64());
}

#[cfg(test)]
mod tests {
    use super::*;
    use offhook_core::trace::Recorder;
    use offhook_core::{Command, Credentials, Input, Instant, Options, SessId, SocketId, SocketInput};

    #[test]
    fn a_trace_tells_its_story_again() {
        let now = Instant { monotonic: Duration::from_secs(5), wall: Duration::from_secs(1_800_000_000) };
        let credentials = Credentials::password("1000", "1234");
        let options = Options { url: Some("ws://pbx.example".into()), ..Options::new(credentials) };
        let mut recorder = Recorder::new(options, SessId::from("s"), 1, now).unwrap();
        recorder.command(Command::Connect, now).unwrap();
        let closed = SocketInput::Closed { code: 1006, reason: String::new() };
        recorder.handle_input(Input::Socket(SocketId(1), closed), now.after(Duration::from_millis(250)));

        let (story, is_met) = narrate(recorder.text()).unwrap();

        assert_eq!(
            story,
            "     0.000 s  socket 1: open ws://pbx.example\n     \
             0.250 s  promise 1: cannot connect to ws://pbx.example\n"
        );
        assert!(is_met, "nothing is expected");
    }

    #[test]
    fn what_is_no_trace_is_told_with_its_line() {
        assert_eq!(narrate(""), Ok((String::new(), true)));
        assert_eq!(narrate("{}").unwrap_err().line, 1);
    }
}
