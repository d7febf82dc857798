import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import { JsonFile, type FileProblem } from '../store/json-file.ts';
import type { SecretBox } from '../store/secret-box.ts';
import type { ConfigValue } from './edit/config-value.ts';

/** What was written for a tool, so that it can be taken back. */
export type SetupRecord = v.InferOutput<typeof recordSchema>;

export interface SetupRecordsOptions {
  /** The open data folder. */
  readonly folder: { file(name: string): string };
  readonly box: SecretBox;
  /** Epoch ms. */
  readonly now: () => number;
  readonly onProblem?: (problem: FileProblem) => void;
}

/**
 * `client-setups.json`: for each tool what we wrote. Undo writes to files outside the data folder, so a record is signed with a
 * key that only this app can open: nobody else can have it write something of theirs.
 */
export class SetupRecords {
  readonly #file: JsonFile<Document>;
  readonly #box: SecretBox;
  #document: Document;

  private constructor(file: JsonFile<Document>, box: SecretBox) {
    this.#file = file;
    this.#box = box;
    this.#document = file.initial ?? { version: 1, setups: {} };
  }

  /** @throws StoreError as JsonFile.open does */
  static async open({ folder, box, now, onProblem }: SetupRecordsOptions): Promise<SetupRecords> {
    const path = folder.file('client-setups.json');
    const file = await JsonFile.open({ path, schema: documentSchema, now, ...(onProblem ? { onProblem } : {}) });
    return new SetupRecords(file, box);
  }

  /** The record of a tool; `tampered` for one that we did not sign, or cannot tell. */
  async get(tool: string): Promise<SetupRecord | 'tampered' | undefined> {
    const signed = Object.hasOwn(this.#document.setups, tool) ? this.#document.setups[tool] : undefined;
    if (signed === undefined) return undefined;
    const key = await this.#openKey();
    if (key === undefined || !isSame(signatureOf(tool, signed.record, key), signed.signature)) return 'tampered';
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), signed.record);
    return parsed.success ? parsed.output : 'tampered';
  }

  /** @throws StoreError `write-failed` */
  async set(tool: string, record: SetupRecord): Promise<void> {
    const key = (await this.#openKey()) ?? (await this.#makeKey());
    const text = JSON.stringify(record);
    const signed = { record: text, signature: signatureOf(tool, text, key) };
    await this.#save({ ...this.#document, setups: { ...this.#document.setups, [tool]: signed } });
  }

  /** @throws StoreError `write-failed` */
  async remove(tool: string): Promise<void> {
    const { [tool]: _, ...setups } = this.#document.setups;
    await this.#save({ ...this.#document, setups });
  }

  async #openKey(): Promise<Buffer | undefined> {
    const { signingKey } = this.#document;
    if (signingKey === undefined) return undefined;
    const text = await this.#box.open(signingKey, keyContext).catch(() => undefined);
    return text === undefined ? undefined : Buffer.from(text, 'base64');
  }

  /** Records that the lost key has signed stay, and count as tampered with. */
  async #makeKey(): Promise<Buffer> {
    const key = randomBytes(32);
    this.#document = { ...this.#document, signingKey: await this.#box.seal(key.toString('base64'), keyContext) };
    return key;
  }

  async #save(document: Document): Promise<void> {
    this.#document = document;
    await this.#file.write(() => this.#document);
  }
}

const keyContext = 'client-setups';

const step = v.union([v.string(), v.object({ by: v.string(), is: v.string() })]);
const plainValue = v.union([v.string(), v.number(), v.boolean(), v.null()]);
const configValue: v.GenericSchema<unknown, ConfigValue> = v.union([
  plainValue,
  v.array(v.lazy(() => configValue)),
  v.record(
    v.string(),
    v.lazy(() => configValue),
  ),
]);

const recordSchema = v.object({
  /** Epoch ms. */
  at: v.number(),
  /** Base URL of the endpoint. */
  url: v.string(),
  /** What was chosen besides, to tell later whether it is still as it should be. */
  model: v.nullable(v.string()),
  smallModel: v.nullable(v.string()),
  /** Whether the tool's key was made with it, and is to end with it. */
  hasMadeKey: v.boolean(),
  /** The config that was changed; null for a tool that has none. */
  file: v.nullable(
    v.object({
      path: v.string(),
      /** The file's text without what is ours; null when there was no file. */
      baseline: v.nullable(v.string()),
      /** SHA-256 of the text that we wrote: as long as it stands, undo gives back the baseline to the byte. */
      digest: v.string(),
      /** The first folder that was made for it. */
      madeFolder: v.nullable(v.string()),
      written: v.array(
        v.object({
          path: v.pipe(v.array(step), v.readonly()),
          after: configValue,
          before: v.optional(v.unknown()),
          depth: v.number(),
          wasNull: v.optional(v.boolean()),
        }),
      ),
    }),
  ),
});

const documentSchema = v.looseObject({
  version: v.literal(1),
  /** Sealed. */
  signingKey: v.optional(v.string()),
  setups: v.record(v.string(), v.object({ record: v.string(), signature: v.string() })),
});
type Document = v.InferOutput<typeof documentSchema>;

/** Bound to the tool, so that the record of one cannot stand in for another's. */
function signatureOf(tool: string, record: string, key: Buffer): string {
  return createHmac('sha256', key).update(`${tool}\n${record}`).digest('base64url');
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
