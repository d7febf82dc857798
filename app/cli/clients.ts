import { Argument, Option, type Command } from 'commander';
import { showSetup } from '../clients/show-setup.ts';
import { toolNamed, tools } from '../clients/tools.ts';
import { thisMachine } from '../clients/machine.ts';
import type { Output } from '../contract.ts';
import type { ControlContract } from '../control/control-contract.ts';
import type { CommonOptions, Io } from './io.ts';
import { common, report } from './command.ts';
import { oneLine, table } from './format.ts';
import { nextStep } from './next-step.ts';
import { withEngine } from './session.ts';

interface ApplyOptions extends CommonOptions {
  readonly model?: string;
  readonly smallModel?: string;
  readonly dryRun: boolean;
}

type Plan = Output<ControlContract, 'clients.preview'>;

/** `kiro-pool clients …` */
export function addClientCommands(program: Command, io: Io): void {
  const clients = common(program.command('clients')).description('use Kiro Pool in other tools');
  const named = (name: string): Command =>
    common(clients.command(name)).addArgument(
      new Argument('<name>', 'the tool').choices(tools.map(({ name }) => name)),
    );
  common(clients.command('list'))
    .summary('the tools, and which use Kiro Pool')
    .description('which tools there are, and whether they use Kiro Pool')
    .action((options: CommonOptions) =>
      withEngine(io, options, async (ask) => {
        const views = await ask('clients.list', {});
        report(io, options, views, () =>
          table(
            ['NAME', 'STATUS', 'CONFIG', 'WHAT'],
            views.map(({ name, status, configPath, detail }) => [name, status, configPath ?? '-', detail]),
          ),
        );
      }),
    );
  named('show')
    .description('print what the tool needs, to put it in by hand')
    .action((name: string, options: CommonOptions) => show(io, name, options));
  named('apply')
    .summary('have the tool use Kiro Pool')
    .description('have the tool use Kiro Pool: changes its config, keeps a backup, and undo takes it back')
    .option('--model <id>', 'the model that the tool starts with')
    .option('--small-model <id>', 'the cheap model for titles and summaries, where the tool has one')
    .addOption(new Option('--dry-run', 'only show what would change').default(false))
    .action((name: string, options: ApplyOptions) => apply(io, name, options));
  named('undo')
    .description('take back what apply wrote; your own later changes stay')
    .action((name: string, options: CommonOptions) =>
      withEngine(io, options, async (ask) => {
        const plan = await ask('clients.undo', { name });
        report(io, options, plan, () => planText(plan, 'Undone.'));
      }),
    );
}

async function show(io: Io, name: string, options: CommonOptions): Promise<void> {
  const tool = toolNamed(name);
  const { url, models } = await withEngine(io, options, async (ask) => {
    const { url } = await ask('status', {});
    const port = (await ask('settings.list', {})).find(({ key }) => key === 'port')?.value;
    return { url: url ?? `http://127.0.0.1:${String(port)}`, models: await ask('models', {}) };
  });
  const shown = showSetup(tool, { url, models, keyFile: undefined }, thisMachine(io.env, io.home));
  report(io, options, shown.settings, () => shown.text);
}

async function apply(io: Io, name: string, options: ApplyOptions): Promise<void> {
  const { model, smallModel, dryRun } = options;
  await withEngine(io, options, async (ask) => {
    const input = { name, model, smallModel };
    const plan = dryRun ? await ask('clients.preview', input) : await ask('clients.apply', input);
    const done = dryRun
      ? 'This would change; nothing was written.'
      : `Done. Take it back with: ${nextStep(`clients undo ${name}`, options)}`;
    report(io, options, plan, () => planText(plan, done));
  });
}

function planText({ changes, steps, ...rest }: Plan & { backups?: string[] }, done: string): string {
  const diffs = changes.map(({ path, kind, diff }) =>
    // A diff is of lines: each is kept from steering the terminal.
    kind === 'none' ? oneLine(`${path}: it is as it should be.`) : diff.split('\n').map(oneLine).join(''),
  );
  const backups = (rest.backups ?? []).map((path) => oneLine(`Backup: ${path}`));
  return [...diffs, ...backups, oneLine(done), ...steps.map((step) => step.split('\n').map(oneLine).join(''))].join('');
}
