import t from 'tap'
import { readLabels, DOMAINS } from '../lib/schema/labels.js'
t.test('Title Case -> label', async t => { t.same(readLabels('Shopping, Home & Garden, Foo', DOMAINS), { known: ['shopping', 'home_and_garden'], unknown: ['Foo'] }) })
