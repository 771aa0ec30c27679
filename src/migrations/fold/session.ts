import { TEMPORARY, type Catalog } from '../catalog.js';
import type { StepOf } from '../step.js';
import { removeFrom, setIn, splitKey } from './edit.js';

const DEFAULT_PATH = ['public'];

/** Schemas of a `search_path`; `$user` is left out: migrations rarely run as somebody with a schema of his own. */
function pathOf(value: string | null): readonly string[] {
  if (value === null) return DEFAULT_PATH;
  return value.split(',').map((part) => part.trim().replace(/^"(.*)"$/s, '$1')).filter((part) => part !== '' && part !== '$user');
}

function withSetting(catalog: Catalog, setting: string, value: string | null): Catalog {
  const settings = value === null ? removeFrom(catalog.settings, [setting]) : setIn(catalog.settings, setting, value);
  return setting === 'search_path' ? { ...catalog, settings, searchPath: pathOf(value) } : { ...catalog, settings };
}

/** SET, RESET, and SELECT set_config(…). SET LOCAL counts until the transaction ends. */
export function applySetting(catalog: Catalog, step: Pick<StepOf<'set-setting'>, 'setting' | 'value' | 'local'>): Catalog {
  if (step.setting === 'all') return { ...catalog, settings: new Map(), localSettings: new Map(), searchPath: DEFAULT_PATH };
  if (!step.local) return { ...withSetting(catalog, step.setting, step.value), localSettings: removeFrom(catalog.localSettings, [step.setting]) };
  if (catalog.undo === null) return catalog;
  const before = catalog.localSettings.has(step.setting) ? catalog.localSettings : setIn(catalog.localSettings, step.setting, catalog.settings.get(step.setting) ?? null);
  return { ...withSetting(catalog, step.setting, step.value), localSettings: before };
}

/** `SELECT set_config('search_path', '', false)`, as pg_dump writes it. */
export function settingOfSelect(step: StepOf<'select'>): Pick<StepOf<'set-setting'>, 'setting' | 'value' | 'local'> | null {
  if (!step.functions.some((name) => name.name === 'set_config')) return null;
  const match = /^select\s+(?:pg_catalog\.)?set_config\s*\(\s*'([\w.]+)'\s*,\s*'((?:[^']|'')*)'\s*,\s*(\w+)\s*\)/i.exec(step.query.text.trim());
  if (match === null) return null;
  const setting = (match[1] ?? '').toLowerCase();
  const text = (match[2] ?? '').replaceAll("''", "'");
  const value = setting === 'search_path' ? text.split(',').map((part) => (/^\s*"/.test(part) ? part : part.toLowerCase())).join(',') : text;
  return { setting, value, local: /^(?:true|t|on|yes)$/i.test(match[3] ?? '') };
}

/** What SET LOCAL changed goes back. */
function endLocal(catalog: Catalog): Catalog {
  let next = catalog;
  for (const [setting, before] of catalog.localSettings) next = withSetting(next, setting, before);
  return { ...next, localSettings: new Map() };
}

/** Opens a transaction; `implicit`: the server's own around one string of statements, which begins anew after a COMMIT. */
export function begin(catalog: Catalog, implicit: boolean): Catalog {
  return { ...catalog, undo: { start: { ...catalog, undo: null }, savepoints: [], implicit } };
}

function endTransaction(catalog: Catalog, kept: boolean): Catalog {
  const { undo } = catalog;
  if (undo === null) return endLocal(catalog);
  const after = kept ? endLocal(catalog) : undo.start;
  const closed: Catalog = { ...after, undo: null };
  return undo.implicit ? begin(closed, true) : closed;
}

function rollBackTo(catalog: Catalog, savepoint: string | undefined): Catalog {
  const { undo } = catalog;
  const at = undo === null || savepoint === undefined ? -1 : undo.savepoints.findLastIndex((each) => each.name === savepoint);
  const found = undo?.savepoints[at];
  return undo === null || found === undefined ? catalog : { ...found.catalog, undo: { ...undo, savepoints: undo.savepoints.slice(0, at + 1) } };
}

/** BEGIN, COMMIT, ROLLBACK and savepoints: what is rolled back has not happened. */
export function applyTransaction(catalog: Catalog, step: StepOf<'transaction'>): Catalog {
  const { undo } = catalog;
  switch (step.action) {
    case 'begin':
      return undo === null ? begin(catalog, false) : catalog;
    case 'commit':
      return endTransaction(catalog, true);
    case 'rollback':
      return endTransaction(catalog, false);
    case 'savepoint':
      return undo === null || undo.savepoints.length > 50 ? catalog : { ...catalog, undo: { ...undo, savepoints: [...undo.savepoints, { name: step.savepoint ?? '', catalog: { ...catalog, undo: null } }] } };
    case 'rollback-to':
      return rollBackTo(catalog, step.savepoint);
    case 'release': {
      const at = undo?.savepoints.findLastIndex((each) => each.name === step.savepoint) ?? -1;
      return undo === null || at === -1 ? catalog : { ...catalog, undo: { ...undo, savepoints: undo.savepoints.slice(0, at) } };
    }
  }
}

function isTemporary(key: string): boolean {
  return splitKey(key).schema === TEMPORARY;
}

/** The session ends: its settings and temporary relations are gone. */
export function endSession(catalog: Catalog): Catalog {
  const without = <Value>(map: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> => removeFrom(map, [...map.keys()].filter(isTemporary));
  const fresh = [...catalog.fresh.keys()].some(isTemporary);
  const kept = fresh ? { ...catalog, tables: without(catalog.tables), views: without(catalog.views), sequences: without(catalog.sequences), indexes: without(catalog.indexes) } : catalog;
  return { ...kept, settings: new Map(), searchPath: DEFAULT_PATH, localSettings: new Map(), undo: null };
}
