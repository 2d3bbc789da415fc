import t from 'tap'
import { checkTrajectory } from '../../lib/rules/index.js'
import { dialogue, list, string, tool } from '../support/dialogue.js'

const TOOLS = [tool('send_letter', 'Sends a letter.', { to: string('To'), body: string('Text'), 'template?': string('Template'), 'lines?': list(string('Line'), 'Lines') })]

interface Case { readonly args?: object, readonly observation?: object | string, readonly text?: string, readonly user?: string, readonly system?: string, readonly source?: string }

/** What `placeholder` finds: the quoted stub with its place. */
function found ({ args = {}, observation = { sent: true }, text = 'It is sent.', user = 'Write to Ada.', system = 'You write letters.', source }: Case): string[] {
  const trajectory = dialogue(system, TOOLS).user(user).call('send_letter', { to: 'Ada', body: 'Hello', ...args }, observation).say(text).end()
  return checkTrajectory(trajectory, { source }).findings.filter(({ rule }) => rule === 'placeholder').map(({ message, where }) => `${/^"(.*?)"/.exec(message)?.[1] ?? message} ${where.message ?? ''} ${where.path ?? ''}`.trim())
}

const DROPPED: ReadonlyArray<Case & { readonly found: string }> = [
  { args: { to: '...' }, found: '... 2 /to' },
  { args: { to: '<recipient_name>' }, found: '<recipient_name> 2 /to' },
  { args: { to: '{{recipient}}' }, found: '{{recipient}} 2 /to' },
  { args: { to: 'YOUR_NAME_HERE' }, found: 'YOUR_NAME_HERE 2 /to' },
  { args: { to: 'your_email' }, found: 'your_email 2 /to' },
  { args: { body: 'Dear [insert name], hello.' }, found: '[insert name] 2 /body' },
  { args: { body: 'Regards,\n[Your Name]' }, found: '[Your Name] 2 /body' },
  { args: { body: 'Bearer YOUR_API_KEY' }, found: 'YOUR_API_KEY 2 /body' },
  { args: { lines: ['one', '...'] }, found: '... 2 /lines/1' },
  { args: { lines: ['one', '... and 3 more'] }, found: '... and 3 more 2 /lines/1' },
  { args: { body: 'int main () {\n  // ... existing code ...\n}' }, found: '// ... existing 2 /body' },
  { observation: { items: ['a', 'b', '…'] }, found: '… 3 /items/2' },
  { observation: { items: [{ id: 1 }, '// more'] }, found: '// more 3 /items/1' },
  { observation: { items: ['a', '(12 more items)'] }, found: '(12 more items) 3 /items/1' },
  { observation: { items: ['a'], '...': '...' }, found: '... 3 /...' },
  { observation: { note: 'list shortened for brevity' }, found: 'shortened for brevity 3 /note' },
  { observation: { user_id: '<user_id>' }, found: '<user_id> 3 /user_id' },
  { observation: { url: 'https://...' }, found: 'https://... 3 /url' },
  { observation: '{"items": ["a", "b", ...]}', found: ', ...] 3' },
  { text: 'Dear [insert name], it is sent.', found: '[insert name] 4' },
  { text: 'Your letter {{letter_id}} is sent.', found: '{{letter_id}} 4' },
  { text: 'It went to <customer_email> today.', found: '<customer_email> 4' },
  { text: '...', found: '... 4' },
  { user: 'My key is YOUR_API_KEY.', found: 'YOUR_API_KEY 1' },
  { system: 'Today is {{current_date}}.', found: '{{current_date}} 0' }
]

t.test('something that stands for data -> dropped, with its place', t => {
  for (const { found: wanted, ...one } of DROPPED) t.same(found(one), [wanted], JSON.stringify(one))
  t.end()
})

const PASSED: readonly Case[] = [
  { text: 'Hmm... let me think. The letter is… on its way.' },
  { user: '... hello? Anybody there...?' },
  { user: '...' },
  { text: 'There are Ada, Bo, Cy... and 12 more in your list.' },
  { observation: { snippet: 'Dear Ada, I was going to tell you that...' } },
  { observation: { status: 'Loading...', title: 'To be continued…' } },
  { observation: { text: 'He said [...] and left.' } },
  { args: { body: 'Wait for it... done!' } },
  { args: { body: 'for (const one of [...all, ...others]) call(...args) // more on this below' } },
  { args: { body: 'git diff main...feature && go test ./...' } },
  { args: { body: '# Title\n\nSee https://example.org/a...b for more.' } },
  { args: { template: 'Hello {{first_name}}, your code is <code>.' } },
  { observation: { template: '{{first_name}}', merge_fields: ['{{last_name}}'], merge_tag: '{{last_name}}' } },
  { args: { body: 'Please fill the template: Dear {{first_name}}' } },
  { args: { body: '<order_id>77</order_id><name>Ada</name>' } },
  { args: { body: '<p>Hello <b>Ada</b>, <br> bye</p>' } },
  { observation: { state: '<none>', node: '<unknown>', from: 'Ada <ada@mail.example>' } },
  { observation: { type: 'List<string>', error_code: null } },
  { text: 'Press [Enter], then open [your account](https://mail.example) and choose [Add].' },
  { text: 'Use `send --to <user_id>`, where the format is <first_name> <last_name>.' },
  { text: 'Replace YOUR_API_KEY by your own key.' },
  { text: 'The merge field {{first_name}} is filled in by the template.' },
  { text: 'Take x < y and y > z.' },
  { system: 'Ids are written ORD-<number>; tables: letters(letter_id, ...).' },
  { text: 'In Jinja you write {{ name }} there.', source: 'A page shows {{ name }} where its context has one.' },
  { text: 'Set {{region}} in the file.', source: 'Set {{region}} to eu-north.' }
]

t.test('ellipses of speech, previews, code, markup and templates -> nothing', t => {
  for (const one of PASSED) t.same(found(one), [], JSON.stringify(one))
  t.end()
})
