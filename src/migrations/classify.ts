export interface LockEffect {
  readonly class: 'heavy' | 'brief' | 'safe' | 'error';
}
export interface Target {
  readonly engine: 'postgres' | 'mysql' | 'mariadb';
  readonly version: number;
  /** Where the version comes from, in words: "`database.target` in .github/belay.yml", "docker-compose.yml:12", "assumed". */
  readonly source: string;
}
