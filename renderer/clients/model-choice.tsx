import type { ModelView, Output, ScreenContract } from '../../app/contract.ts';
import { Checkbox, SelectField } from '../components/field.tsx';
import { words } from '../messages/words.ts';
import { useAsk } from '../store/ask.ts';

type Client = Output<ScreenContract, 'clients.list'>[number];

/** What a tool is told beside the endpoint. Empty for the tool's own choice. */
export interface Choice {
  readonly model: string;
  /** Only then the tool's cheap model is touched. */
  readonly wantsSmall: boolean;
  readonly smallModel: string;
}

/** What a tool was set up with; its own choice where nothing is known of it. */
export function choiceOf(client: Client | undefined): Choice {
  const { model = null, smallModel = null } = client ?? {};
  return { model: model ?? '', wantsSmall: smallModel !== null, smallModel: smallModel ?? '' };
}

/** The model that a tool starts with, and a cheap one only if it is wanted. */
export function ModelChoice(props: { readonly choice: Choice; readonly onChange: (choice: Choice) => void }) {
  const [asked] = useAsk('models', {});
  const { choice, onChange } = props;
  const models: readonly ModelView[] = asked.state === 'ready' ? asked.value : [];
  const { model, modelHint, ownChoice, wantsSmall, wantsSmallDetail, small, noModels } = words.clients.detail;
  if (asked.state !== 'loading' && models.length === 0) return <p class="soft">{noModels}</p>;
  const named = models.map(({ id, name }) => ({ value: id, text: name }));
  /** One that was chosen and is gone stays in sight; the engine says why it cannot be. */
  const withChosen = (id: string) =>
    id === '' || models.some((model) => model.id === id) ? named : [...named, { value: id, text: id }];
  return (
    <div class="step-fields">
      <SelectField
        label={model}
        hint={modelHint}
        value={choice.model}
        choices={[{ value: '', text: ownChoice }, ...withChosen(choice.model)]}
        onChange={(model) => onChange({ ...choice, model })}
      />
      <Checkbox
        label={
          <>
            {wantsSmall} <span class="soft">{wantsSmallDetail}</span>
          </>
        }
        isChecked={choice.wantsSmall}
        onChange={(wantsSmall) =>
          onChange({ ...choice, wantsSmall, smallModel: choice.smallModel || cheapest(models) })
        }
      />
      {choice.wantsSmall && (
        <SelectField
          label={small}
          value={choice.smallModel}
          choices={withChosen(choice.smallModel)}
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
