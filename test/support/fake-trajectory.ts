import type { ToolDefinition } from '../../lib/schema/tool-definition.js'
import type { Trajectory } from '../../lib/schema/trajectory.js'

/** A door that can be looked at and opened. */
export const DOOR_TOOLS: readonly [ToolDefinition, ToolDefinition] = [
  tool('get_door', 'Looks a door up.', { door_id: { type: 'string', description: 'Id of the door.' } }),
  tool('open_door', 'Opens a door.', {
    door_id: { type: 'string', description: 'Id of the door.' }, seconds: { type: 'integer', description: 'How long, in seconds.' }
  })
]

/** The tools as the wire has them. */
export const DOOR_TOOLS_WIRE = JSON.stringify(DOOR_TOOLS.map(({ name, description, parameters }) => ({ name, description, inputSchema: parameters })))

/** A dialogue about that door, as a model writes it. */
export const DOOR_DIALOGUE = `<system>Doors stay open for 30 seconds at most.</system>
<user>Open door D-1 please.</user>
<assistant>I look at it first. <func>{"name": "get_door", "arguments": {"door_id": "D-1"}}</func></assistant>
<tool>{"door_id": "D-1", "state": "closed"}</tool>
<assistant>For how long?</assistant>
<user>20 seconds.</user>
<assistant><func>{"name": "open_door", "arguments": {"door_id": "D-1", "seconds": 20}}</func></assistant>
<tool>{"door_id": "D-1", "state": "open"}</tool>
<assistant>It is open.</assistant>`

/** What `DOOR_DIALOGUE` says. */
export const DOOR_TRAJECTORY: Trajectory = {
  tools: [...DOOR_TOOLS],
  messages: [
    { role: 'system', content: 'Doors stay open for 30 seconds at most.' },
    { role: 'user', content: 'Open door D-1 please.' },
    { role: 'assistant', content: 'I look at it first.', toolCalls: [{ id: 'call_0', name: 'get_door', arguments: { door_id: 'D-1' } }] },
    { role: 'tool', toolCallId: 'call_0', content: '{"door_id": "D-1", "state": "closed"}' },
    { role: 'assistant', content: 'For how long?', toolCalls: [] },
    { role: 'user', content: '20 seconds.' },
    { role: 'assistant', content: '', toolCalls: [{ id: 'call_1', name: 'open_door', arguments: { door_id: 'D-1', seconds: 20 } }] },
    { role: 'tool', toolCallId: 'call_1', content: '{"door_id": "D-1", "state": "open"}' },
    { role: 'assistant', content: 'It is open.', toolCalls: [] }
  ]
}

function tool (name: string, description: string, properties: Record<string, object>): ToolDefinition {
  return { name, description, parameters: { type: 'object', properties, required: ['door_id'] } }
}
