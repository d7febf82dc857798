import { fillInput, pickTool, propertyLike } from './tool-filling.ts';
import type { AnswerToolCall, OfferedTool } from './brain-types.ts';

/** One thing that a prompt asks for. */
type Directive =
  | { readonly verb: 'create'; readonly name: string; readonly text: string }
  | { readonly verb: 'replace'; readonly name: string; readonly old: string; readonly fresh: string }
  | { readonly verb: 'read'; readonly name: string }
  | { readonly verb: 'run'; readonly command: string }
  | { readonly verb: 'say'; readonly text: string }
  | { readonly verb: 'stream'; readonly count: number };

/** A chain: groups run one after the other, the members of a group at once. */
export type Chain = readonly (readonly Directive[])[];

/** A tool call to make, or what no offered tool can do. */
export type PlannedCall = AnswerToolCall | { readonly missing: string };

/** The rounds of tool calls, and the text that ends the chain when the prompt asked for one. */
export interface Plan {
  readonly rounds: readonly (readonly PlannedCall[])[];
  readonly text: string | readonly string[] | undefined;
}

/**
 * Finds the chain of directives in a prompt: the lowest line near its end that consists of directives and nothing else. A line of
 * a system prompt in front, or of an agent's own remarks behind, does not count.
 */
export function findDirectives(prompt: string): Chain | undefined {
  const spoken = prompt.replaceAll(/<(system-reminder|environment_details|env)>[\s\S]*?<\/\1>/g, '');
  const lines = spoken
    .split('\n')
    .map((line) => unquote(line.trim()))
    .filter((line) => line !== '' && !/^<\/?[\w-]+>$/.test(line));
  for (const line of lines.slice(-6).toReversed()) {
    const chain = parseChain(line);
    if (chain !== undefined) return chain;
  }
  return undefined;
}

/** Chain + offered tools → rounds of calls. A relative name is joined to `directory` where the tool wants an absolute path. */
export function planRounds(chain: Chain, tools: readonly OfferedTool[], directory: string | undefined): Plan {
  const rounds: PlannedCall[][] = [];
  let text: string | readonly string[] | undefined;
  for (const group of chain) {
    const sequences = group.map((directive) => callsOf(directive, tools, directory));
    const length = Math.max(0, ...sequences.map((sequence) => sequence.length));
    for (let index = 0; index < length; index += 1) {
      rounds.push(sequences.map((sequence) => sequence[index]).filter((call) => call !== undefined));
    }
    for (const directive of group) text = spokenText(directive) ?? text;
  }
  return { rounds, text };
}

function parseChain(line: string): Chain | undefined {
  const groups = line
    .split(' and then ')
    .map((part) => part.split(' and at once ').map((one) => parseDirective(one.trim())));
  const chain = groups.map((group) => group.filter((directive) => directive !== undefined));
  return groups.every((group) => group.every((directive) => directive !== undefined)) ? chain : undefined;
}

function parseDirective(raw: string): Directive | undefined {
  const text = raw.replace(/^please /i, '');
  const create = /^create the file (\S+) containing exactly ([\s\S]*)$/i.exec(text);
  if (create !== null) return { verb: 'create', name: create[1] ?? '', text: create[2] ?? '' };
  const replace = /^replace (.+?) with (.+) in (\S+?)\.?$/i.exec(text);
  if (replace !== null)
    return { verb: 'replace', old: replace[1] ?? '', fresh: replace[2] ?? '', name: replace[3] ?? '' };
  const read = /^read (?:the file )?(\S+?)\.?$/i.exec(text);
  if (read !== null) return { verb: 'read', name: read[1] ?? '' };
  const run = /^run (.+)$/i.exec(text);
  if (run !== null) return { verb: 'run', command: run[1] ?? '' };
  const say = /^say exactly (.+)$/i.exec(text);
  if (say !== null) return { verb: 'say', text: say[1] ?? '' };
  const stream = /^stream (\d+) fragments\.?$/i.exec(text);
  return stream === null ? undefined : { verb: 'stream', count: Number(stream[1]) };
}

function spokenText(directive: Directive): string | readonly string[] | undefined {
  if (directive.verb === 'say') return directive.text;
  if (directive.verb !== 'stream') return undefined;
  return Array.from({ length: directive.count }, (_, index) => `word${index} `);
}

function callsOf(directive: Directive, tools: readonly OfferedTool[], directory: string | undefined): PlannedCall[] {
  switch (directive.verb) {
    case 'create':
      return [
        call(
          tools,
          /write|create/i,
          [
            [PATH, { path: directive.name }],
            [CONTENT, directive.text],
          ],
          directory,
          'write a file',
        ),
      ];
    case 'read':
      return [readCall(directive.name, tools, directory)];
    case 'replace':
      return [
        readCall(directive.name, tools, directory),
        call(
          tools,
          /edit|replace|patch/i,
          [
            [PATH, { path: directive.name }],
            [OLD, directive.old],
            [NEW, directive.fresh],
          ],
          directory,
          'edit a file',
        ),
      ];
    case 'run':
      return [
        call(
          tools,
          /bash|shell|exec|run|command|terminal/i,
          [[COMMAND, directive.command]],
          directory,
          'run a command',
        ),
      ];
    case 'say':
    case 'stream':
      return [];
  }
}

const PATH = /^(?:file_?path|path|absolute_?path|target_?file|file)$/i;
const CONTENT = /^(?:contents?|text|file_?text)$/i;
const OLD = /^old_?(?:string|str|text)?$/i;
const NEW = /^new_?(?:string|str|text)?$/i;
const COMMAND = /^(?:command|cmd|script)$/i;

function readCall(name: string, tools: readonly OfferedTool[], directory: string | undefined): PlannedCall {
  return call(tools, /read|view|cat|open/i, [[PATH, { path: name }]], directory, 'read a file');
}

function call(
  tools: readonly OfferedTool[],
  wanted: RegExp,
  values: readonly (readonly [RegExp, string | { readonly path: string }])[],
  directory: string | undefined,
  purpose: string,
): PlannedCall {
  const tool = pickTool(
    tools,
    wanted,
    values.map(([property]) => property),
  );
  if (tool === undefined) return { missing: purpose };
  const filled = values.map(([pattern, value]): readonly [string, string] => {
    const property = propertyLike(tool, pattern) ?? '';
    return [property, typeof value === 'string' ? value : placed(value.path, tool, property, directory)];
  });
  return { name: tool.name, input: fillInput(tool, filled) };
}

function placed(name: string, tool: OfferedTool, property: string, directory: string | undefined): string {
  const isRelative = !/^(?:\/|[A-Za-z]:)/.test(name);
  const described = `${tool.description} ${JSON.stringify(tool.schema['properties'] ?? {})}`;
  if (!isRelative || directory === undefined || !(/absolute/i.test(described) || /absolute/i.test(property)))
    return name;
  const separator = directory.includes('\\') ? '\\' : '/';
  return directory.endsWith(separator) ? `${directory}${name}` : `${directory}${separator}${name}`;
}

function unquote(line: string): string {
  return line.length > 1 && line.startsWith('"') && line.endsWith('"') ? line.slice(1, -1) : line;
}
