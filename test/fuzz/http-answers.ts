import { Broken, mustHold } from './target.ts';

/** An answer of the endpoint. */
export interface PlainAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * The answers on a connection, strictly read: each has its status line, headers and a body that is as long as it says.
 * @param isCut the client left: the last answer may lack its end
 * @throws Broken when they are not answers to the last byte
 */
export function answersIn(text: string, isCut: boolean): PlainAnswer[] {
  const answers: PlainAnswer[] = [];
  for (let at = 0; at < text.length;) {
    const headEnd = text.indexOf('\r\n\r\n', at);
    const head = headEnd === -1 ? text.slice(at) : text.slice(at, headEnd + 2);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
    const end = headEnd === -1 ? -1 : endOf(text, head, headEnd + 4, status);
    if (end === -1) {
      mustHold(isCut, `an answer without an end: ${head.slice(0, 200)}`);
      return answers;
    }
    if (Number.isNaN(status)) throw new Broken(`no status line: ${head.slice(0, 200)}`);
    answers.push({ status, body: text.slice(headEnd + 4, end) });
    at = end;
  }
  return answers;
}

/** Where the answer's body ends, which is as HTTP says it, with no bytes that belong to nothing; -1 when it is not all there. */
function endOf(text: string, head: string, bodyAt: number, status: number): number {
  if (status < 200 || status === 204) return bodyAt;
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1];
  if (length !== undefined) return bodyAt + Number(length) <= text.length ? bodyAt + Number(length) : -1;
  if (!/\r\ntransfer-encoding: chunked\r\n/i.test(head)) return text.length;
  const end = text.indexOf('\r\n0\r\n\r\n', bodyAt);
  return end === -1 ? -1 : end + 7;
}
