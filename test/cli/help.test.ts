import { describe, expect, it } from 'vitest';
import { command } from '../support/command.ts';
import { temporaryFolder } from '../support/engine.ts';
import { sit } from './person.ts';

describe('the help', () => {
  it('names every command, and with each its options', async () => {
    expect(namesIn(await helpOf([]))).toEqual([
      'serve',
      'ui',
      'accounts',
      'usage',
      'requests',
      'key',
      'strategy',
      'settings',
      'clients',
      'backup',
      'restore',
      'doctor',
      'report',
      'demo',
    ]);
    for (const words of await everyCommand()) expect(await helpOf(words)).toMatch(/--data-dir[\s\S]*--json/);
    expect(await helpOf(['serve'])).toMatch(/--host[\s\S]*--port[\s\S]*--allow-lan/);
    expect(await helpOf(['accounts', 'import'])).toMatch(
      /--from[\s\S]*kiro-ide[\s\S]*--path[\s\S]*--row[\s\S]*--profile/,
    );
    expect(await helpOf(['requests'])).toMatch(/--last[\s\S]*--why/);
  });

  it.each([80, 120])('fills the lines of a terminal %i columns wide, and breaks none too soon', async (columns) => {
    for (const words of await everyCommand()) {
      const lines = (await helpOf(words, columns)).split('\n');
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
      expect({ words, tooSoon: brokenTooSoon(lines, columns) }).toEqual({ words, tooSoon: [] });
    }
  });

  it.each(['help', 'help accounts', 'help accounts import', 'accounts help import'])(
    'is there by word, too: %s',
    async (line) => {
      const { code, out } = await command({}, ...line.split(' '));
      expect({ code, out }).toEqual({ code: 0, out: await helpOf(line.split(' ').filter((word) => word !== 'help')) });
    },
  );

  it.each(['help improt', 'help accounts improt', 'help serve improt'])(
    'of no command is wrong usage: %s',
    async (line) => {
      const { code, out, err } = await command({}, ...line.split(' '));
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain("unknown command 'improt'");
    },
  );

  it('has one line for each command in a list, with room for it in a terminal of 80 columns', async () => {
    for (const words of [[], ['accounts'], ['key'], ['settings'], ['clients']]) {
      const list = (await helpOf(words)).split('Commands:\n')[1]?.split('\n\n')[0]?.trimEnd().split('\n') ?? [];
      expect(list.filter((line) => !/^ {2}\S/.test(line))).toEqual([]);
    }
  });
});

describe('a command line without a command', () => {
  it('shows the first steps, each of which is a command, and where the help is', async () => {
    const { code, out, err } = await command({});
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/First steps:[\s\S]*kiro-pool demo[\s\S]*kiro-pool --help\n$/);
    expect(err.split('\n').length).toBeLessThan(20);
    expect(err.split('\n').filter((line) => line.length > 80)).toEqual([]);
    const known = (await everyCommand()).map((words) => words.join(' '));
    const steps = [...err.matchAll(/^ {2}kiro-pool ((?:accounts|clients) [\w-]+|[\w-]+)/gm)];
    expect(steps.length).toBeGreaterThan(4);
    for (const [, words] of steps) expect(known).toContain(words);
  });

  it('is told to a script as wrong usage', async () => {
    const { code, out, err } = await command({}, '--json');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(JSON.parse(err)).toEqual({
      error: { code: 'usage', message: 'A command is missing.', hint: 'See --help.' },
    });
  });
});

it('the options of all commands may stand before the command, too', async () => {
  using folder = temporaryFolder();
  for (const line of [
    '--json --data-dir F accounts list',
    'accounts --data-dir F --json list',
    'accounts list --json',
  ]) {
    const { code, out } = await command({ HOME: folder.path }, ...line.replace('F', folder.path).split(' '));
    expect({ line, code, out }).toEqual({ line, code: 0, out: '[]\n' });
  }
});

async function helpOf(words: readonly string[], columns = 80): Promise<string> {
  const { code, out } = await sit({}, { columns }, [...words, '--help'].join(' '));
  expect({ words, code }).toEqual({ words, code: 0 });
  return out;
}

/** Every command line that `--help` may follow, found by reading the help itself. */
async function everyCommand(): Promise<string[][]> {
  const top = namesIn(await helpOf([]));
  const below = await Promise.all(top.map(async (name) => namesIn(await helpOf([name])).map((leaf) => [name, leaf])));
  return [[], ...top.map((name) => [name]), ...below.flat()];
}

function namesIn(help: string): string[] {
  const list = help.split('Commands:\n')[1]?.split('\n\n')[0] ?? '';
  return [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name ?? '').filter((name) => name !== 'help');
}

/** Lines that end although the first word of the next one, which goes on with their sentence, had room in them. */
function brokenTooSoon(lines: readonly string[], columns: number): string[] {
  return lines.filter((line, index) => {
    const [, indent = '', word = ''] = /^( *)(\S+)/.exec(lines[index + 1] ?? '') ?? [];
    const goesOn = line !== '' && word !== '' && (indent.length > 4 || (indent === '' && /^[\w(]/.test(line)));
    return goesOn && !line.endsWith(':') && line.length + 1 + word.length < columns;
  });
}
