import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * Who may import whom (the rooms of the house). A room is a folder of app/, or one of its files that stand alone. What is not
 * listed may not be imported.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  conversation: [],
  kiro: ['conversation'],
  auth: ['kiro/endpoints', 'kiro/transport'],
  pool: ['auth', 'kiro', 'conversation'],
  anthropic: ['conversation'],
  openai: ['conversation'],
  proxy: ['anthropic', 'openai', 'conversation', 'pool'],
  usage: ['timer'],
  timer: [],
  ui: ['contract', 'control', 'live', 'proxy/guard', 'timer'],
  store: ['auth/credential', 'pool/account', 'pool/account-state', 'pool/strategy'],
  clients: [
    'contract',
    'conversation/redact',
    'pool/account-summary',
    'store/atomic-write',
    'store/json-file',
    'store/private-file',
    'store/secret-box',
  ],
  contract: [],
  control: ['contract'],
  log: ['conversation/plain-line', 'conversation/redact'],
  version: [],
  'pool-pace': ['pool/account-summary', 'usage'],
  'usage-report': ['contract', 'pool-pace', 'pool/account-summary', 'usage'],
  live: ['contract', 'timer'],
  condition: ['store'],
  'live-snapshot': ['condition', 'contract', 'pool-pace', 'pool', 'store', 'usage', 'version'],
  'handler-ports': ['auth/kiro-cli-program', 'clients', 'contract', 'control', 'engine-parts', 'pool'],
  'import-handler': ['auth', 'control', 'handler-ports', 'kiro/endpoints', 'pool'],
  'account-handlers': ['contract', 'control', 'handler-ports', 'import-handler', 'kiro/endpoints', 'pool'],
  'source-handlers': ['auth', 'contract', 'handler-ports', 'pool/onboarding'],
  'backup-handlers': ['contract', 'control', 'engine-parts', 'handler-ports', 'pool', 'store'],
  'client-handlers': ['clients', 'contract', 'control', 'handler-ports', 'report-handler', 'test-request'],
  'report-handler': ['clients', 'handler-ports'],
  'test-request': ['clients', 'engine-parts', 'log'],
  'engine-endpoints': ['control', 'kiro/endpoints'],
  'engine-parts': [
    'condition',
    'engine-endpoints',
    'kiro',
    'live',
    'live-snapshot',
    'log',
    'pool',
    'store',
    'usage',
    'version',
  ],
  'engine-requests': ['engine-parts', 'proxy/exchange', 'usage'],
  handlers: [
    'account-handlers',
    'backup-handlers',
    'client-handlers',
    'contract',
    'control',
    'handler-ports',
    'pool',
    'source-handlers',
    'store',
    'usage-report',
  ],
  'engine-upkeep': ['engine-parts', 'log', 'pool', 'timer'],
  engine: [
    'auth/kiro-cli-program',
    'clients',
    'condition',
    'contract',
    'control',
    'conversation/plain-line',
    'engine-parts',
    'engine-requests',
    'engine-upkeep',
    'handler-ports',
    'handlers',
    'kiro',
    'live',
    'log',
    'pool',
    'proxy',
    'store',
    'ui',
    'version',
  ],
  cli: ['clients', 'contract', 'control', 'conversation/plain-line', 'engine', 'store', 'version'],
};

const app = resolve('app');
const files = globSync('app/**/*.ts').map((file) => resolve(file));

/** The files that a file imports from, types included; packages are left out. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map(([, path]) =>
    resolve(dirname(file), path ?? ''),
  );
}

function roomOf(file: string): string {
  return relative(app, file).split('/')[0]?.replace(/\.ts$/, '') ?? '';
}

describe('the rooms of the engine', () => {
  it('import only what they may', () => {
    const trespasses = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => !isAllowed(file, target))
        .map((target) => `${relative('.', file)} imports ${relative('.', target)}`),
    );
    expect(trespasses).toEqual([]);
  });

  it('would be told of a trespass', () => {
    expect(isAllowed(join(app, 'kiro/models.ts'), join(app, 'pool/pool.ts'))).toBe(false);
    expect(isAllowed(join(app, 'auth/fork.ts'), join(app, 'kiro/payload.ts'))).toBe(false);
    expect(isAllowed(join(app, 'auth/fork.ts'), join(app, 'kiro/transport.ts'))).toBe(true);
  });

  it('are all listed here, so that a new one has to say whom it needs', () => {
    expect(Object.keys(mayImport).toSorted()).toEqual([...new Set(files.map(roomOf))].toSorted());
  });

  it('form no circle', () => {
    const visited = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (visited.get(file) === 'done') return;
      if (visited.get(file) === 'open') {
        circles.push([...path.slice(path.indexOf(file)), file].map((each) => relative('.', each)).join(' → '));
        return;
      }
      visited.set(file, 'open');
      for (const target of importsOf(file).filter((each) => each.startsWith(app))) visit(target, [...path, file]);
      visited.set(file, 'done');
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it('never import electron, the screens or a folder beside the project', () => {
    const strangers = files.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return /from '(?:electron|(?:\.\.\/)+(?:main|renderer)\/)/.test(text) ? [relative('.', file)] : [];
    });
    expect(strangers).toEqual([]);
  });
});

function isAllowed(file: string, target: string): boolean {
  const room = roomOf(file);
  const inside = relative(app, target);
  // The demo brings its own Kiro, and the version stands in one place only.
  if (inside.startsWith('..')) {
    return inside === join('..', 'package.json')
      ? room === 'version'
      : inside.startsWith('../test/emulator') && room === 'cli';
  }
  if (roomOf(target) === room) return true;
  const name = inside.replace(/\.ts$/, '');
  return (mayImport[room] ?? []).some((allowed) => name === allowed || name.startsWith(`${allowed}/`));
}

describe('the screens', () => {
  const screens = globSync('renderer/**/*.{ts,tsx}').map((file) => resolve(file));
  const renderer = resolve('renderer');

  it('know the engine by its contract alone', () => {
    const trespasses = screens.flatMap((file) =>
      importsOf(file)
        .filter((target) => !target.startsWith(renderer) && target !== join(app, 'contract.ts'))
        .map((target) => `${relative('.', file)} imports ${relative('.', target)}`),
    );
    expect(trespasses).toEqual([]);
  });

  it('take types from it and nothing else, so that no schema is loaded with them', () => {
    const values = screens.flatMap((file) => {
      const text = readFileSync(file, 'utf8');
      return /import (?!type )[^;]*?from '[^']*app\/contract\.ts'/.test(text) ? [relative('.', file)] : [];
    });
    expect(values).toEqual([]);
  });

  it('use packages that are made for pages, and neither electron nor Node', () => {
    const pagePackages = new Set(['preact', 'preact/hooks', '@preact/signals', 'd3-scale', 'd3-shape', 'valibot']);
    const strangers = screens.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/\bfrom '([^.'][^']*)'/g)]
        .map(([, name]) => name ?? '')
        .filter((name) => !pagePackages.has(name))
        .map((name) => `${relative('.', file)} imports ${name}`),
    );
    expect(strangers).toEqual([]);
  });
});
