import { assumedTarget, OLDEST_SUPPORTED_POSTGRES, type Target } from '../target.js';
import { openTargetFile, type EvidenceKind, type Named, type TargetEvidence, type TargetFile } from './evidence.js';
import { helmImagesIn, imagesIn } from './images.js';
import { settingsIn } from './settings.js';
import { serversInTerraform } from './terraform.js';

/** More than these are not looked at. */
export const MOST_TARGET_FILES = 400;

const BY_NAME =
  /compose[\w.-]*\.ya?ml$|^(?:docker|container)file(?:[.-][\w.-]*)?$|\.(?:docker|container)file$|\.(?:tf|tofu|tfvars|nix)$|^values[\w.-]*\.ya?ml$|^\.?gitlab-ci[\w.-]*\.ya?ml$|^\.travis\.yml$|^(?:azure|bitbucket)-pipelines[\w.-]*\.ya?ml$|^\.(?:drone|woodpecker|do)\.ya?ml$|^(?:template|serverless|nais|render|skaffold)\.(?:ya?ml|json)$|^sst\.config\.ts$|^fly[\w.-]*\.toml$|^app\.json$|^devcontainer\.json$|^\.tool-versions$|^\.?mise[\w.-]*\.toml$|^brewfile$/i;

const BY_FOLDER: readonly (readonly [RegExp, RegExp])[] = [
  [/(?:^|\/)\.github\/workflows\//, /\.ya?ml$/],
  [/(?:^|\/)\.(?:gitlab|circleci|woodpecker|buildkite|semaphore|platform|upsun|do|nais)\//, /\.ya?ml$/],
  [/(?:^|\/)supabase\//, /(?:^|\/)supabase\/config\.toml$/],
  [/(?:^|\/)(?:k8s|kubernetes|kube|deploy|deployments?|manifests|helm|charts?|overlays|kustomize|gitops|argocd|flux|clusters|infra|infrastructure|ops|iac|cloudformation|cfn|nais|ansible|group_vars|host_vars|playbooks|roles)\//i, /\.(?:ya?ml|json)$/],
  [/(?:^|\/)(?:cdk|infra|infrastructure|iac|stacks)\//i, /\.(?:[cm]?ts|py|java|go|cs)$/],
];

const NOT_OURS = /(?:^|\/)(?:node_modules|vendor|third_party|examples?|samples?|fixtures?|testdata|__tests__|__fixtures__|docs?|website|templates?|cookiecutter[\w-]*)\//i;

/**
 * Whether a file may name the server that this repository's own database runs on. Load such files from the base: a pull
 * request must not choose what it is judged by.
 */
export function isTargetPath(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (BY_NAME.test(name) || BY_FOLDER.some(([folder, file]) => folder.test(path) && file.test(path))) && !NOT_OURS.test(path);
}

function kindOf(path: string): EvidenceKind {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  if (/(?:^|\/)\.devcontainer\/|devcontainer\.json$/.test(path)) return 'development';
  if (/(?:^|\/)\.(?:github|gitlab|circleci|woodpecker|buildkite|semaphore)|(?:^|\/)\.?(?:gitlab-ci|travis|drone|azure-pipelines|bitbucket-pipelines)/.test(path)) return 'ci';
  if (/(?:^|\/)(?:tests?|e2e|ci)\//i.test(path) || /[._-](?:test|tests|ci|e2e|testing)[._-]/.test(name)) return 'ci';
  if (/compose/.test(name)) return /(?:^|[/._-])prod(?:uction)?[/._-]/i.test(path) ? 'infrastructure' : 'compose';
  return /dockerfile|containerfile/i.test(name) ? 'compose' : 'infrastructure';
}

function evidenceIn(file: TargetFile, text: string): TargetEvidence[] {
  const at = (found: Named & { readonly line: number }, kind: EvidenceKind): TargetEvidence => ({ engine: found.engine, version: found.version, kind, path: file.path, line: found.line });
  const images = /\.(?:ya?ml|json)$|(?:docker|container)file/i.test(file.name) ? [...imagesIn(file), ...(/\.ya?ml$/.test(file.name) ? helmImagesIn(file) : [])] : [];
  return [...images.map((each) => at(each, kindOf(file.path))), ...settingsIn(file, text).map((each) => at(each, each.kind))];
}

/** Every place in some files (path → text) that names a database server. */
export function findTargetEvidence(files: ReadonlyMap<string, string>): readonly TargetEvidence[] {
  const own = [...files].filter(([path]) => isTargetPath(path));
  const opened = own.map(([path, text]) => ({ text, file: openTargetFile(path, text) }));
  const terraform = serversInTerraform(opened.map(({ file }) => file)).map((found): TargetEvidence => ({ engine: found.engine, version: found.version, kind: 'infrastructure', path: found.path, line: found.line }));
  return [...terraform, ...opened.flatMap(({ file, text }) => evidenceIn(file, text))];
}

const ORDER: readonly EvidenceKind[] = ['infrastructure', 'compose', 'ci', 'development'];

const OLDEST: Readonly<Record<Target['engine'], number>> = { postgres: OLDEST_SUPPORTED_POSTGRES, mysql: 8, mariadb: 10.6 };

function older(one: number, other: number): boolean {
  const [oneMajor = 0, oneMinor = 0] = String(one).split('.').map(Number);
  const [otherMajor = 0, otherMinor = 0] = String(other).split('.').map(Number);
  return oneMajor === otherMajor ? oneMinor < otherMinor : oneMajor < otherMajor;
}

/**
 * The server that the evidence speaks of. What production is made from counts before what people run, and that before what
 * tests run on; where several of one kind disagree, the oldest: what it cannot do must not be asked of it. `engine` is what
 * the migrations themselves are written for; null where they do not tell, and then Postgres wins where it is named at all.
 */
export function targetFrom(evidence: readonly TargetEvidence[], engine: Target['engine'] | null): Target {
  const meant = engine ?? (evidence.some((each) => each.engine === 'postgres') ? 'postgres' : (evidence[0]?.engine ?? 'postgres'));
  const ours = evidence.filter((each) => each.engine === meant);
  for (const kind of ORDER) {
    let chosen: TargetEvidence | null = null;
    for (const each of ours) {
      if (each.kind !== kind || each.version === null) continue;
      const same = chosen?.version === each.version && each.path.length < chosen.path.length;
      if (chosen?.version == null || same || older(each.version, chosen.version)) chosen = each;
    }
    if (chosen?.version != null) return { engine: meant, version: chosen.version, source: `${chosen.path}:${String(chosen.line)}` };
  }
  return meant === 'postgres' ? assumedTarget() : { engine: meant, version: OLDEST[meant], source: 'assumed' };
}
