import { AuthError } from './auth-error.ts';
import { columns, rows, Screen } from './hand-off-screen.ts';
import { environmentFor, killTree, type KiroCliProgram } from './kiro-cli-program.ts';

/** A program in a terminal of its own. To dispose of it ends the program and what it started. */
export interface Terminal extends AsyncDisposable {
  readonly pid: number;
  readonly screen: Screen;
  readonly exitCode: number | undefined;
  press(keys: string): void;
  /** Resolves at the next output or at the end of the program. */
  changed(): Promise<void>;
}

/**
 * Starts kiro-cli in a pseudo-terminal, without which it does not sign in (protocol §1.4). The package is loaded only here,
 * so that nothing else depends on there being a binary of it for this machine.
 * @throws AuthError `not-found` when there is none, or when the program cannot be started
 */
export async function openTerminal(program: KiroCliProgram, command: readonly string[]): Promise<Terminal> {
  const { spawn } = await import('@lydell/node-pty').catch((cause: unknown) => {
    throw new AuthError(
      'not-found',
      'There is no terminal for this machine in Kiro Pool.',
      'Use the sign-in inside the app, or sign in with kiro-cli in a terminal and sync from it.',
      { cause },
    );
  });
  const environment = { ...environmentFor(program), TERM: 'xterm-256color' };
  const pty = start(() =>
    spawn(program.file, [...(program.leading ?? []), ...command], {
      name: 'xterm-256color',
      cols: columns,
      rows,
      env: environment,
    }),
  );
  const screen = new Screen();
  const ended = Promise.withResolvers<void>();
  let news = Promise.withResolvers<void>();
  let exitCode: number | undefined;
  const tell = (): void => {
    news.resolve();
    news = Promise.withResolvers();
  };
  pty.onData((text) => {
    screen.write(text);
    tell();
  });
  pty.onExit((exit) => {
    exitCode = exit.signal === undefined || exit.signal === 0 ? exit.exitCode : 128 + exit.signal;
    ended.resolve();
    tell();
  });
  return {
    pid: pty.pid,
    screen,
    get exitCode() {
      return exitCode;
    },
    press: (keys) => pty.write(keys),
    changed: () => (exitCode === undefined ? news.promise : Promise.resolve()),
    async [Symbol.asyncDispose]() {
      if (exitCode !== undefined) return;
      // As a terminal does that is closed; whoever does not hear it is ended. On Windows this ends the whole console.
      if (process.platform === 'win32') pty.kill();
      else killTree(pty.pid, 'SIGHUP');
      const kill = setTimeout(() => killTree(pty.pid, 'SIGKILL'), graceMs);
      await ended.promise;
      clearTimeout(kill);
    },
  };
}

const graceMs = 1500;

function start<T>(spawn: () => T): T {
  try {
    return spawn();
  } catch (cause) {
    throw new AuthError('not-found', 'kiro-cli could not be started.', 'Install it again, or sign in without it.', {
      cause,
    });
  }
}
