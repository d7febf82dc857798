import { connect } from 'node:net';
import { homedir } from 'node:os';
import { ClientSetups } from './clients/client-setups.ts';
import { Doctor } from './clients/doctor.ts';
import { thisMachine } from './clients/machine.ts';
import type { Handlers, ModelView } from './contract.ts';
import type { ControlContract } from './control/control-contract.ts';
import type { HandlerPorts } from './handler-ports.ts';
import { previewReport } from './report-handler.ts';
import { sendTestRequest } from './test-request.ts';

type ClientQuestion = Extract<
  keyof ControlContract,
  `clients.${string}` | 'doctor' | `doctor.${string}` | 'report.preview'
>;

/** What is asked of the other answers. */
export interface ClientHandlerPorts extends Pick<Handlers<ControlContract>, 'sources.find' | 'accounts.import'> {
  readonly models: () => Promise<ModelView[]>;
}

/** Answers the questions about other tools, and about what does not work. */
export function clientHandlers(
  engine: HandlerPorts,
  others: ClientHandlerPorts,
): Pick<Handlers<ControlContract>, ClientQuestion> {
  const setups = setupsOf(engine, others);
  const doctor = doctorOf(engine, others, setups);
  return {
    'clients.list': () => setups.list(),
    'clients.preview': ({ name, ...choices }) => setups.preview(name, choices),
    'clients.apply': ({ name, ...choices }) => setups.apply(name, choices),
    'clients.undo': ({ name }) => setups.undo(name),
    doctor: () => doctor.examine(),
    'doctor.fix': ({ action }) => doctor.fix(action),
    'report.preview': () => previewReport(engine, { doctor, setups }),
  };
}

function setupsOf(engine: HandlerPorts, { models }: ClientHandlerPorts): ClientSetups {
  const { folder, box, keys, settings, log } = engine.parts;
  return new ClientSetups({
    machine: thisMachine(engine.env, engine.env['HOME'] ?? homedir()),
    folder,
    box,
    keys,
    now: engine.now,
    url: () => urlForTools(engine.status().url, settings.get('port')),
    models: () => models().catch(() => []),
    onProblem: ({ message }) => log.warn('store.problem', { message }),
  });
}

function doctorOf(engine: HandlerPorts, others: ClientHandlerPorts, setups: ClientSetups): Doctor {
  const { folder, settings } = engine.parts;
  return new Doctor({
    ports: () => engine.doctorPorts(),
    setups,
    env: engine.env,
    canConnect,
    folder: folder.path,
    settings: () => ({
      proxyUrl: settings.get('proxyUrl'),
      port: settings.get('port'),
      isPaused: settings.get('paused'),
    }),
    set: (setting, value) => settings.set(setting, value),
    foreignLogins: async () => (await others['sources.find']({})).logins,
    importFromKiroCli: async () => others['accounts.import']({ from: 'kiro-cli' }),
    sendTest: (url) => sendTestRequest(urlForTools(url, settings.get('port')), engine.parts, engine.now),
    desktop: engine.desktop,
  });
}

/** While nothing listens, where it will; an endpoint on all addresses is reached on loopback from here. */
function urlForTools(url: string | null, port: number): string {
  return (url ?? `http://127.0.0.1:${port}`).replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

/** A proxy that takes longer to take a connection is as good as dead, in ms. */
const connectMs = 2_000;

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: connectMs });
    const settle = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => settle(true));
    socket.once('timeout', () => settle(false));
    socket.once('error', () => settle(false));
  });
}
