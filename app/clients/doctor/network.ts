import { failed, ok, warning, type Check } from './check.ts';

export interface NetworkPorts {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The proxy of the settings, for calls to Kiro. */
  readonly proxyUrl: string | undefined;
  /** Whether something takes connections there. */
  readonly canConnect: (host: string, port: number) => Promise<boolean>;
  readonly now: () => number;
  /** The time on Kiro's side in epoch ms, undefined when it tells none. @throws Error that says why Kiro cannot be reached */
  readonly remoteTime: () => Promise<number | undefined>;
}

export const clearProxy = 'network.clear-proxy';

/** Proxies that are dead or take loopback, and the clock. */
export async function checkNetwork(ports: NetworkPorts): Promise<Check[]> {
  return [...(await checkProxies(ports)), ...checkLoopback(ports), await checkClock(ports)];
}

async function checkProxies({ env, proxyUrl, canConnect }: NetworkPorts): Promise<Check[]> {
  const isDead = async (text: string): Promise<string | undefined> => {
    const url = URL.parse(text);
    if (url === null) return 'something that is no URL';
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    // Without user name and password.
    return (await canConnect(url.hostname.replaceAll(/[[\]]/g, ''), port)) ? undefined : `${url.hostname}:${port}`;
  };
  if (proxyUrl !== undefined) {
    const dead = await isDead(proxyUrl);
    if (dead === undefined) return [ok('Proxy', 'The proxy of the settings takes connections.')];
    const fix = 'Start the proxy, or do without: kiro-pool settings set proxyUrl none, then start Kiro Pool anew.';
    const remedy = { action: clearProxy, label: 'Do without the proxy' };
    return [failed('Proxy', `The setting proxyUrl names ${dead}, where nothing answers.`, fix, remedy)];
  }
  const named = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].filter((name) => Boolean(env[name]));
  const checks = await Promise.all(
    named.map(async (name) => {
      const dead = await isDead(env[name] ?? '');
      if (dead === undefined) return ok('Proxy', `The proxy of ${name} takes connections.`);
      const fix = `Start the proxy, or unset ${name} and start Kiro Pool anew.`;
      return failed('Proxy', `${name} names ${dead}, where nothing answers.`, fix);
    }),
  );
  return checks;
}

/** Claude Code and Copilot send even plain requests to 127.0.0.1 through a proxy, unless they are told not to. */
function checkLoopback({ env }: NetworkPorts): Check[] {
  const hasProxy = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => Boolean(env[name]));
  if (!hasProxy) return [];
  const exempt = (env['NO_PROXY'] ?? env['no_proxy'] ?? '').split(/[\s,]+/);
  if (exempt.includes('*') || exempt.some((host) => /^(?:127\.0\.0\.1|127\.0\.0\.0\/8)$/.test(host))) {
    return [ok('Loopback', 'The proxy of the environment leaves 127.0.0.1 out.')];
  }
  return [
    warning(
      'Loopback',
      'A proxy is set in the environment, and NO_PROXY does not leave 127.0.0.1 out: some tools would ask the proxy for it.',
      'Set it where you start your tools: export NO_PROXY=127.0.0.1,localhost',
    ),
  ];
}

const worrySkewMs = 5 * 60_000;

async function checkClock({ now, remoteTime }: NetworkPorts): Promise<Check> {
  let remote: number | undefined;
  try {
    remote = await remoteTime();
  } catch (error) {
    const why = error instanceof Error ? `: ${error.message}` : '';
    const detail = `Kiro could not be reached to compare clocks${why}.`;
    return warning('Clock', detail, 'Check the network, the proxy and the firewall.');
  }
  if (remote === undefined) return warning('Clock', 'Kiro did not tell its time.', 'Compare yours with another clock.');
  const skew = Math.abs(now() - remote);
  if (skew < worrySkewMs) return ok('Clock', 'It agrees with the one at Kiro.');
  const detail = `It is ${Math.round(skew / 60_000)} minutes off, so that tokens seem to end too early or too late.`;
  return failed('Clock', detail, 'Set the clock.');
}
