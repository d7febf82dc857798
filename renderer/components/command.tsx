import { words } from '../messages/words.ts';
import { CopyButton } from './copy-button.tsx';

/** A command to run in a terminal, and a button that copies it. */
export function Command({ text }: { readonly text: string }) {
  return (
    <div class="command">
      <code>{text}</code>
      <CopyButton label={words.common.copy} text={text} isIconOnly />
    </div>
  );
}
