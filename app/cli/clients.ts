import { Argument, type Command } from 'commander';
import { keyVariable, openCodeConfig } from '../clients/opencode.ts';
import type { CommonOptions, Io } from './io.ts';
import { common, report } from './command.ts';
import { withEngine } from './session.ts';

/** `kiro-pool clients …` */
export function addClientCommands(program: Command, io: Io): void {
  const clients = program.command('clients').description('how to use Kiro Pool in other tools').exitOverride();
  common(clients.command('show'))
    .addArgument(new Argument('<name>', 'the tool').choices(['opencode']))
    .description('print what the tool needs in its config')
    .action((_name: string, options: CommonOptions) => showOpenCode(io, options));
}

async function showOpenCode(io: Io, options: CommonOptions): Promise<void> {
  const { url, models } = await withEngine(io, options, async (ask) => {
    const { url } = await ask('status', {});
    const port = (await ask('settings.list', {})).find(({ key }) => key === 'port')?.value;
    return { url: url ?? `http://127.0.0.1:${String(port)}`, models: await ask('models', {}) };
  });
  const config = openCodeConfig({ url, models });
  report(io, options, config, () => {
    const where = 'Put this into opencode.json in your project, or into ~/.config/opencode/opencode.json,\n';
    const how = `and start OpenCode with the key in its environment:\n\n  ${keyVariable}="$(kiro-pool key show)" opencode\n`;
    return `${JSON.stringify(config, undefined, 2)}\n\n${where}${how}`;
  });
}
