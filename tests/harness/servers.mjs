// Servers that misbehave, as the gateway never would.

import { createServer } from "node:net";
import { WebSocketServer } from "ws";

/** A server that takes connections and never says a word. */
export async function startSilentServer() {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
  });
  const port = await listening(server);
  return {
    url: `ws://127.0.0.1:${port}/`,
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A server that opens WebSockets and hears everything, but answers no request. */
export async function startMuteVerto() {
  return startScriptedVerto(() => {});
}

/**
 * A Verto server that does what `play` does: it is called with each frame that comes, and with `send`, which takes a
 * value, or a text that goes out as it is.
 */
export async function startScriptedVerto(play) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise((resolve, reject) => server.once("listening", resolve).once("error", reject));
  const heard = [];
  let socket;
  const send = (frame) => socket.send(typeof frame === "string" || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  server.on("connection", (connection) => {
    socket = connection;
    connection.on("error", () => {});
    connection.on("message", (text) => {
      const frame = JSON.parse(text);
      heard.push(frame);
      play(frame, send);
    });
  });
  return {
    url: `ws://127.0.0.1:${server.address().port}/`,
    heard,
    send,
    stop() {
      for (const connection of server.clients) connection.terminate();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function listening(server) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server.address().port));
  });
}
