//! The gateway as a program: one port for the pages, the sockets of both dialects, and the operator.
#![forbid(unsafe_code)]

mod arguments;
mod catalogue;
mod door;
mod http;
mod operator;
mod replay;
mod reports;
mod socket;
mod switchboard;

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use offhook_gateway::media::{Media, has_own_address};
use offhook_gateway::{Agents, Config, Server, Tokens};
use tokio::sync::{mpsc, watch};

use crate::arguments::{Arguments, Asked};
use crate::door::{Cutter, Door};
use crate::http::Shell;
use crate::reports::Reports;
use crate::switchboard::Switchboard;

/// How long a stop waits for responses under way.
const LAST_RESPONSES: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args().skip(1)) {
        Ok(Asked::Run(arguments)) => arguments,
        Ok(Asked::Fault { url, query }) => {
            return match operator::ask(&url, &query) {
                Ok(reply) => {
                    say(&reply);
                    ExitCode::SUCCESS
                }
                Err(complaint) => fail(&complaint),
            };
        }
        Ok(Asked::Replay { file }) => {
            return match replay::replay(&file) {
                Ok((story, is_met)) => {
                    say(story.trim_end());
                    if is_met { ExitCode::SUCCESS } else { ExitCode::FAILURE }
                }
                Err(complaint) => fail(&complaint),
            };
        }
        Ok(Asked::Help) => {
            say(&arguments::help());
            return ExitCode::SUCCESS;
        }
        Err(complaint) => return fail(&complaint),
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the system lets nothing wait: {error}")),
    };
    let outcome = runtime.block_on(run(arguments));
    // A task that still waits for its client has nothing to lose.
    runtime.shutdown_background();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaint) => fail(&complaint),
    }
}

/// Serves until the first signal.
async fn run(arguments: Arguments) -> Result<(), String> {
    let mut config = Config::default();
    if let Some(file) = &arguments.agents {
        config.agents = read_agents(file)?.before(config.agents);
    }
    let address = arguments.address();
    let (door, porter) = Door::open(address).await.map_err(|error| {
        if error.kind() == io::ErrorKind::AddrInUse {
            format!("port {} is taken: stop what listens there, or choose another with --port", address.port())
        } else {
            format!("cannot listen at {address}: {error}")
        }
    })?;
    let address = door.address();
    if let Some(time) = arguments.detach_time {
        (config.detach_time, config.telnyx_detach_time) = (time, time);
    }
    let tokens = Tokens::new(random()?);
    let start = {
        let (config, tokens) = (config.clone(), tokens.clone());
        Box::new(move || Server::new(config.clone(), tokens.clone(), Box::new(new_id)))
    };

    let reports = Reports::default();
    let (orders, ordered) = mpsc::unbounded_channel();
    let (fact, facts) = mpsc::unbounded_channel();
    let mut media = tokio::spawn(Media::run(ordered, fact));
    let (events, happened) = mpsc::unbounded_channel();
    let mut switchboard = tokio::spawn(Switchboard::new(start, orders, reports.clone()).run(happened, facts));

    let (stop, stopped) = watch::channel(());
    let shell = Shell { events, porter, reports, tokens, config, is_local: address.ip().is_loopback() };
    let router = http::router(shell, &arguments).into_make_service_with_connect_info::<Cutter>();
    let serving = axum::serve(door, router).with_graceful_shutdown(async move { changed(stopped).await });
    let serving = tokio::spawn(async move { serving.await });

    say(&format!("Offhook gateway at http://{address}/"));
    if !address.ip().is_loopback() {
        say("warning: other machines can come in here, and the users and their password are known to everybody");
    }
    if !has_own_address().await {
        say("this machine has no address but loopback: Firefox will hear nothing");
    }
    let outcome = tokio::select! {
        () = signal() => Ok(()),
        ended = &mut media => Err(match ended {
            Ok(Err(error)) => format!("the media cannot run: {error}"),
            Ok(Ok(())) | Err(_) => "the media stopped".to_owned(),
        }),
        _ = &mut switchboard => Err("the signalling stopped".to_owned()),
    };
    say("stopping");
    stop.send_replace(());
    switchboard.abort();
    // Whoever takes longer to read is cut off.
    let _ = tokio::time::timeout(LAST_RESPONSES, serving).await;
    outcome
}

/// Reads a file of agents, and the clips beside it.
fn read_agents(file: &Path) -> Result<Agents, String> {
    let complain = |error: &dyn std::fmt::Display| format!("--agents {}: {error}", file.display());
    let text = std::fs::read_to_string(file).map_err(|error| complain(&error))?;
    let open = |name: &str| std::fs::read(file.with_file_name(name)).map_err(|error| error.to_string());
    Agents::read(&text, open).map_err(|error| complain(&error))
}

/// Ctrl-C, or a polite kill.
async fn signal() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        // Without a handler the system's own behaviour stays, which also ends us.
        Ok(()) = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

async fn changed(mut stopped: watch::Receiver<()>) {
    // A dropped sender means that the program ends.
    let _ = stopped.changed().await;
}

fn new_id() -> [u8; 16] {
    // Without randomness ids could be guessed: better to end than to go on so.
    random().unwrap_or_else(|complaint| {
        let _ = writeln!(io::stderr(), "{complaint}");
        std::process::exit(1)
    })
}

fn random<const N: usize>() -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| format!("the system has no random numbers: {error}"))?;
    Ok(bytes)
}

/// Writes a line; whoever closed the other end of it does not want to read it.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

fn fail(complaint: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "offhook-gateway: {complaint}");
    ExitCode::FAILURE
}
