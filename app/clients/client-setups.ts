/**
 * Setting up other tools: what in their configs makes them use the endpoint goes in, and comes out again to the byte. In come
 * the tools' own configs, the endpoint and its models; out go changed configs, a key file for each tool, backups and a signed
 * record of what was written.
 */
import type { ModelView, Output, contract } from '../contract.ts';
import type { FileProblem } from '../store/json-file.ts';
import type { SecretBox } from '../store/secret-box.ts';
import { ClientError } from './client-error.ts';
import type { ClientTool, ConfigTarget, Setup, ToolFault } from './client-tool.ts';
import { statusOf } from './client-status.ts';
import { keepBackup } from './config-backup.ts';
import { configDiff } from './config-diff.ts';
import { readConfig, removeConfig, writeConfig } from './config-file.ts';
import { KeyFile, type Keys } from './key-file.ts';
import type { Machine } from './machine.ts';
import { planSetup, planUndo, type SetupPlan } from './setup-plan.ts';
import { SetupRecords, type SetupRecord } from './setup-record.ts';
import { toolNamed, tools } from './tools.ts';

export type ClientView = Output<typeof contract, 'clients.list'>[number];
export interface ToolCondition extends ClientView {
  readonly faults: readonly ToolFault[];
  /** Whether the file with its key holds the key in force; true as well for a tool that we did not set up. */
  readonly keyIsInForce: boolean;
}
type Plan = Output<typeof contract, 'clients.preview'>;
type Applied = Output<typeof contract, 'clients.apply'>;
type Change = Plan['changes'][number];

/** What is chosen for a tool beside the endpoint and its models. */
export interface Choices {
  readonly model?: string | undefined;
  readonly smallModel?: string | undefined;
}

export interface ClientSetupsPorts {
  readonly machine: Machine;
  /** The open data folder. */
  readonly folder: { file(name: string): string };
  readonly box: SecretBox;
  readonly keys: Keys;
  /** Epoch ms. */
  readonly now: () => number;
  /** Base URL of the endpoint as tools reach it, without `/v1`. */
  readonly url: () => string;
  /** What the accounts may use; empty when none can tell. */
  readonly models: () => Promise<readonly ModelView[]>;
  readonly onProblem?: (problem: FileProblem) => void;
}

/** Sets up tools, and takes that back. One change at a time. */
export class ClientSetups {
  readonly #ports: ClientSetupsPorts;
  #records: Promise<SetupRecords> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: ClientSetupsPorts) {
    this.#ports = ports;
  }

  /** Every tool, and whether it uses the endpoint. */
  async list(): Promise<ClientView[]> {
    return (await this.examine()).map(({ faults: _faults, keyIsInForce: _isInForce, ...view }) => view);
  }

  /** The same with what the doctor wants to know. */
  async examine(): Promise<ToolCondition[]> {
    const served = { url: this.#ports.url(), models: await this.#ports.models() };
    return Promise.all(tools.map((tool) => this.#examineOne(tool, served)));
  }

  async #examineOne(tool: ClientTool, served: Pick<Setup, 'url' | 'models'>): Promise<ToolCondition> {
    const { machine } = this.#ports;
    const { name, title } = tool;
    const record = await this.#recordOf(tool);
    const target = tool.config?.(machine) ?? null;
    const setup = this.#setup(tool, served, choicesOf(record));
    const status = await statusOf({ tool, machine, target, setup, record });
    const keyIsInForce = record === undefined || (await this.#keyFile(tool).isInForce());
    return {
      name,
      title,
      ...status,
      configPath: target?.path ?? null,
      canUndo: record !== undefined,
      model: record?.model ?? null,
      smallModel: record?.smallModel ?? null,
      keyIsInForce,
    };
  }

  /** What `apply` would do. @throws ClientError */
  async preview(name: string, choices: Choices): Promise<Plan> {
    return this.#inTurn(async () => {
      const { changes, steps } = await this.#prepare(name, choices);
      return { changes, steps };
    });
  }

  /** @throws ClientError, StoreError; the config is then as it was */
  async apply(name: string, choices: Choices): Promise<Applied> {
    return this.#inTurn(async () => {
      const { tool, setup, plan, moved, changes, steps, record } = await this.#prepare(name, choices);
      // What is left in a config that the tool no longer reads.
      if (moved) await this.#undo(tool, moved);
      const isNewKey = await this.#keyFile(tool).provide();
      const next = {
        at: this.#ports.now(),
        url: setup.url,
        model: setup.model ?? null,
        smallModel: setup.smallModel ?? null,
        hasMadeKey: isNewKey || (record?.hasMadeKey ?? false),
      };
      if (plan === undefined) {
        await (await this.#open()).set(tool.name, { ...next, file: null });
        return { changes, steps, backups: [] };
      }
      const madeFolder = record?.file?.madeFolder ?? null;
      const backups = await this.#write(tool, plan, { ...next, madeFolder }, record).catch(async (error: unknown) => {
        // A key that nobody was given must not stay behind.
        if (!record) await this.#keyFile(tool).remove({ withKey: isNewKey });
        throw error;
      });
      return { changes, steps, backups };
    });
  }

  /** Takes back what was written; what the user has changed since stays. @throws ClientError, StoreError */
  async undo(name: string): Promise<Plan> {
    return this.#inTurn(async () => {
      const tool = toolNamed(name);
      const record = await (await this.#open()).get(tool.name);
      if (record === undefined) throw nothingToUndo(tool);
      if (record === 'tampered') throw tampered(tool);
      const changes = await this.#undo(tool, record);
      return { changes, steps: [`Start ${tool.title} anew, if it runs.`] };
    });
  }

  /** With what was chosen before, as far as there still is such a model. @throws as `apply` does */
  async applyAgain(name: string): Promise<Applied> {
    const { model, smallModel } = choicesOf(await this.#recordOf(toolNamed(name)));
    const there = new Set((await this.#ports.models()).map(({ id }) => id));
    const ifThere = (id: string | undefined): string | undefined =>
      id !== undefined && there.has(id) ? id : undefined;
    return this.apply(name, { model: ifThere(model), smallModel: ifThere(smallModel) });
  }

  async #prepare(name: string, choices: Choices): Promise<Prepared> {
    const tool = toolNamed(name);
    const models = await this.#ports.models();
    if (models.length === 0) throw noModels();
    for (const chosen of [choices.model, choices.smallModel]) refuseUnknown(chosen, models);
    const record = await this.#recordOf(tool);
    const setup = this.#setup(tool, { url: this.#ports.url(), models }, choices);
    const target = tool.config?.(this.#ports.machine);
    if (!target) {
      const steps = [...tool.steps(setup, this.#ports.machine, undefined)];
      return { tool, setup, plan: undefined, moved: undefined, changes: [], steps, record };
    }
    const isElsewhere = record?.file && record.file.path !== target.path;
    const plan = await this.#plan(target, setup, isElsewhere ? undefined : record);
    const changes = [...(isElsewhere ? await this.#undoChanges(tool, record) : []), changeOf(target.path, plan)];
    const steps = [...tool.steps(setup, this.#ports.machine, plan.root)];
    return { tool, setup, plan, moved: isElsewhere ? record : undefined, changes, steps, record };
  }

  async #plan(target: ConfigTarget, setup: Setup, record: SetupRecord | undefined): Promise<SetupPlan> {
    const text = (await readConfig(target.path)) ?? null;
    return inFile(target.path, () => planSetup(target, setup, { text, record: record?.file ?? undefined }));
  }

  /** The record is on disk before the config: a crash in between leaves a record that undo finds nothing to take back for. */
  async #write(
    tool: ClientTool,
    plan: SetupPlan,
    { madeFolder, ...next }: Omit<SetupRecord, 'file'> & { madeFolder: string | null },
    previous: SetupRecord | undefined,
  ): Promise<string[]> {
    const records = await this.#open();
    const { path } = plan.record;
    await records.set(tool.name, { ...next, file: { ...plan.record, madeFolder } });
    if (plan.before === plan.after) return [];
    try {
      const backups = plan.before === null ? [] : [await this.#keepBackup(tool, path, plan.before)];
      const made = await writeConfig(path, plan.after, plan.before ?? undefined);
      if (made !== null) await records.set(tool.name, { ...next, file: { ...plan.record, madeFolder: made } });
      return backups;
    } catch (error) {
      await (previous ? records.set(tool.name, previous) : records.remove(tool.name));
      throw error;
    }
  }

  async #undo(tool: ClientTool, record: SetupRecord): Promise<Change[]> {
    const changes = await this.#undoChanges(tool, record, async (path, before, after) => {
      await this.#keepBackup(tool, path, before);
      if (after === null) await removeConfig(path, before, record.file?.madeFolder ?? null);
      else await writeConfig(path, after, before);
    });
    await this.#keyFile(tool).remove({ withKey: record.hasMadeKey });
    await (await this.#open()).remove(tool.name);
    return changes;
  }

  async #undoChanges(
    tool: ClientTool,
    { file }: SetupRecord,
    write?: (path: string, before: string, after: string | null) => Promise<void>,
  ): Promise<Change[]> {
    const format = tool.config?.(this.#ports.machine).format;
    const before = file ? await readConfig(file.path) : undefined;
    if (!file || !format || before === undefined) return [];
    const after = inFile(file.path, () => planUndo(before, file, format));
    if (after !== before) await write?.(file.path, before, after);
    const diff = configDiff(file.path, before, after);
    return [{ path: file.path, kind: after === before ? 'none' : 'edit', diff }];
  }

  #keepBackup(tool: ClientTool, path: string, text: string): Promise<string> {
    const { folder, now } = this.#ports;
    return keepBackup(folder, { tool: tool.name, path, text, at: now() });
  }

  #setup(tool: ClientTool, served: Pick<Setup, 'url' | 'models'>, { model, smallModel }: Choices): Setup {
    return { ...served, model, smallModel, keyFile: this.#keyFile(tool).path };
  }

  #keyFile(tool: ClientTool): KeyFile {
    return new KeyFile(tool.name, this.#ports.folder, this.#ports.keys);
  }

  /** A record that somebody else wrote is none. */
  async #recordOf(tool: ClientTool): Promise<SetupRecord | undefined> {
    const record = await (await this.#open()).get(tool.name);
    return record === 'tampered' ? undefined : record;
  }

  #open(): Promise<SetupRecords> {
    this.#records ??= SetupRecords.open(this.#ports).catch((error: unknown) => {
      // A file that could not be read may be readable the next time.
      this.#records = undefined;
      throw error;
    });
    return this.#records;
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(run);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

interface Prepared extends Plan {
  readonly tool: ClientTool;
  readonly setup: Setup;
  /** Undefined for a tool without a config. */
  readonly plan: SetupPlan | undefined;
  /** The record of a set-up in a config that the tool no longer reads. */
  readonly moved: SetupRecord | undefined;
  readonly record: SetupRecord | undefined;
}

function choicesOf(record: SetupRecord | undefined): Choices {
  return { model: record?.model ?? undefined, smallModel: record?.smallModel ?? undefined };
}

function changeOf(path: string, { before, after }: SetupPlan): Change {
  const kind = before === null ? 'create' : before === after ? 'none' : 'edit';
  return { path, kind, diff: configDiff(path, before, after) };
}

/** Says in which file something is wrong. */
function inFile<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    throw new ClientError(error.code, `${path}: ${error.message}`, error.hint, { cause: error });
  }
}

function noModels(): ClientError {
  return new ClientError(
    'no-models',
    'No account has told yet which models there are.',
    'Add an account, or look with kiro-pool doctor why none answers.',
  );
}

/** A name that no account has would only show when the tool asks for it. */
function refuseUnknown(model: string | undefined, models: readonly ModelView[]): void {
  if (model === undefined || models.some(({ id }) => id === model)) return;
  const hint = `There are ${models.map(({ id }) => id).join(', ')}.`;
  throw new ClientError('unknown-model', `There is no model ${JSON.stringify(model.slice(0, 60))}.`, hint);
}

function nothingToUndo({ title }: ClientTool): ClientError {
  return new ClientError('nothing-to-undo', `Kiro Pool has not set up ${title}.`, 'There is nothing to take back.');
}

function tampered({ title, name }: ClientTool): ClientError {
  return new ClientError(
    'record-tampered',
    `The record of what was written for ${title} was not written by this Kiro Pool, or was changed.`,
    `Nothing was touched. Take the settings out by hand (backups are in client-backups/${name}), or set it up again.`,
  );
}
