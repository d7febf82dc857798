/** What must not be written: the entry waits for a readiness that comes only after it. */
import { app } from 'electron';

await app.whenReady();
process.stdout.write('never\n');
