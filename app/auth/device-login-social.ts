import * as v from 'valibot';
import { endpointUrl } from '../kiro/endpoints.ts';
import type { RotatingCredential } from './credential.ts';
import { ask, checkVerificationUrl, pollForTokens, type DeviceLoginPorts, type DevicePrompt } from './device-login.ts';
import { expiryAfter } from './expiry.ts';
import { socialAuthRegion } from './refresh.ts';

export type SocialProvider = 'google' | 'github';

/** A device login under way. The device code in it redeems the login: it stays in this process. */
export interface SocialDeviceHandle {
  readonly prompt: DevicePrompt;
  readonly deviceCode: string;
  readonly provider: SocialProvider;
}

/**
 * Begins the device login for Google or GitHub (protocol §3.3). kiro-cli and the IDE are not touched.
 * @throws AuthError `rejected` or `retry-later`
 */
export async function startSocialDeviceLogin(
  provider: SocialProvider,
  ports: DeviceLoginPorts,
  signal?: AbortSignal,
): Promise<SocialDeviceHandle> {
  const code = await ask(
    {
      url: `${endpointUrl(ports.endpoints, 'socialAuth', socialAuthRegion)}/oauth/device/authorization`,
      body: { clientId, loginProvider: provider === 'google' ? 'Google' : 'Github' },
      what: 'start the sign-in',
      hint: 'Try again later, or sign in with kiro-cli and sync from it.',
      schema: authorizationSchema,
    },
    ports,
    signal,
  );
  const complete = checkVerificationUrl(code.verificationUriComplete, ports.endpoints);
  return {
    prompt: {
      userCode: code.userCode,
      verificationUrl: checkVerificationUrl(code.verificationUri ?? complete, ports.endpoints),
      verificationUrlComplete: complete,
      expiresAt: ports.now() + code.expiresInMilliseconds,
      intervalMs: Math.max(1000, code.intervalInMilliseconds),
    },
    deviceCode: code.deviceCode,
    provider,
  };
}

/**
 * Waits until the user has confirmed the code, and returns the login (protocol §3.3).
 * @throws AuthError `rejected` when it was declined or ran out; the signal's reason when aborted
 */
export async function finishSocialDeviceLogin(
  handle: SocialDeviceHandle,
  ports: DeviceLoginPorts,
  signal?: AbortSignal,
): Promise<RotatingCredential> {
  const { deviceCode, prompt, provider } = handle;
  const url = `${endpointUrl(ports.endpoints, 'socialAuth', socialAuthRegion)}/oauth/device/poll`;
  const tokens = await pollForTokens({ url, body: { clientId, deviceCode }, prompt }, ports, signal);
  return {
    kind: 'social',
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    expiresAt: expiryAfter(tokens.expiresIn, ports.now()),
    ...(tokens.profileArn === undefined ? {} : { profileArn: tokens.profileArn }),
    provider,
  };
}

/** kiro-cli's own; whether the service takes another one is unknown (protocol §3.3), and the user agent names us. */
const clientId = 'kiro-cli';

const text = v.pipe(v.string(), v.nonEmpty());

const authorizationSchema = v.object({
  deviceCode: text,
  userCode: text,
  verificationUri: v.optional(text),
  verificationUriComplete: text,
  intervalInMilliseconds: v.optional(v.number(), 5000),
  expiresInMilliseconds: v.optional(v.number(), 300_000),
});
