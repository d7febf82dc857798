import * as v from 'valibot';
import { writeCliStore } from '../emulator/cli-store.ts';
import type { EmulatedAccount, EmulatorOptions, Login } from '../emulator/emulator.ts';
import { command, type Ran } from './command.ts';
import { startRig, type Rig } from './engine.ts';

/** An emulator and an empty data folder that nobody has open: each command opens an engine of its own. */
export type Idle = Pick<Rig, 'emulator' | 'folder' | 'env'> & AsyncDisposable;

export async function startIdle(options: EmulatorOptions = {}): Promise<Idle> {
  const rig = await startRig({ now: Date.now, ...options });
  await rig.engine.close();
  const { emulator, folder } = rig;
  const env = { ...rig.env, KIRO_POOL_DATA_DIR: folder.file('data') };
  return { emulator, folder, env, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
}

const importResults = v.array(
  v.strictObject({
    id: v.nullable(v.string()),
    label: v.string(),
    kind: v.nullable(v.string()),
    result: v.picklist(['added', 'updated', 'failed']),
    reason: v.string(),
    profiles: v.optional(v.array(v.strictObject({ arn: v.string(), name: v.nullable(v.string()) }))),
  }),
);

export async function importFrom(
  rig: Idle,
  path: string,
  ...more: string[]
): Promise<{ ran: Ran; results: v.InferOutput<typeof importResults> }> {
  const ran = await command(rig.env, 'accounts', 'import', '--from', 'kiro-cli', '--path', path, '--json', ...more);
  return { ran, results: ran.out === '' ? [] : v.parse(importResults, ran.json()) };
}

export async function accountsOf(rig: Idle): Promise<Record<string, unknown>[]> {
  const listed = await command(rig.env, 'accounts', 'list', '--json');
  return v.parse(v.array(v.record(v.string(), v.unknown())), listed.json());
}

export function store(
  rig: Pick<Rig, 'folder'>,
  name: string,
  ...logins: { account: EmulatedAccount; login: Login; rowKey?: string }[]
): string {
  const path = rig.folder.file(name);
  writeCliStore(path, logins);
  return path;
}

export const reused = ({ emulator }: Pick<Rig, 'emulator'>): number => emulator.statistics().reusedRefreshTokens;
export const refreshesOf = ({ emulator }: Pick<Rig, 'emulator'>): number =>
  Object.values(emulator.statistics().accounts).reduce((sum, { refreshes }) => sum + refreshes, 0);
