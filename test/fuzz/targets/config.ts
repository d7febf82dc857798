import { ClientError } from '../../../app/clients/client-error.ts';
import { parseConfig, type ConfigFormat } from '../../../app/clients/edit/config-edit.ts';
import { jsonc } from '../../../app/clients/edit/jsonc.ts';
import { toml } from '../../../app/clients/edit/toml.ts';
import { yaml } from '../../../app/clients/edit/yaml.ts';
import { jsoncSamples } from '../../clients/corpus/jsonc.ts';
import { tomlSamples } from '../../clients/corpus/toml.ts';
import { yamlSamples } from '../../clients/corpus/yaml.ts';
import { openWorkshop } from '../../clients/workshop.ts';
import { mustHold, type Target } from '../target.ts';

interface Editor {
  readonly tool: string;
  readonly format: ConfigFormat;
  readonly samples: readonly { readonly text: string }[];
}

/** Other tools' configs in each of the three formats, and a tool that has it. */
export const configs: readonly Target[] = [
  target('config-jsonc', { tool: 'opencode', format: jsonc, samples: jsoncSamples }),
  target('config-toml', { tool: 'codex', format: toml, samples: tomlSamples }),
  target('config-yaml', { tool: 'continue', format: yaml, samples: yamlSamples }),
];

/** What a config may be refused for; the file is then as it was. */
const refusals = new Set(['config-unreadable', 'config-broken', 'config-shape', 'cannot-edit']);

function target(name: string, { tool, format, samples }: Editor): Target {
  return {
    name,
    promise: `A config (of ${tool}) that cannot be set up is refused and left as it is, to the byte; after set-up it parses, and undo gives back every byte.`,
    inputs: 5_000,
    seeds: () => samples.map(({ text }) => Buffer.from(text)),
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
