import type { Snapshot } from '../../app/contract.ts';
import { labelOf } from '../account/label-of.ts';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Banner } from '../components/feedback.tsx';
import { RadioCards } from '../components/radio-cards.tsx';
import { asSentence } from '../format/sentence.ts';
import { words } from '../messages/words.ts';
import { act, useAct } from '../store/act.ts';

/** How an account is chosen, with what each way means. */
export function StrategyCard({ snapshot: { strategy, pinned, accounts } }: { readonly snapshot: Snapshot }) {
  const text = words.overview.strategy;
  const [isBusy, choose] = useAct('strategy');
  return (
    <Card title={text.title} detail={text.detail}>
      {pinned !== null && (
        <Banner
          tone="accent"
          icon="pin"
          title={text.pinned(labelOf(pinned, accounts))}
          actions={
            <Button
              size="small"
              onClick={() => void act('accounts.pin', { id: null }, words.overview.actions.unpinned)}
            >
              {text.unpin}
            </Button>
          }
        />
      )}
      <div class="strategies" aria-busy={isBusy}>
        <RadioCards
          label={text.title}
          isLabelHidden
          value={strategy.name}
          choices={strategy.choices.map(({ name, meaning }) => ({
            value: name,
            title: text.names[name] ?? name,
            detail: asSentence(meaning),
            ...(name === 'hybrid' ? { note: text.isDefault } : {}),
          }))}
          onChange={(name) => void choose({ name })}
        />
      </div>
    </Card>
  );
}
