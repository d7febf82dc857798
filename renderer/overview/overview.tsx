import { AddAccount } from '../account/add-account.tsx';
import { words } from '../messages/words.ts';
import { Screen } from '../shell/screen.tsx';
import { snapshot } from '../store/pool.ts';
import { AccountsCard } from './accounts-card.tsx';
import { Banners } from './banners.tsx';
import { EndpointCard } from './endpoint-card.tsx';
import { PoolCard } from './pool-card.tsx';
import { StrategyCard } from './strategy-card.tsx';

/** What goes on now, and everything that can be done with accounts. */
export function Overview() {
  const known = snapshot.value;
  if (!known) return null;
  return (
    <Screen title={words.shell.screens.overview} actions={<AddAccount />}>
      <Banners snapshot={known} />
      <div class="overview-top">
        <PoolCard snapshot={known} />
        <EndpointCard snapshot={known} />
      </div>
      <AccountsCard accounts={known.accounts} />
      {known.accounts.length > 0 && <StrategyCard snapshot={known} />}
    </Screen>
  );
}
