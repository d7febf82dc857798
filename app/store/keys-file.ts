import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { JsonFile } from './json-file.ts';
import type { FileProblem } from './json-file.ts';
import type { SecretBox } from './secret-box.ts';
import { StoreError } from './store-error.ts';

/** A local API key without its secret. A locked one cannot be opened with the present master key and lets nobody in. */
export type ListedKey = { name: string; createdAt: number; isLocked: boolean };

export type KeysFileOptions = {
  /** Epoch ms. */
  now: () => number;
  /** Gives n random bytes. */
  random?: (bytes: number) => Buffer;
  /** Told when keys.json was no good and has been set aside. */
  onProblem?: (problem: FileProblem) => void;
};

/**
 * `keys.json`: the named keys that clients show to the local endpoint, sealed. The first open makes one named
 * `default`. In memory there are only digests; a key in plain comes out of `show` and `create` alone.
 */
export class KeysFile {
  readonly #file: JsonFile<Document>;
  readonly #box: SecretBox;
  readonly #now: () => number;
  readonly #random: (bytes: number) => Buffer;
  #keys: readonly StoredKey[];
  /** SHA-256 of the keys that open, by name. */
  readonly #digests = new Map<string, Buffer>();

  private constructor(file: JsonFile<Document>, box: SecretBox, options: KeysFileOptions) {
    this.#file = file;
    this.#box = box;
    this.#now = options.now;
    this.#random = options.random ?? randomBytes;
    this.#keys = file.initial?.keys ?? [];
  }

  /**
   * @param folder the open data folder.
   * @throws StoreError as JsonFile.open does. A key that cannot be opened is no error, see `list`.
   */
  static async open(
    folder: { file(name: string): string },
    box: SecretBox,
    options: KeysFileOptions,
  ): Promise<KeysFile> {
    const { now, onProblem } = options;
    const file = await JsonFile.open({
      path: folder.file('keys.json'),
      schema: documentSchema,
      now,
      ...(onProblem ? { onProblem } : {}),
    });
    const keys = new KeysFile(file, box, options);
    for (const { name, sealed } of keys.#keys) {
      const key = await box.open(sealed, contextOf(name)).catch(() => undefined);
      if (key !== undefined) keys.#digests.set(name, digestOf(key));
    }
    if (file.initial === undefined) await keys.create('default');
    return keys;
  }

  /**
   * Makes a key, in force at once and on disk when this resolves.
   * @returns `kp-` and 43 URL-safe characters (256 random bits).
   * @throws StoreError `bad-key-name`, `key-exists` or `write-failed`.
   */
  async create(name: string): Promise<string> {
    if (!nameShape.test(name)) {
      throw new StoreError(
        'bad-key-name',
        'The name of a key has 1 to 40 letters, digits, dots, dashes or underscores.',
        'Choose another name, such as my-project.',
      );
    }
    this.#refuseTwin(name);
    const key = `kp-${this.#random(32).toString('base64url')}`;
    await this.#insert(name, key);
    return key;
  }

  /**
   * Takes in a key that was made elsewhere, such as one of a backup.
   * @throws StoreError `bad-key-name`, `key-exists` (also when it is there under another name) or `write-failed`.
   */
  async add(name: string, key: string): Promise<void> {
    if (!nameShape.test(name) || !keyShape.test(key)) {
      throw new StoreError('bad-key-name', 'This is no key of Kiro Pool.', 'Make one with: kiro-pool key create NAME');
    }
    const twin = this.nameOf(key);
    if (twin !== undefined && twin !== name) {
      throw new StoreError('key-exists', `This key is there already, named ${twin}.`, 'Use that one.');
    }
    this.#refuseTwin(name);
    await this.#insert(name, key);
  }

  /**
   * Ends a key, in force at once and on disk when this resolves.
   * @throws StoreError `key-not-found` or `write-failed`.
   */
  async revoke(name: string): Promise<void> {
    this.#find(name);
    this.#keys = this.#keys.filter((key) => key.name !== name);
    this.#digests.delete(name);
    await this.#save();
  }

  /** The keys in the order they were made. */
  list(): ListedKey[] {
    return this.#keys.map(({ name, createdAt }) => ({ name, createdAt, isLocked: !this.#digests.has(name) }));
  }

  /**
   * The key in plain.
   * @throws StoreError `key-not-found` or `cannot-open`.
   */
  async show(name: string): Promise<string> {
    return this.#box.open(this.#find(name).sealed, contextOf(name));
  }

  /** Whose key this is, in a time that tells nothing about the keys; undefined for none of ours. */
  nameOf(presented: string): string | undefined {
    const digest = digestOf(presented);
    let found: string | undefined;
    // All are compared, so that the place in the list does not show either.
    for (const [name, known] of this.#digests) {
      if (timingSafeEqual(digest, known)) found = name;
    }
    return found;
  }

  async #insert(name: string, key: string): Promise<void> {
    const sealed = await this.#box.seal(key, contextOf(name));
    this.#refuseTwin(name);
    this.#keys = [...this.#keys, { name, createdAt: this.#now(), sealed }];
    this.#digests.set(name, digestOf(key));
    await this.#save();
  }

  #save(): Promise<void> {
    return this.#file.write(() => ({ ...this.#file.initial, version: 1, keys: [...this.#keys] }));
  }

  #find(name: string): StoredKey {
    const key = this.#keys.find((known) => known.name === name);
    if (key !== undefined) return key;
    throw new StoreError(
      'key-not-found',
      `There is no key named ${JSON.stringify(name.slice(0, 40))}.`,
      'kiro-pool key list shows them all.',
    );
  }

  #refuseTwin(name: string): void {
    if (!this.#keys.some((key) => key.name === name)) return;
    throw new StoreError(
      'key-exists',
      `There is a key named ${name} already.`,
      'Choose another name, or revoke that key first.',
    );
  }
}

type StoredKey = v.InferOutput<typeof keySchema>;
type Document = v.InferOutput<typeof documentSchema>;

const nameShape = /^[A-Za-z0-9._-]{1,40}$/;
const keyShape = /^kp-[\w-]{43}$/;
const keySchema = v.looseObject({
  name: v.pipe(v.string(), v.regex(nameShape)),
  createdAt: v.number(),
  sealed: v.string(),
});
const documentSchema = v.looseObject({ version: v.literal(1), keys: v.array(keySchema) });

/** Where a key is kept, bound into its box. */
function contextOf(name: string): string {
  return `key:${name}`;
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
