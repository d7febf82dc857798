import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { picture } from '../interop/picture.ts';
import type { RealClient } from './real-client.ts';

/** Draws one red pixel into `red.png` of the client's project. */
export async function drawPicture({ project }: RealClient): Promise<string> {
  const file = join(project, 'red.png');
  await writeFile(file, Buffer.from(picture.slice(picture.indexOf(',') + 1), 'base64'));
  return file;
}
