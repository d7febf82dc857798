/**
 * Replaces what stands between `<!-- NAME -->` and `<!-- /NAME -->` in a page, so that figures in it are never copied by hand.
 * @throws Error when the page has no such place, or several
 */
export function replaceMarked(page: string, name: string, content: string): string {
  const [before, rest, ...others] = page.split(`<!-- ${name} -->`);
  const [, after, ...more] = rest?.split(`<!-- /${name} -->`) ?? [];
  if (before === undefined || after === undefined || others.length > 0 || more.length > 0) {
    throw new Error(`The page needs one place between <!-- ${name} --> and <!-- /${name} -->`);
  }
  return `${before}<!-- ${name} -->\n\n${content.trim()}\n\n<!-- /${name} -->${after}`;
}
