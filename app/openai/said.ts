import * as v from 'valibot';
import type { TextPart } from '../conversation/conversation.ts';
import { byKind, fields, list, text } from '../conversation/request-schema.ts';
import type { ShownPart } from './shown-part.ts';

/** What a message says, in either of OpenAI's APIs: a string, or parts that differ in their names alone. */
export interface Said {
  /** What a user or a tool says, as neutral parts in the client's order. */
  readonly shown: v.GenericSchema<unknown, readonly ShownPart[]>;
  /** Instructions: one text part a line. */
  readonly instructions: v.GenericSchema<unknown, string>;
  /** What the assistant said: text parts, which are pieces of one text. A refusal is text too. */
  readonly answer: v.GenericSchema<unknown, string>;
}

/**
 * @param names what the API calls a text part
 * @param media its other parts of a user's message, by their names
 * @param refused parts that are understood and not supported, with why
 */
export function said(
  names: readonly string[],
  media: Readonly<Record<string, v.GenericSchema<unknown, ShownPart>>>,
  refused: Readonly<Record<string, string>>,
): Said {
  const asText = Object.fromEntries(names.map((name) => [name, textPart]));
  const asPlain = Object.fromEntries(names.map((name) => [name, plainText]));
  const shown = list(byKind<ShownPart>('type', { ...asText, ...media }, refused));
  const lines = v.pipe(
    list(byKind<string>('type', asPlain)),
    v.transform((texts) => texts.join('\n')),
  );
  const pieces = v.pipe(
    list(byKind<string>('type', { ...asPlain, refusal })),
    v.transform((texts) => texts.join('')),
  );
  return {
    shown: v.lazy((input) => (Array.isArray(input) ? shown : lonelyText)),
    instructions: v.lazy((input) => (Array.isArray(input) ? lines : contentText)),
    answer: v.lazy((input) => (Array.isArray(input) ? pieces : contentText)),
  };
}

const contentText = v.string('must be a string or an array of parts');

const lonelyText = v.pipe(
  contentText,
  v.transform((words): TextPart[] => [{ type: 'text', text: words }]),
);

const plainText = v.pipe(
  fields({ text }),
  v.transform((part) => part.text),
);

const textPart = v.pipe(
  plainText,
  v.transform((words): TextPart => ({ type: 'text', text: words })),
);

const refusal = v.pipe(
  fields({ refusal: text }),
  v.transform((part) => part.refusal),
);
