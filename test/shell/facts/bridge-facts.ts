import { expect } from '@playwright/test';
import { docs, source, type Fact } from './fact.ts';

const bridge = source('shell/renderer/api/electron_api_context_bridge.cc');

/** The bridge of a preload, and the world that it runs in. */
export const bridgeFacts: readonly Fact[] = [
  {
    says: 'what is exposed is frozen to its last object',
    source: docs('api/context-bridge#api'),
    async check({ page }) {
      const frozen = await page.evaluate(() => {
        const { fixture } = window;
        return [fixture, fixture.nested, fixture.nested.list, fixture.nested.point].map((each) =>
          Object.isFrozen(each),
        );
      });
      expect(frozen).toEqual([true, true, true, true]);
    },
  },
  {
    says: 'the page can neither replace nor remove what is exposed',
    source: bridge,
    async check({ page }) {
      const descriptor = await page.evaluate(() => {
        const { writable, configurable } = Object.getOwnPropertyDescriptor(window, 'fixture') ?? {};
        return { writable, configurable };
      });
      expect(descriptor).toEqual({ writable: false, configurable: false });
    },
  },
  {
    says: 'exposing a name that the window has already throws',
    source: bridge,
    async check({ page }) {
      expect(await page.evaluate(() => window.fixture.exposeAgain())).toBe(
        'Cannot bind an API on top of an existing property on the window object',
      );
    },
  },
  {
    says: 'functions are called across the bridge, however deep they lie, and callbacks of the page with copies',
    source: docs('api/context-bridge#api-functions'),
    async check({ page }) {
      const got = await page.evaluate(() => [
        window.fixture.nested.deep.call(),
        window.fixture.callBack(({ answer }) => answer + 1),
      ]);
      expect(got).toEqual(['called', 43]);
    },
  },
  {
    says: 'a function of the page that comes back is the function itself',
    source: bridge,
    async check({ page }) {
      const isSame = await page.evaluate(() => {
        const mine = (): void => undefined;
        return window.fixture.same(mine) === mine;
      });
      expect(isSame).toBe(true);
    },
  },
  {
    says: 'an error that is thrown across the bridge keeps its message, and is an Error of the page',
    source: bridge,
    async check({ page }) {
      const got = await page.evaluate(() => {
        try {
          return window.fixture.throwError();
        } catch (error) {
          return error instanceof Error && [error.name, error.message];
        }
      });
      expect(got).toEqual(['Error', 'from the preload']);
    },
  },
  {
    says: 'what is thrown and is no object becomes an error without its text',
    source: bridge,
    async check({ page }) {
      const got = await page.evaluate(() => {
        try {
          return window.fixture.throwText();
        } catch (error) {
          return error instanceof Error && error.message;
        }
      });
      expect(got).toContain('a valid exception was not thrown');
    },
  },
  {
    says: 'a promise that rejects across the bridge keeps the message of its error, and loses its class',
    source: docs('api/context-bridge#parameter--error--return-type-support'),
    async check({ page }) {
      const got = await page.evaluate(() =>
        window.fixture
          .reject()
          .then(() => [])
          .catch((error: unknown) => error instanceof Error && [error.name, error.message]),
      );
      expect(got).toEqual(['Error', 'later']);
    },
  },
  {
    says: 'an instance of a class loses its prototype on the bridge',
    source: docs('api/context-bridge#parameter--error--return-type-support'),
    async check({ page }) {
      const got = await page.evaluate(() => {
        const { point } = window.fixture.nested;
        return [point.x, point.twice, Object.getPrototypeOf(point) === Object.prototype];
      });
      expect(got).toEqual([3, undefined, true]);
    },
  },
  {
    says: 'a Date crosses the bridge as a Date of the page',
    source: docs('api/context-bridge#parameter--error--return-type-support'),
    async check({ page }) {
      expect(await page.evaluate(() => window.fixture.nested.when instanceof Date)).toBe(true);
    },
  },
  {
    says: 'the page has neither require nor process nor what the preload put on its own global object',
    source: docs('tutorial/context-isolation'),
    async check({ page }) {
      const types = await page.evaluate(() =>
        ['require', 'process', 'module', 'preloadGlobal'].map((name) => typeof Reflect.get(window, name)),
      );
      expect(types).toEqual(['undefined', 'undefined', 'undefined', 'undefined']);
    },
  },
  {
    says: 'the preload does not see the globals of the page, and shares its document',
    source: docs('tutorial/context-isolation'),
    async check({ page }) {
      const got = await page.evaluate(() => [
        typeof Reflect.get(window, 'pageGlobal'),
        window.fixture.typeOfPageGlobal(),
        window.fixture.titleOfPage(),
      ]);
      expect(got).toEqual(['string', 'undefined', 'Fixture']);
    },
  },
  {
    says: 'a sandboxed preload gets electron, events, timers and url, and no other module',
    source: docs('tutorial/sandbox#preload-scripts'),
    async check({ page }) {
      const got = await page.evaluate(() =>
        ['electron', 'events', 'timers', 'url', 'node:events', 'fs', 'path', './other.cjs'].map((name) =>
          window.fixture.require(name),
        ),
      );
      const not = (name: string): string => `module not found: ${name}`;
      expect(got).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
        undefined,
        not('fs'),
        not('path'),
        not('./other.cjs'),
      ]);
    },
  },
  {
    says: 'the process object of a sandboxed preload says so',
    source: docs('api/process#processsandboxed-readonly'),
    async check({ page }) {
      expect(await page.evaluate(() => window.fixture.process)).toEqual({
        sandboxed: true,
        type: 'renderer',
        contextIsolated: true,
      });
    },
  },
];
