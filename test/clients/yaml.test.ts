import { setImmediate as others } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { parseConfig } from '../../app/clients/edit/config-edit.ts';
import { yaml } from '../../app/clients/edit/yaml.ts';

it('nothing of a config in YAML gets into warnings of the process, which end up on a terminal', async () => {
  const warnings: string[] = [];
  const note = ({ message }: Error): number => warnings.push(message);
  process.on('warning', note);
  parseConfig('? { token: secret }\n: 1\n', yaml);
  await others();
  process.off('warning', note);
  expect(warnings).toEqual([]);
});
