import { defineRule } from '../define-rule.js';

export const rule = defineRule({
  id: 'model/edge-case',
  since: '0.1.0',
  level: 'warn',
  docs: {
    title: 'A scenario that this change does not handle',
    why: 'The rules know patterns. What breaks production next is often a scenario nobody wrote a rule for: a process that dies between two writes, a message that comes twice, the first run on an empty table, the old version that still serves while the new one starts. A language model is asked for such scenarios. It is shown redacted excerpts of the change; each of its findings must name a line that was shown and quote the code there, and a second, separate question must confirm it with the steps that lead to the damage. A finding that is not confirmed is listed in the summary as unverified.',
    remedy: 'Play the steps in the comment against your code. Where they hold, handle the scenario; where they do not, dismiss the finding with `/ai-review dismiss <finding> <reason>`, and it will not come back.',
    limits: 'It never blocks, whatever its level in the configuration: a model advises and rules decide. It is silent without an API key, with `llm.enabled: false`, at the end of the budget and when the service fails; the review says so each time. It sees excerpts, not the whole repository, and two runs may find different things.',
    references: [],
  },
  // The findings come from a question to the model, not from a check: see src/questions.
  checks: {},
});
