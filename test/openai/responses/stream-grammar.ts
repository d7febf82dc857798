import type { OutputItem } from '../../../app/openai/responses/output-items.ts';
import type { ResponseObject } from '../../../app/openai/responses/response.ts';

/** Any event of a response's stream, as a client may read it. */
export interface StreamEvent {
  readonly type: string;
  readonly sequence_number: number;
  readonly response?: ResponseObject;
  readonly output_index?: number;
  readonly item_id?: string;
  readonly content_index?: number;
  readonly summary_index?: number;
  readonly item?: OutputItem;
  readonly part?: { readonly type: string; readonly text: string };
  readonly delta?: string;
  readonly text?: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly input?: string;
}

/** The events in a piece of a stream, each named as its data says. */
export function eventsOf(sse: string): StreamEvent[] {
  return sse
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      const [, name, json] = /^event: ([\w.]+)\ndata: ([^\r\n]*)$/.exec(block) ?? [];
      if (json === undefined) throw new Error(`not an event: ${block}`);
      const event: StreamEvent = JSON.parse(json);
      if (event.type !== name) throw new Error(`${event.type} is named ${name}`);
      return event;
    });
}

/**
 * Reads a whole stream as strictly as OpenAI describes it, and returns the last response.
 * @throws Error at the first event that is out of place, or says other than those before it
 */
export function readStream(sse: string): ResponseObject {
  const reader = new StreamReader();
  for (const event of eventsOf(sse)) reader.read(event);
  return reader.last();
}

/** How the parts of an item are called in its events, and what the item holds of them. */
const FORMS = {
  message: { part: 'content_part', text: 'output_text', index: 'content_index' },
  reasoning: { part: 'reasoning_summary_part', text: 'reasoning_summary_text', index: 'summary_index' },
  function_call: { text: 'function_call_arguments' },
  custom_tool_call: { text: 'custom_tool_call_input' },
} as const;

const SEARCH_STEPS = ['in_progress', 'searching', 'completed'].map((step) => `response.web_search_call.${step}`);

interface OpenItem {
  readonly item: OutputItem;
  readonly index: number;
  state: 'added' | 'part' | 'text-done' | 'part-done';
  text: string;
  /** The steps of a search that were told. */
  steps: number;
}

class StreamReader {
  readonly #open = new Map<string, OpenItem>();
  readonly #done: OutputItem[] = [];
  readonly #ids = new Set<string>();
  #count = 0;
  #added = 0;
  #id: string | undefined;
  #last: ResponseObject | undefined;

  read(event: StreamEvent): void {
    const claim = (isSo: boolean, what: string): void => {
      if (!isSo) throw new Error(`event ${this.#count}: ${what}: ${JSON.stringify(event)}`);
    };
    claim(this.#last === undefined, 'comes after the end');
    claim(event.sequence_number === this.#count, 'is numbered wrongly');
    this.#read(event, claim);
    this.#count += 1;
  }

  last(): ResponseObject {
    if (!this.#last) throw new Error('the stream has no end');
    return this.#last;
  }

  #read(event: StreamEvent, claim: (isSo: boolean, what: string) => void): void {
    if (this.#count < 2) {
      claim(event.type === ['response.created', 'response.in_progress'][this.#count], 'does not open the stream');
      claim(event.response?.status === 'in_progress' && event.response.output.length === 0, 'is no beginning');
      claim(this.#count === 0 || event.response?.id === this.#id, 'is of another response');
      this.#id = event.response?.id;
      return;
    }
    if (event.type === 'response.output_item.added') {
      const { item } = event;
      if (!item) throw new Error('an item is missing');
      claim(event.output_index === this.#added, 'is not the next item');
      claim(item.status === 'in_progress' && !this.#ids.has(item.id), 'is not new');
      claim(textIn(item) === undefined || textIn(item) === '', 'begins with text');
      this.#ids.add(item.id);
      this.#added += 1;
      this.#open.set(item.id, { item, index: event.output_index ?? -1, state: 'added', text: '', steps: 0 });
      return;
    }
    if (event.response) {
      this.#end(event, event.response, claim);
      return;
    }
    const open = this.#open.get(event.item?.id ?? event.item_id ?? '');
    if (!open) return claim(false, 'is of no open item');
    claim(event.output_index === open.index, 'is at another place than its item');
    if (event.type === 'response.output_item.done') this.#finish(event, open, claim);
    else inside(event, open, claim);
  }

  #finish({ item }: StreamEvent, open: OpenItem, claim: (isSo: boolean, what: string) => void): void {
    if (!item) return claim(false, 'has no item');
    const isTold = textIn(item) !== undefined;
    const wanted = isTold
      ? item.type === 'message' || item.type === 'reasoning'
        ? 'part-done'
        : 'text-done'
      : 'added';
    claim(item.type !== 'web_search_call' || open.steps === SEARCH_STEPS.length, 'ends a search too early');
    claim(open.state === wanted, `ends an item that is only ${open.state}`);
    claim(item.type === open.item.type && item.status !== 'in_progress', 'is not what was added');
    claim((textIn(item) ?? '') === open.text, 'has another text than its deltas');
    this.#open.delete(item.id);
    this.#done[open.index] = item;
  }

  #end(event: StreamEvent, response: ResponseObject, claim: (isSo: boolean, what: string) => void): void {
    claim(['completed', 'incomplete', 'failed'].includes(response.status), 'is no end');
    claim(event.type === `response.${response.status}`, 'says another status');
    claim(response.id === this.#id, 'is of another response');
    claim(response.status !== 'completed' || this.#open.size === 0, 'leaves items open');
    const done = this.#done.filter((item) => item !== undefined);
    claim(JSON.stringify(response.output) === JSON.stringify(done), 'does not hold the items that are done');
    claim((response.error !== null) === (response.status === 'failed'), 'has an error or none');
    claim((response.incomplete_details !== null) === (response.status === 'incomplete'), 'has details or none');
    this.#last = response;
  }
}

/** An event inside of an item: of its one part, of its text, or the last of either. */
function inside(event: StreamEvent, open: OpenItem, claim: (isSo: boolean, what: string) => void): void {
  if (open.item.type === 'web_search_call') {
    claim(event.type === SEARCH_STEPS[open.steps], 'is not the next step of a search');
    open.steps += 1;
    return;
  }
  const form = FORMS[open.item.type];
  const start = 'part' in form ? 'part' : 'added';
  if ('part' in form) claim(event[form.index] === 0, 'is of another part');
  switch (event.type) {
    case `response.${'part' in form ? form.part : ''}.added`:
      claim(open.state === 'added' && event.part?.text === '', 'is a second part');
      open.state = 'part';
      break;
    case `response.${form.text}.delta`:
      claim(open.state === start && event.delta !== '' && event.delta !== undefined, 'is no delta here');
      open.text += event.delta ?? '';
      break;
    case `response.${form.text}.done`:
      claim(open.state === start, 'is a second end');
      claim((event.text ?? event.arguments ?? event.input) === open.text, 'has another text than its deltas');
      claim(open.item.type !== 'function_call' || event.name === open.item.name, 'names another function');
      open.state = 'text-done';
      break;
    case `response.${'part' in form ? form.part : ''}.done`:
      claim(open.state === 'text-done' && event.part?.text === open.text, 'has another text than its deltas');
      open.state = 'part-done';
      break;
    default:
      claim(false, 'does not belong to such an item');
  }
}

/** The text that an item holds; undefined when it holds none. */
function textIn(item: OutputItem): string | undefined {
  switch (item.type) {
    case 'message':
      return item.content[0]?.text;
    case 'reasoning':
      return item.summary[0]?.text;
    case 'function_call':
      return item.arguments;
    case 'custom_tool_call':
      return item.input;
    case 'web_search_call':
      return undefined;
  }
}
