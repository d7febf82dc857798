import { describe, expect, it } from 'vitest';
import { configDiff } from '../../app/clients/config-diff.ts';

describe('the diff that a user sees before a config is changed', () => {
  it('has three lines of context, and names the file', () => {
    const before = '1\n2\n3\n4\n5\n';
    expect(configDiff('/c.json', before, '1\n2\n3\n4\nfive\n')).toBe(
      '--- /c.json\n+++ /c.json\n@@ -2,4 +2,4 @@\n 2\n 3\n 4\n-5\n+five\n',
    );
    expect(configDiff('/c.json', before, before)).toBe('');
  });

  it('shows a file that is made, and one that goes', () => {
    expect(configDiff('/c.json', null, '{}\n')).toMatch(/^--- \/dev\/null\n\+\+\+ \/c\.json\n/);
    expect(configDiff('/c.json', '{}\n', null)).toMatch(/^--- \/c\.json\n\+\+\+ \/dev\/null\n/);
  });

  it.each([
    '  "apiKey": "0123456789abcdef"',
    "api_key = 'plain words are secrets too'",
    'ANTHROPIC_AUTH_TOKEN: 0123456789',
    '  "Authorization": "Bearer abc.def"',
    'password: hunter2',
    '  "x": "sk-proj-0123456789abcdef"',
    'url = "https://x.example/?k=AIzaSy0123456789abcdef"',
    '"note": "ghp_0123456789abcdefghij"',
  ])('hides what is next to the change: %s', (line) => {
    const diff = configDiff('/c', `${line}\n`, `${line}\nnew\n`);
    expect(diff).toContain('[redacted]');
    for (const secret of ['0123456789', 'plain words', 'Bearer', 'hunter2']) expect(diff).not.toContain(secret);
  });

  it.each([
    '  "apiKey": "{file:/home/me/key}",',
    '  "apiKey": "{env:MY_KEY}"',
    'env_key = "AZURE_OPENAI_API_KEY"',
    '  "max_tokens": 64000,',
    // oxlint-disable-next-line no-template-curly-in-string
    'apiKey: ${{ secrets.KIRO_POOL_KEY }}',
    '  "apiKeyHelper": "cat \'/home/me/key\'"',
    '  "baseURL": "http://127.0.0.1:8788/v1"',
  ])('but not what only names one: %s', (line) => {
    expect(configDiff('/c', '', `${line}\n`)).toContain(`+${line}\n`);
  });
});
