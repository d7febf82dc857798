import type { ClientSetups } from './client-setups.ts';
import { ClientError } from './client-error.ts';
import { checkAccounts, type AccountPorts } from './doctor/accounts.ts';
import type { Check } from './doctor/check.ts';
import { checkDataFolder, makePrivate, mendFolder } from './doctor/data-folder.ts';
import { checkDesktop, fixDesktop, type DesktopHands } from './doctor/desktop.ts';
import {
  checkEndpoint,
  keepPort,
  resume,
  sendTest,
  type EndpointPorts,
  type TestedRequest,
} from './doctor/endpoint.ts';
import { checkKeyStore, type KeyStoreStrength } from './doctor/key-store.ts';
import { checkKiroCli, importAgain, type ForeignLogin } from './doctor/kiro-cli.ts';
import { checkNetwork, clearProxy, type NetworkPorts } from './doctor/network.ts';
import { checkTools, toolOfAction } from './doctor/tools.ts';

export type { Check } from './doctor/check.ts';

/** What the doctor looks at, as it is now. */
export interface DoctorPorts
  extends AccountPorts, Omit<EndpointPorts, 'tested' | 'isPaused'>, Pick<NetworkPorts, 'now' | 'remoteTime'> {
  readonly secretBox: KeyStoreStrength;
  /** Files that were set aside, settings that are not in force. */
  readonly problems: readonly string[];
}

/** What else it looks at, and what it may do. */
export interface DoctorHands extends Pick<NetworkPorts, 'env' | 'canConnect'> {
  readonly ports: () => DoctorPorts;
  readonly setups: ClientSetups;
  /** Absolute path of the data folder. */
  readonly folder: string;
  readonly settings: () => { readonly proxyUrl: string | undefined; readonly port: number; readonly isPaused: boolean };
  readonly set: (setting: 'proxyUrl' | 'port' | 'paused', value: unknown) => Promise<void>;
  readonly foreignLogins: () => Promise<readonly ForeignLogin[]>;
  readonly importFromKiroCli: () => Promise<unknown>;
  /** One real request through the endpoint. It costs credits. */
  readonly sendTest: (url: string) => Promise<TestedRequest>;
  readonly desktop: DesktopHands | undefined;
}

/** Looks at everything that has to work, says in words what does not and what to do about it, and does what it can. */
export class Doctor {
  readonly #hands: DoctorHands;
  #tested: TestedRequest | undefined;

  constructor(hands: DoctorHands) {
    this.#hands = hands;
  }

  /** Changes nothing, and spends nothing. */
  async examine(): Promise<Check[]> {
    const { setups, folder, settings, desktop, env, canConnect } = this.#hands;
    const ports = this.#hands.ports();
    const { proxyUrl, port, isPaused } = settings();
    const endpoint = { ...ports, takenPort: stillTaken(ports, port), isPaused, tested: this.#tested };
    const [accounts, logins, served, network, tools, shell] = await Promise.all([
      checkAccounts(ports),
      this.#hands.foreignLogins(),
      checkEndpoint(endpoint),
      checkNetwork({ ...ports, env, canConnect, proxyUrl }),
      checkTools(setups),
      desktop === undefined ? Promise.resolve([]) : checkDesktop(desktop),
    ]);
    return [
      ...accounts,
      ...checkKiroCli(logins, ports.accounts()),
      checkKeyStore(ports.secretBox),
      ...checkDataFolder(folder, ports.problems),
      ...served,
      ...network,
      ...tools,
      ...shell,
    ];
  }

  /** Does what a check proposed, and looks again. @throws ClientError `unknown-action`, and what the doing throws */
  async fix(action: string): Promise<Check[]> {
    const { setups, folder, set, importFromKiroCli, desktop } = this.#hands;
    const { url } = this.#hands.ports();
    const tool = toolOfAction(action);
    if (tool !== undefined) await setups.applyAgain(tool);
    else if (action === mendFolder) makePrivate(folder);
    else if (action === importAgain) await importFromKiroCli();
    else if (action === clearProxy) await set('proxyUrl', undefined);
    else if (action === resume) await set('paused', false);
    else if (action === keepPort && url !== undefined) await set('port', Number(new URL(url).port));
    else if (action === sendTest && url !== undefined) this.#tested = await this.#hands.sendTest(url);
    else if (!(await fixDesktop(action, desktop))) throw unknownAction(action);
    return this.examine();
  }
}

/** Whoever has settled for the port that is listened on wants no other. */
function stillTaken({ url, takenPort }: DoctorPorts, wanted: number): number | null {
  return url !== undefined && Number(new URL(url).port) === wanted ? null : takenPort;
}

function unknownAction(action: string): ClientError {
  return new ClientError(
    'unknown-action',
    `There is nothing to do that is named ${JSON.stringify(action.slice(0, 60))}.`,
    'See what kiro-pool doctor proposes now.',
  );
}
