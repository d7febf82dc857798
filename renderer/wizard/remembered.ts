import * as v from 'valibot';
import { emptyDraft, type Draft } from './draft.ts';
import type { Prompt } from './wizard-state.ts';

const place = 'kiro-pool.sign-in';

const prompt = v.object({ userCode: v.string(), url: v.string(), expiresAt: v.number() });
const rememberedSchema = v.object({
  /** `loginId` or `handOffId`: names it to the engine, and opens nothing. */
  id: v.string(),
  /** There for a sign-in in the browser; kiro-cli tells its own again. */
  prompt: v.optional(prompt),
  kind: v.picklist(['google', 'github', 'builder-id', 'identity-center']),
  startUrl: v.string(),
  region: v.string(),
  previous: v.picklist(['put-back', 'keep-new']),
  /** Whether its window was closed, rather than hidden behind another one. */
  isClosed: v.boolean(),
});

export type Remembered = v.InferOutput<typeof rememberedSchema>;

/** Notes a sign-in under way, so that a window that is opened later finds it. One at a time. */
export function remember(id: string, draft: Draft, prompt?: Prompt): void {
  const { kind, startUrl, region, previous } = draft;
  const noted: Remembered = { id, kind, startUrl, region, previous, isClosed: false };
  store(prompt === undefined ? noted : { ...noted, prompt });
}

export function forget(): void {
  localStorage.removeItem(place);
}

/** To be called when the window closes. @returns what was under way */
export function noteClosed(): Remembered | undefined {
  const noted = remembered();
  if (noted) store({ ...noted, isClosed: true });
  return noted;
}

/** What was under way when the last window was closed; undefined when nothing was. */
export function remembered(): Remembered | undefined {
  const text = localStorage.getItem(place);
  if (text === null) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), rememberedSchema), text);
  return parsed.success ? parsed.output : undefined;
}

export function draftOf({ prompt, kind, startUrl, region, previous }: Remembered): Draft {
  return { ...emptyDraft, way: prompt === undefined ? 'hand-off' : 'browser', kind, startUrl, region, previous };
}

function store(noted: Remembered): void {
  localStorage.setItem(place, JSON.stringify(noted));
}
