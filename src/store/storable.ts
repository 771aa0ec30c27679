/**
 * Text as Postgres can hold it: null characters and halves of surrogate pairs, which it refuses, become U+FFFD. Text from a
 * pull request may contain both.
 */
export function storable(text: string): string {
  return text.replace(/\0|[\ud800-\udfff]/gu, '\ufffd');
}

/** `owner/name` as every table keeps it: lower case. */
export function repoColumn(repo: { readonly owner: string; readonly name: string }): string {
  return storable(`${repo.owner}/${repo.name}`.toLowerCase());
}
