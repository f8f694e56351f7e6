"use client";

import { connect } from "offhook";
import { useEffect, useState } from "react";

/** A button that calls the echo, and hangs up again. */
export default function Phone() {
  const [url, setUrl] = useState(null);
  const [state, setState] = useState("");
  const [call, setCall] = useState(null);
  useEffect(() => setUrl(new URLSearchParams(location.search).get("gateway")), []);

  async function dial() {
    try {
      const client = await connect({ url, login: "1000", password: "1234" });
      const made = client.newCall({ destinationNumber: "9196" });
      made.on("state", (change) => setState(change.state));
      made.on("ended", () => client.close());
      setCall(made);
    } catch (error) {
      setState(`${error.code} ${error.message}`);
    }
  }

  return (
    <>
      <button disabled={url === null} onClick={() => (call ? call.hangup() : dial())}>{call ? "Hang up" : "Call"}</button>
      <output>{state}</output>
    </>
  );
}
