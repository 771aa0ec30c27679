import type { SideEffect } from './event.js';

/** Whether an HTTP request is more than a question: by its method, as far as the call says. */
export function sendsData({ callee, arguments: values }: SideEffect): boolean {
  if (/\.(post|put|patch)$/.test(callee)) return true;
  return values.some((one) => one.kind === 'object' && one.properties.some((each) => each.name === 'method' && each.value.kind === 'literal' && /^(post|put|patch)$/i.test(String(each.value.value))));
}
