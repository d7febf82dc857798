import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import dns from 'node:dns';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { mock } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { openEngine } from '../../../app/engine.ts';
import { temporaryFolder } from '../../support/engine.ts';
import type { PromiseRow } from './row.ts';
import { assertServes, post, seen, startServed, told, type Seen, type Served } from './served.ts';
import { portOf, startWire } from './wire.ts';

const promise = 'the client is told that the network is at fault and comes back by itself; no account is blamed';

/** Ways in which Kiro cannot be reached. */
export const networkFaults: readonly PromiseRow[] = [
  ...['ENOTFOUND', 'EAI_AGAIN'].map((code) => ({
    fault: `the name of Kiro's host cannot be looked up (${code})`,
    promise,
    async prove() {
      await using wire = await startWire();
      await using served = await startServed({ dataPlane: `http://localhost:${wire.port}` });
      failLookups(code);
      const answer = await served.ask().finally(() => mock.restoreAll());
      assertUnreachable(served, answer, code);
      assert.equal(wire.asked, 0);
      await assertServes(served);
      return { sees: told(answer), kept: 'login ready; the next request, with names again, is served' };
    },
  })),
  {
    fault: 'every host of Kiro refuses connections',
    promise,
    async prove() {
      const wire = await startWire();
      await using served = await startServed({ dataPlane: `http://127.0.0.1:${wire.port}` });
      await wire[Symbol.asyncDispose]();
      const answer = await served.ask();
      assertUnreachable(served, answer, 'ECONNREFUSED');
      return { sees: told(answer), kept: `login ready; history: \`${answer.code}\`` };
    },
  },
  {
    fault: "Kiro's host does not speak TLS",
    promise: 'nothing is sent to it, above all no token; the client is told that the network is at fault',
    async prove() {
      let asked = 0;
      const server = createHttpServer(() => (asked += 1)).listen(0, '127.0.0.1');
      await once(server, 'listening');
      await using served = await startServed({ dataPlane: `https://127.0.0.1:${portOf(server.address())}` });
      const answer = await served.ask();
      server.close();
      assertUnreachable(served, answer, 'ERR_SSL');
      assert.equal(asked, 0);
      return { sees: told(answer), kept: 'login ready, its token unsent' };
    },
  },
  {
    fault: 'somebody in between shows a certificate that nobody vouches for',
    promise: 'nothing is sent to it, above all no token; the client is told that the network is at fault',
    async prove() {
      using folder = temporaryFolder();
      const certificate = ownCertificate(folder.path);
      if (certificate === undefined) return { skipped: 'there is no openssl to make a certificate with' };
      let heard = 0;
      const server = createTlsServer(certificate, (socket) => void socket.on('data', () => (heard += 1)));
      server.on('tlsClientError', () => {}).listen(0, '127.0.0.1');
      await once(server, 'listening');
      await using served = await startServed({ dataPlane: `https://localhost:${portOf(server.address())}` });
      const answer = await served.ask();
      server.close();
      assertUnreachable(served, answer, 'SELF_SIGNED');
      assert.equal(heard, 0);
      return { sees: told(answer), kept: 'login ready, its token unsent' };
    },
  },
  {
    fault: 'HTTPS_PROXY names a proxy that lets nothing through',
    promise:
      "Kiro's hosts are asked for through it and by no way around it; the client is told that the network is at fault",
    async prove() {
      await using served = await startServed();
      const { rig } = served;
      await rig.engine.close();
      await using proxy = await startRefusingProxy();
      const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
      await using engine = await openEngine({
        dataDir: rig.folder.file('data'),
        env,
        log: () => {},
        now: () => rig.now,
        wait: () => Promise.resolve(),
      });
      const url = await engine.serve({ host: '127.0.0.1', port: 0, allowLan: false });
      const answer = await seen(await post({ url, key: served.key }));
      assert.equal(answer.code, 'upstream_unreachable');
      assert.ok(proxy.asked.length > 0);
      assert.ok(
        proxy.asked.every((host) => /\.(?:kiro\.dev|amazonaws\.com):443$/.test(host)),
        proxy.asked.join(),
      );
      assert.deepEqual(
        engine.live.current().accounts.map(({ state }) => state.name),
        ['ready'],
      );
      return { sees: told(answer), kept: 'login ready' };
    },
  },
];

function assertUnreachable(served: Served, answer: Seen, code: string): void {
  assert.equal(answer.status, 503);
  assert.equal(answer.code, 'upstream_unreachable');
  assert.match(answer.message, new RegExp(code));
  // Whole seconds: some clients give up without them.
  assert.match(answer.retryAfter ?? '', /^[1-9]\d*$/);
  assert.deepEqual(served.states(), ['ready']);
}

/** Has the system's resolver fail, as it does without a network, until the mocks are taken back. */
function failLookups(code: string): void {
  mock.method(dns, 'lookup', (name: string, _options: unknown, done: (error: Error) => void) => {
    process.nextTick(done, Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code, syscall: 'getaddrinfo' }));
  });
}

function ownCertificate(folder: string): { readonly key: Buffer; readonly cert: Buffer } | undefined {
  const files = { key: `${folder}/key.pem`, cert: `${folder}/cert.pem` };
  const what = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -days 1';
  try {
    execFileSync('openssl', [...what.split(' '), '-keyout', files.key, '-out', files.cert], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return { key: readFileSync(files.key), cert: readFileSync(files.cert) };
}

async function startRefusingProxy(): Promise<{ port: number; asked: string[] } & AsyncDisposable> {
  const asked: string[] = [];
  const server = createHttpServer().on('connect', ({ url }: { url?: string }, socket: Socket) => {
    asked.push(url ?? '');
    socket.on('error', () => {}).end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server.address()),
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
