import { TurnError } from '../../app/conversation/turn-error.ts';

/** The error that a body is refused with. @throws when it is taken, or fails otherwise */
export function refusalOf(parse: (body: unknown) => unknown, body: unknown): TurnError {
  try {
    parse(body);
  } catch (error) {
    if (error instanceof TurnError) return error;
    throw error;
  }
  throw new Error('the request was taken');
}
