/** The screens in a browser, as `kiro-pool serve --ui` shows them: questions over HTTP, pushes as server-sent events. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { test as base, expect } from './screen-test.ts';
import { snapshot } from './sample.ts';

interface Engine {
  readonly url: string;
  readonly asked: { readonly question: string; readonly input: unknown }[];
  readonly push: (event: string, value: unknown) => void;
  /** Ends the pushes, and lets whoever comes back for them wait. */
  readonly hangUp: () => void;
  readonly comeBack: () => void;
}

const replies: Readonly<Record<string, unknown>> = {
  'endpoint.pause': { ok: true, result: {} },
  'keys.list': { ok: true, result: [{ name: 'default', createdAt: 0 }] },
};

/** An engine's side of the two routes, in front of the built screens. */
const test = base.extend<{ readonly engine: Engine }>({
  engine: async ({ screensUrl }, use) => {
    const asked: { question: string; input: unknown }[] = [];
    const streams = new Set<ServerResponse>();
    const waiting = new Set<ServerResponse>();
    let isAway = false;
    const server = createServer((request, response) => void answer(request, response));

    async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const path = request.url ?? '/';
      if (path === '/ui/events') {
        if (isAway) waiting.add(response);
        else stream(response);
        return;
      }
      if (path.startsWith('/ui/api/')) {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(Buffer.from(chunk));
        const question = path.slice('/ui/api/'.length);
        asked.push({ question, input: JSON.parse(Buffer.concat(chunks).toString()) });
        const error = { code: 'busy', message: 'The pool is busy.', hint: 'Try again.' };
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(replies[question] ?? { ok: false, error }));
        return;
      }
      const file = await fetch(`${screensUrl}${path}`);
      response.writeHead(file.status, { 'content-type': file.headers.get('content-type') ?? '' });
      response.end(Buffer.from(await file.arrayBuffer()));
    }

    function stream(response: ServerResponse): void {
      streams.add(response);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('retry: 100\n\n');
      response.write(`event: snapshot\ndata: ${JSON.stringify(snapshot)}\n\n`);
    }

    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The engine has no port.');
    await use({
      url: `http://127.0.0.1:${address.port}`,
      asked,
      push: (event, value) => {
        for (const each of streams) each.write(`event: ${event}\ndata: ${JSON.stringify(value)}\n\n`);
      },
      hangUp: () => {
        isAway = true;
        for (const each of streams) each.destroy();
        streams.clear();
      },
      comeBack: () => {
        isAway = false;
        for (const each of waiting) stream(each);
        waiting.clear();
      },
    });
    server.closeAllConnections();
    server.close();
  },
});

test.describe('in a browser', () => {
  test('snapshots are shown as they come, and questions are asked', async ({ page, engine }) => {
    await page.goto(`${engine.url}/index.html`);
    await expect(page.getByRole('heading', { name: 'Studio' })).toBeVisible();
    engine.push('snapshot', { ...snapshot, rev: 99, accounts: snapshot.accounts.slice(0, 1) });
    await expect(page.getByRole('heading', { name: 'Studio' })).toHaveCount(0);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => engine.asked).toContainEqual({ question: 'endpoint.pause', input: { isPaused: true } });
  });

  test('the engine’s own words are shown when it cannot', async ({ page, engine }) => {
    await page.goto(`${engine.url}/index.html#usage`);
    await expect(page.getByRole('alert')).toContainText('The pool is busy.');
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
  });

  test('the tray’s wishes are followed', async ({ page, engine }) => {
    await page.goto(`${engine.url}/index.html`);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    engine.push('navigate', { route: 'requests' });
    await expect(page.getByRole('heading', { level: 1, name: 'Requests' })).toBeVisible();
  });

  test('the link comes back by itself', async ({ page, engine }) => {
    await page.goto(`${engine.url}/index.html`);
    await page.getByRole('heading', { name: 'Studio' }).waitFor();
    const lost = page.getByText('Not connected since');
    engine.hangUp();
    await expect(lost).toBeVisible();
    engine.comeBack();
    await expect(lost).toHaveCount(0);
  });

  test('text is copied by the browser, and where a key would be copied stands the command that shows it', async ({
    page,
    context,
    engine,
  }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${engine.url}/index.html`);
    await page.getByRole('button', { name: 'Copy base URL' }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('http://127.0.0.1:8788/v1');
    await expect(page.getByText('kiro-pool key show')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Copy key' })).toHaveCount(0);
    expect(engine.asked.map(({ question }) => question)).not.toContain('desktop.copyKey');
  });
});
