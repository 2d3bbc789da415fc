import type { Trajectory } from '../../lib/schema/index.js'
import { boolean, dialogue, integer, list, number, record, string, tool, type Chance } from './dialogue.js'

export function tickets (chance: Chance): Trajectory {
  const key = `OPS-${chance.digits(4)}`
  const agent = `agt-${chance.digits(3)}x`
  const priority = chance.pick(['low', 'normal', 'urgent'])
  const tools = [
    tool('search_tickets', 'Full-text search.', { query: string('Words'), 'filters?': record({ 'status?': string('State', { enum: ['open', 'solved'] }), 'assignee?': { type: ['string', 'null'], description: 'Agent id' } }, 'Filters') }),
    tool('update_ticket', 'Changes a ticket.', { ticket_id: string('Ticket'), changes: record({ 'priority?': string('Priority', { enum: ['low', 'normal', 'urgent'] }), 'assignee?': string('Agent id'), 'tags?': list(string('Tag'), 'Tags') }, 'Changes') }),
    tool('on_call', 'Who is on call.', { team: string('Team') }),
    tool('add_comment', 'Adds a comment.', { ticket_id: string('Ticket'), body: string('Text'), public: boolean('Seen by the customer') })
  ]
  return dialogue('You triage tickets of an operations team. Only agents on call may be assigned. Comments to customers are public ones.', tools)
    .user('someone complained about the export job hanging, can you find it')
    .call('search_tickets', { query: 'export job hangs', filters: { status: 'open', assignee: null } }, { total: 1, tickets: [{ id: key, subject: 'Nightly export hangs at 80 %', priority: 'normal' }] })
    .say(`${key}: nightly export hangs at 80 %. Nobody has it. Shall I give it to whoever is on call?`)
    .user(`Yes, data team. Set it to ${priority} and tag it export-job.`)
    .call('on_call', { team: 'data' }, { agent_id: agent, name: 'Noor', until: '2025-02-08' })
    .call('update_ticket', { ticket_id: key, changes: { priority, assignee: agent, tags: ['export-job'] } }, { id: key, priority, assignee: agent })
    .say('Noor has it now.')
    .user('and tell the customer we are on it')
    .call('add_comment', { ticket_id: key, body: 'Thank you for the report. Our data team has started to look into the export.', public: true }, { comment_id: chance.integer(100, 999), ticket_id: key })
    .say('The customer has been told, and Noor has the ticket.')
    .end()
}

export function files (chance: Chance): Trajectory {
  const year = chance.pick(['2023', '2024'])
  const count = chance.integer(2, 5)
  const names = Array.from({ length: count }, (_, index) => `invoice_${year}_${index + 1}.pdf`)
  const tools = [
    tool('list_dir', 'Lists a folder.', { path: string('Folder'), 'recursive?': boolean('With sub-folders') }),
    tool('make_dir', 'Makes a folder.', { path: string('Folder') }),
    tool('move_files', 'Moves files.', { sources: list(string('File'), 'Files'), target: string('Folder'), 'overwrite?': boolean('Replace') }),
    tool('disk_usage', 'Size of a folder.', { path: string('Folder'), 'unit?': string('Unit', { enum: ['KB', 'MB'], default: 'KB' }) })
  ]
  return dialogue('You tidy a home directory. Never overwrite; ask before anything is moved.', tools)
    .user(`Put my ${year} invoices into one folder please`)
    .call('list_dir', { path: '/home/me/downloads', recursive: false }, { entries: [...names, 'cat.jpg'] })
    .say(`I found ${count} invoices of ${year}. Move them to documents/invoices-${year}?`)
    .user('sounds good')
    .call('make_dir', { path: `/home/me/documents/invoices-${year}` }, 'mkdir: cannot create directory: parent does not exist')
    .call('make_dir', { path: '/home/me/documents' }, { created: '/home/me/documents' })
    .call('make_dir', { path: `/home/me/documents/invoices-${year}` }, { created: `/home/me/documents/invoices-${year}` })
    .call('move_files', { sources: names.map(name => `/home/me/downloads/${name}`), target: `/home/me/documents/invoices-${year}` }, { moved: count })
    .call('disk_usage', { path: `/home/me/documents/invoices-${year}`, unit: 'KB' }, { kilobytes: chance.integer(90, 4000) })
    .say('All of them are moved; the cat picture stayed where it was.')
    .end()
}

export function devices (chance: Chance): Trajectory {
  const serial = `SN${chance.digits(8)}`
  const imei = chance.digits(15)
  const tools = [
    tool('lookup_device', 'Finds a device.', { serial_number: string('Serial number') }),
    tool('run_diagnostic', 'Runs a test.', { imei: string('IMEI', { minLength: 15 }), tests: list({ type: 'string', enum: ['battery', 'radio', 'storage'] }, 'Tests') }),
    tool('order_part', 'Orders a part.', { serial_number: string('Serial number'), part: string('Part', { enum: ['battery', 'screen'] }), quantity: integer('How many', { minimum: 1 }), 'express?': boolean('Faster') })
  ]
  return dialogue('You are a repair desk for phones. Water damage is not covered. Batteries below 80 % health are replaced for free.', tools)
    .user('My phone dies by noon.')
    .say('I am sorry. Could you read me the serial number under Settings, About?')
    .user(`it says ${serial.slice(0, 6)}-${serial.slice(6)}`)
    .call('lookup_device', { serial_number: serial }, { serial_number: serial, imei, model: 'P7', warranty: true })
    .call('run_diagnostic', { imei, tests: ['battery', 'radio'] }, { results: { battery: { health: chance.integer(55, 79) }, radio: 'pass' } })
    .say('The battery has worn out; a new one is free for you. Shall I order it?')
    .user('Yes, how fast can it be here?')
    .call('order_part', { serial_number: serial, part: 'battery', quantity: 1, express: true }, { order: { id: `P-${chance.digits(6)}`, days: 2 } })
    .say('In two days, with express shipping.')
    .end()
}

export function database (chance: Chance): Trajectory {
  const rows = chance.integer(120, 900)
  const job = `bkp-${chance.digits(8)}`
  const tools = [
    tool('describe_table', 'Columns of a table.', { table: string('Table') }),
    tool('run_query', 'Runs a read-only query.', { sql: string('Query'), 'params?': { type: 'object', description: 'Named parameters', additionalProperties: { type: ['string', 'number', 'boolean'] } }, 'timeout_seconds?': integer('Limit', { default: 30 }) }),
    tool('start_backup', 'Backs up tables.', { tables: list(string('Table'), 'Tables'), compression: string('Codec', { enum: ['none', 'zstd'] }) }),
    tool('backup_status', 'State of a backup.', { job_id: string('Job') })
  ]
  return dialogue('You look after a reporting database. Only SELECT is allowed; a backup is made before every migration.', tools)
    .user('How many customers signed up in Berlin this year? Then back up that table, I am migrating it tonight.')
    .call('run_query', { sql: 'SELECT count(*) FROM customer WHERE city = :city', params: { city: 'Berlin' } }, { error: 'relation "customer" does not exist' })
    .call('describe_table', { table: 'customers' }, { table: 'customers', columns: ['id', 'city', 'signed_up'] }, 'The name was wrong, the plural may be right.')
    .call('run_query', { sql: 'SELECT count(*) FROM customers WHERE city = :city AND signed_up >= :since', params: { city: 'Berlin', since: '2025-01-01' }, timeout_seconds: 60 }, { rows: [{ count: rows }] })
    .say(`${rows} customers. I start the backup of customers now, with zstd, unless you object.`)
    .user('fine')
    .call('start_backup', { tables: ['customers'], compression: 'zstd' }, { job_id: job, state: 'running' })
    .call('backup_status', { job_id: job }, { job_id: job, state: 'done', megabytes: chance.integer(20, 800) })
    .say('The backup is complete.')
    .end()
}

export function repository (chance: Chance): Trajectory {
  const sha = `${chance.digits(3)}fe${chance.digits(3)}ab${chance.digits(2)}c`
  const issue = chance.integer(12, 480)
  const pull = issue + chance.integer(1, 40)
  const tools = [
    tool('get_issue', 'Reads an issue.', { repo: string('owner/name'), number: integer('Issue') }),
    tool('blame_line', 'Who changed a line.', { repo: string('owner/name'), path: string('File'), line: integer('Line', { minimum: 1 }) }),
    tool('revert_commit', 'Opens a revert.', { repo: string('owner/name'), commit: string('Commit id', { pattern: '^[0-9a-f]{7,40}$' }), title: string('Title'), 'labels?': list(string('Label'), 'Labels') }),
    tool('merge_pull', 'Merges a pull request.', { repo: string('owner/name'), pull_number: integer('Number'), 'method?': string('How', { enum: ['merge', 'squash', 'rebase'], default: 'merge' }) })
  ]
  return dialogue('You help maintainers of small repositories. Merge only with a clear yes. A revert needs one approval.', tools)
    .user(`Look at #${issue} in tidewater/harbor, it broke our build.`)
    .call('get_issue', { repo: 'tidewater/harbor', number: issue }, { number: issue, title: 'Build fails on arm', body: 'src/detect.c line 218 looks at the wrong flag' })
    .call('blame_line', { repo: 'tidewater/harbor', path: 'src/detect.c', line: 218 }, { commit: sha, author: 'rq', message: 'Detect flags earlier' })
    .say(`Line 218 came with ${sha}. Revert it?`)
    .user('yes, label it regression')
    .call('revert_commit', { repo: 'tidewater/harbor', commit: sha, title: 'Revert "Detect flags earlier"', labels: ['regression'] }, { pull_number: pull, checks: 'green' })
    .say(`Pull request ${pull} is open and green. Merge it?`)
    .user('Please squash it.')
    .call('merge_pull', { repo: 'tidewater/harbor', pull_number: pull, method: 'squash' }, { merged: true, pull_number: pull })
    .say('Merged.')
    .end()
}

export function hiring (chance: Chance): Trajectory {
  const candidate = chance.pick(['b3e1f0aa-77c1-4d0e-9f52-0a1b2c3d4e5f', '0d9c8b7a-1234-4cde-8f00-aabbccddeeff'])
  const posting = chance.digits(8)
  const low = chance.integer(50, 70) * 1000
  const tools = [
    tool('find_candidates', 'Searches applicants.', { posting_id: string('Posting'), min_years: integer('Experience'), skills: list(string('Skill'), 'Skills') }),
    tool('schedule_interview', 'Sets up an interview.', { candidate_id: string('Candidate', { format: 'uuid' }), when: string('Time', { format: 'date-time' }), panel: list(string('Login'), 'Interviewers'), 'remote?': boolean('By video') }),
    tool('draft_offer', 'Drafts an offer.', {
      candidate_id: string('Candidate'), salary: record({ amount: integer('Per year'), currency: string('Code', { enum: ['EUR', 'USD'] }) }, 'Pay'), 'bonus_percent?': { anyOf: [{ type: 'number' }, { type: 'null' }], description: 'Bonus' }
    })
  ]
  return dialogue(`You assist recruiters. Today is 2025-05-05 (Monday). Interviewers: r.diaz, k_moreau. Pay band of posting ${posting}: EUR ${low} to ${low + 20_000}.`, tools)
    .user(`Who applied for ${posting} with at least 4 years of Rust?`)
    .call('find_candidates', { posting_id: posting, min_years: 4, skills: ['Rust'] }, { candidates: [{ candidate_id: candidate, name: 'H. Falk', years: 6 }] })
    .say('One person: H. Falk, six years.')
    .user('Interview next Tuesday at 11 with Diaz, over video.')
    .call('schedule_interview', { candidate_id: candidate, when: '2025-05-13T11:00:00', panel: ['r.diaz'], remote: true }, { interview: 'set', when: '2025-05-13T11:00:00' })
    .say('Tuesday, May 13, at 11:00, by video.')
    .user('And draft an offer in the middle of the band, no bonus.')
    .call('draft_offer', { candidate_id: candidate, salary: { amount: low + 10_000, currency: 'EUR' }, bonus_percent: null }, { offer: { amount: low + 10_000, state: 'draft' } })
    .say('The draft is ready for your signature.')
    .end()
}

export function shipping (chance: Chance): Trajectory {
  const parcels = [`1Z${chance.digits(6)}`, `1Z${chance.digits(6)}`]
  const weights = [chance.integer(2, 9) + 0.4, chance.integer(3, 12) + 0.3] as const
  const street = `${chance.integer(11, 250)} ${chance.pick(['Elm Street', 'Quay Road', 'Mill Lane'])}`
  const town = chance.pick(['Portland', 'Leeds', 'Galway'])
  const address = record({ street: string('Street'), town: string('Town'), 'postcode?': string('Postcode'), 'country?': string('Code', { default: 'GB' }) }, 'Address')
  const tools = [
    tool('track', 'Tracks parcels.', { tracking_numbers: list(string('Number'), 'Numbers') }),
    tool('quote', 'Price by weight.', { total_kg: number('Weight'), service: string('Service', { enum: ['standard', 'express'] }) }),
    tool('redirect', 'New address.', { tracking_number: string('Number'), address, 'signature?': boolean('Signature wanted') })
  ]
  return dialogue('You answer for a parcel service. Redirects are possible until a parcel is out for delivery. Parcels weigh at most 30 kg.', tools)
    .user(`Where are ${parcels[0]} and ${parcels[1]}?`)
    .call('track', { tracking_numbers: parcels }, { parcels: [{ number: parcels[0], state: 'in transit', kg: weights[0] }, { number: parcels[1], state: 'out for delivery', kg: weights[1] }] })
    .say('The first is in transit, the second is out for delivery.')
    .user(`I moved! Send both to ${street}, ${town}`)
    .call('redirect', { tracking_number: parcels[0], address: { street, town }, signature: true }, { number: parcels[0], state: 'redirected' })
    .call('redirect', { tracking_number: parcels[1], address: { street, town, country: 'GB' } }, 'Redirect denied: parcel is out for delivery')
    .say('The first is redirected. The second can no longer be; your neighbours can take it.')
    .user('What would sending both again by express cost?')
    .call('quote', { total_kg: Number((weights[0] + weights[1]).toFixed(1)), service: 'express' }, { price: chance.integer(20, 60), currency: 'GBP' })
    .say('I have the price above, for both together.')
    .end()
}
