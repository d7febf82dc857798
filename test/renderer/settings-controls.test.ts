import { describe, expect, it } from 'vitest';
import { settingsTable } from '../../app/store/settings.ts';
import { words } from '../../renderer/messages/words.ts';
import { controlOf, grouped, inputOf, textOf } from '../../renderer/settings/setting-control.ts';
import { strengthOf } from '../../renderer/settings/strength.ts';

const settings = Object.entries(settingsTable).map(([key, { default: initial, description, allowed }]) => ({
  key,
  value: initial ?? null,
  default: initial ?? null,
  description,
  allowed,
}));

describe('settings on screen', () => {
  it('has every setting of the engine in a group, with a name, but the answer to the first run', () => {
    const shown = Object.values(grouped(settings)).flat();
    expect(shown.map(({ key }) => key).sort()).toEqual(
      Object.keys(settingsTable)
        .filter((key) => key !== 'hasAcceptedRisks')
        .sort(),
    );
    expect(grouped(settings).other).toEqual([]);
    expect(Object.keys(words.settings.names)).toEqual(expect.arrayContaining(shown.map(({ key }) => key)));
    expect(Object.keys(words.settings.details)).toEqual(expect.arrayContaining(shown.map(({ key }) => key)));
  });

  it('shows one that a newer engine brings, too', () => {
    const [first] = settings;
    if (!first) throw new Error('The engine has no settings.');
    const later = { ...first, key: 'later', default: 'x', value: 'y' };
    expect(grouped([later]).other).toEqual([later]);
    expect(controlOf(later)).toBe('text');
  });

  it('sends each value in a form that the engine reads back as the same', () => {
    for (const setting of Object.values(settingsTable)) {
      expect(setting.fromText(inputOf(textOf(setting.default)))).toEqual(setting.default);
    }
    expect(settingsTable.allowedOrigins.fromText(inputOf(textOf(['https://a.example', 'https://b.example'])))).toEqual([
      'https://a.example',
      'https://b.example',
    ]);
  });
});

describe('the strength of a passphrase', () => {
  it.each([
    ['', 'none'],
    ['kiro', 'weak'],
    ['password1', 'weak'],
    ['aaaaaaaaaaaaaaaaaaaaaaaa', 'weak'],
    ['abcdefghijklmnop', 'weak'],
    ['12345678901234567890', 'weak'],
    ['lake lake lake lake lake', 'weak'],
    ['river lamp otter', 'fair'],
    ['correct horse battery staple', 'strong'],
    ['x7#Qm!v9Lp2$Rt', 'strong'],
  ] as const)('is told for "%s": %s', (passphrase, strength) => {
    expect(strengthOf(passphrase)).toBe(strength);
  });
});
