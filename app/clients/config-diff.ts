import { createTwoFilesPatch } from 'diff';

/**
 * A unified diff with three lines of context, without secrets: the user's own config may hold keys of other providers next to
 * where ours goes. Null stands for no file.
 */
export function configDiff(path: string, before: string | null, after: string | null): string {
  if (before === after) return '';
  const patch = createTwoFilesPatch(
    before === null ? '/dev/null' : path,
    after === null ? '/dev/null' : path,
    masked(before ?? ''),
    masked(after ?? ''),
    undefined,
    undefined,
    { context: 3 },
  );
  return patch.slice(patch.indexOf('--- '));
}

/** Line by line, so that the diff stays one of lines. */
function masked(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map(maskedLine)
    .join('\n');
}

function maskedLine(line: string): string {
  return line
    .replaceAll(namedSecret, (whole, name: string, quote: string, value: string) =>
      isReference(value) ? whole : `${name}${quote}[redacted]`,
    )
    .replaceAll(bareSecret, '[redacted]');
}

/** What names a secret without being one: a variable, a file, a command; and numbers such as `max_tokens`. */
function isReference(value: string): boolean {
  return /^\s*(?:\{|\$|\[|cat |powershell |[\d.]{1,9}\s*$|(?:true|false|null)\b|[A-Z]+_[A-Z_]+\s*$)/.test(value);
}

const namedSecret =
  /((?:key|token|secret|password|passwd|authorization|credential|cookie)[\w-]*["']?\s*[:=]\s*)(["']?)([^"',}#\n]+)/gi;

/** Keys of providers that say what they are, wherever they stand. */
const bareSecret =
  /(?<![\w/.-])(?:sk|pk|rk|kp|ksk|ghp|gho|ghs|github_pat|glpat|hf|gsk|xox[abprs]|aoa|aor|AKIA|AIza|eyJ)[-_]?[\w-]{12,}(?:\.[\w.-]+)?/g;
