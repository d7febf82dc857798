import * as v from 'valibot';
import type { Contract, Handlers, Reply } from '../contract.ts';
import { CommandError, toCommandError } from './control-contract.ts';

/**
 * Checks a question and its input, and has it answered.
 * @throws CommandError for a question that there is not, or an input that is not its own; and what the handler throws
 */
export async function callHandler<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  question: string,
  input: unknown,
): Promise<unknown> {
  const asked = Object.hasOwn(contract, question) ? contract[question] : undefined;
  if (asked === undefined) {
    throw new CommandError(
      'unknown-question',
      `The running Kiro Pool does not know "${question}".`,
      'It may be of another version: restart it.',
    );
  }
  const checked = v.safeParse(asked.input, input);
  if (!checked.success) {
    const issue = checked.issues[0];
    throw new CommandError('wrong-input', `${v.getDotPath(issue) ?? 'The input'}: ${issue.message}`, 'See --help.');
  }
  return call(handlers, question, checked.output);
}

/** The same, with any failure as a value: how an answer crosses to a screen or another process. Never rejects. */
export async function answer<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  question: string,
  input: unknown,
): Promise<Reply<unknown>> {
  try {
    return { ok: true, result: await callHandler(contract, handlers, question, input) };
  } catch (error) {
    const { code, message, hint } = toCommandError(error);
    return { ok: false, error: { code, message, hint } };
  }
}

/** The schema has just proved that the input is the question's own, which the compiler cannot follow through the name. */
function call<C extends Contract>(handlers: Handlers<C>, question: keyof C, input: unknown): unknown {
  const handler: (input: never) => unknown = handlers[question];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return handler(input as never);
}
