import { variantsOf, type Sample } from './variants.ts';

const texts: Readonly<Record<string, string>> = {
  empty: '',
  'only comments': '# note 1\n\n# note 2\n',
  'what Continue starts with': 'name: Local Agent\nversion: 1.0.0\nschema: v1\nmodels: []\n',
  'models without a value': 'name: Local\nversion: 1.0.0\nschema: v1\nmodels: # note 1\nrules:\n  - Be brief.\n',
  'comments everywhere': `# note 1
name: Mine # note 2
version: 1.0.0
schema: v1

# note 3
models: # note 4
  # note 5
  - name: GPT # note 6
    provider: openai
    # note 7
    model: gpt-5.6
    roles: [chat, edit] # note 8
  # note 9

# note 10
context:
  - provider: code
# note 11
`,
  'lists that are not indented': `name: Flat
version: 0.0.1
schema: v1
models:
- name: Llama
  provider: ollama
  model: llama3.1:8b
  defaultCompletionOptions:
    contextLength: 32768
- name: Autodetect
  provider: ollama
  model: AUTODETECT
mcpServers:
- name: docs
  command: npx
  args: ["-y", "docs-mcp"]
`,
  'four spaces, quotes and unicode': `name: "Zoë's 🦊"
version: '1.0.0'
schema: v1
models:
    -   name: 'it''s mine'
        provider: openai
        apiBase: "https://llm.acme.example/v1"   # note 1
        apiKey: \${{ secrets.ACME }}
rules:
    - "翻訳: keep it: short"
`,
  'texts over lines': `name: Long
version: 1.0.0
schema: v1
rules:
  - |
    Be brief.
    # this is no comment

    Be kind.
  - >-
    folded
    text
models:
  - name: A
    provider: openai
    model: a
    chatOptions:
      baseSystemMessage: |
        You are

        helpful.
`,
  'everything on one line':
    '{ name: Flow, version: 1.0.0, schema: v1, models: [{ name: A, provider: openai, model: a }] }\n',
  'a list on one line':
    'name: B\nversion: 1.0.0\nschema: v1\nmodels: [{ name: A, provider: x, model: a }] # note 1\ndocs: []\n',
  'with a start of document':
    '---\n# note 1\nname: C\nversion: 1.0.0\nschema: v1\nmodels:\n  - name: A\n    provider: x\n    model: a\n',
  'no models at all':
    'name: D\nversion: 1.0.0\nschema: v1\nprompts:\n  - name: check\n    prompt: "Look: {{{ input }}}" # note 1\n',
};

/** Configs of Continue. */
export const yamlSamples: readonly Sample[] = variantsOf(texts);

/** Texts that are not valid, with where that shows. */
export const brokenYaml: readonly (Sample & { readonly at: string })[] = [
  { name: 'a tab as indentation', text: 'models:\n\t- name: x\n', at: 'line 2' },
  { name: 'a list does not end', text: 'name: x\nmodels: [a, b\n', at: 'line' },
  { name: 'a string does not end', text: 'name: "secret-value\nversion: 1\n', at: 'line' },
  { name: 'a key twice', text: 'name: x\nname: y\n', at: 'line 2' },
  { name: 'indentation that fits nowhere', text: 'a:\n    b: 1\n  c: 2\n', at: 'line 3' },
  { name: 'two values', text: 'a: b: c\n', at: 'line 1' },
  { name: 'an unknown anchor', text: 'a: *nobody\n', at: 'line 1' },
  { name: 'a merge conflict', text: '<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n', at: 'line' },
];
