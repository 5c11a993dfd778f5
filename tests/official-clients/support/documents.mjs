import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

export function document(name) {
  return readFileSync(REPOSITORY + name, 'utf8');
}

/** The code of a document, in order: its language, its text, and the line it begins at. */
export function blocks(text) {
  const fences = text.matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...fences].map(({ 1: language, 2: code, index }) => ({
    language,
    code,
    line: text.slice(0, index).split('\n').length,
  }));
}
