import type { FormatName } from '../../formats/index.js'

/** What a recipe is written for. */
export interface RecipeInput {
  /** Names of the parts that have rows. */
  readonly parts: readonly string[]
  /** Greatest length of a row in tokens, think blocks in every turn counted: a trainer cuts what is longer and says nothing. */
  readonly longest: number
}

/** Length that the paper trains with (appendix B); a set with longer rows needs more. */
const PAPER_LENGTH = 32_768

/** Why the template of a trainer gives other text than the one that tokens were counted in. */
const THINKING = `Qwen3 is a reasoning model and this data holds no reasoning. With \`enable_thinking: false\` the trainer puts an empty think
block before every assistant turn and computes no loss on it, as the model sees it when it is asked with thinking off. With \`true\`,
the default, it learns to write empty blocks. \`template: qwen3_nothink\` writes none.`

/**
 * How a set is trained on, as Markdown: the settings of the paper (GEM table 3 and section 4.1: full parameters, learning rate
 * 5e-6, warm-up 0.1, cosine, 2 epochs, weight decay 0.05, ZeRO-3, 32K, batch 64, BF16) in the words of the trainer.
 */
export function recipeOf (format: FormatName, input: RecipeInput): string {
  return RECIPES[format]({ ...input, longest: Math.max(PAPER_LENGTH, input.longest) })
}

type Recipe = (input: RecipeInput) => string

const llamaFactory: Recipe = ({ parts, longest }) => `\`llamafactory-cli train train.yaml\`, in this folder; 8 GPUs:

\`\`\`yaml
model_name_or_path: Qwen/Qwen3-8B
stage: sft
do_train: true
finetuning_type: full
deepspeed: examples/deepspeed/ds_z3_config.json
dataset_dir: .
dataset: gemline_train
${parts.includes('valid') ? 'eval_dataset: gemline_valid\n' : ''}template: qwen3
enable_thinking: false
cutoff_len: ${longest}
learning_rate: 5.0e-6
lr_scheduler_type: cosine
warmup_ratio: 0.1
weight_decay: 0.05
num_train_epochs: 2
per_device_train_batch_size: 1
gradient_accumulation_steps: 8
bf16: true
output_dir: out
\`\`\`

${THINKING}`

const RECIPES: Readonly<Record<FormatName, Recipe>> = {
  sharegpt: input => `${llamaFactory(input)}

Text beside a call stands before the JSON, in call tags. A LLaMA-Factory that knows no \`tool_call_words\` ends with an error there,
and loses nothing in silence; export \`--format hermes\` for it.`,
  hermes: input => `All is text, so every trainer of messages reads it; give it no column of tools. With LLaMA-Factory:

${llamaFactory(input)}`,
  openai: () => `For servers and services that take OpenAI's messages and tools. LLaMA-Factory's \`formatting: openai\` is no way to train on it: it
puts the call in the place of the text beside it. \`datasets\` changes fractions in the tools. Export \`--format sharegpt\` for
LLaMA-Factory, \`--format trl\` for TRL.`,
  trl: ({ parts, longest }) => `\`\`\`python
from datasets import load_dataset
from trl import SFTConfig, SFTTrainer

data = load_dataset(".")
trainer = SFTTrainer(model="Qwen/Qwen3-8B", train_dataset=data["train"],${parts.includes('valid') ? ' eval_dataset=data["valid"],' : ''} args=SFTConfig(
    output_dir="out", max_length=${longest}, assistant_only_loss=True, learning_rate=5e-6, lr_scheduler_type="cosine", warmup_ratio=0.1,
    weight_decay=0.05, num_train_epochs=2, per_device_train_batch_size=1, gradient_accumulation_steps=8, bf16=True, deepspeed="zero3.json"))
trainer.train()
\`\`\`

Arguments and tools are JSON strings, which Qwen's template and TRL take as they are. As objects \`datasets\` would give each row the
keys of all others, or turn 0.3 into 0.30000000000000004.

\`assistant_only_loss\` needs a chat template that marks what the assistant generates; without it TRL computes the loss on every token.`,
  'ms-swift': ({ parts, longest }) => `\`\`\`sh
swift sft --model Qwen/Qwen3-8B --train_type full --dataset train.jsonl ${parts.includes('valid') ? '--val_dataset valid.jsonl' : '--split_dataset_ratio 0'} \\
  --agent_template hermes --deepspeed zero3 --torch_dtype bfloat16 --max_length ${longest} \\
  --learning_rate 5e-6 --lr_scheduler_type cosine --warmup_ratio 0.1 --weight_decay 0.05 --num_train_epochs 2 \\
  --per_device_train_batch_size 1 --gradient_accumulation_steps 8 --output_dir out
\`\`\`

The assistant's text ends with a line end where calls follow: ms-swift joins both and puts nothing between. That is right for its
own templates (\`--template_backend swift\`, the default); with \`jinja\` the model sees one line end too many.`,
  verl: ({ parts, longest }) => `\`\`\`sh
torchrun --nproc_per_node=8 -m verl.trainer.sft_trainer data.train_files=train.parquet${parts.includes('valid') ? ' data.val_files=valid.parquet' : ''} \\
  data.messages_key=messages data.max_length=${longest} data.truncation=error data.ignore_input_ids_mismatch=true \\
  data.train_batch_size=64 optim.lr=5e-6 optim.lr_warmup_steps_ratio=0.1 optim.weight_decay=0.05 trainer.total_epochs=2 \\
  model.path=Qwen/Qwen3-8B
\`\`\`

\`max_length\` is 1024 by default. \`ignore_input_ids_mismatch\` must be set: verl renders message by message and then all together, and
Qwen3's template adds an empty think block to the last turn in the second way alone. Nothing else differs.`
}
