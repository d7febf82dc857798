/** One line of the product made wrong, and the rows of the table that must turn red then. */
export interface Breakage {
  /** What the product does wrong with it. */
  readonly what: string;
  /** Below `app/`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
  /** The rows, by their faults. */
  readonly reds: RegExp;
}

/** Together they turn every row of the engine red at least once. */
export const breakages: readonly Breakage[] = [
  {
    what: 'an answer that breaks passes for a whole one',
    file: 'kiro/turn-client.ts',
    from: `    if (!(cause instanceof TransportError)) throw cause;
    throw new KiroError('broken-stream', "The connection`,
    to: `    if (!(cause instanceof TransportError)) throw cause;
    await take(reader.end());
    return true;
    throw new KiroError('broken-stream', "The connection`,
    reds: /after two words: a (?:reset|FIN where)|stalls after two words|in the middle of an answer, whose/,
  },
  {
    what: 'an answer that breaks off is told as a failure before it',
    file: 'pool/explain.ts',
    from: "new TurnError('broken-stream', `Kiro's answer",
    to: "new TurnError('upstream-failed', `Kiro's answer",
    reds: /after two words/,
  },
  {
    what: 'a frame that claims any length is waited for',
    file: 'kiro/event-stream.ts',
    from: 'if (length < overhead || length > maxFrame) throw',
    to: 'if (length > maxFrame) return 16;\n  if (length < overhead) throw',
    reds: /after two words: (?:a frame that announces|garbage)/,
  },
  {
    what: 'checksums are not looked at',
    file: 'kiro/event-stream.ts',
    from: 'if (bytes.readUInt32BE(offset + 8) !== crc32(',
    to: 'if (bytes.length < 0 && bytes.readUInt32BE(offset + 8) !== crc32(',
    reds: /after two words: a wrong checksum of a prelude/,
  },
  {
    what: 'checksums of messages are not looked at',
    file: 'kiro/event-stream.ts',
    from: 'if (frame.readUInt32BE(length - 4) !== crc32(',
    to: 'if (length < 0 && frame.readUInt32BE(length - 4) !== crc32(',
    reds: /after two words: a wrong checksum of a message/,
  },
  {
    what: 'what failed before its first word is not asked for again',
    file: 'pool/turn-run.ts',
    from: 'const maxRetries = 2;',
    to: 'const maxRetries = 0;',
    reds: /before the first word|before its head|no HTTP|without end|web page|gzip|before the head of its answer/,
  },
  {
    what: 'what is left of a piece behind its last whole frame is forgotten',
    file: 'kiro/event-stream.ts',
    from: 'if (offset < bytes.length) this.#hold(bytes.subarray(offset));',
    to: '',
    reds: /byte by byte/,
  },
  {
    what: 'an answer without the events that close it counts as broken',
    file: 'kiro/turn-reader.ts',
    from: '    const reason = this.#endReason();',
    to: "    if (this.#stopReason === undefined) throw new KiroError('broken-stream', 'no end');\n    const reason = this.#endReason();",
    reds: /a FIN after the last word/,
  },
  {
    what: 'silence is borne for ever',
    file: 'kiro/transport.ts',
    from: 'const silenceMs = 300_000;',
    to: 'const silenceMs = 0;',
    reds: /Kiro stalls (?:before|after)/,
  },
  {
    what: 'a client that leaves goes unnoticed',
    file: 'proxy/exchange.ts',
    from: 'if (!response.writableFinished) this.#abort.abort(new ClientGone());',
    to: '',
    reds: /and the client leaves meanwhile|all leave at once|its side of the connection|a client stops reading/,
  },
  {
    what: 'a client that does not read is written to all the same',
    file: 'proxy/event-writer.ts',
    from: 'return this.#response.write(text) ? undefined : this.#drained();',
    to: 'return this.#response.write(text) || this.#drained ? undefined : undefined;',
    reds: /a client stops reading/,
  },
  {
    what: 'a network that is down counts as an answer that is no good',
    file: 'pool/explain.ts',
    from: "case 'network':\n      return new TurnError(\n        'upstream-unreachable',",
    to: "case 'network':\n      return new TurnError(\n        'upstream-failed',",
    reds: /cannot be looked up|refuses connections|speak TLS|certificate|HTTPS_PROXY/,
  },
  {
    what: 'any certificate will do',
    file: 'kiro/transport.ts',
    from: "getCACertificates('system')] }\n      : undefined;",
    to: "getCACertificates('system')] }\n      : { rejectUnauthorized: false };",
    reds: /certificate that nobody vouches for/,
  },
  {
    what: "a proxy's refusal is told as the host's",
    file: 'kiro/transport.ts',
    from: 'if (ofProxy) return',
    to: 'if (ofProxy === host) return',
    reds: /HTTPS_PROXY/,
  },
  {
    what: 'two renewals of one login run at once',
    file: 'auth/login-keeper.ts',
    from: 'if (keep.flight !== undefined) return keep.flight;',
    to: '',
    reds: /that twenty answers are asked for with/,
  },
  {
    what: 'a renewed token that is refused is renewed again',
    file: 'pool/kiro-link.ts',
    from: 'if (this.#onTrial.get(id) === bearerOf(credential)) throw error;',
    to: '',
    reds: /every call of one account with 401/,
  },
  {
    what: 'a login that Kiro refuses is used on',
    file: 'pool/verdict.ts',
    from: "event: { type: 'login-rejected', message: `Kiro refuses this login: ${error.message}` },",
    to: 'event: undefined,',
    reds: /with 401/,
  },
  {
    what: 'what waited for its turn is sent whatever has happened meanwhile',
    file: 'pool/turn-run.ts',
    from: 'if (!this.#ports.canServe(account.id)) {',
    to: 'if (!this.#ports.isKnown(account.id)) {',
    reds: /Kiro locks an account/,
  },
  {
    what: 'a login that cannot be renewed now counts as dead',
    file: 'auth/login-keeper.ts',
    from: "if (isAuthError(error, 'rejected')) await this.#reject(id, keep, hash, error);",
    to: 'if (error instanceof AuthError) await this.#reject(id, keep, hash, error);',
    reds: /the sign-in service is down/,
  },
  {
    what: 'a token is renewed for every request',
    file: 'auth/login-keeper.ts',
    from: 'return expiresAt - this.#ports.now() > Math.min(aheadMs, lifeMs / 2);',
    to: 'return expiresAt - this.#ports.now() > Math.max(Infinity, lifeMs);',
    reds: /the clock jumps two hours|in the middle of an answer, whose/,
  },
  {
    what: 'a cooldown does not end by itself',
    file: 'pool/account-state.ts',
    from: "(state.name === 'cooling' || state.name === 'exhausted') && state.until <= now;",
    to: "state.name === 'exhausted' && state.until <= now;",
    reds: /while an account cools down and tokens end/,
  },
  {
    what: 'a client is told to come back in ten hours',
    file: 'conversation/retry-after.ts',
    from: 'const LONGEST_SECONDS = 3_600;',
    to: 'const LONGEST_SECONDS = 36_000;',
    reds: /jumps back two hours while/,
  },
  {
    what: 'only the wanted port will do',
    file: 'proxy/server.ts',
    from: 'candidate >= Math.min(port + 20, 65_535)',
    to: 'candidate >= port',
    reds: /has the port/,
  },
  {
    what: 'it is not said which ports are taken',
    file: 'engine.ts',
    from: "errnoOf(cause) === 'EADDRINUSE'",
    to: "errnoOf(cause) === 'EACCES'",
    reds: /the next twenty/,
  },
  {
    what: "a folder's lock is no obstacle",
    file: 'store/folder-lock.ts',
    from: 'if (isBusy(cause)) return undefined;',
    to: 'if (isBusy(cause)) return new DisposableStack();',
    reds: /on the same folder/,
  },
  {
    what: 'a damaged file is thrown away',
    file: 'store/json-file.ts',
    from: '    await rename(path, keptAs);\n    await syncFolder',
    to: "    await (await import('node:fs/promises')).unlink(path);\n    await syncFolder",
    reds: /^(?:accounts|settings|keys)\.json (?:holds|is cut)/,
  },
  {
    what: 'a damaged history is thrown away',
    file: 'usage/history-database.ts',
    from: '  renameSync(path, keptAs);',
    to: "  process.getBuiltinModule('node:fs').rmSync(path);",
    reds: /^usage\.db /,
  },
  {
    what: 'a history with a log beside it counts as damaged',
    file: 'usage/history-database.ts',
    from: 'if (isFile && !hasHeader(path))',
    to: "if (isFile && (existsSync(path + '-wal') || !hasHeader(path)))",
    reds: /the log of usage\.db/,
  },
  {
    what: 'rows that could not be written are forgotten',
    file: 'usage/history.ts',
    from: '    this.#isFailing = true;\n',
    to: '    this.#isFailing = true;\n    this.#requests = [];\n',
    reds: /usage\.db (?:and keeps it )?locked|written into the history/,
  },
  {
    what: 'a file of a newer Kiro Pool is read as one of ours',
    file: 'store/json-file.ts',
    from: 'if (read.version > newest) {',
    to: 'if (read.version > 1_000) {',
    reds: /written by a newer/,
  },
  {
    what: 'a lost master key is replaced by a new one',
    file: 'store/master-key.ts',
    from: 'if (sealedFiles.length === 0) return;',
    to: 'if (sealedFiles.length >= 0) return;',
    reds: /master key is deleted/,
  },
  {
    what: 'a master key that is none is used all the same',
    file: 'store/master-key.ts',
    from: 'if (isBase64 && key.length === masterKeyBytes) return key;',
    to: 'if (key.length < 1_000) return Buffer.alloc(masterKeyBytes);',
    reds: /master key holds garbage/,
  },
  {
    what: 'an account that cannot be opened is left out of the file when it is written',
    file: 'store/accounts-file.ts',
    from: 'accounts.push(record.isOpen ? await sealRecord(record, this.#box) : record.stored);',
    to: 'if (record.isOpen) accounts.push(await sealRecord(record, this.#box));',
    reds: /holds another key/,
  },
  {
    what: 'a login is used although it is not on disk',
    file: 'auth/login-keeper.ts',
    from: 'await this.#ports.write(id, credential);',
    to: 'await this.#ports.write(id, credential).catch(() => {});',
    reds: /while a token is renewed|turns read-only/,
  },
  {
    what: 'a folder that cannot be written is served from',
    file: 'store/owner.ts',
    from: 'await writeFileAtomic(path, `${JSON.stringify(owner)}\\n`);',
    to: 'await writeFileAtomic(path, `${JSON.stringify(owner)}\\n`).catch(() => {});',
    reds: /read-only when/,
  },
  {
    what: 'a renewed token is not kept',
    file: 'pool/kiro-link.ts',
    from: 'const saved = accounts.update(id, (account) => ({',
    to: 'const saved = Promise.resolve((account: object) => ({',
    reds: /is killed/,
  },
  {
    what: 'what stands in the place of the control socket stays there',
    file: 'control/control-server.ts',
    from: "if (platform !== 'win32') rmSync(socket, { force: true });",
    to: '',
    reds: /control socket/,
  },
  {
    what: 'a connection that could not be taken ends the process',
    file: 'proxy/connections.ts',
    from: '    if (socket.destroyed) return;\n',
    to: '    if (socket.destroyed) return;\n    if (this.#open.size > 15) process.exit(7);\n',
    reds: /open files/,
  },
];
