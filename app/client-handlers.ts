import { homedir } from 'node:os';
import { ClientSetups } from './clients/client-setups.ts';
import { thisMachine } from './clients/machine.ts';
import { runDoctor } from './clients/doctor.ts';
import type { Handlers, ModelView } from './contract.ts';
import type { ControlContract } from './control/control-contract.ts';
import type { HandlerPorts } from './handler-ports.ts';

type ClientQuestion = Extract<keyof ControlContract, `clients.${string}` | 'doctor'>;

/** Answers the questions about other tools. */
export function clientHandlers(
  engine: HandlerPorts,
  models: () => Promise<ModelView[]>,
): Pick<Handlers<ControlContract>, ClientQuestion> {
  const { folder, box, keys, settings, log } = engine.parts;
  const home = engine.env['HOME'] ?? homedir();
  const setups = new ClientSetups({
    machine: thisMachine(engine.env, home),
    folder,
    box,
    keys,
    now: engine.now,
    url: () => urlForTools(engine.status().url, settings.get('port')),
    models: () => models().catch(() => []),
    onProblem: ({ message }) => log.warn('store.problem', { message }),
  });
  return {
    'clients.list': () => setups.list(),
    'clients.preview': ({ name, ...choices }) => setups.preview(name, choices),
    'clients.apply': ({ name, ...choices }) => setups.apply(name, choices),
    'clients.undo': ({ name }) => setups.undo(name),
    doctor: () => runDoctor(engine.doctorPorts()),
  };
}

/** While nothing listens, where it will; an endpoint on all addresses is reached on loopback from here. */
function urlForTools(url: string | null, port: number): string {
  return (url ?? `http://127.0.0.1:${port}`).replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}
