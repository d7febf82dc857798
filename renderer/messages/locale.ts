/** The tag of the language that is shown, for `Intl`. */
export const locale = 'en';
