import type { DefElem, Node, OnCommitAction } from '../../languages/sql.js';
import { name, typeText } from '../print/definition.js';
import { quoteLiteral, quoteName } from '../quote.js';
import { dottedName, strings, typeName } from './names.js';

// What statements say in lists of options, as SQL again.

export function definitions(nodes: readonly Node[] | undefined): DefElem[] {
  return (nodes ?? []).flatMap((node) => ('DefElem' in node ? [node.DefElem] : []));
}

function value(node: Node): string {
  if ('Integer' in node) return String(node.Integer.ival ?? 0);
  if ('Float' in node) return node.Float.fval ?? '0';
  if ('Boolean' in node) return String(node.Boolean.boolval ?? false);
  if ('String' in node) return quoteLiteral(node.String.sval ?? '');
  if ('TypeName' in node) return typeText(typeName(node.TypeName));
  if ('List' in node) return strings(node.List.items).map(quoteName).join('.');
  return '';
}

/** `fillfactor = 70, autovacuum_enabled = 'false'`: the inside of WITH (…) and SET (…). */
export function parameterText(nodes: readonly Node[] | undefined): string {
  return definitions(nodes)
    .map((each) => `${each.defnamespace === undefined ? '' : `${quoteName(each.defnamespace)}.`}${quoteName(each.defname ?? '')}${each.arg === undefined ? '' : ` = ${value(each.arg)}`}`)
    .join(', ');
}

const ACTIONS: Readonly<Record<string, string>> = { DEFELEM_SET: 'SET ', DEFELEM_ADD: 'ADD ', DEFELEM_DROP: 'DROP ' };

/** `host 'a', ADD port '5432'`: the inside of OPTIONS (…). */
export function foreignOptionText(nodes: readonly Node[] | undefined): string {
  return definitions(nodes)
    .map((each) => `${ACTIONS[each.defaction ?? ''] ?? ''}${quoteName(each.defname ?? '')}${each.arg === undefined ? '' : ` ${value(each.arg)}`}`)
    .join(', ');
}

function sequenceOption(each: DefElem): string {
  const given = each.arg === undefined ? null : value(each.arg);
  switch (each.defname) {
    case 'as':
      return `AS ${given ?? ''}`;
    case 'increment':
      return `INCREMENT BY ${given ?? ''}`;
    case 'start':
      return `START WITH ${given ?? ''}`;
    case 'restart':
      return given === null ? 'RESTART' : `RESTART WITH ${given}`;
    case 'maxvalue':
    case 'minvalue':
      return given === null ? `NO ${each.defname.toUpperCase()}` : `${each.defname.toUpperCase()} ${given}`;
    case 'cycle':
      return given === 'false' ? 'NO CYCLE' : 'CYCLE';
    case 'cache':
      return `CACHE ${given ?? ''}`;
    case 'sequence_name':
      return `SEQUENCE NAME ${given ?? ''}`;
    case 'owned_by':
      return `OWNED BY ${given ?? ''}`;
    default:
      return (each.defname ?? '').toUpperCase();
  }
}

/** A sequence's options, OWNED BY left out where that is said elsewhere. */
export function sequenceOptionText(nodes: readonly Node[] | undefined, owner: 'with owner' | 'without owner'): string {
  return definitions(nodes)
    .filter((each) => owner === 'with owner' || each.defname !== 'owned_by')
    .map(sequenceOption)
    .join(' ');
}

// The grammar gives the letter of ALWAYS or BY DEFAULT as its character code.
const ALWAYS = String('a'.charCodeAt(0));

/** `SET GENERATED ALWAYS RESTART`: what ALTER COLUMN says of an identity. */
export function identityChangeText(nodes: readonly Node[] | undefined): string {
  return definitions(nodes)
    .map((each) => {
      if (each.defname === 'restart') return sequenceOption(each);
      if (each.defname !== 'generated') return `SET ${sequenceOption(each)}`;
      return `SET GENERATED ${each.arg !== undefined && value(each.arg) === ALWAYS ? 'ALWAYS' : 'BY DEFAULT'}`;
    })
    .join(' ');
}

const ON_COMMIT: Readonly<Partial<Record<OnCommitAction, string>>> = { ONCOMMIT_DROP: 'ON COMMIT DROP', ONCOMMIT_DELETE_ROWS: 'ON COMMIT DELETE ROWS', ONCOMMIT_PRESERVE_ROWS: 'ON COMMIT PRESERVE ROWS' };

export interface Storage {
  readonly method: string | undefined;
  readonly parameters: readonly Node[] | undefined;
  readonly onCommit?: OnCommitAction | undefined;
  readonly tablespace: string | undefined;
}

/** What stands behind a table's columns: USING, WITH, ON COMMIT, TABLESPACE. */
export function storageText({ method, parameters, onCommit, tablespace }: Storage): string {
  const parts = [
    method === undefined ? '' : `USING ${quoteName(method)}`,
    parameters === undefined ? '' : `WITH (${parameterText(parameters)})`,
    ON_COMMIT[onCommit ?? 'ONCOMMIT_NOOP'] ?? '',
    tablespace === undefined ? '' : `TABLESPACE ${quoteName(tablespace)}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** `{ options }` where there are some. */
export function withOptions(text: string): { readonly options?: string } {
  return text === '' ? {} : { options: text };
}

/** The text of an option, by its name; a dotted name is put together. */
export function optionName(nodes: readonly Node[] | undefined, wanted: string): string | null {
  const found = definitions(nodes).find((each) => each.defname === wanted)?.arg;
  if (found === undefined) return null;
  if ('String' in found) return found.String.sval ?? '';
  return 'List' in found ? name(dottedName(found.List.items)) : null;
}
