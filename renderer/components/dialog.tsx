import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { words } from '../messages/words.ts';
import { Button, IconButton } from './button.tsx';

/**
 * A dialog over the window, while it is rendered: the browser keeps the focus inside, closes it with Escape and gives the
 * focus back to where it was.
 */
export function Dialog(props: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** Buttons at the end; the last one is the main one. */
  readonly actions?: ComponentChildren;
  readonly size?: 'normal' | 'wide';
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${props.size ?? 'normal'}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
    >
      <header class="dialog-head">
        <h2 id={id}>{props.title}</h2>
        <IconButton icon="close" label={words.common.close} onClick={props.onClose} />
      </header>
      <div class="dialog-body">{props.children}</div>
      {props.actions !== undefined && <footer class="dialog-actions">{props.actions}</footer>}
    </dialog>
  );
}

/** Asks before one thing is done: once more before what is not undone by a click, or how it is to be. */
export function ConfirmDialog(props: {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly confirm: string;
  /** What the other button says, where "Cancel" could mean either. */
  readonly dismiss?: string;
  readonly kind?: 'primary' | 'danger';
  readonly isBusy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}) {
  return (
    <Dialog
      title={props.title}
      onClose={props.onClose}
      actions={
        <>
          <Button onClick={props.onClose}>{props.dismiss ?? words.common.cancel}</Button>
          <Button kind={props.kind ?? 'danger'} isBusy={props.isBusy ?? false} onClick={props.onConfirm}>
            {props.confirm}
          </Button>
        </>
      }
    >
      {props.children}
    </Dialog>
  );
}
