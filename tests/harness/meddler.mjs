// Sits between a page and the gateway, passes everything on, and slips in frames of its own.

import { WebSocket, WebSocketServer } from "ws";

/** Passes frames to and from the gateway at `url`. `slipIn` sends a page a frame that the gateway never wrote. */
export async function startMeddler(url) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise((resolve, reject) => server.once("listening", resolve).once("error", reject));
  let page;
  server.on("connection", (connection) => {
    page = connection;
    const gateway = new WebSocket(url);
    const early = [];
    const pass = (frame) => (gateway.readyState === WebSocket.OPEN ? gateway.send(frame) : early.push(frame));
    connection.on("message", (data) => pass(data.toString()));
    gateway.on("open", () => early.splice(0).forEach((frame) => gateway.send(frame)));
    gateway.on("message", (data) => connection.send(data.toString()));
    connection.on("close", () => gateway.close());
    gateway.on("close", () => connection.close());
    for (const end of [connection, gateway]) end.on("error", () => end.terminate());
  });
  return {
    url: `ws://127.0.0.1:${server.address().port}/`,
    slipIn(frame) {
      page.send(typeof frame === "string" || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
    },
    stop() {
      for (const connection of server.clients) connection.terminate();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
