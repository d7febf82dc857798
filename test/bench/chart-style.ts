/** What the pictures of the bench have in common: text, grid and colours that read on light and dark pages. */
export const chartStyle = [
  'text{font:600 12px system-ui,sans-serif;fill:#1f2328}',
  '.s{font-weight:400;font-size:11px;fill:#59636e}',
  '.g{stroke:#59636e;stroke-opacity:.22}',
  '.a{stroke:#59636e;stroke-opacity:.6}',
  '.l{fill:none;stroke:#0969da;stroke-width:1.8}',
  '.d{fill:#0969da}',
  '.y{fill:none;stroke:#59636e;stroke-width:1.4;stroke-dasharray:5 3}',
  '.p{fill:#59636e;fill-opacity:.55}',
  '.f{stroke:#bc4c00;stroke-width:1.4;stroke-dasharray:2 3}',
  '.t{stroke:#1a7f37;stroke-width:2}',
  '.w{fill:none;stroke:#59636e;stroke-width:1.4}',
  '.m{fill:#d1242f}',
  '@media (prefers-color-scheme:dark){',
  'text{fill:#f0f6fc}.s{fill:#9198a1}.g,.a,.y,.w{stroke:#9198a1}.l{stroke:#4493f8}.d{fill:#4493f8}',
  '.p{fill:#9198a1}.f{stroke:#db6d28}.t{stroke:#3fb950}.m{fill:#f85149}',
  '}',
].join('');

/** An SVG with a title that is read aloud. */
export function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${title}</title>`,
    `<style>${chartStyle}</style>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

/** Text at a place; `look` is a class of the style. */
export function label(x: number, y: number, text: string, look = 's', anchor = 'start'): string {
  const shown = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text class="${look}" x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${shown}</text>`;
}
