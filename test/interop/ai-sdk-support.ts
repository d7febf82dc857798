import { APICallError, jsonSchema, tool } from 'ai';

/** Tools of the AI SDK that read and write these files. */
export function toolsOn(files: Map<string, string>) {
  const path = { type: 'string', description: 'Path of the file' } as const;
  return {
    read_file: tool({
      description: 'Reads a file',
      inputSchema: jsonSchema<{ path: string }>({ type: 'object', properties: { path }, required: ['path'] }),
      execute: (input) => files.get(input.path) ?? 'There is no such file.',
    }),
    write_file: tool({
      description: 'Writes a file',
      inputSchema: jsonSchema<{ path: string; content: string }>({
        type: 'object',
        properties: { path, content: { type: 'string' } },
        required: ['path', 'content'],
        additionalProperties: false,
      }),
      execute: (input) => {
        files.set(input.path, input.content);
        return 'written';
      },
    }),
  };
}

/** The error that a call of a model fails with. @throws when it does not fail, or otherwise */
export async function failure(work: Promise<unknown>): Promise<APICallError> {
  try {
    await work;
  } catch (error) {
    if (APICallError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
