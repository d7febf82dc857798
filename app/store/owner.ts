import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { errnoOf, writeFileAtomic } from './atomic-write.ts';
import { StoreError } from './store-error.ts';

/** Who owns a data folder, and how to talk to that process. `token` is a secret of the user. */
export type Owner = v.InferOutput<typeof ownerSchema>;

const ownerSchema = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Epoch ms. */
  startedAt: v.number(),
  /** Version of Kiro Pool. */
  version: v.string(),
  /** Path of the control socket or name of the pipe; absent until the owner listens. */
  socket: v.optional(v.string()),
  token: v.string(),
});

export const ownerFile = 'owner.json';

/**
 * Reads who owns the folder. Undefined when nobody does: there is no file, or the process that wrote it is dead.
 *
 * @throws StoreError `read-failed` when the file may not be read.
 */
export async function readOwner(folder: string): Promise<Owner | undefined> {
  const path = join(folder, ownerFile);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined;
    throw new StoreError('read-failed', `${path} could not be read.`, 'Check that the data folder is yours.', {
      cause,
    });
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ownerSchema), text);
  return parsed.success && isAlive(parsed.output.pid) ? parsed.output : undefined;
}

/** @throws StoreError `folder-unusable` when it cannot be written. */
export async function writeOwner(folder: string, owner: Owner): Promise<void> {
  const path = join(folder, ownerFile);
  try {
    await writeFileAtomic(path, `${JSON.stringify(owner)}\n`);
  } catch (cause) {
    throw new StoreError('folder-unusable', `${path} could not be written.`, 'Check the disk and its permissions.', {
      cause,
    });
  }
}

/** The owner in words, for an error. */
export async function describeOwner(folder: string): Promise<string> {
  const owner = await readOwner(folder).catch(() => undefined);
  if (owner === undefined) return 'another Kiro Pool that is just starting';
  return `Kiro Pool ${owner.version} (process ${owner.pid}), running since ${new Date(owner.startedAt).toISOString()}`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user.
    return errnoOf(error) === 'EPERM';
  }
}
