/** Numbers as a person types them behind an option. */
import { InvalidArgumentError } from 'commander';

/** @throws InvalidArgumentError for what is no whole number from 1 */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return number;
}

/** @throws InvalidArgumentError for what is no port to listen on */
export function portNumber(text: string): number {
  const port = Number(text);
  if (text.trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('It must be a whole number from 0 (any free one) to 65535.');
  }
  return port;
}

/** @throws InvalidArgumentError for what is no amount of credits */
export function amount(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number) || number < 0) {
    throw new InvalidArgumentError('It must be a number of credits, 0 or more.');
  }
  return number;
}
