import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

export function document(name) {
  return readFileSync(REPOSITORY + name, 'utf8');
}

/** Returns the code blocks of a document, in order: language, text and first line. */
export function blocks(text) {
  const fences = text.matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...fences].map(({ 1: language, 2: code, index }) => ({
    language,
    code,
    line: text.slice(0, index).split('\n').length,
  }));
}
