import * as v from 'valibot';

/** What a client printed in JSON, one event a line; lines of other kinds are left out. @throws for an event that does not fit */
export function jsonLines<Schema extends v.GenericSchema>(schema: Schema, output: string): v.InferOutput<Schema>[] {
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => v.parse(schema, JSON.parse(line)));
}
