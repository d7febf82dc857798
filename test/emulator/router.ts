import type { IncomingMessage, ServerResponse } from 'node:http';
import { API_REGIONS } from './access.ts';
import { approvalPage } from './approval.ts';
import { controlPlane } from './control-plane.ts';
import { generate, isGenerate } from './data-plane.ts';
import { Exchange } from './exchange.ts';
import { externalIdp } from './external-idp.ts';
import { oidc } from './oidc.ts';
import { badRequest, Refusal, unknownOperation } from './refusal.ts';
import { socialAuth } from './social-auth.ts';
import { invokeMcp, isInvokeMcp } from './web-search.ts';
import type { World } from './world.ts';

const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** Takes one request: `/<host>.<region>/…`, `/idp/<tenant>/…` or the approval page. Opens its journal entry. */
export async function route(request: IncomingMessage, response: ServerResponse, world: World): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://emulator');
  const [, first = '', rest = ''] = /^\/([^/]*)(\/.*)?$/.exec(url.pathname) ?? [];
  const [host, region] = splitHost(first);
  const header = (name: string): string | null => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : null;
  };
  const entry = world.journal.open({
    at: world.now(),
    method: request.method ?? '',
    path: url.pathname,
    headerNames: Object.keys(request.headers),
    userAgent: header('user-agent'),
    tokenType: header('tokentype'),
    optOut: header('x-amzn-codewhisperer-optout'),
  });
  entry.host = host;
  entry.region = region;
  const path = rest === '' ? '/' : rest;
  const exchange = new Exchange({ request, response, entry, host, region, path, query: url.searchParams });
  try {
    await dispatch(exchange, world);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // The body is read to its end so that the client gets the answer and not a reset.
    request.resume();
    exchange.refuse(error.spec);
  }
}

async function dispatch(exchange: Exchange, world: World): Promise<void> {
  const { host, region } = exchange;
  switch (host) {
    case 'runtime':
    case 'q':
    case 'management':
    case 'codewhisperer':
      if (!API_REGIONS.includes(region) || (host === 'codewhisperer' && region !== 'us-east-1'))
        return exchange.vanish('region-unknown');
      return servicePlane(exchange, world);
    case 'auth':
      return region === 'us-east-1' ? socialAuth(exchange, world) : exchange.vanish('region-unknown');
    case 'oidc':
      return REGION.test(region) ? oidc(exchange, world) : exchange.vanish('region-unknown');
    case 'idp':
      return externalIdp(exchange, world);
    case 'account':
      return approvalPage(exchange, world);
    default:
      throw unknownOperation('host-unknown', `no host ${host}`);
  }
}

async function servicePlane(exchange: Exchange, world: World): Promise<void> {
  if (exchange.host !== 'management') {
    if (isGenerate(exchange)) return generate(exchange, world);
    if (isInvokeMcp(exchange)) return invokeMcp(exchange, world);
    if (exchange.path === '/SendMessageStreaming') {
      // Not for Kiro's bearer logins (protocol §4.2).
      throw badRequest('send-message', 'SendMessage takes no bearer', null, 'The provided credential is invalid.');
    }
  }
  return controlPlane(exchange, world);
}

/** `runtime.us-east-1` → host and region; a name without region stands alone. */
function splitHost(first: string): [string, string] {
  const dot = first.indexOf('.');
  return dot === -1 ? [first, ''] : [first.slice(0, dot), first.slice(dot + 1)];
}
