import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Input, Output } from '../contract.ts';
import { askOwner } from '../control/control-client.ts';
import { callHandler } from '../control/answer.ts';
import {
  checkedAnswer,
  CommandError,
  controlContract,
  type ControlContract,
  type Question,
} from '../control/control-contract.ts';
import { openEngine, type Engine } from '../engine.ts';
import { errnoOf } from '../store/atomic-write.ts';
import { defaultDataDir } from '../store/data-folder.ts';
import { readOwner } from '../store/owner.ts';
import { StoreError } from '../store/store-error.ts';
import type { CommonOptions, Io } from './io.ts';

/** Asks the engine, wherever it runs. */
export type Ask = <Q extends Question>(
  question: Q,
  input: Input<ControlContract, Q>,
) => Promise<Output<ControlContract, Q>>;

/** What a command is like that needs more than a moment with a pool that is there. */
interface Manner {
  /** `minutes` for one that waits for a person: other commands then ask its engine meanwhile. */
  readonly takes?: 'a moment' | 'minutes';
  /** It may be the first one on a folder, which it makes then. */
  readonly begins?: boolean;
}

/**
 * Runs a command against the engine: the one of the process that owns the data folder, else one of our own for as long as the
 * command takes. So every command works whether Kiro Pool runs or not.
 * @throws CommandError `no-data-folder`, and what `run` throws
 */
export async function withEngine<T>(
  io: Io,
  options: CommonOptions,
  run: (ask: Ask) => Promise<T>,
  { takes = 'a moment', begins = false }: Manner = {},
): Promise<T> {
  const dataDir = dataDirOf(io, options);
  if (options.dataDir !== undefined && !begins) checkIsThere(dataDir);
  // Another command may hold the folder for a moment; an owner that stays has a socket.
  for (let tries = 0; ; tries += 1) {
    const isLast = tries >= 40;
    const owner = await readOwner(dataDir);
    try {
      if (owner?.socket === undefined) return await runOwn(io, dataDir, run, takes);
      const { socket, token } = owner;
      return await run((question, input) => askOwner({ socket, token }, question, input));
    } catch (error) {
      if (isLast) throw error;
      if (error instanceof CommandError && error.code === 'owner-gone') {
        const own = runOwn(io, dataDir, async (ask) => ({ result: await run(ask) }), takes);
        const done = await own.catch(unlessInUse);
        if (done) return done.result;
      } else unlessInUse(error);
    }
    await sleep(100);
  }
}

/** @throws the error, unless it only says that somebody else has the folder now */
function unlessInUse(error: unknown): undefined {
  if (error instanceof StoreError && error.code === 'folder-in-use') return undefined;
  throw error;
}

async function runOwn<T>(
  io: Io,
  dataDir: string,
  run: (ask: Ask) => Promise<T>,
  takes: 'a moment' | 'minutes',
): Promise<T> {
  await using engine = await openOwnEngine(io, dataDir);
  if (takes === 'minutes') await engine.letCommandsIn();
  return await run(async (question, input) =>
    checkedAnswer(question, await callHandler(controlContract, engine.handlers, question, input)),
  );
}

/** A folder that was mistyped would pass for an empty pool, and stay behind. */
function checkIsThere(dataDir: string): void {
  if (isFolder(dataDir)) return;
  throw new CommandError(
    'no-data-folder',
    `There is no folder ${dataDir}.`,
    'Check its name. To begin a pool there: kiro-pool serve, accounts import or accounts login with this --data-dir.',
  );
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    // What may not be looked at is told when it is opened.
    return errnoOf(error) === 'EACCES';
  }
}

export function openOwnEngine(io: Io, dataDir: string): Promise<Engine> {
  return openEngine({ dataDir, env: io.env, log: io.err });
}

export function dataDirOf(io: Io, options: CommonOptions): string {
  return options.dataDir === undefined ? defaultDataDir(io.env, io.platform, io.home) : resolve(options.dataDir);
}
