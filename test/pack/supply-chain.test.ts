import { cpSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { auditLicences, auditPins } from '../../build/audit.ts';
import { readLock } from '../../build/lock-file.ts';
import { noticesOf } from '../../build/notices.ts';
import { sbomOf } from '../../build/sbom.ts';
import { bundledPackages, shippedPackages } from '../../build/shipped.ts';
import { temporaryFolder } from '../support/engine.ts';

const root = resolve('.');
const shipped = shippedPackages(root);

/** The project's pins with one thing in them changed. */
function auditWith(file: 'package.json' | 'package-lock.json', from: string | RegExp, to: string): string[] {
  using folder = temporaryFolder();
  for (const name of ['package.json', 'package-lock.json']) cpSync(name, folder.file(name));
  const text = readFileSync(file, 'utf8');
  expect(text.search(from)).toBeGreaterThan(0);
  writeFileSync(folder.file(file), text.replace(from, to));
  return auditPins(folder.path);
}

describe('every package', () => {
  it.each(['.', 'test/real-clients'])(
    'of %s is pinned to one version and its hash, and runs nothing when it is installed',
    (folder) => {
      expect(auditPins(resolve(folder))).toEqual([]);
      expect(readLock(resolve(folder)).length).toBeGreaterThan(1);
    },
  );

  it('that is not would be found', () => {
    const valibot = /("node_modules\/valibot": \{\n)/;
    expect(auditWith('package.json', '"valibot": "1.5.0"', '"valibot": "^1.5.0"')).toEqual([
      'valibot is wanted as "^1.5.0", which is no exact version.',
    ]);
    expect(auditWith('package.json', '"valibot": "1.5.0"', '"valibot": "1.4.0"')).toEqual([
      'valibot 1.4.0 is not what the lock file pins.',
    ]);
    expect(auditWith('package.json', '"valibot": "1.5.0"', '"valibot": "git+https://evil.example/v.git"')).toHaveLength(
      1,
    );
    for (const address of [
      'git+ssh://git@evil.example/v.git',
      'http://registry.npmjs.org/v.tgz',
      'https://evil.example/v',
    ])
      expect(auditWith('package-lock.json', valibot, `$1"resolved": "${address}",\n`)).toEqual([
        `node_modules/valibot comes from ${address}.`,
      ]);
    expect(auditWith('package-lock.json', valibot, '$1"hasInstallScript": true,\n')).toEqual([
      'node_modules/valibot runs a program when it is installed.',
    ]);
    expect(auditWith('package-lock.json', /"integrity": "sha512-[^"]+"/, '"integrity": "sha1-AAAA"')).toHaveLength(1);
    expect(auditWith('package-lock.json', /"integrity": "sha512-[^"]+",?/, '')).toHaveLength(1);
  });
});

describe('what is shipped', () => {
  it('is what the source asks for, and what that needs', () => {
    const files = globSync('{app,main,renderer}/**/*.{ts,tsx,css}');
    const asked = files.flatMap((file) =>
      [
        ...readFileSync(file, 'utf8').matchAll(/(?:from|import|@import|import\()\s*'((?:@[\w-]+\/)?[\w-]+)(?:[/'])/g),
      ].map(([, name]) => name ?? ''),
    );
    const packages = new Set(asked.filter((name) => name !== 'electron' && name !== 'node'));
    const fonts = globSync('renderer/**/*.{css,html,ts,tsx}').filter((file) =>
      readFileSync(file, 'utf8').includes('@fontsource-variable/inter'),
    );
    expect(fonts.length).toBeGreaterThan(0);
    expect(
      [...packages, '@fontsource-variable/inter'].filter((name) => !bundledPackages.some((each) => each === name)),
    ).toEqual([]);
    expect(bundledPackages.filter((name) => !packages.has(name) && name !== '@fontsource-variable/inter')).toEqual([]);
    expect(shipped.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['d3-array', '@preact/signals-core', 'js-yaml']),
    );
  });

  it('may be, by its licence, and any other would be found', () => {
    expect(auditLicences(shipped)).toEqual([]);
    for (const license of ['GPL-3.0-only', 'AGPL-3.0', 'BUSL-1.1', 'UNLICENSED', undefined])
      expect(auditLicences([{ name: 'a', license }])).toHaveLength(1);
  });

  it('is named with the text of its licence', () => {
    const notices = noticesOf(shipped, root);
    for (const { name, version, license } of shipped) expect(notices).toContain(`\n${name} ${version} (${license})\n`);
    expect(notices).toContain('SIL OPEN FONT LICENSE');
    expect(notices.match(/Permission is hereby granted/gi)?.length).toBeGreaterThan(15);
    expect(notices).not.toContain('undefined');
  });

  it('is listed in a CycloneDX list of parts, each with its hash, and the same each time', () => {
    const sbom = v.parse(cycloneDx, sbomOf(shipped, root));
    expect(sbom.components.map(({ name }) => name)).toEqual(['electron', ...shipped.map(({ name }) => name)]);
    const refs = [sbom.metadata.component, ...sbom.components].map((each) => each['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    for (const { ref, dependsOn } of sbom.dependencies)
      for (const each of [ref, ...dependsOn]) expect(refs).toContain(each);
    const reached = new Set(sbom.dependencies.flatMap(({ dependsOn }) => dependsOn));
    expect(refs.slice(1).filter((ref) => !reached.has(ref))).toEqual([]);
    expect(JSON.stringify(sbomOf(shippedPackages(root), root))).toBe(JSON.stringify(sbom));
    expect(JSON.stringify(sbom)).not.toContain(join(root, ''));
  });
});

const component = v.strictObject({
  type: v.picklist(['application', 'framework', 'library']),
  'bom-ref': v.pipe(v.string(), v.nonEmpty()),
  name: v.pipe(v.string(), v.nonEmpty()),
  version: v.pipe(v.string(), v.regex(/^\d+\.\d+\.\d+/)),
  purl: v.pipe(v.string(), v.regex(/^pkg:npm\/(?:%40[\w.-]+\/)?[\w.-]+@\d[\w.-]*$/)),
  licenses: v.pipe(
    v.array(v.strictObject({ license: v.strictObject({ id: v.pipe(v.string(), v.nonEmpty()) }) })),
    v.length(1),
  ),
  hashes: v.optional(
    v.pipe(
      v.array(v.strictObject({ alg: v.literal('SHA-512'), content: v.pipe(v.string(), v.regex(/^[0-9a-f]{128}$/)) })),
      v.length(1),
    ),
  ),
});

/** The parts of CycloneDX 1.6 that we fill, and nothing beside them. */
const cycloneDx = v.strictObject({
  $schema: v.literal('http://cyclonedx.org/schema/bom-1.6.schema.json'),
  bomFormat: v.literal('CycloneDX'),
  specVersion: v.literal('1.6'),
  version: v.literal(1),
  metadata: v.strictObject({ component: v.strictObject({ ...component.entries, hashes: v.optional(v.never()) }) }),
  components: v.array(v.strictObject({ ...component.entries, hashes: v.unwrap(component.entries.hashes) })),
  dependencies: v.array(v.strictObject({ ref: v.string(), dependsOn: v.array(v.string()) })),
});
