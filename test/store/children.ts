import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Runs a script with Node's own type stripping, without vitest's loader. */
export function startChild(script: URL, ...args: string[]): ChildProcess & Disposable {
  const child = fork(script, args, {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return Object.assign(child, { [Symbol.dispose]: () => void child.kill('SIGKILL') });
}

/** The same where no file may grow beyond 4 blocks (2 to 4 kB): a write then comes back short, as on a full disk. */
export function startWithFileLimit(script: URL, ...args: string[]): ChildProcess & Disposable {
  const path = fileURLToPath(script);
  const command = ['-c', 'ulimit -f 4; exec "$0" "$@"', process.execPath, path, ...args];
  const child = spawn('sh', command, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return Object.assign(child, { [Symbol.dispose]: () => void child.kill('SIGKILL') });
}

/** The next message of a child. */
export async function messageOf(child: ChildProcess): Promise<unknown> {
  const [message]: unknown[] = await once(child, 'message');
  return message;
}

/** Ends a child as a power cut or the OOM killer would, and waits until it is gone. */
export async function killNow(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
