import type { Input, Output, ScreenContract } from '../../app/contract.ts';

/** The ways into the pool, in the order they are offered. */
export const ways = ['browser', 'sync', 'hand-off', 'api-key', 'backup'] as const;
export type Way = (typeof ways)[number];

type StartInput = Input<ScreenContract, 'login.start'>;
export type SignInKind = StartInput['kind'];
export type FoundLogin = Output<ScreenContract, 'sources.find'>['logins'][number];
/** What becomes of the login that kiro-cli has. */
export type Previous = Exclude<Input<ScreenContract, 'handOff.start'>['previous'], 'refuse'>;

/** What the user has chosen and typed so far. It outlives every step, so that going back loses nothing. */
export interface Draft {
  readonly way: Way;
  readonly kind: SignInKind;
  readonly startUrl: string;
  readonly region: string;
  readonly previous: Previous;
  /** The login of another program to take; undefined until one was chosen. */
  readonly source: FoundLogin | undefined;
}

export const emptyDraft: Draft = {
  way: 'browser',
  kind: 'google',
  startUrl: '',
  region: '',
  previous: 'put-back',
  source: undefined,
};

export function isWay(text: string): text is Way {
  return ways.some((way) => way === text);
}

/** Which fields of an Identity Center cannot be right. Nothing is opened before there are none. */
export interface Mistakes {
  readonly startUrl: boolean;
  readonly region: boolean;
}

export function mistakesOf({ kind, startUrl, region }: Draft): Mistakes {
  if (kind !== 'identity-center') return { startUrl: false, region: false };
  return { startUrl: !isStartUrl(startUrl.trim()), region: !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region.trim()) };
}

export function isComplete(draft: Draft): boolean {
  const { startUrl, region } = mistakesOf(draft);
  return !startUrl && !region;
}

/** An https address without a user name, of printable characters: what kiro-cli and AWS take. */
function isStartUrl(text: string): boolean {
  if (text.length > 300 || !/^https:\/\/[\x21-\x7E]+$/.test(text)) return false;
  const url = URL.parse(text);
  return url !== null && url.hostname.includes('.') && url.username === '' && url.password === '';
}

/** Where the account signs in, as the engine is told. */
export function targetOf({ kind, startUrl, region }: Draft): StartInput {
  return kind === 'identity-center' ? { kind, startUrl: startUrl.trim(), region: region.trim() } : { kind };
}
