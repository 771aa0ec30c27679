import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createRedactor } from '../../src/questions/redact.js';

const redact = (text: string, path?: string): string => createRedactor().redact(text, path);
const fake = (parts: readonly string[]): string => parts.join('');

/** Made up at run time, so that no scanner takes this file for a leak. */
const SECRETS: Readonly<Record<string, string>> = {
  aws: fake(['AKIA', 'IOSFODNN7', 'EXAMPLE']),
  github: fake(['ghp_', '16C7e42F292c6912E7710c838347Ae178B4a']),
  githubShort: fake(['gho_', '16C7e42F292c']),
  githubApp: fake(['ghs_', '123456_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxMjM0NTYifQ.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw']),
  githubLong: fake(['github_pat_', 'A1b2C3d4'.repeat(60)]),
  jwt: fake(['eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0NTY3ODkwIn0', '.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U']),
  slack: fake(['xoxb-', '123456789012-abcdefGHIJKL']),
  stripe: fake(['sk_', 'live_', '4eC39HqLyjWDarjtT1zdp7dc']),
  google: fake(['AIza', 'SyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY']),
  anthropic: fake(['sk-', 'ant-api03-', 'A1b2C3d4E5f6G7h8I9']),
  gitlab: fake(['glpat-', 'A1b2C3d4E5f6G7h8']),
};

describe('secrets of a known form', () => {
  it.each(Object.entries(SECRETS))('%s is replaced wherever it stands', (_, secret) => {
    for (const text of [`const key = "${secret}";`, `curl -H 'x: ${secret}' https://api`, `# ${secret}`, secret]) {
      const redacted = redact(text);
      expect(redacted).not.toContain(secret.slice(8));
      expect(redacted).toMatch(/«secret:[a-z-]+#1»/);
    }
  });

  it('are told apart by number, and the same one keeps its number across texts', () => {
    const redactor = createRedactor();
    const other = fake(['AKIA', 'AAAAAAAAA', 'AAAAAA1']);
    expect(redactor.redact(`${SECRETS['aws']} ${other} ${SECRETS['aws']}`)).toBe('«secret:aws#1» «secret:aws#2» «secret:aws#1»');
    expect(redactor.redact(`again ${other}`)).toBe('again «secret:aws#2»');
    expect(redactor.count()).toBe(2);
  });
});

describe('values of telling names', () => {
  it.each([
    ["password: 'hunter2'", "password: '«secret:password#1»'"],
    ['{"client_secret": "a8f5f167f44f4964e6c998dee827110c"}', '{"client_secret": "«secret:value#1»"}'],
    ["'password' => 'tiger99'", "'password' => '«secret:password#1»'"],
    ["const apiKey: string = 'Zx8kq90aslkdj2';", "const apiKey: string = '«secret:value#1»';"],
    ['postgres://app:s3cr3t@db.internal:5432/prod', 'postgres://app:«secret:password#1»@db.internal:5432/prod'],
    ['amqp://u:p@ss@mq/vhost', 'amqp://u:«secret:password#1»@mq/vhost'],
    ['amqp://u:pa/ss@mq/vhost', 'amqp://u:«secret:password#1»@mq/vhost'],
    ["CREATE ROLE app LOGIN PASSWORD 'sesame';", "CREATE ROLE app LOGIN PASSWORD '«secret:password#1»';"],
    ['Authorization: Bearer abc123def456ghi789', 'Authorization: Bearer «secret:authorization#1»'],
    ['DB_PASSWORD=hunter2', 'DB_PASSWORD=«secret:password#1»'],
    ['mysqldump --password=hunter2 shop', 'mysqldump --password=«secret:password#1» shop'],
    ['<password>hunter2</password>', '<password>«secret:password#1»</password>'],
  ])('in %s are replaced, the name stays', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  it('in settings files are literals even without quotes', () => {
    expect(redact('db:\n  password: hunter2\n  user: app\n', 'config/prod.yml')).toBe('db:\n  password: «secret:password#1»\n  user: app\n');
    expect(redact('  password: hunter2,\n', 'src/user.ts')).toBe('  password: hunter2,\n');
  });
});

describe('what is no secret stays as it is', () => {
  it.each([
    'const token = getToken(); const password = req.body.password;',
    'if (password === user.password && a.token > limit) return secret;',
    'password: z.string().min(8), token: string; passwordField: "password"',
    'apiKey: process.env.API_KEY, secret: config.get("jwt.secret")',
    'const url = `postgres://${user}:${process.env.DB_PASSWORD}@${host}/db`;',
    'fetch("http://localhost:8080/users/a@b.example")',
    'DB_PASSWORD=${DB_PASSWORD}\nAPI_TOKEN=$TOKEN',
    "await tokens.delete({ where: { token: hashedToken } }); const tokenType = 'bearer';",
    "const columns = ['password', 'token', 'secret'];",
    "csrf_token = 'csrf_token_name'; idempotencyToken: 'order-created'",
    '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBg\n-----END CERTIFICATE-----',
    'ALTER TABLE users ADD COLUMN password_digest text NOT NULL;',
    'const sha = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";',
  ])('%s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('private keys', () => {
  const body = ['MIIEpAIBAAKCAQEA7yKq', 'c2VjcmV0LXNlY3JldC1z', 'ZWNyZXQ='];

  it.each([
    ['whole', `a\n-----BEGIN RSA PRIVATE KEY-----\n${body.join('\n')}\n-----END RSA PRIVATE KEY-----\nb`],
    ['indented in YAML', `key: |\n  -----BEGIN PRIVATE KEY-----\n  ${body.join('\n  ')}\n  -----END PRIVATE KEY-----\nnext: 1`],
    ['in one string', `const k = "-----BEGIN EC PRIVATE KEY-----\\n${body.join('\\n')}\\n-----END EC PRIVATE KEY-----\\n";`],
    ['cut off', `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.slice(0, 2).join('\n')}\nconst x = 1;`],
  ])('%s lose their inside and keep their lines', (_, text) => {
    const redacted = redact(text);
    for (const line of body.slice(0, 2)) expect(redacted).not.toContain(line);
    expect(redacted.split('\n')).toHaveLength(text.split('\n').length);
    expect(redacted).toContain('PRIVATE KEY-----');
    expect(redacted.split('\n').at(-1)).toBe(text.includes('const k') ? redacted : text.split('\n').at(-1));
  });
});

describe('for any text', () => {
  const code = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', 'Z', '0', ' ', '\n', '"', "'", '=', ':', '/', '@', '-', '_', '.', '$', '{', '}', '<', '>', '\\', 'é', '\u202e', '\u0000', '»', '«'), maxLength: 200 }),
    fc.array(fc.constantFrom('password', 'token', '=', ': ', '"', '://', '@', 'eyJ', '-----BEGIN PRIVATE KEY-----', '-----END PRIVATE KEY-----', '\n', 'AKIA', 'ghp_', 'x1y2z3a4b5', '«secret:aws#1»'), { maxLength: 40 }).map((parts) => parts.join('')),
  );

  it('the number of lines stays, and a second time changes nothing', () => {
    fc.assert(
      fc.property(code, (text) => {
        const once = redact(text);
        expect(once.split('\n')).toHaveLength(text.split('\n').length);
        expect(redact(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  it('a secret put anywhere does not come through', () => {
    const secret = fc.constantFrom(...Object.values(SECRETS));
    const separator = fc.constantFrom(' ', '\n', '"', "'", '(', ',', ' = ', ': ');
    fc.assert(
      fc.property(code, separator, secret, separator, code, (before, left, value, right, after) => {
        expect(redact(before + left + value + right + after)).not.toContain(value);
      }),
      { numRuns: 500 },
    );
  });

  it('names are kept: only values are replaced', () => {
    const name = fc.constantFrom('password', 'dbPassword', 'API_TOKEN', 'clientSecret', 'aws_secret_access_key');
    const value = fc.string({ unit: fc.constantFrom(...'abcdefXYZ0123456789+'), minLength: 24, maxLength: 40 }).filter((text) => /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text));
    fc.assert(
      fc.property(name, value, (key, text) => {
        const redacted = redact(`  ${key}: "${text}",`);
        expect(redacted).toMatch(new RegExp(`^ {2}${key}: "«secret:(?:value|password)#1»",$`));
      }),
      { numRuns: 200 },
    );
  });
});
