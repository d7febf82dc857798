import { useEffect, useState } from 'preact/hooks';
import type { Reply } from '../../app/contract.ts';
import { words } from '../messages/words.ts';
import { act } from '../store/act.ts';
import { Button, IconButton } from './button.tsx';

const sayMs = 2000;

/**
 * Copies a text that is no secret, or does another kind of copying with `copy`, and says that it did.
 * @param label what is copied, such as "Copy base URL"
 */
export function CopyButton(props: {
  readonly label: string;
  readonly text?: string;
  readonly copy?: () => Promise<Reply<unknown>>;
  readonly isIconOnly?: boolean;
  readonly kind?: 'secondary' | 'quiet' | 'primary';
  readonly size?: 'normal' | 'small';
}) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), sayMs);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const copy = async (): Promise<void> => {
    const reply = await (props.copy?.() ?? act('desktop.copyText', { text: props.text ?? '' }));
    setCopied(reply.ok);
  };
  const icon = isCopied ? 'check' : 'copy';
  return (
    <>
      {props.isIconOnly === true ? (
        <IconButton icon={icon} label={props.label} onClick={() => void copy()} />
      ) : (
        <Button icon={icon} kind={props.kind ?? 'secondary'} size={props.size ?? 'normal'} onClick={() => void copy()}>
          {isCopied ? words.common.copied : props.label}
        </Button>
      )}
      <span class="spoken" role="status">
        {isCopied ? words.common.copied : ''}
      </span>
    </>
  );
}
