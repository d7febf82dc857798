import type { ClientTool, ConfigTarget, Setup } from './client-tool.ts';
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
  const notSetUp: ClientStatus = tool.isInstalled(machine)
    ? { status: 'ready', detail: `${tool.title} is installed; it does not use Kiro Pool yet.` }
    : { status: 'absent', detail: `${tool.title} was not found on this machine.` };
  if (!target) return record ? statusOfVariables(subject, record) : notSetUp;
  try {
    const text = await readConfig(target.path);
    if (text === undefined) return notSetUp;
    return statusOfRoot(parseConfig(text, target.format), subject, target) ?? notSetUp;
  } catch (error) {
    if (error instanceof ClientError) return { status: 'broken', detail: error.message };
    throw error;
  }
}

/** Variables are set in shells that only the user sees. */
function statusOfVariables({ setup }: Subject, { url }: SetupRecord): ClientStatus {
  return url === setup.url
    ? { status: 'configured', detail: 'Its variables were given out; it uses Kiro Pool where they are set.' }
    : { status: 'outdated', detail: `Its variables name ${url}; the endpoint is at ${setup.url} now.` };
}

function statusOfRoot(root: unknown, { setup, record }: Subject, target: ConfigTarget): ClientStatus | undefined {
  const marked = valueAt(root, target.mark);
  const settings = target.settings(setup, record?.file?.baseline === null);
  const wanted = valueAt(withSettings(undefined, settings), target.mark);
  const isOurs = marked === wanted || isNamedAfterUs(target) || record !== undefined;
  if (marked === undefined || !isOurs) return undefined;
  if (marked !== wanted)
    return { status: 'outdated', detail: `Its config does not name the endpoint at ${setup.url}.` };
  const written = record?.file?.written;
  if (!written) return { status: 'configured', detail: 'It was set up by hand.' };
  if (setup.models.length > 0 && !isSame(root, withSettings(takenBack(root, written), settings))) {
    return { status: 'outdated', detail: 'The models or their limits have changed since it was set up.' };
  }
  return { status: 'configured', detail: 'It uses Kiro Pool.' };
}

/** What stands under our own name is ours, whoever wrote it. */
function isNamedAfterUs({ mark }: ConfigTarget): boolean {
  return mark.some((step) => /kiro[-_ ]pool/i.test(typeof step === 'string' ? step : step.is));
}
