import { resolveRelation, type Catalog } from './catalog.js';
import { addColumnEffect, dropColumnEffect, setNotNullEffect, setTypeEffect } from './effects/columns.js';
import { addedConstraint, dropConstraintEffect, validateConstraintEffect } from './effects/constraints.js';
import { deleteEffect, insertEffect, updateEffect } from './effects/data.js';
import { createIndexEffect, dropIndexEffect, reindexEffect } from './effects/indexes.js';
import { blocksWrites, stronger } from './effects/lock-mode.js';
import { attachPartitionEffect, detachPartitionEffect } from './effects/partitions.js';
import {
  alterEffect,
  alterOneEffect,
  createTableEffect,
  domainCheckEffect,
  dropFunctionEffect,
  dropSchemaEffect,
  dropTableEffect,
  dropTypeEffect,
  dropViewEffect,
  lockNamed,
  lockReads,
  lockTableEffect,
  maintenanceEffect,
  ownedSequences,
  refreshEffect,
  truncateEffect,
} from './effects/relations.js';
import { lock, lockTree, openWork, refuse, rewriteTree, scanTree, type Work } from './effects/work.js';
import type { QualifiedName } from './definition.js';
import type { LockMode, Step, StepKind, StepOf } from './step.js';
import type { Target } from './target.js';

export type { Target } from './target.js';

/** What a statement does to others while it runs: measured facts of the server, no opinion. Relations are `schema.name`. */
export interface LockEffect {
  /** The strongest lock newly taken per relation that existed before this change. Indexes are left out. */
  readonly locks: Readonly<Record<string, LockMode>>;
  /** Every mode that the transaction holds on them because of it, the weaker ones included. */
  readonly modes: Readonly<Record<string, readonly LockMode[]>>;
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

type OnTable = (work: Work, step: { readonly table: QualifiedName }) => void;

/** A lock on the table with everything that the server recurses into. */
function alters(mode: LockMode): OnTable {
  return (work, step) => {
    alterEffect(work, step.table, mode);
  };
}

/** A lock on the table alone. */
function altersOne(mode: LockMode): OnTable {
  return (work, step) => {
    alterOneEffect(work, step.table, mode);
  };
}

/** A lock on the table and its partitions, not on tables that inherit from it. */
function altersPartitions(mode: LockMode): OnTable {
  return (work, step) => {
    const key = resolveRelation(work.catalog, step.table);
    if (work.catalog.tables.get(key)?.partitionBy == null) lock(work, key, mode);
    else lockTree(work, key, mode);
  };
}

function altersSequence(mode: LockMode): (work: Work, step: { readonly table: QualifiedName; readonly column: string }) => void {
  return (work, step) => {
    alterEffect(work, step.table, EXCLUSIVE);
    const key = resolveRelation(work.catalog, step.table);
    for (const sequence of work.catalog.sequences.values()) if (sequence.ownedBy?.table === key && sequence.ownedBy.column === step.column) lock(work, sequence.key, mode);
  };
}

const TABLES: Handlers = {
  'create-table': createTableEffect,
  'create-table-as': (work, step) => {
    if (step.withData) lockReads(work, step.query.reads, true);
    else lockNamed(work, step.query.reads);
  },
  'drop-table': dropTableEffect,
  'rename-relation': (work, step) => {
    if (step.relation !== 'index') alterOneEffect(work, step.table, EXCLUSIVE);
  },
  'set-relation-schema': (work, step) => {
    const key = resolveRelation(work.catalog, step.table);
    lock(work, key, EXCLUSIVE);
    for (const sequence of ownedSequences(work.catalog, [key])) lock(work, sequence, EXCLUSIVE);
  },
  'set-persistence': (work, step) => {
    alterOneEffect(work, step.table, EXCLUSIVE);
    const key = resolveRelation(work.catalog, step.table);
    if ((work.catalog.tables.get(key)?.persistence === 'unlogged') !== step.unlogged) rewriteTree(work, key);
  },
  'set-access-method': (work, step) => {
    alterOneEffect(work, step.table, EXCLUSIVE);
    if (work.target.version < 15) refuse(work, 'SET ACCESS METHOD needs Postgres 15');
    if (step.method !== null && step.method !== 'heap') rewriteTree(work, resolveRelation(work.catalog, step.table));
  },
  'set-tablespace': (work, step) => {
    if (step.relation === 'index') return;
    alterOneEffect(work, step.table, EXCLUSIVE);
    if (step.tablespace !== 'pg_default') rewriteTree(work, resolveRelation(work.catalog, step.table));
  },
  'set-storage-parameters': (work, step) => {
    if (step.relation === 'index') return;
    const strong = step.relation === 'view' || step.parameters.includes('user_catalog_table');
    lock(work, resolveRelation(work.catalog, step.table), strong ? EXCLUSIVE : 'ShareUpdateExclusiveLock');
  },
  'set-replica-identity': altersOne(EXCLUSIVE),
  'set-owner': altersOne(EXCLUSIVE),
  'set-row-security': altersOne(EXCLUSIVE),
  'set-inheritance': (work, step) => {
    alterOneEffect(work, step.table, EXCLUSIVE);
    lock(work, resolveRelation(work.catalog, step.parent), step.inherit ? 'ShareUpdateExclusiveLock' : 'AccessShareLock');
  },
  'attach-partition': attachPartitionEffect,
  'detach-partition': detachPartitionEffect,
  truncate: truncateEffect,
  'lock-table': lockTableEffect,
  'set-cluster-index': altersOne('ShareUpdateExclusiveLock'),
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
    for (const name of step.tables) alterEffect(work, name, 'ShareUpdateExclusiveLock');
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
  'add-identity': (work, step) => {
    alterEffect(work, step.table, EXCLUSIVE);
    const column = work.catalog.tables.get(resolveRelation(work.catalog, step.table))?.columns.get(step.column);
    if (column !== undefined && !column.notNull) refuse(work, `column "${step.column}" of relation "${step.table.name}" must be declared NOT NULL before identity can be added`);
  },
  'set-identity': altersSequence('ShareRowExclusiveLock'),
  'drop-identity': altersSequence(EXCLUSIVE),
  'set-expression': (work, step) => {
    alterEffect(work, step.table, EXCLUSIVE);
    if (work.target.version < 17) refuse(work, 'SET EXPRESSION needs Postgres 17');
    const key = resolveRelation(work.catalog, step.table);
    if (work.catalog.tables.get(key)?.columns.get(step.column)?.generated?.kind !== 'virtual') rewriteTree(work, key);
  },
  'drop-expression': alters(EXCLUSIVE),
  'set-column-option': (work, step) => {
    const weak = step.option === 'statistics' || step.option === 'options';
    if (step.option === 'compression' && work.target.version < 14) refuse(work, 'SET COMPRESSION needs Postgres 14');
    alterEffect(work, step.table, weak ? 'ShareUpdateExclusiveLock' : EXCLUSIVE);
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
  'create-trigger': altersPartitions('ShareRowExclusiveLock'),
  'drop-trigger': (work, step) => {
    const table = work.catalog.tables.get(resolveRelation(work.catalog, step.table));
    const absent = step.ifExists && table?.complete === true && !table.triggers.has(step.trigger);
    if (!absent) altersPartitions(EXCLUSIVE)(work, step);
  },
  'rename-trigger': altersOne(EXCLUSIVE),
  'set-trigger': altersPartitions('ShareRowExclusiveLock'),
  'create-policy': altersOne(EXCLUSIVE),
  'alter-policy': altersOne(EXCLUSIVE),
  'drop-policy': altersOne(EXCLUSIVE),
  'create-rule': altersOne(EXCLUSIVE),
  'drop-rule': altersOne(EXCLUSIVE),
  'set-rule': altersOne(EXCLUSIVE),
  'create-statistics': altersOne('ShareUpdateExclusiveLock'),
  'create-sequence': (work, step) => {
    if (step.ownedBy !== null) lock(work, resolveRelation(work.catalog, step.ownedBy.table), 'AccessShareLock');
  },
  'alter-sequence': (work, step) => {
    if (step.ownedBy !== null) lock(work, resolveRelation(work.catalog, step.ownedBy.table), 'AccessShareLock');
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
    lockNamed(work, step.query.reads);
    const key = resolveRelation(work.catalog, step.view);
    if (step.replace && work.catalog.views.has(key)) lock(work, key, EXCLUSIVE);
  },
  'create-materialized-view': (work, step) => {
    if (step.withData) lockReads(work, step.query.reads, true);
    else lockNamed(work, step.query.reads);
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
  'drop-schema': dropSchemaEffect,
  'drop-type': dropTypeEffect,
  'drop-function': dropFunctionEffect,
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

function strongest(modes: Iterable<LockMode>): LockMode | undefined {
  let found: LockMode | undefined;
  for (const mode of modes) found = stronger(mode, found);
  return found;
}

/** The modes that the transaction does not hold yet, per relation. */
function newModes(work: Work, held: HeldLocks): Map<string, readonly LockMode[]> {
  const found = new Map<string, readonly LockMode[]>();
  for (const [key, modes] of [...work.locks].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const fresh = [...modes].filter((mode) => !(held.get(key) ?? []).includes(mode));
    if (fresh.length > 0) found.set(key, fresh);
  }
  return found;
}

function classOf(work: Work, taken: ReadonlyMap<string, readonly LockMode[]>, held: HeldLocks): LockEffect['class'] {
  if (work.error !== null) return 'error';
  const blocked = (key: string): boolean => [...(work.locks.get(key) ?? []), ...(held.get(key) ?? [])].some(blocksWrites);
  if ([...work.rewrite, ...work.scan].some(blocked)) return 'heavy';
  return [...taken.values()].flat().some(blocksWrites) ? 'brief' : 'safe';
}

function finish(work: Work, held: HeldLocks): LockEffect {
  const taken = newModes(work, held);
  return {
    locks: Object.fromEntries([...taken].map(([key, modes]) => [key, strongest(modes) ?? 'AccessShareLock'])),
    modes: Object.fromEntries(taken),
    rewrite: [...work.rewrite].sort(),
    scan: [...work.scan].sort(),
    indexRebuild: [...work.indexRebuild].sort(),
    class: classOf(work, taken, held),
    inTransaction: work.inTransaction,
    ...(work.error === null ? {} : { error: work.error }),
    ...(work.notAnalysed === null ? {} : { notAnalysed: work.notAnalysed }),
    source: work.guessed ? 'documented' : 'measured',
  };
}

/** ALTER … IF EXISTS of what a history that knows tables does not know. */
function isSkipped(step: Step, catalog: Catalog): boolean {
  if (!('ifExists' in step) || !('table' in step) || !step.ifExists || catalog.tables.size === 0) return false;
  const key = resolveRelation(catalog, step.table);
  return !catalog.tables.has(key) && !catalog.views.has(key) && !catalog.sequences.has(key) && !catalog.indexes.has(key);
}

const NOTHING_HELD: HeldLocks = new Map();

/**
 * What a step does on a database of this shape. `held` is what its transaction holds already: such locks are not newly taken,
 * and work on such relations is heavy whatever the step itself takes.
 */
export function classify(step: Step, catalog: Catalog, target: Target, held: HeldLocks = NOTHING_HELD): LockEffect {
  const work = openWork(catalog, target);
  if (isSkipped(step, catalog)) return finish(work, held);
  const handler = HANDLERS[step.kind] as ((work: Work, step: Step) => void) | undefined;
  handler?.(work, step);
  return finish(work, held);
}

/** Several steps' effects as one: what a whole statement does. */
export function mergeEffects(effects: readonly LockEffect[]): LockEffect {
  const modes = new Map<string, readonly LockMode[]>();
  for (const effect of effects) for (const [key, more] of Object.entries(effect.modes)) modes.set(key, [...new Set([...(modes.get(key) ?? []), ...more])]);
  const sorted = [...modes].sort(([one], [other]) => (one < other ? -1 : 1));
  const union = (pick: (effect: LockEffect) => readonly string[]): string[] => [...new Set(effects.flatMap(pick))].sort();
  const error = effects.find((effect) => effect.error !== undefined)?.error;
  const notAnalysed = effects.find((effect) => effect.notAnalysed !== undefined)?.notAnalysed;
  const order = ['error', 'heavy', 'brief', 'safe'] as const;
  return {
    locks: Object.fromEntries(sorted.map(([key, all]) => [key, strongest(all) ?? 'AccessShareLock'])),
    modes: Object.fromEntries(sorted),
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
