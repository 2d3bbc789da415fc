import type { Trajectory } from '../../lib/schema/index.js'
import { boolean, dialogue, integer, list, number, record, string, tool, type Chance } from './dialogue.js'

const NAMES = ['Dana Whitfield', 'Omar Haddad', 'Priya Raman', 'Lukas Brandt', 'Mei Tanaka', 'Sofia Marín', 'Tom O’Neill', 'Ada Nwosu'] as const
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'] as const

const pad = (value: number): string => String(value).padStart(2, '0')

export function orders (chance: Chance): Trajectory {
  const order = `W${chance.digits(7)}`
  const name = chance.pick(NAMES)
  const user = `${name.toLowerCase().replace(/[^a-z]+/g, '_')}_${chance.digits(4)}`
  const items = [chance.digits(10), chance.digits(10)]
  const price = chance.integer(20, 90) + 0.5
  const other = chance.integer(15, 60)
  const zip = chance.digits(5)
  const tools = [
    tool('find_user', 'Finds a customer by name and postcode.', { first_name: string('Given name'), last_name: string('Family name'), zip: string('Postcode') }),
    tool('get_order', 'Reads an order.', { order_id: string('Id of the order', { pattern: '^#?W\\d{7}$' }) }),
    tool('return_items', 'Starts a return.', {
      order_id: string('Id of the order'), item_ids: list(string('Item id'), 'Items that go back'), refund_total: number('Sum of the refunds'),
      reason: string('Why', { enum: ['damaged', 'wrong_item', 'no_longer_needed'] }), 'payment_method?': string('Where the money goes', { enum: ['original', 'gift_card'], default: 'original' })
    })
  ]
  const [first = '', last = ''] = name.split(' ')
  return dialogue('You help customers of a shoe shop. Returns are taken within 30 days of delivery. Confirm a return before you book it.', tools)
    .user('Hi, I need to send something back.')
    .say('Of course. What is your full name and your postcode?')
    .user(`${name}, postcode is ${zip}.`)
    .call('find_user', { first_name: first, last_name: last, zip }, { user_id: user, orders: [`#${order}`] })
    .say(`Thank you ${first}. Which order is it? I can see #${order}.`)
    .user('yes that one')
    .call('get_order', { order_id: chance.chance(0.5) ? `#${order}` : order }, {
      order_id: `#${order}`, user_id: user, status: 'delivered',
      items: [{ item_id: items[0], name: 'Trail shoe', price }, { item_id: items[1], name: 'Wool sock', price: other }]
    })
    .say(`That order has a trail shoe for $${price} and wool socks for $${other}. Which of them go back?`)
    .user('Both please, they arrived damaged. Money to the card I used.')
    .say('I would book both as damaged and refund the card you used. Shall I?')
    .user('Yes.')
    .call('return_items', { order_id: `#${order}`, item_ids: items, refund_total: price + other, reason: 'damaged', payment_method: 'original' },
      { return_id: `RT-${chance.digits(5)}`, status: 'requested', refund: price + other })
    .say('The return is booked; you will get a label by e-mail.')
    .end()
}

export function flights (chance: Chance): Trajectory {
  const month = chance.integer(1, 12)
  const day = chance.integer(2, 20)
  const date = `2025-${pad(month)}-${pad(day)}`
  const code = `HAT${chance.digits(3)}`
  const later = `HAT${chance.digits(3)}`
  const locator = `${chance.pick(['K', 'Q', 'Z'])}${chance.digits(2)}${chance.pick(['LMB', 'XTR', 'PHW'])}`
  const passengers = chance.integer(1, 3)
  const fare = chance.integer(110, 480)
  const tools = [
    tool('search_flights', 'Direct flights of a day.', {
      origin: string('IATA code', { minLength: 3, maxLength: 3 }), destination: string('IATA code', { minLength: 3, maxLength: 3 }), date: string('Day', { format: 'date' }),
      'cabin?': string('Cabin', { enum: ['economy', 'business'] }), 'max_results?': integer('Most results', { minimum: 1, maximum: 50 })
    }),
    tool('book_flight', 'Books seats.', {
      flight_number: string('Flight'), date: string('Day', { format: 'date' }), cabin: string('Cabin', { enum: ['economy', 'business'] }),
      passengers: integer('How many'), total: number('Fare in dollars'), contact: record({ email: string('E-mail'), 'phone?': string('Phone') }, 'Who is told')
    })
  ]
  const email = `flyer${chance.digits(3)}@example.net`
  const phone = `555-${chance.digits(3)}-${chance.digits(4)}`
  return dialogue('You are the booking desk of an airline. Baggage is not booked here. Today is 2025-01-01.', tools)
    .user(`Can you get ${passengers === 1 ? 'me' : 'us'} from Seattle to New York on ${chance.chance(0.5) ? `${MONTHS[month - 1]} ${day}` : `the ${day}th of ${MONTHS[month - 1]}`}?`)
    .call('search_flights', { origin: 'SEA', destination: 'JFK', date, max_results: 20 }, 'Error: no direct flights were found for business and economy that day at this airport code.', 'Let me look that up.')
    .call('search_flights', { origin: 'SEA', destination: 'EWR', date, cabin: 'economy' }, {
      flights: [
        { flight_number: code, departs: '06:10', price: fare }, { flight_number: later, departs: '17:45', price: fare + 40 }]
    })
    .say(`Nothing into JFK, but ${code} and ${later} go to Newark. Which one, how many seats, and where do I send the ticket?`)
    .user(`The early one, ${passengers} seat${passengers === 1 ? '' : 's'}. Send it to ${email}, or call ${phone}.`)
    .say(`${code}, ${passengers} in economy, $${fare * passengers} in all. Book it?`)
    .user('Go ahead')
    .call('book_flight', { flight_number: code, date, cabin: 'economy', passengers, total: fare * passengers, contact: { email, phone: phone.replaceAll('-', '') } },
      { booking: { locator, seats: passengers, total: fare * passengers }, status: 'confirmed' })
    .say('Booked. The ticket is on its way.')
    .user('And add two bags?')
    .say('I cannot book bags here; the airport counter can, or the website with your locator.')
    .end()
}

export function clinic (chance: Chance): Trajectory {
  const name = chance.pick(NAMES)
  const patient = `PT-${chance.digits(6)}`
  const doctor = `dr_${chance.pick(['keller', 'osei', 'lindqvist'])}`
  const slot = `slot-${chance.digits(4)}`
  const hour = chance.integer(1, 5)
  const phone = `${chance.digits(3)}${chance.digits(3)}${chance.digits(4)}`
  const birth = `19${chance.integer(50, 99)}-${pad(chance.integer(1, 12))}-${pad(chance.integer(1, 28))}`
  const spoken = `${MONTHS[Number(birth.slice(5, 7)) - 1]} ${Number(birth.slice(8))}, ${birth.slice(0, 4)}`
  const tools = [
    tool('find_patient', 'Finds a patient record.', { name: string('Full name'), date_of_birth: string('Birthday', { format: 'date' }) }),
    tool('list_slots', 'Free appointments.', { doctor_id: string('Doctor'), from: string('First day'), to: string('Last day'), 'urgent?': boolean('Only urgent ones') }),
    tool('book_slot', 'Books an appointment.', {
      patient_id: string('Patient'), slot_id: string('Slot'), time: string('HH:MM'), callback_phone: string('Phone'), 'note?': { type: ['string', 'null'], description: 'Free text' }
    })
  ]
  return dialogue(`You book for the Rosenweg clinic. Today is Monday, 2025-03-10. Doctors: Keller (dr_keller), Osei (dr_osei), Lindqvist (dr_lindqvist).
Bookings reach at most 14 days ahead. Never give medical advice.`, tools)
    .user(`My knee is swollen and I want to see ${doctor.slice(3)} this week. I am ${name}, born ${spoken}.`)
    .call('find_patient', { name, date_of_birth: birth }, { patient_id: patient, name, phone: null })
    .call('list_slots', { doctor_id: doctor, from: '2025-03-10', to: '2025-03-16', urgent: false }, {
      slots: [
        { slot_id: slot, day: '2025-03-13', time: `${12 + hour}:00` }, { slot_id: `slot-${chance.digits(5)}`, day: '2025-03-14', time: '09:30' }]
    })
    .say(`Thursday at ${hour} pm or Friday at 9:30. Which suits, and on which number can we reach you?`)
    .user(`Thursday ${hour} pm. (${phone.slice(0, 3)}) ${phone.slice(3, 6)}-${phone.slice(6)}`)
    .call('book_slot', { patient_id: patient, slot_id: slot, time: `${12 + hour}:00`, callback_phone: `+1${phone}`, note: chance.chance(0.5) ? null : 'Swollen knee, first visit for it' },
      { appointment_id: `A${chance.digits(5)}`, slot_id: slot, status: 'booked' })
    .say(`You are booked for Thursday, ${hour} pm. If it gets worse before then, please call the emergency line.`)
    .end()
}

export function banking (chance: Chance): Trajectory {
  const from = chance.digits(10)
  const to = chance.digits(10)
  const amount = chance.integer(2, 9) * 100 + 50
  const fee = 2.5
  const pin = chance.digits(6)
  const tools = [
    tool('verify_customer', 'Checks a one-time code.', { customer_number: string('Eight digits'), otp: string('One-time code') }),
    tool('get_accounts', 'Accounts of a session.', { session_token: string('Session') }),
    tool('transfer', 'Moves money.', {
      session_token: string('Session'), from_account: string('IBAN or number'), to_account: string('IBAN or number'), amount: number('Dollars', { exclusiveMinimum: 0 }),
      total_debit: number('With fee'), 'memo?': string('Text'), 'schedule?': record({ date: string('Day'), 'repeat?': string('How often', { enum: ['none', 'monthly'] }) }, 'When')
    })
  ]
  const customer = chance.digits(8)
  const token = `st_${chance.digits(4)}f${chance.digits(3)}bc${chance.digits(4)}`
  return dialogue(`You are the phone bank. Each transfer costs $${fee}. Never transfer without a confirmed session. Daily limit: $5,000. Today: 2025-06-02.`, tools)
    .user('I want to move some money')
    .say('Gladly. Please tell me your customer number and the code from your app.')
    .user(`${customer.slice(0, 4)} ${customer.slice(4)}, code ${pin}`)
    .call('verify_customer', { customer_number: customer, otp: pin }, { session_token: token, expires_in: 600 })
    .call('get_accounts', { session_token: token }, {
      accounts: [
        { account: from, kind: 'checking', balance: amount + 912.4 }, { account: to, kind: 'savings', balance: 3100 }]
    })
    .say('I see a checking and a savings account. How much, and which way?')
    .user(`$${amount} from checking to savings, on the fifteenth of this month, call it holiday fund`)
    .call('transfer', {
      session_token: token, from_account: from, to_account: to, amount, total_debit: amount + fee, memo: 'holiday fund', schedule: { date: '2025-06-15', repeat: 'none' }
    }, { error: { code: 'SESSION_IDLE', message: 'Session idle, repeat the request' } })
    .call('transfer', {
      session_token: token, from_account: from, to_account: to, amount, total_debit: amount + fee, memo: 'holiday fund', schedule: { date: '2025-06-15' }
    }, { transfer_id: `TR${chance.digits(9)}`, state: 'scheduled' })
    .say(`Done: $${amount} will move on June 15, and $${amount + fee} leaves your checking account.`)
    .end()
}

export function calendar (chance: Chance): Trajectory {
  const event = `evt_${chance.digits(6)}`
  const people = [`${chance.pick(['jo', 'sam', 'kit'])}@acme.test`, `${chance.pick(['lee', 'ana', 'raj'])}@acme.test`]
  const minutes = chance.pick([30, 45, 60])
  const tools = [
    tool('list_events', 'Events of a day.', { date: string('Day', { format: 'date' }), 'calendar_id?': string('Calendar', { default: 'primary' }) }),
    tool('create_event', 'Makes an event.', {
      title: string('Title'), start: string('Local time', { format: 'date-time' }), duration_minutes: integer('Length'), attendees: list(string('Address', { format: 'email' }), 'Who'),
      'reminders?': list(record({ method: string('How', { enum: ['popup', 'email'] }), minutes_before: integer('When') }, 'One reminder'), 'Reminders')
    }),
    tool('move_event', 'Moves an event.', { event_id: string('Event'), start: string('Local time'), notify: boolean('Tell attendees') })
  ]
  return dialogue('You keep the calendar of one person. Today is Wednesday 2025-09-03. Working hours are 9 to 17.', tools)
    .user(`Set up a ${minutes} minute design review tomorrow at 10 with ${people[0]} and ${people[1]}.`)
    .call('list_events', { date: '2025-09-04', calendar_id: 'primary' }, [{ event_id: event, title: 'Dentist', start: '2025-09-04T10:00' }])
    .say('You have the dentist at 10 tomorrow. Shall I take 14:00, or move the dentist?')
    .user('Move the dentist to 4 pm, keep 10 for the review. Remind everyone by mail.')
    .call('move_event', { event_id: event, start: '2025-09-04T16:00', notify: false }, { event_id: event, start: '2025-09-04T16:00', status: 'moved' })
    .call('create_event', {
      title: 'Design review', start: '2025-09-04T10:00', duration_minutes: minutes, attendees: people, reminders: [{ method: 'email', minutes_before: 10 }]
    }, { event_id: `evt_${chance.digits(7)}`, status: 'created' })
    .say('Both are in: dentist at 16:00, review at 10:00 with a reminder by e-mail.')
    .user('Great. Anything on Friday?')
    .call('list_events', { date: '2025-09-05' }, [])
    .say('Friday is free.')
    .end()
}

export function kitchen (chance: Chance): Trajectory {
  const servings = chance.integer(3, 12)
  const recipe = chance.integer(11, 99)
  const grams = chance.integer(2, 6) * 50
  const tools = [
    tool('search_recipes', 'Finds recipes.', { query: string('Words'), 'diet?': list({ type: 'string', enum: ['vegan', 'vegetarian', 'gluten_free'] }, 'Diets'), 'limit?': integer('Most results', { default: 5 }) }),
    tool('get_recipe', 'Reads a recipe.', { recipe_id: integer('Recipe') }),
    tool('scale_recipe', 'Scales amounts.', { recipe_id: integer('Recipe'), factor: number('Factor') }),
    tool('add_to_list', 'Adds to the shopping list.', { items: list(record({ name: string('What'), quantity: number('How much'), unit: string('Unit', { enum: ['g', 'ml', 'piece'] }) }, 'Item'), 'Items') })
  ]
  return dialogue('You are a kitchen helper. Amounts of a recipe are for two people unless it says otherwise.', tools)
    .user(`I have ${servings} people over and one of them is vegan. Something with lentils?`)
    .call('search_recipes', { query: 'lentil dinner', diet: ['vegan'], limit: 15 }, { recipes: [{ recipe_id: recipe, title: 'Red lentil dal' }, { recipe_id: recipe + 100, title: 'Lentil loaf' }] })
    .say('There is a red lentil dal and a lentil loaf, both vegan.')
    .user('Dal. Tell me what I need to buy.')
    .call('get_recipe', { recipe_id: recipe }, { recipe_id: recipe, serves: 2, ingredients: [{ name: 'red lentils', grams }, { name: 'onion', pieces: 1 }] })
    .call('scale_recipe', { recipe_id: recipe, factor: servings / 2 }, { lentils_g: grams * servings / 2, onions: Math.ceil(servings / 2) })
    .say('Shall I put that on your list?')
    .user('please')
    .call('add_to_list', { items: [{ name: 'red lentils', quantity: grams * servings / 2, unit: 'g' }, { name: 'onion', quantity: Math.ceil(servings / 2), unit: 'piece' }] }, { added: 2 })
    .say('Both are on the list. Onions keep best in the dark.')
    .end()
}

export function smartHome (chance: Chance): Trajectory {
  const device = `th-${chance.digits(4)}-${chance.pick(['hall', 'attic'])}`
  const target = chance.integer(17, 23)
  const tools = [
    tool('list_devices', 'Devices of a room.', { 'room?': string('Room'), 'kind?': string('Kind', { enum: ['thermostat', 'light', 'lock'] }) }),
    tool('set_thermostat', 'Sets a thermostat.', {
      device_id: string('Device'), mode: string('Mode', { enum: ['heat', 'cool', 'off'] }),
      settings: record({ target_celsius: number('Degrees', { minimum: 5, maximum: 30 }), 'hold_until?': string('HH:MM', { format: 'time' }) }, 'Settings')
    }),
    tool('read_sensor', 'Reads a sensor.', { device_id: string('Device'), sensor: string('Sensor', { enum: ['temperature', 'humidity'] }) })
  ]
  return dialogue('You run the devices of a flat. The boiler is off between 23:00 and 05:00; thermostats accept 5 to 30 degrees.', tools)
    .user('It is freezing in here')
    .say('Which room are you in?')
    .user('hallway')
    .call('list_devices', { room: 'hallway', kind: 'thermostat' }, { devices: [{ device_id: device, room: 'hallway', kind: 'thermostat', online: false }] })
    .call('read_sensor', { device_id: device, sensor: 'temperature' }, 'device offline: timeout after 5 s')
    .call('read_sensor', { device_id: device, sensor: 'temperature' }, { temperature: 14.5, unit: 'C' }, 'It did not answer; I try once more.')
    .say('It is 14.5 degrees there. How warm would you like it, and until when?')
    .user(`${target} until half past ten tonight, 10:30 pm`)
    .call('set_thermostat', { device_id: device, mode: 'heat', settings: { target_celsius: target, hold_until: '22:30' } }, { ok: true, device_id: device, target })
    .say(`The hallway is heating to ${target} degrees until 22:30.`)
    .end()
}
