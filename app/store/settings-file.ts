import * as v from 'valibot';
import { JsonFile } from './json-file.ts';
import type { FileProblem } from './json-file.ts';
import { isSettingKey, settingsTable } from './settings.ts';
import type { Setting, SettingKey, Settings } from './settings.ts';
import { StoreError } from './store-error.ts';

/** A setting as a screen or the command shows it. */
export type ListedSetting = {
  key: SettingKey;
  value: unknown;
  default: unknown;
  description: string;
  allowed: string;
};

/**
 * `settings.json`: what the user set. A key that is not there has its default; keys we do not know stay in the file.
 */
export class SettingsFile {
  readonly #file: JsonFile<Document>;
  readonly #listeners = new Set<() => void>();
  #document: Document;

  private constructor(file: JsonFile<Document>) {
    this.#file = file;
    this.#document = file.initial ?? { version: 1 };
  }

  /**
   * @param folder the open data folder.
   * @throws StoreError as JsonFile.open does.
   */
  static async open(
    folder: { file(name: string): string },
    options: { now: () => number; onProblem?: (problem: FileProblem) => void },
  ): Promise<SettingsFile> {
    return new SettingsFile(
      await JsonFile.open({ path: folder.file('settings.json'), schema: documentSchema, ...options }),
    );
  }

  /** The value in force: what is in the file if that is allowed, else the default. */
  get<K extends SettingKey>(key: K): Settings[K] {
    const setting: Setting<Settings[K]> = settingsTable[key];
    const parsed = v.safeParse(setting.schema, this.#document[key]);
    return key in this.#document && parsed.success ? parsed.output : setting.default;
  }

  /**
   * Sets and saves; resolves when it is on disk. `undefined` takes the setting back to its default.
   * @throws StoreError `unknown-setting`, `bad-setting` naming what is allowed, or `write-failed`.
   */
  async set(key: string, value: unknown): Promise<void> {
    const known = checkKey(key);
    if (value === undefined) {
      const { [known]: _, ...rest } = this.#document;
      this.#document = { ...rest, version: 1 };
    } else {
      const parsed = v.safeParse<v.GenericSchema<unknown, Settings[SettingKey]>>(settingsTable[known].schema, value);
      if (!parsed.success) throw badSetting(known);
      this.#document = { ...this.#document, [known]: parsed.output };
    }
    // What is in force has changed, whatever the disk says.
    for (const listener of this.#listeners) listener();
    await this.#file.write(() => this.#document);
  }

  /**
   * Calls `listener` after each change, when it is in force and not yet on disk. It must not throw.
   * @returns ends it
   */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The same for a value as a person types it: `true`, `8788`, `none`, `https://a.example,https://b.example`. */
  async setText(key: string, text: string): Promise<void> {
    await this.set(key, settingsTable[checkKey(key)].fromText(text));
  }

  /** Whether the user has set it to something that is in force. */
  isSet(key: SettingKey): boolean {
    return key in this.#document && v.is(settingsTable[key].schema, this.#document[key]);
  }

  /** What the user has set, without the defaults. */
  own(): Readonly<Record<string, unknown>> {
    const keys = Object.keys(settingsTable).filter((key) => isSettingKey(key) && this.isSet(key));
    return Object.fromEntries(keys.map((key) => [key, this.#document[key]]));
  }

  /** All settings with their values and meanings. */
  list(): ListedSetting[] {
    return Object.keys(settingsTable)
      .filter((key) => isSettingKey(key))
      .map((key) => {
        const { default: initial, description, allowed } = settingsTable[key];
        return { key, value: this.get(key), default: initial, description, allowed };
      });
  }

  /**
   * Settings in the file whose values are not allowed, as sentences; their defaults are in force and the file keeps
   * what it says.
   */
  problems(): string[] {
    return Object.keys(this.#document)
      .filter((key) => isSettingKey(key))
      .filter((key) => !v.is(settingsTable[key].schema, this.#document[key]))
      .map((key) => badSetting(key).message);
  }
}

type Document = v.InferOutput<typeof documentSchema>;

/** Values are checked one by one: a slip of the pen in one of them must not cost the others. */
const documentSchema = v.looseObject({ version: v.literal(1) });

function checkKey(key: string): SettingKey {
  if (isSettingKey(key)) return key;
  throw new StoreError(
    'unknown-setting',
    `There is no setting ${JSON.stringify(key.slice(0, 60))}.`,
    `The settings are ${Object.keys(settingsTable).join(', ')}.`,
  );
}

/** The value is not repeated: it may be a proxy's URL with a password. */
function badSetting(key: SettingKey): StoreError {
  const { allowed } = settingsTable[key];
  return new StoreError('bad-setting', `${key} must be ${allowed}.`, 'kiro-pool settings list shows them all.');
}
