import { connect, type Socket } from 'node:net';

/** Where requests go. */
export interface Target {
  /** Base URL; requests go to `path`. */
  readonly url: string;
  readonly path: string;
  readonly key: string;
  /** Process whose CPU and memory count; 0 when it is not known. */
  readonly pid: number;
}

/**
 * One client connection that costs the load generator next to nothing: it looks at the head's status and for the end of the
 * answer, and hands all bytes on as they came. Pieces are valid only during the call.
 */
export class Connection implements Disposable {
  readonly #socket: Socket;
  readonly #target: Target;
  #onPiece: (piece: Buffer) => void = () => undefined;
  #settle: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #isFirst = true;
  #tail = '';

  private constructor(socket: Socket, target: Target) {
    this.#socket = socket;
    this.#target = target;
  }

  static open(target: Target): Promise<Connection> {
    const { promise, resolve, reject } = Promise.withResolvers<Connection>();
    const { hostname, port } = new URL(target.url);
    const buffer = Buffer.allocUnsafe(64 * 1024);
    const onread = {
      buffer,
      callback: (size: number): boolean => {
        connection.#take(buffer.subarray(0, size));
        return true;
      },
    };
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread });
    const connection = new Connection(socket, target);
    socket.once('connect', () => resolve(connection));
    socket.on('error', (error) => {
      reject(error);
      connection.#fail(error);
    });
    socket.on('close', () => connection.#fail(new Error('The connection was closed in the middle of an answer')));
    return promise;
  }

  /** Sends a request and resolves at the end of its answer. @throws Error when the answer is no 200 or breaks */
  ask(body: Buffer, onPiece: (piece: Buffer) => void = () => undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const { url, path, key } = this.#target;
    this.#onPiece = onPiece;
    this.#settle = { resolve, reject };
    this.#isFirst = true;
    this.#tail = '';
    const head =
      `POST ${path} HTTP/1.1\r\nhost: ${new URL(url).host}\r\nauthorization: Bearer ${key}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    this.#socket.write(body.length < 4_096 ? head + body.toString('utf8') : head);
    if (body.length >= 4_096) this.#socket.write(body);
    return promise;
  }

  /** Leaves, in the middle of an answer or not. */
  [Symbol.dispose](): void {
    this.#settle = undefined;
    this.#socket.destroy();
  }

  #take(piece: Buffer): void {
    if (this.#isFirst) {
      this.#isFirst = false;
      const head = piece.subarray(0, 12).toString('latin1');
      if (!head.endsWith(' 200')) {
        this.#fail(new Error(`Not answered with 200: ${piece.subarray(0, 600).toString('utf8')}`));
        return;
      }
    }
    this.#onPiece(piece);
    this.#tail = (this.#tail + piece.subarray(-5).toString('latin1')).slice(-5);
    if (this.#tail !== '0\r\n\r\n') return;
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.resolve();
  }

  #fail(error: Error): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.reject(error);
  }
}
