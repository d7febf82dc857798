import type { Handlers, ScreenContract } from '../app/contract.ts';

type SignInQuestions = Pick<Handlers<ScreenContract>, 'login.start' | 'handOff.news'>;

/** Pages of the project's own, and of Kiro, that screens link to. */
const ownPages = new Set(['https://kiro.dev/', 'https://app.kiro.dev/', 'https://kiro.dev/docs/']);

/** More than a person signs in at one time. */
const mostPages = 20;

/**
 * The pages that a screen may have opened in the browser: those that the engine named in a sign-in. A screen that was made to
 * ask for any other, by whatever it shows, opens nothing.
 */
export class KnownPages {
  readonly #pages: string[] = [];

  has(url: string): boolean {
    return ownPages.has(url) || this.#pages.includes(url);
  }

  /** The same answers, with each page in them remembered. */
  watch(handlers: SignInQuestions): SignInQuestions {
    return {
      'login.start': async (input) => {
        const begun = await handlers['login.start'](input);
        this.#remember(begun.url);
        return begun;
      },
      'handOff.news': async (input) => {
        const news = await handlers['handOff.news'](input);
        for (const step of news.steps) if (step.type === 'waiting') this.#remember(step.url);
        return news;
      },
    };
  }

  #remember(url: string): void {
    this.#pages.push(url);
    if (this.#pages.length > mostPages) this.#pages.shift();
  }
}
