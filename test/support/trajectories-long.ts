import type { Trajectory } from '../../lib/schema/index.js'
import { boolean, dialogue, integer, list, number, record, string, tool } from './dialogue.js'

const claim: Trajectory = dialogue(`You settle household claims for Brook Mutual. Today is 2025-11-20.
Rules: damage is reported within 30 days; single items above $2,000 need a photo; payouts subtract the deductible of the policy.
Database: policies(policy_id PK, holder, deductible), claims(claim_id PK, policy_id FK, status), items(item_id PK, claim_id FK, value).`, [
  tool('find_policy', 'Finds a policy.', { holder: string('Name'), postcode: string('Postcode') }),
  tool('open_claim', 'Opens a claim.', { policy_id: string('Policy'), cause: string('Cause', { enum: ['water', 'fire', 'theft'] }), happened_on: string('Day', { format: 'date' }) }),
  tool('add_item', 'Adds an item.', { claim_id: string('Claim'), item: record({ name: string('What'), value: number('Dollars', { minimum: 0 }), 'bought_on?': string('Day') }, 'Item') }),
  tool('attach_photo', 'Attaches a photo.', { item_id: string('Item'), file_name: string('File') }),
  tool('estimate', 'Adds up a claim.', { claim_id: string('Claim'), subtotal: number('Sum of the items') }),
  tool('pay_out', 'Pays.', { claim_id: string('Claim'), amount: number('Dollars'), account: record({ iban: string('IBAN'), holder: string('Name') }, 'Account'), notify_email: string('E-mail') })
])
  .user('A pipe burst and soaked my living room. What do I do now?')
  .say('I am sorry to hear that. May I have your full name and postcode, and the day it happened?')
  .user('Henrike Aasen, 5018. It was two weeks ago, on the 6th of November.')
  .call('find_policy', { holder: 'Henrike Aasen', postcode: '5018' }, { error: 'service unavailable' })
  .call('find_policy', { holder: 'Henrike Aasen', postcode: '5018' }, { policy_id: 'HH-20931-B', holder: 'Henrike Aasen', deductible: 250 }, 'The register did not answer, once more.')
  .say('I found your policy, with a deductible of $250. The 6th is within 30 days. Shall I open a claim for water damage?')
  .user('Yes')
  .call('open_claim', { policy_id: 'HH-20931-B', cause: 'water', happened_on: '2025-11-06' }, { claim_id: 'CL-77120', policy_id: 'HH-20931-B', status: 'open' })
  .say('Your claim is CL-77120. What was damaged, and what was it worth?')
  .user('A rug, 480 dollars, bought March 3rd 2023, and my piano. The piano was 3,150.')
  .call('add_item', { claim_id: 'CL-77120', item: { name: 'rug', value: 480, bought_on: '2023-03-03' } }, { item_id: 'IT-1', claim_id: 'CL-77120', value: 480 })
  .call('add_item', { claim_id: 'CL-77120', item: { name: 'piano', value: 3150 } }, { item_id: 'IT-2', claim_id: 'CL-77120', value: 3150 })
  .say('The piano is above $2,000: I need a photo of it. What is the name of the file you uploaded?')
  .user('piano_wet.jpg')
  .call('attach_photo', { item_id: 'IT-2', file_name: 'piano_wet.jpg' }, { item_id: 'IT-2', photos: ['piano_wet.jpg'] })
  .call('estimate', { claim_id: 'CL-77120', subtotal: 3630 }, { claim_id: 'CL-77120', subtotal: 3630, payable: 3380 })
  .say('The items come to $3,630; after the deductible I can pay $3,380. To which account, and where shall I write to?')
  .user('IBAN NO93 8601 1117 947, on my name. henrike.aasen@fjordpost.example')
  .say('$3,380 to NO93 8601 1117 947 of Henrike Aasen. Do I have your consent?')
  .user('You do.')
  .call('pay_out', { claim_id: 'CL-77120', amount: 3380, account: { iban: 'NO9386011117947', holder: 'Henrike Aasen' }, notify_email: 'henrike.aasen@fjordpost.example' },
    { payment_id: 'PAY-558102', status: 'queued' })
  .say('The money is on its way and you will get a message.')
  .end()

const library: Trajectory = dialogue('You are the desk of the Old Harbour library. Today is Saturday 2025-04-12. Loans last 21 days; a card with more than $10 of fines is blocked. At most 5 loans.', [
  tool('get_card', 'Reads a card.', { card_number: string('Card') }),
  tool('search_catalog', 'Finds titles.', { query: string('Words'), 'media?': list({ type: 'string', enum: ['book', 'audio', 'film'] }, 'Media'), 'year?': record({ 'from?': integer('First'), 'to?': integer('Last') }, 'Years') }),
  tool('pay_fine', 'Pays fines.', { card_number: string('Card'), amount: number('Dollars'), 'fine_ids?': list(integer('Fine'), 'Fines') }),
  tool('loan', 'Lends a copy.', { card_number: string('Card'), copy_id: string('Copy'), due: string('Day', { format: 'date' }) }),
  tool('hold', 'Puts a hold.', { card_number: string('Card'), title_id: integer('Title'), 'pickup_branch?': string('Branch', { default: 'main' }) })
])
  .user('Card 2200 4417 0093 — can I take out the new Okafor novel?')
  .call('get_card', { card_number: '220044170093' }, { card: '220044170093', loans: 1, fines: [{ id: 71, amount: 6.5 }, { id: 84, amount: 5.75 }], blocked: true })
  .call('search_catalog', { query: 'Okafor', media: ['book'], year: { from: 2024, to: 2025 } }, { titles: [{ title_id: 9013, title: 'The Salt Ledger', copies: [{ copy_id: 'OH-9013-2', on_shelf: true }] }] })
  .say('The Salt Ledger is on the shelf, but your card is blocked: $12.25 of fines, where $10 is the limit. Would you like to pay?')
  .user('ugh. ok, all of it')
  .call('pay_fine', { card_number: '220044170093', amount: 12.25, fine_ids: [71, 84] }, { paid: 12.25, blocked: false })
  .say('Paid and unblocked. Shall I lend you The Salt Ledger?')
  .user('Yes please')
  .call('loan', { card_number: '220044170093', copy_id: 'OH-9013-2', due: '2025-05-03' }, { copy_id: 'OH-9013-2', due: '2025-05-03' })
  .say('It is due on May 3.')
  .user('Anything by Lindgren on film?')
  .call('search_catalog', { query: 'Lindgren', media: ['film'] }, { titles: [] })
  .call('search_catalog', { query: 'Lindgren', media: ['audio', 'book'] }, { titles: [{ title_id: 311, title: 'Ronja', copies: [{ copy_id: 'OH-311-1', on_shelf: false }] }] })
  .say('No film, but Ronja as a book; it is out at the moment. Put a hold on it?')
  .user('Do that. I will pick it up here.')
  .call('hold', { card_number: '220044170093', title_id: 311, pickup_branch: 'main' }, { hold: 'queued', position: 2 })
  .say('You are second in line and will get a letter.')
  .user('Could you also renew my gym card?')
  .say('That I cannot do; the sports centre next door can.')
  .end()

const rental: Trajectory = dialogue('You rent vans. Drivers are at least 23. A day is 24 hours and costs the listed rate; insurance is 15 % of the rent. Today: 2026-01-08.', [
  tool('list_vans', 'Vans of a station.', { station: string('Town'), pickup: string('Time', { format: 'date-time' }), dropoff: string('Time', { format: 'date-time' }), 'min_volume_m3?': number('Volume') }),
  tool('check_licence', 'Checks a licence.', { licence_number: string('Number'), birth_date: string('Day') }),
  tool('reserve', 'Reserves a van.', {
    van_id: string('Van'), pickup: string('Time'), dropoff: string('Time'), driver: record({ name: string('Name'), licence_number: string('Licence'), contact: record({ mobile: string('Phone') }, 'Contact') }, 'Driver'),
    price: record({ rent: number('Rent'), 'insurance?': number('Insurance'), total: number('Sum') }, 'Price')
  }),
  tool('cancel', 'Cancels.', { reservation_id: string('Reservation'), confirm: boolean('Really') })
])
  .user('Need a van in Tromsø from the 16th at 8 in the morning till the 18th same time. Has to fit a sofa, say 9 cubic metres.')
  .call('list_vans', { station: 'Tromsø', pickup: '2026-01-16T08:00', dropoff: '2026-01-18T08:00', min_volume_m3: 9 }, { vans: [{ van_id: 'VAN-TOS-018', volume_m3: 11, rate: 640 }, { van_id: 'VAN-TOS-022', volume_m3: 14, rate: 820 }] })
  .say('Two would do: 11 m³ at 640 a day or 14 m³ at 820. Which one, and who drives?')
  .user('Smaller one. I drive, Ingunn Berg, licence 71 4429 8801, born 14 Feb 1999. You can call +47 412 88 903.')
  .call('check_licence', { licence_number: '7144298801', birth_date: '1999-02-14' }, { licence: '7144298801', valid: true, classes: ['B'] })
  .say('Your licence is fine and you are 26. Two days are 1,280, insurance would be 192. With insurance?')
  .user('With. Book it.')
  .call('reserve', {
    van_id: 'VAN-TOS-018', pickup: '2026-01-16T08:00', dropoff: '2026-01-18T08:00',
    driver: { name: 'Ingunn Berg', licence_number: '7144298801', contact: { mobile: '+4741288903' } }, price: { rent: 1280, insurance: 192, total: 1472 }
  }, { reservation_id: 'RSV-40-8812', van_id: 'VAN-TOS-018', total: 1472 })
  .say('Reserved as RSV-40-8812, 1,472 in all.')
  .user('Hm, friend has a trailer. Cancel.')
  .say('Cancelling RSV-40-8812 is free today. Really cancel it?')
  .user('yes')
  .call('cancel', { reservation_id: 'RSV-40-8812', confirm: true }, { reservation_id: 'RSV-40-8812', status: 'cancelled' })
  .say('It is cancelled; nothing will be charged.')
  .user('And do you rent out trailers too?')
  .say('No, vans only. Shall I look for anything else?')
  .end()

const course: Trajectory = dialogue('You assist teachers of an evening school. Marks run from 1 to 100. A term closes on 2025-07-31. Never show marks of one student to another.', [
  tool('list_courses', 'Courses of a teacher.', { teacher: string('Name') }),
  tool('get_marks', 'Marks of a course.', { course_id: integer('Course'), 'assignment?': string('Assignment') }),
  tool('set_mark', 'Writes a mark.', { course_id: integer('Course'), student_id: integer('Student'), assignment: string('Assignment'), mark: integer('Mark', { minimum: 1, maximum: 100 }), 'comment?': string('Text') }),
  tool('send_mail', 'Sends mail.', { to: list(string('Address'), 'To'), subject: string('Subject'), body: string('Text'), 'attachments?': list(string('File'), 'Files') }),
  tool('get_student', 'Reads a student.', { student_id: integer('Student') })
])
  .user('Hi, Petra Vogel here. How did the essay go in my history course?')
  .call('list_courses', { teacher: 'Petra Vogel' }, { courses: [{ course_id: 4, title: 'Local history' }, { course_id: 7, title: 'Latin' }] })
  .call('get_marks', { course_id: 4, assignment: 'essay' }, { marks: [{ student_id: 12, mark: 71 }, { student_id: 15, mark: 55 }, { student_id: 18, mark: null }] })
  .say('Two marks so far, 71 and 55; one is missing, that of student 18.')
  .user('18 handed in late. Give them 80, minus 10 for that.')
  .call('set_mark', { course_id: 4, student_id: 18, assignment: 'essay', mark: 70, comment: '80, less 10 for handing in late' }, { student_id: 18, mark: 70 })
  .say('Student 18 has 70 now.')
  .user('What is the mean then? And write to the one with 55, offer a second try until end of June.')
  .call('get_student', { student_id: 15 }, { student_id: 15, name: 'Ruben', email: 'ruben.t@evening.example' })
  .call('send_mail', { to: ['ruben.t@evening.example'], subject: 'Your essay', body: 'Dear Ruben, you may hand in a second version of your essay until June 30.' }, 'Rejected: mailbox is full')
  .call('send_mail', { to: ['ruben.t@evening.example'], subject: 'Essay', body: 'Second try until June 30.' }, { queued: true, message_id: 'm-55120' })
  .say('The mean is 65.3. The first mail bounced off a full mailbox; a shorter one is queued.')
  .user('Thanks. Add Ruben\'s new text as essay2 with a 60 already, it came by paper.')
  .call('set_mark', { course_id: 4, student_id: 15, assignment: 'essay2', mark: 60 }, { student_id: 15, assignment: 'essay2', mark: 60 })
  .say('Done.')
  .end()

const warehouse: Trajectory = dialogue('You plan a warehouse. Aisle codes are A to F. A pallet holds 48 boxes. Hazardous goods stay in aisle F. Shift: 06:00 to 14:00.', [
  tool('stock', 'Stock of an article.', { sku: string('Article'), 'aisle?': string('Aisle', { enum: ['A', 'B', 'C', 'D', 'E', 'F'] }) }),
  tool('move_pallet', 'Moves a pallet.', { pallet_id: string('Pallet'), to: record({ aisle: string('Aisle', { enum: ['A', 'B', 'C', 'D', 'E', 'F'] }), level: integer('Level', { minimum: 0, maximum: 5 }) }, 'Place') }),
  tool('reorder', 'Orders from a supplier.', { lines: list(record({ sku: string('Article'), boxes: integer('Boxes'), 'urgent?': boolean('Sooner') }, 'Line'), 'Lines'), supplier_id: string('Supplier') }),
  tool('suppliers', 'Suppliers of an article.', { sku: string('Article') }),
  tool('book_dock', 'Books a dock.', { dock: integer('Dock'), from: string('Time'), to: string('Time'), carrier: string('Carrier') })
])
  .user('We are low on gloves, article GLV-0440. How many boxes are left?')
  .call('stock', { sku: 'GLV-0440' }, { sku: 'GLV-0440', boxes: 30, pallets: [{ pallet_id: 'PL-88017', aisle: 'C', level: 4 }] })
  .say('30 boxes, on one pallet in aisle C, level 4.')
  .user('Bring that one down to the floor of aisle A, and order three pallets more.')
  .call('move_pallet', { pallet_id: 'PL-88017', to: { aisle: 'A', level: 0 } }, { error: 'place A-0 is blocked' })
  .call('move_pallet', { pallet_id: 'PL-88017', to: { aisle: 'A', level: 1 } }, { pallet_id: 'PL-88017', aisle: 'A', level: 1 }, 'The floor is blocked, one level up is free.')
  .call('suppliers', { sku: 'GLV-0440' }, { suppliers: [{ supplier_id: 'SUP-310', name: 'Handwerk', days: 4 }, { supplier_id: 'SUP-377', name: 'Globo', days: 2 }] })
  .say('It stands on level 1, the floor was blocked. For the order: Handwerk takes 4 days, Globo 2. Three pallets are 144 boxes.')
  .user('Globo, urgent. And a dock for them: number 3, from ten to half past eleven.')
  .call('reorder', { lines: [{ sku: 'GLV-0440', boxes: 144, urgent: true }], supplier_id: 'SUP-377' }, { order_id: 'PO-2025-1188', boxes: 144 })
  .call('book_dock', { dock: 3, from: '10:00', to: '11:30', carrier: 'Globo' }, { dock: 3, booked: '10:00-11:30' })
  .say('144 boxes are ordered as PO-2025-1188, dock 3 is theirs from 10:00 to 11:30.')
  .user('Put the bleach next to them in A.')
  .say('Bleach is hazardous and stays in aisle F. I can put the gloves into F instead, or leave both where they are.')
  .user('leave it')
  .say('Nothing was changed.')
  .end()

const support: Trajectory = dialogue(`You support a hosting company. Signed-in user: account AC-66102, plan "starter". Password resets need the backup address.
Starter allows 2 sites. Deleting a site cannot be undone.`, [
  tool('list_sites', 'Sites of an account.', { account_id: string('Account') }),
  tool('site_metrics', 'Figures of a site.', { site_id: string('Site'), metrics: list({ type: 'string', enum: ['errors', 'latency', 'traffic'] }, 'Figures'), window: record({ start: string('Time', { format: 'date-time' }), end: string('Time', { format: 'date-time' }) }, 'Window') }),
  tool('restart_site', 'Restarts.', { site_id: string('Site'), 'mode?': string('How', { enum: ['graceful', 'hard'], default: 'graceful' }) }),
  tool('send_reset', 'Sends a reset link.', { account_id: string('Account'), backup_email: string('Address') }),
  tool('set_password', 'Sets a password.', { account_id: string('Account'), reset_token: string('Token'), new_password: string('Password', { minLength: 8 }) }),
  tool('delete_site', 'Deletes a site.', { site_id: string('Site'), confirm_name: string('Name of the site') })
])
  .user('my blog gives 502 since 9:40 today (it is 2025-08-21)')
  .call('list_sites', { account_id: 'AC-66102' }, { sites: [{ site_id: 'site_9f31c0', name: 'blog' }, { site_id: 'site_77ab12', name: 'shop-old' }] })
  .call('site_metrics', { site_id: 'site_9f31c0', metrics: ['errors', 'latency'], window: { start: '2025-08-21T09:40:00Z', end: '2025-08-21T10:40:00Z' } }, { errors: 412, latency_ms: 30000 })
  .say('Since 9:40 there were 412 errors, each after 30 seconds. A restart should help. Do it?')
  .user('go')
  .call('restart_site', { site_id: 'site_9f31c0', mode: 'graceful' }, 'failed: process did not stop')
  .call('restart_site', { site_id: 'site_9f31c0', mode: 'hard' }, { site_id: 'site_9f31c0', state: 'up' }, 'It did not stop by itself; I restart it the hard way.')
  .say('Your blog is up again.')
  .user('Thanks! I also forgot my panel password. backup is Mika@old-mail.example')
  .call('send_reset', { account_id: 'AC-66102', backup_email: 'mika@old-mail.example' }, { sent: true, channel: 'email' })
  .say('A reset link is on its way. Tell me the token in it, and the new password.')
  .user('token is 4Kd-99x-Lq2, password gr33n!Kettle#7')
  .call('set_password', { account_id: 'AC-66102', reset_token: '4Kd-99x-Lq2', new_password: 'gr33n!Kettle#7' }, { changed: true })
  .say('The password is changed.')
  .user('last thing: remove shop-old')
  .say('That deletes shop-old for good. Please write its name to confirm.')
  .user('shop-old')
  .call('delete_site', { site_id: 'site_77ab12', confirm_name: 'shop-old' }, { deleted: 'site_77ab12' })
  .say('shop-old is gone. You have one site left of two.')
  .end()

/** Written out by hand, each with several turns, nested arguments, an error or a limit, and values that change their form. */
export const LONG_TRAJECTORIES: readonly Trajectory[] = [claim, library, rental, course, warehouse, support]
