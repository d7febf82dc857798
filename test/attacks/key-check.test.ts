/** What the time of an answer could tell of a secret. `node test/bench/key-check.ts` measures it; here is why it cannot. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

const read = (path: string): Promise<string> => readFile(path, 'utf8');

describe('a secret that is shown to us', () => {
  test.each([
    ['app/store/keys-file.ts', 'nameOf'],
    ['app/control/control-server.ts', 'isToken'],
  ])('is compared by its hash and in constant time: %s', async (path, name) => {
    const source = await read(path);
    const [, body = ''] =
      new RegExp(`\\n {0,2}(?:function )?${name}\\([^)]*\\)[^{]*\\{\\n([\\s\\S]*?)\\n {0,2}\\}\\n`).exec(source) ?? [];
    expect(body).toContain('timingSafeEqual(');
    expect(body).toMatch(/digest(?:Of)?\(presented\)/);
    // Nothing leaves early, and nothing else looks at the secret.
    expect(body.match(/return /g)).toHaveLength(1);
    expect(body).not.toMatch(/presented (?:===|!==)(?! 'string')|startsWith|indexOf|\.includes\(|\bbreak\b/);
  });

  test('is looked up by its hash where it is a link or a session', async () => {
    const source = await read('app/ui/admission.ts');
    expect(source).toMatch(/#codes\.get\(hash\)/);
    expect(source).toMatch(/#sessions\.has\(hashOf\(id\)\)/);
    expect(source).not.toMatch(/#(?:codes|sessions)\.(?:get|has|set|add)\((?:code|id|session)\b/);
  });

  test('is compared nowhere else: no other file of the doors knows one', async () => {
    for (const path of ['app/proxy/guard.ts', 'app/proxy/server.ts', 'app/ui/ui.ts', 'app/ui/visitor.ts']) {
      expect(await read(path)).not.toMatch(
        /(?:presented|bearer|apiKey|token|session) (?:===|!==) (?!undefined|'string')/,
      );
    }
  });
});
