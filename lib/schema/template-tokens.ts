/**
 * What Qwen3's tokenizer takes as one token whatever stands around it, in order of their ids from 151643. Its chat template
 * is made of them: text that holds one is read as a turn, a call or reasoning, not as text. Source: `tokenizer.json` of Qwen3.
 */
export const QWEN3_TOKENS = [
  '<|endoftext|>', '<|im_start|>', '<|im_end|>', '<|object_ref_start|>', '<|object_ref_end|>', '<|box_start|>', '<|box_end|>',
  '<|quad_start|>', '<|quad_end|>', '<|vision_start|>', '<|vision_end|>', '<|vision_pad|>', '<|image_pad|>', '<|video_pad|>',
  '<tool_call>', '</tool_call>', '<|fim_prefix|>', '<|fim_middle|>', '<|fim_suffix|>', '<|fim_pad|>', '<|repo_name|>',
  '<|file_sep|>', '<tool_response>', '</tool_response>', '<think>', '</think>'
] as const

const TOKEN = new RegExp(QWEN3_TOKENS.map(token => token.replaceAll('|', '\\|')).join('|'))

/** The first token of Qwen3's chat template that a text holds; undefined where it is plain text. Linear. */
export function findTemplateToken (text: string): string | undefined {
  return TOKEN.exec(text)?.[0]
}
