/** The extensions that statements ask for: those that are loaded, those that are left out. */
export function extensionsAskedFor(statements: readonly string[]): { readonly load: readonly string[]; readonly stub: readonly string[] } {
  const asked = statements.flatMap((text) => [...text.matchAll(/create\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)"?/gi)].map((match) => (match[1] ?? '').toLowerCase()));
  return { load: [], stub: [...new Set(asked)].filter((name) => name !== 'plpgsql') };
}
