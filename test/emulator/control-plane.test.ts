import { describe, expect, it } from 'vitest';
import { startEmulator } from './emulator.ts';
import { arrayOf, objectOf, stringOf, type JsonObject } from './json.ts';
import { fixture, generate, get, post } from './support.ts';

const RPC = { 'content-type': 'application/x-amz-json-1.0' };

describe('usage', () => {
  it('has the members of the recorded answers', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({
      kind: 'social',
      used: 1012.34,
      limit: 1000,
      overage: true,
      email: 'user@example.com',
    });
    const authorization = `Bearer ${account.newLogin().accessToken}`;
    const query = `origin=AI_EDITOR&resourceType=AGENTIC_REQUEST&isEmailRequired=true&profileArn=${encodeURIComponent(account.profileArn ?? '')}`;
    const { body } = await get(`${emulator.url}/q.us-east-1/getUsageLimits?${query}`, { authorization });
    const recorded = fixture('usage_pro_overage.json');
    expect(Object.keys(body).sort()).toEqual(Object.keys(recorded).sort());
    const [row] = arrayOf(body['usageBreakdownList']).map((one) => objectOf(one));
    const [expected] = arrayOf(recorded['usageBreakdownList']).map((one) => objectOf(one));
    expect(Object.keys(row ?? {}).sort()).toEqual(Object.keys(expected ?? {}).sort());
    expect(row).toMatchObject({
      currentUsageWithPrecision: 1012.34,
      currentOveragesWithPrecision: 12.34,
      overageCharges: 0.49,
    });
    expect(objectOf(body['userInfo'])['email']).toBe('user@example.com');
  });

  it('answers alike over RPC, and the trial is spent before the plan', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({
      kind: 'social',
      plan: 'free',
      used: 50,
      freeTrial: { limit: 500 },
      bonuses: [{ limit: 100 }],
    });
    const login = account.newLogin();
    expect((await generate(emulator, account, login)).status).toBe(200);
    const headers = {
      ...RPC,
      authorization: `Bearer ${login.accessToken}`,
      'x-amz-target': 'AmazonCodeWhispererService.GetUsageLimits',
    };
    const { body } = await post(
      `${emulator.url}/management.us-east-1/`,
      { profileArn: account.profileArn, origin: 'KIRO_CLI' },
      headers,
    );
    const row = objectOf(arrayOf(body['usageBreakdownList'])[0]);
    expect(row['currentUsage']).toBe(50);
    expect(Number(objectOf(row['freeTrialInfo'])['currentUsageWithPrecision'])).toBeGreaterThan(0);
    expect(arrayOf(row['bonuses'])).toHaveLength(1);
  });

  it('the overage switch, and the lag of the counter', async () => {
    let now = Date.now();
    await using emulator = await startEmulator({ now: () => now });
    const account = emulator.addAccount({ kind: 'social', usageLagMs: 60_000 });
    const login = account.newLogin();
    const authorization = `Bearer ${login.accessToken}`;
    await generate(emulator, account, login);
    const used = async (): Promise<number> => {
      const { body } = await get(`${emulator.url}/q.us-east-1/getUsageLimits`, { authorization });
      return Number(objectOf(arrayOf(body['usageBreakdownList'])[0])['currentUsageWithPrecision']);
    };
    expect(await used()).toBe(0);
    now += 60_001;
    expect(await used()).toBeGreaterThan(0);
    const body = { overageConfiguration: { overageStatus: 'ENABLED' }, profileArn: account.profileArn };
    expect((await post(`${emulator.url}/q.us-east-1/setUserPreference`, body, { authorization })).body).toEqual({});
    expect(account.usage.overageEnabled).toBe(true);
  });
});

describe('models and profiles', () => {
  it('lists the models of the plan, in pages', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social' });
    const free = emulator.addAccount({ kind: 'social', plan: 'free' });
    const list = async (bearer: string, more = ''): Promise<JsonObject> =>
      (
        await get(`${emulator.url}/q.us-east-1/ListAvailableModels?origin=AI_EDITOR${more}`, {
          authorization: `Bearer ${bearer}`,
        })
      ).body;
    const login = account.newLogin().accessToken;
    expect(await list(login)).toEqual(fixture('list_available_models.json'));
    const freeIds = arrayOf((await list(free.newLogin().accessToken))['models']).map(
      (model) => objectOf(model)['modelId'],
    );
    expect(freeIds).toEqual(['auto', 'claude-sonnet-4.5', 'claude-haiku-4.5']);
    const ids: unknown[] = [];
    let token = '';
    do {
      const page = await list(login, `&maxResults=3${token === '' ? '' : `&nextToken=${token}`}`);
      ids.push(...arrayOf(page['models']).map((model) => objectOf(model)['modelId']));
      token = stringOf(page['nextToken']);
    } while (token !== '');
    expect(ids).toHaveLength(8);
    expect(new Set(ids).size).toBe(8);
  });

  it('lists the profiles of the region asked', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'identity-center' });
    const authorization = `Bearer ${account.newLogin().accessToken}`;
    const list = async (region: string): Promise<unknown[]> => {
      const url = `${emulator.url}/management.${region}/List-Available-Profiles`;
      return [...arrayOf((await post(url, {}, { authorization })).body['profiles'])];
    };
    expect(await list('us-east-1')).toEqual([]);
    expect(await list('eu-central-1')).toMatchObject([
      { arn: account.profileArn, profileType: 'KIRO', status: 'ACTIVE' },
    ]);
  });

  it('an API key finds its region by GetProfile', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'api-key', apiRegion: 'eu-central-1' });
    const target = 'AmazonCodeWhispererService.GetProfile';
    const headers = {
      ...RPC,
      authorization: `Bearer ${account.apiKey ?? ''}`,
      tokentype: 'API_KEY',
      'x-amz-target': target,
    };
    expect((await post(`${emulator.url}/management.us-east-1/`, {}, headers)).status).toBe(403);
    const found = await post(`${emulator.url}/management.eu-central-1/`, {}, headers);
    expect(objectOf(found.body['profile'])['arn']).toBe(account.profileArn);
  });

  it('does not know what it does not know', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social' });
    const authorization = `Bearer ${account.newLogin().accessToken}`;
    const target = 'AmazonCodeWhispererStreamingService.GenerateAssistantResponse';
    expect(
      (await get(`${emulator.url}/q.us-east-1/ListAvailableModels?origin=x`, { authorization, 'x-amz-target': target }))
        .status,
    ).toBe(404);
    expect((await get(`${emulator.url}/runtime.us-east-1/getUsageLimits`, { authorization })).status).toBe(404);
    const denied = await get(`${emulator.url}/q.us-east-1/getUsageLimits?resourceType=NONSENSE`, { authorization });
    expect([denied.status, denied.body['reason']]).toEqual([403, 'FEATURE_NOT_SUPPORTED']);
  });

  it('searches the web', async () => {
    await using emulator = await startEmulator();
    const account = emulator.addAccount({ kind: 'social' });
    const params = { name: 'web_search', arguments: { query: 'kiro' } };
    const call = { jsonrpc: '2.0', id: '1', method: 'tools/call', params, profileArn: account.profileArn };
    const found = await post(`${emulator.url}/q.us-east-1/mcp`, call, {
      authorization: `Bearer ${account.newLogin().accessToken}`,
    });
    const text = stringOf(objectOf(arrayOf(objectOf(found.body['result'])['content'])[0])['text']);
    expect(JSON.parse(text)).toMatchObject({ results: [{ domain: 'example.com' }, {}, {}] });
  });
});
