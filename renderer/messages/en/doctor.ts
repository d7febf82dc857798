import { plural } from '../plural.ts';

export const doctor = {
  title: 'Doctor',
  run: 'Check again',
  running: 'Checking…',
  runningDetail: 'Kiro is asked about each account, so this takes a few seconds.',
  status: { ok: 'Fine', warning: 'Worth a look', failed: 'Does not work' },
  checks: 'What was checked',
  allFine: {
    title: 'Everything works',
    detail: (count: number) => plural(count, { one: 'One thing was checked.', other: `${count} things were checked.` }),
  },
  summary: (failed: number, warnings: number) => {
    const parts = [
      ...(failed === 0
        ? []
        : [plural(failed, { one: 'One thing does not work', other: `${failed} things do not work` })]),
      ...(warnings === 0
        ? []
        : [plural(warnings, { one: 'one is worth a look', other: `${warnings} are worth a look` })]),
    ];
    const text = parts.join(', ');
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  },
  fixed: 'Done, and checked again.',
  whatToDo: 'What to do:',
  report: {
    title: 'Report a bug',
    detail: 'How Kiro Pool is set up and what it noted, without names, keys and tokens.',
    prepare: 'Prepare the report…',
    dialog: 'Read it before you share it',
    promise: 'This is everything that the file will hold. Nothing is sent anywhere.',
    preparing: 'Putting it together…',
    text: 'Text of the report',
    save: 'Save…',
    copy: 'Copy',
    saved: (path: string) => `Saved as ${path}`,
    fileName: 'kiro-pool-report.txt',
  },
} as const;
