import type { JsonObject, Tool } from '../conversation/conversation.ts';

/**
 * A tool whose form Anthropic defined and which the client runs, as an ordinary function: Kiro's models know its name and are
 * told the rest. Undefined for tools that run at Anthropic, and for those that need a model trained on them.
 * @param type with its date, such as `bash_20250124`
 */
export function clientTool(type: string, name: string | undefined): Tool | undefined {
  const kind = type.replace(/_\d{8}$/, '');
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!known) return undefined;
  return { name: name ?? known.name, description: known.description, inputSchema: known.inputSchema };
}

const text: JsonObject = { type: 'string' };

/** What the commands of an editor take. */
const edits: JsonObject = {
  view_range: { type: 'array', items: { type: 'integer' }, description: 'First and last line, from 1.' },
  file_text: text,
  old_str: text,
  new_str: text,
  insert_line: { type: 'integer' },
  insert_text: text,
};

const KINDS: Readonly<Record<string, Tool>> = {
  bash: {
    name: 'bash',
    description: 'Runs a command in a bash session that lasts. "restart" begins a new session.',
    inputSchema: { type: 'object', properties: { command: text, restart: { type: 'boolean' } } },
  },
  text_editor: {
    name: 'str_replace_based_edit_tool',
    description:
      'Looks at and changes text files. "view" shows a file or a folder; "create" writes file_text; "str_replace" puts ' +
      'new_str in place of the one old_str; "insert" puts insert_text after line insert_line.',
    inputSchema: {
      type: 'object',
      properties: {
        command: { type: 'string', enum: ['view', 'create', 'str_replace', 'insert'] },
        path: { type: 'string', description: 'An absolute path.' },
        ...edits,
      },
      required: ['command', 'path'],
    },
  },
  memory: {
    name: 'memory',
    description:
      'Keeps notes in files under /memories: look there before you begin, and write down what is worth keeping. Commands ' +
      'as of a text editor, and "delete" and "rename".',
    inputSchema: {
      type: 'object',
      properties: {
        command: { type: 'string', enum: ['view', 'create', 'str_replace', 'insert', 'delete', 'rename'] },
        path: text,
        ...edits,
        old_path: text,
        new_path: text,
      },
      required: ['command'],
    },
  },
};
