import { edit, type SchemaEdit } from './schema-edit.js';

/**
 * What a migration does as far as its name tells: `0042_drop_users_plan` drops something. null where the name tells nothing.
 * Used where nothing but the name is known.
 */
export function editsOfName(path: string): readonly SchemaEdit[] | null {
  const words = nameWords(path);
  const text = words.join(' ');
  const object = words.filter((word) => !/^(?:drop|remove|delete|rename|from|to|column|columns|table|tables|field|fields|the|a|and|unused|old|legacy|v|\d+)$/.test(word));
  const thing = object.length === 0 ? null : object.join('_');
  if (/\b(?:backfill|populate|migrate (?:\w+ )?data|data (?:migration|fix|cleanup)|fix data|convert|update|normali[sz]e|recalculate|recompute|dedupe?|deduplicate|cleanup|clean up|purge|merge|copy|move|reset|set default \w+ values)\b/.test(text)) return [edit('data-program', null, null, words.join('_'))];
  if (/\brename\b/.test(text)) return [edit('rename-column', null, thing)];
  if (/\b(?:drop|remove|delete)\b/.test(text)) {
    if (/\b(?:index|idx|constraint|fk|foreign|not null|default|trigger|check|unique)\b/.test(text)) return [edit('loosen')];
    if (/\btable\b/.test(text)) return [edit('drop-table', thing)];
    return [edit(/\bview\b/.test(text) ? 'drop-view' : 'drop-column', null, thing)];
  }
  if (/\b(?:unique|constraint|foreign key|fk|not null|required|check)\b/.test(text)) return [edit(/\bnot null|required\b/.test(text) ? 'not-null' : /\bfk|foreign\b/.test(text) ? 'foreign-key' : /\bcheck\b/.test(text) ? 'check' : 'unique', null, thing)];
  if (/\b(?:enum|change|alter|modify|shrink|narrow)\b.*\b(?:type|value|length|enum)\b|\benum\b/.test(text)) return [edit(/\benum\b/.test(text) ? 'enum-value' : 'set-type', null, thing)];
  if (/^(?:add|create|init|initial|new|index)\b|\b(?:add|create|index|idx)\b/.test(text)) return [edit(/\btable\b|^create\b/.test(text) && !/\b(?:index|idx|column)\b/.test(text) ? 'create-table' : 'add-column', null, thing)];
  return null;
}

function nameWords(path: string): readonly string[] {
  const parts = path.split('/');
  const file = (parts.at(-1) ?? '').replace(/\.(?:up|down|do|undo)?\.?\w+$/i, '');
  const name = /^(?:migration|up|down)$/i.test(file) ? (parts.at(-2) ?? file) : file;
  return name
    .replace(/^[VUR]?[\d._-]+(?=[_-]|[A-Za-z])/, '')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '' && !/^[0-9a-f]{10,}$/.test(word));
}
