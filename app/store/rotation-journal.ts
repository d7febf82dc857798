import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import * as v from 'valibot';
import { errnoOf } from './atomic-write.ts';

/** A credential, sealed, that is newer than the one in accounts.json. */
export type Rotation = v.InferOutput<typeof rotationSchema>;
const rotationSchema = v.object({ id: v.string(), sealed: v.string() });

/**
 * Notes a rotated token in the moment it comes in. Writing and syncing all of accounts.json takes milliseconds and waits its
 * turn; a process that is killed in them would lose the token, since Kiro has made the old one worthless already. A line
 * appended here is with the operating system when `append` returns. The file goes once accounts.json has the same on disk.
 *
 * Not synced: it guards against the end of the process. Against a power cut nothing but the synced accounts.json does.
 */
export class RotationJournal {
  readonly #path: string;
  #count = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** How many were appended by this process; tells whether a written state has them all. */
  get count(): number {
    return this.#count;
  }

  /** @throws the system's error when the disk says no */
  append(rotation: Rotation): void {
    this.#count += 1;
    appendFileSync(this.#path, `${JSON.stringify(rotation)}\n`, { mode: 0o600 });
  }

  /**
   * What a process that was killed left behind, the oldest first. A line that was cut in the middle of writing is no loss: nobody
   * has used it. @throws the system's error when the file may not be read
   */
  read(): Rotation[] {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return [];
      throw error;
    }
    return text.split('\n').flatMap((line) => {
      const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), rotationSchema), line);
      return parsed.success ? [parsed.output] : [];
    });
  }

  /** Forgets all: accounts.json has them on disk. */
  clear(): void {
    rmSync(this.#path, { force: true });
  }
}
