/**
 * A tool could not be set up, or what was set up could not be taken back. The config file is then as it was. Messages hold no
 * value of a config.
 *
 * - `unknown-client`: there is no tool of that name here.
 * - `config-unreadable`: the file may not be read, or is no UTF-8 text.
 * - `config-broken`: the file is no valid JSON, TOML or YAML; the message has line and column.
 * - `config-shape`: the file is valid, but has something else where the setting belongs.
 * - `cannot-edit`: the file is valid, but written in a way that we cannot change without a doubt.
 * - `config-changed`: another program wrote the file at the same moment.
 * - `write-failed`: the disk said no.
 * - `nothing-to-undo`, `record-tampered`: there is no record of what was written, or not one that we wrote.
 * - `unknown-action`: the doctor proposes no such thing.
 * - `no-models`: no account has told which models there are; `unknown-model`: none of them has that name.
 */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly code: ClientErrorCode;
  /** What the user can do, one sentence. */
  readonly hint: string;

  constructor(code: ClientErrorCode, message: string, hint: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

export type ClientErrorCode =
  | 'unknown-client'
  | 'config-unreadable'
  | 'config-broken'
  | 'config-shape'
  | 'cannot-edit'
  | 'config-changed'
  | 'write-failed'
  | 'nothing-to-undo'
  | 'record-tampered'
  | 'no-models'
  | 'unknown-model'
  | 'unknown-action';
