/** Numbers the events of one response. */
export class EventSequence {
  #next = 0;

  /** @param members the event's other members as JSON text, at least one */
  event(type: string, members: string): string {
    const number = this.#next;
    this.#next += 1;
    return `event: ${type}\ndata: {"type":"${type}","sequence_number":${number},${members}}\n\n`;
  }
}
