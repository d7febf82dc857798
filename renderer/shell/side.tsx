import { Icon } from '../components/icon.tsx';
import { Logo } from '../components/logo.tsx';
import { words } from '../messages/words.ts';
import { navigation } from '../screens.tsx';
import { endpointStatus, readyLine } from '../store/status.ts';
import { snapshot } from '../store/pool.ts';
import { hrefOf, route } from '../store/route.ts';

/** The navigation, and below it the two lines that the tray says, too. */
export function Side() {
  return (
    <header class="side">
      <p class="brand">
        <Logo />
        {words.common.appName}
      </p>
      <nav class="nav" aria-label={words.shell.navigation}>
        <ul>
          {navigation.map(({ name, icon }) => (
            <li key={name}>
              <a href={hrefOf(name)} aria-current={route.value.screen === name ? 'page' : undefined}>
                <Icon name={icon} />
                {words.shell.screens[name]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Status />
    </header>
  );
}

function Status() {
  const known = snapshot.value;
  if (!known) return null;
  const { tone, icon, text } = endpointStatus(known);
  return (
    <div class="side-status">
      <p class={`status-line tone-${tone}`}>
        <Icon name={icon} />
        {text}
      </p>
      <p class="soft">{readyLine(known)}</p>
    </div>
  );
}
