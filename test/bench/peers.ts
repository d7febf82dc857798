/**
 * What other programs of this kind measured, so that ours stands beside them. Taken on 2026-11-23 with one stand-in for Kiro, one load
 * generator and every program in turn, four rounds, on another machine of two shared cores: medians. As figures of two machines cannot
 * be compared, each has the pass-through of its own run beside it. `paired` is the median of the rounds' ratios to it, where those
 * were kept; elsewhere the ratio is that of the medians. CPU is in µs an event, memory in MB or kB, times are in ms.
 */

export const peersMeasuredOn = '2026-11-23';

export interface PeerFigure {
  /** The figure of ours that it stands beside. */
  readonly id: string;
  /** Where it is not quite that figure: what it is. */
  readonly title?: string;
  /** The pass-through of that run. */
  readonly yard?: number;
  readonly values?: Readonly<Record<string, number>>;
  readonly paired?: Readonly<Record<string, number>>;
}

export const peerFigures: readonly PeerFigure[] = [
  {
    id: 'idleMb',
    yard: 61,
    values: {
      'kiro.rs': 9,
      kirogo: 8,
      kiro2api: 14,
      'opencode-kiro-auth': 47,
      'kiro-provider': 62,
      'kiro-gateway': 118,
      'the Electron peer': 184,
    },
  },
  {
    id: 'kb1000',
    yard: 47,
    values: { 'kiro.rs': 47, kirogo: 81, kiro2api: 66, 'opencode-kiro-auth': 21, 'kiro-gateway': 606 },
  },
  {
    id: 'firstMs',
    paired: { 'kiro.rs': 2.1, kirogo: 1.18, kiro2api: 1, 'kiro-gateway': 10.6, 'the Electron peer': 9.7 },
  },
  {
    id: 'firstAdded',
    yard: 0.35,
    values: {
      'kiro.rs': 2.8,
      kirogo: 0.54,
      kiro2api: 0.36,
      'opencode-kiro-auth': 0.54,
      'kiro-provider': 4.9,
      'kiro-gateway': 11,
      'the Electron peer': 9.1,
    },
  },
  {
    id: 'floodCpu',
    yard: 2.3,
    values: {
      'kiro.rs': 6.7,
      kirogo: 10.4,
      kiro2api: 18.5,
      'opencode-kiro-auth': 138,
      'kiro-provider': 60,
      'kiro-gateway': 84,
      'the Electron peer': 50,
    },
    paired: { 'kiro.rs': 2.9, kirogo: 4.4, kiro2api: 7.7, 'kiro-gateway': 38, 'the Electron peer': 22 },
  },
  {
    id: 'floodRate',
    yard: 403_000,
    values: {
      'kiro.rs': 141_000,
      kirogo: 93_000,
      kiro2api: 52_000,
      'opencode-kiro-auth': 6_700,
      'kiro-provider': 16_000,
      'kiro-gateway': 11_000,
      'the Electron peer': 19_000,
    },
    paired: { 'kiro.rs': 0.36, kirogo: 0.24, kiro2api: 0.14, 'kiro-gateway': 0.03, 'the Electron peer': 0.05 },
  },
  {
    id: 'pacedCpu',
    yard: 58.7,
    values: {
      'kiro.rs': 36.9,
      kirogo: 57.2,
      kiro2api: 65.7,
      'opencode-kiro-auth': 60.8,
      'kiro-provider': 686,
      'kiro-gateway': 223,
      'the Electron peer': 151,
    },
    paired: { 'kiro.rs': 0.64, kirogo: 0.97, kiro2api: 1.18, 'kiro-gateway': 3.95, 'the Electron peer': 2.51 },
  },
  {
    id: 'pacedP50',
    yard: 0.04,
    values: {
      'kiro.rs': 0.02,
      kirogo: 0.05,
      kiro2api: 0.05,
      'opencode-kiro-auth': 0.1,
      'kiro-provider': 0.69,
      'kiro-gateway': 25,
      'the Electron peer': 0.31,
    },
    paired: { 'kiro.rs': 0.88, kirogo: 1, kiro2api: 1.17, 'kiro-gateway': 125, 'the Electron peer': 2.2 },
  },
  {
    id: 'pacedP99',
    yard: 3.1,
    values: {
      'kiro.rs': 1.3,
      kirogo: 1.1,
      kiro2api: 1.1,
      'opencode-kiro-auth': 1.6,
      'kiro-provider': 1.5,
      'kiro-gateway': 458,
      'the Electron peer': 31,
    },
  },
  {
    id: 'request 5 turns',
    yard: 0.04,
    values: {
      'kiro.rs': 2.6,
      kirogo: 3.1,
      kiro2api: 2.7,
      'opencode-kiro-auth': 1,
      'kiro-provider': 5.7,
      'kiro-gateway': 16,
      'the Electron peer': 4.3,
    },
  },
  {
    id: 'request 200 turns',
    yard: 0.4,
    values: {
      'kiro.rs': 6.7,
      kirogo: 8,
      kiro2api: 7,
      'opencode-kiro-auth': 5.9,
      'kiro-provider': 37,
      'kiro-gateway': 26,
      'the Electron peer': 12,
    },
  },
  {
    id: 'request 200 turns',
    title: 'request path, 200 turns: whole time to the first token',
    paired: { 'kiro.rs': 8.5, kirogo: 12, kiro2api: 9.2, 'kiro-gateway': 33, 'the Electron peer': 15 },
  },
  {
    id: 'request 1 MB',
    yard: 1.5,
    values: {
      'kiro.rs': 15,
      kirogo: 17,
      kiro2api: 17,
      'opencode-kiro-auth': 8.5,
      'kiro-provider': 29,
      'kiro-gateway': 43,
      'the Electron peer': 32,
    },
  },
  {
    id: 'request 5 MB',
    yard: 4.9,
    values: {
      'kiro.rs': 39,
      kirogo: 76,
      kiro2api: 58,
      'opencode-kiro-auth': 34,
      'kiro-provider': 95,
      'kiro-gateway': 81,
      'the Electron peer': 114,
    },
  },
  {
    id: 'pauseP99',
    yard: 3.8,
    values: {
      'kiro.rs': 66,
      kirogo: 114,
      kiro2api: 81,
      'opencode-kiro-auth': 65,
      CLIProxyAPIPlus: 250,
      'the Electron peer': 1765,
    },
  },
];
