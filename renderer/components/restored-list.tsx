import type { Output, ScreenContract } from '../../app/contract.ts';
import { words } from '../messages/words.ts';
import { Table } from './table.tsx';

type Restored = NonNullable<Output<ScreenContract, 'desktop.restoreBackup'>>;
type Result = Restored['accounts'][number]['result'];

interface Row {
  readonly what: string;
  readonly result: Result;
  readonly reason: string;
}

/** What became of each thing in a backup. */
export function RestoredList({ restored }: { readonly restored: Restored }) {
  const { accounts, keys, settings, nothing } = words.wizard.restored;
  const parts = [
    { title: accounts, rows: restored.accounts.map(({ label, ...rest }) => ({ what: label, ...rest })) },
    { title: keys, rows: restored.keys.map(({ name, ...rest }) => ({ what: name, ...rest })) },
    { title: settings, rows: restored.settings.map(({ key, ...rest }) => ({ what: settingName(key), ...rest })) },
  ].filter(({ rows }) => rows.length > 0);
  if (parts.length === 0) return <p>{nothing}</p>;
  return (
    <>
      {parts.map(({ title, rows }) => (
        <Part key={title} title={title} rows={rows} />
      ))}
    </>
  );
}

function Part({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  const { what, result, reason, results } = words.wizard.restored;
  return (
    <Table
      caption={title}
      columns={[
        { id: 'what', title: what, cell: (row: Row) => row.what },
        { id: 'result', title: result, cell: (row) => results[row.result] },
        { id: 'reason', title: reason, cell: (row) => row.reason },
      ]}
      rows={rows}
      keyOf={(row) => row.what}
    />
  );
}

/** A setting by its name on screen, if it has one. */
function settingName(key: string): string {
  const names: Readonly<Record<string, string>> = words.settings.names;
  return names[key] ?? key;
}
