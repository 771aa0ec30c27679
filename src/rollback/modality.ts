import { phrases } from './phrase.js';

/** Not done yet: planned, awaited, asked for. */
const PLANNED = phrases(
  'will', "[’']ll", 'going to', 'plan(?:s|ned|ning)? (?:to|for|on)', 'planned', 'to be', 'to-?do', 'tbd', 'should', 'shall', 'need(?:s|ed)? to', 'needs? (?:testing|verification|a test|checking)', 'must', 'pending', 'once', 'yet to', 'want to', 'hope to', "let[’']?s", 'later', 'soon', 'tomorrow', 'scheduled', 'comes first', 'in progress', 'waiting', 'await\\p{L}*', 'would', 'could you', 'can someone', 'intend', 'next step', 'to (?:test|verify|check|validate)',
  'wird', 'werden', 'geplant', 'muss', 'm[uü]ssen', 'soll(?:te|en)?', 'sp[aä]ter', 'steht noch aus', 'sera', 'seront', '[aà] tester', '[aà] valider', 'pr[eé]vue?s?', 'va [eê]tre', 'doit', 'devra', 'on va', 'se probar[aá]', 'probaremos', 'hay que', 'ser[aá]', 'pendiente', 'por (?:probar|validar)', 'vamos a', 'falta', 'a testar', 'pendente', 'vamos', 'vai ser', 'testaremos', 'faltando',
  'буд(?:ет|ут|ем)', 'планиру\\p{L}*', 'нужно', 'надо', 'проверим', 'позже', 'после мержа', '待', '将', '將', '计划', '需要', '准备', '之后', '还要', '稍后', '预计', '予定', 'これから', '後で', '必要', '예정', '할 것', '필요', '하겠',
);
const NEGATED = phrases(
  'not', "\\p{L}+n[’']t", 'cannot', 'cant', 'didnt', 'no', 'never', 'without', 'unable', 'skip(?:ped|ping|s)?', 'untested', 'unverified', 'impossible', 'neither', 'nor', 'n/a', 'lack(?:s|ing)?', 'none', 'missing', 'nicht', 'keine?[nmrs]?', 'ohne', 'nie', 'pas', 'non test[eé]e?', 'aucune?', 'sans', 'jamais', 'no se', 'sin', 'ning[uú]na?', 'nunca', 'n[aã]o', 'sem', 'nenhuma?', 'не', 'нет', 'без', 'ni', 'non',
  '未', '没有', '没能', '沒有', '无法', '不能', '尚未', '아직', 'nein', '안 ?했', '안 ?함',
);
/** Japanese and Korean deny behind the verb. */
const NEGATED_AFTER = /ていない|ていません|ません|できず|できない|られない|なし|無し|않|못했|못함|없/u;
/** "No errors" is good news, not a denial. */
const GOOD_NEWS = /\b(?:no|zero|without(?: any)?|not a single|0)\s+(?:\p{L}+\s+){0,2}(?:errors?|regressions?|issues?|failures?|5xx\w*|problems?|warnings?|alerts?|timeouts?|exceptions?|duplicates?|complaints?|crash(?:es)?|leaks?|diffs?|differences?|change|drops?|restarts?|longer|more)\b|\b(?:does|do|did)(?:n[’']t| not) (?:work|reproduce|happen|occur|fail|crash|leak|trigger|hang) (?:any ?more|any longer)\b|\bkeine (?:fehler|probleme)\b|\b(?:aucune erreur|sans erreurs?|sin errores|sem erros)\b|без ошибок|无(?:报错|异常|错误)|(?:没有|未见|未发现)(?:报错|异常|错误)|(?:エラー|問題)(?:は)?(?:なし|ありません|無し)|(?:에러|오류|문제|이상) ?없\p{L}*/giu;

/** How a sentence stands to what it names. */
export type Modality = 'stated' | 'planned' | 'negated';

/** Reads whether a clause states something as done, plans it or denies it. */
export function modalityOf(clause: string): Modality {
  const text = clause.replace(GOOD_NEWS, ' ').replace(/\bnot only\b/gi, ' ');
  if (NEGATED.test(text) || NEGATED_AFTER.test(text)) return 'negated';
  return PLANNED.test(text) ? 'planned' : 'stated';
}

/** Parts of a sentence that may differ in modality. */
export function clauses(sentence: string): string[] {
  return sentence.split(/[,;，；、](?:\s+|(?=[\u3000-\uffef]))|\s+(?:but|though|although|however|aber|mais|pero|mas|но|а)\s+|\s+[–—-]\s+|但是?|ただし|が、|지만/u).map((part) => part.trim()).filter((part) => part !== '');
}

/** The same of what stands around some words: a denial elsewhere in the sentence is about something else. */
export function modalityAround(sentence: string, patterns: readonly RegExp[], before = 30, after = 15): Modality {
  const places = patterns.flatMap((pattern) => {
    const match = pattern.exec(sentence);
    return match === null ? [] : [{ start: match.index, end: match.index + match[0].length }];
  });
  if (places.length === 0) return modalityOf(sentence);
  const start = Math.max(0, Math.min(...places.map((place) => place.start)) - before);
  const end = Math.max(...places.map((place) => place.end)) + after;
  const around = modalityOf(sentence.slice(start, end));
  if (around !== 'negated' || NEGATED.test(sentence.slice(start, end).replace(GOOD_NEWS, ' '))) return around;
  // What a Japanese or Korean sentence denies in front of the words is what was shown not to happen.
  const from = Math.max(...places.map((place) => place.start));
  return NEGATED_AFTER.test(sentence.slice(from, end)) ? 'negated' : 'stated';
}
