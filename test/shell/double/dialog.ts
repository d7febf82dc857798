import { theMachine, type DialogAnswer } from './machine.ts';
import { requireReady } from './readiness.ts';
import { Doubled } from './strict.ts';

/** `dialog`: answers as the test scripted, in order. One that nobody expected is an error, not a press of the first button. */
class Dialog extends Doubled {
  async showMessageBox(...args: unknown[]): Promise<Electron.MessageBoxReturnValue> {
    const { message = '', detail = '', buttons = ['OK'] } = optionsOf(args);
    const { response } = nextAnswer('message', { message, detail, buttons });
    if (response < 0 || response >= buttons.length)
      throw new Error(`electron double: the dialog has no button ${response}`);
    return { response, checkboxChecked: false };
  }

  async showSaveDialog(...args: unknown[]): Promise<Electron.SaveDialogReturnValue> {
    const { title = '', defaultPath = '' } = optionsOf(args);
    const { filePath } = nextAnswer('save', { message: title, detail: defaultPath, buttons: [] });
    return { canceled: filePath === null, filePath: filePath ?? '' };
  }

  async showOpenDialog(...args: unknown[]): Promise<Electron.OpenDialogReturnValue> {
    const { title = '', defaultPath = '' } = optionsOf(args);
    const { filePaths } = nextAnswer('open', { message: title, detail: defaultPath, buttons: [] });
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

function nextAnswer<K extends DialogAnswer['kind']>(
  kind: K,
  shown: { message: string; detail: string; buttons: readonly string[] },
): Extract<DialogAnswer, { kind: K }> {
  requireReady('dialog module can only be used after app is ready: dialog');
  const { dialogs, dialogAnswers } = theMachine();
  dialogs.push({ kind, ...shown });
  const answer = dialogAnswers.shift();
  if (answer === undefined) throw new Error(`electron double: nobody answers the dialog "${shown.message}"`);
  if (!isKind(answer, kind)) throw new Error(`electron double: the next answer is for a dialog to ${answer.kind}`);
  return answer;
}

function isKind<K extends DialogAnswer['kind']>(
  answer: DialogAnswer,
  kind: K,
): answer is Extract<DialogAnswer, { kind: K }> {
  return answer.kind === kind;
}
