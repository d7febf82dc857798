import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { badRequests } from '../openai/bad-requests.ts';
import { serveRefusals } from './refusing.ts';
import { ask, body, type Serving } from './serving.ts';
import { errorIn, sendRaw } from './wire.ts';

let serving: Serving;

serveRefusals((started) => {
  serving = started;
});

describe('a bad request is refused with an error object that names the field', () => {
  test.each(badRequests)('$name', async ({ body, param, says, status }) => {
    const answer = await post(JSON.stringify(body));
    expect(answer.status).toBe(status);
    expect(answer.error).toMatchObject({ type: 'invalid_request_error', param });
    expect(answer.error.message).toContain(says);
  });

  test.each([
    ['empty', ''],
    ['white space', ' \r\n\t'],
    ['no JSON', '{"model": '],
    ['form data', 'model=auto&messages=hello'],
    ['two JSON values', `${body()}${body()}`],
    ['JSON with a comment', `// hello\n${body()}`],
    ['nothing but opening brackets', '['.repeat(1_000_000)],
    ['a string that is not closed', `{"model":"${'a'.repeat(100_000)}`],
  ])('the body is %s', async (_, text) => {
    const answer = await post(text);
    expect(answer.status).toBe(400);
    expect(answer.error).toMatchObject({ type: 'invalid_request_error', param: null });
    expect(answer.error.message).toMatch(/^The body is (empty|not valid JSON)/);
  });

  test('a body in UTF-16 is no JSON', async () => {
    expect((await post(Buffer.from(body(), 'utf16le'))).status).toBe(400);
  });

  test.each(['gzip', 'br', 'deflate', 'GZIP'])('a body compressed with %s', async (encoding) => {
    const answer = await post(body(), { 'content-encoding': encoding });
    expect(answer.status).toBe(400);
    expect(answer.error.param).toBe('content-encoding');
  });

  test('a tool schema nested without end', async () => {
    const deep = `${'{"properties":{"a":'.repeat(50_000)}{}${'}}'.repeat(50_000)}`;
    const tool = `{"type":"function","function":{"name":"read","parameters":${deep}}}`;
    const answer = await post(body({ tools: [] }).replace('"tools":[]', `"tools":[${tool}]`));
    expect(answer.status).toBe(400);
    expect(answer.error.param).toBe('tools[0].function.parameters');
    expect(answer.error.message).toContain('nested');
  });

  test('a response schema nested without end', async () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const answer = await post(
      body({ response_format: 0 }).replace(
        '"response_format":0',
        `"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":${deep}}}`,
      ),
    );
    expect(answer.status).toBe(400);
    expect(answer.error.param).toBe('response_format.json_schema.schema');
  });

  test('content nested without end', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const answer = await post(`{"model":"auto","messages":[{"role":"user","content":${deep}}]}`);
    expect(answer.status).toBe(400);
    expect(answer.error.param).toBe('messages[0].content[0]');
  });

  test('a model name of a megabyte', async () => {
    const answer = await post(body({ model: 'a'.repeat(1_000_000) }));
    expect(answer.status).toBe(400);
    expect(answer.error.param).toBe('model');
    expect(answer.error.message.length).toBeLessThan(200);
  });

  test('members of the prototype do not count as given', async () => {
    const answer = await post('{"__proto__":{"model":"auto","messages":[{"role":"user","content":"hello"}]}}');
    expect(answer.status).toBe(400);
    expect(answer.error.param).toBe('model');
  });
});

describe('32 MiB and no more', () => {
  const limit = 32 * 1024 * 1024;

  test('announced: refused at once, and the connection still serves', async () => {
    const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${serving.key}\r\n`;
    const answer = await sendRaw(serving.port, [`${head}content-length: ${limit + 1}\r\n\r\n`]);
    expect(answer).toMatchObject({ status: 413, isClosed: false });
    expect(errorIn(answer.body)).toMatchObject({ code: 'request_too_large' });
  });

  test('announced and sent: the client gets the answer', async () => {
    const answer = await post(Buffer.alloc(limit + 1, 0x20));
    expect(answer.status).toBe(413);
  });

  test.each([
    ['announced', `content-length: ${40 * 1024 * 1024}\r\n\r\n`, ' '.repeat(1024 * 1024)],
    ['in chunks', 'transfer-encoding: chunked\r\n\r\n', `100000\r\n${' '.repeat(1024 * 1024)}\r\n`],
  ])('%s, by a client that sends all before it reads: it gets the answer, not a reset', async (_, head, piece) => {
    const socket = connect(serving.port, '127.0.0.1');
    const failures: unknown[] = [];
    socket.on('error', (error) => failures.push(error));
    socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${serving.key}\r\n${head}`);
    for (let count = 0; count < 40; count += 1) {
      await new Promise((resolve) => socket.write(piece, resolve));
    }
    const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    socket.destroy();
    expect(failures).toEqual([]);
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer.toString()).toContain('"code":"request_too_large"');
  });

  test('exactly 32 MiB is read', async () => {
    const answer = await post(Buffer.alloc(limit, 0x20));
    expect(answer.status).toBe(400);
    expect(answer.error.message).toContain('empty');
  });

  test('without the key nothing is read', async () => {
    const answer = await sendRaw(serving.port, [
      'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000000\r\n\r\n',
    ]);
    expect(answer.status).toBe(401);
  });
});

describe('a wrong model', () => {
  test('is told with the field that names it', async () => {
    const answer = await post(body({ model: 'no-such-model', ...ask('hello') }));
    expect(answer.status).toBe(404);
    expect(answer.error).toMatchObject({ code: 'model_not_found', param: 'model' });
    serving.emulator.clear();
  });
});

async function post(content: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}) {
  const answer = await serving.fetch('/v1/chat/completions', { method: 'POST', body: content, headers });
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
  return { status: answer.status, error: errorIn(await answer.text()) };
}
