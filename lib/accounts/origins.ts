/** Origins that one project may list. */
export const ORIGINS_MAX = 50;

/**
 * The form in which a browser sends an origin: scheme, host in lower case and a port that is not the scheme's own. Null for
 * what is no origin, such as an address with a path. https://html.spec.whatwg.org/multipage/browsers.html#origin
 */
export function parseOrigin(text: string): string | null {
  const originText = text.trim().replace(/\/$/, "");
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@\\]+$/i.test(originText) || !URL.canParse(originText))
    return null;
  const { protocol, host, hostname } = new URL(originText);
  // Extensions have schemes whose hosts a URL does not normalize, such as chrome-extension.
  return hostname === "" ? null : `${protocol}//${host.toLowerCase()}`;
}
