import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { mock } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { openEngine } from '../../../app/engine.ts';
import { temporaryFolder } from '../../support/engine.ts';
import type { PromiseRow } from './row.ts';
import { assertServes, post, seen, startServed, type Seen, type Served } from './served.ts';
import { told } from './told.ts';
import { listening, startWire } from './wire.ts';

const keptReady = 'login ready; history: `upstream-unreachable`';
const comesBack = 'the client is told that the network is at fault and comes back by itself; no account is blamed';
const nothingSent = 'nothing is sent to it, above all no token; the client is told that the network is at fault';

/** Ways in which Kiro cannot be reached. */
export const networkFaults: readonly PromiseRow[] = [
  ...['ENOTFOUND', 'EAI_AGAIN'].map((code): PromiseRow => ({
    fault: `the name of Kiro's host cannot be looked up (${code})`,
    promise: comesBack,
    async prove(plant) {
      await using wire = await startWire();
      await using served = await startServed({ dataPlane: `http://localhost:${wire.port}` });
      plant(() => failLookups(code));
      const answer = await served.ask().finally(() => mock.restoreAll());
      await assertUnreachable(served, answer, code);
      assert.equal(wire.asked, 0);
      await assertServes(served);
      return { sees: told(answer), kept: `${keptReady}; the next request, with names again, is served` };
    },
  })),
  {
    fault: 'every host of Kiro refuses connections',
    promise: comesBack,
    async prove(plant) {
      await using wire = await startWire();
      await using served = await startServed({ dataPlane: `http://127.0.0.1:${wire.port}` });
      await plant(() => wire.close());
      const answer = await served.ask();
      await assertUnreachable(served, answer, 'ECONNREFUSED');
      return { sees: told(answer), kept: keptReady };
    },
  },
  {
    fault: "Kiro's host does not speak TLS",
    promise: nothingSent,
    async prove(plant) {
      let asked = 0;
      const server = createHttpServer((_request, response) => {
        asked += 1;
        response.end();
      });
      await using host = await listening(server);
      const scheme = plant(() => 'https') ?? 'http';
      await using served = await startServed({ dataPlane: `${scheme}://127.0.0.1:${host.port}` });
      const answer = await served.ask();
      await assertUnreachable(served, answer, 'ERR_SSL');
      assert.equal(asked, 0);
      return { sees: told(answer), kept: `${keptReady}; its token unsent` };
    },
  },
  {
    fault: 'somebody in between shows a certificate that nobody vouches for',
    promise: nothingSent,
    async prove(plant) {
      using folder = temporaryFolder();
      const certificate = ownCertificate(folder.path);
      if (certificate === undefined) return { skipped: 'there is no openssl to make a certificate with' };
      let heard = 0;
      const server = createTlsServer(certificate, (socket) => void socket.on('data', () => (heard += 1)));
      await using host = await listening(server.on('tlsClientError', () => {}));
      await using served = await startServed({ dataPlane: plant(() => `https://localhost:${host.port}`) });
      const answer = await served.ask();
      await assertUnreachable(served, answer, 'SELF_SIGNED');
      assert.equal(heard, 0);
      return { sees: told(answer), kept: `${keptReady}; its token unsent` };
    },
  },
  ...[
    { what: 'lets nothing through (403)', head: 'HTTP/1.1 403 Forbidden', says: /lets nothing through to \S+ \(403\)/ },
    {
      what: 'wants a password (407)',
      head: 'HTTP/1.1 407 Proxy Authentication Required',
      says: /wants a user name and a password \(407\)/,
    },
  ].map(({ what, head, says }): PromiseRow => ({
    fault: `HTTPS_PROXY names a proxy that ${what}`,
    promise:
      "Kiro's hosts are asked for through it and by no way around it; the proxy is named as the one at fault, to the client and by the doctor",
    async prove(plant) {
      await using served = await startServed();
      const { rig } = served;
      await rig.engine.close();
      await using proxy = await startRefusingProxy(head);
      const proxied = { HOME: rig.folder.path, HTTPS_PROXY: `http://me:secret@127.0.0.1:${proxy.port}` };
      await using engine = await openEngine({
        dataDir: rig.folder.file('data'),
        env: plant(() => proxied) ?? rig.env,
        log: () => {},
        now: () => rig.now,
        wait: () => Promise.resolve(),
      });
      const url = await engine.serve({ host: '127.0.0.1', port: 0, allowLan: false });
      const answer = await seen(await post({ url, key: served.key }));
      assert.equal(answer.code, 'upstream_unreachable');
      assert.match(answer.message, says);
      assert.ok(!answer.message.includes('secret'));
      assert.ok(proxy.asked.length > 0);
      assert.ok(
        proxy.asked.every((host) => /\.(?:kiro\.dev|amazonaws\.com):443$/.test(host)),
        proxy.asked.join(),
      );
      const checks = await engine.handlers.doctor({});
      assert.match(checks.find(({ name }) => name === 'Clock')?.detail ?? '', says);
      const { accounts, requests } = engine.live.current();
      assert.deepEqual([accounts[0]?.state.name, requests[0]?.outcome], ['ready', 'upstream-unreachable']);
      return { sees: told(answer), kept: keptReady };
    },
  })),
];

async function assertUnreachable(served: Served, answer: Seen, code: string): Promise<void> {
  assert.equal(answer.status, 503);
  assert.equal(answer.code, 'upstream_unreachable');
  assert.match(answer.message, new RegExp(code));
  // Whole seconds: some clients give up without them.
  assert.match(answer.retryAfter ?? '', /^[1-9]\d*$/);
  assert.deepEqual(served.states(), ['ready']);
  assert.deepEqual(await served.outcomes(), ['upstream-unreachable']);
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

/** @param head what it answers to each wish for a tunnel */
async function startRefusingProxy(head: string): Promise<{ port: number; asked: string[] } & AsyncDisposable> {
  const asked: string[] = [];
  const server = createHttpServer().on('connect', ({ url }: { url?: string }, socket: Socket) => {
    asked.push(url ?? '');
    socket.on('error', () => {}).end(`${head}\r\n\r\n`);
  });
  return { ...(await listening(server)), asked };
}
