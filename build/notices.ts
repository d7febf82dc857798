import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { ShippedPackage } from './shipped.ts';

/**
 * The licences of everything that is shipped, with their texts, as they ask for.
 * @param root absolute path of the project, with its packages installed
 */
export function noticesOf(packages: readonly ShippedPackage[], root: string): string {
  const entries = packages.map((each) => {
    const title = `${each.name} ${each.version ?? ''} (${each.license ?? 'no licence'})`;
    return `${title}\n${'-'.repeat(title.length)}\n\n${licenceText(join(root, each.path))}\n`;
  });
  return `${opening}\n\n${entries.join('\n\n')}`;
}

const opening = `Kiro Pool contains the packages below, under their own licences. Electron and Chromium, which the desktop app runs on, have
theirs beside the program: LICENSE.electron.txt and LICENSES.chromium.html.`;

const manifestSchema = v.object({
  license: v.string(),
  author: v.optional(
    v.union([
      v.string(),
      v.pipe(
        v.object({ name: v.string() }),
        v.transform(({ name }) => name),
      ),
    ]),
  ),
});

/** @throws Error when a package has no text, and a licence whose text we could not give for it */
function licenceText(folder: string): string {
  const files = readdirSync(folder).filter((name) => /^(?:licen[cs]e|copying|notice)(?:\.\w+)?$/i.test(name));
  if (files.length > 0) return files.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
  const { license, author } = v.parse(manifestSchema, JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  if (license !== 'MIT') throw new Error(`${folder} has no text of its licence, ${license}.`);
  return `Copyright (c) ${author ?? 'its authors'}\n\n${mit}`;
}

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files
(the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge,
publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE
FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
