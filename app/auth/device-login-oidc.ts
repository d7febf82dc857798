import * as v from 'valibot';
import { endpointUrl } from '../kiro/endpoints.ts';
import { builderIdStartUrl, type RotatingCredential } from './credential.ts';
import { ask, checkVerificationUrl, pollForTokens, type DeviceLoginPorts, type DevicePrompt } from './device-login.ts';
import { expiryAfter, expiryOf } from './expiry.ts';
import { oidcKindOf } from './stored-login.ts';

/** Where to sign in. Without a start URL it is a Builder ID, which lives in us-east-1. */
export interface OidcSignIn {
  readonly startUrl?: string;
  /** The region of the organisation's Identity Center, not of the API. */
  readonly region?: string;
}

/** A device login under way. It holds the secret of a client registration: it stays in this process. */
export interface OidcDeviceHandle {
  readonly prompt: DevicePrompt;
  readonly client: { readonly clientId: string; readonly clientSecret: string; readonly expiresAt: number };
  readonly deviceCode: string;
  readonly region: string;
  readonly startUrl: string;
}

/**
 * Begins the device login of AWS SSO OIDC for a Builder ID or an Identity Center: registers a client of our own and asks
 * for a code (protocol §3.1 steps 1 and 2). kiro-cli and the IDE are not touched.
 * @throws AuthError `rejected` when the start URL does not exist in that region, or `retry-later`
 * @throws RangeError when the region is none
 */
export async function startOidcDeviceLogin(
  signIn: OidcSignIn,
  ports: DeviceLoginPorts,
  signal?: AbortSignal,
): Promise<OidcDeviceHandle> {
  const { startUrl = builderIdStartUrl, region = 'us-east-1' } = signIn;
  const base = endpointUrl(ports.endpoints, 'oidc', region);
  const registered = await ask(
    {
      url: `${base}/client/register`,
      body: {
        clientName: 'Kiro Pool',
        clientType: 'public',
        scopes: ['codewhisperer:completions', 'codewhisperer:analysis', 'codewhisperer:conversations'],
        // Without the second grant the login could never be refreshed (protocol §2.2).
        grantTypes: [deviceGrant, 'refresh_token'],
      },
      what: 'register this app',
      hint: 'Check the region of the sign-in.',
      schema: registrationSchema,
    },
    ports,
    signal,
  );
  const { clientId, clientSecret } = registered;
  const code = await ask(
    {
      url: `${base}/device_authorization`,
      body: { clientId, clientSecret, startUrl },
      what: 'start the sign-in',
      hint: 'Check the start URL and the region of the sign-in; the administrator of the organisation knows both.',
      schema: authorizationSchema,
    },
    ports,
    signal,
  );
  return {
    prompt: {
      userCode: code.userCode,
      verificationUrl: checkVerificationUrl(code.verificationUri, ports.endpoints),
      verificationUrlComplete: checkVerificationUrl(
        code.verificationUriComplete ?? code.verificationUri,
        ports.endpoints,
      ),
      expiresAt: ports.now() + code.expiresIn * 1000,
      intervalMs: Math.max(1, code.interval) * 1000,
    },
    client: { clientId, clientSecret, expiresAt: expiryOf(registered.clientSecretExpiresAt) },
    deviceCode: code.deviceCode,
    region,
    startUrl,
  };
}

/**
 * Waits until the user has confirmed the code, and returns the login (protocol §3.1 step 3).
 * @throws AuthError `rejected` when it was declined or ran out; the signal's reason when aborted
 */
export async function finishOidcDeviceLogin(
  handle: OidcDeviceHandle,
  ports: DeviceLoginPorts,
  signal?: AbortSignal,
): Promise<RotatingCredential> {
  const { client, deviceCode, prompt, region, startUrl } = handle;
  const { clientId, clientSecret } = client;
  const url = `${endpointUrl(ports.endpoints, 'oidc', region)}/token`;
  const body = { clientId, clientSecret, grantType: deviceGrant, deviceCode };
  const tokens = await pollForTokens({ url, body, prompt }, ports, signal);
  return {
    kind: oidcKindOf(startUrl),
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    expiresAt: expiryAfter(tokens.expiresIn, ports.now()),
    clientId,
    clientSecret,
    ...(client.expiresAt === 0 ? {} : { clientSecretExpiresAt: client.expiresAt }),
    ssoRegion: region,
    startUrl,
  };
}

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

const text = v.pipe(v.string(), v.nonEmpty());

const registrationSchema = v.object({
  clientId: text,
  clientSecret: text,
  clientSecretExpiresAt: v.optional(v.unknown()),
});

const authorizationSchema = v.object({
  deviceCode: text,
  userCode: text,
  verificationUri: text,
  verificationUriComplete: v.optional(text),
  expiresIn: v.optional(v.number(), 600),
  interval: v.optional(v.number(), 1),
});
