import * as v from 'valibot';

/**
 * Where Kiro answers (protocol §4.1): host families as URL templates with `{region}`, and the rules by which a region or
 * a profile ARN from outside may become part of a host name.
 */
export interface Endpoints {
  /** Inference, current. */
  readonly runtime: string;
  /** Inference and control plane, older. */
  readonly q: string;
  /** Inference and control plane, oldest; exists in us-east-1 only. */
  readonly codewhisperer: string;
  /** Control plane: usage, models, profiles. */
  readonly management: string;
  /** Sign-in and refresh for Google and GitHub logins. */
  readonly socialAuth: string;
  /** AWS SSO OIDC: sign-in and refresh for Builder ID and Identity Center. */
  readonly oidc: string;
  /** True when a file replaced Kiro's own hosts; an external IdP may then be on loopback too (DESIGN §8). */
  readonly replaced: boolean;
}

export type HostFamily = Exclude<keyof Endpoints, 'replaced'>;
export type DataHost = 'runtime' | 'q' | 'codewhisperer';

/** The regions in which Kiro's API exists (protocol §0.3 fact 2). */
export type ApiRegion = 'us-east-1' | 'eu-central-1';
export const apiRegions: readonly ApiRegion[] = ['us-east-1', 'eu-central-1'];

export const kiroEndpoints: Endpoints = {
  runtime: 'https://runtime.{region}.kiro.dev',
  q: 'https://q.{region}.amazonaws.com',
  codewhisperer: 'https://codewhisperer.{region}.amazonaws.com',
  management: 'https://management.{region}.kiro.dev',
  socialAuth: 'https://prod.{region}.auth.desktop.kiro.dev',
  oidc: 'https://oidc.{region}.amazonaws.com',
  replaced: false,
};

/** The service profile that Builder ID accounts share; never an account's identity and never a source of a region (§4.4). */
export const builderIdServiceProfileArn = 'arn:aws:codewhisperer:us-east-1:638616132270:profile/AAAACCCCXXXX';

/**
 * Returns the base URL of a host family in a region, without a trailing slash.
 * @throws RangeError when the region is not of the shape of an AWS region, so that no file can make up a host name
 */
export function endpointUrl(endpoints: Endpoints, family: HostFamily, region: string): string {
  if (!isRegion(region)) throw new RangeError(`"${region}" is not an AWS region`);
  return endpoints[family].replaceAll('{region}', region).replace(/\/$/, '');
}

export function isRegion(text: string): boolean {
  return text.length <= 32 && /^[a-z]{2}(-[a-z]+)+-\d$/.test(text);
}

export function isApiRegion(text: string | undefined): text is ApiRegion {
  return text === 'us-east-1' || text === 'eu-central-1';
}

export function isProfileArn(text: string): boolean {
  return text.length <= 256 && /^arn:[a-z0-9-]+:codewhisperer:[a-z0-9-]+:\d{12}:profile\/[A-Za-z0-9-]+$/.test(text);
}

/**
 * Which API region serves an account: the profile ARN's, else the one stored, else the one nearest to the region of
 * sign-in, which itself is no API region (protocol §2.2, §4.1; confusing the two is trap 8).
 */
export function apiRegionFor(known: {
  profileArn?: string | undefined;
  apiRegion?: string | undefined;
  ssoRegion?: string | undefined;
}): ApiRegion {
  const ofProfile = known.profileArn === builderIdServiceProfileArn ? undefined : known.profileArn?.split(':')[3];
  if (isApiRegion(ofProfile)) return ofProfile;
  if (isApiRegion(known.apiRegion)) return known.apiRegion;
  return known.ssoRegion?.startsWith('eu-') === true ? 'eu-central-1' : 'us-east-1';
}

export function isLoopbackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { hostname, protocol, username, password } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  if (username !== '' || password !== '') return false;
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

const loopbackTemplate = v.pipe(
  v.string(),
  v.check(
    (template) => isLoopbackUrl(template.replaceAll('{region}', 'us-east-1')),
    'must be an http(s) URL on 127.0.0.1, ::1 or localhost: a file must not be able to send tokens elsewhere',
  ),
);

const endpointsFile = v.strictObject({
  runtime: loopbackTemplate,
  q: loopbackTemplate,
  codewhisperer: loopbackTemplate,
  management: loopbackTemplate,
  socialAuth: loopbackTemplate,
  oidc: loopbackTemplate,
});

/**
 * Reads the text of a `KIRO_POOL_ENDPOINTS` file.
 * @throws TypeError that names the first wrong member
 */
export function parseEndpoints(json: string): Endpoints {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new TypeError('The endpoints file is not JSON.', { cause });
  }
  const parsed = v.safeParse(endpointsFile, value);
  if (parsed.success) return { ...parsed.output, replaced: true };
  const issue = parsed.issues[0];
  throw new TypeError(`The endpoints file has a wrong "${v.getDotPath(issue) ?? 'shape'}": ${issue.message}`);
}
