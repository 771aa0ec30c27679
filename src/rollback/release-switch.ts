import { DURATION, NEXT } from './gradual.js';
import { phrases, sentences } from './phrase.js';
import type { Statement } from './statements.js';
import { isPlanTitle, saysHowToUndo } from './undo-words.js';

/** What people call a switch. */
export const FLAG_WORD = phrases('feature[- ]?flags?', 'flags?', 'flagged', 'feature[- ]?toggles?', 'toggles?', 'kill[- ]?switch(?:es)?', 'switch', 'launchdarkly', 'unleash', 'configcat', 'remote config(?: key)?', 'config key', 'flipper', 'split\\.io', 'statsig', 'gate', 'gated', 'guarded by', 'interrupteur', 'drapeau', 'schalter', 'bandera', 'флаг\\p{L}*', 'фич[аеи]?-?флаг\\p{L}*', 'рубильник\\p{L}*', 'прапор\\p{L}*', 'flag[aą]', 'prze[lł][aą]cznik\\p{L}*', 'experiment', '开关', '特性开关', '功能开关', '降级开关', 'フラグ', 'トグル', '플래그', '토글', '스위치');
const FLAG_NAME = /[`"“'][\w.:/-]*[A-Za-z][\w.:/-]*(?:\s*=\s*\w+)?[`"”']|\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\b(?!(?:i\.e|e\.g)\b)[a-z]+(?:[_.-][a-z0-9]+)+/;
/** A library or server that is called like a switch. */
const FLAG_TOOL = /\b(?:unleash|launchdarkly|flipper|statsig|configcat|split\.io|growthbook)(?:[-_/]\w[\w-]*|\s+(?:server|client|sdk|chart|proxy|edge|upgrade|v?\d\S*))/gi;
/** Code of the author's own that has the word in it: `FlagSet`, `is_flagged`. */
const CODE = /`[^`]*`/g;
const FLAG_IS_SUBJECT = /\b(?:remov(?:e[sd]?|ing)|delet(?:e[sd]?|ing)|clean(?:s|ed|ing)? up|drop(?:s|ped)?|retire[sd]?|evaluat\w+|default value of|typo in|renam(?:e[sd]?|ing)|compiler|command[- ]line|cli|has been (?:at|on)|is the (?:toggle|flag|switch)|(?:nullable )?(?:boolean|column|field) `?\w*flag\w*|bits?|(?:switches|flags|toggles) (?:ends?|start|begin|must|should|keep|live|are (?:stored|named|kept))|(?:every|each) (?:flag|toggle|switch)|flag service|leaving the (?:flag|toggle|switch))\b/i;
/** Released behind a name, and off again by it. */
const STEERED = /\b(?:(?:controlled|governed|selected|switched|toggled|gated|guarded|driven|steered)\s+(?:with|by|via|through)|wrapped\s+in)\s+(?:the\s+|a\s+)?(?:\w+\s+){0,3}`[\w.:/-]+(?:=[\w|.-]+)?`/i;
const CONDITIONAL = /\bonly\b.{0,60}\b(?:in|on) (?:the )?`[\w.]+`\s+(?:list|allow-?list|white-?list)\b|`[A-Z][A-Z0-9_]*(?:PERCENT|PCT|RATIO|SHARE|ROLLOUT)\w*\s*[=:]\s*\d|\b(?:only|while|with|when|if|unless|once)\b.{0,30}`[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\s*=\s*\w+`/;
const BEHIND = /\b(?:behind|hinter|derri[eè]re|detr[aá]s de|atr[aá]s d[ea]|через|за)\s+(?:the |a |an |our |le |la |der |dem |el |o |флагом )?(?:new )?(?:\p{L}+ ){0,2}`[\w.:/-]+`|\b(?:on|enabled|active) for (?:\S+ ){1,4}(?:through|via|with|by) `[\w.:/-]+`|`[\w.:/-]+`\s*(?:的?后面|で制御|で有効|로 제어)/iu;
const VARIABLE_SET = /(?<![\w.])(?!\w*(?:VERSION|TAG|IMAGE|REVISION|SHA|COMMIT)\b)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\s*(?:=|:\s)\s*["']?(?!v?\d+\.\d)[\w.-]+/u;
const SWITCH_SET = /[\w.:/-]*[a-z][\w.:/-]*\s*=\s*["']?(?:true|false|on|off|legacy|old|new)\b|`[\w.:/-]+`\s*(?:to|=|→|auf|[aà]|en|para|в|на|为|を|로)\s*[`"]?(?:true|false|on|off|0|1)\b|`[\w.:/-]+`\s*(?:off|aus|выкл)\b/iu;
const isSet = (text: string): boolean => VARIABLE_SET.test(text) || SWITCH_SET.test(text);

/** The words of a statement that name a switch for the change; null where they do not. */
export function flagIn({ text, label, under, form }: Statement): string | null {
  const inPlan = under.some(isPlanTitle);
  if (form === 'code') return inPlan && /^(?:export )?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+=\S+$/.test(text) ? text : null;
  for (const sentence of sentences(text)) {
    const whole = label === null ? sentence : `${label}: ${sentence}`;
    if (FLAG_IS_SUBJECT.test(whole) || /`--?[\w-]+`\s+(?:flag|switch|option)|\b(?:could|would|might|if wanted)\b.{0,40}\b(?:behind|flag|toggle)/i.test(sentence)) continue;
    if (/\bscale\b/i.test(sentence)) continue;
    if (BEHIND.test(whole) || STEERED.test(sentence) || CONDITIONAL.test(sentence) || ((inPlan || saysHowToUndo(sentence)) && isSet(sentence)) || (isSet(sentence) && DURATION.test(sentence) && NEXT.test(sentence))) return whole;
    const named = FLAG_WORD.test(whole.replace(FLAG_TOOL, ' ').replace(CODE, '`x`')) || under.some((title) => title.length < 60 && /\b(?:feature )?(?:flag|toggle|kill[- ]?switch)/i.test(title));
    if (!named || !FLAG_NAME.test(sentence.replace(/https?:\/\/\S+/g, ' ').replace(/\b(?:feature|kill)-(?:flags?|switch|toggles?)\b/gi, ' '))) continue;
    if (/\b(?:no|not|without|n[’']t)\b.{0,25}\b(?:flag|toggle|switch)|\bkein\p{L}* (?:flag|schalter)|\bsans flag|\bsin flag|\bsem flag|без флага|没有开关/iu.test(whole)) continue;
    return whole;
  }
  return null;
}
