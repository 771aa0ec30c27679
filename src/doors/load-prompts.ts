import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE_ROOT } from './package-info.js';

/** The text of every prompt, by question id: `prompts/<id>.md`. */
export async function loadPrompts(): Promise<ReadonlyMap<string, string>> {
  const folder = join(PACKAGE_ROOT, 'prompts');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort();
  const texts = await Promise.all(names.map(async (name) => [name.replace(/\.md$/, ''), await readFile(join(folder, name), 'utf8')] as const));
  return new Map(texts);
}
