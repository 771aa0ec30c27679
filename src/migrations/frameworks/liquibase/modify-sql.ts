import type { Sent } from './change.js';
import { isFor } from './conditions.js';
import type { Element } from './element.js';

/** A change of the SQL that Liquibase writes; null says that it cannot be told what it makes of it. */
type Modifier = (sql: string) => string | null;

/** The text that a pattern matches when it is none: expressions of strangers are not run. */
function literalOf(pattern: string): string | null {
  const plain = pattern.replace(/\\s[+*]?/g, ' ').replace(/\\([.*+?^${}()|[\]\\])/g, '$1');
  return /[*+?^${}()|[\]\\.]/.test(pattern.replace(/\\s[+*]?|\\[.*+?^${}()|[\]\\]/g, '')) ? null : plain;
}

function modifierOf(element: Element): Modifier {
  const value = element.attributes.get('value') ?? '';
  const wanted = element.attributes.get('replace') ?? '';
  const by = element.attributes.get('with') ?? '';
  switch (element.name) {
    case 'append':
      return (sql) => sql + value;
    case 'prepend':
      return (sql) => value + sql;
    case 'replace':
      return (sql) => (wanted === '' ? sql : sql.split(wanted).join(by));
    case 'regExpReplace': {
      const literal = literalOf(wanted);
      return (sql) => (literal === null || literal === '' ? null : sql.split(literal).join(by));
    }
    default:
      return () => null;
  }
}

/** What is sent once a changeset's `modifySql` has been at it. SQL that the changelog holds itself is left as it stands. */
export function modified(sent: readonly Sent[], changeSet: Element): readonly Sent[] {
  const blocks = changeSet.children.filter((child) => child.name === 'modifySql' && isFor(child.attributes.get('dbms')));
  const modifiers = blocks.flatMap((block) => block.children.map(modifierOf));
  if (modifiers.length === 0) return sent;
  return sent.map((each): Sent => {
    if (each.kind !== 'generated') return each;
    const sql = modifiers.reduce<string | null>((so, modifier) => (so === null ? null : modifier(so)), each.sql);
    return sql === null ? { kind: 'opaque', reason: 'its SQL is changed by an expression of `modifySql`', start: each.start, end: each.end } : { ...each, sql };
  });
}
