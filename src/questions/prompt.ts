/** A prompt file: its words, and what an answer can be traced to. */
export interface Prompt {
  readonly id: string;
  /** Raised with every change of the words; `prompts/versions.json` holds the hash of each. */
  readonly version: number;
  /** The model it was written for; a repository may choose another one for the first question. */
  readonly model: string;
  readonly system: string;
  /** With `{{name}}` where data goes. */
  readonly user: string;
}

/** The questions there are, and the names of their files under `prompts/` without `.md`. */
export const PROMPT_IDS = ['edge-cases', 'verify-edge-case'] as const;
export type PromptId = (typeof PROMPT_IDS)[number];

/** Reads a prompt file: front matter (id, version, model), then `# System` and `# User`. Throws on anything else: the file is ours. */
export function parsePrompt(text: string): Prompt {
  const parts = /^---\n([\s\S]*?)\n---\n+# System\n([\s\S]*?)\n# User\n([\s\S]*)$/.exec(text.replace(/\r\n/g, '\n'));
  if (parts === null) throw new Error('a prompt file has front matter, then "# System", then "# User"');
  const fields = new Map<string, string>();
  for (const line of (parts[1] ?? '').split('\n')) {
    const field = /^([a-z]+): (\S+)$/.exec(line);
    if (field === null) throw new Error(`a prompt's front matter has a line that is no field: ${line}`);
    fields.set(field[1] ?? '', field[2] ?? '');
  }
  const version = Number(fields.get('version'));
  const id = fields.get('id');
  const model = fields.get('model');
  if (id === undefined || model === undefined || !Number.isInteger(version) || version < 1) {
    throw new Error("a prompt's front matter needs id, version (a whole number from 1) and model");
  }
  return { id, version, model, system: (parts[2] ?? '').trim(), user: (parts[3] ?? '').trim() };
}

/** Puts data where `{{name}}` stands. Data is never looked at for further names. Throws when a name has no data. */
export function fillPrompt(template: string, data: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{([a-z]+)\}\}/g, (_, name: string) => {
    const value = Object.hasOwn(data, name) ? data[name] : undefined;
    if (value === undefined) throw new Error(`the prompt names {{${name}}}, for which there is no data`);
    return value;
  });
}
