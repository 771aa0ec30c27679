import { resolveRelation, type Catalog } from './catalog.js';
import { addColumnEffect, dropColumnEffect, setNotNullEffect, setTypeEffect } from './effects/columns.js';
import { addedConstraint, dropConstraintEffect, validateConstraintEffect } from './effects/constraints.js';
import { deleteEffect, insertEffect, updateEffect } from './effects/data.js';
import { createIndexEffect, dropIndexEffect, reindexEffect } from './effects/indexes.js';
import { blocksWrites, stronger } from './effects/lock-mode.js';
import { attachPartitionEffect, detachPartitionEffect } from './effects/partitions.js';
import { alterEffect, createTableEffect, domainCheckEffect, dropTableEffect, dropViewEffect, lockReads, maintenanceEffect, refreshEffect, truncateEffect } from './effects/relations.js';
import { lock, openWork, refuse, rewriteTree, scanTree, type Work } from './effects/work.js';
import type { LockMode, Step, StepKind, StepOf } from './step.js';
import type { Target } from './target.js';

export type { Target } from './target.js';

/** What a statement does to others while it runs: measured facts of the server, no opinion. Relations are `schema.name`. */
export interface LockEffect {
  /** The strongest lock newly taken per relation that existed before this change. Indexes are left out. */
  readonly locks: Readonly<Record<string, LockMode>>;
  /** Relations whose rows are written anew, every index included. */
  readonly rewrite: readonly string[];
  /** Relations that are read from end to end while the locks are held. What CONCURRENTLY reads in transactions of its own is not listed. */
  readonly scan: readonly string[];
  /** Indexes (`schema.name`) that are built anew without their table being rewritten. */
  readonly indexRebuild: readonly string[];
  /**
   * heavy: rewrites or scans a relation while SHARE or stronger is held on it; brief: takes SHARE or stronger without that
   * work; error: the server would refuse it; safe: the rest.
   */
  readonly class: 'heavy' | 'brief' | 'safe' | 'error';
  /** Whether the server allows it inside a transaction block. */
  readonly inTransaction: boolean;
  /** The server's refusal. */
  readonly error?: string;
  /** Why nothing could be said: then the rest means nothing. */
  readonly notAnalysed?: string;
  readonly source: 'measured' | 'documented' | 'observed';
}

/** What a transaction holds already, per relation. */
export type HeldLocks = ReadonlyMap<string, readonly LockMode[]>;

type Handlers = { readonly [Kind in StepKind]?: (work: Work, step: StepOf<Kind>) => void };

const EXCLUSIVE = 'AccessExclusiveLock';

function alters(mode: LockMode): (work: Work, step: { readonly table: StepOf<'set-not-null'>['table']; readonly ifExists?: boolean }) => void {
  return (work, step) => {
    alterEffect(work, step.table, step.ifExists ?? false, mode);
  };
}

const TABLES: Handlers = {
  'create-table': createTableEffect,
  'create-table-as': (work, step) => {
    lockReads(work, step.query.reads, step.withData);
  },
  'drop-table': dropTableEffect,
  'rename-relation': (work, step) => {
    if (step.relation !== 'index') alterEffect(work, step.table, step.ifExists, EXCLUSIVE);
  },
  'set-relation-schema': alters(EXCLUSIVE),
  'set-persistence': (work, step) => {
    alterEffect(work, step.table, step.ifExists, EXCLUSIVE);
    const key = resolveRelation(work.catalog, step.table);
    if ((work.catalog.tables.get(key)?.persistence === 'unlogged') !== step.unlogged) rewriteTree(work, key);
  },
  'set-access-method': (work, step) => {
    alterEffect(work, step.table, step.ifExists, EXCLUSIVE);
    if (work.target.version < 15) refuse(work, 'SET ACCESS METHOD needs Postgres 15');
    if (step.method !== null && step.method !== 'heap') rewriteTree(work, resolveRelation(work.catalog, step.table));
  },
  'set-tablespace': (work, step) => {
    if (step.relation === 'index') return;
    alterEffect(work, step.table, step.ifExists, EXCLUSIVE);
    if (step.tablespace !== 'pg_default') rewriteTree(work, resolveRelation(work.catalog, step.table));
  },
  'set-storage-parameters': (work, step) => {
    if (step.relation === 'index') return;
    const strong = step.relation === 'view' || step.parameters.includes('user_catalog_table');
    lock(work, resolveRelation(work.catalog, step.table), strong ? EXCLUSIVE : 'ShareUpdateExclusiveLock');
  },
  'set-replica-identity': alters(EXCLUSIVE),
  'set-owner': alters(EXCLUSIVE),
  'set-row-security': alters(EXCLUSIVE),
  'set-inheritance': (work, step) => {
    alterEffect(work, step.table, step.ifExists, EXCLUSIVE);
    lock(work, resolveRelation(work.catalog, step.parent), step.inherit ? 'ShareUpdateExclusiveLock' : 'AccessShareLock');
  },
  'attach-partition': attachPartitionEffect,
  'detach-partition': detachPartitionEffect,
  truncate: truncateEffect,
  'lock-table': (work, step) => {
    for (const name of step.tables) alterEffect(work, name, false, step.mode);
  },
  cluster: (work, step) => {
    if (step.table === null) work.inTransaction = false;
    maintenanceEffect(work, step.table, true, EXCLUSIVE);
  },
  vacuum: (work, step) => {
    work.inTransaction = false;
    const mode = step.full ? EXCLUSIVE : 'ShareUpdateExclusiveLock';
    if (step.tables.length === 0) maintenanceEffect(work, null, step.full, mode);
    for (const name of step.tables) maintenanceEffect(work, name, step.full, mode);
  },
  analyze: (work, step) => {
    for (const name of step.tables) alterEffect(work, name, false, 'ShareUpdateExclusiveLock');
  },
};

const COLUMNS: Handlers = {
  'add-column': addColumnEffect,
  'drop-column': dropColumnEffect,
  'rename-column': alters(EXCLUSIVE),
  'set-type': setTypeEffect,
  'set-default': alters(EXCLUSIVE),
  'drop-default': alters(EXCLUSIVE),
  'set-not-null': setNotNullEffect,
  'drop-not-null': alters(EXCLUSIVE),
  'add-identity': alters(EXCLUSIVE),
  'set-identity': alters(EXCLUSIVE),
  'drop-identity': alters(EXCLUSIVE),
  'set-expression': (work, step) => {
    alterEffect(work, step.table, step.ifExists, EXCLUSIVE);
    if (work.target.version < 17) refuse(work, 'SET EXPRESSION needs Postgres 17');
    const key = resolveRelation(work.catalog, step.table);
    if (work.catalog.tables.get(key)?.columns.get(step.column)?.generated?.kind !== 'virtual') rewriteTree(work, key);
  },
  'drop-expression': alters(EXCLUSIVE),
  'set-column-option': (work, step) => {
    const weak = step.option === 'statistics' || step.option === 'options';
    if (step.option === 'compression' && work.target.version < 14) refuse(work, 'SET COMPRESSION needs Postgres 14');
    alterEffect(work, step.table, step.ifExists, weak ? 'ShareUpdateExclusiveLock' : EXCLUSIVE);
  },
  'add-constraint': (work, step) => {
    addedConstraint(work, resolveRelation(work.catalog, step.table), step.constraint);
  },
  'drop-constraint': dropConstraintEffect,
  'validate-constraint': validateConstraintEffect,
  'rename-constraint': alters(EXCLUSIVE),
  'alter-constraint': alters(EXCLUSIVE),
};

const PROGRAMS: Handlers = {
  'create-index': createIndexEffect,
  'drop-index': dropIndexEffect,
  reindex: reindexEffect,
  'create-trigger': alters('ShareRowExclusiveLock'),
  'drop-trigger': alters(EXCLUSIVE),
  'rename-trigger': alters(EXCLUSIVE),
  'set-trigger': alters('ShareRowExclusiveLock'),
  'create-policy': alters(EXCLUSIVE),
  'alter-policy': alters(EXCLUSIVE),
  'drop-policy': alters(EXCLUSIVE),
  'create-rule': alters(EXCLUSIVE),
  'drop-rule': alters(EXCLUSIVE),
  'set-rule': alters(EXCLUSIVE),
  'create-statistics': alters('ShareUpdateExclusiveLock'),
  'alter-sequence': (work, step) => {
    lock(work, resolveRelation(work.catalog, step.sequence), 'ShareRowExclusiveLock');
  },
  'drop-sequence': (work, step) => {
    for (const name of step.sequences) if (!step.ifExists || work.catalog.sequences.has(resolveRelation(work.catalog, name))) lock(work, resolveRelation(work.catalog, name), EXCLUSIVE);
  },
  'set-publication-tables': (work, step) => {
    for (const name of step.tables) lock(work, resolveRelation(work.catalog, name), 'ShareUpdateExclusiveLock');
  },
  comment: (work, step) => {
    if (step.table === null || step.on === 'index') return;
    lock(work, resolveRelation(work.catalog, step.table), step.on === 'constraint' || step.on === 'other' ? 'AccessShareLock' : 'ShareUpdateExclusiveLock');
  },
  grant: (work, step) => {
    if (work.target.version >= 18) for (const name of step.relations) lock(work, resolveRelation(work.catalog, name), 'AccessShareLock');
  },
};

const REST: Handlers = {
  'create-view': (work, step) => {
    lockReads(work, step.query.reads, false);
    const key = resolveRelation(work.catalog, step.view);
    if (step.replace && work.catalog.views.has(key)) lock(work, key, EXCLUSIVE);
  },
  'create-materialized-view': (work, step) => {
    lockReads(work, step.query.reads, step.withData);
  },
  'drop-view': dropViewEffect,
  'refresh-materialized-view': refreshEffect,
  'add-enum-value': (work) => {
    if (work.target.version < 12) work.inTransaction = false;
  },
  'add-domain-constraint': (work, step) => {
    if (!('notValid' in step.constraint && step.constraint.notValid)) domainCheckEffect(work, step.domain);
  },
  'validate-domain-constraint': (work, step) => {
    domainCheckEffect(work, step.domain);
  },
  'set-domain-not-null': (work, step) => {
    if (step.notNull) domainCheckEffect(work, step.domain);
  },
  'drop-schema': (work, step) => {
    if (!step.cascade) return;
    for (const table of work.catalog.tables.values()) if (step.schemas.includes(table.schema)) lock(work, table.key, EXCLUSIVE);
  },
  'drop-database': (work) => {
    work.inTransaction = false;
  },
  insert: insertEffect,
  update: updateEffect,
  delete: deleteEffect,
  merge: (work, step) => {
    if (work.target.version < 15) refuse(work, 'MERGE needs Postgres 15');
    const key = resolveRelation(work.catalog, step.table);
    lock(work, key, 'RowExclusiveLock');
    scanTree(work, key);
    lockReads(work, step.reads, true);
  },
  copy: (work, step) => {
    if (step.table !== null) lock(work, resolveRelation(work.catalog, step.table), step.from ? 'RowExclusiveLock' : 'AccessShareLock');
    if (step.table !== null && !step.from) scanTree(work, resolveRelation(work.catalog, step.table));
    lockReads(work, step.reads, true);
  },
  select: (work, step) => {
    lockReads(work, step.query.reads, !step.query.limited);
    for (const name of step.query.locks) lock(work, resolveRelation(work.catalog, name), 'RowShareLock');
  },
  'do-block': (work) => {
    work.notAnalysed = 'a DO block';
  },
  call: (work, step) => {
    work.notAnalysed = `what procedure ${step.procedure.name} does`;
  },
  opaque: (work, step) => {
    work.notAnalysed = step.reason;
  },
};

const HANDLERS: Handlers = { ...TABLES, ...COLUMNS, ...PROGRAMS, ...REST };

function classOf(work: Work, held: HeldLocks): LockEffect['class'] {
  if (work.error !== null) return 'error';
  const holds = (key: string): boolean => {
    const mode = work.locks.get(key);
    return (mode !== undefined && blocksWrites(mode)) || (held.get(key) ?? []).some(blocksWrites);
  };
  if ([...work.rewrite, ...work.scan].some(holds)) return 'heavy';
  return [...work.locks].some(([key, mode]) => blocksWrites(mode) && !(held.get(key) ?? []).includes(mode)) ? 'brief' : 'safe';
}

function finish(work: Work, held: HeldLocks): LockEffect {
  const fresh = [...work.locks].filter(([key, mode]) => !(held.get(key) ?? []).includes(mode)).sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    locks: Object.fromEntries(fresh),
    rewrite: [...work.rewrite].sort(),
    scan: [...work.scan].sort(),
    indexRebuild: [...work.indexRebuild].sort(),
    class: classOf(work, held),
    inTransaction: work.inTransaction,
    ...(work.error === null ? {} : { error: work.error }),
    ...(work.notAnalysed === null ? {} : { notAnalysed: work.notAnalysed }),
    source: work.guessed ? 'documented' : 'measured',
  };
}

const NOTHING_HELD: HeldLocks = new Map();

/**
 * What a step does on a database of this shape. `held` is what its transaction holds already: such locks are not newly taken,
 * and work on such relations is heavy whatever the step itself takes.
 */
export function classify(step: Step, catalog: Catalog, target: Target, held: HeldLocks = NOTHING_HELD): LockEffect {
  const work = openWork(catalog, target);
  const handler = HANDLERS[step.kind] as ((work: Work, step: Step) => void) | undefined;
  handler?.(work, step);
  return finish(work, held);
}

/** Several steps' effects as one: what a whole statement does. */
export function mergeEffects(effects: readonly LockEffect[]): LockEffect {
  const locks: Record<string, LockMode> = {};
  for (const effect of effects) for (const [key, mode] of Object.entries(effect.locks)) locks[key] = stronger(mode, locks[key]);
  const union = (pick: (effect: LockEffect) => readonly string[]): string[] => [...new Set(effects.flatMap(pick))].sort();
  const error = effects.find((effect) => effect.error !== undefined)?.error;
  const notAnalysed = effects.find((effect) => effect.notAnalysed !== undefined)?.notAnalysed;
  const order = ['error', 'heavy', 'brief', 'safe'] as const;
  return {
    locks: Object.fromEntries(Object.entries(locks).sort(([one], [other]) => (one < other ? -1 : 1))),
    rewrite: union((effect) => effect.rewrite),
    scan: union((effect) => effect.scan),
    indexRebuild: union((effect) => effect.indexRebuild),
    class: order.find((each) => effects.some((effect) => effect.class === each)) ?? 'safe',
    inTransaction: effects.every((effect) => effect.inTransaction),
    ...(error === undefined ? {} : { error }),
    ...(notAnalysed === undefined ? {} : { notAnalysed }),
    source: effects.some((effect) => effect.source === 'documented') ? 'documented' : 'measured',
  };
}
