/**
 * The yardstick: a bare `node:http` pump that forwards requests and answers byte for byte and translates nothing.
 * `node pass-through.ts --upstream URL` prints one line `{"event":"ready","url","pid"}`.
 */
import { Agent, createServer, request as send } from 'node:http';
import { parseArgs } from 'node:util';
import { announce } from './announce.ts';

const { values } = parseArgs({ options: { upstream: { type: 'string' } } });
const target = new URL('/generateAssistantResponse', values.upstream);
const agent = new Agent({ keepAlive: true });

const server = createServer((request, response) => {
  const headers = { 'content-type': 'application/json', 'content-length': request.headers['content-length'] ?? '0' };
  const outgoing = send(target, { method: 'POST', agent, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? '' });
    answer.pipe(response);
  });
  outgoing.on('error', () => response.destroy());
  response.on('close', () => outgoing.destroy());
  request.pipe(outgoing);
});
server.listen(0, '127.0.0.1', () => announce(server.address()));
