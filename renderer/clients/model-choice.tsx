import type { ModelView } from '../../app/contract.ts';
import { Checkbox, SelectField } from '../components/field.tsx';
import { words } from '../messages/words.ts';
import { useAsk } from '../store/ask.ts';

/** What a tool is told beside the endpoint. Empty for the tool's own choice. */
export interface Choice {
  readonly model: string;
  /** Only then the tool's cheap model is touched. */
  readonly wantsSmall: boolean;
  readonly smallModel: string;
}

export const noChoice: Choice = { model: '', wantsSmall: false, smallModel: '' };

/** The model that a tool starts with, and a cheap one only if it is wanted. */
export function ModelChoice(props: { readonly choice: Choice; readonly onChange: (choice: Choice) => void }) {
  const [asked] = useAsk('models', {});
  const { choice, onChange } = props;
  const models: readonly ModelView[] = asked.state === 'ready' ? asked.value : [];
  const { model, modelHint, ownChoice, wantsSmall, wantsSmallDetail, small, noModels } = words.clients.detail;
  if (asked.state !== 'loading' && models.length === 0) return <p class="soft">{noModels}</p>;
  const choices = models.map(({ id, name }) => ({ value: id, text: name }));
  return (
    <div class="step-fields">
      <SelectField
        label={model}
        hint={modelHint}
        value={choice.model}
        choices={[{ value: '', text: ownChoice }, ...choices]}
        onChange={(model) => onChange({ ...choice, model })}
      />
      <Checkbox
        label={
          <>
            {wantsSmall} <span class="soft">{wantsSmallDetail}</span>
          </>
        }
        isChecked={choice.wantsSmall}
        onChange={(wantsSmall) => onChange({ ...choice, wantsSmall, smallModel: cheapest(models) })}
      />
      {choice.wantsSmall && (
        <SelectField
          label={small}
          value={choice.smallModel}
          choices={choices}
          onChange={(smallModel) => onChange({ ...choice, smallModel })}
        />
      )}
    </div>
  );
}

/** Kiro tells no price here; its small models are named so. */
function cheapest(models: readonly ModelView[]): string {
  const small = models.find(({ id }) => /haiku|mini|lite|flash/.test(id));
  return (small ?? models[0])?.id ?? '';
}
