import { availableParallelism } from 'node:os';

/** What a measurement ran on. */
export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  readonly cpus: number;
}

export function machine(): Machine {
  const { version, platform, arch } = process;
  return { node: version, platform, arch, cpus: availableParallelism() };
}

/** In words, for a page. */
export function machineText({ node, platform, cpus }: Machine): string {
  const names: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };
  return `${cpus} shared cores, Node ${node.slice(1).split('.').slice(0, 2).join('.')} on ${names[platform] ?? platform}`;
}
