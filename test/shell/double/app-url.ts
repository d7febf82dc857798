/**
 * Chromium cannot be told of a scheme from outside, so a page of `app://host/x` is at `https://host.app.electron-double.test/x`
 * for it. The app never sees that address.
 */
const domain = '.electron-double.test';

/** @param schemes those that the app registered */
export function toChromium(url: string, schemes: ReadonlySet<string>): string {
  const parsed = URL.parse(url);
  const scheme = parsed?.protocol.slice(0, -1) ?? '';
  if (!parsed || !schemes.has(scheme)) return url;
  return `https://${parsed.host}.${scheme}${domain}${parsed.pathname || '/'}${parsed.search}${parsed.hash}`;
}

/** What the app calls this address. */
export function fromChromium(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed?.hostname.endsWith(domain)) return url;
  const labels = parsed.hostname.slice(0, -domain.length).split('.');
  const scheme = labels.pop() ?? '';
  return `${scheme}://${labels.join('.')}${parsed.pathname}${parsed.search}${parsed.hash}`;
}
