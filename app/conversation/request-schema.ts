import * as v from 'valibot';
import type { JsonObject } from './conversation.ts';
import { TurnError } from './turn-error.ts';

/**
 * Checks a request body against a schema and returns what the schema makes of it; unknown members are dropped.
 * @param body as JSON.parse gave it
 * @throws {TurnError} `invalid-request` for the first fault, with its member as `messages[2].content[0].text`. The message
 *   tells the kind of what was sent, not its content.
 */
export function parseBody<T>(schema: v.GenericSchema<unknown, T>, body: unknown): T {
  const result = v.safeParse(schema, body, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const isMissing = issue.path?.at(-1)?.origin === 'key';
  const param = pathOf(issue);
  const phrase = isMissing ? 'is missing' : issue.message;
  const got =
    issue.kind === 'schema' && phrase.startsWith('must')
      ? `, not ${kindOf(issue.input, phrase.startsWith('must be one of'))}`
      : '';
  throw new TurnError('invalid-request', `${param ?? 'The body'} ${phrase}${got}.`, { ...(param && { param }) });
}

/** A fault found after the schema's checks, in the same words. */
export function invalidRequest(param: string, phrase: string): TurnError {
  return new TurnError('invalid-request', `${param} ${phrase}.`, { param });
}

const MAX_DEPTH = 200;

// Messages are phrases that follow the member's name.
export const text = v.string('must be a string');
export const filledText = v.pipe(text, v.minLength(1, 'must not be empty'));
export const flag = v.boolean('must be true or false');
export const number = v.number('must be a number');
export const integer = v.pipe(number, v.safeInteger('must be a whole number'));
export const positiveInteger = v.pipe(integer, v.minValue(1, 'must be at least 1'));

/**
 * Any JSON object, kept as the client wrote it. What JSON.parse made is JSON all through, so only its depth is checked: whoever
 * walks through it later may do so by recursion.
 */
export const jsonObject = v.pipe(
  v.custom<JsonObject>(isRecord, 'must be an object'),
  v.check((value) => isShallow(value, MAX_DEPTH), `must be nested at most ${MAX_DEPTH} deep`),
);

/** An object with at least these members; others are dropped. */
export function fields<const Entries extends v.ObjectEntries>(entries: Entries) {
  const schema = v.object(entries, 'must be an object');
  return v.lazy((input) => (Array.isArray(input) ? notAnObject : schema));
}

/** An array whose elements fit one schema. */
export function list<Schema extends v.GenericSchema>(schema: Schema) {
  return v.array(schema, 'must be an array');
}

/**
 * An object that comes in several kinds, told apart by one string member.
 * @param refused kinds that are known but not served, each with the phrase that says why
 */
export function byKind<T>(
  member: string,
  kinds: Readonly<Record<string, v.GenericSchema<unknown, T>>>,
  refused: Readonly<Record<string, string>> = {},
): v.GenericSchema<unknown, T> {
  const names = Object.keys(kinds).join(', ');
  return v.lazy((input) => {
    if (!isRecord(input)) return notAnObject;
    const kind = input[member];
    if (typeof kind !== 'string') return fault(member, text);
    const schema = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    if (schema) return schema;
    const reason = Object.hasOwn(refused, kind) ? refused[kind] : undefined;
    return fault(member, v.never(reason ?? `must be one of ${names}`));
  });
}

/** One of a few words. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return v.picklist(words, `must be one of ${words.join(', ')}`);
}

/** A member that is refused whatever it holds, unless null. */
export function refuse(phrase: string) {
  return v.nullish(v.never(phrase));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isShallow(member, levels - 1));
}

const notAnObject = v.never('must be an object');

/** An object whose one member is at fault. */
function fault(member: string, schema: v.GenericSchema): v.GenericSchema<unknown, never> {
  return v.pipe(
    v.object({ [member]: schema }),
    v.rawTransform<Record<string, unknown>, never>(({ NEVER }) => NEVER),
  );
}

function pathOf(issue: v.BaseIssue<unknown>): string | undefined {
  let path = '';
  for (const { key } of issue.path ?? []) {
    if (typeof key === 'number') path += `[${key}]`;
    else path += path === '' ? String(key) : `.${String(key)}`;
  }
  return path === '' ? undefined : path;
}

/** Strings are content and not repeated, but for a short one where a word of a list was expected. */
function kindOf(value: unknown, isWord: boolean): string {
  if (typeof value === 'string') return isWord && value.length <= 40 ? JSON.stringify(value) : 'a string';
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean' || value === null) return String(value);
  return Array.isArray(value) ? 'an array' : 'an object';
}
