import { addressOf, isBinary, type OutputFormat, type OutputOption } from './output-format.ts';
import { OUTPUT_FORMATS } from './output-formats.ts';
import type { SetFormat } from './sets/set-format.ts';
import { SET_FORMATS } from './sets/set-formats.ts';

/** Generates docs/outputs.md: every output format with its address, its needs and its options. */
export function describeFormats(): string {
  return `# Output formats

Generated from \`src/outputs/\` by \`npm run docs\`; edit the files of the formats.

The segments of a job are to be had in each of these formats: over HTTP at
\`GET /api/v1/projects/{project}/kontur/segment/{jobId}/\` and the address below, on the command line with
\`kontur segment photo.jpg --format NAME\`, and from the library with \`segmenter.format(result, NAME)\`. Coordinates are pixels of the
upright photo unless it says otherwise. A format of one segment writes the best, or the one that is asked for (\`?segment=1\`,
\`--segment 1\`, \`{ segment: 1 }\`). Options have the same names everywhere (\`?encoding=rle\`, \`--encoding rle\`,
\`{ options: { encoding: 'rle' } }\`).

| name | address | media type | what it is |
|---|---|---|---|
${OUTPUT_FORMATS.map(toRow).join('\n')}

${OUTPUT_FORMATS.map(toSection).join('\n\n')}

# Whole sets

The annotations of many photos are to be had at once: over HTTP at
\`GET /api/v1/projects/{project}/kontur/export?format=NAME\`, on the command line with \`kontur export --format NAME\`. Only photos
that the caller may read are in a set; \`dataSetId\`, \`label\` and \`status\` choose among their annotations, and \`images=true\`
adds the photos. Formats but CSV hold the objects of photos (\`images.ObjectDetection\`) alone.
\`kontur import --annotations\` reads COCO, YOLO and LabelMe.

| name | without photos | what it is |
|---|---|---|
${SET_FORMATS.map(toSetRow).join('\n')}

${SET_FORMATS.map(({ name, description }) => `## ${name} of a set\n\n${description}`).join('\n\n')}
`;
}

const toSetRow = ({ name, single, is }: SetFormat): string =>
  `| [\`${name}\`](#${name}-of-a-set) | \`${single?.mediaType ?? 'application/zip'}\` | ${is} |`;

const toRow = (format: OutputFormat): string =>
  `| [\`${format.name}\`](#${format.name}) | \`${addressOf(format)}\` | \`${format.mediaType}\` | ${format.is} |`;

function toSection(format: OutputFormat): string {
  const { name, description, options, aliases = {}, writesAll } = format;
  const lines = [
    `## ${name}`,
    '',
    description,
    '',
    `- writes ${writesAll ? 'all segments' : 'one segment'}`,
    `- needs ${describeNeeds(format)}`,
    ...Object.entries(options).map(([option, schema]) => `- option \`${option}\`: ${describeOption(schema)}`),
    ...Object.entries(aliases).map(
      ([alias, values]) => `- \`${alias}\` is another name for it${describeValues(values)}`,
    ),
  ];
  return lines.join('\n');
}

function describeNeeds(format: OutputFormat): string {
  if (format.needs.includes('photo')) return 'the pixels of the photo, which must still be there';
  if (format.needs.includes('name')) return 'the name of the photo, which must still be there';
  return isBinary(format) ? 'rings alone, and a PNG encoder' : 'rings alone';
}

function describeOption(option: OutputOption): string {
  const values =
    'enum' in option
      ? option.enum.map((choice) => `\`${choice}\``).join(', ')
      : 'minimum' in option
        ? `${option.minimum} to ${option.maximum}`
        : `a text of at most ${option.maxLength} characters`;
  return `${option.description} ${values}; default \`${option.default}\``;
}

function describeValues(values: object): string {
  const given = Object.entries(values).map(([option, value]) => `\`${option}\` \`${value}\``);
  return given.length === 0 ? '' : `, with ${given.join(', ')}`;
}
