import { useState } from 'preact/hooks';
import { Button } from '../components/button.tsx';
import { EmptyState, ErrorState, Skeleton } from '../components/feedback.tsx';
import { Segmented } from '../components/segmented.tsx';
import { words } from '../messages/words.ts';
import { Screen } from '../shell/screen.tsx';
import { act } from '../store/act.ts';
import { useAsk } from '../store/ask.ts';
import { toast } from '../store/toasts.ts';
import { accountName } from './account-name.ts';
import { toCsv, totalsOf, type Range, type UsageChart } from './chart-data.ts';
import { CreditsCard } from './credits-card.tsx';
import { MeasureCards } from './measure-cards.tsx';
import { Totals } from './totals.tsx';
import { useNewestRequest } from './use-newest-request.ts';

const ranges = ['24h', '7d', '30d', '90d'] as const;

/** What was spent, on what, and how fast and how full it was. */
export function Usage() {
  const text = words.usage;
  const [range, setRange] = useState<Range>('30d');
  const [asked, reload] = useAsk('usage.chart', { range }, useNewestRequest());
  const chart = asked.state === 'loading' ? undefined : asked.value;
  return (
    <Screen
      title={words.shell.screens.usage}
      actions={
        <>
          <Segmented
            label={text.ranges.label}
            value={range}
            choices={ranges.map((value) => ({ value, text: text.ranges[value], spoken: text.spokenRanges[value] }))}
            onChange={setRange}
          />
          <Button icon="down" isDisabled={chart === undefined} onClick={() => void save(chart, range)}>
            {text.exportCsv}
          </Button>
        </>
      }
    >
      {asked.state === 'failed' && <ErrorState error={asked.error} onRetry={reload} />}
      {asked.state === 'loading' && <Skeleton lines={8} />}
      {chart && (
        <div class="usage" aria-busy={asked.state === 'ready' && asked.isRefreshing}>
          <Charts chart={chart} range={range} />
        </div>
      )}
    </Screen>
  );
}

function Charts({ chart, range }: { readonly chart: UsageChart; readonly range: Range }) {
  const text = words.usage;
  if (totalsOf(chart.buckets).requests === 0) {
    return <EmptyState icon="usage" title={text.empty.title} detail={text.empty.detail} />;
  }
  return (
    <>
      <Totals chart={chart} />
      <CreditsCard chart={chart} range={range} />
      <MeasureCards chart={chart} />
    </>
  );
}

async function save(chart: UsageChart | undefined, range: Range): Promise<void> {
  if (!chart) return;
  const suggestedName = words.usage.csvName(range);
  const reply = await act('desktop.saveText', { suggestedName, text: toCsv(chart.buckets, accountName) });
  if (reply.ok && reply.result.path !== null) toast({ tone: 'good', text: words.usage.exported(reply.result.path) });
}
