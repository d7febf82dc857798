import { accountHandlers } from './account-handlers.ts';
import { backupHandlers } from './backup-handlers.ts';
import { clientHandlers } from './client-handlers.ts';
import type { Handlers, ModelView, Output, contract } from './contract.ts';
import { CommandError, type ControlContract } from './control/control-contract.ts';
import type { HandlerPorts } from './handler-ports.ts';
import { strategyChoices } from './pool/strategy.ts';
import { sourceHandlers } from './source-handlers.ts';
import type { ListedSetting } from './store/settings-file.ts';
import { usageReport } from './usage-report.ts';

/** Answers every question of the contract with the engine's parts. */
export function createHandlers(engine: HandlerPorts): Handlers<ControlContract> {
  const { pool, keys, settings, history } = engine.parts;
  const models = async (): Promise<ModelView[]> =>
    (await pool.models()).map(({ id, name, contextTokens, maxOutputTokens, inputTypes, efforts }) => ({
      id,
      name,
      contextTokens: contextTokens ?? null,
      maxOutputTokens: maxOutputTokens ?? null,
      inputTypes: [...inputTypes],
      efforts: [...efforts],
    }));
  const accounts = accountHandlers(engine);
  const sources = sourceHandlers(engine);
  return {
    status: () => engine.status(),
    ...accounts,
    ...sources,
    ...backupHandlers(engine),
    ...clientHandlers(engine, { ...accounts, ...sources, models }),
    strategy: async ({ name }) => {
      if (name !== undefined) await settings.set('strategy', name);
      return { strategy: settings.get('strategy'), choices: strategyChoices() };
    },
    usage: ({ days }) => {
      history.flush();
      return usageReport(pool.summaries(), history, { days, now: engine.now() });
    },
    'usage.chart': ({ range }) => history.chart(range, engine.now()),
    requests: ({ last }) => {
      history.flush();
      return history.recent(last);
    },
    models,
    'keys.list': () => keys.list().map(({ name, createdAt }) => ({ name, createdAt })),
    'keys.show': async ({ name }) => ({ name, key: await keys.show(name) }),
    'keys.create': async ({ name }) => ({ name, key: await keys.create(name) }),
    'keys.revoke': async ({ name }) => {
      await keys.revoke(name);
      return {};
    },
    'settings.list': () => settings.list().map(withNulls),
    'settings.set': async ({ key, value }) => {
      await settings.setText(key, value);
      const setting = settings.list().find((each) => each.key === key);
      if (!setting) throw new CommandError('unknown-setting', `There is no setting ${key}.`, 'See: settings list');
      return withNulls(setting);
    },
    'ui.link': () => ({ url: engine.uiLink() }),
    'endpoint.pause': async ({ isPaused }) => {
      await settings.set('paused', isPaused);
      return {};
    },
  };
}

/** JSON has no undefined: a member that is not set would be missing on the other side of the socket. */
function withNulls({ value, default: initial, ...rest }: ListedSetting): Output<typeof contract, 'settings.set'> {
  return { ...rest, value: value ?? null, default: initial ?? null };
}
