import { ask, startRig, type Rig } from './engine.ts';

type Env = Readonly<Record<string, string>>;

/** One account in the pool, one request served; then either the engine serves on, or nobody runs. */
export async function startForm(form: 'serving' | 'idle'): Promise<{ rig: Rig; env: Env } & AsyncDisposable> {
  const rig = await startRig({ now: Date.now });
  rig.now = Date.now();
  await rig.add({ kind: 'social', id: 'mine', email: 'me@example.com' });
  await ask(rig);
  if (form === 'serving') await rig.engine.serve({ host: '127.0.0.1', port: 0, allowLan: false });
  else await rig.engine.close();
  const env = { ...rig.env, KIRO_POOL_DATA_DIR: rig.folder.file('data') };
  return { rig, env, [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose]() };
}
