import { createTransport, type Transport } from '../../app/kiro/transport.ts';
import type { DeviceLoginPorts } from '../../app/auth/device-login.ts';
import { startEmulator, type AccountKind, type AccountSpec, type Emulator } from '../emulator/emulator.ts';
import { noon } from './credentials.ts';

/** The kinds whose tokens rotate, as the emulator is asked for them. */
export const rotatingKinds = [
  'social',
  'builder-id',
  'identity-center',
  'external-idp',
] as const satisfies AccountKind[];

export const specOf = (kind: (typeof rotatingKinds)[number]): AccountSpec =>
  kind === 'identity-center' ? { kind, ssoRegion: 'eu-west-1', apiRegion: 'eu-central-1' } : { kind };

/** The emulator on one clock with us; waiting moves that clock. */
export interface Loopback extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly ports: DeviceLoginPorts;
  /** Called before each wait, with the time waited so far. */
  onWait: (waitedMs: number) => void;
  now: number;
}

export async function loopback(): Promise<Loopback> {
  const started: { now: number; onWait: (waitedMs: number) => void } = { now: noon, onWait: () => {} };
  const emulator = await startEmulator({ now: () => started.now });
  const transport: Transport = createTransport({ userAgent: 'kiro-pool/test' });
  const ports: DeviceLoginPorts = {
    transport,
    endpoints: { ...emulator.endpoints, replaced: true },
    now: () => started.now,
    wait: async (ms, signal) => {
      started.onWait(started.now - noon);
      signal?.throwIfAborted();
      started.now += ms;
    },
  };
  return Object.assign(started, {
    emulator,
    ports,
    [Symbol.asyncDispose]: async () => {
      await transport.close();
      await emulator.close();
    },
  });
}
