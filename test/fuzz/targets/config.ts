import { ClientError } from '../../../app/clients/client-error.ts';
import { parseConfig } from '../../../app/clients/edit/config-edit.ts';
import type { Random } from '../../emulator/random.ts';
import { documents, type ConfigLanguage } from '../../clients/config-documents.ts';
import { jsoncSamples } from '../../clients/corpus/jsonc.ts';
import { tomlSamples } from '../../clients/corpus/toml.ts';
import { yamlSamples } from '../../clients/corpus/yaml.ts';
import { openWorkshop } from '../../clients/workshop.ts';
import { drawn } from '../drawn.ts';
import { mutate } from '../mutate.ts';
import { mustHold, type Target } from '../target.ts';

/** A tool that has its config in a language, and configs as people have them. */
const editors: Readonly<Record<string, { tool: string; samples: readonly { readonly text: string }[] }>> = {
  JSONC: { tool: 'opencode', samples: jsoncSamples },
  TOML: { tool: 'codex', samples: tomlSamples },
  YAML: { tool: 'continue', samples: yamlSamples },
};

/** Other tools' configs in each of the three languages. */
export const configs: readonly Target[] = documents.map((document) => target(document));

/** What a config may be refused for; the file is then as it was. */
const refusals = new Set(['config-unreadable', 'config-broken', 'config-shape', 'cannot-edit']);

function target({ language, format, texts }: ConfigLanguage): Target {
  const { tool = '', samples = [] } = editors[language] ?? {};
  const seeds = samples.map(({ text }) => Buffer.from(text));
  return {
    name: `config-${language.toLowerCase()}`,
    promise: `A config (of ${tool}) that cannot be set up is refused and left as it is, to the byte; after set-up it parses, and undo gives back every byte.`,
    inputs: 5_000,
    seeds: () => seeds,
    make: (random) => {
      const text = random.next() < 0.5 ? Buffer.from(drawn(texts, random)) : pick(seeds, random);
      return random.next() < 0.2 ? text : mutate(text, pick(seeds, random), random);
    },
    async check(input) {
      using workshop = await openWorkshop();
      // As files are: what is no UTF-8 is refused elsewhere, by the reader of files.
      const text = input.toString('utf8');
      workshop.write(tool, text);
      try {
        await workshop.setups.apply(tool, { model: 'auto' });
      } catch (error) {
        mustHold(workshop.read(tool) === text, 'a config that was refused was written all the same');
        if (error instanceof ClientError && refusals.has(error.code)) return error.code;
        throw error;
      }
      const applied = workshop.read(tool) ?? '';
      mustHold(applied.includes('127.0.0.1:8788'), 'a config that was set up does not name us');
      parseConfig(applied.replace(/^\uFEFF/, ''), format);
      await workshop.setups.undo(tool);
      mustHold((workshop.read(tool) ?? '') === text, 'undo did not give the config back');
      return 'set up, and taken back';
    },
  };
}

function pick(texts: readonly Buffer[], random: Random): Buffer {
  return texts[random.below(texts.length)] ?? Buffer.alloc(0);
}
