import type { Adapter, CallNames, CallSite, Recognition } from '../recognise.js';
import { property } from './where-object.js';

type Operation = Extract<Recognition, { is: 'file' }>['operation'];
const METHODS: Readonly<Record<string, Operation>> = {
  exists: 'exists',
  existsSync: 'exists',
  access: 'exists',
  accessSync: 'exists',
  pathExists: 'exists',
  stat: 'stat',
  statSync: 'stat',
  open: 'open',
  openSync: 'open',
  readFile: 'read',
  readFileSync: 'read',
  createReadStream: 'read',
  writeFile: 'write',
  writeFileSync: 'write',
  createWriteStream: 'write',
  appendFile: 'append',
  appendFileSync: 'append',
  unlink: 'delete',
  unlinkSync: 'delete',
  rm: 'delete',
  rmSync: 'delete',
  rename: 'rename',
  renameSync: 'rename',
  mkdir: 'mkdir',
  mkdirSync: 'mkdir',
};

/** Node's file system, by module or by the usual names. */
export const files: Adapter = {
  library: 'fs',
  matches(call: CallNames): boolean {
    if (METHODS[call.name] === undefined) return false;
    const owner = call.chain.links.length === 1 ? call.name : (call.chain.links.at(-2)?.name ?? call.chain.root);
    const root = call.chain.root === '' ? call.name : call.chain.root;
    return /^(fs|fsp|fse|promises|fsPromises)$/.test(owner) || /^(node:)?(fs|fs\/promises|fs-extra)$/.test(call.file.imports.get(root) ?? '');
  },
  read(call: CallSite): Recognition | null {
    const operation = METHODS[call.name];
    if (operation === undefined) return null;
    const flags = call.values.map((one) => property(one, 'flag') ?? property(one, 'flags') ?? one);
    const exclusive = flags.some((one) => one.kind === 'literal' && typeof one.value === 'string' && /^[wa]x\+?$/.test(one.value));
    return { is: 'file', operation, file: call.values[0] ?? null, exclusive, sync: call.name.endsWith('Sync') };
  },
};
