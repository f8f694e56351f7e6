// Makes the reference tell what an application can use, by the names that it uses; complains about what is not told.

import { Comment, CommentTag, Converter, PageEvent, ReflectionKind } from "typedoc";

/** The names by which the entries are imported, by what TypeDoc calls them. */
const ENTRIES = {
  js: "offhook", "js/index": "offhook", "js/store": "offhook/store", "js/react": "offhook/react",
  "js/audio": "offhook/audio", "js/check": "offhook/check", "js/control": "offhook/control",
  "js/directory": "offhook/directory",
  "js/tones": "offhook/tones", "js/log": "offhook/log", "js/agent": "offhook/agent", "js/widget": "offhook/widget",
  "js/trace": "offhook/trace", "js/quality": "offhook/quality", "js/reports": "offhook/reports",
};

const { Function, Variable, Interface, TypeAlias, Property, Method } = ReflectionKind;
const TO_BE_TOLD = Function | Variable | Interface | TypeAlias | Property | Method;

/** What TypeDoc's pages do not say to who cannot see how they are laid out. */
const ROLES = {
  '<div class="col-content">': '<div class="col-content" role="main">',
  '<div class="page-menu">': '<div class="page-menu" role="complementary" aria-label="This page">',
  '<nav id="tsd-sidebar-links"': '<nav id="tsd-sidebar-links" aria-label="Elsewhere"',
  '<nav class="tsd-navigation">': '<nav class="tsd-navigation" aria-label="Pages">',
};

/** @param {import("typedoc").Application} application */
export function load({ converter, renderer, logger }) {
  renderer.on(PageEvent.END, (page) => {
    for (const [silent, telling] of Object.entries(ROLES)) page.contents = page.contents.replace(silent, telling);
  });
  converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.children ?? []) {
      module.name = ENTRIES[module.name] ?? module.name;
      module.comment = new Comment([], [new CommentTag("@group", [{ kind: "text", text: "Reference" }])]);
    }
    for (const property of project.getReflectionsByKind(Property)) {
      // `?: never` keeps the compiler from taking two ways at once; nobody can give it.
      if (property.type?.type === "intrinsic" && property.type.name === "undefined") project.removeReflection(property);
    }
  });
  converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const reflection of project.getReflectionsByKind(TO_BE_TOLD)) {
      // What an event carries is told with the event.
      const isPart = reflection.parent?.kindOf(ReflectionKind.TypeLiteral);
      if (isPart || reflection.flags.isExternal || isTold(reflection)) continue;
      logger.warn(`${reflection.getFriendlyFullName()} has no doc comment`);
    }
  });
}

function isTold(reflection) {
  const signatures = reflection.getNonIndexSignatures?.() ?? [];
  return reflection.hasComment() || signatures.some((signature) => signature.hasComment());
}
