import { studio, work } from '../sample.ts';
import { ok, type State } from '../state.ts';
import { browserStates } from './wizard-browser.ts';
import { kiroCliStates } from './wizard-kiro-cli.ts';
import { browserHost, heading, next, wizard } from './wizard-steps.ts';

export const wizardStates: readonly State[] = [
  ...browserStates,
  ...kiroCliStates,
  { ...wizard, name: 'wizard-key', route: 'wizard/api-key' },
  { ...wizard, name: 'wizard-key-in-browser', route: 'wizard/api-key', desktop: browserHost },
  {
    ...wizard,
    name: 'wizard-working',
    route: 'wizard/api-key',
    answers: { 'desktop.addKeyFromClipboard': 'never' },
    prepare: async (page) => {
      await next(page, 'Add from clipboard');
      await heading(page, /^Checking/);
    },
  },
  {
    ...wizard,
    name: 'wizard-backup',
    route: 'wizard/backup',
    prepare: (page) => next(page, 'Choose the file…'),
  },
  {
    ...wizard,
    name: 'wizard-restored',
    route: 'wizard/backup',
    answers: {
      'desktop.restoreBackup': ok({
        accounts: [
          { id: work.id, label: 'Work', result: 'added', reason: 'Added.' },
          { id: studio.id, label: 'Studio', result: 'kept', reason: 'It is in the pool already.' },
        ],
        keys: [{ name: 'default', result: 'kept', reason: 'It is there already.' }],
        settings: [{ key: 'strategy', result: 'added', reason: 'Set.' }],
      }),
    },
    prepare: async (page) => {
      await page.getByLabel('Passphrase of the backup').fill('correct horse battery staple');
      await next(page, 'Choose the file…');
      await heading(page, 'Restored');
    },
  },
];
