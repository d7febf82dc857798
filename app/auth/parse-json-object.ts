/**
 * Parses a JSON object that may hold secrets; `undefined` when the text is none. The engine's own syntax error quotes the
 * text around the fault, which could be a token, so it goes no further than here.
 */
export function parseJsonObject(text: string): object | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
