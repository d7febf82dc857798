import type { AddressInfo } from 'node:net';

/** Tells the process that started this one where it listens, as `kiro-pool serve --json` does, and ends when asked to. */
export function announce(address: AddressInfo | string | null): void {
  if (address === null || typeof address === 'string') throw new Error('There is no port');
  const url = `http://127.0.0.1:${address.port}`;
  process.stdout.write(`${JSON.stringify({ event: 'ready', url, pid: process.pid })}\n`);
  process.once('SIGTERM', () => process.exit(0));
  process.once('SIGINT', () => process.exit(0));
}
