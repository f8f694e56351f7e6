// What the pages do by themselves, beside what TypeDoc does.

const REFERENCE = "Reference";

/** The groups of pages, which TypeDoc leaves closed until somebody has opened them. */
const navigation = document.querySelector("#tsd-nav-container");

const openGroups = () => {
  for (const group of navigation.querySelectorAll(":scope > li > details")) {
    if (group.querySelector("summary").textContent.trim() !== REFERENCE) group.open = true;
  }
};

/** What is wider than the page scrolls by itself: by keyboard, too. */
const letScroll = () => {
  for (const element of document.querySelectorAll(".tsd-typography :is(table, pre, p:has(> img))")) {
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  }
};

new MutationObserver(openGroups).observe(navigation, { childList: true });
openGroups();
// TypeDoc shows the page a moment after it is loaded.
new ResizeObserver(letScroll).observe(document.querySelector(".col-content"));
