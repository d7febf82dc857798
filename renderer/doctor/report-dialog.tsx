import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { ErrorState, Skeleton } from '../components/feedback.tsx';
import { words } from '../messages/words.ts';
import { useAct } from '../store/act.ts';
import { useAsk } from '../store/ask.ts';
import { toast } from '../store/toasts.ts';

/** The whole text of a bug report, to be read before anything is done with it. */
export function ReportDialog({ onClose }: { readonly onClose: () => void }) {
  const [asked, again] = useAsk('report.preview', {});
  const [isSaving, saveText] = useAct('desktop.saveText');
  const { dialog, promise, preparing, text: label, save, copy, saved, fileName } = words.doctor.report;
  const text = asked.state === 'ready' ? asked.value.text : undefined;
  const keep = async (text: string): Promise<void> => {
    const reply = await saveText({ suggestedName: fileName, text });
    if (reply?.ok !== true || reply.result.path === null) return;
    toast({ tone: 'good', text: saved(reply.result.path) });
    onClose();
  };
  return (
    <Dialog
      title={dialog}
      size="wide"
      onClose={onClose}
      actions={
        text !== undefined && (
          <>
            <CopyButton label={copy} text={text} />
            <Button kind="primary" isBusy={isSaving} onClick={() => void keep(text)}>
              {save}
            </Button>
          </>
        )
      }
    >
      <p class="soft">{asked.state === 'loading' ? preparing : promise}</p>
      {asked.state === 'loading' && <Skeleton lines={8} />}
      {asked.state === 'failed' && <ErrorState error={asked.error} onRetry={again} />}
      {text !== undefined && (
        <pre class="report" role="region" aria-label={label} tabIndex={0}>
          {text}
        </pre>
      )}
    </Dialog>
  );
}
