type Json = unknown;
type JsonObject = Record<string, Json>;

const CHOICES = ['anyOf', 'oneOf'] as const;

/**
 * Rewrites the schemas of an OpenAPI document for generators of clients, without changing what they allow. An object
 * with a choice between required properties becomes a choice between objects, since a branch of nothing but `required`
 * has no type; and a default is put in words, since generators take a property with a default for one that is always
 * there.
 *
 * @param schema any part of the document below a schema; not changed
 */
export function spellOutSchemas(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(spellOutSchemas);
  if (!isObject(schema)) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, spellOutSchemas(value)]));
  return spellOutChoice(tellDefault(inner));
}

function spellOutChoice(schema: JsonObject): JsonObject {
  const key = CHOICES.find((name) => isChoiceOfKeys(schema[name]));
  if (key === undefined || !isObject(schema.properties)) return schema;
  const { [key]: choice, properties, required = [], description, ...shared } = schema;
  const branches = choice as { required: string[] }[];
  const ofChoice = branches.flatMap((branch) => branch.required);
  const branchOf = ({ required: chosen }: { required: string[] }) => {
    const left = key === 'oneOf' ? ofChoice.filter((name) => !chosen.includes(name)) : [];
    return {
      ...shared,
      required: [...new Set([...(required as string[]), ...chosen])],
      properties: Object.fromEntries(Object.entries(properties as JsonObject).filter(([name]) => !left.includes(name))),
    };
  };
  return { ...(description !== undefined && { description }), [key]: branches.map(branchOf) };
}

function tellDefault(schema: JsonObject): JsonObject {
  if (!('default' in schema) || !('type' in schema || 'enum' in schema)) return schema;
  const { default: value, description, ...rest } = schema;
  return { ...rest, description: [description, `Default: ${JSON.stringify(value)}.`].filter(Boolean).join(' ') };
}

function isChoiceOfKeys(value: Json): boolean {
  return Array.isArray(value) && value.every((branch) => Object.keys(branch as object).join() === 'required');
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
