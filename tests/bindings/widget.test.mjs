// The widget in a React application, in StrictMode: every effect runs twice, every component may be drawn at any time.

import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import { nothingIsLeft, openPage } from "../harness/phone.mjs";
import { until } from "../harness/poll.mjs";
import { scratchFolder } from "../harness/sound.mjs";
import { stage } from "../harness/stage.mjs";
import { application, bundlePage } from "./application.mjs";

const www = scratchFolder();
const here = stage({ gateway: { www } });

const MAIN = `
  import "offhook/widget";
  import { StrictMode, useEffect, useRef, useState } from "react";
  import { createRoot } from "react-dom/client";

  window.told = { states: [], draws: 0, tools: 0 };

  function Page({ url }) {
    const ref = useRef(null);
    const [isThere, setThere] = useState(true);
    const [label, setLabel] = useState("Ask");
    const [place, setPlace] = useState("first");
    window.told.draws += 1;
    Object.assign(window, { setThere, setLabel, setPlace });
    useEffect(() => ref.current?.registerTool({ name: "current_page", handler: () => { window.told.tools += 1; return "a React page"; } }), []);
    const widget = <offhook-agent key="agent" ref={ref} agent-id="assistant-demo" dialect="telnyx" language="en"
      url={url} label={label} texts={{ startCall: label }}
      onoffhook-state={({ detail }) => void window.told.states.push(detail.state)} />;
    return <main data-place={place}>{place === "second" && <p key="p">Before it</p>}{isThere && widget}</main>;
  }

  window.show = (url) => {
    window.root = createRoot(document.getElementById("app"));
    window.root.render(<StrictMode><Page url={url} /></StrictMode>);
  };
`;

before(async () => {
  const folder = application({ "main.jsx": MAIN });
  await bundlePage(join(folder, "main.jsx"), www, "widget");
});

test("in StrictMode there is one conversation, which outlives what is drawn and not the element", async () => {
  const page = await openPage(here.browser, `${here.gateway.page}widget.html`);
  await until("the application is there", () => page.evaluate(() => "show" in window));
  await page.evaluate((url) => show(url), here.gateway.telnyx);
  await until("the widget is there", () => page.evaluate(() => !!document.querySelector("offhook-agent")?.shadowRoot));

  await page.evaluate(() => document.querySelector("offhook-agent").start({ mode: "text" }));
  await page.evaluate(() => {
    window.setLabel("Ask again");
    window.setPlace("second");
  });
  await page.evaluate(() => document.querySelector("offhook-agent").sendText("What page am I on?"));
  await until("the tool has run", () => page.evaluate(() => window.told.tools === 1), { within: 20_000 });
  await until("the agent has said so", () => page.evaluate(() => {
    return document.querySelector("offhook-agent").transcript.some(({ text }) => text.includes("a React page"));
  }), { within: 20_000 });
  const { sockets, states, label, draws } = await page.evaluate(() => ({
    sockets: watched.sockets.length, states: window.told.states, label: document.querySelector("offhook-agent").label, draws: window.told.draws,
  }));
  assert.ok(draws > 2, "it was drawn once only");
  assert.deepEqual([sockets, label], [1, "Ask again"]);
  assert.ok(states.includes("thinking") && !states.includes("ended"), states.join());

  await page.evaluate(() => window.setThere(false));
  await nothingIsLeft(page);
  assert.deepEqual(await page.evaluate(() => watched.reported), []);
  await page.close();
});
