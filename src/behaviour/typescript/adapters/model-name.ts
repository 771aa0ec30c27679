import type { CallNames } from '../recognise.js';

const PLACES = /(^|[/.@_-])(models?|entities|entity|db|database|schemas?)([/._-]|$)/i;

/**
 * Whether a name stands for a model of the library: it comes from where models are kept, or is made in this file, which
 * knows the library. `Metrics.increment` of another module is none.
 */
export function isModel(call: CallNames, name: string, packages: RegExp): boolean {
  const from = call.file.imports.get(name);
  if (from !== undefined) return PLACES.test(from);
  return [...call.file.modules].some((module) => packages.test(module));
}
