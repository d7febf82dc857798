import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import type { AccountSpec, EmulatedAccount } from './accounts.ts';
import type { Emulator } from './emulator.ts';
import type { Fault, FaultSpec, InjectedFault } from './faults.ts';
import { parseJson, type Json } from './json.ts';
import { namedFault } from './named-faults.ts';
import type { ScriptedAnswer } from './world.ts';

const injected = new WeakMap<Emulator, InjectedFault[]>();

const AccountCall = v.looseObject({ id: v.string() });
const DeviceCall = v.object({ userCode: v.string(), accountId: v.optional(v.string()) });
const UsageCall = v.object({ id: v.string(), used: v.optional(v.number()), limit: v.optional(v.number()) });
const ClockCall = v.object({ ms: v.number() });
const ScriptCall = v.object({
  answers: v.array(v.custom<ScriptedAnswer>((value) => typeof value === 'object')),
  forAccount: v.optional(v.string()),
});
const BytesAnswer = v.object({ bytesBase64: v.string() });
const SpecCall = v.custom<AccountSpec>((value) => typeof value === 'object' && value !== null && 'kind' in value);
const FaultCall = v.custom<Omit<FaultSpec, 'fault'> & { readonly fault: Fault | string }>(
  (value) => typeof value === 'object' && value !== null && 'on' in value && 'fault' in value,
);

/**
 * The emulator's in-process functions over HTTP: `POST /__emulator/<function>` with JSON arguments, for tests that run it as a
 * process of its own. A fault may be a name from the table. Answers JSON, 400 with `{error}` when a call is wrong.
 */
export async function controlSurface(
  request: IncomingMessage,
  response: ServerResponse,
  emulator: Emulator,
): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const name = (request.url ?? '').replace(/^\/__emulator\//, '').replace(/\?.*$/, '');
  const call = FUNCTIONS[name];
  const answer = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? null));
  };
  if (call === undefined) return answer(404, { error: `no function ${name}` });
  try {
    const text = Buffer.concat(parts).toString('utf8');
    return answer(200, call(emulator, text === '' ? {} : (parseJson(text) ?? null)));
  } catch (error) {
    return answer(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

const FUNCTIONS: Readonly<Record<string, (emulator: Emulator, call: Json) => unknown>> = {
  endpoints: (emulator) => ({ url: emulator.url, endpoints: emulator.endpoints }),
  accounts: (emulator) => emulator.accounts().map((account) => describe(account)),
  'add-account': (emulator, call) => describe(emulator.addAccount(v.parse(SpecCall, call))),
  account: (emulator, call) => describe(accountOf(emulator, call)),
  'new-login': (emulator, call) => accountOf(emulator, call).newLogin(),
  revoke: (emulator, call) => accountOf(emulator, call).revoke(),
  'expire-access-tokens': (emulator, call) => accountOf(emulator, call).expireAccessTokens(),
  'expire-clients': (emulator, call) => accountOf(emulator, call).expireClients(),
  suspend: (emulator, call) => accountOf(emulator, call).suspend(),
  unsuspend: (emulator, call) => accountOf(emulator, call).unsuspend(),
  'set-usage': (emulator, call) => {
    const { id, used, limit } = v.parse(UsageCall, call);
    emulator
      .account(id)
      .setUsage({ ...(used === undefined ? {} : { used }), ...(limit === undefined ? {} : { limit }) });
  },
  'set-overage': (emulator, call) => {
    const { id, enabled } = v.parse(v.object({ id: v.string(), enabled: v.boolean() }), call);
    emulator.account(id).setOverage(enabled);
  },
  'set-models': (emulator, call) => {
    const { id, models } = v.parse(v.object({ id: v.string(), models: v.array(v.string()) }), call);
    emulator.account(id).setModels(models);
  },
  script: (emulator, call) => {
    const { answers, forAccount } = v.parse(ScriptCall, call);
    emulator.script(
      answers.map((answer) => withBytes(answer)),
      forAccount,
    );
  },
  inject: (emulator, call) => {
    const spec = v.parse(FaultCall, call);
    const fault = typeof spec.fault === 'string' ? namedFault(spec.fault) : spec.fault;
    if (fault === undefined) throw new Error(`no fault is named ${JSON.stringify(spec.fault)}`);
    const handles = injected.get(emulator) ?? [];
    injected.set(emulator, handles);
    return { fault: handles.push(emulator.inject({ ...spec, fault })) - 1 };
  },
  'fault-hits': (emulator, call) => ({ hits: handleOf(emulator, call).hits }),
  'clear-fault': (emulator, call) => handleOf(emulator, call).clear(),
  clear: (emulator) => emulator.clear(),
  journal: (emulator) => emulator.journal,
  statistics: (emulator) => emulator.statistics(),
  'issued-secrets': (emulator) => emulator.issuedSecrets(),
  'pending-devices': (emulator) => emulator.pendingDevices(),
  'approve-device': (emulator, call) => {
    const { userCode, accountId } = v.parse(DeviceCall, call);
    emulator.approveDevice(userCode, accountId ?? '');
  },
  'deny-device': (emulator, call) => emulator.denyDevice(v.parse(DeviceCall, call).userCode),
  'advance-clock': (emulator, call) => emulator.advanceClock(v.parse(ClockCall, call).ms),
};

function accountOf(emulator: Emulator, call: Json): EmulatedAccount {
  return emulator.account(v.parse(AccountCall, call).id);
}

function handleOf(emulator: Emulator, call: Json): InjectedFault {
  const index = v.parse(v.object({ fault: v.number() }), call).fault;
  const handle = injected.get(emulator)?.[index];
  if (handle === undefined) throw new Error(`no fault ${index}`);
  return handle;
}

/** JSON cannot carry bytes: `{bytesBase64}` stands for `{bytes}`. */
function withBytes(answer: ScriptedAnswer): ScriptedAnswer {
  const parsed = v.safeParse(BytesAnswer, answer);
  return parsed.success ? { bytes: Buffer.from(parsed.output.bytesBase64, 'base64') } : answer;
}

function describe(account: EmulatedAccount): object {
  return Object.fromEntries(told.map((member) => [member, account[member]]));
}

/** What a test may know of an account; the rest is for it to do. */
const told = [
  'id',
  'kind',
  'email',
  'userId',
  'plan',
  'provider',
  'profileArn',
  'profiles',
  'ssoRegion',
  'apiRegion',
  'startUrl',
  'tenant',
  'apiKey',
  'usage',
  'isSuspended',
] as const satisfies readonly (keyof EmulatedAccount)[];
