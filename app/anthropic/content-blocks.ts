import * as v from 'valibot';
import { imageOf } from '../conversation/base64-image.ts';
import type { ImagePart, TextPart, ToolResultPart, UserPart } from '../conversation/conversation.ts';
import { byKind, fields, filledText, flag, list, text } from '../conversation/request-schema.ts';
import { documentParts } from './documents.ts';

/** The content of a user message: a string or blocks, as neutral parts in the client's order. */
export const userContent: v.GenericSchema<unknown, readonly UserPart[]> = v.lazy((input) =>
  Array.isArray(input) ? userBlocks : lonelyText,
);

/** Instructions: a string or text blocks. Blocks of other kinds are for tools that Kiro has not. */
export const instructions: v.GenericSchema<unknown, string> = v.lazy((input) =>
  Array.isArray(input) ? instructionBlocks : contentText,
);

const contentText = v.string('must be a string or an array of blocks');

const lonelyText = v.pipe(
  contentText,
  v.transform((words): TextPart[] => [{ type: 'text', text: words }]),
);

const textBlock = v.pipe(
  fields({ text }),
  v.transform((block): TextPart[] => [{ type: 'text', text: block.text }]),
);

const base64Image = v.pipe(
  fields({ media_type: text, data: text }),
  v.rawTransform<{ media_type: string; data: string }, ImagePart>(({ dataset, addIssue, NEVER }) => {
    const image = imageOf(dataset.value.media_type, dataset.value.data);
    if (typeof image !== 'string') return image;
    addIssue({ message: image });
    return NEVER;
  }),
);

const imageBlock = v.pipe(
  fields({
    source: byKind<ImagePart>(
      'type',
      { base64: base64Image },
      {
        url: 'must be "base64": Kiro Pool fetches nothing for a client',
        file: 'must be "base64": Kiro Pool keeps no files',
      },
    ),
  }),
  v.transform((block): ImagePart[] => [block.source]),
);

const documentBlock = v.pipe(
  documentParts,
  v.transform((parts): readonly UserPart[] => parts),
);

const searchResultBlock = v.pipe(
  fields({ source: text, title: text, content: v.lazy(() => instructionBlocks) }),
  v.transform(({ source, title, content }): TextPart[] => [{ type: 'text', text: `${title} (${source})\n${content}` }]),
);

const shownBlocks = {
  text: textBlock,
  image: imageBlock,
  document: documentBlock,
  search_result: searchResultBlock,
};

const nothing = v.pipe(
  fields({}),
  v.transform((): UserPart[] => []),
);

/** A tool that was found, and the state of a browser: both are for tools of Anthropic's own. */
const resultBlocks = list(
  byKind<readonly UserPart[]>('type', { ...shownBlocks, tool_reference: nothing, browser_state: nothing }),
);

const resultContent: v.GenericSchema<unknown, readonly UserPart[]> = v.lazy((input) =>
  Array.isArray(input)
    ? v.pipe(
        resultBlocks,
        v.transform((parts) => parts.flat()),
      )
    : lonelyText,
);

/** A result whose call is not in the conversation is kept: clients cut their history anywhere. */
const toolResultBlock = v.pipe(
  fields({
    tool_use_id: filledText,
    content: v.nullish(resultContent, ''),
    is_error: v.nullish(flag),
  }),
  v.transform(({ tool_use_id, content, is_error }): UserPart[] => {
    const result: ToolResultPart = {
      type: 'tool-result',
      callId: tool_use_id,
      text: content.flatMap((part) => (part.type === 'text' ? part.text : [])).join('\n'),
      images: content.filter((part) => part.type === 'image'),
      isError: is_error ?? false,
    };
    // Kiro knows documents in user turns only.
    return [result, ...content.filter((part) => part.type === 'document')];
  }),
);

const userBlocks = v.pipe(
  list(
    byKind<readonly UserPart[]>(
      'type',
      { ...shownBlocks, tool_result: toolResultBlock },
      { container_upload: 'is not supported: Kiro Pool keeps no files' },
    ),
  ),
  v.transform((parts) => parts.flat()),
);

const instructionBlocks = v.pipe(
  list(fields({ type: text, text: v.nullish(text) })),
  v.transform((blocks) =>
    blocks
      .map((block) => (block.type === 'text' ? (block.text ?? '') : ''))
      .filter((words) => words !== '' && !words.startsWith(BILLING))
      .join('\n\n'),
  ),
);

/** Claude Code's first block of instructions: it differs in every request, and would spoil Kiro's prefix cache (§4.6). */
const BILLING = 'x-anthropic-billing-header:';
