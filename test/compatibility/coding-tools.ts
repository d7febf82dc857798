import { testsOf, type Client } from './feature.ts';

/** The coding tools that are tested as their users run them. All of them ask for streams only. */
export const codingTools: readonly Client[] = [
  openCode('@ai-sdk/openai-compatible', 'chat completions'),
  openCode('@ai-sdk/openai', 'responses'),
  openCode('@ai-sdk/anthropic', 'messages'),
  codex(),
  claudeCode(),
];

function openCode(api: string, name: Client['api']): Client {
  const tasks = testsOf('opencode/tasks.test.ts', `the real OpenCode over ${api}`);
  const shown = testsOf('opencode/features.test.ts', `the real OpenCode over ${api}`);
  const task = tasks('finishes a task of several tool calls');
  const several = shown('calls two tools at once, shows reasoning and replays it, and counts tokens');
  return {
    title: `OpenCode, \`${api}\``,
    api: name,
    packages: ['opencode-linux-x64'],
    features: {
      text: task,
      stream: task,
      tools: task,
      'parallel tools': several,
      images: shown('sends a picture'),
      'reasoning shown': several,
      'reasoning replayed': several,
      'structured output': { lacks: 'OpenCode has no way to ask for an answer in a schema.' },
      usage: several,
      errors: shown('shows an error that is final, and does not ask again'),
      overflow: tasks(
        'compacts when the conversation is told to be too long in the middle, and finishes',
        'compacts in time, by how full the window is told to be, and finishes',
      ),
      'rate limit': tasks('finishes it when the account meets a rate limit in the middle: it is never told'),
      'cut stream': tasks('finishes it when a stream is cut in the middle: it asks again'),
      abort: shown('leaves Kiro when its user leaves'),
    },
  };
}

function codex(): Client {
  const shown = testsOf('real-clients/codex.test.ts');
  const features = testsOf('real-clients/features.test.ts', 'the real Codex');
  const several = features('runs two tools at once, shows its reasoning, and counts tokens');
  const task = shown('finishes a task of several tool calls');
  const inTime = shown('makes room in time, by how full the window is told to be');
  return {
    title: 'Codex',
    api: 'responses',
    packages: ['codex-linux-x64'],
    features: {
      text: task,
      stream: task,
      tools: [...task, ...shown('changes a file by its custom tool, which takes a patch as it is')],
      'parallel tools': several,
      images: features('sends a picture'),
      'reasoning shown': several,
      'reasoning replayed': task,
      'structured output': features('answers in a schema'),
      usage: several,
      errors: features('shows an error that is final, and does not ask again'),
      overflow: [...shown('says that its window is full, and goes on when asked again'), ...inTime],
      'rate limit': shown('finishes it when the first account meets a rate limit: it is never told'),
      'cut stream': shown('finishes it when a stream is cut: it asks again'),
      abort: features('leaves Kiro when its user leaves'),
    },
  };
}

function claudeCode(): Client {
  const shown = testsOf('real-clients/claude-code.test.ts');
  const features = testsOf('real-clients/features.test.ts', 'the real Claude Code');
  const several = features('calls two tools at once, shows reasoning and replays it, and counts tokens');
  const task = shown('finishes a task of several tool calls');
  return {
    title: 'Claude Code',
    api: 'messages',
    packages: ['claude-code-linux-x64'],
    features: {
      text: task,
      stream: task,
      tools: task,
      'parallel tools': several,
      images: features('sends a picture that it has read'),
      'reasoning shown': several,
      'reasoning replayed': several,
      'structured output': features('answers in a schema'),
      usage: several,
      errors: features('shows an error that is final, and does not ask for ever'),
      overflow: shown('compacts when the conversation is too long, and finishes'),
      'rate limit': shown('finishes it when the first account meets a rate limit: it is never told'),
      'cut stream': shown('finishes it when a stream is cut: it asks again'),
      abort: features('leaves Kiro when its user leaves'),
    },
  };
}
