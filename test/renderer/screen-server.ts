import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { extname, join, relative, sep } from 'node:path';

/** What the desktop app sends with its screens, so that what a policy forbids fails here, too. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'none'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface ScreenServer extends AsyncDisposable {
  /** Without a slash at its end. */
  readonly url: string;
}

/** Serves built screens on loopback. */
export async function serveScreens(folder: string): Promise<ScreenServer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = new Map(paths.map((path) => [`/${relative(folder, path).split(sep).join('/')}`, path]));
  const server = createServer((request, response) => {
    const path = files.get(new URL(request.url ?? '/', 'http://screens').pathname);
    if (path === undefined) {
      response.writeHead(404).end();
      return;
    }
    void send(path);

    async function send(from: string): Promise<void> {
      const body = await readFile(from);
      const type = types[extname(from)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(body);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The screens have no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
