import * as v from 'valibot';
import { builderIdServiceProfileArn, isProfileArn } from '../kiro/endpoints.ts';
import type { RotatingCredential } from './credential.ts';
import { expiryAfter } from './expiry.ts';
import { parseJsonObject } from './parse-json-object.ts';

/** What a token endpoint gave: the members of protocol §2.1 to §2.3, whichever spelling it used. */
export interface Tokens {
  readonly accessToken: string;
  /** Absent when the old one stays valid. */
  readonly refreshToken?: string;
  /** Seconds, as it came. */
  readonly expiresIn?: unknown;
  readonly profileArn?: string;
}

/** Reads a 200 of any token endpoint; `undefined` when there is no access token in it. */
export function parseTokens(text: string): Tokens | undefined {
  const parsed = v.safeParse(answerSchema, parseJsonObject(text));
  if (!parsed.success) return undefined;
  const { accessToken, access_token, refreshToken, refresh_token, expiresIn, expires_in, profileArn } = parsed.output;
  const access = accessToken ?? access_token;
  if (access === undefined) return undefined;
  const refresh = refreshToken ?? refresh_token;
  return {
    accessToken: access,
    ...(refresh === undefined ? {} : { refreshToken: refresh }),
    ...(profileArn === undefined ? {} : { profileArn }),
    expiresIn: expiresIn ?? expires_in,
  };
}

/** The login with new tokens in it, received at `now` (epoch ms). What the answer left out stays as it was. */
export function withTokens<T extends RotatingCredential>(credential: T, tokens: Tokens, now: number): T {
  return {
    ...credential,
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken ?? credential.refreshToken,
    expiresAt: expiryAfter(tokens.expiresIn, now),
    ...(tokens.profileArn === undefined ? {} : { profileArn: tokens.profileArn }),
  };
}

/** A member of the wrong type counts as absent: the access token alone decides whether the answer is of use. */
const text = v.fallback(v.optional(v.pipe(v.string(), v.nonEmpty())), undefined);

const answerSchema = v.object({
  accessToken: text,
  access_token: text,
  refreshToken: text,
  refresh_token: text,
  expiresIn: v.optional(v.unknown()),
  expires_in: v.optional(v.unknown()),
  // The profile that all Builder IDs share says nothing about this account (protocol §4.4).
  profileArn: v.fallback(
    v.optional(
      v.pipe(
        v.string(),
        v.check((arn) => isProfileArn(arn) && arn !== builderIdServiceProfileArn),
      ),
    ),
    undefined,
  ),
});
