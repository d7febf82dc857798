import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../app/cli/program.ts';
import { openEngine, type Engine } from '../../app/engine.ts';
import type { Ran } from '../support/command.ts';
import { startRig, type Rig } from '../support/engine.ts';
import type { EmulatorOptions } from '../emulator/emulator.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a person does at the terminal while a command runs. */
export interface Person {
  /** The lines that are typed or piped in, in order. */
  readonly types?: readonly string[];
  readonly isTerminal?: boolean;
  /** How wide the terminal is. */
  readonly columns?: number;
  /** Told of everything that is printed, as it is printed. */
  readonly onOut?: (text: string) => void;
  /** Resolves when Ctrl-C is pressed; never, by default. */
  readonly stop?: Promise<void>;
}

/** Runs a command line inside this process, with somebody in front of it. */
export async function sit(env: Environment, person: Person, line: string): Promise<Ran & { asked: string[] }> {
  let out = '';
  let err = '';
  const asked: string[] = [];
  const lines = [...(person.types ?? [])];
  const code = await run(line.split(' '), {
    env,
    platform: process.platform,
    home: env['HOME'] ?? '/nowhere',
    isTerminal: person.isTerminal ?? false,
    columns: person.columns,
    readInput: (question) => {
      asked.push(question);
      return Promise.resolve(lines.shift() ?? '');
    },
    out: (text) => {
      out += text;
      person.onOut?.(text);
    },
    err: (text) => void (err += text),
    stopRequested: () => person.stop ?? new Promise(() => {}),
  });
  return { code, out, err, asked, json: () => JSON.parse(out) as unknown };
}

/** An emulator and a data folder, on real time; an engine that serves has it open, or nobody has. */
export interface Home extends AsyncDisposable {
  readonly emulator: Rig['emulator'];
  readonly folder: Rig['folder'];
  readonly env: Rig['env'];
  readonly log: readonly string[];
  /** The engine that serves, if one does. */
  readonly engine: Engine | undefined;
}

export const forms = ['serving', 'idle'] as const;

export async function startHome(form: (typeof forms)[number], options: EmulatorOptions = {}): Promise<Home> {
  const rig = await startRig({ now: Date.now, deviceIntervalMs: 10, ...options });
  await rig.engine.close();
  const { emulator, folder } = rig;
  const env = { ...rig.env, KIRO_POOL_DATA_DIR: folder.file('data') };
  const log: string[] = [];
  const wait = (ms: number, signal?: AbortSignal): Promise<void> =>
    sleep(ms / 20, undefined, signal === undefined ? {} : { signal });
  const engine =
    form === 'idle'
      ? undefined
      : await openEngine({ dataDir: folder.file('data'), env, log: (line) => void log.push(line), wait });
  await engine?.serve({ host: '127.0.0.1', port: 0, allowLan: false });
  return {
    emulator,
    folder,
    env,
    log,
    engine,
    async [Symbol.asyncDispose]() {
      await engine?.close();
      await rig[Symbol.asyncDispose]();
    },
  };
}
