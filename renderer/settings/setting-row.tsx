import { useEffect, useState } from 'preact/hooks';
import { Button } from '../components/button.tsx';
import { SelectField, Switch, TextField } from '../components/field.tsx';
import { Segmented } from '../components/segmented.tsx';
import { asSentence } from '../format/sentence.ts';
import { words } from '../messages/words.ts';
import { ask } from '../store/ask.ts';
import { snapshot } from '../store/pool.ts';
import { controlOf, inputOf, textOf, waitsForStart, type Setting } from './setting-control.ts';

interface RowProps {
  readonly setting: Setting;
  /** Called with what the engine made of a change. */
  readonly onSaved: (setting: Setting) => void;
}

interface ControlProps {
  readonly setting: Setting;
  readonly name: string;
  readonly hint: string;
  readonly error: string | undefined;
  readonly isBusy: boolean;
  readonly onChange: (text: string) => void;
}

/** One setting with the control that fits it. What the engine refuses is said at the control, in its words. */
export function SettingRow({ setting, onSaved }: RowProps) {
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const set = async (value: string): Promise<void> => {
    setBusy(true);
    const reply = await ask('settings.set', { key: setting.key, value });
    setBusy(false);
    setError(reply.ok ? undefined : [reply.error.message, reply.error.hint].filter((text) => text !== '').join(' '));
    if (reply.ok) onSaved(reply.result);
  };
  const names: Readonly<Record<string, string>> = words.settings.names;
  const props: ControlProps = {
    setting,
    name: names[setting.key] ?? setting.key,
    hint: hintOf(setting),
    error,
    isBusy,
    onChange: (text) => void set(text),
  };
  switch (controlOf(setting)) {
    case 'switch':
      return <OnOff {...props} />;
    case 'theme':
      return <Theme {...props} />;
    case 'strategy':
      return <Strategy {...props} />;
    case 'account':
      return <Account {...props} />;
    case 'number':
    case 'text':
      return <Typed {...props} />;
  }
}

/** What it does; what it was, once it was changed; and when a change counts. */
function hintOf(setting: Setting): string {
  const { details, defaultIs, nothing, atNextStart } = words.settings;
  const own: Readonly<Record<string, string>> = details;
  const initial = textOf(setting.default);
  const isTyped = ['number', 'text'].includes(controlOf(setting));
  return [
    own[setting.key] ?? setting.description,
    ...(isTyped && textOf(setting.value) !== initial ? [defaultIs(initial === '' ? nothing : initial)] : []),
    ...(waitsForStart(setting.key) ? [atNextStart] : []),
  ].join(' ');
}

function OnOff({ setting, name, hint, error, isBusy, onChange }: ControlProps) {
  return (
    <div>
      <Switch
        label={name}
        detail={hint}
        isOn={setting.value === true}
        isDisabled={isBusy}
        onChange={(isOn) => onChange(String(isOn))}
      />
      <Refused error={error} />
    </div>
  );
}

function Theme({ setting, name, hint, error, onChange }: ControlProps) {
  const { themes } = words.settings;
  const value = setting.value === 'light' || setting.value === 'dark' ? setting.value : 'system';
  return (
    <div class="setting-line">
      <div>
        <p class="field-label">{name}</p>
        <p class="soft">{hint}</p>
        <Refused error={error} />
      </div>
      <Segmented
        label={name}
        value={value}
        choices={(['system', 'light', 'dark'] as const).map((theme) => ({ value: theme, text: themes[theme] }))}
        onChange={onChange}
      />
    </div>
  );
}

function Strategy({ setting, name, hint, error, onChange }: ControlProps) {
  const choices = snapshot.value?.strategy.choices ?? [];
  const { names } = words.overview.strategy;
  const chosen = textOf(setting.value);
  const meaning = choices.find(({ name }) => name === chosen)?.meaning;
  return (
    <SelectField
      label={name}
      hint={meaning === undefined ? hint : asSentence(meaning)}
      error={error}
      value={chosen}
      choices={choices.map(({ name }) => ({ value: name, text: names[name] ?? name }))}
      onChange={onChange}
    />
  );
}

function Account({ setting, name, hint, error, onChange }: ControlProps) {
  const accounts = snapshot.value?.accounts ?? [];
  const pinned = textOf(setting.value);
  const choices = [
    { value: '', text: words.settings.auto },
    ...accounts.map(({ id, label }) => ({ value: id, text: label })),
  ];
  return (
    <SelectField
      label={name}
      hint={hint}
      error={error}
      value={pinned}
      choices={choices}
      onChange={(id) => onChange(inputOf(id))}
    />
  );
}

/** Saved with Enter or the button, which is there once something was typed. */
function Typed({ setting, name, hint, error, isBusy, onChange }: ControlProps) {
  const known = textOf(setting.value);
  const [typed, setTyped] = useState(known);
  useEffect(() => setTyped(known), [known]);
  const isSame = typed.trim() === known;
  const isNumber = controlOf(setting) === 'number';
  return (
    <form
      class={isNumber ? 'short-field' : undefined}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isSame && !isBusy) onChange(inputOf(typed));
      }}
    >
      <TextField
        label={name}
        hint={hint}
        error={error}
        value={typed}
        placeholder={known === '' && !isNumber ? words.settings.nothing : ''}
        onInput={setTyped}
        action={
          (!isSame || isBusy) && (
            <Button type="submit" isBusy={isBusy} label={`${words.settings.save} ${name}`}>
              {words.settings.save}
            </Button>
          )
        }
      />
    </form>
  );
}

function Refused({ error }: { readonly error: string | undefined }) {
  if (error === undefined) return null;
  return (
    <p class="field-error" role="alert">
      {error}
    </p>
  );
}
