/** Two requests in the clothes of one, beside what test/proxy/malformed.test.ts tries already. */
import { describe, expect, test } from 'vitest';
import { serveRefusals } from '../proxy/refusing.ts';
import type { Serving } from '../proxy/serving.ts';
import { sendRaw } from '../proxy/wire.ts';

let serving: Serving;

serveRefusals((started) => {
  serving = started;
});

const start = 'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n';
const hidden = 'GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n';

/** The statuses of all answers on one connection, until it is closed. */
async function statuses(...pieces: string[]): Promise<string[]> {
  const { head, body } = await sendRaw(serving.port, pieces, { untilClosed: true });
  return `${head}\r\n\r\n${body}`.match(/(?<=HTTP\/1\.1 )\d{3}/g) ?? [];
}

describe('a length that two readers would read as two lengths', () => {
  test.each([
    ['chunked is not last', 'transfer-encoding: chunked, identity'],
    ['twice chunked', 'transfer-encoding: chunked\r\ntransfer-encoding: identity'],
    ['almost chunked', 'transfer-encoding: xchunked'],
    ['chunked behind a vertical tab', 'transfer-encoding: \u000bchunked'],
    ['chunked in quotes', 'transfer-encoding: "chunked"'],
    ['chunked in a header that is folded', 'transfer-encoding:\r\n chunked'],
    ['chunked in a header name with a space', 'transfer-encoding : chunked'],
    ['a length with a plus', 'content-length: +5'],
    ['a length with a space inside', 'content-length: 5 0'],
    ['a length that no number holds', 'content-length: 99999999999999999999'],
    ['an empty length', 'content-length: '],
    ['the same length twice', 'content-length: 5\r\ncontent-length: 5'],
  ])('is refused with its connection, and nothing behind it is read: %s', async (_what, header) => {
    const answers = await statuses(`${start}x-api-key: ${serving.key}\r\n${header}\r\n\r\n0\r\n\r\n${hidden}`);
    expect(answers).toEqual(['400']);
  });

  test.each([
    ['a negative size', '-1\r\n'],
    ['a size in 0x', '0x5\r\nhello\r\n'],
    ['a size that no number holds', `${'f'.repeat(17)}\r\n`],
    ['a size with a space', '5 \r\nhello\r\n'],
    ['a line feed alone after the size', '5\nhello\r\n'],
    ['a chunk that is longer than it says', '3\r\nhello\r\n'],
    ['no end of line after a chunk', '5\r\nhello0\r\n\r\n'],
    ['an endless extension', `5;${'x'.repeat(20_000)}\r\nhello\r\n`],
  ])('is refused when a chunk has it: %s', async (_what, chunk) => {
    const head = `${start}x-api-key: ${serving.key}\r\ntransfer-encoding: chunked\r\n\r\n`;
    const answers = await statuses(`${head}${chunk}${hidden}`);
    expect(answers).toHaveLength(1);
    expect(['400', '413']).toContain(answers[0]);
  });
});

describe('what follows a request', () => {
  test('in its body is its body, also when it is refused before that is read', async () => {
    const body = `${hidden}${hidden}`;
    const last = 'GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n';
    const answers = await statuses(`${start}content-length: ${body.length}\r\n\r\n${body}${last}`);
    expect(answers).toEqual(['401', '200']);
  });

  test('as a trailer is no header: neither a key nor a host comes in by it', async () => {
    const close = 'connection: close\r\n';
    for (const trailer of [`x-api-key: ${serving.key}`, `authorization: Bearer ${serving.key}`]) {
      const chunked = `${start}${close}transfer-encoding: chunked\r\ntrailer: x-api-key\r\n\r\n2\r\n{}\r\n0\r\n${trailer}\r\n\r\n`;
      expect(await statuses(chunked)).toEqual(['401']);
    }
    const noHost = `POST /v1/chat/completions HTTP/1.1\r\n${close}x-api-key: ${serving.key}\r\ntransfer-encoding: chunked\r\n\r\n`;
    expect(await statuses(`${noHost}2\r\n{}\r\n0\r\nhost: localhost\r\n\r\n`)).toEqual(['400']);
  });

  test('in one go is answered in its order, each request by its own key', async () => {
    const models = (headers: string): string => `GET /v1/models HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n`;
    const key = `x-api-key: ${serving.key}\r\n`;
    const answers = await statuses(models(key), models(''), models(key), models('connection: close\r\n'));
    expect(answers).toEqual(['200', '401', '200', '401']);
  });
});
