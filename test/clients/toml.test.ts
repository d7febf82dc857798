import { expect, it } from 'vitest';
import { ClientError } from '../../app/clients/client-error.ts';
import { openWorkshop } from './workshop.ts';

it.each([
  ['a byte order mark too many', '\uFEFF\uFEFF'],
  ['one in the middle', 'a = 1\n\uFEFF\nb = 2\n'],
  ['a space of another alphabet', 'a = 1\n\u00A0\n'],
  ['a form feed', 'a = 1\n\f\n'],
])(
  'TOML with %s, which not all readers take for it, is refused or set up and taken back, and never waited for',
  async (_, text) => {
    using workshop = await openWorkshop();
    workshop.write('codex', text);
    const outcome = await workshop.setups.apply('codex', { model: 'auto' }).then(
      () => 'set up',
      (error: unknown) => (error instanceof ClientError ? error.code : error),
    );
    if (outcome === 'set up') await workshop.setups.undo('codex');
    expect(['set up', 'config-broken', 'cannot-edit']).toContain(outcome);
    expect(workshop.read('codex')).toBe(text);
  },
);
