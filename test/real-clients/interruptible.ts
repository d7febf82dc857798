import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until, type ServingOptions } from '../proxy/serving.ts';
import { startClient, type RealClient } from './real-client.ts';

/** A real client that a test can interrupt, as its user does with Ctrl+C. */
export interface InterruptibleClient extends RealClient {
  /** Asks the one that runs to end. */
  interrupt(): Promise<void>;
}

/** Tells its process id in the user's folder, and becomes the program. */
const becomeProgram = 'echo $$ > "$HOME/pid"; exec "$0" "$@"';

/** As `startClient`, for POSIX. */
export async function startInterruptible(
  program: string,
  env: Readonly<Record<string, string>>,
  options: ServingOptions = {},
): Promise<InterruptibleClient> {
  const client = await startClient('/bin/sh', env, options);
  return {
    ...client,
    run: (args) => client.run(['-c', becomeProgram, program, ...args]),
    interrupt: async () => {
      process.kill(Number(await readFile(join(client.home, 'pid'), 'utf8')), 'SIGINT');
    },
  };
}

/**
 * Interrupts a client in the middle of a long answer, and waits until it has ended.
 * @param args for it, with a prompt
 * @throws when Kiro's answer went on without it
 */
export async function interruptAnswer(
  client: InterruptibleClient,
  args: (prompt: string) => readonly string[],
): Promise<void> {
  const running = client.run(args('Stream 20000 fragments'));
  const streamed = () => client.serving.turns().find(({ events }) => events > 20);
  await until(() => streamed() !== undefined, 'the answer is on its way', 60_000);
  await client.interrupt();
  await running;
  await until(() => streamed()?.aborted === true, 'the upstream call was aborted');
}
