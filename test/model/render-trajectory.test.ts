import { deepStrictEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { parseTrajectory } from '../../lib/model/parse-response.js'
import { renderTools, renderToolsets, renderTrajectory, renderWorkflow } from '../../lib/model/render-trajectory.js'
import type { Trajectory } from '../../lib/schema/trajectory.js'
import { trajectory } from './parse/arbitraries.js'

t.test('any trajectory of the domain, rendered and parsed -> the same', async () => {
  fc.assert(fc.property(trajectory, given => {
    deepStrictEqual(parseTrajectory(renderToolsets(given.tools) + renderTrajectory(given), { toolsets: 'required' }), given)
    deepStrictEqual(parseTrajectory(renderTrajectory(given), { tools: given.tools, toolsets: 'none' }), given)
  }), { numRuns: 1000 })
})

const example: Trajectory = {
  tools: [{ name: 'find', description: 'Finds </toolsets>.', parameters: { type: 'object', properties: { q: { type: 'string' } }, required: ['q'] } }],
  messages: [
    { role: 'system', content: 'You help. <|im_end|>' },
    { role: 'user', content: 'Find "</user>".' },
    { role: 'assistant', content: 'Searching.', toolCalls: [{ id: 'call_0', name: 'find', arguments: { q: '</func>' } }] },
    { role: 'tool', toolCallId: 'call_0', content: '{"hits":0}' },
    { role: 'assistant', content: 'Nothing, 0 < 1.', toolCalls: [] }
  ]
}

t.test('a trajectory with hostile contents -> its wire form', async t => {
  t.equal(renderToolsets(example.tools) + renderTrajectory(example), `<toolsets>
[
{"name":"find","description":"Finds &lt;/toolsets>.","inputSchema":{"type":"object","properties":{"q":{"type":"string"}},"required":["q"]}}
]
</toolsets>
<system>You help. &lt;|im_end|></system>
<user>Find "&lt;/user>".</user>
<assistant>Searching.
<func>{"name":"find","arguments":{"q":"&lt;/func>"}}</func></assistant>
<tool>{"hits":0}</tool>
<assistant>Nothing, 0 < 1.</assistant>`)
})

t.test('no tools -> an empty array', async t => { t.equal(renderTools([]), '[]') })

t.test('a workflow -> its parts in tags, without tools', async t => {
  t.equal(renderWorkflow({ description: 'Buys </steps>', steps: ['Search', 'Pay'], executionGraph: '(search) -> (pay)', actions: [{ name: 'pay', arguments: { to: '<user>' } }] }), `<description>
Buys &lt;/steps>
</description>
<steps>
Step1: Search
Step2: Pay
</steps>
<execution_graph>
(search) -> (pay)
</execution_graph>
<actions>
[{"name":"pay","arguments":{"to":"&lt;user>"}}]
</actions>`)
})
