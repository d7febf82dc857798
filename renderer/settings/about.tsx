import { Card } from '../components/card.tsx';
import { Disclosure } from '../components/disclosure.tsx';
import { Logo } from '../components/logo.tsx';
import { Risks } from '../first-run/risks.tsx';
import { words } from '../messages/words.ts';
import { snapshot } from '../store/pool.ts';

/** What this is, under which licence, and how it keeps its secrets. */
export function About() {
  const known = snapshot.value;
  if (!known) return null;
  const { title, version, licence, notAffiliated, risks, seal, seals } = words.settings.about;
  return (
    <Card title={title}>
      <div class="settings">
        <div class="about">
          <Logo />
          <div>
            <p class="strong">{version(known.version)}</p>
            <p class="soft">
              {licence} {notAffiliated}
            </p>
          </div>
        </div>
        <p>
          <span class="soft">{seal}:</span> {seals[known.secretBox]}
        </p>
        <Disclosure summary={risks}>
          <Risks />
        </Disclosure>
      </div>
    </Card>
  );
}
