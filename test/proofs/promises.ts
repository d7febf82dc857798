/** Each fault that may befall the pool, provoked: what the user sees of it, and what is kept (DESIGN §1). */
import { runProof, table, type Finding } from './page.ts';
import { brokenAnswers } from './promises/broken-answers.ts';
import { clientFaults } from './promises/clients.ts';
import { diskFaults } from './promises/disk.ts';
import { loginFaults } from './promises/logins.ts';
import { machineFaults } from './promises/machine.ts';
import { masterKeyFaults } from './promises/master-key.ts';
import { networkFaults } from './promises/network.ts';
import { placeFaults } from './promises/ports.ts';
import { processFaults } from './promises/processes.ts';
import { planted, type PromiseRow } from './promises/row.ts';
import { silences } from './promises/silence.ts';
import { fileFaults } from './promises/stored-files.ts';

/** Every promise of the engine and of the command, in the order of the table. Those of the desktop app follow in it. */
export const promises: readonly PromiseRow[] = [
  ...brokenAnswers,
  ...silences,
  ...networkFaults,
  ...clientFaults,
  ...loginFaults,
  ...machineFaults,
  ...placeFaults,
  ...fileFaults,
  ...masterKeyFaults,
  ...diskFaults,
  ...processFaults,
];

/** Provokes one fault after the other. */
async function provePromises(rows: readonly PromiseRow[]): Promise<Finding> {
  const lines: string[][] = [];
  const broken: string[] = [];
  for (const { fault, promise, prove } of rows) {
    try {
      const proven = await prove(planted);
      if ('skipped' in proven) lines.push([fault, promise, '', '', `skipped: ${proven.skipped}`]);
      else lines.push([fault, promise, proven.sees, proven.kept, 'yes']);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      lines.push([fault, promise, '', '', '**no**']);
      broken.push(`${fault}: ${why.replaceAll(/\s+/g, ' ')}`);
    }
  }
  const passed = lines.filter((line) => line.at(-1) === 'yes').length;
  const text = [
    'Each fault is brought about for real: by a host of Kiro that misbehaves on a bare socket, by processes, disks, files, clocks and a ' +
      'keyring. Each row can fail: [promises-can-fail.md](promises-can-fail.md) runs them without their faults, and on products that ' +
      'break their promises.',
    '',
    `${rows.length} faults; ${passed} promises held, ${broken.length} broken, ${rows.length - passed - broken.length} that this machine cannot try.`,
    '',
    table(['fault', 'promise', 'what the user sees', 'what is kept', 'passed'], lines),
  ];
  return { text: text.join('\n'), broken };
}

if (import.meta.main) {
  await runProof('promises', 'What goes wrong, and what is promised then', async ({ isShort }) =>
    provePromises(isShort ? promises : [...promises, ...(await promisesOfTheDesktop())]),
  );
}

/** They need the built app and a browser, which the other rows do without. */
export async function promisesOfTheDesktop(): Promise<readonly PromiseRow[]> {
  const { buildIfStale } = await import('../../build/freshness.ts');
  await buildIfStale();
  return (await import('./promises/key-store.ts')).keyStoreFaults;
}
