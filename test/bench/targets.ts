import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from './children.ts';
import type { Target } from './connection.ts';
import type { EngineFolder } from './engine-folder.ts';
import { heapVariable } from './live-heap.ts';

/** Something to measure. */
export interface Contender {
  readonly name: string;
  /**
   * Starts it afresh.
   * @param isCrowd many streams at once will come, so that a pool needs many accounts
   */
  start(isCrowd: boolean): Promise<Started>;
  /** It runs already and stays: there is no start to measure. */
  readonly isForeign: boolean;
  /** It writes server-sent events, so its answer can be checked. */
  readonly isTranslator: boolean;
}

export interface Started extends AsyncDisposable {
  readonly target: Target;
  /** On the clock of `performance.now()`. */
  readonly spawnedAt: number;
  /** Of a Kiro Pool: where its data are, so that a screen can be opened. */
  readonly dataDir?: string;
}

/** Data folders of one build: with a person's few accounts, and with enough for a crowd of streams. */
export interface EngineFolders {
  readonly few: EngineFolder;
  readonly crowd: EngineFolder;
}

/** The yardstick's name: every ratio is to it. */
export const yardstick = 'pass-through';
/** What the bench is about. */
export const kiroPoolName = 'kiro-pool';

export interface ContenderOptions {
  readonly upstreamUrl: string;
  /** Where CPU profiles go; undefined for none. */
  readonly profileDir: string | undefined;
  /** Where the process tells what is alive in it, when it is asked; undefined for a process that cannot be. */
  readonly heapFile?: string;
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
/** As it is built for users. */
const engineMain = here('../../out/cli/kiro-pool.js');
const chatPath = '/v1/chat/completions';

/** One of the bench's own programs. */
export function ownProgram(name: 'pass-through' | 'hand-tight', options: ContenderOptions): Contender {
  return {
    name,
    isForeign: false,
    isTranslator: name === 'hand-tight',
    async start() {
      const args = [...nodeArguments(name, options), here(`./${name}.ts`), '--upstream', options.upstreamUrl];
      const child = await startChild(args, withProbe(options, process.env));
      const target = { url: child.url, path: chatPath, key: '', pid: child.pid };
      return { target, spawnedAt: child.spawnedAt, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
    },
  };
}

/** Kiro Pool, whole: the command that users run, on a data folder with accounts, key and history. */
export function kiroPool(
  options: ContenderOptions,
  folders: EngineFolders,
  name: string = kiroPoolName,
  main = engineMain,
): Contender {
  return {
    name,
    isForeign: false,
    isTranslator: true,
    async start(isCrowd) {
      const { path, key, env } = isCrowd ? folders.crowd : folders.few;
      const serve = ['serve', '--json', '--port', '0', '--data-dir', path];
      const child = await startChild([...nodeArguments(name, options), main, ...serve], withProbe(options, env));
      const target = { url: child.url, path: chatPath, key, pid: child.pid };
      return {
        target,
        spawnedAt: child.spawnedAt,
        dataDir: path,
        [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
      };
    },
  };
}

/** Another program that runs already, from `name=url,key[,pid]`. @throws Error when the text is none such */
export function peer(text: string): Contender {
  const [, name, url, key, pid = '0'] = /^([^=]+)=([^,]+),([^,]*)(?:,(\d+))?$/.exec(text) ?? [];
  if (name === undefined || url === undefined || key === undefined || !URL.canParse(url)) {
    throw new Error(`--peer takes name=url,key or name=url,key,pid, not ${text}`);
  }
  const { pathname, origin } = new URL(url);
  const path = pathname === '/' ? chatPath : pathname;
  return {
    name,
    isForeign: true,
    isTranslator: true,
    start: () =>
      Promise.resolve({
        target: { url: origin, path, key, pid: Number(pid) },
        spawnedAt: Number.NaN,
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
  };
}

function nodeArguments(name: string, { profileDir, heapFile }: ContenderOptions): string[] {
  return [
    ...(profileDir === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', join(profileDir, name)]),
    ...(heapFile === undefined ? [] : ['--import', here('./heap-probe.ts')]),
  ];
}

function withProbe({ heapFile }: ContenderOptions, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return heapFile === undefined ? env : { ...env, [heapVariable]: heapFile };
}
