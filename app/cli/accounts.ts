import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { Output, contract } from '../contract.ts';
import { addAccountSwitches } from './account-switches.ts';
import { accountTable } from './account-table.ts';
import { oneLine } from './format.ts';
import type { CommonOptions, Io } from './io.ts';
import { common, failQuietly, report } from './command.ts';
import { addLoginCommands } from './login.ts';
import { noAccountYet } from './next-step.ts';
import { withEngine, type Ask } from './session.ts';

interface ImportOptions extends CommonOptions {
  readonly from: 'kiro-cli' | 'kiro-ide';
  readonly path?: string;
  readonly row?: string;
  readonly profile?: string;
}

/** `kiro-pool accounts …` */
export function addAccountCommands(program: Command, io: Io): void {
  const accounts = common(program.command('accounts')).description('the Kiro accounts in the pool');
  common(accounts.command('list'))
    .summary('every account with its state')
    .description('every account with its state and credits')
    .action((options: CommonOptions) =>
      withEngine(io, options, async (ask) => {
        const list = await ask('accounts.list', {});
        report(io, options, list, () => (list.length === 0 ? noAccountYet(options) : accountTable(list)));
      }),
    );
  common(accounts.command('import'))
    .summary('take in logins of kiro-cli or the IDE')
    .description(
      'take the logins of kiro-cli or the Kiro IDE into the pool. Each is forked: the pool gets a chain of tokens of its ' +
        'own at once and never uses the old token again. The store itself is only read; kiro-cli or the IDE may ask you ' +
        'to sign in again later.',
    )
    .addOption(
      new Option('--from <program>', 'whose login it is').choices(['kiro-cli', 'kiro-ide']).default('kiro-cli'),
    )
    .option('--path <file>', 'the store, if it is not at its usual place')
    .option('--row <key>', "only this row of kiro-cli's store, such as kirocli:social:token")
    .option('--profile <arn>', 'the profile to charge, for a login that has several')
    .action((options: ImportOptions) => importAccounts(io, options));
  common(accounts.command('remove <account>'))
    .summary('forget it; at Kiro nothing changes')
    .description('forget an account (its id or label); at Kiro nothing changes')
    .action((id: string, options: CommonOptions) =>
      withEngine(io, options, async (ask) => {
        await ask('accounts.remove', { id });
        report(io, options, { removed: id }, () => `Removed ${id}.\n`);
      }),
    );
  common(accounts.command('label <account> <text>'))
    .summary('give it a name of your own')
    .description('give an account a name of your own')
    .action((id: string, label: string, options: CommonOptions) =>
      withEngine(io, options, async (ask) => {
        const account = await ask('accounts.label', { id, label });
        report(io, options, account, () => accountTable([account]));
      }),
    );
  addLoginCommands(accounts, io);
  addAccountSwitches(accounts, io);
}

async function importAccounts(io: Io, options: ImportOptions): Promise<void> {
  const { from, row, profile } = options;
  // The process that answers may have another working folder and another environment than this command.
  const named = options.path ?? (from === 'kiro-cli' ? io.env['KIROCLI_DB_PATH'] : undefined);
  const path = named === undefined || named === '' ? undefined : resolve(named);
  const take = async (ask: Ask): Promise<Output<typeof contract, 'accounts.import'>> => {
    const imported = await ask('accounts.import', {
      from,
      ...(path === undefined ? {} : { path }),
      ...(row === undefined ? {} : { row }),
      ...(profile === undefined ? {} : { profile }),
    });
    report(io, options, imported, () =>
      imported.map((each) => oneLine(`${each.result.padEnd(8)} ${each.label}: ${each.reason}`)).join(''),
    );
    const isTheirOwn = from === 'kiro-cli' && path === undefined && options.json !== true;
    // To ask takes seconds, so what was done is printed before.
    if (isTheirOwn && imported.some(({ result }) => result === 'added')) {
      const kiroCli = await ask('sources.whoami', {});
      if (kiroCli.isInstalled) io.out(oneLine(afterwardsOf(kiroCli)));
    }
    return imported;
  };
  const results = await withEngine(io, options, take, { begins: true });
  if (results.every(({ result }) => result === 'failed')) failQuietly();
}

/** What has become of kiro-cli's own login, whose token the pool has used up. */
function afterwardsOf({ login, who }: Output<typeof contract, 'sources.whoami'>): string {
  if (login === 'signed-in') return `kiro-cli is still signed in, as ${who ?? 'somebody that it does not name'}.`;
  if (login === 'signed-out') {
    return 'kiro-cli is signed out now, which the pool does not need. To go on using it: kiro-cli login';
  }
  return 'kiro-cli does not say whether it is still signed in; it may ask you to sign in again.';
}
