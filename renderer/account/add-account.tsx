import { ButtonLink } from '../components/button.tsx';
import { words } from '../messages/words.ts';
import { hrefOf } from '../store/route.ts';

/** Leads to the wizard. */
export function AddAccount({ kind = 'primary' }: { readonly kind?: 'primary' | 'secondary' }) {
  return (
    <ButtonLink kind={kind} icon="add" href={hrefOf('wizard')}>
      {words.overview.addAccount}
    </ButtonLink>
  );
}
