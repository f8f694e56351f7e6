// Everything that the tests of the bindings write their applications with, in the page.

import * as offhook from "offhook";
import { createAudioSession } from "offhook/audio";
import * as directory from "offhook/directory";
import * as bindings from "offhook/react";
import { createStore } from "offhook/store";
import * as react from "react";
import { flushSync } from "react-dom";
import { createRoot, hydrateRoot } from "react-dom/client";

window.modules = {
  ...offhook, ...directory, ...bindings, ...react, createAudioSession, createRoot, createStore, flushSync, hydrateRoot,
};
