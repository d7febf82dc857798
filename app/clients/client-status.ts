import type { ClientTool, ConfigTarget, Setup, ToolFault } from './client-tool.ts';
import { ClientError } from './client-error.ts';
import { readConfig } from './config-file.ts';
import { parseConfig, takenBack, withSettings } from './edit/config-edit.ts';
import { isSame, valueAt } from './edit/config-value.ts';
import type { Machine } from './machine.ts';
import type { SetupRecord } from './setup-record.ts';

/** Whether a tool uses the endpoint, and a sentence about it. */
export interface ClientStatus {
  readonly status: 'absent' | 'ready' | 'configured' | 'outdated' | 'broken';
  readonly detail: string;
  /** What keeps a tool that is set up from working well. */
  readonly faults: readonly ToolFault[];
}

interface Subject {
  readonly tool: ClientTool;
  readonly machine: Machine;
  readonly target: ConfigTarget | null;
  /** As it should be, with what was chosen when it was set up. */
  readonly setup: Setup;
  readonly record: SetupRecord | undefined;
}

/** Looks at a tool's config, changes nothing. */
export async function statusOf(subject: Subject): Promise<ClientStatus> {
  const { tool, machine, target, record } = subject;
  const notSetUp = tool.isInstalled(machine)
    ? plain('ready', tool.about ?? `${tool.title} is installed; it does not use Kiro Pool yet.`)
    : plain('absent', `${tool.title} was not found on this machine.`);
  if (!target) return record ? statusOfVariables(subject, record) : notSetUp;
  try {
    const text = await readConfig(target.path);
    if (text === undefined) return notSetUp;
    return statusOfRoot(parseConfig(text, target.format), subject, target) ?? notSetUp;
  } catch (error) {
    if (error instanceof ClientError) return plain('broken', `${target.path}: ${error.message}`);
    throw error;
  }
}

/** Variables are set in shells that only the user sees. */
function statusOfVariables({ setup }: Subject, { url }: SetupRecord): ClientStatus {
  return url === setup.url
    ? plain('configured', 'Its variables were given out; it uses Kiro Pool where they are set.')
    : plain('outdated', `Its variables name ${url}; the endpoint is at ${setup.url} now.`);
}

function statusOfRoot(root: unknown, { tool, setup, record }: Subject, target: ConfigTarget): ClientStatus | undefined {
  const marked = valueAt(root, target.mark);
  const settings = target.settings(setup, record?.file?.baseline === null);
  const wanted = valueAt(withSettings(undefined, settings), target.mark);
  const isOurs = marked === wanted || isNamedAfterUs(target) || record !== undefined;
  if (marked === undefined || !isOurs) return undefined;
  // Without a catalogue there may be nothing to compare with.
  if (wanted !== undefined && marked !== wanted)
    return plain('outdated', `Its config does not name the endpoint at ${setup.url}.`);
  const written = record?.file?.written;
  const faults = tool.faults?.(root, setup) ?? [];
  if (!written) return { status: 'configured', detail: 'It was set up by hand.', faults };
  if (setup.models.length > 0 && !isSame(root, withSettings(takenBack(root, written), settings))) {
    return plain('outdated', 'The models or their limits have changed since it was set up.');
  }
  return { status: 'configured', detail: 'It uses Kiro Pool.', faults };
}

function plain(status: ClientStatus['status'], detail: string): ClientStatus {
  return { status, detail, faults: [] };
}

/** What stands under our own name is ours, whoever wrote it. */
function isNamedAfterUs({ mark }: ConfigTarget): boolean {
  return mark.some((step) => /kiro[-_ ]pool/i.test(typeof step === 'string' ? step : step.is));
}
