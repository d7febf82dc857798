import type { IncomingMessage } from 'node:http';
import { modelsOfPlan } from '../emulator/catalogue.ts';
import { parseObject } from './parse-object.ts';

const day = 86_400;

/** Answers what is not a turn: refreshes, credits and models (protocol §2, §6). Any login is good. */
export function controlAnswer(request: IncomingMessage, url: string, body: string): object {
  if (url.endsWith('/refreshToken')) return refreshed(body);
  const asked = request.headers['x-amz-target'] ?? url;
  if (asked.includes('ListAvailableModels')) return { models: modelsOfPlan('power') };
  if (/getusagelimits/i.test(String(asked))) return usageOf(request.headers.authorization ?? '');
  return {};
}

/** The name of a login is carried from token to token, so that each stays an account of its own. */
function refreshed(body: string): object {
  const token = parseObject(body)['refreshToken'];
  const name = typeof token === 'string' ? (token.split(':')[1] ?? 'one') : 'one';
  return { accessToken: `access:${name}`, refreshToken: `forked:${name}`, expiresIn: 86_400 };
}

function usageOf(authorization: string): object {
  const name = authorization.split(':')[1] ?? 'one';
  return {
    nextDateReset: Math.floor(Date.now() / 1000) + 20 * day,
    usageBreakdownList: [{ resourceType: 'CREDIT', currentUsage: 10, usageLimit: 10_000 }],
    subscriptionInfo: { subscriptionTitle: 'KIRO POWER' },
    userInfo: { userId: `user-${name}`, email: `${name}@bench.example` },
  };
}
