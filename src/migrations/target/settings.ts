import { mysqlVersion, namedEngine, postgresVersion, type EvidenceKind, type Named, type TargetFile } from './evidence.js';

/** One way in which a file names a server's version on a line. */
interface Setting {
  readonly file: RegExp;
  /** What the text must hold for the line to mean a database. */
  readonly only?: RegExp;
  /** The version is the first group. */
  readonly line: RegExp;
  readonly engine: Named['engine'];
  readonly kind: EvidenceKind;
}

const YAML = /\.ya?ml$/;

const SETTINGS: readonly Setting[] = [
  { file: /(?:^|\/)supabase\/config\.toml$/, line: /^\s*major_version\s*=\s*(\d+)/, engine: 'postgres', kind: 'infrastructure' },
  { file: /(?:^|\/)render\.ya?ml$/, line: /^\s*-?\s*postgresMajorVersion:\s*["']?(\d+)/, engine: 'postgres', kind: 'infrastructure' },
  { file: /(?:^|\/)app\.json$/, only: /heroku-postgresql/, line: /"version"\s*:\s*"(\d+)/, engine: 'postgres', kind: 'infrastructure' },
  { file: /(?:^|\/)fly[\w.-]*\.toml$/, only: /postgres/, line: /^\s*image\s*=\s*["'][^"']*postgres[\w-]*:(\d+)/, engine: 'postgres', kind: 'infrastructure' },
  // CloudNativePG by image is read with the images; Zalando's and Crunchy's operators name the version.
  { file: YAML, only: /kind:\s*["']?postgresql["']?\s*$/im, line: /^\s*version:\s*["']?(\d{1,2})["']?\s*$/, engine: 'postgres', kind: 'infrastructure' },
  { file: YAML, only: /kind:\s*["']?PostgresCluster/, line: /^\s*postgresVersion:\s*["']?(\d+)/, engine: 'postgres', kind: 'infrastructure' },
  { file: YAML, line: /\bPOSTGRES_(\d{1,2})\b/, engine: 'postgres', kind: 'infrastructure' },
  { file: /(?:^|\/)\.(?:platform|upsun)\/[\w.-]+\.ya?ml$/, line: /^\s*type:\s*["']?postgresql:(\d+)/, engine: 'postgres', kind: 'infrastructure' },
  { file: /(?:^|\/)\.do\/[\w.-]+\.ya?ml$|(?:^|\/)\.do\.ya?ml$/, only: /engine:\s*["']?PG\b/, line: /^\s*-?\s*version:\s*["']?(\d+)/, engine: 'postgres', kind: 'infrastructure' },
  { file: /(?:^|\/)(?:group_vars|host_vars|roles|playbooks?|ansible)\/.*\.ya?ml$/, line: /^\s*postgres(?:ql)?_version:\s*["']?(\d+)/, engine: 'postgres', kind: 'infrastructure' },
  { file: /\.(?:[cm]?ts|[cm]?js|py|java|cs|go)$/, line: /\b(?:Aurora)?PostgresEngineVersion[._](?:VER|Ver)_(\d+)/, engine: 'postgres', kind: 'infrastructure' },
  { file: /(?:^|\/)\.github\/workflows\/|(?:^|\/)\.(?:gitlab-ci|travis)[\w.-]*\.ya?ml$|(?:^|\/)\.circleci\//, line: /^\s*-?\s*["']?postgres(?:ql)?[-_ ]?(?:version)?["']?\s*:\s*["']?(\d+)(?:\.\d+)?["']?\s*(?:#.*)?$/i, engine: 'postgres', kind: 'ci' },
  { file: /(?:^|\/)\.tool-versions$/, line: /^\s*postgres(?:ql)?\s+(\d+)/, engine: 'postgres', kind: 'development' },
  { file: /(?:^|\/)\.tool-versions$/, line: /^\s*mysql\s+(\d+\.\d+)/, engine: 'mysql', kind: 'development' },
  { file: /(?:^|\/)\.?mise[\w.-]*\.toml$/, line: /^\s*["']?postgres(?:ql)?["']?\s*=\s*(?:\{\s*version\s*=\s*)?["'](\d+)/, engine: 'postgres', kind: 'development' },
  { file: /\.nix$/, line: /\bpostgresql_(\d{1,2})\b/, engine: 'postgres', kind: 'development' },
  { file: /(?:^|\/)Brewfile$/, line: /postgresql@(\d+)/, engine: 'postgres', kind: 'development' },
];

/** CloudFormation, Pulumi, SST: an engine and its version within a few lines of each other. */
function pairsIn(file: TargetFile): (Named & { readonly line: number })[] {
  return file.lines.flatMap((line, index) => {
    const engine = /^\s*["']?[eE]ngine["']?\s*:\s*["']?((?:aurora-)?(?:postgres(?:ql)?|mysql)|mariadb)["']?\s*,?\s*$/.exec(line)?.[1];
    if (engine === undefined) return [];
    for (let at = Math.max(0, index - 12); at < Math.min(file.lines.length, index + 13); at += 1) {
      const version = /^\s*["']?[eE]ngine[vV]ersion["']?\s*:\s*["']?([\d.]+)/.exec(file.lines[at] ?? '')?.[1];
      if (version === undefined) continue;
      const read = namedEngine(engine, version);
      return read === null ? [] : [{ ...read, line: at + 1 }];
    }
    return [];
  });
}

/** Versions that a file sets by name rather than by image. */
export function settingsIn(file: TargetFile, text: string): (Named & { readonly line: number; readonly kind: EvidenceKind })[] {
  const applies = SETTINGS.filter((setting) => setting.file.test(file.path) && (setting.only === undefined || setting.only.test(text)));
  const found = file.lines.flatMap((line, index) =>
    applies.flatMap((setting) => {
      const written = setting.line.exec(line)?.[1];
      const version = setting.engine === 'postgres' ? postgresVersion(written) : mysqlVersion(written);
      return written === undefined || version === null ? [] : [{ engine: setting.engine, version, line: index + 1, kind: setting.kind }];
    }),
  );
  const pairs = /\.(?:ya?ml|json|[cm]?ts|template)$/.test(file.path) ? pairsIn(file) : [];
  return [...found, ...pairs.map((pair) => ({ ...pair, kind: 'infrastructure' as const }))];
}
