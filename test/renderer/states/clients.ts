import type { ModelView, Output, ScreenContract } from '../../../app/contract.ts';
import { snapshot } from '../sample.ts';
import { failed, ok, type Answers, type State } from '../state.ts';

type Client = Output<ScreenContract, 'clients.list'>[number];
type Plan = Output<ScreenContract, 'clients.preview'>;

const clients = { page: 'dashboard', route: 'clients', snapshot } as const;

export const openCode: Client = {
  name: 'opencode',
  title: 'OpenCode',
  status: 'ready',
  detail: 'Found on this machine; it does not use Kiro Pool yet.',
  configPath: '/home/ada/.config/opencode/opencode.jsonc',
  canUndo: false,
  model: null,
  smallModel: null,
};

const all: readonly Client[] = [
  {
    ...openCode,
    status: 'configured',
    detail: 'It uses Kiro Pool at http://127.0.0.1:8788.',
    canUndo: true,
    model: 'claude-sonnet-4.5',
  },
  {
    name: 'claude-code',
    title: 'Claude Code',
    status: 'outdated',
    detail: 'It was set up for http://127.0.0.1:8790, where Kiro Pool listens no more.',
    configPath: '/home/ada/.claude/settings.json',
    canUndo: true,
    model: null,
    smallModel: null,
  },
  {
    name: 'codex',
    title: 'Codex',
    status: 'ready',
    detail: 'Found on this machine; it does not use Kiro Pool yet.',
    configPath: '/home/ada/.codex/config.toml',
    canUndo: false,
    model: null,
    smallModel: null,
  },
  {
    name: 'continue',
    title: 'Continue',
    status: 'broken',
    detail: 'Its config cannot be read: line 14 has a bracket too many.',
    configPath: '/home/ada/.continue/config.yaml',
    canUndo: false,
    model: null,
    smallModel: null,
  },
  {
    name: 'zed',
    title: 'Zed',
    status: 'absent',
    detail: 'Not found on this machine.',
    configPath: '/home/ada/.config/zed/settings.json',
    canUndo: false,
    model: null,
    smallModel: null,
  },
  {
    name: 'env',
    title: 'Environment variables',
    status: 'ready',
    detail: 'For any other tool and SDK.',
    configPath: null,
    canUndo: false,
    model: null,
    smallModel: null,
  },
];

const diff = `--- /home/ada/.config/opencode/opencode.jsonc
+++ /home/ada/.config/opencode/opencode.jsonc
@@ -1,9 +1,22 @@
 {
   "$schema": "https://opencode.ai/config.json",
   // The team's own theme.
   "theme": "solarized",
-  "model": "anthropic/claude-sonnet-4-5",
+  "model": "kiro-pool/claude-sonnet-4.5",
   "provider": {
+    "kiro-pool": {
+      "npm": "@ai-sdk/openai-compatible",
+      "name": "Kiro Pool",
+      "options": {
+        "baseURL": "http://127.0.0.1:8788/v1",
+        "apiKey": "{file:/home/ada/.local/share/kiro-pool/client-keys/opencode}",
+      },
+      "models": {
+        "claude-sonnet-4.5": { "name": "Claude Sonnet 4.5", "limit": { "context": 200000, "output": 64000 } },
+      },
+    },
     "ollama": {
       "npm": "@ai-sdk/openai-compatible",
     },
@@ -31,4 +44,5 @@
   "keybinds": {
     "leader": "ctrl+x",
   },
+  "small_model": "kiro-pool/claude-haiku-4.5",
 }
`;

export const openCodePlan: Plan = {
  changes: [{ path: '/home/ada/.config/opencode/opencode.jsonc', kind: 'edit', diff }],
  steps: ['Start OpenCode anew and choose a model of Kiro Pool with /models.'],
};

export const models: readonly ModelView[] = [
  {
    id: 'claude-sonnet-4.5',
    name: 'Claude Sonnet 4.5',
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    inputTypes: ['text', 'image'],
    efforts: [],
  },
  {
    id: 'claude-haiku-4.5',
    name: 'Claude Haiku 4.5',
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    inputTypes: ['text', 'image'],
    efforts: [],
  },
];

export const clientAnswers: Answers = {
  'clients.list': ok([...all]),
  'clients.preview': ok(openCodePlan),
  models: ok([...models]),
};

export const clientStates: readonly State[] = [
  { ...clients, name: 'clients-list', answers: clientAnswers },
  { ...clients, name: 'clients-loading', answers: { 'clients.list': 'never' } },
  {
    ...clients,
    name: 'clients-error',
    answers: { 'clients.list': failed('The record of set-ups cannot be read.', 'See that the data folder is yours.') },
  },
  { ...clients, name: 'clients-stale', answers: clientAnswers, isLinkLost: true },
  {
    ...clients,
    name: 'clients-undo',
    answers: clientAnswers,
    prepare: (page) => page.getByRole('button', { name: 'Undo OpenCode' }).click(),
  },
  {
    ...clients,
    name: 'clients-set-up',
    route: 'clients/opencode',
    answers: clientAnswers,
    prepare: async (page) => {
      await page.getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Write these changes' }).waitFor();
    },
  },
  {
    ...clients,
    name: 'clients-applied',
    route: 'clients/opencode',
    answers: {
      ...clientAnswers,
      'clients.apply': ok({ ...openCodePlan, backups: ['/home/ada/.local/share/kiro-pool/backups/opencode.jsonc.1'] }),
    },
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Write these changes' }).click();
      await page.getByText('OpenCode is set up').waitFor();
    },
  },
  {
    ...clients,
    name: 'clients-environment',
    route: 'clients/env',
    answers: {
      ...clientAnswers,
      'clients.preview': ok({
        changes: [],
        steps: [
          'For tools that speak OpenAI:',
          'export OPENAI_BASE_URL="http://127.0.0.1:8788/v1"\nexport OPENAI_API_KEY="$(cat ~/.local/share/kiro-pool/client-keys/env)"',
        ],
      }),
    },
    prepare: (page) => page.getByRole('button', { name: 'Make the key file' }).waitFor(),
  },
  { ...clients, name: 'clients-broken', route: 'clients/continue', answers: clientAnswers },
  {
    ...clients,
    name: 'clients-no-models',
    route: 'clients/codex',
    answers: {
      ...clientAnswers,
      models: ok([]),
      'clients.preview': failed('No account can tell which models there are.', 'Add an account, or see Doctor.'),
    },
    prepare: (page) => page.getByText('No account can tell').waitFor(),
  },
];
