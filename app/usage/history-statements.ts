import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { addOverageSql } from './daily-sums.ts';
import { requestColumns } from './request-row.ts';
import { rollUpSql } from './roll-up.ts';

/** What is asked of usage.db and written to it again and again; they live as long as the database that they are of. */
export type Statements = Readonly<
  Record<
    | 'insert'
    | 'rollUpDay'
    | 'rollUpHour'
    | 'insertChange'
    | 'addOverage'
    | 'insertSnapshot'
    | 'recent'
    | 'recentChanges',
    StatementSync
  >
>;

export function prepare(database: DatabaseSync): Statements {
  const marks = requestColumns.map(() => '?').join(', ');
  return {
    insert: database.prepare(`INSERT OR IGNORE INTO requests (${requestColumns.join(', ')}) VALUES (${marks})`),
    rollUpDay: database.prepare(rollUpSql('days')),
    rollUpHour: database.prepare(rollUpSql('hours')),
    insertChange: database.prepare('INSERT INTO state_changes VALUES (?, ?, ?, ?, ?)'),
    addOverage: database.prepare(addOverageSql),
    insertSnapshot: database.prepare('INSERT OR REPLACE INTO usage_snapshots VALUES (?, ?, ?, ?, ?, ?)'),
    recent: database.prepare('SELECT * FROM requests ORDER BY at DESC, rowid DESC LIMIT ?'),
    recentChanges: database.prepare('SELECT * FROM state_changes ORDER BY at DESC, rowid DESC LIMIT ?'),
  };
}
