/**
 * `npm run icons`: renders the drawings in `build/icons` with librsvg (Debian: `apt install librsvg2-bin`). The results are
 * committed, so that nobody else needs it.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toIcns, toIco } from './icon-containers.ts';
import {
  appSizes,
  icnsSizes,
  icoSizes,
  panels,
  smallUpTo,
  templateSize,
  trayIcoSizes,
  traySizes,
  trayStates,
} from './icon-set.ts';

const folder = join(import.meta.dirname, 'icons');

renderApp();
renderTray();

function renderApp(): void {
  const out = emptied('app');
  const png = (size: number): Buffer => render(drawing(size <= smallUpTo ? 'app-small' : 'app'), size);
  for (const size of appSizes) writeFileSync(join(out, `${size}x${size}.png`), png(size));
  writeFileSync(join(out, 'app.ico'), toIco(icoSizes.map((size) => ({ size, png: png(size) }))));
  writeFileSync(
    join(out, 'app.icns'),
    toIcns(icnsSizes.map((size) => ({ size, png: render(onAppleGrid(size), size) }))),
  );
}

function renderTray(): void {
  const out = emptied('tray');
  for (const state of trayStates) {
    const svg = drawing(`tray-${state}`);
    for (const [panel, colour] of Object.entries(panels)) {
      const png = (size: number): Buffer => render(svg.replace('color="#000"', `color="${colour}"`), size);
      for (const size of traySizes) writeFileSync(join(out, `tray-${state}-on-${panel}-${size}.png`), png(size));
      const ico = toIco(trayIcoSizes.map((size) => ({ size, png: png(size) })));
      writeFileSync(join(out, `tray-${state}-on-${panel}.ico`), ico);
    }
    // macOS knows a template, and its double for fine screens, by these ends of the name.
    writeFileSync(join(out, `tray-${state}Template.png`), render(svg, templateSize));
    writeFileSync(join(out, `tray-${state}Template@2x.png`), render(svg, 2 * templateSize));
  }
}

/** Apple's grid leaves free a twelfth of the picture or so on each side, where other systems want it filled. */
function onAppleGrid(size: number): string {
  return size <= smallUpTo
    ? drawing('app-small').replace('viewBox="0 0 16 16"', 'viewBox="-1 -1 18 18"')
    : drawing('app').replace('viewBox="0 0 1024 1024"', 'viewBox="-75 -75 1174 1174"');
}

function drawing(name: string): string {
  return readFileSync(join(folder, `${name}.svg`), 'utf8');
}

function render(svg: string, size: number): Buffer {
  return execFileSync('rsvg-convert', ['--width', String(size), '--height', String(size)], { input: svg });
}

function emptied(name: string): string {
  const path = join(folder, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  return path;
}
