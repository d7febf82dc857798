import { mkdirSync, readdirSync, readFileSync, rmSync, watch, writeFileSync, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

type OnSecond = (argv: string[], workingDirectory: string, additionalData: unknown) => void;

/** The lock of one process per user data folder, and the message that a second one leaves to the first. */
export class InstanceLock {
  #folder: string | undefined;
  #watcher: FSWatcher | undefined;

  get isHeld(): boolean {
    return this.#folder !== undefined;
  }

  /** @returns false when another process holds it, which is then told of this start */
  take(userData: string, additionalData: unknown, onSecond: OnSecond): boolean {
    if (this.#folder !== undefined) return true;
    const folder = join(userData, 'electron-double-lock');
    mkdirSync(folder, { recursive: true });
    if (isAlive(ownerOf(folder))) {
      const message = { argv: process.argv, folder: process.cwd(), additionalData };
      writeFileSync(join(folder, `${process.pid}.json`), `${JSON.stringify(message)}\n`);
      return false;
    }
    writeFileSync(join(folder, 'owner'), String(process.pid));
    this.#folder = folder;
    this.#watcher = watch(folder, () => readMessages(folder, onSecond));
    this.#watcher.unref();
    return true;
  }

  release(): void {
    this.#watcher?.close();
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}

function readMessages(folder: string, onSecond: OnSecond): void {
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.json'))) {
    const text = readFileSync(join(folder, name), 'utf8');
    // It is written to its end once its last line is there.
    if (!text.endsWith('\n')) continue;
    rmSync(join(folder, name));
    const message: { argv: string[]; folder: string; additionalData: unknown } = JSON.parse(text);
    onSecond(message.argv, message.folder, message.additionalData);
  }
}

function ownerOf(folder: string): number | undefined {
  try {
    return Number(readFileSync(join(folder, 'owner'), 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
