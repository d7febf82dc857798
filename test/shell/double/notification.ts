import { theMachine } from './machine.ts';
import { requireReady } from './readiness.ts';
import { DoubledEmitter, PreventableEvent } from './strict.ts';

const shownOnes: Notification[] = [];

/** A notification of the system. */
export class Notification
  extends DoubledEmitter
  implements Pick<Electron.Notification, 'show' | 'close' | 'title' | 'body' | 'silent'>
{
  title: string;
  body: string;
  silent: boolean;
  #isShown = false;

  constructor(options: Electron.NotificationConstructorOptions = {}) {
    requireReady('Cannot create Notification');
    super();
    this.title = options.title ?? '';
    this.body = options.body ?? '';
    this.silent = options.silent ?? false;
  }

  static isSupported(): boolean {
    return true;
  }

  /** @internal those that were shown, in order */
  static _shown(): readonly Notification[] {
    return shownOnes;
  }

  show(): void {
    this.#isShown = true;
    shownOnes.push(this);
    theMachine().notifications.push({ title: this.title, body: this.body });
    this.emit('show', new PreventableEvent({ sender: this }));
  }

  close(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.emit('close', new PreventableEvent({ sender: this }));
  }

  protected override get doubledEvents(): readonly string[] {
    return ['show', 'click', 'close', 'failed', 'action', 'reply'];
  }
}
