import { en } from './en.ts';

/** Every sentence of the screens, in the language that is shown. Another language is another object of this type. */
export const words = en;
