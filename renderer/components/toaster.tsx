import { words } from '../messages/words.ts';
import { dismissToast, toasts } from '../store/toasts.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';

/** Where toasts appear. Screen readers are told of each; one window has one. */
export function Toaster() {
  return (
    <section class="toaster" aria-label={words.shell.notifications} aria-live="polite">
      {toasts.value.map(({ id, tone, text, detail }) => (
        <div key={id} class={`toast ${tone}`}>
          <Icon name={tone === 'good' ? 'check' : 'alert'} />
          <div class="toast-text">
            <p>{text}</p>
            {detail !== undefined && <p class="soft">{detail}</p>}
          </div>
          <IconButton icon="close" label={words.common.dismiss} onClick={() => dismissToast(id)} />
        </div>
      ))}
    </section>
  );
}
