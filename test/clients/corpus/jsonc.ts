import { variantsOf, type Sample } from './variants.ts';

const texts: Readonly<Record<string, string>> = {
  'an empty object': '{}\n',
  'an object with nothing but room': '{\n}\n',
  'only comments': '// note 1\n\n/* note 2 */\n',
  'a fresh OpenCode config': '{\n  "$schema": "https://opencode.ai/config.json"\n}\n',
  'comments everywhere': `// note 1
{
  // note 2
  "theme": "tokyonight", // note 3
  /* note 4 */ "autoupdate": false /* note 5 */,
  "default_agent": "build" // note 6
  // note 7
}
// note 8
`,
  'trailing commas': `{
  "instructions": ["CONTRIBUTING.md", "docs/*.md",],
  "permission": { "edit": "ask", "bash": { "git *": "allow", "rm *": "deny", }, },
  "provider": {
    "acme": { "npm": "@ai-sdk/openai-compatible", }, // note 1
  }, // note 2
}
`,
  'tabs and nested providers': `{
\t"provider": {
\t\t"lmstudio": {
\t\t\t"npm": "@ai-sdk/openai-compatible",
\t\t\t"name": "LM Studio (local)",
\t\t\t"options": { "baseURL": "http://127.0.0.1:1234/v1" },
\t\t\t"models": {
\t\t\t\t"google/gemma-3n-e4b": { "name": "Gemma 3n-e4b (local)" }
\t\t\t}
\t\t},
\t\t"ollama": {
\t\t\t// note 1
\t\t\t"models": { "qwen3": { "limit": { "context": 32768, "output": 8192 } } }
\t\t}
\t}
}
`,
  'four spaces and unicode': `{
    "username": "Zoë 🦊",
    "agent": {
        "übersetzer": {
            "description": "翻訳 → Deutsch", // note 1
            "prompt": "Say \\"grüß dich\\"\\n\\u2028 and C:\\\\temp // no comment"
        }
    },
    "formatter": { "prettier": { "disabled": true } }
}
`,
  'one line': '{"theme":"opencode","keybinds":{"leader":"ctrl+x"},"mcp":{}}\n',
  'odd spacing': `

  {   "a" :1 ,
"b":  [1,
   2 ]  ,  "c":{"d":{}}
       /* note 1 */
  }

`,
  'a provider of the same name, set up by hand': `{
  "provider": {
    // note 1
    "kiro-pool": {
      "npm": "@ai-sdk/openai-compatible",
      "name": "My pool", // note 2
      "options": { "baseURL": "http://127.0.0.1:9999/v1", "apiKey": "{env:OTHER}", "timeout": 600000 },
      "models": { "auto": { "name": "Auto", "limit": { "context": 1, "output": 1 } }, "mine": {} }
    }
  },
  "small_model": "kiro-pool/auto"
}
`,
  'twins, of which the last counts':
    '{ "theme": "a", "theme": "b", "provider": { "x": {} }, "provider": { "y": {} } }\n',
};

/** Configs of OpenCode, and with the members of other tools in them. */
export const jsoncSamples: readonly Sample[] = variantsOf(texts);

/** Texts that are not valid, with where that shows. */
export const brokenJsonc: readonly (Sample & { readonly at: string })[] = [
  { name: 'a comma is missing', text: '{\n  "a": 1\n  "b": 2\n}\n', at: 'line 3, column 3' },
  { name: 'it is cut off', text: '{ "provider": {', at: 'line 1, column 16' },
  { name: 'a string does not end', text: '{ "a": "secret-value }\n', at: 'line 1, column 8' },
  { name: 'a comment does not end', text: '{ "a": 1 } /* and', at: 'line 1, column 12' },
  { name: 'a key without quotes', text: '{ theme: "x" }', at: 'line 1, column 3' },
  { name: 'single quotes', text: "{ 'theme': 'x' }", at: 'line 1, column 3' },
  { name: 'something after the end', text: '{}\n{}\n', at: 'line 2, column 1' },
  {
    name: 'a merge conflict',
    text: '{\n<<<<<<< HEAD\n  "a": 1\n=======\n  "a": 2\n>>>>>>> x\n}\n',
    at: 'line 2, column 1',
  },
];
