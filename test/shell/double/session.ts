import { protocol } from './protocol.ts';
import { readiness } from './readiness.ts';
import { DoubledEmitter, Doubled } from './strict.ts';

type RequestHandler = (
  contents: null,
  permission: string,
  answer: (isGranted: boolean) => void,
  details: object,
) => void;
type CheckHandler = (contents: null, permission: string, origin: string, details: object) => boolean;

/** `session.defaultSession`, the only one. */
export class Session extends DoubledEmitter {
  readonly protocol = protocol;
  #onRequest: RequestHandler | null = null;
  #onCheck: CheckHandler | null = null;

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    this.#onRequest = handler;
  }

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    this.#onCheck = handler;
  }

  isPersistent(): boolean {
    return true;
  }

  /** @internal what Electron would answer a page; without a handler it grants */
  _askPermission(permission: string): Promise<boolean> {
    const handler = this.#onRequest;
    if (!handler) return Promise.resolve(true);
    return new Promise((resolve) => handler(null, permission, resolve, { isMainFrame: true }));
  }

  /** @internal */
  _checkPermission(permission: string, origin: string): boolean {
    return this.#onCheck?.(null, permission, origin, {}) ?? true;
  }

  protected override get doubledEvents(): readonly string[] {
    return ['will-download'];
  }
}

export const defaultSession = new Session();

class SessionModule extends Doubled {
  get defaultSession(): Session {
    if (!readiness.isReady) throw new Error('Session can only be received when app is ready');
    return defaultSession;
  }
}

export const session = new SessionModule();
