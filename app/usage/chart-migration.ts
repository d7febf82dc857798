/** What the charts show besides, of one request: how it ended, when its first token came, how full its context was. */
const figures = `
  sum(outcome NOT IN ('served', 'ok', 'client-left', 'invalid-request', 'wrong-key', 'forbidden', 'route-not-found',
    'method-not-allowed', 'body-too-large', 'model-not-found', 'context-overflow', 'paused', 'shutting-down')) AS failures,
  total(firstTokenMs) AS firstTokenSum, count(firstTokenMs) AS firstTokenCount, ifnull(max(firstTokenMs), 0) AS firstTokenMax,
  total(contextPercent) AS contextSum, count(contextPercent) AS contextCount, ifnull(max(contextPercent), 0) AS contextMax`;

/**
 * Adds to the sums of days what charts show besides credits, and sums of hours. Both are filled from the requests that are still
 * there: older days keep their credits and have none of the rest.
 */
export const chartMigration = `
  ALTER TABLE days ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE days ADD COLUMN firstTokenSum REAL NOT NULL DEFAULT 0;
  ALTER TABLE days ADD COLUMN firstTokenCount INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE days ADD COLUMN firstTokenMax REAL NOT NULL DEFAULT 0;
  ALTER TABLE days ADD COLUMN contextSum REAL NOT NULL DEFAULT 0;
  ALTER TABLE days ADD COLUMN contextCount INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE days ADD COLUMN contextMax REAL NOT NULL DEFAULT 0;
  UPDATE days SET (failures, firstTokenSum, firstTokenCount, firstTokenMax, contextSum, contextCount, contextMax) = (
      found.failures, found.firstTokenSum, found.firstTokenCount, found.firstTokenMax,
      found.contextSum, found.contextCount, found.contextMax)
    FROM (
      SELECT strftime('%Y-%m-%d', at / 1000, 'unixepoch') AS day, ifnull(account, '') AS account, model, key, ${figures}
      FROM requests GROUP BY 1, 2, 3, 4) AS found
    WHERE days.day = found.day AND days.account = found.account AND days.model = found.model AND days.key = found.key;
  CREATE TABLE hours (
    hour INTEGER NOT NULL, account TEXT NOT NULL, model TEXT NOT NULL, key TEXT NOT NULL,
    credits REAL NOT NULL, requests INTEGER NOT NULL, inputTokens INTEGER NOT NULL, outputTokens INTEGER NOT NULL,
    failures INTEGER NOT NULL, firstTokenSum REAL NOT NULL, firstTokenCount INTEGER NOT NULL, firstTokenMax REAL NOT NULL,
    contextSum REAL NOT NULL, contextCount INTEGER NOT NULL, contextMax REAL NOT NULL,
    PRIMARY KEY (hour, account, model, key)) WITHOUT ROWID;
  INSERT INTO hours
    (hour, account, model, key, credits, requests, inputTokens, outputTokens,
     failures, firstTokenSum, firstTokenCount, firstTokenMax, contextSum, contextCount, contextMax)
    SELECT at - at % 3600000, ifnull(account, ''), model, key,
      total(credits), count(*), ifnull(sum(inputTokens), 0), ifnull(sum(outputTokens), 0), ${figures}
    FROM requests GROUP BY 1, 2, 3, 4;`;
