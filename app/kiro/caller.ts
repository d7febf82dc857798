import { builderIdServiceProfileArn, type ApiRegion, type DataHost } from './endpoints.ts';
import type { Envelope } from './payload.ts';

/** In whose name a call is made: what Kiro needs to know of an account, and nothing else of it. */
export interface Caller {
  /** Stable per account; only used to remember which host worked for it. */
  readonly key: string;
  readonly bearer: string;
  /** Without it an external IdP's token or an API key is refused (protocol §2.7). */
  readonly tokenType: 'EXTERNAL_IDP' | 'API_KEY' | undefined;
  readonly region: ApiRegion;
  readonly profile: CallerProfile;
}

/**
 * Which profile goes with the calls (protocol §4.4): an account's own, Builder ID's none (the service profile stands in where
 * one is demanded), or none at all, which API keys insist on.
 */
export type CallerProfile =
  | { readonly type: 'own'; readonly arn: string }
  | { readonly type: 'builder-id' }
  | { readonly type: 'unknown' }
  | { readonly type: 'api-key' };

/** One way to send a turn: a host, a binding (protocol §4.2) and the body that goes with them. */
export interface DataRoute extends Envelope {
  readonly host: DataHost;
  readonly binding: 'rest' | 'rpc';
}

/** The ways to send a turn for a caller, best first (protocol §4.1, §4.4). */
export function dataRoutes(caller: Caller): DataRoute[] {
  const { profile, region } = caller;
  const legacy = (route: Omit<DataRoute, 'host'>): DataRoute[] =>
    region === 'us-east-1' ? [{ host: 'codewhisperer', ...route }] : [];
  switch (profile.type) {
    case 'own': {
      const ide = { binding: 'rest', origin: 'AI_EDITOR', profileArn: profile.arn } as const;
      return [{ host: 'runtime', ...ide }, { host: 'q', ...ide }, ...legacy(ide)];
    }
    case 'builder-id': {
      const ide = { binding: 'rest', origin: 'AI_EDITOR', profileArn: undefined } as const;
      const cli = { binding: 'rpc', origin: 'KIRO_CLI', profileArn: builderIdServiceProfileArn } as const;
      return [{ host: 'q', ...ide }, { host: 'runtime', ...cli }, ...legacy(ide)];
    }
    case 'unknown': {
      const ide = { binding: 'rest', origin: 'AI_EDITOR', profileArn: undefined } as const;
      return [{ host: 'q', ...ide }, { host: 'runtime', ...ide }, ...legacy(ide)];
    }
    case 'api-key': {
      const cli = { binding: 'rpc', origin: 'KIRO_CLI', profileArn: undefined } as const;
      return [
        { host: 'runtime', ...cli },
        { host: 'q', ...cli },
      ];
    }
  }
}

/** The profile ARN that control-plane calls of this caller carry, if any. */
export function controlProfileArn(caller: Caller): string | undefined {
  return caller.profile.type === 'own' ? caller.profile.arn : undefined;
}

/** Headers that every call of a caller carries, on every host (protocol §4.3); `user-agent` is the transport's. */
export function callerHeaders(caller: Caller, profileArn: string | undefined): Record<string, string> {
  return {
    authorization: `Bearer ${caller.bearer}`,
    ...(caller.tokenType === undefined ? {} : { tokentype: caller.tokenType }),
    ...(profileArn === undefined ? {} : { 'x-amzn-kiro-profile-arn': profileArn }),
  };
}
