import { request } from 'node:http';
import * as v from 'valibot';
import type { Input, Output } from '../contract.ts';
import {
  checkedAnswer,
  CommandError,
  notUnderstood,
  replySchema,
  type ControlContract,
  type Question,
} from './control-contract.ts';

/** Asks the process that owns the data folder. @throws CommandError its error, or that it does not answer */
export async function askOwner<Q extends Question>(
  owner: { readonly socket: string; readonly token: string },
  question: Q,
  input: Input<ControlContract, Q>,
): Promise<Output<ControlContract, Q>> {
  const reply = v.safeParse(v.pipe(v.string(), v.parseJson(), replySchema), await post(owner, question, input));
  if (!reply.success) throw notUnderstood();
  if (!reply.output.ok) {
    const { code, message, hint } = reply.output.error;
    throw new CommandError(code, message, hint);
  }
  return checkedAnswer(question, reply.output.result);
}

function post(owner: { socket: string; token: string }, question: string, input: unknown): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        socketPath: owner.socket,
        path: `/${question}`,
        method: 'POST',
        headers: { 'x-kiro-pool-token': owner.token, 'content-type': 'application/json' },
      },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () => resolve(Buffer.concat(pieces).toString('utf8')));
        response.on('error', reject);
      },
    );
    outgoing.on('error', (cause) => {
      // Nobody took the question: whoever wrote down this socket is dead or about to be, and its process number may be
      // another program's by now.
      const isGone = 'syscall' in cause && cause.syscall === 'connect';
      const code = isGone ? 'owner-gone' : 'owner-silent';
      reject(new CommandError(code, 'The running Kiro Pool does not answer.', 'Stop it, then try again.', { cause }));
    });
    outgoing.end(JSON.stringify(input));
  });
}
