import { useState } from 'preact/hooks';
import type { SnapshotAccount } from '../../app/contract.ts';
import { ConfirmDialog } from '../components/dialog.tsx';
import { Banner } from '../components/feedback.tsx';
import { Checkbox, Switch, TextField } from '../components/field.tsx';
import { money } from '../format/amount.ts';
import { credits } from '../format/credits.ts';
import { words } from '../messages/words.ts';
import { useAct } from '../store/act.ts';

/** Whether an account may spend beyond its plan. To allow it takes a tick below a sentence that says it costs money. */
export function OverageDialog({
  account,
  onClose,
}: {
  readonly account: SnapshotAccount;
  readonly onClose: () => void;
}) {
  const text = words.overview.overage;
  const { overage } = account;
  const [isAllowed, setAllowed] = useState(overage.isAllowed);
  const [cap, setCap] = useState(overage.dailyCap === null ? '' : String(overage.dailyCap));
  const [isAgreed, setAgreed] = useState(overage.isAllowed);
  const [isTried, setTried] = useState(false);
  const [isBusy, save] = useAct('accounts.overage');
  const dailyCap = capOf(cap);

  const confirm = async (): Promise<void> => {
    setTried(true);
    if (isAllowed && (dailyCap === 'bad' || !isAgreed)) return;
    const reply = await save(
      { id: account.id, isAllowed, ...(typeof dailyCap === 'number' ? { dailyCap } : {}) },
      text.saved(account.label),
    );
    if (reply?.ok === true) onClose();
  };
  return (
    <ConfirmDialog
      title={text.title(account.label)}
      confirm={isAllowed && !overage.isAllowed ? text.allowAndSave : text.save}
      kind="primary"
      isBusy={isBusy}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <Banner tone="warn" icon="money" title={text.costs}>
        <p>{text.explain}</p>
        {overage.charges > 0 && <p>{text.soFar(credits(overage.credits), money(overage.charges, overage.currency))}</p>}
      </Banner>
      <Switch label={text.allow} detail={text.allowDetail} isOn={isAllowed} onChange={setAllowed} />
      {isAllowed && (
        <>
          <TextField
            label={text.cap}
            value={cap}
            unit={text.unit}
            type="decimal"
            hint={text.capHint}
            error={dailyCap === 'bad' ? text.capBad : undefined}
            onInput={setCap}
          />
          {overage.isOnAtKiro !== true && (
            <p class="soft">{overage.isOnAtKiro === false ? text.offAtKiro : text.unknownAtKiro}</p>
          )}
          {!overage.isAllowed && (
            <Checkbox
              label={text.agree}
              isChecked={isAgreed}
              error={isTried && !isAgreed ? text.mustAgree : undefined}
              onChange={setAgreed}
            />
          )}
        </>
      )}
    </ConfirmDialog>
  );
}

/** Null for no cap. */
function capOf(text: string): number | null | 'bad' {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const value = Number(trimmed);
  return Number.isFinite(value) && value >= 0 && value <= 1_000_000 ? value : 'bad';
}
