import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ClientSetups } from '../../app/clients/client-setups.ts';
import { thisMachine } from '../../app/clients/machine.ts';
import { toolNamed } from '../../app/clients/tools.ts';
import type { ModelView } from '../../app/contract.ts';
import { headlessSecretBox } from '../../app/store/headless-box.ts';
import { KeysFile } from '../../app/store/keys-file.ts';
import { noon, temporaryFolder } from '../support/engine.ts';

export const models: readonly ModelView[] = [
  {
    id: 'auto',
    name: 'Auto',
    contextTokens: 1_000_000,
    maxOutputTokens: 64_000,
    inputTypes: ['text', 'image'],
    efforts: [],
  },
  {
    id: 'claude-sonnet-5',
    name: 'Claude Sonnet 5',
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    inputTypes: ['text', 'image'],
    efforts: ['low', 'high'],
  },
  {
    id: 'qwen3-coder-next',
    name: 'Qwen3 Coder Next',
    contextTokens: null,
    maxOutputTokens: null,
    inputTypes: ['text'],
    efforts: [],
  },
];

/** A home with the configs of tools, and what sets them up. */
export interface Workshop extends Disposable {
  readonly setups: ClientSetups;
  readonly keys: KeysFile;
  readonly env: Record<string, string>;
  readonly home: string;
  /** What the accounts may use; changed by a test that says so. */
  models: readonly ModelView[];
  url: string;
  path(tool: string): string;
  write(tool: string, text: string): void;
  /** Undefined when there is no config. */
  read(tool: string): string | undefined;
  remove(tool: string): void;
}

export async function openWorkshop(env: Record<string, string> = {}): Promise<Workshop> {
  const folder = temporaryFolder();
  const data = { file: (name: string) => folder.file(`data/${name}`) };
  mkdirSync(folder.file('data'));
  const box = await headlessSecretBox({ dataDir: folder.file('data'), env: {} });
  const keys = await KeysFile.open(data, box, { now: () => noon });
  const home = folder.file('home');
  const machine = thisMachine(env, home);
  const path = (tool: string): string => toolNamed(tool).config?.(machine).path ?? '';
  let now = noon;
  const workshop: Workshop = {
    keys,
    models,
    url: 'http://127.0.0.1:8788',
    env,
    home,
    path,
    setups: new ClientSetups({
      machine,
      folder: data,
      box,
      keys,
      now: () => (now += 1_000),
      url: () => workshop.url,
      models: () => Promise.resolve(workshop.models),
    }),
    write(tool, text) {
      mkdirSync(dirname(path(tool)), { recursive: true });
      writeFileSync(path(tool), text);
    },
    read(tool) {
      try {
        return readFileSync(path(tool), 'utf8');
      } catch {
        return undefined;
      }
    },
    remove: (tool) => rmSync(path(tool), { force: true }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
  return workshop;
}
