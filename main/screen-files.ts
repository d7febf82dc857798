import { net, protocol } from 'electron';
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where screens live: a scheme of our own, so that no file of the disk is ever a page. */
export const screenOrigin = 'app://kiro-pool';

/** To be called before the app is ready. */
export function registerScreenScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Nothing but our own files: a screen can neither load nor reach anything else. */
const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'none'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/**
 * Serves the built screens. What may be asked for is listed from the folder once, so that no path can lead out of it.
 * @param folder absolute path of the built screens
 */
export function serveScreens(folder: string): void {
  const files = new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [`/${relative(folder, path).split(sep).join('/')}`, path]),
  );
  protocol.handle('app', async (request) => {
    const url = URL.parse(request.url);
    const path = url?.host === 'kiro-pool' && request.method === 'GET' ? files.get(url.pathname) : undefined;
    if (path === undefined) return new Response('Not found', { status: 404, headers: securityHeaders });
    const file = await net.fetch(pathToFileURL(path).href);
    const headers = new Headers(file.headers);
    for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value);
    return new Response(file.body, { status: file.status, headers });
  });
}
