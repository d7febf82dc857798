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
import { defaultDataDir } from '../store/data-folder.ts';
import { readOwner } from '../store/owner.ts';
import { StoreError } from '../store/store-error.ts';
import type { CommonOptions, Io } from './io.ts';

/** Asks the engine, wherever it runs. */
export type Ask = <Q extends Question>(
  question: Q,
  input: Input<ControlContract, Q>,
) => Promise<Output<ControlContract, Q>>;

/**
 * Runs a command against the engine: the one of the process that owns the data folder, else one of our own for as long as the
 * command takes. So every command works whether Kiro Pool runs or not.
 * @param takes `minutes` for a command that waits for a person: other commands then ask its engine meanwhile
 */
export async function withEngine<T>(
  io: Io,
  options: CommonOptions,
  run: (ask: Ask) => Promise<T>,
  takes: 'a moment' | 'minutes' = 'a moment',
): Promise<T> {
  const dataDir = dataDirOf(io, options);
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

export function openOwnEngine(io: Io, dataDir: string): Promise<Engine> {
  return openEngine({ dataDir, env: io.env, log: io.err });
}

export function dataDirOf(io: Io, options: CommonOptions): string {
  return options.dataDir ?? defaultDataDir(io.env, io.platform, io.home);
}
