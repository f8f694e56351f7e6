/** An address that a link may lead to. @param {string} url */
export function web(url) {
  try {
    const { protocol, href } = new URL(url, document.baseURI);
    return protocol === "https:" || protocol === "http:" ? href : undefined;
  } catch {
    return undefined;
  }
}
