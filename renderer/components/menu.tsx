import { useId, useRef } from 'preact/hooks';
import { Icon, type IconName } from './icon.tsx';

export interface MenuItem {
  readonly text: string;
  readonly icon: IconName;
  readonly onSelect: () => void;
  readonly isDangerous?: boolean;
}

/**
 * A button that opens a menu. The browser's own popover keeps it above everything, closes it with Escape or a click beside it
 * and gives the focus back; arrow keys move within it.
 */
export function Menu({ label, items }: { readonly label: string; readonly items: readonly MenuItem[] }) {
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  const entries = (): HTMLElement[] => [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  const move = (event: KeyboardEvent): void => {
    const all = entries();
    const at = all.findIndex((entry) => entry === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) {
      if (event.key === 'Tab') menu.current?.hidePopover();
      return;
    }
    event.preventDefault();
    all.at(to % all.length)?.focus();
  };
  return (
    <>
      <button
        ref={button}
        class="icon-button"
        type="button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        popovertarget={id}
      >
        <Icon name="more" />
      </button>
      <div ref={menu} id={id} class="menu" popover="auto" role="menu" aria-label={label} onKeyDown={move}>
        {items.map((item, index) => (
          <button
            key={item.text}
            class={item.isDangerous === true ? 'menu-item dangerous' : 'menu-item'}
            type="button"
            role="menuitem"
            tabIndex={-1}
            // The browser gives it the focus as the menu opens.
            autofocus={index === 0}
            onClick={() => {
              menu.current?.hidePopover();
              button.current?.focus();
              item.onSelect();
            }}
          >
            <Icon name={item.icon} />
            <span>{item.text}</span>
          </button>
        ))}
      </div>
    </>
  );
}
