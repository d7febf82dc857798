import * as v from 'valibot';
import { callerHeaders, controlProfileArn, type Caller } from './caller.ts';
import { apiRegions, endpointUrl, isProfileArn, type ApiRegion, type Endpoints } from './endpoints.ts';
import { HostMemory } from './host-memory.ts';
import { errorFromAnswer, KiroError } from './kiro-error.ts';
import { parseModelsPage, type KiroModel } from './models.ts';
import { TransportError, type HttpAnswer, type HttpRequest, type Transport } from './transport.ts';
import { parseUsageLimits, type UsageLimits } from './usage-limits.ts';

export interface ControlPlanePorts {
  readonly transport: Transport;
  readonly endpoints: Endpoints;
  readonly now: () => number;
}

/** A subscription that calls can be charged to (protocol §6.3). */
export interface Profile {
  readonly arn: string;
  readonly name: string | undefined;
  readonly region: ApiRegion;
}

type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

/** One operation as its two bindings name it (protocol §6.1). */
interface Operation {
  readonly target: string;
  readonly path: string;
  readonly method: 'GET' | 'POST';
}

const operations = {
  usage: { target: 'GetUsageLimits', path: '/getUsageLimits', method: 'GET' },
  models: { target: 'ListAvailableModels', path: '/ListAvailableModels', method: 'GET' },
  profiles: { target: 'ListAvailableProfiles', path: '/ListAvailableProfiles', method: 'POST' },
} as const satisfies Record<string, Operation>;

/** The current host speaks RPC, the older one REST; whichever answered a caller last is asked first. */
type ControlHost = 'management' | 'q';
const hosts: readonly ControlHost[] = ['management', 'q'];

/** Kiro's control plane (protocol §6): what an account has left, may use and is charged to. */
export class ControlPlane {
  readonly #ports: ControlPlanePorts;
  readonly #memory = new HostMemory<ControlHost>((host) => host);

  constructor(ports: ControlPlanePorts) {
    this.#ports = ports;
  }

  /**
   * Credits, plan and owner. Plans differ in the parameters they know, so narrower questions follow when one is refused
   * (protocol §6.2).
   * @throws KiroError
   */
  async usage(caller: Caller, signal?: AbortSignal): Promise<UsageLimits> {
    const profileArn = controlProfileArn(caller);
    const base = { isEmailRequired: true, profileArn };
    const questions: Parameters[] = [
      { ...base, origin: 'AI_EDITOR', resourceType: 'AGENTIC_REQUEST' },
      { ...base, origin: 'AI_EDITOR' },
      { ...base, origin: 'AI_EDITOR', resourceType: 'CONVERSATION' },
      base,
    ];
    let refusal: unknown;
    for (const question of questions) {
      try {
        return parseAnswer(
          parseUsageLimits,
          await this.#call(caller, caller.region, operations.usage, question, signal),
        );
      } catch (error) {
        if (!(error instanceof KiroError) || error.class !== 'feature-not-supported') throw error;
        refusal ??= error;
      }
    }
    throw refusal;
  }

  /** All pages of the models that the caller may use. @throws KiroError */
  async models(caller: Caller, signal?: AbortSignal): Promise<KiroModel[]> {
    const profileArn = controlProfileArn(caller);
    return this.#allPages(async (nextToken) => {
      const question = { origin: 'AI_EDITOR', profileArn, maxResults: 50, nextToken };
      const body = await this.#call(caller, caller.region, operations.models, question, signal);
      const { models: items, nextToken: next } = parseAnswer(parseModelsPage, body);
      return { items, nextToken: next };
    });
  }

  /**
   * The profiles of a caller in every API region. A region that refuses counts as having none, unless all refuse.
   * @throws KiroError the first refusal, when no region answered
   */
  async profiles(caller: Caller, signal?: AbortSignal): Promise<Profile[]> {
    const answers = await Promise.allSettled(apiRegions.map((region) => this.#profilesIn(caller, region, signal)));
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const refused = answers.find((answer) => answer.status === 'rejected');
    if (answers.every((answer) => answer.status === 'rejected') && refused) throw refused.reason;
    return found;
  }

  async #profilesIn(caller: Caller, region: ApiRegion, signal?: AbortSignal): Promise<Profile[]> {
    return this.#allPages(async (nextToken) => {
      const question = { maxResults: 10, nextToken };
      const page = parseAnswer(parseProfiles, await this.#call(caller, region, operations.profiles, question, signal));
      return { items: page.profiles.map((profile) => ({ ...profile, region })), nextToken: page.nextToken };
    });
  }

  async #allPages<T>(
    ask: (nextToken: string | undefined) => Promise<{ items: readonly T[]; nextToken: string | undefined }>,
  ): Promise<T[]> {
    const items: T[] = [];
    let nextToken: string | undefined;
    // A service that repeats its token must not keep us for ever.
    for (let page = 0; page < 20; page += 1) {
      const answer = await ask(nextToken);
      items.push(...answer.items);
      nextToken = answer.nextToken;
      if (nextToken === undefined) break;
    }
    return items;
  }

  /** Asks one host after the other, but only when this one does not serve the operation or cannot be reached. */
  async #call(
    caller: Caller,
    region: ApiRegion,
    operation: Operation,
    parameters: Parameters,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    let refusal: KiroError | undefined;
    for (const host of this.#memory.order(caller.key, hosts)) {
      try {
        const body = await this.#ask(host, caller, region, operation, parameters, signal);
        this.#memory.worked(caller.key, host);
        return body;
      } catch (error) {
        if (!(error instanceof KiroError) || (error.class !== 'wrong-host' && error.class !== 'network')) throw error;
        refusal ??= error;
      }
    }
    throw refusal ?? new KiroError('network', 'Kiro could not be reached');
  }

  async #ask(
    host: ControlHost,
    caller: Caller,
    region: ApiRegion,
    operation: Operation,
    parameters: Parameters,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const { transport, endpoints, now } = this.#ports;
    const base = endpointUrl(endpoints, host, region);
    const headers = callerHeaders(caller, controlProfileArn(caller));
    const request =
      host === 'management' ? rpcRequest(base, operation, parameters) : restRequest(base, operation, parameters);
    let answer: HttpAnswer;
    try {
      answer = await transport.send({
        ...request,
        headers: { ...headers, ...request.headers },
        headTimeoutMs: 30_000,
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (cause) {
      throw cause instanceof TransportError ? new KiroError('network', cause.message, { cause }) : cause;
    }
    if (answer.status !== 200) throw errorFromAnswer(answer, now());
    try {
      return JSON.parse(answer.text);
    } catch (cause) {
      throw new KiroError('transient', `${operation.target} answered with something that is not JSON`, { cause });
    }
  }
}

function rpcRequest(base: string, operation: Operation, parameters: Parameters): HttpRequest {
  return {
    method: 'POST',
    url: `${base}/`,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonCodeWhispererService.${operation.target}`,
    },
    body: JSON.stringify(parameters),
  };
}

function restRequest(base: string, operation: Operation, parameters: Parameters): HttpRequest {
  if (operation.method === 'POST') {
    return {
      method: 'POST',
      url: `${base}${operation.path}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(parameters),
    };
  }
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, String(value));
  return { method: 'GET', url: `${base}${operation.path}?${query.toString()}`, headers: {} };
}

const profilesPage = v.looseObject({ profiles: v.array(v.unknown()), nextToken: v.nullish(v.string()) });
const profileSchema = v.looseObject({
  arn: v.pipe(v.string(), v.check(isProfileArn)),
  profileName: v.nullish(v.string()),
  status: v.nullish(v.picklist(['ACTIVE'])),
});

interface ProfilesPage {
  readonly profiles: readonly { readonly arn: string; readonly name: string | undefined }[];
  readonly nextToken: string | undefined;
}

/** Entries that are not active, or whose ARN is none, are left out: one odd profile must not hide the others. */
function parseProfiles(body: unknown): ProfilesPage {
  const page = v.parse(profilesPage, body);
  const profiles = page.profiles.flatMap((entry) => {
    const parsed = v.safeParse(profileSchema, entry);
    return parsed.success ? [{ arn: parsed.output.arn, name: parsed.output.profileName ?? undefined }] : [];
  });
  return { profiles, nextToken: page.nextToken || undefined };
}

/** An answer of another shape than documented is a fault of the service, not of the account. */
function parseAnswer<T>(parse: (body: unknown) => T, body: unknown): T {
  try {
    return parse(body);
  } catch (cause) {
    throw new KiroError('transient', 'Kiro answered in a shape that is not known', { cause });
  }
}
