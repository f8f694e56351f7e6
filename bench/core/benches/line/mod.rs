//! A client with a gateway and a browser that do at once what they are asked, on a clock that is pushed.

use std::time::Duration;

use offhook_core::{
    CallId, CallOptions, CallState, Client, Command, Connection, Credentials, Input, Instant, Options, Output, PeerId,
    PeerInput, SessId, SocketCommand, SocketId, SocketInput,
};

const START: Instant = Instant { monotonic: Duration::ZERO, wall: Duration::from_secs(1_800_000_000) };

/// A client of Telnyx's dialect, and what it last ordered.
pub(crate) struct Line {
    client: Client,
    now: Instant,
    socket: SocketId,
    peer: PeerId,
    /// The id of the newest request.
    asked: String,
    calls: u32,
}

impl Line {
    /// Signed in.
    pub(crate) fn ready() -> Self {
        let Ok(client) = Client::new(options(), SessId::from("sess-1"), 7) else {
            unreachable!("the options are right")
        };
        let mut line =
            Self { client, now: START, socket: SocketId(0), peer: PeerId(0), asked: String::new(), calls: 0 };
        line.order(Command::Connect);
        line.socket(SocketInput::Opened);
        line.reply(r#"{"message":"logged in","sessid":"sess-1"}"#);
        line.hear(r#"{"jsonrpc":"2.0","id":1,"method":"telnyx_rtc.clientReady","params":{}}"#);
        line.reply(r#"{"params":{"state":"REGED","dc":"ch1","region":"us-central"},"sessid":"sess-1"}"#);
        line
    }

    pub(crate) fn new_call(&mut self) -> CallId {
        self.calls += 1;
        let call = CallId::from(&*["call-", &self.calls.to_string()].concat());
        let options = CallOptions { destination_number: "9196".into(), ..CallOptions::default() };
        self.order(Command::NewCall { call: call.clone(), options });
        call
    }

    /// The browser makes the offer and opens the microphone; the gateway takes the INVITE.
    pub(crate) fn offer(&mut self, sdp: &str) {
        self.peer_input(PeerInput::Described { sdp: sdp.to_owned() });
        self.peer_input(PeerInput::MicrophoneOpened);
        self.reply(r#"{"message":"CALL CREATED"}"#);
    }

    pub(crate) fn answered(&mut self, call: &CallId, sdp: &str) {
        let sdp = sdp.replace("\r\n", r"\r\n");
        let id = call.as_str();
        let answer = [
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"telnyx_rtc.answer\",\"params\":{\"callID\":\"",
            id,
            "\",\"sdp\":\"",
            &sdp,
            "\"}}",
        ];
        self.hear(&answer.concat());
        self.peer_input(PeerInput::RemoteApplied);
        self.peer_input(PeerInput::Connection(Connection::Connected));
    }

    pub(crate) fn bye(&mut self, call: &CallId) {
        let id = call.as_str();
        self.hear(
            &[
                "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"telnyx_rtc.bye\",\"params\":{\"callID\":\"",
                id,
                "\",\"causeCode\":16}}",
            ]
            .concat(),
        );
    }

    /// The state of a call that has not ended.
    pub(crate) fn state(&self, call: &CallId) -> Option<CallState> {
        self.client.call(call).map(|snapshot| snapshot.state)
    }

    /// The newest peer.
    pub(crate) fn peer(&self) -> PeerId {
        self.peer
    }

    /// Lets time pass, with every deadline on the way kept.
    pub(crate) fn pass(&mut self, time: Duration) {
        let until = self.now.after(time);
        while let Some(deadline) = self.client.poll_timeout().filter(|deadline| until.reached(deadline.at)) {
            self.now = deadline.at;
            self.tell(Input::Timeout);
            // A gateway answers pings.
            self.reply(r#"{"message":"PONG"}"#);
        }
        self.now = until;
    }

    pub(crate) fn tell(&mut self, input: Input) {
        self.client.handle_input(input, self.now);
        self.carry_out();
    }

    fn peer_input(&mut self, input: PeerInput) {
        self.tell(Input::Peer(self.peer, input));
    }

    fn socket(&mut self, input: SocketInput) {
        self.tell(Input::Socket(self.socket, input));
    }

    fn hear(&mut self, text: &str) {
        self.socket(SocketInput::Received(text.to_owned()));
    }

    fn reply(&mut self, result: &str) {
        let text = ["{\"jsonrpc\":\"2.0\",\"id\":\"", &self.asked, "\",\"result\":", result, "}"].concat();
        self.hear(&text);
    }

    fn order(&mut self, command: Command) {
        assert!(self.client.command(command, self.now).is_ok());
        self.carry_out();
    }

    fn carry_out(&mut self) {
        while let Some(output) = self.client.poll_output() {
            match output {
                Output::Socket(socket, SocketCommand::Open { .. }) => self.socket = socket,
                Output::Socket(_, SocketCommand::Send(text)) => {
                    // `{"jsonrpc":"2.0","id":"7","method":…`; what answers the gateway has a number there.
                    let mut words = text.split('"').skip(7);
                    if let (Some(id), Some(_), Some("method")) = (words.next(), words.next(), words.next()) {
                        id.clone_into(&mut self.asked);
                    }
                }
                Output::Peer(peer, _) => self.peer = peer,
                Output::Socket(_, SocketCommand::Close) | Output::FetchToken | Output::Event(_) => {}
            }
        }
    }
}

fn options() -> Options {
    Options { ice_servers: Some(Vec::new()), ..Options::new(Credentials::password("1000", "1234")) }
}
