import type { RequestView } from '../../app/contract.ts';
import { labelOf } from '../account/label-of.ts';
import { Button } from '../components/button.tsx';
import { SelectField } from '../components/field.tsx';
import { words } from '../messages/words.ts';
import { snapshot } from '../store/pool.ts';
import { noFilter, type RequestFilter } from './request-filter.ts';

const outcomes = ['served', 'failed', 'client-left'] as const;

/** Narrows the list down by account, model and outcome, offering what occurs in it. */
export function Filters(props: {
  readonly requests: readonly RequestView[];
  readonly filter: RequestFilter;
  readonly onChange: (filter: RequestFilter) => void;
}) {
  const text = words.requests;
  const { filter, onChange } = props;
  const accounts = snapshot.value?.accounts ?? [];
  const ids = distinct(props.requests.flatMap(({ account }) => account ?? []));
  const models = distinct(props.requests.map(({ model }) => model));
  return (
    <div class="filters" role="group" aria-label={text.filters.label}>
      <Filter
        label={text.filters.account}
        value={filter.account}
        choices={ids.map((id) => ({ value: id, text: labelOf(id, accounts) }))}
        onChange={(account) => onChange({ ...filter, account })}
      />
      <Filter
        label={text.filters.model}
        value={filter.model}
        choices={models.map((model) => ({ value: model, text: model }))}
        onChange={(model) => onChange({ ...filter, model })}
      />
      <Filter
        label={text.filters.outcome}
        value={filter.outcome}
        choices={outcomes.map((value) => ({ value, text: text.outcomeGroups[value] }))}
        onChange={(outcome) => onChange({ ...filter, outcome })}
      />
      {filter !== noFilter && Object.values(filter).some((value) => value !== undefined) && (
        <Button kind="quiet" size="small" icon="close" onClick={() => onChange(noFilter)}>
          {text.filters.clear}
        </Button>
      )}
    </div>
  );
}

function Filter<T extends string>(props: {
  readonly label: string;
  readonly value: T | undefined;
  readonly choices: readonly { readonly value: T; readonly text: string }[];
  readonly onChange: (value: T | undefined) => void;
}) {
  const all = { value: '', text: words.requests.filters.all } as const;
  return (
    <SelectField<T | ''>
      label={props.label}
      value={props.value ?? ''}
      choices={[all, ...props.choices]}
      onChange={(value) => props.onChange(value === '' ? undefined : value)}
    />
  );
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].toSorted();
}
