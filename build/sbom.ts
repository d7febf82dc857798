import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { readLock, type LockedPackage } from './lock-file.ts';
import type { ShippedPackage } from './shipped.ts';

/** A list of parts in CycloneDX 1.6, as far as we fill it. */
export interface Sbom {
  readonly $schema: string;
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: '1.6';
  readonly version: 1;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface Component {
  readonly type: 'application' | 'framework' | 'library';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly [{ readonly license: { readonly id: string } }];
  readonly hashes?: readonly [{ readonly alg: 'SHA-512'; readonly content: string }];
}

const manifestSchema = v.object({ name: v.string(), version: v.string(), license: v.string() });

/**
 * What is in the app, bundled or not, each part with the hash that it was installed by. `npm sbom --omit dev` knows nothing of what
 * is bundled. The same parts give the same bytes: there is no time and no serial number in it.
 * @param root absolute path of the project
 */
export function sbomOf(packages: readonly ShippedPackage[], root: string): Sbom {
  const manifest = v.parse(manifestSchema, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const refs = new Map(packages.map((each) => [each.path, purlOf(each.name, each.version ?? '')]));
  // Its npm package only fetches it; what that needs is not shipped.
  const electron = readLock(root).filter(({ path }) => path === 'node_modules/electron');
  const self = purlOf(manifest.name, manifest.version);
  const roots = packages.filter(({ path }) => !packages.some(({ needs }) => needs.includes(path)));
  const electronRefs = electron.map(({ name, version }) => purlOf(name, version ?? ''));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': self,
        name: manifest.name,
        version: manifest.version,
        purl: self,
        licenses: [{ license: { id: manifest.license } }],
      },
    },
    components: [
      ...electron.map((each) => component('framework', each)),
      ...packages.map((each) => component('library', each)),
    ],
    dependencies: [
      { ref: self, dependsOn: [...electronRefs, ...roots.map(({ path }) => refs.get(path) ?? '')] },
      ...packages.map(({ path, needs }) => ({
        ref: refs.get(path) ?? '',
        dependsOn: needs.map((need) => refs.get(need) ?? ''),
      })),
    ],
  };
}

function component(type: Component['type'], each: LockedPackage): Component {
  const { name, version = '', license = '', integrity } = each;
  const purl = purlOf(name, version);
  return {
    type,
    'bom-ref': purl,
    name,
    version,
    purl,
    licenses: [{ license: { id: license } }],
    ...(integrity === undefined ? {} : { hashes: [{ alg: 'SHA-512', content: hexOf(integrity) }] }),
  };
}

/** `pkg:npm/%40scope/name@1.2.3` */
function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** npm writes hashes as `sha512-` and base64, CycloneDX wants hex. */
function hexOf(integrity: string): string {
  return Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
}
