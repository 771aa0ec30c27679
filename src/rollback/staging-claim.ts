import { clauses, modalityAround } from './modality.js';
import { phrases, sentences } from './phrase.js';
import type { Statement } from './statements.js';

const STAGE = phrases(
  'staging', 'stagin', 'stage', 'stg', 'pre-?prod(?:uction)?', 'pre-?release', 'uat', 'qa env(?:ironment)?', '(?<=\\b(?:on|in|to) (?:the )?)qa', 'preview (?:env(?:ironment)?|deploy(?:ment)?)', 'vorproduktion', 'integrationsumgebung', 'pr[eé]-?prod(?:uction)?', 'recette', 'pre-?producci[oó]n', 'homologa[cç][aã]o', 'hml', 'стейдж\\p{L}*', 'препрод\\p{L}*', 'тестов(?:ом|ый) (?:стенд|сред|контур)\\p{L}*',
  '预发布?', '仿真环境', '預發', 'ステージング', '検証環境', '스테이징', '검증 ?(?:환경|서버)',
);
const STAGE_THING = /\b(?:git )?staging (?:models?|areas?|tables?|buckets?|director(?:y|ies)|folders?|schemas?|layers?|branch(?:es)?|config\w*|keys?|secrets?|values?|files?|url)\b|[\w./-]*\/staging\b|\bstaging\/|\b(?:first|last|next|final|each|this|build|pipeline|early|multi)[- ]stage\b/gi;
const DONE = phrases(
  'tested', 'tests? (?:pass|passed|ok|green)', 'verified', 'validated', 'confirmed', 'checked', 'deployed', 'ran', 'running', 'applied', 'rebooted', 'passed', 'passes', 'pass', 'works', 'worked', 'working', 'green', 'soak(?:ed|ing)?', 'exercised', 'smoke[- ]?test(?:ed|s)?', "qa[’']?(?:ed|d)", 'signed off', 'sign-?off', 'successful(?:ly)?', 'success', 'replayed', 'rehearsed', 'tried', 'live', 'rolled out', 'shipped', 'loaded', 'load[- ]tested', 'been on', 'done', 'ok', 'yes', 'complete[d]?', 'observed', 'baked', 'fine', 'healthy', 'no longer', '(?:does|do|did)(?:n[’\']t| not) (?:work|reproduce|happen|occur|fail|crash|leak) (?:any ?more|any longer)', 'gone', 'approved', 'reviewed', 'pushed to',
  'getestet', 'angeschaut', 'passt', 'gepr[uü]ft', 'verifiziert', 'l[aä]uft', 'ausgerollt', 'erfolgreich', 'best[aä]tigt', 'durchgespielt', 'test[eé]e?s?', 'v[eé]rifi[eé]e?s?', 'valid[eé]e?s?', 'd[eé]ploy[eé]e?s?', 'confirm[eé]e?s?', 'probad[oa]s?', 'verificad[oa]s?', 'validad[oa]s?', 'desplegad[oa]s?', 'comprobad[oa]s?', 'confirmad[oa]s?', 'testad[oa]s?', 'implantad[oa]s?', 'homologad[oa]s?', 'funciona', 'провер(?:ен|ил|ено)\\p{L}*', 'перевір\\p{L}*', 'протестирова\\p{L}*', 'задеплоен\\p{L}*', 'выкачен\\p{L}*', 'прогна\\p{L}*', 'работает', 'выкатил\\p{L}*', 'обкатан\\p{L}*',
  'active', 'aktiv', 'ausprobiert', 'actif', 'activo', 'ativo', 'killed', '已回归', '回归', '已验证', '验证通过', '测试通过', '已测试', '已部署', '验证过', '自测', '跑过', '通过', '已在', '验证', '正常', '確認済', '検証済', 'テスト済', '試験済', '済み', '確認しました', '検証しました', '動作確認', '確認', '検証', 'デプロイ済', '完了', '実施', '확인', '검증', '테스트', '통과', '완료', '배포했',
);
/** Something was done there; not that it broke there. */
const PAST = /\b(?:upgraded|updated|migrated|switched|moved) staging\b|\b(?:on|in) (?:staging|stage|stg|pre-?prod\w*|uat|qa) (?:since|for (?:\d+|an?|one|two|the last) ?\w+)\b|(?:на|в) стейдж\p{L}* (?:\p{L}+ ){0,2}под нагрузкой|\b(?!(?:introduced|broken|failed|crashed|noticed|reported|caused|created|added|changed|moved|renamed|removed|fixed|needed|based|named|used|called|supposed|expected|shared|stored|configured|limited|blocked|disabled|affected|occurred|happened|released|merged|received|reproduced|tracked|seen)\b)[a-z]{2,}(?:ed|ran) (?:\S+ ){0,6}(?:on|in|to|against|with) (?:our |the |a )?(?:staging|stage|stg|pre-?prod\w*|uat|qa)\b/iu;
const TICK = /[✅✔☑👍🟢]|:white_check_mark:|:heavy_check_mark:|\[x\]/iu;

/** The words of a statement that say that the change was tried on staging or the like; null where they do not. */
export function stagingIn({ text, label, ticked, under, form }: Statement): string | null {
  if (form === 'code') return null;
  const labelled = label !== null && STAGE.test(label.replace(STAGE_THING, ' '));
  if (labelled && (TICK.test(text) || DONE.test(`${label} ${text}`) || /\b[a-z]{3,}ed\b/.test(text) || ticked === true) && modalityAround(`${label} ${text}`, [STAGE, DONE]) === 'stated') return `${label}: ${text}`;
  if (label !== null && DONE.test(label) && STAGE.test(text.replace(STAGE_THING, ' ')) && modalityAround(`${label}: ${text}`, [STAGE, DONE]) === 'stated') return `${label}: ${text}`;
  const section = under.at(-1);
  for (const raw of sentences(text)) {
    const sentence = raw.replace(/`[^`]*`/g, (code) => (STAGE.test(code) && /[/.=_:]/.test(code) ? ' ' : code.slice(1, -1))).replace(STAGE_THING, ' ');
    const done = (part: string): boolean => (ticked === true || TICK.test(part) || DONE.test(part) || PAST.test(part) || MEASURED_THERE.test(part)) && modalityAround(part, [STAGE, DONE]) === 'stated';
    const named = clauses(sentence).filter((clause) => STAGE.test(clause));
    if (named.length === 0) {
      if (section !== undefined && label === null && isStageTitle(section) && done(sentence)) return raw;
      continue;
    }
    const heading = under.at(-1) ?? '';
    if (named.some(done) || done(sentence) || (label === null && heading.length < 60 && DONE_TITLE.test(heading) && named.some((clause) => modalityAround(clause, [STAGE]) === 'stated' && clause.length < 60 && !BROKE.test(clause)))) return raw;
  }
  return null;
}

/** A heading under which the places of a test are listed. */
const DONE_TITLE = /^\W*(?:tested|verified|checked|validated|getestet|gepr[uü]ft|test[eé]e?|v[eé]rifi[eé]|probado|testado|verificado|провер\p{L}*|протест\p{L}*|перевір\p{L}*|getest|przetestowan\p{L}*|已测试|已验证|確認済み?|検証済み?)/iu;
const MEASURED_THERE = /\d.{0,30}(?:→|->).{0,10}\d/;
const BROKE = /\b(?:fail|broke|repro|found|seen|crash)/i;

function isStageTitle(title: string): boolean {
  return title.length < 60 && STAGE.test(title.replace(STAGE_THING, ' ')) && !/prod\b(?!uction)/i.test(title.replace(/pre-?prod/gi, ''));
}
