import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TurnError } from '../../app/conversation/turn-error.ts';
import { DocumentNames } from '../../app/kiro/documents.ts';

function namesOf(...names: readonly string[]): string[] {
  const known = new DocumentNames();
  // Each in a message of its own.
  return names.flatMap((name) =>
    known.toWire([{ type: 'document', format: 'pdf', name, base64: 'JVBERg==' }]).map((document) => document.name),
  );
}

test('any name becomes one that Kiro takes, and no two are the same', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('a.pdf', 'A b', '', '…', 'a (2)'),
  );
  fc.assert(
    fc.property(fc.array(name, { maxLength: 12 }), (names) => {
      const wire = namesOf(...names);
      for (const each of wire) {
        expect(each).toMatch(/^[\p{L}\p{N} \-_()[\]]{1,200}$/u);
        expect(each).not.toContain('  ');
      }
      expect(new Set(wire).size).toBe(names.length);
    }),
  );
});

test('what the user calls it stays readable', () => {
  expect(namesOf('Größe & Preis: Q3.pdf', 'Größe & Preis: Q3.PDF', '')).toEqual([
    'Größe Preis Q3',
    'Größe Preis Q3 (2)',
    'document',
  ]);
});

test('a message with more than Kiro takes is refused', () => {
  const document = { type: 'document', format: 'pdf', name: 'a', base64: 'JVBERg==' } as const;
  expect(() => new DocumentNames().toWire(Array.from({ length: 6 }, () => document))).toThrow(TurnError);
});
