import { variantsOf, type Sample } from './variants.ts';

const texts: Readonly<Record<string, string>> = {
  empty: '',
  'only comments': '# note 1\n\n# note 2\n',
  'a model and nothing else': 'model = "gpt-5.6"\n',
  'comments everywhere': `# note 1
model = "gpt-5.6" # note 2
# note 3
approval_policy = "on-request"

# note 4
[features] # note 5
# note 6
plugins = false # note 7
# note 8
`,
  'projects and their trust': `model_reasoning_effort = "high"

[projects."/home/zoë/work/app"]
trust_level = "trusted"

[projects.'C:\\Users\\me\\app']
trust_level = "untrusted"
`,
  'other providers': `model_provider = "azure"

[model_providers.azure]
name = "Azure" # note 1
base_url = "https://acme.openai.azure.example/openai/v1"
env_key = "AZURE_OPENAI_API_KEY"
query_params = { api-version = "2026-04-01-preview" }
wire_api = "responses"

# note 2
[model_providers.ollama]
name = "Ollama"
base_url = "http://localhost:11434/v1"
`,
  'MCP servers and lists over lines': `[mcp_servers.docs]
command = "npx"
args = [
  "-y", # note 1
  "docs-mcp@latest",
]
env = { "TOKEN_FILE" = "/run/secrets/docs" }

[mcp_servers.docs.tools.search]
approval_mode = "approve"
`,
  'texts over lines and numbers': `developer_instructions = """
Be brief.
# this is no comment
"""
note = '''raw \\ text'''
big = 1_000_000
ratio = 6.626e-34
hex = 0xDEADBEEF
at = 2026-10-19T07:32:00Z
`,
  'lists of tables': `[[hooks]]
name = "a" # note 1

[[hooks]]
name = "b"

[tui]
theme = "dark"
`,
  'indented and spaced': `  model   =   "x"

  [tui]
    notifications = [ "agent-turn-complete",   "approval-requested" ]
`,
  'a provider of the same name, set up by hand': `model = "auto"
model_provider = "kiro-pool"

# note 1
[model_providers.kiro-pool]
name = "My pool" # note 2
base_url = "http://127.0.0.1:9999/v1"
wire_api = "responses"
env_key = "OTHER"
`,
  'dotted keys': 'tui.theme = "dark" # note 1\nsandbox_workspace_write.network_access = true\n',
};

/** Configs of Codex. */
export const tomlSamples: readonly Sample[] = variantsOf(texts);

/** Texts that are not valid, with where that shows. */
export const brokenToml: readonly (Sample & { readonly at: string })[] = [
  { name: 'a value is missing', text: 'model =\n', at: 'line 1' },
  { name: 'two signs', text: 'model = = "x"\n', at: 'line 1' },
  { name: 'a string does not end', text: 'a = 1\nmodel = "secret-value\nb = 2\n', at: 'line 2' },
  { name: 'a table does not end', text: 'a = 1\n\n[tui\ntheme = "x"\n', at: 'line' },
  { name: 'a key twice', text: 'a = 1\na = 2\n', at: 'line 2' },
  { name: 'JSON', text: '{ "model": "x" }\n', at: 'line 1' },
  { name: 'a word without quotes', text: 'a = 1\nmodel = gpt\n', at: 'line 2' },
  { name: 'a key that goes no further', text: 'a = 1\ntui.', at: 'line 2' },
  { name: 'a merge conflict', text: '<<<<<<< HEAD\na = 1\n=======\na = 2\n>>>>>>> x\n', at: 'line 1' },
];
