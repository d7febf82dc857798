import { failed, ok, warning, type Check } from './check.ts';

export interface EndpointPorts {
  /** Base URL of the endpoint, undefined while it does not listen. */
  readonly url: string | undefined;
  readonly fetchHealth: (url: string) => Promise<boolean>;
  /** The port that was wanted and is taken by another program; null when all is as set. */
  readonly takenPort: number | null;
  readonly isPaused: boolean;
  /** What became of the last test request; undefined while none was sent. */
  readonly tested: TestedRequest | undefined;
}

/** One real request through the endpoint, streamed to its end. */
export type TestedRequest =
  | { readonly isAnswered: true; readonly model: string; readonly ms: number }
  | { readonly isAnswered: false; readonly reason: string };

export const keepPort = 'endpoint.keep-port';
export const resume = 'endpoint.resume';
export const sendTest = 'endpoint.test';

/** Whether the endpoint listens where it should and answers. Nothing that costs credits is sent unasked. */
export async function checkEndpoint(ports: EndpointPorts): Promise<Check[]> {
  const { url, isPaused, fetchHealth } = ports;
  if (url === undefined) return [warning('Endpoint', 'It does not listen.', 'Start it: kiro-pool serve')];
  const answers = await fetchHealth(url);
  return [
    answers
      ? ok('Endpoint', `It answers at ${url}.`)
      : failed(
          'Endpoint',
          `${url} does not answer.`,
          'Look for a firewall or a proxy that takes loopback (NO_PROXY=127.0.0.1).',
        ),
    ...checkPort(url, ports),
    ...(isPaused
      ? [
          warning('Pause', 'The endpoint is paused and refuses requests.', 'Resume it.', {
            action: resume,
            label: 'Resume',
          }),
        ]
      : []),
    ...(answers && !isPaused ? [checkTest(ports)] : []),
  ];
}

/** Tools that were told the wanted port would reach another program. */
function checkPort(url: string, { takenPort }: EndpointPorts): Check[] {
  if (takenPort === null) return [];
  const port = new URL(url).port;
  return [
    warning(
      'Port',
      `Port ${takenPort} is taken by another program; the endpoint listens on ${port}.`,
      `Stop that program and start Kiro Pool anew, or keep port ${port} and set up your tools again.`,
      { action: keepPort, label: `Keep port ${port}` },
    ),
  ];
}

function checkTest({ tested }: EndpointPorts): Check {
  const name = 'Test request';
  const again = { action: sendTest, actionLabel: 'Send a test request' };
  if (tested === undefined) {
    return { ...ok(name, 'None was sent: it costs a fraction of a credit.'), ...again };
  }
  if (tested.isAnswered) {
    return {
      ...ok(name, `${tested.model} answered through the endpoint in ${(tested.ms / 1000).toFixed(1)} s.`),
      ...again,
    };
  }
  return { ...failed(name, tested.reason, 'See what the other checks say, then send it again.'), ...again };
}
