import { authenticate, namedProfile } from './access.ts';
import type { Account, ProfileSpec } from './accounts.ts';
import type { Exchange } from './exchange.ts';
import { faultRefusal, type FaultPoint } from './faults.ts';
import { objectOf, stringOf, type JsonObject } from './json.ts';
import { badRequest, notAuthorized, serviceRefusal, unknownOperation } from './refusal.ts';
import { profileRule } from './rules/profile.ts';
import { rest, untilAborted } from './stream-writer.ts';
import { usageDocument } from './usage-document.ts';
import type { World } from './world.ts';

type Operation =
  | 'GetUsageLimits'
  | 'ListAvailableModels'
  | 'ListAvailableProfiles'
  | 'GetProfile'
  | 'SetUserPreference';

const OPERATIONS: readonly Operation[] = [
  'GetUsageLimits',
  'ListAvailableModels',
  'ListAvailableProfiles',
  'GetProfile',
  'SetUserPreference',
];
const RESOURCE_TYPES = new Set(['AGENTIC_REQUEST', 'CREDIT', 'CONVERSATION', 'VIBE', 'SPEC']);
const FAULT_POINTS: Partial<Record<Operation, FaultPoint>> = {
  GetUsageLimits: 'usage',
  ListAvailableModels: 'models',
  ListAvailableProfiles: 'profiles',
  GetProfile: 'profiles',
};

/** The REST routes of protocol §6.1: hosts, method and path → operation. */
const ROUTES: readonly (readonly [hosts: readonly string[], method: string, path: string, operation: Operation])[] = [
  [['q', 'codewhisperer', 'management'], 'GET', '/getUsageLimits', 'GetUsageLimits'],
  [['management'], 'GET', '/Get-Usage-Limits', 'GetUsageLimits'],
  [['q', 'codewhisperer'], 'GET', '/ListAvailableModels', 'ListAvailableModels'],
  [['management'], 'GET', '/List-Available-Models', 'ListAvailableModels'],
  [['q', 'codewhisperer'], 'POST', '/ListAvailableProfiles', 'ListAvailableProfiles'],
  [['management'], 'POST', '/List-Available-Profiles', 'ListAvailableProfiles'],
  [['q', 'codewhisperer'], 'POST', '/GetProfile', 'GetProfile'],
  [['q', 'codewhisperer'], 'POST', '/setUserPreference', 'SetUserPreference'],
];

/** Answers the control plane in its REST and RPC variants (protocol §6). Throws 404 for anything else. */
export async function controlPlane(exchange: Exchange, world: World): Promise<void> {
  const { operation, isRpc } = chosenOperation(exchange);
  exchange.operation(operation);
  exchange.entry.binding = isRpc ? 'rpc' : 'rest';
  if (isRpc && exchange.contentType !== 'application/x-amz-json-1.0') {
    throw badRequest('binding-content-type', `content type ${exchange.contentType} for an RPC call`);
  }
  const body = exchange.request.method === 'POST' ? await exchange.jsonBody() : {};
  const account = authenticate(exchange, world, operation === 'ListAvailableProfiles');
  const point = FAULT_POINTS[operation];
  const fault =
    point === undefined ? undefined : world.faults.take({ on: point, account: account.id, host: exchange.host });
  if (
    await exchange.suffer(fault, async (ms) =>
      ms === undefined ? untilAborted(exchange.signal) : rest(ms, exchange.signal),
    )
  )
    return;
  const refusal = fault === undefined ? undefined : faultRefusal(fault);
  if (refusal !== undefined) throw refusal;
  exchange.reply(200, perform(operation, exchange, world, account, body));
}

function chosenOperation(exchange: Exchange): { operation: Operation; isRpc: boolean } {
  const { host, path, target, request } = exchange;
  if (path === '/' && request.method === 'POST') {
    const [service, name] = target.split('.');
    const operation = OPERATIONS.find((known) => known === name);
    const isService =
      service === 'AmazonCodeWhispererService' ||
      (service === 'KiroControlPlaneBearerService' && host === 'management');
    if (operation === undefined || !isService || host === 'runtime')
      throw unknownOperation('operation-unknown', `target ${target} on ${host}`);
    return { operation, isRpc: true };
  }
  const route = ROUTES.find(
    ([hosts, method, known]) => hosts.includes(host) && method === request.method && known === path,
  );
  if (route === undefined) throw unknownOperation('operation-unknown', `${request.method ?? ''} ${path} on ${host}`);
  // A streaming target on a control-plane route is a 404 (protocol §4.3).
  if (target !== '') throw unknownOperation('operation-target', `target ${target} on a REST route`);
  return { operation: route[3], isRpc: false };
}

function perform(operation: Operation, exchange: Exchange, world: World, account: Account, body: JsonObject): object {
  // RPC arguments come in the body, and some clients repeat them in the query (protocol §6.1).
  const argument = (name: string): string => stringOf(body[name]) || (exchange.query.get(name) ?? '');
  const arn = namedProfile(exchange, body['profileArn']);
  switch (operation) {
    case 'GetUsageLimits': {
      controlProfile(account, exchange, arn);
      const resourceType = argument('resourceType');
      if (resourceType !== '' && !RESOURCE_TYPES.has(resourceType)) {
        const error = {
          rule: 'usage-resource-type',
          status: 403,
          errorType: 'AccessDeniedException',
          reason: 'FEATURE_NOT_SUPPORTED',
        };
        throw serviceRefusal({ ...error, message: 'User is not authorized to access this feature.' });
      }
      return usageDocument(
        account,
        world.now(),
        argument('isEmailRequired') === 'true' || body['isEmailRequired'] === true,
      );
    }
    case 'ListAvailableModels': {
      if (argument('origin') === '') throw badRequest('models-origin', 'origin is missing');
      controlProfile(account, exchange, arn);
      const page = pageOf(account.models, argument('nextToken'), sizeOf(body, exchange, 50, 100));
      const [first] = account.models;
      const defaultModel = account.models.find((model) => model.modelId === 'auto') ?? first;
      return { models: page.items, ...(defaultModel === undefined ? {} : { defaultModel }), nextToken: page.nextToken };
    }
    case 'ListAvailableProfiles': {
      const here = account.profiles.filter((profile) => regionOf(profile) === exchange.region);
      const page = pageOf(here, argument('nextToken'), sizeOf(body, exchange, 10, 10));
      return { profiles: page.items.map((profile) => profileDocument(profile)), nextToken: page.nextToken };
    }
    case 'GetProfile':
      return { profile: profileDocument(oneProfile(account, exchange, arn)) };
    case 'SetUserPreference': {
      controlProfile(account, exchange, arn);
      const status = objectOf(body['overageConfiguration'])['overageStatus'];
      if (status !== 'ENABLED' && status !== 'DISABLED')
        throw badRequest('preference-overage', 'overageStatus must be ENABLED or DISABLED');
      if (!account.meter.isOverageCapable) throw badRequest('preference-overage', 'the plan has no overage');
      account.setOverage(status === 'ENABLED');
      return {};
    }
  }
}

/** The control plane asks less for a profile than runtime does; a foreign one is refused all the same (protocol §4.4, §6.2). */
function controlProfile(account: Account, exchange: Exchange, arn: string | undefined): void {
  profileRule(account, exchange.host, exchange.region, arn);
}

function oneProfile(account: Account, exchange: Exchange, arn: string | undefined): ProfileSpec {
  const here = account.profiles.filter((profile) => regionOf(profile) === exchange.region);
  const found = account.kind === 'api-key' && arn === undefined ? here[0] : here.find((profile) => profile.arn === arn);
  if (found === undefined) throw notAuthorized('profile-arn-foreign', 'no such profile of this account here');
  return found;
}

function profileDocument(profile: ProfileSpec): object {
  const { arn, profileName = 'KiroProfile', profileType = 'KIRO' } = profile;
  return { arn, profileName, profileType, status: 'ACTIVE' };
}

function regionOf(profile: ProfileSpec): string {
  return profile.arn.split(':')[3] ?? '';
}

function sizeOf(body: JsonObject, exchange: Exchange, byDefault: number, most: number): number {
  const asked = body['maxResults'] ?? exchange.query.get('maxResults') ?? byDefault;
  const size = Number(asked);
  if (!Number.isInteger(size) || size < 1 || size > most) throw badRequest('page-size', `maxResults must be 1–${most}`);
  return size;
}

function pageOf<T>(
  items: readonly T[],
  token: string,
  size: number,
): { items: readonly T[]; nextToken: string | null } {
  const from = token === '' ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8'));
  if (!Number.isInteger(from) || from < 0) throw badRequest('page-token', 'nextToken is not one of ours');
  const to = from + size;
  return {
    items: items.slice(from, to),
    nextToken: to < items.length ? Buffer.from(String(to)).toString('base64url') : null,
  };
}
