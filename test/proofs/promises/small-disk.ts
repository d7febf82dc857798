import { execFile, execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { main, startProgram, type Started } from '../../support/command.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A `serve` whose data folder is on a disk of 2 MiB in memory, which only it and what is started beside it see. */
export interface ServeOnDisk extends Started {
  /** Where this process finds that folder, while it lives. */
  readonly folder: string;
  /** Runs a shell's line where the disk is seen; `$KIRO_POOL_DATA_DIR` is its folder. */
  beside(line: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** A command of ours, where the disk is seen. */
  command(...args: string[]): ReturnType<ServeOnDisk['beside']>;
  /** Ends it as a power cut does, and puts what is on the disk back into the folder that it came from. */
  cutPower(): Promise<void>;
}

/** Whether this user may mount what only a process of its own sees. */
export function canMount(): boolean {
  try {
    execFileSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Moves the folder to a disk of its own, and serves from there. @param before a shell's commands that go before `serve` */
export function serveOnDisk(env: Environment, before = ''): ServeOnDisk {
  const kept = `${env['KIRO_POOL_DATA_DIR']}-kept`;
  mkdirSync(kept, { recursive: true });
  const script =
    'cp -a "$KIRO_POOL_DATA_DIR/." "$1" && mount -t tmpfs -o size=2m,mode=0700 none "$KIRO_POOL_DATA_DIR" && ' +
    `cp -a "$1/." "$KIRO_POOL_DATA_DIR" && ${before} exec "$2" "$3" serve --json --port 0`;
  const all = { ...process.env, ...env };
  const started = startProgram(all, 'unshare', '-rm', 'sh', '-c', script, 'sh', kept, process.execPath, main);
  const pid = String(started.child.pid);
  const folder = `/proc/${pid}/root${env['KIRO_POOL_DATA_DIR']}`;
  const beside: ServeOnDisk['beside'] = async (line) => {
    const namespaces = ['-t', pid, '-U', '-m', '--preserve-credentials', 'sh', '-c', line];
    return promisify(execFile)('nsenter', namespaces, { env: all }).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
        code,
        out: stdout,
        err: stderr,
      }),
    );
  };
  return {
    ...started,
    folder,
    beside,
    command: (...args) => beside([process.execPath, main, ...args].map((each) => `'${each}'`).join(' ')),
    async cutPower() {
      started.child.kill('SIGSTOP');
      execFileSync('cp', ['-a', `${folder}/.`, env['KIRO_POOL_DATA_DIR'] ?? '']);
      started.child.kill('SIGKILL');
      await started.ended;
    },
  };
}

/** Writes until there is no room left. */
export function fill(path: string): void {
  for (let size = 64 * 1024; size >= 1; size = Math.floor(size / 2)) {
    try {
      for (;;) appendFileSync(path, Buffer.alloc(size));
    } catch {
      // Smaller pieces may still fit.
    }
  }
}
