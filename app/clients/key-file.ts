import { chmod, mkdir, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writePrivateFile } from '../store/private-file.ts';

/** What of the local API keys is needed here. */
export interface Keys {
  list(): readonly { readonly name: string }[];
  show(name: string): Promise<string>;
  create(name: string): Promise<string>;
  revoke(name: string): Promise<void>;
}

/**
 * The file of the data folder (0600) that holds one tool's key in plain, so that no secret stands in the tool's config: it
 * may be in a repository of dotfiles, and is shown to others.
 */
export class KeyFile {
  readonly path: string;
  readonly #name: string;
  readonly #keys: Keys;

  /** @param name of the tool, and of its key */
  constructor(name: string, folder: { file(name: string): string }, keys: Keys) {
    this.#name = name;
    this.#keys = keys;
    this.path = folder.file(`client-keys/${name}`);
  }

  /**
   * Makes the key if there is none, and the file if it is not as it should be.
   * @returns whether the key was made
   * @throws StoreError
   */
  async provide(): Promise<boolean> {
    const isThere = this.#hasKey();
    const key = isThere ? await this.#keys.show(this.#name) : await this.#keys.create(this.#name);
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    if ((await this.#read()) === key) await chmod(this.path, 0o600);
    else await writePrivateFile(this.path, key, { force: true });
    return !isThere;
  }

  /** Whether the file holds the key that is in force. */
  async isInForce(): Promise<boolean> {
    if (!this.#hasKey()) return false;
    const key = await this.#keys.show(this.#name).catch(() => undefined);
    return key !== undefined && (await this.#read()) === key;
  }

  /** Removes the file, and ends the key if it was made for it. */
  async remove({ withKey }: { withKey: boolean }): Promise<void> {
    await unlink(this.path).catch(() => undefined);
    if (withKey && this.#hasKey()) await this.#keys.revoke(this.#name);
  }

  #hasKey(): boolean {
    return this.#keys.list().some(({ name }) => name === this.#name);
  }

  async #read(): Promise<string | undefined> {
    return readFile(this.path, 'utf8').then(
      (text) => text.trim(),
      () => undefined,
    );
  }
}
