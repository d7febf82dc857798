/** A request in the bytes of a connection. Names of headers in lower case. */
export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/**
 * Every request that some reader might find whole in these bytes, wherever it begins: one reading for each request line. Laxer than any
 * server may be, so that what a server serves and is not among these was smuggled past the bounds of its requests.
 */
export function readableRequests(bytes: Buffer): PlainRequest[] {
  const text = bytes.toString('latin1');
  return [...text.matchAll(/([A-Z]+) (\S+) HTTP\/\d\.\d\r\n/g)].flatMap((line) => {
    const headAt = line.index + line[0].length;
    const bodyAt = text.startsWith('\r\n', headAt) ? headAt + 2 : text.indexOf('\r\n\r\n', headAt) + 4;
    if (bodyAt < 4) return [];
    const headers = headersIn(text.slice(headAt, bodyAt - 2));
    const body = bodyIn(bytes.subarray(bodyAt), headers);
    const [, method = '', path = ''] = line;
    return body ? [{ method, path, headers, body }] : [];
  });
}

/** The values of a header, in the order in which they came. */
export function valuesOf({ headers }: Pick<PlainRequest, 'headers'>, name: string): string[] {
  return headers.filter(([each]) => each === name).map(([, value]) => value);
}

function headersIn(block: string): [string, string][] {
  return block.split('\r\n').flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
  });
}

/** As long as the headers say; undefined when not all of it is there. */
function bodyIn(rest: Buffer, headers: PlainRequest['headers']): Buffer | undefined {
  if (valuesOf({ headers }, 'transfer-encoding').length > 0) return chunksIn(rest);
  const length = Number(valuesOf({ headers }, 'content-length')[0] ?? 0);
  return length <= rest.length ? rest.subarray(0, length) : undefined;
}

function chunksIn(rest: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = rest.indexOf('\r\n', at);
    const size = Number.parseInt(rest.toString('latin1', at, lineEnd), 16);
    if (lineEnd === -1 || !(size >= 0)) return undefined;
    if (size === 0) return Buffer.concat(chunks);
    const end = lineEnd + 2 + size;
    if (end + 2 > rest.length) return undefined;
    chunks.push(rest.subarray(lineEnd + 2, end));
    at = end + 2;
  }
}
