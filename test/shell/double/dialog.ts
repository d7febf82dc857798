import { theMachine, type DialogAnswer } from './machine.ts';
import { requireReady } from './readiness.ts';
import { Doubled } from './strict.ts';

/** `dialog`: answered as the test scripts it, in order, before or after it is shown. Until then it stays open, as a real one. */
class Dialog extends Doubled {
  async showMessageBox(...args: unknown[]): Promise<Electron.MessageBoxReturnValue> {
    const { message = '', detail = '', buttons = ['OK'] } = optionsOf(args);
    const { response } = await nextAnswer('message', { message, detail, buttons });
    if (response < 0 || response >= buttons.length)
      throw new Error(`electron double: the dialog has no button ${response}`);
    return { response, checkboxChecked: false };
  }

  async showSaveDialog(...args: unknown[]): Promise<Electron.SaveDialogReturnValue> {
    const { title = '', defaultPath = '' } = optionsOf(args);
    const { filePath } = await nextAnswer('save', { message: title, detail: defaultPath, buttons: [] });
    return { canceled: filePath === null, filePath: filePath ?? '' };
  }

  async showOpenDialog(...args: unknown[]): Promise<Electron.OpenDialogReturnValue> {
    const { title = '', defaultPath = '' } = optionsOf(args);
    const { filePaths } = await nextAnswer('open', { message: title, detail: defaultPath, buttons: [] });
    return { canceled: filePaths.length === 0, filePaths: [...filePaths] };
  }

  showErrorBox(title: string, content: string): void {
    theMachine().dialogs.push({ kind: 'error', message: title, detail: content, buttons: [] });
  }
}

export const dialog = new Dialog();

interface DialogOptions {
  readonly title?: string;
  readonly message?: string;
  readonly detail?: string;
  readonly defaultPath?: string;
  readonly buttons?: readonly string[];
}

/** A window may come first. */
function optionsOf(args: unknown[]): DialogOptions {
  const options: DialogOptions = JSON.parse(JSON.stringify(args.at(-1) ?? {}));
  return options;
}

async function nextAnswer<K extends DialogAnswer['kind']>(
  kind: K,
  shown: { message: string; detail: string; buttons: readonly string[] },
): Promise<Extract<DialogAnswer, { kind: K }>> {
  requireReady('dialog module can only be used after app is ready: dialog');
  const { dialogs, dialogAnswers, openDialogs } = theMachine();
  dialogs.push({ kind, ...shown });
  const answer = dialogAnswers.shift() ?? (await new Promise<DialogAnswer>((resolve) => openDialogs.push(resolve)));
  if (!isKind(answer, kind)) throw new Error(`electron double: the next answer is for a dialog to ${answer.kind}`);
  return answer;
}

function isKind<K extends DialogAnswer['kind']>(
  answer: DialogAnswer,
  kind: K,
): answer is Extract<DialogAnswer, { kind: K }> {
  return answer.kind === kind;
}
