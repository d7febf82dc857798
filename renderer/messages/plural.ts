import { locale } from './locale.ts';

/** The forms that a language may have; `other` is what all of them have. */
type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string };

let rules: Intl.PluralRules | undefined;

/** The form that goes with a number; the sentence writes the number itself, since only it knows how. */
export function plural(count: number, forms: Forms): string {
  rules ??= new Intl.PluralRules(locale);
  return forms[rules.select(count)] ?? forms.other;
}
