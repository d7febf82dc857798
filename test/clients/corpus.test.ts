import { describe, expect, it } from 'vitest';
import { parseConfig, type ConfigFormat } from '../../app/clients/edit/config-edit.ts';
import { jsonc } from '../../app/clients/edit/jsonc.ts';
import { toml } from '../../app/clients/edit/toml.ts';
import { yaml } from '../../app/clients/edit/yaml.ts';
import { brokenJsonc, jsoncSamples } from './corpus/jsonc.ts';
import { brokenToml, tomlSamples } from './corpus/toml.ts';
import { commentsOf, type Sample } from './corpus/variants.ts';
import { brokenYaml, yamlSamples } from './corpus/yaml.ts';
import { models, openWorkshop } from './workshop.ts';

interface Corpus {
  readonly language: string;
  readonly format: ConfigFormat;
  readonly tools: readonly string[];
  readonly samples: readonly Sample[];
  readonly broken: readonly (Sample & { readonly at: string })[];
  /** How a person writes a comment. */
  readonly comment: string;
}

const corpora: readonly Corpus[] = [
  {
    language: 'JSONC',
    format: jsonc,
    tools: ['opencode', 'claude-code', 'qwen-code', 'zed'],
    samples: jsoncSamples,
    broken: brokenJsonc,
    comment: '// note 99',
  },
  { language: 'TOML', format: toml, tools: ['codex'], samples: tomlSamples, broken: brokenToml, comment: '# note 99' },
  {
    language: 'YAML',
    format: yaml,
    tools: ['continue'],
    samples: yamlSamples,
    broken: brokenYaml,
    comment: '# note 99',
  },
];

const choices = { model: 'claude-sonnet-5', smallModel: 'auto' };

describe.each(corpora)('a corpus of $language', ({ format, tools, samples, broken, comment, language }) => {
  it('has forty configs at least', () => {
    expect(new Set(samples.map(({ text }) => text)).size).toBeGreaterThanOrEqual(40);
  });

  describe.each(tools)('set up for %s', (name) => {
    it.each(samples)('$name: undo gives it back to the byte', async ({ text }) => {
      using workshop = await openWorkshop();
      workshop.write(name, text);
      await workshop.setups.apply(name, { ...choices });
      const applied = workshop.read(name) ?? '';
      expect(applied).not.toBe(text);
      expect(applied).toContain('http://127.0.0.1:8788');
      expect(commentsOf(applied)).toEqual(commentsOf(text));
      expect(lineEndsOf(applied)).toBe(lineEndsOf(text.includes('\n') ? text : applied));
      expect(applied.startsWith('\uFEFF')).toBe(text.startsWith('\uFEFF'));

      await workshop.setups.apply(name, { ...choices });
      expect(workshop.read(name)).toBe(applied);
      const view = (await workshop.setups.list()).find((each) => each.name === name);
      expect(view).toMatchObject({ status: 'configured', canUndo: true, ...choices });

      await workshop.setups.undo(name);
      expect(workshop.read(name)).toBe(text);
    });

    it.each(samples)('$name: what the user adds survives a second set-up and undo', async ({ text }) => {
      using workshop = await openWorkshop();
      workshop.write(name, text);
      await workshop.setups.apply(name, { model: 'auto' });
      const eol = text.includes('\r\n') ? '\r\n' : '\n';
      const applied = workshop.read(name) ?? '';
      workshop.write(
        name,
        applied.replace(/^\uFEFF?/, (mark) => `${mark}${comment}${eol}`),
      );
      workshop.models = models.slice(1);
      workshop.url = 'http://127.0.0.1:9000';
      await workshop.setups.apply(name, {});
      expect(commentsOf(workshop.read(name) ?? '')).toEqual(['note 99', ...commentsOf(text)]);
      workshop.write(name, `${workshop.read(name)}${eol}${comment.replace('99', '100')}${eol}`);
      await workshop.setups.undo(name);
      const left = workshop.read(name) ?? '';
      expect(parseConfig(left, format) ?? {}).toEqual(parseConfig(text, format) ?? {});
      expect(commentsOf(left)).toEqual(['note 99', ...commentsOf(text), 'note 100']);
    });

    it.each(broken)('$name: it is left alone, and told where it is broken', async ({ text, at }) => {
      using workshop = await openWorkshop();
      workshop.write(name, text);
      const failure: unknown = await workshop.setups.apply(name, {}).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'config-broken', message: expect.stringContaining(at) });
      expect(failure).toMatchObject({
        message: expect.stringContaining(`no valid ${language.replace('JSONC', 'JSON')}`),
      });
      expect(String(failure)).not.toContain('secret-value');
      expect(workshop.read(name)).toBe(text);
      const view = (await workshop.setups.list()).find((each) => each.name === name);
      expect(view).toMatchObject({ status: 'broken', canUndo: false });
    });
  });
});

function lineEndsOf(text: string): string {
  return /(?<!\r)\n/.test(text) ? 'lf' : 'crlf';
}
